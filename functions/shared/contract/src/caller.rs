//! Who is asking, by the authorizer's context, and what each caller may do. A request without that context is from nobody.

use domain::identity::OrderId;
use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt};
use serde_json::Value;

use crate::problem::{Code, Problem};
use crate::token::Scope;

/// Who is asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A shop, with these scopes.
    Shop(Vec<String>),
    /// The customer of this order.
    Customer(OrderId),
    /// Nobody we know, and why.
    Nobody(String),
    /// Not known now: the authorizer could not read its keys.
    Unknown,
}

impl Caller {
    /// Who sent this request, by the authorizer's context.
    #[must_use]
    pub fn from_request(request: &Request) -> Self {
        let context = request.request_context_ref();
        let Some(RequestContext::ApiGatewayV2(context)) = context else {
            return Self::Nobody("no authorizer has seen the request".to_owned());
        };
        let fields = context.authorizer.as_ref().map(|authorizer| &authorizer.fields);
        let text = |name: &str| {
            fields.and_then(|fields| fields.get(name)).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        match text("caller").as_str() {
            "shop" => Self::Shop(text("scopes").split_whitespace().map(str::to_owned).collect()),
            "customer" => OrderId::parse(&text("order")).map_or_else(Self::Nobody, Self::Customer),
            "unknown" => Self::Unknown,
            _ => Self::Nobody(
                Some(text("why")).filter(|why| !why.is_empty()).unwrap_or_else(|| "send a token".to_owned()),
            ),
        }
    }

    /// Allows a shop with this scope.
    ///
    /// # Errors
    /// 401 or 403; 503 where it can't be told.
    pub fn must_have(&self, scope: Scope) -> Result<(), Problem> {
        match self {
            Self::Shop(scopes) if scopes.iter().any(|it| it == scope.word()) => Ok(()),
            Self::Nobody(why) => Err(Problem::new(Code::Unauthenticated, why)),
            Self::Unknown => Err(Problem::new(Code::TryAgain, "the token can't be checked now; repeat the request")),
            _ => {
                Err(Problem::new(Code::Forbidden, format!("this takes a shop's token with the scope {}", scope.word())))
            }
        }
    }

    /// Allows a shop, whatever its scopes.
    ///
    /// # Errors
    /// 401 or 403; 503 where it can't be told.
    pub fn must_be_shop(&self) -> Result<(), Problem> {
        match self {
            Self::Shop(_) => Ok(()),
            Self::Customer(_) => Err(Problem::new(Code::Forbidden, "this takes a shop's token")),
            Self::Nobody(_) | Self::Unknown => self.must_have(Scope::Policy),
        }
    }

    /// Allows a shop with the scope `orders`, and the customer of this order.
    ///
    /// # Errors
    /// 401 or 403; 503 where it can't be told.
    pub fn must_have_order(&self, order: &OrderId) -> Result<(), Problem> {
        match self {
            Self::Customer(own) if own == order => Ok(()),
            Self::Customer(_) => Err(Problem::new(Code::Forbidden, "this token is for another order")),
            _ => self.must_have(Scope::Orders),
        }
    }

    /// Whether a shop is asking.
    #[must_use]
    pub fn is_shop(&self) -> bool {
        matches!(self, Self::Shop(_))
    }
}

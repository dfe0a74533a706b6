//! The caller of a request, from the authorizer's context, and what each caller may do.
//!
//! A refusal is 401 for an unauthenticated caller, 403 for a missing permission, and 503 if the authorizer had no keys.

use domain::identity::OrderId;
use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt};
use serde_json::Value;

use crate::problem::{Code, Problem};
use crate::token::Scope;

/// The sender of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// The shop, with these scopes.
    Shop(Vec<String>),
    /// The customer of this order.
    Customer(OrderId),
    /// An unauthenticated caller, and the reason.
    Nobody(String),
    /// An unknown caller: the authorizer could not read its keys.
    Unknown,
}

impl Caller {
    /// The sender of this request. Without the authorizer's context the sender is unauthenticated.
    pub fn from_request(request: &Request) -> Self {
        let context = request.request_context_ref();
        let Some(RequestContext::ApiGatewayV2(context)) = context else {
            return Self::Nobody("no authorizer has seen the request".to_owned());
        };
        let fields = context.authorizer.as_ref().map(|authorizer| &authorizer.fields);
        let text = |name: &str| fields.and_then(|fields| fields.get(name)).and_then(Value::as_str).unwrap_or_default();
        match text("caller") {
            "shop" => Self::Shop(text("scopes").split_whitespace().map(str::to_owned).collect()),
            "customer" => OrderId::parse(text("order")).map_or_else(Self::Nobody, Self::Customer),
            "unknown" => Self::Unknown,
            _ => Self::Nobody(Some(text("why")).filter(|why| !why.is_empty()).unwrap_or("send a token").to_owned()),
        }
    }

    /// Allows a shop's token with this scope.
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

    /// Allows any shop's token.
    pub fn must_be_shop(&self) -> Result<(), Problem> {
        match self {
            Self::Shop(_) => Ok(()),
            Self::Customer(_) => Err(Problem::new(Code::Forbidden, "this takes a shop's token")),
            Self::Nobody(_) | Self::Unknown => self.must_have(Scope::Policy),
        }
    }

    /// Allows a shop's token with the scope `orders`, and the customer of this order.
    pub fn must_have_order(&self, order: &OrderId) -> Result<(), Problem> {
        match self {
            Self::Customer(own) if own == order => Ok(()),
            Self::Customer(_) => Err(Problem::new(Code::Forbidden, "this token is for another order")),
            _ => self.must_have(Scope::Orders),
        }
    }

    /// Whether the shop sent the request.
    pub fn is_shop(&self) -> bool {
        matches!(self, Self::Shop(_))
    }
}

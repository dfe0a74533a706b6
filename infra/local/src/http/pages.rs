//! The two pages of the local stack: the shop for its staff, and an order for its customer. Both use the HTTP contract. Only the
//! list of products comes from the table, because the contract has none.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use contract::Code;
use jiff::Timestamp;
use send_email::money::money;
use serde_json::Value;

use super::front::HttpState;
use super::problem::Problem;
use super::staff::{StaffTask, order_page, tasks};
use crate::state::{Mail, Message, Payment};

/// The table's index `todo` lists every product under `PRODUCT#0`, `PRODUCT#1` and so on.
const PRODUCT_SHARDS: u32 = 8;
/// The most entries of each list on the page.
const MAX_SHOWN: usize = 50;

const ORDER_PAGE: &str = include_str!("../../templates/order.html");

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    shop_name: String,
    now: String,
    offset_days: i64,
    products: Vec<Product>,
    parcels: Vec<Parcel>,
    mails: Vec<Mail>,
    tasks: Vec<StaffTask>,
    payments: Vec<Paid>,
    letters: Vec<Message>,
}

/// A product with its backlog.
struct Product {
    sku: String,
    status: String,
    for_sale: i64,
    orders_waiting: i64,
    units_waiting: i64,
    stock: Vec<Warehouse>,
    waiting: Vec<Ticket>,
}

struct Warehouse {
    name: String,
    unassigned: i64,
    assigned: i64,
    shipped: i64,
}

struct Ticket {
    number: i64,
    order_id: String,
    link: String,
    quantity: i64,
    assigned: i64,
    placed_at: String,
}

struct Parcel {
    order_id: String,
    link: String,
    warehouse: String,
    /// The goods: `2 × led, 1 × lamp`.
    goods: String,
    /// The recipient's name and country.
    to: String,
    ship_by: String,
}

/// A payment, with amounts for people to read.
struct Paid {
    id: String,
    status: String,
    amount: String,
    captured: String,
    refunded: String,
}

impl From<Payment> for Paid {
    fn from(payment: Payment) -> Self {
        let Payment { id, amount, currency, status, captured, refunded, .. } = payment;
        let [amount, captured, refunded] = [amount, captured, refunded].map(|minor| money(minor, &currency));
        Self { id, status: status.replace('_', " "), amount, captured, refunded }
    }
}

/// `GET /`.
pub(super) async fn home(State(shop): State<Arc<HttpState>>) -> Response {
    match page(&shop).await.and_then(|page| page.render().map_err(|error| error.to_string())) {
        Ok(html) => html_page(html),
        Err(error) => {
            tracing::error!(error, "the page cannot be shown");
            Problem::new(Code::Broken, error).into_response()
        }
    }
}

/// `GET /order`: the page behind `status_url`.
pub(super) async fn order() -> Response {
    html_page(ORDER_PAGE.to_owned())
}

fn html_page(html: String) -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; \
                  img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    let headers = [
        ("content-type", "text/html; charset=utf-8"),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", policy),
    ];
    (headers, html).into_response()
}

async fn page(shop: &Arc<HttpState>) -> Result<Home, String> {
    let backend = &shop.backend;
    let text = |error: rusqlite::Error| error.to_string();
    let mut letters = Vec::new();
    for queue in backend.template.dead_letter_queues() {
        letters.extend(backend.state.messages(&queue.name).map_err(text)?);
    }
    let mut products = Vec::new();
    for sku in skus(shop).await? {
        products.push(product(shop, &sku).await);
    }
    let policy = shop.ask("stock", "/policy", "").await;
    Ok(Home {
        shop_name: text_of(&policy, "/policy/shop_name"),
        now: backend.clock.now().strftime("%Y-%m-%d %H:%M UTC").to_string(),
        offset_days: backend.clock.offset().as_hours() / 24,
        products,
        parcels: parcels(shop).await,
        mails: newest(backend.state.mails(None).map_err(text)?),
        tasks: tasks(shop, MAX_SHOWN).await,
        payments: newest(backend.state.payments().map_err(text)?).into_iter().map(Paid::from).collect(),
        letters: newest(letters),
    })
}

fn newest<T>(all: Vec<T>) -> Vec<T> {
    all.into_iter().rev().take(MAX_SHOWN).collect()
}

async fn skus(shop: &Arc<HttpState>) -> Result<Vec<String>, String> {
    let backend = Arc::clone(&shop.backend);
    let listed = tokio::task::spawn_blocking(move || {
        let mut skus = Vec::new();
        if !backend.template.table.indexes.iter().any(|index| index.name == "todo") {
            return Ok(skus);
        }
        for shard in 0..PRODUCT_SHARDS {
            for item in backend.table.indexed("todo", "todo", &format!("PRODUCT#{shard}"), MAX_SHOWN)? {
                let key = item.pointer("/pk/S").and_then(Value::as_str).unwrap_or_default();
                skus.extend(key.strip_prefix("SKU#").map(str::to_owned));
            }
        }
        skus.sort();
        skus.truncate(MAX_SHOWN);
        Ok(skus)
    });
    listed.await.unwrap_or_else(|error| Err(error.to_string()))
}

async fn product(shop: &Arc<HttpState>, sku: &str) -> Product {
    let path = percent_encoding::utf8_percent_encode(sku, percent_encoding::NON_ALPHANUMERIC).to_string();
    let availability = shop.ask("stock", &format!("/products/{path}/availability"), "").await;
    let line = shop.ask("stock", &format!("/products/{path}/line"), &format!("limit={MAX_SHOWN}")).await;
    let number = |value: &Value, key: &str| value.get(key).and_then(Value::as_i64).unwrap_or_default();
    let stock = line.get("stock").and_then(Value::as_object).into_iter().flatten();
    let mut tickets = Vec::new();
    for waiting in line.get("waiting").and_then(Value::as_array).into_iter().flatten() {
        tickets.push(ticket(shop, waiting).await);
    }
    Product {
        sku: sku.to_owned(),
        status: text_of(&availability, "/status").replace('_', " "),
        for_sale: number(&availability, "available"),
        orders_waiting: number(&availability, "orders_waiting"),
        units_waiting: number(&availability, "units_waiting"),
        stock: stock
            .map(|(name, units)| Warehouse {
                name: name.clone(),
                unassigned: number(units, "unassigned"),
                assigned: number(units, "assigned"),
                shipped: number(units, "shipped"),
            })
            .collect(),
        waiting: tickets,
    }
}

async fn parcels(shop: &HttpState) -> Vec<Parcel> {
    let ready = shop.ask("stock", "/shipments/ready", &format!("limit={MAX_SHOWN}")).await;
    let mut parcels = Vec::new();
    for parcel in ready.get("parcels").and_then(Value::as_array).into_iter().flatten() {
        let lines = parcel.get("lines").and_then(Value::as_array).into_iter().flatten();
        let goods = lines.map(|line| {
            let quantity = line.get("quantity").and_then(Value::as_i64).unwrap_or_default();
            format!("{quantity} × {}", text_of(line, "/sku"))
        });
        let goods = goods.collect::<Vec<_>>().join(", ");
        let order_id = text_of(parcel, "/order_id");
        parcels.push(Parcel {
            link: order_page(shop, &order_id).await,
            order_id,
            warehouse: text_of(parcel, "/warehouse"),
            goods,
            to: format!("{}, {}", text_of(parcel, "/ship_to/name"), text_of(parcel, "/ship_to/country")),
            ship_by: text_of(parcel, "/ship_by"),
        });
    }
    parcels
}

/// A text at a JSON pointer; empty if it is missing.
fn text_of(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

async fn ticket(shop: &HttpState, ticket: &Value) -> Ticket {
    let number = |key: &str| ticket.get(key).and_then(Value::as_i64).unwrap_or_default();
    let order_id = text_of(ticket, "/order_id");
    Ticket {
        number: number("ticket"),
        link: order_page(shop, &order_id).await,
        order_id,
        quantity: number("quantity"),
        assigned: number("assigned"),
        placed_at: text_of(ticket, "/placed_at"),
    }
}

/// A time for people to read: `2026-11-21 22:44:04`.
fn when(time: &str) -> String {
    time.parse::<Timestamp>().map_or_else(|_| time.to_owned(), |time| time.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use askama::Template as _;

    use super::{Home, Paid, Parcel, Product, StaffTask, Ticket, Warehouse};
    use crate::state::{Details, Mail, Message};

    #[test]
    fn whatever_is_in_a_name_stays_text_on_the_page() {
        let evil = || "</pre></script><img src=x onerror=\"alert('x')\">&".to_owned();
        let ticket = Ticket { number: 1, order_id: evil(), link: evil(), quantity: 1, assigned: 0, placed_at: evil() };
        let product = Product {
            sku: evil(),
            status: evil(),
            for_sale: 0,
            orders_waiting: 1,
            units_waiting: 1,
            stock: vec![Warehouse { name: evil(), unassigned: 0, assigned: 0, shipped: 0 }],
            waiting: vec![ticket],
        };
        let mail = Mail {
            to: evil(),
            subject: evil(),
            kind: evil(),
            order_id: evil(),
            text: evil(),
            html: evil(),
            from: evil(),
            sent_at: evil(),
            details: Details { message_id: evil(), outcome: evil(), ..Details::default() },
        };
        let paid = Paid { id: evil(), status: evil(), amount: evil(), captured: evil(), refunded: evil() };
        let task = StaffTask {
            id: evil(),
            kind: evil(),
            order_id: evil(),
            link: evil(),
            opened_at: evil(),
            happened: evil(),
            to_do: evil(),
            from: evil(),
            subject: evil(),
            words: evil(),
            url: evil(),
        };
        let parcel =
            Parcel { order_id: evil(), link: evil(), warehouse: evil(), goods: evil(), to: evil(), ship_by: evil() };
        let home = |products, parcels, mails, tasks, payments| Home {
            shop_name: evil(),
            now: String::new(),
            offset_days: 0,
            products,
            parcels,
            mails,
            tasks,
            payments,
            letters: Vec::<Message>::new(),
        };
        let empty = home(Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new()).render().unwrap();
        let page = home(vec![product], vec![parcel], vec![mail], vec![task], vec![paid]).render().unwrap();
        assert!(page.contains("&#60;img src=x"), "it is shown");
        assert!(!page.contains("<img") && !page.contains("onerror=\""), "it is text");
        assert_eq!(page.matches("</script>").count(), empty.matches("</script>").count());
    }
}

//! Keyed hashes (order numbers, reply addresses, index keys of e-mail addresses) and fingerprints of requests. The key
//! never rotates, because one payment is one order for ever (I6).

use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::names::{PaymentReference, as_text};

/// Crockford's 32 symbols: no I, L, O, U.
const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Symbols of an order id before its check character: 75 bits.
const LENGTH: usize = 15;

/// The prefix of a reply address.
const REPLY: &str = "reply+";

/// The key of order numbers and address hashes.
#[derive(Clone)]
pub struct IdentityKey(Vec<u8>);

impl IdentityKey {
    /// A key of at least 16 bytes.
    pub fn new(secret: impl Into<Vec<u8>>) -> Result<Self, String> {
        let secret = secret.into();
        if secret.len() < 16 {
            return Err("must have at least 16 bytes".to_owned());
        }
        Ok(Self(secret))
    }

    fn digest(&self, purpose: &str, value: &str) -> Vec<u8> {
        match Hmac::<Sha256>::new_from_slice(&self.0) {
            Ok(mac) => mac.chain_update(purpose).chain_update([0]).chain_update(value).finalize().into_bytes().to_vec(),
            // HMAC takes a key of any length, so this never happens.
            Err(_) => Vec::new(),
        }
    }

    /// The number of the one order that this payment can become.
    pub fn order_id(&self, payment: &PaymentReference) -> OrderId {
        let symbols = five_bit_groups(self.digest("order", payment.as_str()));
        let body: Vec<u8> = symbols.take(LENGTH).collect();
        OrderId::from_symbols(&body)
    }

    /// The reply address of an order (R13). Only the customer knows it.
    pub fn reply_address(&self, order: &OrderId, domain: &str) -> String {
        format!("{REPLY}{}{}@{domain}", order.as_str().replace('-', ""), self.reply_signature(order)).to_lowercase()
    }

    /// The order of a reply address. Mailers change the case of addresses, so the case is ignored.
    pub fn order_replied_to(&self, address: &str, domain: &str) -> Option<OrderId> {
        let (local, at) = address.rsplit_once('@')?;
        let token = local.to_lowercase().strip_prefix(REPLY)?.to_uppercase();
        let (number, signature) = token.is_ascii().then(|| token.split_at_checked(LENGTH + 1))??;
        let order = OrderId::parse(number).ok()?;
        (at.eq_ignore_ascii_case(domain) && self.reply_signature(&order) == signature).then_some(order)
    }

    /// A signature of 60 bits. A wrong guess reveals nothing.
    fn reply_signature(&self, order: &OrderId) -> String {
        five_bit_groups(self.digest("reply", order.as_str())).take(12).map(symbol).collect()
    }

    /// A keyed hash of a caller's network address.
    pub fn caller_hash(&self, address: &str) -> String {
        five_bit_groups(self.digest("caller", address)).take(16).map(symbol).collect()
    }

    /// The index key of an e-mail address in any letter case. The key does not reveal the address.
    pub fn email_hash(&self, email: &str) -> String {
        let symbols = five_bit_groups(self.digest("email", &email.to_lowercase()));
        symbols.take(24).map(symbol).collect()
    }
}

fn five_bit_groups(bytes: impl IntoIterator<Item = u8>) -> impl Iterator<Item = u8> {
    bytes.into_iter().map(|byte| byte % 32)
}

fn symbol(value: u8) -> char {
    SYMBOLS.get(usize::from(value % 32)).map_or('0', |byte| char::from(*byte))
}

/// The check character. Each step multiplies by x in GF(2^5), which finds every wrong symbol and swap of neighbors.
fn check(symbols: &[u8]) -> u8 {
    symbols.iter().fold(0, |sum, value| {
        let doubled = (sum ^ value) << 1;
        if doubled & 32 == 0 { doubled } else { (doubled ^ 0b10_0101) & 31 }
    })
}

/// An order's number, for example `7K3M-9Q2X-WT4P-ABCD`: fifteen symbols and a check character.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrderId(String);

impl OrderId {
    fn from_symbols(body: &[u8]) -> Self {
        let all: Vec<char> = body.iter().copied().chain([check(body)]).map(symbol).collect();
        let groups: Vec<String> = all.chunks(4).map(|group| group.iter().collect()).collect();
        Self(groups.join("-"))
    }

    /// Parses a number as people type it: in any case, with or without dashes and spaces, O for 0, I or L for 1. The
    /// check character exposes every wrong character and every swap of two neighbors.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || "is not an order number".to_owned();
        if text.len() > 40 {
            return Err(wrong());
        }
        let mut symbols = Vec::new();
        for c in text.chars().filter(|c| !matches!(c, '-' | ' ')) {
            let c = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let position = SYMBOLS.iter().position(|s| char::from(*s) == c).ok_or_else(wrong)?;
            symbols.push(u8::try_from(position).map_err(|_| wrong())?);
        }
        match symbols.split_last() {
            Some((last, body)) if body.len() == LENGTH && check(body) == *last => Ok(Self::from_symbols(body)),
            _ => Err(wrong()),
        }
    }

    /// The number as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The order's [`shard`].
    pub fn shard(&self, shards: u8) -> u8 {
        shard(&self.0, shards)
    }
}

/// A number from 0 to `shards - 1`, spread evenly over texts and always the same for the same text.
pub fn shard(text: &str, shards: u8) -> u8 {
    Sha256::digest(text).first().map_or(0, |byte| byte % shards.max(1))
}

/// A short hash of a request. Two requests under one id are the same if their hashes are equal.
pub fn fingerprint(request: &impl Serialize) -> String {
    // A request holds strings, numbers and lists of them, so it always has a JSON text.
    let text = serde_json::to_vec(request).unwrap_or_default();
    five_bit_groups(Sha256::digest(text)).take(16).map(symbol).collect()
}

as_text!(OrderId, parse);

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> IdentityKey {
        IdentityKey::new(b"an identity key of a test".to_vec()).unwrap()
    }

    #[test]
    fn one_payment_is_one_order_and_its_number_reads_back() {
        let payment = PaymentReference::new("pi_1").unwrap();
        let id = key().order_id(&payment);
        assert_eq!(id, key().order_id(&payment));
        assert_eq!(id.as_str().len(), 19);
        assert_eq!(OrderId::parse(&id.as_str().to_lowercase().replace('-', " ")), Ok(id));
    }

    #[test]
    fn a_slip_of_one_character_or_a_swap_of_two_is_noticed() {
        let id = key().order_id(&PaymentReference::new("pi_2").unwrap());
        let symbols: Vec<char> = id.as_str().replace('-', "").chars().collect();
        for at in 0..symbols.len() {
            for other in SYMBOLS.iter().map(|s| char::from(*s)).filter(|c| *c != symbols[at]) {
                let mut slip = symbols.clone();
                slip[at] = other;
                assert!(OrderId::parse(&slip.iter().collect::<String>()).is_err());
            }
            if at > 0 && symbols[at] != symbols[at - 1] {
                let mut swapped = symbols.clone();
                swapped.swap(at, at - 1);
                assert!(OrderId::parse(&swapped.iter().collect::<String>()).is_err());
            }
        }
    }

    #[test]
    fn r13_a_reply_address_leads_back_to_its_order_in_any_case_and_to_no_other() {
        let id = key().order_id(&PaymentReference::new("pi_3").unwrap());
        let address = key().reply_address(&id, "reply.shop.example");
        assert!(address.split('@').next().unwrap().len() <= 64, "{address}");
        assert_eq!(key().order_replied_to(&address.to_uppercase(), "reply.shop.example"), Some(id.clone()));
        assert_eq!(key().order_replied_to(&address, "other.example"), None);
        let forged = address.replace("@", "0@");
        assert_eq!(key().order_replied_to(&forged, "reply.shop.example"), None);
        let other = IdentityKey::new(b"another key of a test, as long".to_vec()).unwrap();
        assert_eq!(other.order_replied_to(&address, "reply.shop.example"), None);
        for odd in ["", "@", "reply+@x", "reply+é@reply.shop.example", "ann@reply.shop.example"] {
            assert_eq!(key().order_replied_to(odd, "reply.shop.example"), None, "{odd}");
        }
    }

    #[test]
    fn an_address_is_found_in_any_case() {
        assert_eq!(key().email_hash("Ann@Example.com"), key().email_hash("ann@example.COM"));
    }
}

//! The list prices and the assumed latencies of `infra/prices.toml`, built into the program.

use std::collections::BTreeMap;

use serde::Deserialize;

const PRICES: &str = include_str!("../../../prices.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// The month of the prices.
    pub dated: String,
    price: Vec<Price>,
    assumed_milliseconds: BTreeMap<String, f64>,
}

/// The price of a unit: `usd` US dollars for `per` units.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    pub unit: String,
    usd: f64,
    per: f64,
    pub source: String,
    pub checked: String,
}

impl Price {
    pub fn cost_of(&self, count: f64) -> f64 {
        self.usd * count / self.per
    }

    /// For example `0.50 / million`.
    pub fn words(&self) -> String {
        let per = if self.per >= 1e6 {
            " / million".to_owned()
        } else if self.per > 1.0 {
            format!(" / {}", self.per)
        } else {
            String::new()
        };
        format!("{}{per}", self.usd)
    }
}

impl Prices {
    pub fn read() -> Result<Self, String> {
        toml::from_str(PRICES).map_err(|error| format!("infra/prices.toml: {error}"))
    }

    pub fn all(&self) -> &[Price] {
        &self.price
    }

    /// The price of the unit whose name begins with `unit`.
    pub fn price_of(&self, unit: &str) -> Result<&Price, String> {
        let found = self.price.iter().find(|price| price.unit.starts_with(unit));
        found.ok_or_else(|| format!("infra/prices.toml has no price for {unit}"))
    }

    /// The assumed latency of a call to a service in milliseconds.
    pub fn latency(&self, service: &str) -> Result<f64, String> {
        let found = self.assumed_milliseconds.get(service).copied();
        found.ok_or_else(|| format!("infra/prices.toml has no assumed latency for {service}"))
    }
}

//! The page on the cost of a million orders must agree with the list prices.

use toml::Value;

use crate::file;

/// The cells of the page's rows that begin with this unit.
fn rows(page: &str, unit: &str) -> Vec<Vec<String>> {
    let rows = page.lines().filter(|line| line.starts_with(&format!("| {unit} |")));
    rows.map(|row| row.split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// A count such as `9.05 million`.
fn count(cell: &str) -> f64 {
    match cell.strip_suffix(" million") {
        Some(millions) => millions.parse::<f64>().unwrap() * 1e6,
        None => cell.parse().unwrap(),
    }
}

#[test]
fn the_page_of_costs_is_its_units_times_the_list_prices() {
    let prices: Value = toml::from_str(&file("infra/prices.toml")).unwrap();
    let page = file("infra/cost.md");
    assert!(page.contains(prices["dated"].as_str().unwrap()), "the page and the prices have different dates");
    let mut sums = [0.0, 0.0];
    for price in prices["price"].as_array().unwrap() {
        let (unit, usd) = (price["unit"].as_str().unwrap(), price["usd"].as_float().unwrap());
        let per = price["per"].as_integer().unwrap() as f64;
        let rows = rows(&page, unit);
        assert!(page.contains(price["source"].as_str().unwrap()), "the page names no source for the price of {unit}");
        let Some(cells) = rows.iter().find(|cells| cells.len() == 8) else { continue };
        for (sum, at) in sums.iter_mut().zip([3, 5]) {
            let (units, stated) = (count(&cells[at]), cells[at + 1].parse::<f64>().unwrap());
            // The page rounds units to 10,000 and money to a cent.
            let exact = units * usd / per;
            assert!(
                (exact - stated).abs() <= 5_000.0 * usd / per + 0.0051,
                "{unit}: {exact} is not {stated}; run cargo measure cost"
            );
            *sum += stated;
        }
    }
    assert!(sums[0] > 1.0 && sums[1] > sums[0], "a rush costs less than single orders, but not nothing: {sums:?}");
    let stated: Vec<f64> = page.split("**").filter_map(|bold| bold.parse().ok()).collect();
    assert_eq!(stated.len(), 2);
    for (sum, stated) in sums.iter().zip(stated) {
        assert!((sum - stated).abs() < 0.1, "{sum} is not {stated}");
    }
}

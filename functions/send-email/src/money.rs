//! Formats an amount of money for a mail. This module never adds, converts or rounds amounts.

/// Formats an amount in minor units of the ISO 4217 code `currency`: `19.99 USD`, `1999 JPY`, `1.999 KWD`, `-0.05 EUR`. An
/// unknown code gets two decimals, as most currencies have.
pub fn money(amount: i64, currency: &str) -> String {
    let decimals = decimals(currency);
    let sign = if amount < 0 { "-" } else { "" };
    let units = amount.unsigned_abs();
    let code = currency.to_ascii_uppercase();
    if decimals == 0 {
        return format!("{sign}{units} {code}");
    }
    let whole = 10_u64.pow(decimals);
    let (major, minor) = (units / whole, units % whole);
    let width = usize::try_from(decimals).unwrap_or(2);
    format!("{sign}{major}.{minor:0width$} {code}")
}

/// The number of decimals of a currency by ISO 4217. Some payment providers differ: they count the Icelandic króna and
/// the Ugandan shilling in hundredths.
fn decimals(currency: &str) -> u32 {
    match currency.to_ascii_uppercase().as_str() {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI" | "VND"
        | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        "CLF" | "UYW" => 4,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::money;

    #[test]
    fn each_currency_has_its_own_decimals() {
        assert_eq!(money(1999, "USD"), "19.99 USD");
        assert_eq!(money(1999, "EUR"), "19.99 EUR");
        assert_eq!(money(1999, "JPY"), "1999 JPY");
        assert_eq!(money(1999, "KWD"), "1.999 KWD");
        assert_eq!(money(1999, "BHD"), "1.999 BHD");
        assert_eq!(money(1999, "CLF"), "0.1999 CLF");
    }

    #[test]
    fn small_amounts_keep_their_zeros() {
        assert_eq!(money(0, "USD"), "0.00 USD");
        assert_eq!(money(5, "USD"), "0.05 USD");
        assert_eq!(money(100, "USD"), "1.00 USD");
        assert_eq!(money(7, "BHD"), "0.007 BHD");
        assert_eq!(money(0, "JPY"), "0 JPY");
    }

    #[test]
    fn amounts_below_zero_carry_their_sign_once() {
        assert_eq!(money(-5, "EUR"), "-0.05 EUR");
        assert_eq!(money(-1999, "KRW"), "-1999 KRW");
    }

    #[test]
    fn the_widest_amounts_are_written_without_overflow() {
        assert_eq!(money(i64::MAX, "USD"), "92233720368547758.07 USD");
        assert_eq!(money(i64::MIN, "USD"), "-92233720368547758.08 USD");
    }

    #[test]
    fn a_code_is_written_in_capitals_and_an_unknown_one_with_two_decimals() {
        assert_eq!(money(1999, "jpy"), "1999 JPY");
        assert_eq!(money(1999, "XYZ"), "19.99 XYZ");
    }
}

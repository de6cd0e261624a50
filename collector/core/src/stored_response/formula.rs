//! Texts that a spreadsheet takes for a formula (OWASP, "CSV Injection").
//!
//! An export puts an apostrophe before each. So that an import can take exactly that one off again,
//! a text that has apostrophes before a formula itself gets one more.

/// First letters of a formula, also in their full width.
const FIRST: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
/// Fewest and most characters of a telephone number, with its plus.
const PHONE: std::ops::RangeInclusive<usize> = 8..=25;

/// Whether an export puts an apostrophe before a text.
pub(crate) fn is_guarded(text: &str) -> bool {
    let text = text.trim_start_matches('\'');
    text.starts_with(FIRST) && !is_phone(text)
}

/// Whether a text is a telephone number such as `+49 170 1234567`, which is no formula.
fn is_phone(text: &str) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_digit() || b" ()./-".contains(byte);
    let (first, rest) = text.as_bytes().split_at(text.len().min(2));
    PHONE.contains(&text.len()) && matches!(first, [b'+', b'0'..=b'9' | b'(']) && rest.iter().all(is_part)
}

/// Returns SQL of whether an export puts an apostrophe before the text `c`: [`is_guarded`].
///
/// `GLOB` and `length` end at a NUL, which `octet_length` counts.
pub(super) fn sql() -> String {
    let first: Vec<String> = FIRST.iter().map(|first| u32::from(*first).to_string()).collect();
    format!(
        "(unicode(ltrim(c, '''')) IN ({first}) AND NOT (ltrim(c, '''') GLOB '+[0-9(]*' \
            AND substr(ltrim(c, ''''), 2) NOT GLOB '*[^0-9 ()./-]*' \
            AND length(ltrim(c, '''')) BETWEEN {least} AND {most} \
            AND length(c) = octet_length(c)))",
        first = first.join(", "),
        least = PHONE.start(),
        most = PHONE.end(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_guarded_and_telephone_numbers_are_not() {
        for text in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\tx",
            "\r=1",
            "\n=1",
            "＝1",
            "＋1",
            "－1",
            "＠x",
            "'=1",
            "''=1",
            "+1 from me",
            "+1+1111111",
            "+49 170 1234567\0",
            "+4917012345678901234567890",
        ] {
            assert!(is_guarded(text), "{text:?}");
        }
        for text in [
            "",
            "'",
            "don't",
            "'quoted'",
            "a=1",
            "+49 170 1234567",
            "+1 (555) 010-9999",
            "+(49)1701234",
            "'+49 170 1234567",
            " =1",
        ] {
            assert!(!is_guarded(text), "{text:?}");
        }
    }
}

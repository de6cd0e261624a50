//! The owner's own name for a visitor, as a page or a program of the owner's gives it.
//!
//! Pages fill it in from their own templates, so what arrives for a visitor who is not signed
//! in is often the text that a template makes of nothing. Taken for a name, one such text would be
//! one person: once any guest had responded, no other guest would be asked.
//!
//! The loader makes the same decision before it asks or sends anything.
//! `api/tests/cases/user_placeholders.json` is the table of cases that both are held to.

/// Texts that pages put in place of a user who is not known, in lower case.
const PLACEHOLDERS: [&str; 11] =
    ["undefined", "null", "none", "nan", "[object object]", "true", "false", "anonymous", "guest", "0", "-1"];

/// Whether this names nobody: blank text, or one of the `PLACEHOLDERS` in any case and with any
/// blanks around it.
pub fn is_placeholder(user: &str) -> bool {
    // JavaScript's `trim` takes off the byte order mark as well.
    let user = user.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    user.is_empty() || PLACEHOLDERS.iter().any(|placeholder| placeholder.eq_ignore_ascii_case(user))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Case {
        user: String,
        nobody: bool,
    }

    #[test]
    fn placeholders_match_the_shared_table() {
        let cases: Vec<Case> =
            serde_json::from_str(include_str!("../tests/cases/user_placeholders.json")).unwrap();
        for Case { user, nobody } in &cases {
            assert_eq!(is_placeholder(user), *nobody, "{user:?}");
        }
        for placeholder in PLACEHOLDERS {
            assert!(cases.iter().any(|case| case.user == placeholder), "the table has no {placeholder}");
        }
    }
}

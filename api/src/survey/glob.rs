//! Patterns of paths: on which pages the survey may show.

use crate::limits::{MAX_GLOB, MAX_STARS};
/// A pattern of paths, such as `/shop/**`.
///
/// - `*` stands for any characters of one segment, also none.
/// - `**` stands for any characters at all, also none. A whole segment of it may be missing
///   together with the slash before it: `/shop/**` matches `/shop`, `/shop/` and `/shop/tea/green`,
///   and `/**/tea` matches `/tea`.
/// - Everything else stands for itself, in upper and lower case as written.
///
/// As a regular expression: `/**` before a slash or the end is `(/.*)?`, any other `**` is `.*`,
/// and `*` is `[^/]*`. Neither side matches it as one, since that takes time exponential in the
/// stars. The loader matches by `matchesGlob` in `widget/js/eligibility.js`; both are tested with
/// `tests/cases/globs.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob(String);

#[cfg(test)]
/// A piece of a glob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// This byte.
    Byte(u8),
    /// Any bytes but slashes.
    Star,
    /// Any bytes.
    Stars,
    /// A slash and any bytes, or nothing.
    Below,
}

impl Glob {
    /// Reads a glob, or says what is wrong with it.
    ///
    /// Letters beyond ASCII and spaces are kept as browsers write them in a path, percent-encoded.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        if !text.starts_with('/') {
            return Err(
                "Must begin with a slash, for example /shop/**: it is compared with the path of the page.",
            );
        }
        if text.contains(['?', '#']) {
            return Err("A path has no query and no fragment; leave out ? and # and what follows.");
        }
        if text.contains(|c: char| c.is_control()) {
            return Err("Must be plain text without control characters.");
        }
        if text.replace("**", "*").matches('*').count() > MAX_STARS {
            return Err("Has more than four stars; write another glob for each place instead.");
        }
        let mut encoded = String::with_capacity(text.len());
        for byte in text.bytes() {
            // The path percent-encode set of the URL standard.
            if byte.is_ascii() && !b" \"<>^`{}".contains(&byte) {
                encoded.push(char::from(byte));
            } else {
                encoded.push('%');
                encoded.extend([byte >> 4, byte & 15].map(hex_digit));
            }
        }
        if encoded.len() > MAX_GLOB {
            return Err(
                "Has more than 200 characters, percent-encoded where need be; shorten it, for example \
                 with **.",
            );
        }
        Ok(Self(encoded))
    }

    /// The glob as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
/// The first piece of a glob, and what follows.
fn next(glob: &[u8]) -> Option<(Piece, &[u8])> {
    match glob {
        [] => None,
        [b'/', b'*', b'*'] => Some((Piece::Below, &[])),
        [b'/', b'*', b'*', rest @ ..] if rest.starts_with(b"/") => Some((Piece::Below, rest)),
        [b'*', b'*', rest @ ..] => Some((Piece::Stars, rest)),
        [b'*', rest @ ..] => Some((Piece::Star, rest)),
        [byte, rest @ ..] => Some((Piece::Byte(*byte), rest)),
    }
}

fn hex_digit(value: u8) -> char {
    char::from_digit(u32::from(value), 16).unwrap_or('0').to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    impl Glob {
        /// Whether the path of a page matches. It is the path as the browser has it in
        /// `location.pathname`: it begins with a slash, is percent-encoded and has no query.
        ///
        /// Takes time in the length of the glob times that of the path, whatever they are.
        pub(in crate::survey) fn matches(&self, path: &str) -> bool {
            // Which prefixes of the path the pieces so far can have matched; the empty one is the
            // first.
            let mut reached = vec![false; path.len() + 1];
            if let Some(empty) = reached.first_mut() {
                *empty = true;
            }
            let mut pieces = self.0.as_bytes();
            while let Some((piece, rest)) = next(pieces) {
                pieces = rest;
                let mut next = Vec::with_capacity(reached.len());
                // Whether a wildcard that began earlier can still go on here.
                let mut open = false;
                let mut before = (false, 0);
                for (at, here) in reached.iter().enumerate() {
                    // The byte before this end, and whether that byte could be where the piece
                    // begins.
                    let (begins, byte) = before;
                    next.push(match piece {
                        Piece::Byte(wanted) => begins && byte == wanted,
                        Piece::Star => {
                            open = *here || (open && byte != b'/');
                            open
                        }
                        Piece::Stars => {
                            open |= *here;
                            open
                        }
                        Piece::Below => {
                            open |= begins && byte == b'/';
                            open || *here
                        }
                    });
                    before = (*here, path.as_bytes().get(at).copied().unwrap_or_default());
                }
                reached = next;
            }
            reached.last().copied().unwrap_or_default()
        }
    }

    /// The definition of a glob, word for word and without regard to time.
    fn by_definition(glob: &str, path: &str) -> bool {
        let rest_matches = |rest: &str, test: &dyn Fn(&str) -> bool| {
            path.match_indices("").any(|(at, _)| test(&path[..at]) && by_definition(rest, &path[at..]))
        };
        if let Some(rest) = glob.strip_prefix("/**").filter(|rest| rest.is_empty() || rest.starts_with('/')) {
            rest_matches(rest, &|part| part.is_empty() || part.starts_with('/'))
        } else if let Some(rest) = glob.strip_prefix("**") {
            rest_matches(rest, &|_| true)
        } else if let Some(rest) = glob.strip_prefix('*') {
            rest_matches(rest, &|part| !part.contains('/'))
        } else {
            match (glob.chars().next(), path.chars().next()) {
                (None, None) => true,
                (Some(a), Some(b)) => a == b && by_definition(&glob[1..], &path[1..]),
                _ => false,
            }
        }
    }

    fn matching<'a>(glob: &str, paths: &[&'a str]) -> Vec<&'a str> {
        let glob = Glob::parse(glob).unwrap();
        paths.iter().copied().filter(|path| glob.matches(path)).collect()
    }

    #[test]
    fn a_glob_without_stars_is_one_path() {
        assert_eq!(matching("/shop", &["/shop", "/shop/", "/Shop", "/sho", "/shops", "/", ""]), ["/shop"]);
        assert_eq!(matching("/", &["/", "", "/a", "//"]), ["/"]);
    }

    #[test]
    fn one_star_matches_within_a_segment() {
        assert_eq!(
            matching("/shop/*", &["/shop/tea", "/shop/", "/shop", "/shop/tea/green"]),
            ["/shop/tea", "/shop/"]
        );
        assert_eq!(
            matching("/*/cart", &["/en/cart", "//cart", "/cart", "/a/b/cart"]),
            ["/en/cart", "//cart"]
        );
        assert_eq!(
            matching("/p-*-x*", &["/p-1-x", "/p--xy", "/p-a-x-x", "/p-/-x"]),
            ["/p-1-x", "/p--xy", "/p-a-x-x"]
        );
    }

    #[test]
    fn two_stars_match_across_segments() {
        assert_eq!(
            matching("/shop/**", &["/shop", "/shop/", "/shop/tea/green", "/shops", "/a/shop"]),
            ["/shop", "/shop/", "/shop/tea/green"]
        );
        assert_eq!(
            matching("/**/tea", &["/tea", "/shop/tea", "/a/b/tea", "/steatea", "/a/btea"]),
            ["/tea", "/shop/tea", "/a/b/tea"]
        );
        assert_eq!(matching("/a**z", &["/az", "/a/b/z", "/abz/", "/bz"]), ["/az", "/a/b/z"]);
        assert_eq!(matching("/a/**z", &["/a/z", "/a/b/z", "/az"]), ["/a/z", "/a/b/z"]);
        assert_eq!(matching("/**", &["/", "/a", "/a/b/", ""]), ["/", "/a", "/a/b/", ""]);
    }

    #[test]
    fn characters_that_no_path_contains_are_refused() {
        for wrong in
            ["", "shop", "**", "/a?b", "/a#b", "/a\nb", &format!("/{}", "x".repeat(200)), &"/é".repeat(40)]
        {
            assert!(Glob::parse(wrong).unwrap_err().ends_with('.'), "{wrong}");
        }
        assert!(Glob::parse(&format!("/{}", "x".repeat(199))).is_ok());
    }

    #[test]
    fn non_ascii_paths_are_percent_encoded_as_in_browsers() {
        let glob = Glob::parse("/café/two words/*").unwrap();
        assert_eq!(glob.as_str(), "/caf%C3%A9/two%20words/*");
        assert!(glob.matches("/caf%C3%A9/two%20words/x"));
        assert_eq!(Glob::parse(glob.as_str()), Ok(glob));
    }

    #[test]
    fn a_glob_has_at_most_four_stars() {
        assert!(Glob::parse("/*/**/*-**").is_ok());
        assert!(Glob::parse("/*/**/*-**/*").unwrap_err().ends_with("instead."));
    }

    #[test]
    fn globs_match_as_in_the_shared_table() {
        let table: Vec<serde_json::Value> =
            serde_json::from_str(include_str!("../../tests/cases/globs.json")).unwrap();
        assert!(table.len() > 30, "{} globs", table.len());
        for case in table {
            let glob = Glob::parse(case["glob"].as_str().unwrap()).unwrap();
            assert_eq!(glob.as_str(), case["glob"], "the table has globs as the loader gets them");
            for (paths, expected) in [("matches", true), ("rejects", false)] {
                for path in case[paths].as_array().unwrap() {
                    assert_eq!(glob.matches(path.as_str().unwrap()), expected, "{glob:?} {path}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn the_regular_expression_agrees_with_the_glob(glob in "/[ab/.+*-]{0,8}", path in "/[ab/.+-]{0,8}") {
            let Ok(glob) = Glob::parse(&glob) else { return Ok(()) };
            let mut expression = String::new();
            let mut pieces = glob.as_str().as_bytes();
            while let Some((piece, rest)) = next(pieces) {
                pieces = rest;
                match piece {
                    Piece::Star => expression.push_str("[^/]*"),
                    Piece::Stars => expression.push_str(".*"),
                    Piece::Below => expression.push_str("(/.*)?"),
                    Piece::Byte(byte) => expression.push_str(&format!("[{}]", char::from(byte))),
                }
            }
            let regex = regex::Regex::new(&format!("^({expression})$")).unwrap();
            prop_assert_eq!(regex.is_match(&path), glob.matches(&path), "{}", regex);
        }

        #[test]
        fn a_glob_matches_what_its_definition_says(glob in "/[a/*]{0,6}", path in "/[ab/]{0,7}") {
            prop_assert_eq!(Glob::parse(&glob).unwrap().matches(&path), by_definition(&glob, &path), "{} {}", glob, path);
        }
    }
}

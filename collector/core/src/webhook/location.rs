//! Host of a redirect, to show to the owner.

/// The longest host name (RFC 1035).
const MAX_HOST: usize = 253;

/// Returns the host in a `Location` header; `None` where it names none, as a path does, or one that
/// should not be shown. It is never called.
pub fn location_host(location: &str) -> Option<&str> {
    let location = location.trim();
    let (scheme, rest) = location.split_once("//")?;
    let is_url =
        scheme.is_empty() || scheme.eq_ignore_ascii_case("https:") || scheme.eq_ignore_ascii_case("http:");
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    // A name and a password may stand before the host.
    let host = authority.rsplit('@').next()?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    (is_url && (1..=MAX_HOST).contains(&host.len()) && host.bytes().all(is_plain)).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_host_is_taken_from_a_url_and_nothing_else() {
        for (location, expected) in [
            ("https://hooks.example.com/new?x=1#y", Some("hooks.example.com")),
            ("HTTP://127.0.0.1:8080", Some("127.0.0.1:8080")),
            (" //cdn.example/hook ", Some("cdn.example")),
            ("https://name:secret@inner.example/", Some("inner.example")),
            ("https://[::1]:9/", Some("[::1]:9")),
            ("https://a.example\\@b.example/", Some("a.example")),
            ("/new", None),
            ("new?to=https://a.example", None),
            ("", None),
            ("https:///x", None),
            ("javascript://a.example", None),
            ("https://<script>/", None),
            ("https://a b/", None),
        ] {
            assert_eq!(location_host(location), expected, "{location}");
        }
        assert_eq!(location_host(&format!("https://{}/", "a".repeat(254))), None);
    }

    proptest! {
        #[test]
        fn a_host_never_holds_more_than_a_host(location in any::<String>()) {
            if let Some(host) = location_host(&location) {
                prop_assert!(host.is_ascii() && host.len() <= MAX_HOST && !host.contains(['<', '@', '/', ' ']));
            }
        }
    }
}

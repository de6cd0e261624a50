//! URLs that are taken, URLs that are not, and agreement with a parser of the URL standard.

use proptest::prelude::*;

use super::*;

fn url(text: &str) -> String {
    Target::parse(text, &[]).unwrap_or_else(|wrong| panic!("{text}: {wrong}")).url().to_owned()
}

fn refused(text: &str) -> String {
    let wrong = Target::parse(text, &[]).expect_err(text);
    assert!(wrong.pointer == "/url" && wrong.detail.ends_with('.'), "{wrong}");
    wrong.detail
}

#[test]
fn public_urls_are_normalized() {
    for (given, expected) in [
        ("https://example.com", "https://example.com/"),
        ("HTTPS://Example.COM:443/Hook?a=B&c=%20d", "https://example.com/Hook?a=B&c=%20d"),
        ("https://hooks.example.co.uk:8443/a/b;c", "https://hooks.example.co.uk:8443/a/b;c"),
        ("https://example.com?x=1", "https://example.com/?x=1"),
        ("https://example.com/a@b", "https://example.com/a@b"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
        ("https://my_hook.example.com/", "https://my_hook.example.com/"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("https://[2606:4700:0:0::1111]:444/", "https://[2606:4700::1111]:444/"),
        ("https://localhost.example.com/", "https://localhost.example.com/"),
        ("https://notlocal/".replace("notlocal", "not.notlocal").as_str(), "https://not.notlocal/"),
    ] {
        assert_eq!(url(given), expected);
        assert_eq!(url(expected), expected, "what was written is read back");
    }
    assert_eq!(Target::parse("https://Example.com:81/x", &[]).unwrap().host(), "example.com");
}

#[test]
fn private_hosts_are_refused_in_every_notation() {
    for host in "localhost LOCALHOST a.localhost printer.local db.internal metadata.google.internal router.home.arpa \
                 intranet nas.lan x.corp 127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 \
                 255.255.255.255 224.0.0.1 203.0.113.9 [::1] [::] [fd00::1] [fe80::1] [ff02::1] [::ffff:127.0.0.1] \
                 [::ffff:7f00:1] [::10.0.0.1] [2002:a00:1::] [64:ff9b::a00:1] [2001:db8::1]"
        .split_whitespace()
    {
        assert!(refused(&format!("https://{host}/")).starts_with("The host is in a private network"), "{host}");
    }
    for host in "127.1 127.0.1 2130706433 017700000001 0177.0.0.1 0x7f.0.0.1 0x7f000001 0x 1.0x7f 127.0.0.1. localhost. \
                 256.1.1.1 1.2.3.4.5 1.2.3 01.2.3.4 example.0 example.com. .example.com a..b xn--localhost-.x xn-- \
                 -a.example a-.example [::1 ::1 [::1]x [fe80::1%25eth0] [127.0.0.1] [] a%2eb.example a+b.example"
        .split_whitespace()
    {
        assert!(refused(&format!("https://{host}/")).starts_with("The host must be"), "{host}");
    }
    assert!(refused(&format!("https://{}.example/", "a".repeat(64))).starts_with("The host must be"));
    assert!(refused(&format!("https://{}example/", "abcdefg.".repeat(32))).starts_with("The host must be"));
}

#[test]
fn each_refusal_has_an_instruction() {
    for (given, expected) in [
        ("", "Must begin with https://."),
        ("example.com", "Must begin with https://."),
        ("ftp://example.com", "Must begin with https://."),
        (" https://example.com", "Must begin with https://."),
        ("https:/example.com", "Must begin with https://."),
        ("https:\\\\example.com", "Must begin with https://."),
        ("http://example.com", "Must begin with https://; plain"),
        ("https://user@example.com", "Leave out the name"),
        ("https://example.com:x@10.0.0.1", "Leave out the name"),
        ("https://example.com#x", "Leave out the #"),
        ("https://example.com/a?b#", "Leave out the #"),
        ("https://bücher.example", "Write the host in punycode"),
        ("https://１２７.0.0.1", "Write the host in punycode"),
        ("https://example.com/ü", "The character `ü` (U+00FC) cannot"),
        ("https://example.com/a b", "The character ` ` (U+0020) cannot"),
        ("https://example.com/a\\b", "The character `\\` (U+005C) cannot"),
        ("https://example.com/a\n", "The character `\n` (U+000A) cannot"),
        ("https://example.com\\@10.0.0.1/", "Leave out the name"),
        ("https://example.com\\.evil.example/", "The host must be"),
        ("https:///example.com", "The host must be"),
        ("https://", "The host must be"),
        ("https://example.com:", "The host must be"),
        ("https://example.com:0", "The host must be"),
        ("https://example.com:65536", "The host must be"),
        ("https://example.com:+80", "The host must be"),
        ("https://example.com:80:80", "The host must be"),
        ("https://exa\tmple.com", "The host must be"),
    ] {
        assert!(refused(given).starts_with(expected), "{given:?}: {}", refused(given));
    }
    let long = format!("https://example.com/{}", "a".repeat(MAX_URL - 20));
    assert_eq!(url(&long).len(), MAX_URL);
    assert!(refused(&format!("{long}a")).starts_with("Has 2001 characters"));
}

#[test]
fn allowed_hosts_may_be_private() {
    let allowed = ["localhost:9000", "Hooks", " 10.0.0.7 ", "[fd00::1]:8080", "::1", "", "not a host"];
    for given in [
        "http://localhost:9000/x",
        "https://localhost:9000/x",
        "http://hooks/",
        "https://HOOKS:1/",
        "http://10.0.0.7:5000/",
        "http://[fd00:0::1]:8080/",
        "http://[::1]:3/",
    ] {
        assert!(Target::parse(given, &allowed).is_ok(), "{given}");
    }
    for given in [
        "http://localhost/",
        "http://localhost:9001/",
        "http://a.hooks/",
        "http://10.0.0.8/",
        "https://[fd00::1]/",
        "http://example.com/",
        "http://hooks@localhost:9000/",
        "http://127.1/",
    ] {
        assert!(Target::parse(given, &allowed).is_err(), "{given}");
    }
    assert!(Target::parse("http://x:443/", &["x:80"]).is_err());
    assert!(Target::parse("http://x/", &["x:80"]).is_ok());
}

/// Text that is often a URL, and else has one thing wrong with it.
fn nearly_a_url() -> impl Strategy<Value = String> {
    let scheme = prop_oneof![
        9 => Just("https://"), 1 => Just("HTTPS://"), 1 => Just("http://"), 1 => Just("https:/"), 1 => Just("https:///"),
    ];
    let host = prop_oneof![
        r"([a-z0-9_-]{1,5}\.){1,3}([A-Z]{2}|a|xn--[a-z0-9-]{1,6}|[0-9]{1,2}|0x[0-9a-f]{0,2})",
        r"[0-9]{1,3}(\.[0-9]{1,3}){3}",
        r"\[2[0-9a-f]{1,3}:[0-9a-f:.]{2,12}\]",
        r"\[2[0-9a-f]{1,3}(:[0-9a-f]{1,4}){7}\]",
        r"b|b\.b|a\.|[a-z0-9]{1,8}",
    ];
    let odd = prop_oneof![
        2 => Just(None),
        1 => (any::<prop::sample::Index>(), prop::sample::select(r"@\/#?%:[].-x0 ".chars().collect::<Vec<_>>())).prop_map(Some),
    ];
    (scheme, host, r"(:[0-9]{0,5})?", r"([/?][a-z%/.@:?]{0,6})?", odd).prop_map(
        |(scheme, host, port, path, odd)| {
            let mut url = format!("{scheme}{host}{port}{path}");
            if let Some((at, odd)) = odd {
                url.insert(at.index(url.len()), odd);
            }
            url
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    /// Whatever is taken, a parser of the URL standard finds the same host in it, from what was
    /// given and from our spelling.
    #[test]
    fn accepted_urls_parse_as_in_the_url_standard(
        given in nearly_a_url(),
    ) {
        if let Ok(target) = Target::parse(&given, &["a", "b:80"]) {
            let host = target.host();
            let (theirs, again) = (url::Url::parse(&given), url::Url::parse(target.url()));
            match (theirs, again) {
                // Punycode that stands for nothing is refused there and so is never called.
                (Err(_), Err(_)) => {}
                (Ok(theirs), Ok(again)) => {
                    prop_assert_eq!(&theirs, &again);
                    prop_assert_eq!(theirs.host_str(), Some(host.as_str()));
                    prop_assert_eq!(theirs.username(), "");
                }
                other => prop_assert!(false, "{} {:?}", given, other),
            }
        }
    }

    #[test]
    fn no_text_makes_it_panic(given in any::<String>(), entry in any::<String>()) {
        let _ = Target::parse(&given, &[&entry]);
        let _ = Target::parse(&format!("https://{given}"), &[&entry]);
    }

    /// However an address is written, a browser's parser and ours never disagree on its being
    /// public.
    #[test]
    fn no_notation_hides_a_private_address(parts in prop::collection::vec((any::<u32>(), 0..3_u8), 1..5)) {
        let host = parts.iter().map(|(number, base)| match base {
            0 => format!("{}", number % 256),
            1 => format!("0{:o}", number % 256),
            _ => format!("0x{number:x}"),
        }).collect::<Vec<_>>().join(".");
        if let (Ok(target), Ok(theirs)) = (Target::parse(&format!("https://{host}/"), &[]), url::Url::parse(&format!("https://{host}/"))) {
            let host = target.host();
            prop_assert_eq!(Some(host.as_str()), theirs.host_str());
        }
    }
}

//! Tests of invalid survey settings, and of the pointers that the errors contain.

use serde_json::json;

use super::super::*;
use super::read;
use crate::language::LANGUAGES;
use crate::limits::{MAX_CAPTION, MAX_TEXT};

/// Returns the pointers of all errors, in order.
fn pointers(settings: &Value) -> Vec<String> {
    let errors = Survey::read(settings, "").unwrap_err();
    for problem in &errors {
        assert!(problem.detail.ends_with('.') && problem.detail.len() > 10, "{problem}");
    }
    let mut pointers: Vec<_> = errors.into_iter().map(|problem| problem.pointer).collect();
    pointers.sort_unstable();
    pointers
}

#[track_caller]
fn refused<const N: usize>(settings: Value, at: [&str; N]) {
    assert_eq!(pointers(&settings), at, "{settings}");
}

#[test]
fn every_pointer_is_below_its_parent() {
    let wrong = json!({ "colour": 1, "delay_seconds": -1, "theme": { "accent": "red", "radius": 25 }, "mode": "pop" });
    let found = Survey::read(&wrong, "/survey").unwrap_err();
    let found: Vec<_> = found.iter().map(|problem| problem.pointer.as_str()).collect();
    let expected = [
        "/survey/colour",
        "/survey/delay_seconds",
        "/survey/theme/accent",
        "/survey/theme/radius",
        "/survey/mode",
    ];
    assert_eq!(found, expected);
    assert_eq!(Survey::from_json(&wrong, "/survey").unwrap_err().pointer, "/survey/colour");
    for none in [json!(7), json!(null), json!([])] {
        assert_eq!(Survey::from_json(&none, "/survey").unwrap_err().pointer, "/survey");
    }
}

#[test]
fn the_number_of_named_errors_is_limited() {
    let many: serde_json::Map<_, _> = (0..1_000).map(|n| (format!("x{n}"), json!(1))).collect();
    assert_eq!(pointers(&Value::Object(many)).len(), crate::validation::MAX_ERRORS);
}

#[test]
fn invalid_texts_are_named() {
    refused(json!({ "delay_seconds": "10" }), ["/delay_seconds"]);
    refused(json!({ "delay_seconds": 3_601 }), ["/delay_seconds"]);
    refused(json!({ "texts": [] }), ["/texts"]);
    refused(json!({ "texts": { "tlh": { "intro": "nuqneH" } } }), ["/texts/tlh"]);
    refused(json!({ "texts": { "en": "Hello" } }), ["/texts/en"]);
    refused(
        json!({ "texts": { "en": { "outro": "Bye", "intro": 7 } } }),
        ["/texts/en/intro", "/texts/en/outro"],
    );
    refused(json!({ "texts": { "en": { "intro": "two\nlines" } } }), ["/texts/en/intro"]);
    refused(json!({ "texts": { "zh-Hans": { "purpose": "字".repeat(201) } } }), ["/texts/zh-Hans/purpose"]);
    for caption in ["low", "high", "send", "not_now", "close", "tab"] {
        let given = |length| json!({ "texts": { "ur": { caption: "字".repeat(length) } } });
        assert!(Survey::read(&given(MAX_CAPTION), "").is_ok(), "{caption}");
        refused(given(MAX_CAPTION + 1), [&*format!("/texts/ur/{caption}")]);
    }
    assert_eq!(
        read(json!({ "texts": { "en": { "intro": "  ", "purpose": null }, "de": null } })),
        Survey::default()
    );
}

#[test]
fn invalid_follow_ups_are_named() {
    let text = |key: &str| json!({ "key": key, "kind": "text", "question": "Why?" });
    let choice = |options: Value| json!({ "follow_ups": [{ "key": "a", "kind": "choice", "question": "?", "options": options }] });
    let with = |name: &str, value: Value| {
        let mut question = text("a");
        question[name] = value;
        json!({ "follow_ups": [question] })
    };
    let option = |key: &str| json!({ "key": key, "label": "A" });
    refused(json!({ "follow_ups": {} }), ["/follow_ups"]);
    refused(json!({ "follow_ups": [text("a"), text("b"), text("c")] }), ["/follow_ups"]);
    refused(json!({ "follow_ups": [7] }), ["/follow_ups/0"]);
    refused(json!({ "follow_ups": [null] }), ["/follow_ups/0"]);
    refused(
        json!({ "follow_ups": [{}] }),
        ["/follow_ups/0/key", "/follow_ups/0/kind", "/follow_ups/0/question"],
    );
    refused(json!({ "follow_ups": [text("a"), text("a")] }), ["/follow_ups/1/key"]);
    refused(with("key", json!("A b")), ["/follow_ups/0/key"]);
    refused(with("key", json!("a".repeat(41))), ["/follow_ups/0/key"]);
    refused(with("kind", json!("stars")), ["/follow_ups/0/kind"]);
    refused(with("required", json!(true)), ["/follow_ups/0/required"]);
    refused(with("question", json!("?".repeat(201))), ["/follow_ups/0/question"]);
    refused(with("question", json!({})), ["/follow_ups/0/question"]);
    refused(with("question", json!(7)), ["/follow_ups/0/question"]);
    refused(with("question", json!({ "xx": "?" })), ["/follow_ups/0/question/xx"]);
    refused(with("question", json!({ "en": "?", "de": 7 })), ["/follow_ups/0/question/de"]);
    refused(with("for", json!("promoter")), ["/follow_ups/0/for"]);
    refused(with("for", json!([])), ["/follow_ups/0/for"]);
    refused(with("for", json!(["promoter", "fan"])), ["/follow_ups/0/for/1"]);
    refused(with("options", json!([option("a"), option("b")])), ["/follow_ups/0/options"]);
    refused(with("multiple", json!(true)), ["/follow_ups/0/multiple"]);
    refused(choice(json!(null)), ["/follow_ups/0/options"]);
    refused(choice(json!([option("a")])), ["/follow_ups/0/options"]);
    let eleven: Vec<_> = (0..11).map(|n| option(&format!("o{n}"))).collect();
    refused(choice(json!(eleven)), ["/follow_ups/0/options"]);
    refused(choice(json!([option("a"), "b"])), ["/follow_ups/0/options/1"]);
    refused(choice(json!([option("a"), option("a")])), ["/follow_ups/0/options/1/key"]);
    refused(choice(json!([option("a"), { "key": "b" }])), ["/follow_ups/0/options/1/label"]);
    refused(
        choice(json!([option("a"), { "key": "b", "label": "B", "score": 1 }])),
        ["/follow_ups/0/options/1/score"],
    );
}

#[test]
fn invalid_thanks_consents_and_contacts_are_named() {
    let link = |url: &str| json!({ "thanks": { "passive": { "link": { "url": url, "label": "Go" } } } });
    refused(json!({ "thanks": { "fan": {} } }), ["/thanks/fan"]);
    refused(json!({ "thanks": { "promoter": { "link": "https://a.example" } } }), ["/thanks/promoter/link"]);
    let empty = json!({ "thanks": { "promoter": { "link": {} } } });
    refused(empty, ["/thanks/promoter/link/label", "/thanks/promoter/link/url"]);
    let blank = json!({ "thanks": { "promoter": { "link": { "url": " ", "label": "" } } } });
    refused(blank, ["/thanks/promoter/link/label", "/thanks/promoter/link/url"]);
    for wrong in
        ["http://a.example", "javascript:alert(1)", "//a.example", "/review", "https://me@a.example/"]
    {
        refused(link(wrong), ["/thanks/passive/link/url"]);
    }
    refused(json!({ "consents": { "quote": "yes", "photo": true } }), ["/consents/photo", "/consents/quote"]);
    refused(json!({ "contact": { "ask": 1, "for": ["all"] } }), ["/contact/ask", "/contact/for/0"]);
    refused(json!({ "contact": true }), ["/contact"]);
    refused(json!({ "privacy_url": "http://a.example" }), ["/privacy_url"]);
    refused(json!({ "logo_url": "data:image/png;base64,AAAA" }), ["/logo_url"]);
    refused(json!({ "privacy_url": format!("https://a.example/{}", "x".repeat(500)) }), ["/privacy_url"]);
}

#[test]
fn urls_must_be_http_or_https() {
    for right in [
        "https://a.example",
        "https://a.example/",
        "https://a.example:8443/x?y=1&z=(2)#top",
        "https://münchen.example/ö",
        "http://localhost",
        "http://localhost:8788/x",
        "http://127.0.0.1:1/",
        "https://localhost?x",
    ] {
        assert!(is_url(right), "{right}");
    }
    for wrong in [
        "",
        "https://",
        "https:///x",
        "https://.example",
        "https://a..b",
        "https://a.example:x",
        "https://a.example:+1",
        "https://a.example:99999",
        "https://a.example/a b",
        "https://a.example/\"",
        "https://a.example\\@b.example",
        "https://a@b",
        "http://localhost.example",
        "http://localhost@a.example",
        "ftp://a.example",
        "HTTPS//a",
        "https://a.example/\u{a0}",
    ] {
        assert!(!is_url(wrong), "{wrong}");
    }
}

#[test]
fn invalid_appearance_is_named() {
    for accent in ["#fff", "5b3cc4", "#5b3cc4ff", "#5b3cg4", "rgb(1,2,3)"] {
        refused(json!({ "theme": { "accent": accent } }), ["/theme/accent"]);
    }
    assert_eq!(read(json!({ "theme": { "accent": "#ABCDEF" } })).theme.accent.as_deref(), Some("#abcdef"));
    refused(
        json!({ "theme": { "radius": 2.5, "scheme": "dim", "font": "Arial", "shadow": 1 } }),
        ["/theme/font", "/theme/radius", "/theme/scheme", "/theme/shadow"],
    );
    refused(json!({ "mode": "overlay", "target": "#a" }), ["/mode"]);
    refused(json!({ "mode": "inline" }), ["/target"]);
    refused(json!({ "mode": "inline", "target": "x".repeat(201) }), ["/target"]);
    refused(json!({ "mode": "bar", "target": "#a" }), ["/target"]);
    refused(json!({ "target": "#a" }), ["/target"]);
    refused(json!({ "corner": "middle" }), ["/corner"]);
    refused(json!({ "corner": 1 }), ["/corner"]);
}

#[test]
fn invalid_targeting_is_named() {
    let trigger = |trigger: Value| json!({ "trigger": trigger });
    refused(trigger(json!("exit")), ["/trigger"]);
    refused(trigger(json!({ "kind": "hover", "percent": 7 })), ["/trigger/kind"]);
    refused(trigger(json!({ "kind": "scroll" })), ["/trigger/percent"]);
    refused(trigger(json!({ "kind": "scroll", "percent": 0 })), ["/trigger/percent"]);
    refused(trigger(json!({ "kind": "scroll", "percent": 101 })), ["/trigger/percent"]);
    refused(
        trigger(json!({ "kind": "exit", "percent": 50, "name": "x" })),
        ["/trigger/name", "/trigger/percent"],
    );
    refused(trigger(json!({ "percent": 50 })), ["/trigger/percent"]);
    refused(trigger(json!({ "kind": "event" })), ["/trigger/name"]);
    refused(trigger(json!({ "kind": "event", "name": "paid it" })), ["/trigger/name"]);
    refused(trigger(json!({ "kind": "event", "name": "x".repeat(61) })), ["/trigger/name"]);
    let event = read(trigger(json!({ "kind": "event", "name": "order.paid:1-A_b" }))).trigger;
    assert_eq!(event, Trigger::Event { name: "order.paid:1-A_b".into() });
    assert_eq!(read(trigger(json!({ "kind": "exit" }))).trigger, Trigger::Exit);
    assert_eq!(read(trigger(json!({ "kind": "manual" }))).trigger, Trigger::Manual);

    refused(json!({ "pages": { "only": [] } }), ["/pages/only"]);
    refused(json!({ "pages": { "include": "/" } }), ["/pages/include"]);
    refused(json!({ "pages": { "include": vec!["/"; 51] } }), ["/pages/include"]);
    refused(json!({ "pages": { "exclude": ["/", "shop", 7] } }), ["/pages/exclude/1", "/pages/exclude/2"]);

    for (name, low, high) in [
        ("answered_days", 90, 730),
        ("dismissed_days", 7, 365),
        ("ignored_times", 1, 10),
        ("ignored_days", 0, 365),
        ("per_year", 1, 12),
        ("first_view", 1, 20),
    ] {
        for wrong in [json!(low - 1), json!(high + 1), json!(-1), json!("9"), json!(70_000)] {
            assert_eq!(pointers(&json!({ "recontact": { name: wrong } })), [format!("/recontact/{name}")]);
        }
        for right in [low, high] {
            assert!(Survey::read(&json!({ "recontact": { name: right } }), "").is_ok(), "{name} {right}");
        }
    }
    for wrong in [json!(-0.1), json!(1.1), json!("1"), json!(true)] {
        refused(json!({ "sampling": wrong }), ["/sampling"]);
    }
    refused(
        json!({ "storage": "all", "respect_gpc": 1, "respect_dnt": "no" }),
        ["/respect_dnt", "/respect_gpc", "/storage"],
    );
}

#[test]
fn the_serialized_survey_has_a_size_limit() {
    // The texts of the longest kind.
    let longest = Part::ALL.iter().filter(|part| part.max_length() == MAX_TEXT);
    let parts: serde_json::Map<_, _> =
        longest.map(|part| (part.as_str().to_owned(), json!("字".repeat(MAX_TEXT)))).collect();
    let texts = |languages: usize| {
        let texts =
            LANGUAGES.iter().take(languages).map(|lang| ((*lang).to_owned(), Value::Object(parts.clone())));
        json!({ "texts": texts.collect::<serde_json::Map<_, _>>() })
    };
    assert!(Survey::read(&texts(4), "").is_ok());
    let errors = Survey::read(&texts(5), "/survey").unwrap_err();
    assert_eq!(errors[0].pointer, "/survey");
    assert!(errors[0].detail.contains("24576"), "{errors:?}");
}

#[test]
fn a_custom_question_needs_a_custom_variant() {
    assert_eq!(read(json!({ "variant": "stay", "question": "How likely are you to stay?" })).variant, "stay");
    refused(json!({ "question": "Why?" }), ["/question"]);
    refused(json!({ "variant": "stay" }), ["/question"]);
    refused(json!({ "variant": "Öl", "question": "Why?" }), ["/variant"]);
    refused(json!({ "variant": "stay", "question": "x".repeat(301) }), ["/question"]);
    refused(json!({ "variant": 7, "question": 8 }), ["/question", "/variant"]);
    refused(json!({ "texts": { "en": { "question": "Why?" } } }), ["/texts/en/question"]);
}

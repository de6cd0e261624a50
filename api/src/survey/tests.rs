//! Tests of the survey settings: which are valid, how they are shown and how they are stored.

mod wrong;

use serde_json::json;

use super::*;
use crate::language::LANGUAGES;
use nps::Category;

fn read(settings: Value) -> Survey {
    Survey::read(&settings, "").unwrap()
}

#[test]
fn absent_settings_have_their_defaults() {
    assert_eq!(read(json!({})), Survey::default());
    assert_eq!(read(json!({ "delay_seconds": 0 })).delay_seconds, 0);
    assert_eq!(
        read(json!({ "variant": null, "texts": null, "theme": null, "sampling": null })),
        Survey::default()
    );
}

#[test]
fn the_default_is_serialized_to_almost_nothing() {
    let text = serde_json::to_string(&Survey::default()).unwrap();
    assert_eq!(text, r#"{"variant":"standard","delay_seconds":10}"#);
}

#[test]
fn surveys_of_older_versions_are_read() {
    let stored = r#"{"variant":"stay","question":"Will you\nstay?","delay_seconds":3}"#;
    let survey: Survey = serde_json::from_str(stored).unwrap();
    assert_eq!(survey.question.as_deref(), Some("Will you\nstay?"));
    assert_eq!(serde_json::to_value(&survey).unwrap(), serde_json::from_str::<Value>(stored).unwrap());
}

#[test]
fn unknown_fields_of_newer_versions_are_read_and_invalid_values_refused() {
    let newer =
        json!({ "variant": "standard", "colour": "red", "theme": { "glow": 1 }, "texts": { "tlh": {} } });
    assert_eq!(serde_json::from_value::<Survey>(newer).unwrap(), Survey::default());
    let wrong = serde_json::from_value::<Survey>(json!({ "storage": "all" })).unwrap_err();
    assert!(wrong.to_string().starts_with("/storage: "), "{wrong}");
}

#[test]
fn every_setting_is_serialized_for_the_owner() {
    let expected = json!({
        "variant": "standard",
        "question": null,
        "delay_seconds": 10,
        "texts": {},
        "follow_ups": [],
        "thanks": { "promoter": { "link": null }, "passive": { "link": null }, "detractor": { "link": null } },
        "consents": { "quote": false, "reference": false },
        "contact": { "ask": false, "for": ["promoter", "passive", "detractor"] },
        "privacy_url": null,
        "logo_url": null,
        "theme": { "accent": null, "radius": 20, "scheme": "auto", "font": "system" },
        "mode": "card",
        "corner": "bottom-right",
        "target": null,
        "trigger": { "kind": "delay", "percent": null, "name": null },
        "pages": { "include": [], "exclude": [] },
        "recontact": {
            "answered_days": 120, "dismissed_days": 30, "ignored_times": 3, "ignored_days": 1, "per_year": 4, "first_view": 2,
        },
        "sampling": 1,
        "storage": "essential",
        "respect_gpc": false,
        "respect_dnt": false,
    });
    let complete = Survey::default().complete();
    assert_eq!(complete, expected);
    let mut members = MEMBERS;
    members.sort_unstable();
    assert_eq!(complete.as_object().unwrap().keys().collect::<Vec<_>>(), members);
}

#[test]
fn only_changed_settings_are_stored() {
    let settings = json!({
        "variant": "stay",
        "question": "How likely are you to stay?",
        "delay_seconds": 0,
        "texts": { "de": { "question": "Bleiben Sie?", "intro": "Danke!" } },
        "follow_ups": [
            { "key": "why", "kind": "text", "question": "Why?", "for": ["detractor"] },
            {
                "key": "used", "kind": "choice", "question": { "en": "What?", "fr": "Quoi ?" }, "multiple": true,
                "options": [{ "key": "tea", "label": "Tea" }, { "key": "pot", "label": { "en": "Pot" } }],
            },
        ],
        "thanks": { "promoter": { "link": { "url": "https://review.example/?to=shop", "label": "Review us" } } },
        "consents": { "quote": true },
        "contact": { "ask": true, "for": ["passive", "detractor"] },
        "privacy_url": "http://localhost:8788/privacy",
        "logo_url": "https://shop.example/logo.svg",
        "theme": { "accent": "#00ff7f", "radius": 0 },
        "mode": "inline",
        "target": "#survey > .here",
        "trigger": { "kind": "scroll", "percent": 50 },
        "pages": { "exclude": ["/cart/**"] },
        "recontact": { "answered_days": 90 },
        "sampling": 0.25,
        "storage": "none",
        "respect_gpc": true,
    });
    let survey = read(settings.clone());
    assert_eq!(serde_json::to_value(&survey).unwrap(), settings);
    assert_eq!(serde_json::from_value::<Survey>(settings).unwrap(), survey);
    assert_eq!(read(survey.complete()), survey);
    let excluded = |path: &str| survey.pages.exclude.iter().any(|glob| glob.matches(path));
    assert!(excluded("/cart/pay") && !excluded("/"));
    assert!(
        survey.contact.audience.has(Category::Passive) && !survey.contact.audience.has(Category::Promoter)
    );
    assert_eq!(survey.texts.get(Lang::parse("de").unwrap(), Part::Intro), Some("Danke!"));
}

#[test]
fn every_language_has_one_tag() {
    let tags: std::collections::BTreeSet<_> = LANGUAGES.into_iter().collect();
    assert_eq!(tags.len(), LANGUAGES.len());
    assert!(LANGUAGES.into_iter().all(|tag| Lang::parse(tag).is_some_and(|lang| lang.tag() == tag)));
    assert_eq!([Lang::parse("EN"), Lang::parse("")], [None, None]);
}

#[test]
fn a_target_that_an_earlier_version_stored_still_loads() {
    let survey = json!({ "mode": "inline", "target": "#2024-x" });
    let wrong = Survey::read(&survey, "").unwrap_err();
    assert_eq!((wrong.len(), wrong[0].pointer.as_str()), (1, "/target"));
    assert!(wrong[0].detail.contains("#2024-x") && wrong[0].detail.ends_with('.'), "{}", wrong[0]);
    let stored: Survey = serde_json::from_value(survey).unwrap();
    assert_eq!(stored.mode, Mode::Inline { target: "#2024-x".into() });
}

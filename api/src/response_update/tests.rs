//! Messages, field by field.

use super::*;
use crate::limits::{
    MAX_ANSWER, MAX_ANSWERS, MAX_COMMENT, MAX_CONTACT, MAX_LANG, MAX_OPTIONS, MAX_PAGE, MAX_PROPERTIES,
    MAX_PROPERTY_VALUE, MAX_UPDATE_BYTES,
};
use serde_json::{Map, json};

const ID: &str = "01936b3e-7c1d-7a52-b0f3-5d4b0a0f9c11";

fn receive(mut reader: Value, preferred: &[&str]) -> Result<Received, ValidationError> {
    reader.as_object_mut().unwrap().entry("id").or_insert(json!(ID));
    let preferred: Vec<String> = preferred.iter().map(|name| (*name).to_owned()).collect();
    ResponseUpdate::from_json(&reader, &preferred).map_err(|errors| errors[0].clone())
}

/// Reads a message of which nothing is ignored.
fn read(reader: Value) -> Result<ResponseUpdate, ValidationError> {
    receive(reader, &[]).map(|received| {
        assert_eq!(received.ignored, [""; 0]);
        received.update
    })
}

#[test]
fn scores_from_0_to_10_are_accepted() {
    for value in 0..=10 {
        assert_eq!(read(json!({ "score": value })).unwrap().score.unwrap().get(), value);
        assert_eq!(read(json!({ "score": f64::from(value) })).unwrap().score.unwrap().get(), value);
    }
    for wrong in
        [json!(-1), json!(11), json!(7.5), json!("8"), json!(true), json!([9]), json!(8e300), json!(-0.5)]
    {
        let error = read(json!({ "score": wrong })).unwrap_err();
        assert_eq!(error.pointer, "/score", "{error}");
    }
}

#[test]
fn a_comment_may_come_without_a_score() {
    let message = read(json!({ "score": null, "comment": "good" })).unwrap();
    assert_eq!((message.score, message.comment.as_deref()), (None, Some("good")));
}

#[test]
fn comments_are_measured_in_characters() {
    assert!(read(json!({ "comment": "é".repeat(MAX_COMMENT) })).is_ok());
    assert_eq!(read(json!({ "comment": "é".repeat(MAX_COMMENT + 1) })).unwrap_err().pointer, "/comment");
}

#[test]
fn empty_and_oversized_messages_are_refused() {
    for (wrong, pointer) in [
        (json!({}), ""),
        (json!({ "shown": false, "comment": "  " }), ""),
        (json!({ "scroe": 9 }), "/scroe"),
        (json!({ "id": "7", "score": 9 }), "/id"),
        (json!({ "score": 9, "shown": 1 }), "/shown"),
        (json!({ "score": 9, "elapsed_ms": -5 }), "/elapsed_ms"),
        (json!({ "score": 9, "variant": "A B" }), "/variant"),
        (json!({ "score": 9, "properties": { "a/b": { "c": 1 } } }), "/properties/a~1b"),
        (json!({ "score": 9, "properties": ["plan"] }), "/properties"),
        (json!({ "score": 9, "channel": "import" }), "/channel"),
        (json!({ "score": 9, "channel": 7 }), "/channel"),
        (json!({ "channel": "email" }), ""),
        (json!({ "score": 9, "page": 5 }), "/page"),
        (json!({ "score": 9, "lang": ["de"] }), "/lang"),
        (json!({ "score": 9, "user": 7 }), "/user"),
        (json!({ "score": 9, "variant": "v".repeat(41) }), "/variant"),
        (json!({ "page": "x".repeat(501), "user": "undefined" }), ""),
    ] {
        assert_eq!(read(wrong.clone()).unwrap_err().pointer, pointer, "{wrong}");
    }
    assert!(ResponseUpdate::from_json(&json!([1]), &[]).is_err());
}

#[test]
fn messages_round_trip() {
    let message = read(json!({
        "score": 9, "comment": "好", "shown": true, "dismissed": true, "variant": "standard", "lang": "en",
        "page": "/shop", "channel": "email", "properties": { "plan": "pro", "seats": 5, "trial": false, "gone": null },
        "user": "u1", "elapsed_ms": 2100,
    }))
    .unwrap();
    assert_eq!(message.properties.get("seats").map(String::as_str), Some("5"));
    assert_eq!(read(serde_json::to_value(&message).unwrap()).unwrap(), message);
}

#[test]
fn a_contact_consents_or_answers_make_a_message() {
    for said in [
        json!({ "contact": "ann@example.org" }),
        json!({ "consents": ["quote"] }),
        json!({ "answers": { "why": "The tea" } }),
    ] {
        let message = read(said.clone()).unwrap();
        let mut written = serde_json::to_value(&message).unwrap();
        assert_eq!(written.as_object_mut().unwrap().remove("id"), Some(json!(ID)));
        assert_eq!(written, said, "what is empty is not written");
        assert_eq!(read(serde_json::to_value(&message).unwrap()).unwrap(), message);
    }
    let full = json!({
        "contact": "é".repeat(MAX_CONTACT),
        "consents": ["reference", "publish", "quote"],
        "answers": {
            "a": "é".repeat(MAX_ANSWER), "b-2": (0..MAX_OPTIONS).map(|n| format!("o{n}")).collect::<Vec<_>>(),
            "gone": null, "blank": " ", "none": [],
        },
    });
    let message = read(full).unwrap();
    assert_eq!(serde_json::to_value(message.consents).unwrap(), json!(["publish", "quote", "reference"]));
    let none = read(json!({ "score": 9, "consents": [] })).unwrap();
    assert_eq!(serde_json::to_value(&none).unwrap()["consents"], json!([]), "which takes earlier ones back");
    let withdrawn = message.answers.iter().filter(|(_, answer)| **answer == FollowUpAnswer::Withdrawn);
    assert_eq!(withdrawn.map(|(key, _)| key).collect::<Vec<_>>(), ["blank", "gone", "none"]);
    assert_eq!(read(serde_json::to_value(&message).unwrap()).unwrap(), message);
}

#[test]
fn invalid_contacts_consents_and_answers_are_named() {
    let answers = |value: Value| json!({ "answers": value });
    for (wrong, pointer) in [
        (json!({ "contact": "é".repeat(MAX_CONTACT + 1) }), "/contact"),
        (json!({ "contact": 42 }), "/contact"),
        (json!({ "contact": " ", "consents": [], "answers": {} }), ""),
        (json!({ "consents": "quote" }), "/consents"),
        (json!({ "consents": ["quote", "Publish"] }), "/consents/1"),
        (json!({ "consents": ["quote", 1] }), "/consents/1"),
        (json!({ "consents": ["quote", "publish", "quote"] }), "/consents/2"),
        (answers(json!(["x"])), "/answers"),
        (answers(json!({ "a": "1", "b": "1", "c": "1", "d": "1", "e": "1", "f": "1" })), "/answers"),
        (answers(json!({ "": "x" })), "/answers"),
        (answers(json!({ "Why": "x" })), "/answers"),
        (answers(json!({ "k".repeat(41): "x" })), "/answers"),
        (answers(json!({ "why": "é".repeat(MAX_ANSWER + 1) })), "/answers/why"),
        (answers(json!({ "why": 7 })), "/answers/why"),
        (answers(json!({ "why": { "a": "b" } })), "/answers/why"),
        (answers(json!({ "why": ["a", "b", "a"] })), "/answers/why/2"),
        (answers(json!({ "why": ["a", "B"] })), "/answers/why/1"),
        (answers(json!({ "why": [["a"]] })), "/answers/why/0"),
        (answers(json!({ "why": vec!["a"; MAX_OPTIONS + 1] })), "/answers/why"),
    ] {
        let error = read(wrong.clone()).unwrap_err();
        assert_eq!(error.pointer, pointer, "{wrong}");
        assert!(error.detail.ends_with('.'), "{error}");
    }
}

#[test]
fn consents_merge_as_sets() {
    let both: GivenConsents = [Consent::Quote, Consent::Publish, Consent::Quote].into_iter().collect();
    assert!(both.contains(Consent::Publish) && !both.contains(Consent::Reference));
    assert_eq!(both.iter().collect::<Vec<_>>(), [Consent::Publish, Consent::Quote]);
}

#[test]
fn long_context_is_truncated_or_dropped_and_named() {
    let received = receive(
        json!({
            "score": 9, "page": format!("/{}%C3%A9", "x".repeat(497)), "lang": "x".repeat(36), "user": "u".repeat(1_001),
            "properties": { "a/b": "é".repeat(201), "n".repeat(65): "x", "n".repeat(64): "first", "blank": " ", "null": null },
        }),
        &[],
    )
    .unwrap();
    let long = format!("/properties/{}", "n".repeat(65));
    assert_eq!(received.ignored, ["/lang", "/page", "/properties/a~1b", &long, "/user"]);
    let ResponseUpdate { page, lang, user, properties, .. } = received.update;
    assert_eq!((page, lang, user), (Some(format!("/{}", "x".repeat(497))), None, None));
    let properties: Vec<_> = properties.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(properties, [("a/b", "é".repeat(200).as_str()), ("n".repeat(64).as_str(), "first")]);
}

#[test]
fn declared_properties_are_kept_first() {
    let many: Map<String, Value> = (0..30).map(|nth| (format!("p{nth:02}"), json!(nth))).collect();
    let received =
        receive(json!({ "score": 9, "properties": many }), &["p29", "none", "p07", "p29", "p28"]).unwrap();
    let kept: Vec<&str> = received.update.properties.keys().map(String::as_str).collect();
    let expected: Vec<String> = (0..18).chain(28..30).map(|nth| format!("p{nth:02}")).collect();
    assert_eq!(kept, expected);
    assert_eq!(received.ignored.len(), 10);
    let with_nulls: Map<String, Value> =
        (0..30).map(|nth| (format!("p{nth:02}"), if nth < 10 { json!(null) } else { json!(nth) })).collect();
    assert_eq!(read(json!({ "score": 9, "properties": with_nulls })).unwrap().properties.len(), 20);
}

/// A control character takes the most bytes of all: six, as JSON escapes it.
#[test]
fn the_longest_texts_of_a_visitor_fit() {
    for letter in ["\u{1}", "🍵", "\""] {
        let answers: Map<String, Value> = (0..MAX_ANSWERS)
            .map(|nth| (format!("{nth}").repeat(40), json!(letter.repeat(MAX_ANSWER))))
            .collect();
        let properties: Map<String, Value> = (0..MAX_PROPERTIES)
            .map(|nth| (format!("{nth}"), json!(letter.repeat(MAX_PROPERTY_VALUE))))
            .collect();
        let submitted = json!({
            "id": ID, "score": 10, "comment": letter.repeat(MAX_COMMENT), "contact": letter.repeat(MAX_CONTACT), "answers": answers,
            "consents": ["publish", "quote", "reference"], "shown": true, "dismissed": true, "elapsed_ms": u32::MAX,
            "variant": "v".repeat(40), "channel": "email", "lang": letter.repeat(MAX_LANG),
        });
        assert!(submitted.to_string().len() < MAX_UPDATE_BYTES);
        let mut all = submitted.clone();
        all.as_object_mut().unwrap().extend(
            json!({ "page": letter.repeat(MAX_PAGE), "user": letter.repeat(1_000), "properties": properties })
                .as_object().unwrap().clone(),
        );
        let received = receive(all.clone(), &["19"]).unwrap();
        assert!(serde_json::to_vec(&received.update).unwrap().len() <= MAX_UPDATE_BYTES);
        let kept = serde_json::to_value(&received.update).unwrap();
        for (name, value) in submitted.as_object().unwrap() {
            assert_eq!(&kept[name], value, "{name}");
        }
        for name in ["page", "user"].into_iter().filter(|name| kept.get(name).is_none()) {
            assert!(received.ignored.contains(&format!("/{name}")));
        }
        let properties = received.ignored.iter().filter(|place| place.starts_with("/properties/")).count();
        assert_eq!(properties + received.update.properties.len(), MAX_PROPERTIES);
    }
}

#[test]
fn all_errors_are_collected_with_their_pointers() {
    let wrong = json!({ "scroe": 9, "score": "9", "shown": 1, "consents": ["all"], "properties": { "a": [] }, "user": 7 });
    let errors = ResponseUpdate::from_json(&wrong, &[]).unwrap_err();
    let pointers: Vec<&str> = errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(pointers, ["/scroe", "/id", "/score", "/shown", "/consents/0", "/user", "/properties/a"]);
}

#[test]
fn a_blank_user_is_named_as_ignored() {
    assert_eq!(receive(json!({ "score": 9, "user": " " }), &[]).unwrap().ignored, ["/user"]);
}

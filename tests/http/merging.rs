//! Merging of messages that arrive twice, late or in another order: one impression is one response,
//! counted once.

use serde_json::{Value, json};
use tests::{Collector, Site, new_id};
use tokio::task::JoinSet;

/// The one response of a site that must have just one.
async fn only(site: &Site) -> Value {
    let mut responses = site.responses().await;
    assert_eq!(responses.len(), 1, "{responses:?}");
    responses.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_message_a_hundred_times_at_once_counts_once() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let message =
        json!({ "id": new_id(), "score": 9, "comment": "Good tea", "shown": true, "elapsed_ms": 2100 });
    let mut senders = JoinSet::new();
    for _ in 0..100 {
        let (site, message) = (site.clone(), message.clone());
        senders.spawn(async move { site.store(message).await });
    }
    assert_eq!(senders.join_all().await.len(), 100);
    let response = only(&site).await;
    assert_eq!((&response["score"], &response["comment"]), (&json!(9), &json!("Good tea")));
    let report = site.score("").await;
    assert_eq!(report["distribution"], json!([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]));
    assert_eq!([&report["shown"], &report["commented"]], [&json!(1), &json!(1)]);
}

#[tokio::test]
async fn score_and_comment_merge_in_either_order() {
    let collector = Collector::shared();
    for order in [[0, 1], [1, 0]] {
        let site = collector.site().await;
        let id = new_id();
        let messages = [
            json!({ "id": id, "score": 9, "shown": true, "elapsed_ms": 2_000, "properties": { "plan": "pro" } }),
            json!({ "id": id, "comment": "Good tea", "shown": true, "elapsed_ms": 9_000, "lang": "en", "page": "/shop" }),
        ];
        for index in order {
            site.store(messages[index].clone()).await;
        }
        let response = only(&site).await;
        assert_eq!((&response["score"], &response["comment"]), (&json!(9), &json!("Good tea")), "{order:?}");
        assert_eq!((&response["lang"], &response["page"]), (&json!("en"), &json!("/shop")));
        assert_eq!((&response["properties"], &response["seconds"]), (&json!({ "plan": "pro" }), &json!(2.0)));
        let report = site.score("").await;
        assert_eq!(
            (&report["scored"], &report["shown"], &report["commented"]),
            (&json!(1), &json!(1), &json!(1))
        );
    }
}

#[tokio::test]
async fn score_and_comment_in_one_array_merge() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let id = new_id();
    site.store(json!([
        { "id": id, "shown": true },
        { "id": id, "score": 4, "elapsed_ms": 1_000 },
        { "id": id, "score": 9, "elapsed_ms": 1_500 },
        { "id": id, "comment": "Good tea", "elapsed_ms": 9_000 },
    ]))
    .await;
    let response = only(&site).await;
    assert_eq!((&response["score"], &response["comment"]), (&json!(9), &json!("Good tea")));
    assert_eq!(site.score("").await["distribution"], json!([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]));
}

#[tokio::test]
async fn the_later_choice_wins_in_either_order() {
    let collector = Collector::shared();
    for order in [[0, 1], [1, 0]] {
        let site = collector.site().await;
        let id = new_id();
        let messages = [
            json!({ "id": id, "score": 3, "comment": "Bad tee", "elapsed_ms": 1_000 }),
            json!({ "id": id, "score": 10, "comment": "Good tea", "elapsed_ms": 8_000 }),
        ];
        for index in order {
            site.store(messages[index].clone()).await;
        }
        let response = only(&site).await;
        assert_eq!((&response["score"], &response["comment"]), (&json!(10), &json!("Good tea")), "{order:?}");
        assert_eq!(response["seconds"], 8.0);
        let report = site.score("").await;
        assert_eq!(report["distribution"], json!([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]));
        let median = report["median_seconds"].as_f64().unwrap();
        assert!((6.0..=10.5).contains(&median), "one answer after 8 s, not after 1 s: {median}");
    }
}

#[tokio::test]
async fn a_resent_message_changes_nothing() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let id = new_id();
    let messages = [
        json!({ "id": id, "shown": true }),
        json!({ "id": id, "score": 2 }),
        json!({ "id": id, "score": 3, "elapsed_ms": 1_000 }),
        json!({ "id": id, "score": 9, "elapsed_ms": 2_000 }),
        json!({ "id": id, "comment": "Good", "elapsed_ms": 3_000 }),
        json!({ "id": id, "comment": "Good tea", "elapsed_ms": 4_000 }),
    ];
    for message in &messages {
        site.store(message.clone()).await;
    }
    let before = site.state().await;
    for message in &messages {
        site.store(message.clone()).await;
        assert_eq!(site.state().await, before, "after {message}");
    }
}

#[tokio::test]
async fn a_dismissed_survey_is_not_an_answer() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for score in [9, 10, 9, 10, 9, 10, 7, 8, 6, 0] {
        site.store(json!({ "id": new_id(), "score": score, "shown": true })).await;
    }
    for _ in 0..10 {
        site.store(json!({ "id": new_id(), "dismissed": true, "shown": true })).await;
    }
    let report = site.score("").await;
    assert_eq!((&report["score"], &report["scored"]), (&json!(40.0), &json!(10)), "40, not 20: {report}");
    assert_eq!(report["counts"], json!({ "promoters": 6, "passives": 2, "detractors": 2 }));
    assert_eq!(
        (&report["shown"], &report["dismissed"], &report["response_rate"]),
        (&json!(20), &json!(10), &json!(0.5))
    );
}

#[tokio::test]
async fn an_impression_alone_is_not_an_answer() {
    let collector = Collector::shared();
    let site = collector.site().await;
    site.store(json!({ "id": new_id(), "shown": true })).await;
    let report = site.score("").await;
    assert_eq!((&report["score"], &report["scored"], &report["shown"]), (&json!(null), &json!(0), &json!(1)));
    assert_eq!((&report["response_rate"], &report["dismissed"]), (&json!(0.0), &json!(0)));
}

#[tokio::test]
async fn a_dismissal_does_not_undo_an_answer() {
    let collector = Collector::shared();
    for order in [[0, 1], [1, 0]] {
        let site = collector.site().await;
        let id = new_id();
        let messages = [json!({ "id": id, "score": 9 }), json!({ "id": id, "dismissed": true })];
        for index in order {
            site.store(messages[index].clone()).await;
        }
        let report = site.score("").await;
        assert_eq!(
            (&report["scored"], &report["dismissed"], &report["shown"]),
            (&json!(1), &json!(0), &json!(1))
        );
        assert_eq!(only(&site).await["dismissed"], false);
    }
}

#[tokio::test]
async fn a_comment_without_a_score_is_kept_and_not_counted() {
    let collector = Collector::shared();
    let site = collector.site().await;
    site.store(json!({ "id": new_id(), "score": null, "comment": "Good tea" })).await;
    let response = only(&site).await;
    assert_eq!((&response["score"], &response["category"]), (&json!(null), &json!(null)));
    assert_eq!(response["comment"], "Good tea");
    let report = site.score("").await;
    assert_eq!(
        (&report["score"], &report["scored"], &report["commented"]),
        (&json!(null), &json!(0), &json!(0))
    );
}

#[tokio::test]
async fn ids_are_case_insensitive() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let id = new_id();
    site.store(json!({ "id": id.to_uppercase(), "score": 9 })).await;
    site.store(json!({ "id": id, "comment": "Good tea" })).await;
    let response = only(&site).await;
    assert_eq!(
        (&response["id"], &response["score"], &response["comment"]),
        (&json!(id), &json!(9), &json!("Good tea"))
    );
}

#[tokio::test]
async fn properties_of_two_messages_merge_and_the_first_value_stays() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let id = new_id();
    site.store(json!({ "id": id, "score": 9, "lang": "en", "properties": { "plan": "pro", "a.b": "1", "\"$[0]'": "é" } })).await;
    site.store(json!({ "id": id, "comment": "Good tea", "lang": "de", "properties": { "plan": "free", "seats": 5 } }))
        .await;
    let response = only(&site).await;
    assert_eq!(response["properties"], json!({ "plan": "pro", "a.b": "1", "\"$[0]'": "é", "seats": "5" }));
    assert_eq!(response["lang"], "en");
}

#[tokio::test]
async fn merged_messages_keep_at_most_20_properties() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let id = new_id();
    for part in 0..3 {
        let properties: serde_json::Map<String, Value> =
            (0..20).map(|nth| (format!("p{part}-{nth}"), json!("x"))).collect();
        site.post(&json!({ "id": id, "score": 9, "properties": properties })).await;
    }
    let kept = only(&site).await["properties"].as_object().unwrap().len();
    assert!(kept <= 20, "{kept} properties");
}

#[tokio::test]
async fn words_that_a_visitor_takes_back_are_gone_in_any_order() {
    let collector = Collector::shared();
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [1, 0, 2]] {
        let site = collector.site().await;
        let id = new_id();
        let messages = [
            json!({ "id": id, "score": 3, "comment": "My phone is 555", "elapsed_ms": 2_000 }),
            json!({ "id": id, "score": 3, "comment": "My phone", "elapsed_ms": 5_000 }),
            json!({ "id": id, "score": 3, "comment": "", "elapsed_ms": 9_000 }),
        ];
        for index in order {
            site.store(messages[index].clone()).await;
        }
        let response = only(&site).await;
        assert_eq!((&response["score"], &response["comment"]), (&json!(3), &Value::Null), "{order:?}");
        assert_eq!(site.score("").await["commented"], 0, "{order:?}");
        assert_eq!(site.responses_of("q=phone", 10).await, Vec::<Value>::new(), "{order:?}");
        site.store(json!({ "id": id, "comment": "Late", "elapsed_ms": 12_000 })).await;
        assert_eq!(only(&site).await["comment"], "Late", "{order:?}");
        // Without a time nobody knows which of the two is the later.
        site.store(json!({ "id": id, "shown": true, "comment": " " })).await;
        assert_eq!(only(&site).await["comment"], "Late", "{order:?}");
    }
}

#[tokio::test]
async fn answers_and_a_contact_that_are_taken_back_are_gone() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let id = new_id();
    // Also where the message that takes them back is the first to arrive.
    let taken_back = json!({ "id": id, "score": 3, "contact": " ", "elapsed_ms": 2_000,
        "answers": { "why": "", "parts": [], "gone": null } });
    site.store(taken_back.clone()).await;
    let response = only(&site).await;
    assert_eq!((&response["answers"], &response["contact"]), (&json!({}), &Value::Null));
    site.store(json!({ "id": id, "score": 3, "contact": "ann@shop.example", "elapsed_ms": 3_000,
        "answers": { "why": "private", "parts": ["price"], "best": "tea: null" } }))
        .await;
    let response = only(&site).await;
    assert_eq!(response["answers"], json!({ "why": "private", "parts": ["price"], "best": "tea: null" }));
    assert_eq!(response["contact"], "ann@shop.example");
    site.store(taken_back).await;
    let response = only(&site).await;
    assert_eq!(response["answers"], json!({ "best": "tea: null" }));
    assert_eq!(response["contact"], Value::Null);
    assert_eq!(site.responses_of("answered=true", 10).await.len(), 1, "one answer is left");
    // A message without the members takes nothing back.
    site.store(json!({ "id": id, "score": 3, "elapsed_ms": 4_000 })).await;
    assert_eq!(only(&site).await["answers"], json!({ "best": "tea: null" }));
}

#[tokio::test]
async fn the_last_list_of_consents_counts() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let id = new_id();
    let message = |consents: Value| json!({ "id": id, "score": 10, "shown": true, "consents": consents });
    for (given, stored) in [
        (json!([]), json!([])),
        (json!(["quote"]), json!(["quote"])),
        (json!(["reference", "publish"]), json!(["publish", "reference"])),
        (Value::Null, json!(["publish", "reference"])),
        (json!(["publish"]), json!(["publish"])),
        (json!([]), json!([])),
    ] {
        site.store(message(given.clone())).await;
        assert_eq!(only(&site).await["consents"], stored, "after {given}");
    }
    let csv = site.get("export?format=csv", &site.owner).await;
    let csv = String::from_utf8(csv.body).unwrap();
    assert!(!csv.contains("[]"), "{csv}");
    // Also within one request.
    site.store(json!([message(json!(["quote", "publish"])), message(json!(["quote"]))])).await;
    assert_eq!(only(&site).await["consents"], json!(["quote"]));
}

#[tokio::test]
async fn consents_that_were_taken_back_stay_away_in_any_order() {
    let collector = Collector::shared();
    let given = |id: &str, consents: Value, elapsed_ms: u32| json!({ "id": id, "score": 10, "shown": true, "consents": consents, "elapsed_ms": elapsed_ms });
    for last in [json!([]), json!(["quote"])] {
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1], [1, 0, 2], [0, 2, 1]] {
            let site = collector.site().await;
            let id = new_id();
            let sent = [
                given(&id, json!(["quote", "reference"]), 1_000),
                given(&id, json!(["reference"]), 2_000),
                given(&id, last.clone(), 3_000),
            ];
            for index in order {
                site.store(sent[index].clone()).await;
            }
            assert_eq!(only(&site).await["consents"], last, "{order:?}");
            // Twice, without the member, and without a time.
            site.store(sent[0].clone()).await;
            site.store(json!({ "id": id, "score": 10, "elapsed_ms": 4_000 })).await;
            site.store(json!({ "id": id, "consents": ["publish"] })).await;
            assert_eq!(only(&site).await["consents"], last, "{order:?}");
            // The visitor gives one again.
            site.store(given(&id, json!(["publish"]), 5_000)).await;
            assert_eq!(only(&site).await["consents"], json!(["publish"]), "{order:?}");
        }
    }
}

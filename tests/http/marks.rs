//! Marks: a response that is a test or spam is in no figure until the mark is taken back.

use serde_json::{Value, json};
use tests::{Collector, Site, new_id};

use crate::groups::{assert_recounted, site_with, store_mixed};

async fn mark(site: &Site, id: &str, mark: Value) -> Value {
    site.owner_request("PATCH", &format!("responses/{id}"), json!({ "mark": mark })).await.ok()
}

/// All figures of a site.
async fn figures(site: &Site) -> Value {
    let users = site.owner_request("POST", "users/lookup", json!({ "users": ["ann"] })).await.ok();
    let mut cases = site.owner_get("cases").await;
    cases.as_object_mut().unwrap().remove("next_due_at");
    json!({
        "score": site.score("range=30d&interval=day&compare=previous").await,
        "groups": site.score("group_by=plan").await,
        "channels": site.score("group_by=channel").await,
        "filtered": site.score("filter[plan]=pro").await,
        "badge": site.get("badge.json", "").await.ok(),
        "cases": cases,
        "open": site.responses_of("state=open", 50).await,
        "users": users,
        "listed": site.responses().await,
        "found": site.responses_of("q=late", 50).await,
    })
}

#[tokio::test]
async fn a_marked_response_is_in_no_figure_until_the_mark_is_taken_back() {
    let collector = Collector::shared();
    let site = site_with(&collector, &["plan"]).await;
    site.patch_settings(json!({ "badge": true })).await;
    store_mixed(&site, 60).await;
    let before = figures(&site).await;
    let id = new_id();
    site.store(
        json!({ "id": id, "score": 0, "shown": true, "comment": "Late", "user": "ann", "elapsed_ms": 900,
        "properties": { "plan": "pro" } }),
    )
    .await;
    let with = figures(&site).await;
    // The badge is a snapshot, which one response does not change.
    for figure in before.as_object().unwrap().keys().filter(|figure| *figure != "badge") {
        assert_ne!(before[figure], with[figure], "the response is in {figure}");
    }
    for name in ["spam", "test", "spam"] {
        let marked = mark(&site, &id, json!(name)).await;
        assert_eq!(marked["mark"], name, "{marked}");
        assert_eq!(figures(&site).await, before, "{name}");
        let listed = site.responses_of(&format!("marked={name}"), 50).await;
        assert_eq!(listed, std::slice::from_ref(&marked));
        let other = if name == "spam" { "test" } else { "spam" };
        assert!(site.responses_of(&format!("marked={other}"), 50).await.is_empty());
        assert_eq!(site.responses_of("marked=any", 50).await.len(), 61);
        assert_eq!(site.owner_get(&format!("responses/{id}")).await, marked);
        assert_eq!(site.owner_get("users/ann").await["responses"], json!([marked]), "it is about the person");
    }
    // A later message of the same impression changes no figure either.
    site.store(json!({ "id": id, "score": 10, "elapsed_ms": 2_000, "comment": "Later" })).await;
    assert_eq!(figures(&site).await, before);
    site.store(json!({ "id": id, "score": 0, "elapsed_ms": 2_100, "comment": "Late" })).await;
    assert_eq!(mark(&site, &id, Value::Null).await["mark"], Value::Null);
    let after = figures(&site).await;
    assert_eq!(after["score"]["distribution"], with["score"]["distribution"]);
    assert_eq!((&after["cases"], &after["users"]), (&with["cases"], &with["users"]));
    assert_eq!(
        after["groups"]["groups"].as_array().map(Vec::len),
        with["groups"]["groups"].as_array().map(Vec::len)
    );
    for property in ["plan", "channel"] {
        assert_recounted(&site, property).await;
    }
}

#[tokio::test]
async fn a_test_message_is_a_marked_response() {
    let collector = Collector::shared();
    let site = site_with(&collector, &["plan"]).await;
    let id = new_id();
    site.store(json!([
        { "id": id, "shown": true, "test": true, "properties": { "plan": "made up" } },
        { "id": id, "score": 3, "test": true, "elapsed_ms": 10 },
        { "id": new_id(), "score": 9, "test": false, "properties": { "plan": "real" } },
    ]))
    .await;
    let report = site.score("group_by=plan").await;
    assert_eq!((&report["scored"], &report["shown"]), (&json!(1), &json!(1)));
    assert!(!report.to_string().contains("made up"), "{report}");
    assert_eq!(site.responses().await.len(), 1);
    let tests = site.responses_of("marked=test", 50).await;
    assert_eq!((tests.len(), &tests[0]["score"]), (1, &json!(3)));
    mark(&site, &id, Value::Null).await;
    assert_recounted(&site, "plan").await;
    assert_eq!(site.score("").await["scored"], 2);
    site.post(&json!({ "id": new_id(), "score": 9, "test": "yes" })).await.invalid_at("/test");
}

#[tokio::test]
async fn an_export_has_the_marks_and_an_import_reads_them() {
    let collector = Collector::shared();
    let (site, copy) = (collector.site().await, collector.site().await);
    let ids = [new_id(), new_id(), new_id()];
    for id in &ids {
        site.store(json!({ "id": id, "score": 5, "shown": true })).await;
    }
    mark(&site, &ids[0], json!("spam")).await;
    mark(&site, &ids[1], json!("test")).await;
    for (format, content_type) in [("csv", "text/csv"), ("ndjson", "application/x-ndjson")] {
        let export = site.get(&format!("export?format={format}"), &site.owner).await;
        let text = String::from_utf8(export.body).unwrap();
        assert!(text.contains("spam") && text.contains("test"), "{text}");
        copy.import(text, "", content_type).await.ok();
        assert_eq!(copy.score("").await["scored"], 1, "{format}");
        assert_eq!(copy.responses_of("marked=spam", 50).await[0]["id"], ids[0]);
    }
    let plain = site.get("export?format=ndjson&marked=no", &site.owner).await;
    assert_eq!(String::from_utf8(plain.body).unwrap().lines().count(), 1);
}

#[tokio::test]
async fn an_unknown_mark_is_refused() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let id = new_id();
    site.store(json!({ "id": id, "score": 5 })).await;
    for wrong in [json!("junk"), json!(true), json!(1), json!("Spam"), json!({})] {
        let answer = site
            .owner_request("PATCH", &format!("responses/{id}"), json!({ "mark": wrong, "note": "x" }))
            .await;
        answer.invalid_at("/mark");
    }
    assert_eq!(site.responses().await[0]["note"], Value::Null, "nothing is changed by half");
    for wrong in ["junk", "", "all"] {
        assert_eq!(site.page(&format!("marked={wrong}")).await.status, 422);
    }
}

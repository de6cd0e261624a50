//! Closing the loop: what the owner does about a response.

use serde_json::{Value, json};
use tests::client::send;
use tests::ids::unix_ms;
use tests::{Collector, HttpResponse, Site, new_id};

async fn patch(site: &Site, id: &str, change: Value) -> HttpResponse {
    site.owner_request("PATCH", &format!("responses/{id}"), change).await
}

async fn one(site: &Site, id: &str) -> Value {
    site.owner_get(&format!("responses/{id}")).await
}

/// Stores a message and answers its id.
async fn store(site: &Site, mut message: Value) -> String {
    let id = new_id();
    message["id"] = json!(id);
    site.store(message).await;
    id
}

#[tokio::test]
async fn a_scored_response_with_a_user_or_contact_opens_a_case() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for (message, state, is_due) in [
        (json!({ "score": 3 }), Value::Null, false),
        (json!({ "score": 3, "user": "ann" }), json!("open"), true),
        (json!({ "score": 6, "contact": "ann@example.org" }), json!("open"), true),
        (json!({ "score": 7, "contact": "ann@example.org" }), json!("open"), false),
        (json!({ "score": 10, "user": "bob" }), json!("open"), false),
        (json!({ "shown": true, "user": "bob" }), Value::Null, false),
        (json!({ "contact": "ann@example.org" }), Value::Null, false),
    ] {
        let id = store(&site, message.clone()).await;
        let shown = one(&site, &id).await;
        assert_eq!(shown["state"], state, "{message}");
        let due = shown["due_at"].as_str().map(unix_ms);
        let expected = is_due.then(|| unix_ms(shown["at"].as_str().unwrap()) + tests::DAY_MS);
        assert_eq!(due, expected, "a detractor waits a day at most: {message}");
    }
}

#[tokio::test]
async fn score_and_contact_open_a_case_in_either_order() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for (first, then) in [
        (json!({ "score": 3 }), json!({ "contact": "ann@example.org" })),
        (json!({ "contact": "ann@example.org" }), json!({ "score": 3 })),
        (json!({ "score": 3 }), json!({ "shown": true, "user": "ann" })),
        (json!({ "shown": true, "user": "ann" }), json!({ "score": 3 })),
    ] {
        let id = store(&site, first.clone()).await;
        let mut then = then;
        then["id"] = json!(id);
        site.store(then.clone()).await;
        let shown = one(&site, &id).await;
        assert_eq!((&shown["state"], shown["due_at"].is_null()), (&json!("open"), false), "{first}, {then}");
    }
    let id = store(&site, json!({ "score": 3, "user": "ann", "elapsed_ms": 1_000 })).await;
    site.store(json!({ "id": id, "score": 9, "elapsed_ms": 2_000 })).await;
    assert_eq!(one(&site, &id).await["due_at"], Value::Null, "the visitor was no detractor in the end");
}

#[tokio::test]
async fn a_patch_changes_the_named_fields_only_and_null_clears_them() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let id = store(&site, json!({ "score": 3, "contact": "ann@example.org", "comment": "Cold" })).await;
    let mut expected = one(&site, &id).await;
    for (name, given, kept) in [
        ("tags", json!(["late", " cold ", "late"]), json!(["late", "cold"])),
        ("note", json!("Called her.\nShe is fine."), json!("Called her.\nShe is fine.")),
        ("assignee", json!(" Bob "), json!("Bob")),
        ("tags", json!(null), json!([])),
        ("note", json!(""), json!(null)),
        ("assignee", json!(null), json!(null)),
    ] {
        expected[name] = kept;
        assert_eq!(patch(&site, &id, json!({ name: given })).await.ok(), expected, "{name}");
    }
    let taken = patch(&site, &id, json!({ "state": "in_progress" })).await.ok();
    let contacted = taken["contacted_at"].as_str().expect("the first step is the first contact").to_owned();
    expected["state"] = json!("in_progress");
    expected["contacted_at"] = json!(contacted);
    assert_eq!(taken, expected);
    for state in ["done", "open", "done"] {
        expected["state"] = json!(state);
        assert_eq!(patch(&site, &id, json!({ "state": state })).await.ok(), expected);
    }
    assert_eq!(site.responses().await, [expected], "the list says the same");
}

#[tokio::test]
async fn each_invalid_patch_is_named_and_changes_nothing() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let id = store(&site, json!({ "score": 3 })).await;
    let before = one(&site, &id).await;
    let many: Vec<String> = (0..21).map(|nth| nth.to_string()).collect();
    for (change, pointer) in [
        (json!({ "tags": "late" }), "/tags"),
        (json!({ "tags": many }), "/tags"),
        (json!({ "tags": ["late", ""] }), "/tags/1"),
        (json!({ "tags": ["x".repeat(41)] }), "/tags/0"),
        (json!({ "tags": [7] }), "/tags/0"),
        (json!({ "note": 7 }), "/note"),
        (json!({ "note": "x".repeat(2_001) }), "/note"),
        (json!({ "state": "closed" }), "/state"),
        (json!({ "state": null }), "/state"),
        (json!({ "assignee": "x".repeat(101) }), "/assignee"),
        (json!({ "assignee": "two\nlines" }), "/assignee"),
        (json!({ "score": 10 }), "/score"),
        (json!({ "note": "ok", "state": "closed" }), "/state"),
        (json!([]), ""),
    ] {
        patch(&site, &id, change).await.invalid_at(pointer);
    }
    let shown = store(&site, json!({ "shown": true })).await;
    patch(&site, &shown, json!({ "state": "open" })).await.invalid_at("/state");
    assert_eq!(one(&site, &id).await, before);
    for missing in [new_id(), "x".into(), "%20".into()] {
        patch(&site, &missing, json!({ "note": "x" })).await.problem(404);
        site.get(&format!("responses/{missing}"), &site.owner).await.problem(404);
    }
}

#[tokio::test]
async fn a_stale_if_match_gets_412() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let id = store(&site, json!({ "score": 3 })).await;
    let endpoint = format!("responses/{id}");
    let etag = site.get(&endpoint, &site.owner).await.header("etag").to_owned();
    let change = |note: &str| {
        let request = site.asking("PATCH", &endpoint, &site.owner).header("if-match", etag.clone());
        send(request.json(&json!({ "note": note })))
    };
    let changed = change("Ann is at it").await;
    changed.ok();
    assert_eq!(change("Bob is at it").await.problem(412)["etag"], changed.header("etag"));
    assert_eq!(one(&site, &id).await["note"], "Ann is at it");
    let known = site.asking("GET", &endpoint, &site.owner).header("if-none-match", changed.header("etag"));
    assert_eq!(send(known).await.status, 304);
}

#[tokio::test]
async fn cases_are_counted_with_the_median_time_to_the_first_contact() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let empty = json!({
        "open": 0, "in_progress": 0, "done": 0, "overdue": 0, "next_due_at": null, "contacted": 0,
        "median_hours_to_first_contact": null,
    });
    assert_eq!(site.get("cases", &site.read).await.ok(), empty, "a read key may see it");
    let mut ids = Vec::new();
    for score in [0, 3, 6, 7, 10] {
        ids.push(store(&site, json!({ "score": score, "contact": "ann@example.org" })).await);
    }
    let first_due = one(&site, &ids[0]).await["due_at"].clone();
    let cases = site.owner_get("cases").await;
    assert_eq!(
        (&cases["open"], &cases["overdue"], &cases["next_due_at"]),
        (&json!(5), &json!(0), &first_due)
    );
    patch(&site, &ids[0], json!({ "state": "done" })).await.ok();
    patch(&site, &ids[1], json!({ "state": "in_progress" })).await.ok();
    // Answers of long ago, answered for now: 100 hours and 300 hours after they came.
    let old = |hours: u64| tests::ids::iso(tests::now_ms() - hours * 3_600_000);
    site.import_csv(format!("at,score\n{},2\n{},9\n", old(100), old(300)), "").await;
    for response in site.responses_of("filter[channel]=import", 50).await {
        patch(&site, response["id"].as_str().unwrap(), json!({ "state": "in_progress" })).await.ok();
    }
    let cases = site.owner_get("cases").await;
    let counts =
        ["open", "in_progress", "done", "overdue", "contacted"].map(|name| cases[name].as_u64().unwrap());
    assert_eq!(counts, [3, 3, 1, 1, 4], "{cases}");
    let median = cases["median_hours_to_first_contact"].as_f64().unwrap();
    assert!((49.9..50.1).contains(&median), "the mean of the middle two, 0 and 100: {cases}");
    assert_eq!(site.responses_of("state=overdue", 50).await.len(), 1);
}

#[tokio::test]
async fn a_read_key_sees_no_response_and_changes_none() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let id = store(&site, json!({ "score": 3 })).await;
    let endpoint = format!("responses/{id}");
    for method in ["GET", "PATCH", "DELETE"] {
        let request = |key: &str| send(site.asking(method, &endpoint, key).body("{\"note\":\"x\"}"));
        request(&site.read).await.problem(403);
        request("").await.problem(401);
    }
    assert_eq!(one(&site, &id).await["note"], Value::Null);
}

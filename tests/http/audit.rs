//! The audit log: who changed, exported or erased what.

use reqwest::Method;
use serde_json::{Value, json};
use tests::client::send;
use tests::{Collector, Site, new_id};

/// Action and object of every entry, newest first, requested in pages of that many entries.
async fn entries(site: &Site, limit: usize) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let mut page = site.owner_get(&format!("audit?limit={limit}{cursor}")).await;
        let entries = page["entries"].as_array_mut().unwrap();
        assert!(entries.len() <= limit);
        all.append(entries);
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

fn actions(entries: &[Value]) -> Vec<(&str, Option<&str>)> {
    entries.iter().rev().map(|entry| (entry["action"].as_str().unwrap(), entry["object"].as_str())).collect()
}

/// Creates something of the site and returns its id.
async fn create(site: &Site, endpoint: &str, body: Value) -> String {
    let answer = site.owner_request("POST", endpoint, body).await;
    assert_eq!(answer.status, 201, "{answer}");
    answer.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn each_change_and_each_export_has_one_entry() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let (first, second) = (new_id(), new_id());
    site.store(json!([{ "id": first, "score": 9, "user": "ann@tea.example" }, { "id": second, "score": 3 }]))
        .await;
    site.patch_settings(json!({ "timezone": "Europe/Warsaw" })).await;
    assert_eq!(site.owner_request("PUT", "survey", json!({ "delay_seconds": 3 })).await.status, 200);
    let key = create(&site, "keys", json!({ "role": "read", "name": "Board" })).await;
    let note = create(&site, "notes", json!({ "text": "Free returns" })).await;
    let webhook =
        create(&site, "webhooks", json!({ "url": "http://127.0.0.1:9/", "events": ["digest.weekly"] })).await;
    for (method, path, body, status) in [
        ("PATCH", format!("responses/{first}"), json!({ "tags": ["tea"] }), 200),
        ("DELETE", format!("responses/{second}"), Value::Null, 204),
        ("GET", "users/ann@tea.example".into(), Value::Null, 200),
        ("DELETE", "users/ann@tea.example".into(), Value::Null, 200),
        ("PATCH", format!("notes/{note}"), json!({ "text": "Returns" }), 200),
        ("DELETE", format!("notes/{note}"), Value::Null, 204),
        ("PATCH", format!("webhooks/{webhook}"), json!({ "name": "Chat" }), 200),
        ("POST", format!("webhooks/{webhook}/rotate"), json!({}), 200),
        ("DELETE", format!("webhooks/{webhook}"), Value::Null, 204),
        ("GET", "export".into(), Value::Null, 200),
        ("DELETE", format!("keys/{key}"), Value::Null, 204),
    ] {
        let answer = site.owner_request(method, &path, body).await;
        assert_eq!(answer.status, status, "{method} {path}: {answer}");
    }
    let lines: String = (0..5_000).map(|nth| format!("{},2026-01-01,{nth}\n", nth % 11)).collect();
    site.import(format!("score,at,nth\n{lines}"), "", "text/csv").await.ok();

    let log = entries(&site, 100).await;
    let (first, second) = (Some(&*first), Some(&*second));
    let (key, note, webhook) = (Some(&*key), Some(&*note), Some(&*webhook));
    let expected = [
        ("site.created", None),
        ("settings.changed", None),
        ("survey.changed", None),
        ("key.created", key),
        ("note.created", note),
        ("webhook.created", webhook),
        ("response.changed", first),
        ("response.erased", second),
        ("user.exported", None),
        ("user.erased", None),
        ("note.changed", note),
        ("note.deleted", note),
        ("webhook.changed", webhook),
        ("webhook.rotated", webhook),
        ("webhook.deleted", webhook),
        ("responses.exported", None),
        ("key.revoked", key),
        ("responses.imported", None),
    ];
    assert_eq!(actions(&log), expected);
    assert!(!json!(log).to_string().contains("ann"), "no personal data: {log:?}");
    assert!(log.is_sorted_by(|a, b| a["at"].as_str() >= b["at"].as_str()));
    for limit in [1, 5, 18] {
        assert_eq!(entries(&site, limit).await, log, "pages of {limit}");
    }
}

#[tokio::test]
async fn an_entry_names_its_key_and_the_operator() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let created = site.owner_request("POST", "keys", json!({ "role": "owner", "name": "Ben" })).await.json();
    let ben = site.with_owner_key(created["key"].as_str().unwrap());
    ben.patch_settings(json!({ "badge": true })).await;
    let path = format!("{}/v1/sites/{}/keys", collector.url(), site.id);
    let minted = collector.http().request(Method::POST, path).bearer_auth(collector.admin_token());
    let minted = send(minted.json(&json!({ "role": "owner", "name": "Lost" }))).await.json();
    let log = entries(&site, 100).await;
    let who = |entry: &Value| json!([entry["role"], entry["key_id"], entry["key_name"]]);
    assert_eq!((&log[0]["action"], &log[0]["object"]), (&json!("key.created"), &minted["id"]));
    assert_eq!(who(&log[0]), json!(["admin", null, null]));
    assert_eq!(log[1]["action"], "settings.changed");
    assert_eq!(who(&log[1]), json!(["owner", created["id"], "Ben"]));
    assert_eq!(who(&log[2])[2], Value::Null, "the first key has no name");
    // The name stays when the key is gone.
    let revoke = format!("keys/{}", created["id"].as_str().unwrap());
    assert_eq!(site.owner_request("DELETE", &revoke, Value::Null).await.status, 204);
    assert_eq!(who(&entries(&site, 100).await[2]), json!(["owner", created["id"], "Ben"]));
}

#[tokio::test]
async fn what_fails_or_only_reads_has_no_entry() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for endpoint in ["", "survey", "score", "responses", "keys", "usage", "audit", "notes", "webhooks"] {
        site.owner_get(endpoint).await;
    }
    site.owner_request("PATCH", "", json!({ "name": "" })).await.problem(422);
    site.owner_request("PUT", "survey", json!({ "colour": "red" })).await.problem(422);
    site.owner_request("DELETE", &format!("responses/{}", new_id()), Value::Null).await.problem(404);
    site.owner_request("DELETE", "keys/000000000000", Value::Null).await.problem(404);
    site.import("score\n11\n", "", "text/csv").await.problem(422);
    site.store(json!({ "id": new_id(), "score": 9 })).await;
    assert_eq!(actions(&entries(&site, 100).await), [("site.created", None)]);
    for (key, status) in [(&site.read, 403), (&"wrong".to_owned(), 401)] {
        site.get("audit", key).await.problem(status);
    }
    for (query, pointer) in
        [("limit=0", "limit"), ("cursor=x", "cursor"), ("cursor=-1", "cursor"), ("key=1", "key")]
    {
        site.get(&format!("audit?{query}"), &site.owner).await.invalid_at(pointer);
    }
}

#[tokio::test]
async fn a_flood_of_one_action_keeps_the_others() {
    let collector = Collector::start();
    let site = collector.site().await;
    let mut calls = tokio::task::JoinSet::new();
    for nth in 0..1_200 {
        let site = site.clone();
        calls.spawn(async move { site.patch_settings(json!({ "badge": nth % 2 == 0 })).await });
    }
    calls.join_all().await;
    let log = entries(&site, 1_000).await;
    let changes = log.iter().filter(|entry| entry["action"] == "settings.changed").count();
    assert!((1_000..1_050).contains(&changes), "{changes}");
    assert_eq!(log.last().unwrap()["action"], "site.created");
}

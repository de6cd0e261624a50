//! Data subject requests: everything stored about a user can be read, and erased without a trace.

use reqwest::Url;
use serde_json::{Value, json};
use tests::client::send;
use tests::{Collector, Site, new_id};

use crate::groups::{assert_recounted, site_with};

/// A name that has to be escaped in an address, and would be recognised anywhere.
const USER: &str = "Ann Marker/öl+1@example.org?x=1&y#z%41";

/// The address of a user.
fn user(name: &str) -> String {
    let mut url = Url::parse("http://x").unwrap();
    url.path_segments_mut().unwrap().push("users").push(name);
    url.path()[1..].to_owned()
}

/// Creates responses of three users and of no user, two each, with words that no other user has.
async fn mixed(collector: &Collector) -> Site {
    let site = site_with(collector, &["plan"]).await;
    for (name, word) in
        [(Some(USER), "marmalade"), (Some("bob"), "treacle"), (Some("cat"), "honey"), (None, "sugar")]
    {
        for score in [3, 9] {
            let mut message = json!({
                "id": new_id(), "score": score, "shown": true, "comment": format!("Too much {word}"), "elapsed_ms": 2_000,
                "contact": format!("{word}@example.org"), "properties": { "plan": word },
            });
            if let Some(name) = name {
                message["user"] = json!(name);
            }
            site.store(message).await;
        }
    }
    site
}

async fn export(site: &Site) -> String {
    String::from_utf8(site.get("export", &site.owner).await.body).unwrap()
}

#[tokio::test]
async fn a_user_id_appears_in_no_file() {
    let mut collector = Collector::start();
    let site = mixed(&collector).await;
    site.owner_request("POST", "users/lookup", json!({ "users": [USER] })).await.ok();
    site.owner_get(&user(USER)).await;
    site.due(USER).await;
    site.responses_of("user=Ann%20Marker", 50).await;
    let look = |collector: &Collector| {
        for name in [USER, "Ann Marker", "Marker/"] {
            assert!(collector.files_with(name).is_empty(), "{name} in {:?}", collector.files_with(name));
        }
        assert!(!collector.files_with("marmalade").is_empty(), "the look itself works");
    };
    look(&collector);
    collector.restart();
    look(&collector);
    let text = collector.again(&site).state().await.to_string();
    assert!(!text.contains("Ann Marker"), "{text}");
}

#[tokio::test]
async fn a_user_has_different_digests_on_two_sites() {
    let collector = Collector::shared();
    let (site, other) = (collector.site().await, collector.site().await);
    for site in [&site, &other] {
        site.store(json!({ "id": new_id(), "score": 9, "user": USER })).await;
    }
    let (here, there) = (site.responses().await, other.responses().await);
    assert_ne!(here[0]["user"], there[0]["user"], "nothing tells that it is the same person");
    assert_eq!(other.owner_request("DELETE", &user(USER), Value::Null).await.ok(), json!({ "erased": 1 }));
    assert_eq!(site.owner_get(&user(USER)).await["responses"], json!(here));
}

#[tokio::test]
async fn all_responses_of_a_user_can_be_read() {
    let collector = Collector::shared();
    let site = mixed(&collector).await;
    let all = site.responses().await;
    for (name, word) in [(USER, "marmalade"), ("bob", "treacle")] {
        let expected: Vec<&Value> =
            all.iter().filter(|response| response["comment"].as_str().unwrap().ends_with(word)).collect();
        assert_eq!(site.owner_get(&user(name)).await, json!({ "user": name, "responses": expected }));
    }
    assert_eq!(site.owner_get(&user("nobody")).await["responses"], json!([]));
    for key in [&site.read, ""] {
        let answer = send(site.asking("GET", &user("bob"), key)).await;
        assert!([401, 403].contains(&answer.status), "{answer}");
    }
}

#[tokio::test]
async fn users_are_listed_with_impressions_answers_and_dismissals() {
    let collector = Collector::shared();
    let site = mixed(&collector).await;
    site.store(json!({ "id": new_id(), "shown": true, "user": "silent" })).await;
    site.store(json!({ "id": new_id(), "dismissed": true, "user": "busy" })).await;
    let query = json!({ "users": [USER, "silent", "never asked", "busy", "bob"] });
    let listed = site.owner_request("POST", "users/lookup", query).await.ok()["users"].take();
    let counts: Vec<(&str, u64, u64, u64)> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let number = |name: &str| it[name].as_u64().unwrap();
            (it["user"].as_str().unwrap(), number("showings"), number("answers"), number("dismissals"))
        })
        .collect();
    let expected =
        [(USER, 2, 2, 0), ("silent", 1, 0, 0), ("never asked", 0, 0, 0), ("busy", 1, 0, 1), ("bob", 2, 2, 0)];
    assert_eq!(counts, expected, "in the order of the question");
    assert!(listed[0]["last_answered_at"].is_string() && listed[1]["last_answered_at"].is_null(), "{listed}");
    assert!(listed[1]["last_shown_at"].is_string() && listed[2]["last_shown_at"].is_null(), "{listed}");
    let many: Vec<String> = (0..1_001).map(|nth| nth.to_string()).collect();
    for (wrong, pointer) in [
        (json!({}), "/users"),
        (json!({ "users": [] }), "/users"),
        (json!({ "users": many }), "/users"),
        (json!({ "users": ["ann", ""] }), "/users/1"),
        (json!({ "users": [7] }), "/users/0"),
        (json!({ "users": ["ann"], "x": 1 }), "/x"),
        (json!(["ann"]), "/users"),
    ] {
        site.owner_request("POST", "users/lookup", wrong).await.invalid_at(pointer);
    }
}

#[tokio::test]
async fn erasing_a_user_removes_every_trace_of_that_user_only() {
    let collector = Collector::shared();
    let site = mixed(&collector).await;
    let others: Vec<Value> =
        site.responses().await.into_iter().filter(|it| it["comment"] != "Too much marmalade").collect();
    assert_eq!(others.len(), 6);
    assert_eq!(site.owner_request("DELETE", &user(USER), Value::Null).await.ok(), json!({ "erased": 2 }));
    assert_eq!(site.responses().await, others);
    assert_eq!(site.owner_get(&user(USER)).await["responses"], json!([]));
    assert!(site.responses_of("q=marmalade", 50).await.is_empty());
    assert!(!export(&site).await.contains("marmalade"));
    let listed = site.owner_request("POST", "users/lookup", json!({ "users": [USER] })).await.ok();
    assert_eq!(listed["users"][0]["showings"], 0);
    assert_recounted(&site, "plan").await;
    let report = site.score("group_by=plan").await;
    assert_eq!(
        (&report["scored"], &report["shown"], &report["commented"]),
        (&json!(6), &json!(6), &json!(6))
    );
    assert!(!report.to_string().contains("marmalade"), "not even as the name of an empty group");
    let due = site.due(USER).await;
    assert_eq!(due["due"], true, "as if never asked");
    assert_eq!(
        site.owner_request("DELETE", &user(USER), Value::Null).await.ok(),
        json!({ "erased": 0 }),
        "twice is fine"
    );
}

#[tokio::test]
async fn erasing_a_response_removes_every_trace_of_it() {
    let collector = Collector::shared();
    let site = mixed(&collector).await;
    let erased = site.responses_of("q=sugar", 50).await.remove(0);
    let endpoint = format!("responses/{}", erased["id"].as_str().unwrap());
    assert_eq!(site.owner_request("DELETE", &endpoint, Value::Null).await.status, 204);
    site.owner_request("DELETE", &endpoint, Value::Null).await.problem(404);
    site.get(&endpoint, &site.owner).await.problem(404);
    let left = site.responses().await;
    assert!(left.len() == 7 && left.iter().all(|response| response["id"] != erased["id"]));
    assert_eq!(site.responses_of("q=sugar", 50).await.len(), 1);
    assert_eq!(site.score("").await["scored"], 7);
    assert_recounted(&site, "plan").await;
    assert_eq!(site.owner_get("cases").await["open"], 7);
    for key in [&site.read, ""] {
        let answer = send(site.asking("DELETE", &endpoint, key)).await;
        assert!([401, 403].contains(&answer.status), "{answer}");
    }
}

#[tokio::test]
async fn hostile_property_values_do_not_block_erasure() {
    let collector = Collector::shared();
    let site = site_with(&collector, &["plan"]).await;
    let mut ids = Vec::new();
    for plan in ["pro", "\u{0}1", "\u{0}", "\u{0}2", "\u{7f}", "'); DROP TABLE response; --"] {
        let id = new_id();
        let answer = site.post(&json!({ "id": id, "score": 9, "properties": { "plan": plan } })).await;
        assert!([200, 422].contains(&answer.status), "{plan:?}: {answer}");
        if answer.status == 200 {
            ids.push(id);
        }
    }
    for (erased, id) in ids.iter().enumerate() {
        let answer = site.owner_request("DELETE", &format!("responses/{id}"), Value::Null).await;
        assert_eq!(answer.status, 204, "{answer}");
        let left = site.score("group_by=plan").await;
        assert_eq!(left["scored"], ids.len() - erased - 1, "{left}");
    }
    assert_eq!(site.score("group_by=plan").await["groups"], json!([]));
}

#[tokio::test]
async fn hostile_texts_break_no_owner_endpoint() {
    let collector = Collector::shared();
    let site = site_with(&collector, &["plan", "page", "lang"]).await;
    let mut ids = Vec::new();
    for text in
        ["a\u{0}b", "\u{0}", "\u{1b}[31m", "\u{202e}evil", "\u{ffff}", "\"'`;--", "%_*", "🫖👩‍👩‍👧", "\u{fdfa}"]
    {
        let id = new_id();
        let message = json!({
            "id": id, "score": 3, "comment": text, "lang": text, "page": format!("/{text}"), "user": text, "contact": text,
            "properties": { "plan": text, "key": text }, "answers": { "why": text },
        });
        let answer = site.post(&message).await;
        assert!([200, 422].contains(&answer.status), "{text:?}: {answer}");
        if answer.status == 200 {
            ids.push(id);
        }
    }
    assert_eq!(site.responses().await.len(), ids.len());
    for property in ["plan", "page", "lang"] {
        assert_recounted(&site, property).await;
    }
    assert_eq!(csv::Reader::from_reader(export(&site).await.as_bytes()).records().count(), ids.len());
    for query in
        ["q=a", "q=%F0%9F%AB%96a", "q=b%22%27--", "tag=%25", "filter[plan]=%25_*", "user=%22%27%60;--"]
    {
        site.page(query).await.ok();
    }
    for id in &ids {
        let change = json!({ "tags": ["%_*"], "note": "\u{202e}", "state": "done" });
        site.owner_request("PATCH", &format!("responses/{id}"), change).await.ok();
        assert_eq!(site.owner_request("DELETE", &format!("responses/{id}"), Value::Null).await.status, 204);
    }
    assert_eq!(site.score("").await["scored"], 0);
}

//! The keys of a site: made, listed and revoked by its owner.

use serde_json::{Value, json};
use tests::client::send;
use tests::{Collector, Site, new_id};

/// A new key and what is listed of it.
async fn make(site: &Site, parameters: Value) -> (String, Value) {
    let answer = site.owner_request("POST", "keys", parameters).await;
    assert_eq!(answer.status, 201, "{answer}");
    let mut made = answer.json();
    let key = made.as_object_mut().unwrap().remove("key").unwrap();
    (key.as_str().unwrap().to_owned(), made)
}

async fn list(site: &Site) -> Vec<Value> {
    site.owner_get("keys").await["keys"].as_array().unwrap().clone()
}

async fn revoke(site: &Site, key: &Value) -> u16 {
    site.owner_request("DELETE", &format!("keys/{}", key["id"].as_str().unwrap()), Value::Null).await.status
}

#[tokio::test]
async fn a_key_is_shown_once_and_listed_without_its_secret() {
    let collector = Collector::start();
    let site = collector.site().await;
    let (key, made) =
        make(&site, json!({ "role": "read", "name": "Dashboard", "expires": "2099-12-31" })).await;
    assert!(key.starts_with("grapevine_read_"), "{key}");
    assert_eq!((&made["role"], &made["name"]), (&json!("read"), &json!("Dashboard")));
    assert_eq!(made["expires_at"], "2100-01-01T00:00:00.000Z", "the whole of its last day");
    assert_eq!(site.get("score", &key).await.status, 200);
    let keys = list(&site).await;
    assert_eq!(keys.len(), 3);
    let listed = keys.iter().find(|listed| listed["id"] == made["id"]).unwrap();
    assert!(listed["last_used_at"].is_string() && made["last_used_at"].is_null(), "{listed}");
    let current: Vec<&Value> = keys.iter().filter(|listed| listed["current"] == true).collect();
    assert_eq!((current.len(), &current[0]["role"]), (1, &json!("owner")), "the key that asks");
    let text = json!(keys).to_string();
    for secret in [&key, &site.owner, &site.read] {
        assert!(
            !text.contains(secret.as_str()) && !text.contains(&collector_core::api_key::key_digest(secret)),
            "{text}"
        );
        assert!(collector.files_with(secret).is_empty(), "a key is kept as its digest");
    }
}

#[tokio::test]
async fn a_revoked_key_gets_401() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for role in ["owner", "read", "share"] {
        let (key, made) = make(&site, json!({ "role": role })).await;
        assert_eq!(site.get("score", &key).await.status, 200);
        assert_eq!(revoke(&site, &made).await, 204);
        site.get("score", &key).await.problem(401);
        assert_eq!(revoke(&site, &made).await, 404);
    }
    assert_eq!(list(&site).await.len(), 2);
}

#[tokio::test]
async fn the_last_owner_key_cannot_be_revoked() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let current = list(&site).await.into_iter().find(|key| key["current"] == true).unwrap();
    assert_eq!(revoke(&site, &current).await, 409);
    make(&site, json!({ "role": "owner", "expires": "2099-12-31" })).await;
    assert_eq!(revoke(&site, &current).await, 409, "one that ends by itself is none to rely on");
    let (second, _) = make(&site, json!({ "role": "owner", "name": "Second" })).await;
    assert_eq!(revoke(&site, &current).await, 204);
    site.get("keys", &site.owner).await.problem(401);
    let site = site.with_owner_key(&second);
    let current = list(&site).await.into_iter().find(|key| key["current"] == true).unwrap();
    assert_eq!(current["name"], "Second");
    assert_eq!(revoke(&site, &current).await, 409);
}

#[tokio::test]
async fn each_invalid_key_request_is_named() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for (parameters, pointer) in [
        (json!({}), "/role"),
        (json!({ "role": "admin" }), "/role"),
        (json!({ "role": "read", "name": 7 }), "/name"),
        (json!({ "role": "read", "name": "x".repeat(101) }), "/name"),
        (json!({ "role": "read", "expires": "2020-01-01" }), "/expires"),
        (json!({ "role": "read", "expires": "tomorrow" }), "/expires"),
        (json!({ "role": "read", "key": "grapevine_read_mine" }), "/key"),
        (json!([]), ""),
    ] {
        site.owner_request("POST", "keys", parameters).await.invalid_at(pointer);
    }
    site.owner_request("DELETE", "keys/nothing", Value::Null).await.problem(404);
    assert_eq!(list(&site).await.len(), 2);
}

/// Requests that need the owner role: a method and an endpoint.
const OWNERS: [(&str, &str); 18] = [
    ("GET", ""),
    ("PATCH", ""),
    ("PUT", "survey"),
    ("GET", "survey"),
    ("GET", "responses"),
    ("GET", "export"),
    ("POST", "import"),
    ("GET", "keys"),
    ("POST", "keys"),
    ("DELETE", "keys/x"),
    ("POST", "notes"),
    ("DELETE", "notes/x"),
    ("GET", "webhooks"),
    ("POST", "webhooks"),
    ("POST", "users/lookup"),
    ("GET", "users/ann"),
    ("DELETE", "users/ann"),
    ("GET", "usage"),
];

#[tokio::test]
async fn read_and_share_keys_get_403_on_owner_endpoints() {
    let collector = Collector::shared();
    let site = collector.site().await;
    site.store(json!({ "id": new_id(), "score": 9, "comment": "Good tea", "user": "ann" })).await;
    let before = site.state().await;
    let (share, _) = make(&site, json!({ "role": "share" })).await;
    for (key, more, less) in [(&site.read, vec!["cases"], vec![]), (&share, vec![], vec!["cases"])] {
        for endpoint in [vec!["score", "notes"], more].concat() {
            assert_eq!(site.get(endpoint, key).await.status, 200, "{endpoint}");
        }
        for endpoint in less {
            site.get(endpoint, key).await.problem(403);
        }
        for (method, endpoint) in OWNERS {
            let request = site.asking(method, endpoint, key).header("content-type", "text/csv");
            let answer = send(request.body("{}")).await;
            assert_eq!(answer.status, 403, "{method} {endpoint}: {answer}");
        }
    }
    assert_eq!(site.state().await, before);
}

#[tokio::test]
async fn a_key_in_the_url_is_a_share_key_and_opens_score_and_notes_only() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for _ in 0..5 {
        site.store(json!({ "id": new_id(), "score": 9 })).await;
    }
    let (share, made) = make(&site, json!({ "role": "share" })).await;
    let linked = |endpoint: &str, key: &str| send(site.asking("GET", &format!("{endpoint}?key={key}"), ""));
    assert_eq!(linked("score", &share).await.ok()["scored"], 5);
    let asked = send(site.asking("GET", &format!("score?range=7d&key={share}&interval=week"), "")).await;
    assert!([1, 2].contains(&asked.ok()["series"].as_array().unwrap().len()));
    for endpoint in ["responses", "export", "cases", "keys", "survey", "webhooks", ""] {
        let answer = linked(endpoint, &share).await;
        assert!([401, 403].contains(&answer.status), "{endpoint}: {answer}");
    }
    for key in [&site.owner, &site.read, collector.admin_token()] {
        for endpoint in ["score", "notes", "responses", ""] {
            linked(endpoint, key).await.problem(401);
        }
    }
    let notes = linked("notes", &share).await;
    assert_eq!(notes.status, 200, "{notes}");
    assert_eq!(revoke(&site, &made).await, 204);
    linked("score", &share).await.problem(401);
}

#[tokio::test]
async fn each_key_learns_its_role_and_end_and_nothing_of_others() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let (share, made) =
        make(&site, json!({ "role": "share", "name": "Secret buyer", "expires": "2099-12-31" })).await;
    assert_eq!(
        site.get("keys/current", &share).await.ok(),
        json!({ "role": "share", "expires_at": "2100-01-01T00:00:00.000Z" })
    );
    for (role, key) in [("owner", &site.owner), ("read", &site.read)] {
        assert_eq!(site.get("keys/current", key).await.ok(), json!({ "role": role, "expires_at": null }));
    }
    site.get("keys/current", collector.admin_token()).await.problem(401);
    assert_eq!(revoke(&site, &made).await, 204);
    site.get("keys/current", &share).await.problem(401);
}

#[tokio::test]
async fn a_share_key_sees_public_notes_only() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for (text, public) in [("Free returns", true), ("Fired Bob", false)] {
        assert_eq!(
            site.owner_request("POST", "notes", json!({ "text": text, "public": public })).await.status,
            201
        );
    }
    let (share, _) = make(&site, json!({ "role": "share" })).await;
    let notes = site.get("notes", &share).await.ok();
    let texts: Vec<&Value> = notes["notes"].as_array().unwrap().iter().map(|note| &note["text"]).collect();
    assert_eq!(texts, ["Free returns"]);
    assert_eq!(site.get("notes", &site.read).await.ok()["notes"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_key_of_another_site_gets_401() {
    let collector = Collector::shared();
    let (site, other) = (collector.site().await, collector.site().await);
    let (share, _) = make(&other, json!({ "role": "share" })).await;
    let (owner, made) = make(&other, json!({ "role": "owner" })).await;
    for key in [&share, &owner, &other.owner, &other.read] {
        for endpoint in ["score", "notes", "cases", "responses", "keys", ""] {
            site.get(endpoint, key).await.problem(401);
        }
    }
    let id = made["id"].as_str().unwrap();
    site.owner_request("DELETE", &format!("keys/{id}"), Value::Null).await.problem(404);
    assert_eq!(other.get("score", &owner).await.status, 200);
}

#[tokio::test]
async fn two_admin_tokens_are_valid_during_a_rotation() {
    let (first, second) = (&*"first-token-".repeat(3), &*"second-token-".repeat(3));
    let mut collector = Collector::start_with(|options| options.admin_token = first.into());
    let with = |collector: &Collector, token: &str| {
        let request = collector.http().post(collector.url() + "/v1/sites").bearer_auth(token);
        send(request.json(&json!({ "name": "Tea shop" })))
    };
    assert_eq!(with(&collector, first).await.status, 201);
    with(&collector, second).await.problem(401);
    for both in [format!("{first} {second}"), format!("{second},{first}"), format!(" {first}\n, {second} ")] {
        collector.restart_with(|options| options.admin_token = both.clone());
        for token in [first, second] {
            assert_eq!(with(&collector, token).await.status, 201, "{token} of {both:?}");
        }
        let parts =
            [both.trim().replace('\n', " "), "first".into(), "".into(), ",".into(), format!("{first},")];
        for token in parts {
            assert_eq!(with(&collector, &token).await.status, 401, "{token:?} of {both:?}");
        }
    }
    collector.restart_with(|options| options.admin_token = second.into());
    with(&collector, first).await.problem(401);
    assert_eq!(with(&collector, second).await.status, 201);
}

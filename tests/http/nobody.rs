//! Users: ids of up to 1,000 characters are distinct users, and a placeholder is no user.

use reqwest::Url;
use serde_json::{Value, json};
use tests::{Collector, Site, new_id};

/// The endpoint of a user.
fn endpoint(name: &str) -> String {
    let mut url = Url::parse("http://x").unwrap();
    url.path_segments_mut().unwrap().push("users").push(name);
    url.path()[1..].to_owned()
}

/// Returns the user as a query parameter of that name.
fn parameter(name: &str, value: &str) -> String {
    let mut url = Url::parse("http://x").unwrap();
    url.query_pairs_mut().append_pair(name, value);
    url.query().unwrap().to_owned()
}

/// Whether the survey may be shown to a user.
async fn is_due(site: &Site, user: &str) -> Value {
    site.get(&format!("due?{}", parameter("user", user)), "").await.ok()["due"].take()
}

/// The table that the loader is held to as well.
fn cases() -> Vec<(String, bool)> {
    let cases: Vec<Value> =
        serde_json::from_str(include_str!("../../api/tests/cases/user_placeholders.json")).unwrap();
    let case = |case: &Value| (case["user"].as_str().unwrap().to_owned(), case["nobody"].as_bool().unwrap());
    cases.iter().map(case).collect()
}

#[tokio::test]
async fn a_placeholder_user_is_ignored_and_always_due() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for (user, nobody) in cases() {
        let id = new_id();
        let message = json!({ "id": id, "score": 9, "shown": true, "user": user });
        let result = site.post(&message).await.ok()["results"][0].take();
        let response = site.owner_get(&format!("responses/{id}")).await;
        let expected = if nobody { json!(["/user"]) } else { Value::Null };
        assert_eq!((&result["status"], &result["ignored"]), (&json!("stored"), &expected), "{user:?}");
        assert_eq!(response["user"].is_null(), nobody, "{user:?}: {response}");
        assert_eq!(is_due(&site, &user).await, json!(nobody), "{user:?}");
    }
    assert_eq!(site.score("").await["scored"], cases().len());
}

#[tokio::test]
async fn a_user_of_1_000_characters_is_told_apart_by_the_last_character() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for letter in ["u", "🍵"] {
        let long = letter.repeat(999);
        let (ann, bob) = (format!("{long}a"), format!("{long}b"));
        site.store(json!({ "id": new_id(), "score": 9, "shown": true, "user": ann })).await;
        assert_eq!((is_due(&site, &ann).await, is_due(&site, &bob).await), (json!(false), json!(true)));
        for (user, count) in [(&ann, 1), (&bob, 0)] {
            let found = site.owner_request("POST", "users/lookup", json!({ "users": [user] })).await.ok();
            assert_eq!(found["users"][0]["answers"], count);
            assert_eq!(
                site.owner_get(&endpoint(user)).await["responses"].as_array().map(Vec::len),
                Some(count)
            );
            assert_eq!(site.responses_of(&parameter("user", user), 50).await.len(), count);
        }
        let link = site.owner_post("links", &json!({ "links": [{ "user": ann }] })).await;
        match letter {
            "u" => assert_eq!(link.json()["links"][0]["user"], json!(ann)),
            // No mail program takes an address of that length.
            _ => drop(link.invalid_at("/links/0")),
        }
        assert_eq!(
            site.owner_request("DELETE", &endpoint(&bob), Value::Null).await.ok(),
            json!({ "erased": 0 })
        );
        assert_eq!(
            site.owner_request("DELETE", &endpoint(&ann), Value::Null).await.ok(),
            json!({ "erased": 1 })
        );
        assert_eq!(is_due(&site, &ann).await, json!(true));
    }
}

#[tokio::test]
async fn a_user_of_more_than_1_000_characters_is_invalid() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let long = "u".repeat(1_001);
    site.get(&format!("due?user={long}"), "").await.invalid_at("user");
    site.get(&format!("responses?user={long}"), &site.owner).await.invalid_at("user");
    site.owner_request("POST", "users/lookup", json!({ "users": ["ann", long] }))
        .await
        .invalid_at("/users/1");
    site.owner_request("GET", &endpoint(&long), Value::Null).await.problem(404);
    site.owner_post("links", &json!({ "links": [{ "user": long }] })).await.invalid_at("/links/0/user");
}

#[tokio::test]
async fn one_request_finds_1_000_users_of_1_000_characters() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let users: Vec<String> = (0..1_000).map(|nth| format!("{nth:01000}")).collect();
    site.store(json!({ "id": new_id(), "score": 9, "user": users[999] })).await;
    let found = site.owner_request("POST", "users/lookup", json!({ "users": users })).await.ok();
    let answers: u64 =
        found["users"].as_array().unwrap().iter().map(|it| it["answers"].as_u64().unwrap()).sum();
    assert_eq!((found["users"].as_array().map(Vec::len), answers), (Some(1_000), 1));
}

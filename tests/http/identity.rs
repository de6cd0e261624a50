//! Signed identity: a user counts only with a proof from the owner's server.

use std::fs;
use std::process::Command;

use collector_core::identity::user_hash;
use reqwest::Url;
use serde_json::{Value, json};
use tests::client::send;
use tests::{Collector, Site, new_id};
use xtask::root;

const DAY_MS: u64 = 86_400_000;

async fn signed_site(collector: &Collector) -> Site {
    let site = collector.site().await;
    site.patch_settings(json!({ "identity": "signed" })).await;
    site
}

/// Returns the current secret.
async fn secret(site: &Site) -> String {
    site.owner_get("identity").await["secret"].as_str().expect("a secret").to_owned()
}

async fn rotate(site: &Site) -> Value {
    site.owner_request("POST", "identity", Value::Null).await.ok()
}

/// Sends a scored message with those context fields, and returns its result and its stored user.
async fn store(site: &Site, context: Value) -> (Value, Value) {
    let id = new_id();
    let mut message = context;
    message["id"] = json!(id);
    message["score"] = json!(9);
    let result = site.post(&message).await.ok()["results"][0].take();
    assert_eq!(result["status"], "stored", "{result}");
    (result, site.owner_get(&format!("responses/{id}")).await["user"].take())
}

async fn due(site: &Site, user: &str, hash: Option<&str>) -> bool {
    let mut url = Url::parse(&site.url("due")).unwrap();
    url.query_pairs_mut().append_pair("user", user);
    if let Some(hash) = hash {
        url.query_pairs_mut().append_pair("user_hash", hash);
    }
    send(reqwest::Client::new().get(url)).await.ok()["due"].as_bool().expect("a boolean")
}

#[tokio::test]
async fn an_open_site_needs_no_hash() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for context in [json!({ "user": "ann" }), json!({ "user": "ann", "user_hash": "wrong" })] {
        let (result, user) = store(&site, context).await;
        assert_eq!(result["ignored"], Value::Null, "{result}");
        assert!(user.is_string());
    }
    assert!(!due(&site, "ann", None).await && !due(&site, "ann", Some("wrong")).await);
}

#[tokio::test]
async fn a_user_without_a_valid_hash_is_left_out_and_always_due() {
    let collector = Collector::shared();
    let site = signed_site(&collector).await;
    let key = secret(&site).await;
    let hash = user_hash(&key, "käthe");
    for wrong in [
        json!({ "user": "käthe" }),
        json!({ "user": "käthe", "user_hash": null }),
        json!({ "user": "käthe", "user_hash": "" }),
        json!({ "user": "käthe", "user_hash": user_hash(&key, "kathe") }),
        json!({ "user": "käthe", "user_hash": hash.to_uppercase() }),
        json!({ "user": "käthe", "user_hash": hash[..63] }),
        json!({ "user": "ben", "user_hash": hash }),
    ] {
        let (result, user) = store(&site, wrong.clone()).await;
        assert_eq!((&result["ignored"], user), (&json!(["/user"]), Value::Null), "{wrong}");
    }
    let (result, _) = store(&site, json!({ "user_hash": hash })).await;
    assert_eq!(result["ignored"], Value::Null, "{result}");
    assert!(due(&site, "käthe", Some(&hash)).await, "nothing above was hers");

    let (result, user) = store(&site, json!({ "user": "käthe", "user_hash": hash })).await;
    assert_eq!(result["ignored"], Value::Null, "{result}");
    assert!(user.is_string(), "{user}");
    assert!(!due(&site, "käthe", Some(&hash)).await);
    for wrong in [None, Some(""), Some("x"), Some(user_hash(&key, "ben").as_str())] {
        assert!(due(&site, "käthe", wrong).await, "nothing to probe with {wrong:?}");
    }
    site.post(&json!({ "id": new_id(), "score": 9, "user": "käthe", "user_hash": 7 }))
        .await
        .invalid_at("/user_hash");
}

#[tokio::test]
async fn each_message_of_a_batch_is_checked_by_itself() {
    let collector = Collector::shared();
    let site = signed_site(&collector).await;
    let hash = user_hash(&secret(&site).await, "ann");
    let ids = [new_id(), new_id(), new_id()];
    let batch = json!([
        { "id": ids[0], "score": 9, "user": "ben", "page": "x".repeat(501) },
        { "id": ids[1], "score": 11, "user": "ann", "user_hash": hash },
        { "id": ids[2], "score": 9, "user": "ann", "user_hash": hash },
    ]);
    let results = site.post(&batch).await.ok()["results"].take();
    assert_eq!(results[0]["ignored"], json!(["/page", "/user"]), "{results}");
    assert_eq!(results[1]["status"], "invalid", "{results}");
    assert_eq!(results[2], json!({ "id": ids[2], "status": "stored" }));
}

#[tokio::test]
async fn a_change_of_the_setting_holds_at_once() {
    let collector = Collector::shared();
    let site = collector.site().await;
    // The isolate has read the site, and reads it again only after a minute.
    let load = async || send(collector.http().get(site.loader_url())).await;
    assert_eq!(load().await.status, 200);
    site.patch_settings(json!({ "identity": "signed" })).await;
    assert_eq!(store(&site, json!({ "user": "ann" })).await.1, Value::Null);
    assert_eq!(load().await.status, 200);
    let hash = user_hash(rotate(&site).await["secret"].as_str().unwrap(), "ann");
    assert!(store(&site, json!({ "user": "ann", "user_hash": hash })).await.1.is_string());
    site.patch_settings(json!({ "identity": "open" })).await;
    assert!(store(&site, json!({ "user": "ann" })).await.1.is_string());
}

#[tokio::test]
async fn the_secret_before_stays_valid_for_a_day_and_no_longer() {
    let collector = Collector::start_with_faults();
    let site = signed_site(&collector).await;
    let first = site.owner_get("identity").await;
    assert_eq!((&first["generation"], &first["rotated_at"]), (&json!(1), &Value::Null));
    let second = rotate(&site).await;
    assert_eq!((&second["generation"], &second["identity"]), (&json!(2), &json!("signed")));
    assert!(second["rotated_at"].is_string() && second["secret"] != first["secret"]);
    assert_eq!(site.owner_get("identity").await, second);

    let stored = async |identity: &Value| {
        let hash = user_hash(identity["secret"].as_str().unwrap(), "ann");
        let (_, user) = store(&site, json!({ "user": "ann", "user_hash": hash })).await;
        assert_eq!(due(&site, "ann", Some(&hash)).await, user.is_null());
        user.is_string()
    };
    assert!(stored(&first).await && stored(&second).await);
    collector.put_forward(&site, DAY_MS - 60_000).await;
    assert!(stored(&first).await && stored(&second).await);
    collector.put_forward(&site, DAY_MS + 60_000).await;
    assert!(!stored(&first).await && stored(&second).await);

    // After a leak two rotations end the leaked secret.
    let third = rotate(&site).await;
    assert!(stored(&second).await && stored(&third).await);
    let fourth = rotate(&site).await;
    assert!(!stored(&second).await && stored(&third).await && stored(&fourth).await);
}

#[tokio::test]
async fn only_the_owner_reads_and_rotates_the_secret() {
    let collector = Collector::shared();
    let (site, other) = (collector.site().await, collector.site().await);
    for method in ["GET", "POST"] {
        for (key, status) in [("", 401), ("wrong", 401), (other.owner.as_str(), 401), (&site.read, 403)] {
            send(site.asking(method, "identity", key)).await.problem(status);
        }
    }
    assert_eq!(site.owner_get("identity").await["generation"], 1, "nobody has rotated it");
    assert_ne!(secret(&site).await, secret(&other).await);
    rotate(&site).await;
    assert_eq!(site.owner_get("audit").await["entries"][0]["action"], "identity.rotated");
    assert_eq!(site.patch_settings(json!({ "name": "Tea" })).await["identity"], "open");
    assert_eq!(site.owner_get("identity").await["generation"], 2, "a patch keeps the rotations");
    site.owner_request("PATCH", "", json!({ "identity": "closed" })).await.invalid_at("/identity");
}

#[tokio::test]
async fn an_invitation_proves_its_user() {
    let collector = Collector::shared();
    let site = signed_site(&collector).await;
    let made = site.owner_post("links", &json!({ "links": [{ "user": " ann " }] })).await.json();
    let link = format!("/s/{}?t={}", site.id, made["links"][0]["token"].as_str().unwrap());
    let page = String::from_utf8(collector.get(&link).await.body).unwrap();
    let hash = user_hash(&secret(&site).await, "ann");
    assert!(page.contains(&hash), "the page hands the proof on to the survey");

    // The form, for browsers without JavaScript.
    let form = async |fields: &[(&str, &str)]| {
        send(collector.http().post(collector.url() + &link).form(fields)).await
    };
    let confirm = String::from_utf8(form(&[("score", "9")]).await.body).unwrap();
    let (_, rest) = confirm.split_once("name=\"token\" value=\"").expect("a token");
    let token = rest.split('"').next().unwrap();
    assert_eq!(form(&[("score", "9"), ("token", token)]).await.status, 200);
    let responses = site.responses().await;
    assert!(responses[0]["user"].is_string(), "{responses:?}");
}

/// Runs the example of a language in docs/identity.md.
fn run_example(language: &str, program: &str, flag: &str) -> String {
    let docs = fs::read_to_string(root().join("docs/identity.md")).unwrap();
    let (_, code) = docs.split_once(&format!("```{language}\n")).expect("an example");
    let code = code.split("```").next().unwrap();
    let output = Command::new(program).args([flag, code]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn the_documented_examples_print_the_hash_of_the_vector() {
    let key = "identity_6d1f0c4b7a2e59831f6c0d4e8b3a7295c1e0f4d8a6b2937e5c1d0f8b4a7e6392";
    let expected = user_hash(key, "käthe-4711");
    assert_eq!(run_example("js", "node", "-e"), expected);
    assert_eq!(run_example("python", "python3", "-c"), expected);
    let docs = fs::read_to_string(root().join("docs/identity.md")).unwrap();
    for language in ["js", "python", "php", "ruby", "go"] {
        let (_, code) = docs.split_once(&format!("```{language}\n")).expect(language);
        let code = code.split("```").next().unwrap();
        assert!(code.contains(key) && code.contains("käthe-4711"), "{language}");
    }
}

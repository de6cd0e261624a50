//! Webhooks as their owner sets them, and how one is sent.

use std::time::Duration;

use serde_json::{Value, json};
use tests::client::send;
use tests::ids::{new_id, now_ms};
use tests::{Collector, ScriptedResponse, Site, WebhookReceiver, until};

/// A new webhook, with its secret.
async fn make(site: &Site, given: Value) -> Value {
    let answer = site.owner_request("POST", "webhooks", given).await;
    assert_eq!(answer.status, 201, "{answer}");
    answer.json()
}

pub fn id(webhook: &Value) -> String {
    webhook["id"].as_str().unwrap().to_owned()
}

/// A webhook to the receiver, for everything.
pub async fn to(site: &Site, receiver: &WebhookReceiver) -> Value {
    let events =
        ["response.created", "response.detractor", "response.promoter", "case.overdue", "digest.weekly"];
    make(site, json!({ "url": receiver.url(), "events": events })).await
}

pub async fn test(site: &Site, webhook: &Value) {
    let answer = site.owner_request("POST", &format!("webhooks/{}/test", id(webhook)), Value::Null).await;
    assert_eq!(answer.status, 202, "{answer}");
}

/// The deliveries, newest first, once the newest is in that state.
pub async fn deliveries_when(site: &Site, webhook: &Value, state: &str) -> Vec<Value> {
    until(&format!("a delivery that is {state}"), async || {
        let listed =
            site.owner_get(&format!("webhooks/{}/deliveries", id(webhook))).await["deliveries"].take();
        (listed[0]["state"] == state).then(|| listed.as_array().unwrap().clone())
    })
    .await
}

#[tokio::test]
async fn a_test_delivery_is_signed_as_standard_webhooks_require() {
    let collector = Collector::shared();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    let webhook = to(&site, &receiver).await;
    let secret = webhook["secret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_"), "{webhook}");
    test(&site, &webhook).await;
    let call = receiver.called(1).await.remove(0);
    assert!(call.is_signed_with(secret), "{call:?}");
    assert!(!call.is_signed_with("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    let sent: u64 = call.header("webhook-timestamp").parse().unwrap();
    assert!(sent.abs_diff(now_ms() / 1_000) < 60, "{call:?}");
    assert_eq!((call.path.as_str(), call.header("content-type")), ("/hook", "application/json"));
    let body = call.json();
    assert_eq!(
        (&body["type"], &body["site"]),
        (&json!("test"), &json!({ "id": site.id, "name": "Tea shop" }))
    );
    let delivery = deliveries_when(&site, &webhook, "delivered").await.remove(0);
    assert_eq!(delivery["body"].as_str(), Some(call.body.as_str()));
    assert_eq!((&delivery["event"], &delivery["attempts"][0]["status"]), (&json!("test"), &json!(200)));
    assert!(call.header("webhook-id").ends_with(&format!("_{}", delivery["id"].as_str().unwrap())));
}

#[tokio::test]
async fn a_webhook_is_listed_changed_and_deleted() {
    let collector = Collector::shared();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    let mut webhook = make(
        &site,
        json!({ "url": receiver.url(), "events": ["digest.weekly", "response.detractor"], "name": "Team" }),
    )
    .await;
    webhook.as_object_mut().unwrap().remove("secret").unwrap();
    let expected = json!({
        "id": webhook["id"], "name": "Team", "url": receiver.url(), "events": ["response.detractor", "digest.weekly"], "format": "json",
        "created_at": webhook["created_at"], "status": "active", "failures": 0, "paused_at": null, "paused_why": null, "pending": 0,
    });
    assert_eq!(webhook, expected);
    assert_eq!(
        site.owner_get("webhooks").await,
        json!({ "webhooks": [expected] }),
        "the secret is shown once"
    );
    let endpoint = format!("webhooks/{}", id(&webhook));
    assert_eq!(site.owner_get(&endpoint).await, expected);
    for (change, member, value) in [
        (json!({ "name": null }), "name", json!(null)),
        (json!({ "events": ["response.created"] }), "events", json!(["response.created"])),
        (json!({ "format": "slack" }), "format", json!("slack")),
        (json!({ "url": "https://hooks.example.com" }), "url", json!("https://hooks.example.com/")),
    ] {
        let changed = site.owner_request("PATCH", &endpoint, change).await.ok();
        assert_eq!((&changed[member], changed.get("secret")), (&value, None));
    }
    let paused = site.owner_request("PATCH", &endpoint, json!({ "paused": true })).await.ok();
    assert_eq!(
        (&paused["status"], &paused["paused_why"]),
        (&json!("paused"), &json!("Paused by the owner."))
    );
    site.owner_request("POST", &format!("{endpoint}/test"), Value::Null).await.problem(409);
    assert_eq!(site.owner_request("DELETE", &endpoint, Value::Null).await.status, 204);
    for (method, path) in [
        ("GET", ""),
        ("DELETE", ""),
        ("PATCH", ""),
        ("POST", "/test"),
        ("POST", "/rotate"),
        ("GET", "/deliveries"),
    ] {
        site.owner_request(method, &format!("{endpoint}{path}"), Value::Null).await.problem(404);
    }
    assert_eq!(site.owner_get("webhooks").await["webhooks"], json!([]));
}

#[tokio::test]
async fn stored_names_of_events_do_not_change_and_go_on_working_after_a_restart() {
    let mut collector = Collector::start_with_faults();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    let webhook = to(&site, &receiver).await;
    collector.restart();
    let site = collector.again(&site);
    let stored = json!(["response", "detractor", "promoter", "case.overdue", "digest"]).to_string();
    assert!(!collector.files_with(&stored).is_empty(), "{stored}");
    assert_eq!(collector.files_with("digest.weekly").len(), 0);
    assert_eq!(site.owner_get("webhooks").await["webhooks"][0]["events"], webhook["events"]);
    // A change of another member leaves them.
    let path = format!("webhooks/{}", id(&webhook));
    let changed = site.owner_request("PATCH", &path, json!({ "name": "Team" })).await.ok();
    assert_eq!(changed["events"], webhook["events"]);
    site.store(json!({ "id": new_id(), "score": 3, "comment": "Cold tea", "channel": "email" })).await;
    collector.put_forward(&site, 60_000).await;
    let body = receiver.called(1).await.remove(0).json();
    assert_eq!((&body["type"], &body["data"]["channel"]), (&json!("response.detractor"), &json!("email")));
    let delivery = deliveries_when(&site, &webhook, "delivered").await.remove(0);
    assert_eq!(delivery["event"], "response.detractor");
}

#[tokio::test]
async fn private_addresses_are_refused_in_every_notation() {
    let collector = Collector::start_with(|options| options.webhook_hosts = String::new());
    let site = collector.site().await;
    for host in "localhost LOCALHOST a.localhost printer.local db.internal metadata.google.internal intranet nas.lan 127.0.0.1 \
                 127.1 2130706433 017700000001 0177.0.0.1 0x7f.0.0.1 0x7f000001 127.0.0.1. localhost. 0.0.0.0 0 10.1.2.3 \
                 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 255.255.255.255 [::1] [::] [fd00::1] [fe80::1] \
                 [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1] [2002:7f00:1::] user@127.0.0.1 \
                 example.com@127.0.0.1 １２７.0.0.1 xn--localhost-.x ①②⑦.0.0.1 127。0。0。1 [0:0:0:0:0:0:0:1] 127.0.0.1:80"
        .split_whitespace()
    {
        for scheme in ["https", "http", "HTTPS"] {
            let url = format!("{scheme}://{host}/hook");
            site.owner_request("POST", "webhooks", json!({ "url": url, "events": ["response.created"] })).await.invalid_at("/url");
        }
    }
    for url in [
        "",
        "hook",
        "ftp://example.com",
        "file:///etc/passwd",
        "http://example.com/hook",
        "https:/\\127.0.0.1",
        "https://example.com#x",
        "https://example.com\\@127.0.0.1/",
        "javascript:alert(1)",
        "https://exa mple.com",
        "https://example.com:0/",
        "https://example.com:99999/",
        " https://example.com",
        "https://",
    ] {
        site.owner_request("POST", "webhooks", json!({ "url": url, "events": ["response.created"] }))
            .await
            .invalid_at("/url");
    }
    let webhook =
        make(&site, json!({ "url": "https://example.com/hook", "events": ["response.created"] })).await;
    let endpoint = format!("webhooks/{}", id(&webhook));
    site.owner_request("PATCH", &endpoint, json!({ "url": "https://10.0.0.1/" })).await.invalid_at("/url");
    assert_eq!(site.owner_get(&endpoint).await["url"], "https://example.com/hook");
}

#[tokio::test]
async fn every_invalid_setting_is_named() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let wrong = json!({ "uri": "x", "events": ["response.detractor", "response.detractor", "x"], "format": "xml", "name": 7 });
    let problem = site.owner_request("POST", "webhooks", wrong).await.problem(422);
    let mut pointers: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    pointers.sort_unstable();
    assert_eq!(pointers, ["/events/1", "/events/2", "/format", "/name", "/uri", "/url"]);
    site.owner_request("POST", "webhooks", json!({ "url": "https://example.com", "events": [] }))
        .await
        .invalid_at("/events");
    let webhook = make(&site, json!({ "url": "https://example.com", "events": ["digest.weekly"] })).await;
    let endpoint = format!("webhooks/{}", id(&webhook));
    for (change, pointer) in [
        (json!({ "paused": 1 }), "/paused"),
        (json!({ "secret": "x" }), "/secret"),
        (json!({ "url": null }), "/url"),
    ] {
        site.owner_request("PATCH", &endpoint, change).await.invalid_at(pointer);
    }
    site.get(&format!("{endpoint}/deliveries?cursor=x"), &site.owner).await.invalid_at("cursor");
}

#[tokio::test]
async fn a_host_that_is_no_longer_allowed_pauses_its_webhook() {
    let mut collector = Collector::start();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    let webhook = to(&site, &receiver).await;
    collector.restart_with(|options| options.webhook_hosts = String::new());
    let site = collector.again(&site);
    test(&site, &webhook).await;
    let paused = until("a pause", async || {
        Some(site.owner_get(&format!("webhooks/{}", id(&webhook))).await)
            .filter(|webhook| webhook["status"] == "paused")
    })
    .await;
    assert!(paused["paused_why"].as_str().unwrap().contains("private network"), "{paused}");
    assert_eq!(paused["pending"], 1, "it waits");
    assert!(receiver.calls().is_empty());
    collector.restart_with(|options| options.webhook_hosts = "127.0.0.1".into());
    let site = collector.again(&site);
    site.owner_request("PATCH", &format!("webhooks/{}", id(&webhook)), json!({ "paused": false })).await.ok();
    receiver.called(1).await;
}

#[tokio::test]
async fn a_slow_receiver_gets_each_delivery_once_and_four_at_a_time() {
    let collector = Collector::shared();
    let (site, slow, quick) =
        (collector.site().await, WebhookReceiver::start().await, WebhookReceiver::start().await);
    let (first, second) = (to(&site, &slow).await, to(&site, &quick).await);
    slow.respond(ScriptedResponse::new(204).after(Duration::from_millis(1_000)));
    for _ in 0..12 {
        test(&site, &first).await;
        test(&site, &second).await;
        // The collector answers others meanwhile.
        site.store(json!({ "id": new_id(), "shown": true })).await;
    }
    let path = format!("webhooks/{}/deliveries", id(&first));
    let sending = site.owner_get(&format!("{path}?state=sending")).await["deliveries"].take();
    assert!((1..=4).contains(&sending.as_array().unwrap().len()), "{sending}");
    let listed = until("all are delivered", async || {
        let listed = site.owner_get(&format!("{path}?state=delivered")).await["deliveries"].take();
        listed.as_array().filter(|listed| listed.len() == 12).cloned()
    })
    .await;
    let mut sent: Vec<String> =
        slow.calls().iter().map(|call| call.header("webhook-id").to_owned()).collect();
    let mut expected: Vec<String> =
        listed.iter().map(|it| format!("msg_{}_{}", id(&first), it["id"].as_str().unwrap())).collect();
    sent.sort();
    expected.sort();
    assert_eq!(sent, expected, "each once");
    assert!(listed.iter().all(|delivery| delivery["attempts"].as_array().unwrap().len() == 1));
    assert_eq!(slow.most_at_once(), 4);
    assert_eq!(quick.called(12).await.len(), 12);
}

#[tokio::test]
async fn deliveries_are_listed_by_state_and_one_can_be_deleted() {
    let collector = Collector::shared();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    let webhook = to(&site, &receiver).await;
    let path = format!("webhooks/{}/deliveries", id(&webhook));
    receiver.script([ScriptedResponse::new(403)]);
    test(&site, &webhook).await;
    until("a failed attempt", async || {
        let waiting = site.owner_get(&format!("{path}?state=pending")).await;
        (waiting["deliveries"][0]["attempts"][0]["status"] == 403).then_some(())
    })
    .await;
    test(&site, &webhook).await;
    let listed = until("a delivery", async || {
        let listed = site.owner_get(&format!("{path}?state=delivered")).await["deliveries"].take();
        listed.as_array().filter(|listed| listed.len() == 1).cloned()
    })
    .await;
    assert_eq!((&listed[0]["id"], &listed[0]["next_attempt_at"]), (&json!("2"), &Value::Null));
    let waiting = site.owner_get(&format!("{path}?state=pending")).await["deliveries"].take();
    assert_eq!(waiting.as_array().unwrap().len(), 1, "{waiting}");
    assert!(waiting[0]["next_attempt_at"].is_string() && waiting[0]["reason"].is_null(), "{waiting}");
    assert_eq!(site.owner_get(&path).await["deliveries"].as_array().unwrap().len(), 2);
    assert_eq!(site.owner_get(&format!("{path}?state=failed")).await["deliveries"], json!([]));
    let refused = site.get(&format!("{path}?state=lost"), &site.owner).await;
    let problem = refused.problem(422).to_string();
    assert!(problem.contains("`lost`") && problem.contains("summarized"), "{problem}");
    refused.invalid_at("state");
    assert_eq!(site.owner_request("DELETE", &format!("{path}/1"), Value::Null).await.status, 204);
    for missing in ["1", "999", "x", "-1"] {
        site.owner_request("DELETE", &format!("{path}/{missing}"), Value::Null).await.problem(404);
    }
    assert_eq!(site.owner_get(&format!("webhooks/{}", id(&webhook))).await["pending"], 0);
    site.get(&path, &site.read).await.problem(403);
    receiver.script([ScriptedResponse::new(200).after(Duration::from_secs(5))]);
    test(&site, &webhook).await;
    deliveries_when(&site, &webhook, "sending").await;
    for (method, action) in [("DELETE", ""), ("POST", "/replay")] {
        site.owner_request(method, &format!("{path}/3{action}"), Value::Null).await.problem(409);
    }
}

#[tokio::test]
async fn a_replay_resends_the_same_message() {
    let collector = Collector::shared();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    let webhook = to(&site, &receiver).await;
    test(&site, &webhook).await;
    let delivery = deliveries_when(&site, &webhook, "delivered").await.remove(0);
    let replay = format!("webhooks/{}/deliveries/{}/replay", id(&webhook), delivery["id"].as_str().unwrap());
    let answer = site.owner_request("POST", &replay, Value::Null).await;
    assert_eq!((answer.status, &answer.json()["id"]), (202, &delivery["id"]));
    let calls = receiver.called(2).await;
    assert_eq!(
        (calls[0].header("webhook-id"), &calls[0].body),
        (calls[1].header("webhook-id"), &calls[1].body)
    );
    assert!(calls[1].is_signed_with(webhook["secret"].as_str().unwrap()));
    let again = deliveries_when(&site, &webhook, "delivered").await;
    assert_eq!((again.len(), again[0]["attempts"].as_array().unwrap().len()), (1, 2));
    for missing in ["0", "999", "x", "-1"] {
        let replay = format!("webhooks/{}/deliveries/{missing}/replay", id(&webhook));
        site.owner_request("POST", &replay, Value::Null).await.problem(404);
    }
    let (other, secret) = (collector.site().await, &webhook["secret"]);
    other.owner_request("POST", &replay, Value::Null).await.problem(404);
    assert!(secret.is_string() && send(other.asking("GET", "webhooks", &site.owner)).await.status == 401);
}

#[tokio::test]
async fn deliveries_are_listed_in_pages() {
    let collector = Collector::shared();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    let webhook = to(&site, &receiver).await;
    for _ in 0..60 {
        test(&site, &webhook).await;
    }
    receiver.called(60).await;
    let page = |cursor: &str| {
        site.asking("GET", &format!("webhooks/{}/deliveries{cursor}", id(&webhook)), &site.owner)
    };
    let first = send(page("")).await.ok();
    let next = first["next_cursor"].as_str().unwrap();
    let second = send(page(&format!("?cursor={next}"))).await.ok();
    let all = [first["deliveries"].as_array().unwrap().as_slice(), second["deliveries"].as_array().unwrap()]
        .concat();
    let ids: Vec<u32> = all.iter().map(|it| it["id"].as_str().unwrap().parse().unwrap()).collect();
    assert_eq!((ids.len(), &second["next_cursor"]), (60, &Value::Null));
    assert!(ids.is_sorted_by(|a, b| a > b), "newest first: {ids:?}");
}

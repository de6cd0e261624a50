//! Receivers that respond with a redirect.

use serde_json::{Value, json};
use tests::{Collector, ScriptedResponse, WebhookReceiver, until};

use crate::webhooks::{deliveries_when, id, test, to};

#[tokio::test]
async fn a_redirect_is_never_followed() {
    let collector = Collector::shared();
    let (site, receiver, inner) =
        (collector.site().await, WebhookReceiver::start().await, WebhookReceiver::start().await);
    let webhook = to(&site, &receiver).await;
    receiver.script([ScriptedResponse::new(300).with("location", &inner.url())]);
    test(&site, &webhook).await;
    receiver.called(1).await;
    let failed = until("a failed attempt", async || {
        let delivery =
            site.owner_get(&format!("webhooks/{}/deliveries", id(&webhook))).await["deliveries"][0].take();
        (delivery["attempts"][0]["status"] == 300).then_some(delivery)
    })
    .await;
    assert_eq!(failed["state"], "pending", "it will be tried again at the same place");
    assert_eq!(failed["attempts"][0]["error"], "Redirects are not followed.");
    assert!(inner.calls().is_empty(), "{:?}", inner.calls());
    assert_eq!(site.owner_get(&format!("webhooks/{}", id(&webhook))).await["status"], "failing");
}

#[tokio::test]
async fn a_redirect_after_the_post_is_a_delivery() {
    let collector = Collector::shared();
    let (site, receiver, inner) =
        (collector.site().await, WebhookReceiver::start().await, WebhookReceiver::start().await);
    let webhook = to(&site, &receiver).await;
    for (nth, status) in [302, 303].into_iter().enumerate() {
        receiver.script([ScriptedResponse::new(status).with("location", &inner.url())]);
        test(&site, &webhook).await;
        receiver.called(nth + 1).await;
        let delivery = deliveries_when(&site, &webhook, "delivered").await.remove(0);
        let attempt = &delivery["attempts"][0];
        assert_eq!((&attempt["status"], &attempt["error"]), (&json!(status), &Value::Null));
    }
    assert!(inner.calls().is_empty(), "{:?}", inner.calls());
    assert_eq!(site.owner_get(&format!("webhooks/{}", id(&webhook))).await["status"], "active");
}

#[tokio::test]
async fn a_receiver_that_moved_pauses_its_webhook_until_a_test_succeeds() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for (status, location, names) in [
        (301, "https://new.example/hook", "`new.example`"),
        (307, "//127.0.0.1:9/hook", "`127.0.0.1:9`"),
        (308, "/elsewhere", "another path of its host"),
    ] {
        let receiver = WebhookReceiver::start().await;
        let webhook = to(&site, &receiver).await;
        let path = format!("webhooks/{}", id(&webhook));
        let moved = || ScriptedResponse::new(status).with("location", location);
        receiver.script([moved(), moved()]);
        test(&site, &webhook).await;
        let paused = until("a pause", async || {
            Some(site.owner_get(&path).await).filter(|webhook| webhook["status"] == "paused")
        })
        .await;
        let reason = paused["paused_why"].as_str().unwrap();
        assert!(reason.contains(&status.to_string()) && reason.contains(names), "{reason}");
        assert!(paused["paused_at"].is_string() && paused["pending"] == 1, "{paused}");
        // A test that fails leaves the pause, and is not repeated.
        test(&site, &webhook).await;
        let failed = deliveries_when(&site, &webhook, "failed").await.remove(0);
        assert!(failed["reason"].as_str().unwrap().contains(names), "{failed}");
        assert_eq!(site.owner_get(&path).await["status"], "paused");
        // A test that succeeds ends it, and what waited is sent.
        test(&site, &webhook).await;
        receiver.called(4).await;
        let active = until("nothing waits", async || {
            Some(site.owner_get(&path).await).filter(|webhook| webhook["pending"] == 0)
        })
        .await;
        assert_eq!((&active["status"], &active["paused_why"]), (&json!("active"), &Value::Null));
        assert_eq!(receiver.calls().len(), 4);
        site.owner_request("DELETE", &path, Value::Null).await;
    }
}

//! Webhooks of version 2, whose deliveries were sent in their order.

use serde_json::{Value, json};
use tests::{WebhookReceiver, until};

use super::{SECOND, open, ring_now, stopped_site};

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_of_version_2_keep_their_deliveries_attempts_and_pauses() {
    let (mut collector, site) = stopped_site(SECOND, 5).await;
    let receiver = WebhookReceiver::start().await;
    let url = receiver.url();
    let later = tests::now_ms() + 3_600_000;
    // One that fails with two deliveries behind the first, and three that are paused.
    open(&collector)
        .execute_batch(&format!(
            r#"INSERT INTO webhook (id, url, events, format, generation, created, failures, paused, paused_why)
                VALUES ('failing00000', '{url}', '["response"]', 'json', 0, 1, 2, NULL, NULL),
                    ('byowner00000', '{url}', '["response"]', 'json', 0, 2, 0, 7, 'Paused by the owner.'),
                    ('gone00000000', '{url}', '["response"]', 'json', 0, 3, 1, 7,
                        'The receiver responded with 410 Gone: it wants no more events.'),
                    ('days00000000', '{url}', '["response"]', 'json', 0, 4, 11, 7,
                        'Attempts failed for three days; the last response was 500.');
            INSERT INTO delivery (id, webhook, event, subject, body, created, state)
                SELECT value ->> 0, value ->> 1, 'response', '', '{{"n":' || (value ->> 0) || '}}',
                    unixepoch() * 1000, value ->> 2
                FROM json_each('[[3, "failing00000", "delivered"], [4, "failing00000", "pending"],
                    [5, "failing00000", "pending"], [6, "failing00000", "pending"],
                    [7, "byowner00000", "pending"], [8, "gone00000000", "pending"],
                    [9, "days00000000", "pending"]]');
            INSERT INTO attempt VALUES (3, 1, 1000, 200, NULL, 5), (4, 1, unixepoch() * 1000, 500, NULL, 5),
                (4, 2, unixepoch() * 1000, 500, NULL, 5), (9, 1, 1000, 500, NULL, 5);
            INSERT INTO due VALUES ('webhook', 'failing00000', {later})"#
        ))
        .unwrap();
    ring_now(&collector, &site);
    collector.restart();
    let site = collector.again(&site);
    let webhook = async |id: &str| site.owner_get(&format!("webhooks/{id}")).await;
    // What waited behind the failure is sent, and the failure at its own time.
    until("the backlog is sent", async || (webhook("failing00000").await["pending"] == 1).then_some(()))
        .await;
    let mut sent: Vec<String> =
        receiver.calls().iter().map(|call| call.header("webhook-id").to_owned()).collect();
    sent.sort();
    assert_eq!(sent, ["msg_failing00000_5", "msg_failing00000_6"]);
    let waiting = site.owner_get("webhooks/failing00000/deliveries?state=pending").await;
    let waiting = &waiting["deliveries"][0];
    assert_eq!(waiting["attempts"].as_array().unwrap().len(), 2, "{waiting}");
    assert_eq!(tests::ids::unix_ms(waiting["next_attempt_at"].as_str().unwrap()), later);
    for (id, reason) in [
        ("byowner00000", "Paused by the owner."),
        ("gone00000000", "The receiver responded with 410 Gone: it wants no more events."),
        ("days00000000", "Attempts failed for three days; the last response was 500."),
    ] {
        let paused = webhook(id).await;
        assert_eq!((&paused["status"], &paused["pending"]), (&json!("paused"), &json!(1)), "{paused}");
        assert_eq!(
            (&paused["paused_why"], &paused["paused_at"]),
            (&json!(reason), &json!("1970-01-01T00:00:00.007Z"))
        );
        let tested = site.owner_request("POST", &format!("webhooks/{id}/test"), Value::Null).await.status;
        assert_eq!(tested, if id == "days00000000" { 202 } else { 409 }, "{id}");
    }
    until("the test resumes it", async || {
        let resumed = webhook("days00000000").await;
        (resumed["status"] == "active" && resumed["pending"] == 0).then_some(())
    })
    .await;
    assert!(receiver.calls().iter().any(|call| call.header("webhook-id") == "msg_days00000000_9"));
    site.owner_request("PATCH", "webhooks/byowner00000", json!({ "paused": false })).await.ok();
    until("the owner resumes it", async || (webhook("byowner00000").await["pending"] == 0).then_some(()))
        .await;
}

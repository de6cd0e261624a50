//! A flood of made-up detractors, and real ones with it and in the middle of it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::{Collector, ScriptedResponse, WebhookReceiver, new_id};

use crate::MINUTE;

/// Responses of the flood.
const FLOOD: usize = 1_950;
/// Time that the clock is put forward: ten seconds are left for a comment to be finished.
const WAIT_MS: u64 = 11_000;

#[tokio::test]
async fn a_flood_of_detractors_does_not_delay_a_real_alert() {
    let collector = Collector::start_with_faults();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    let given = json!({ "url": receiver.url(), "events": ["response.detractor"] });
    assert_eq!(site.owner_post("webhooks", &given).await.status, 201);
    // A receiver as fast as most are: the flood takes it most of a minute.
    receiver.respond(ScriptedResponse::new(200).after(Duration::from_millis(100)));
    for _ in 0..FLOOD / 50 {
        let page: Vec<Value> = (0..50)
            .map(|_| json!({ "id": new_id(), "score": 0, "comment": "Made up", "elapsed_ms": 60_000 }))
            .collect();
        site.store(Value::Array(page)).await;
    }
    // One of a real visitor arrives with the flood, and one while it is sent.
    let first = new_id();
    site.store(json!({ "id": first, "score": 2, "comment": "Cold tea", "elapsed_ms": 9_000 })).await;
    let first_stored = Instant::now();
    collector.put_forward(&site, WAIT_MS).await;
    while receiver.calls().len() < 100 {
        assert!(first_stored.elapsed() < Duration::from_secs(60), "the flood is not sent");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let second = new_id();
    site.store(json!({ "id": second, "score": 2, "comment": "Late tea", "elapsed_ms": 9_000 })).await;
    let second_stored = Instant::now();
    collector.put_forward(&site, 2 * WAIT_MS).await;
    for (name, id, stored) in [("second", &second, second_stored), ("first", &first, first_stored)] {
        let position = loop {
            let calls = receiver.calls();
            if let Some(position) = calls.iter().position(|call| call.body.contains(id)) {
                break position;
            }
            assert!(stored.elapsed() < Duration::from_secs(60), "not after {} calls", calls.len());
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        let delay_ms = stored.elapsed().as_millis() as u64 + WAIT_MS;
        println!("the {name} real alert came after {delay_ms} ms, as call {position} of {}", FLOOD + 2);
        assert!(delay_ms < MINUTE, "{delay_ms} ms");
        assert!(position < FLOOD, "{position}");
    }
}

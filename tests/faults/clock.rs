//! A wall clock that is set back. All timers of the runtime follow it, so nothing that succeeds may
//! wait for one.

use std::time::{Duration, Instant};

use serde_json::json;
use tests::client::send;
use tests::{Collector, Machine, new_id};
use tokio::task::JoinSet;

const HOUR_MS: i64 = 60 * 60 * 1_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_back_does_not_stop_writes() {
    let machine = Machine::new();
    let collector = Collector::start_with(|options| machine.apply_to(options));
    let site = collector.site().await;
    let loader_names = async |name: &str| {
        let loader = send(collector.http().get(site.loader_url())).await;
        loader.status == 200 && String::from_utf8_lossy(&loader.body).contains(name)
    };
    site.store(json!({ "id": new_id(), "score": 9 })).await;
    assert!(loader_names("Tea shop").await);
    let mut stored = 1;
    for (round, offset_ms) in [-HOUR_MS, -2 * HOUR_MS, -48 * HOUR_MS].into_iter().enumerate() {
        let name = format!("Shop {round}");
        site.owner_request("PATCH", "", json!({ "name": name })).await.ok();
        // Some messages are on their way while the clock is set.
        let mut writers = JoinSet::new();
        for writer in 0..16 {
            let site = site.clone();
            writers.spawn(async move {
                let mut slowest = Duration::ZERO;
                for nth in 0..20 {
                    let begun = Instant::now();
                    site.store(json!({ "id": new_id(), "score": (writer + nth) % 11, "comment": "Tea" }))
                        .await;
                    slowest = slowest.max(begun.elapsed());
                }
                slowest
            });
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        machine.set_clock_ms(offset_ms);
        let slowest = writers.join_all().await.into_iter().max().unwrap_or_default();
        assert!(slowest < Duration::from_secs(5), "round {round}: a message took {slowest:?}");
        stored += 16 * 20;
        let begun = Instant::now();
        assert_eq!(site.score("").await["scored"], stored);
        assert!(loader_names(&name).await, "what was cached in the future is not served for hours");
        assert_eq!(site.owner_get("responses?limit=1").await["responses"].as_array().unwrap().len(), 1);
        assert!(begun.elapsed() < Duration::from_secs(5), "round {round}: reads took {:?}", begun.elapsed());
    }
}

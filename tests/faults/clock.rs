//! A wall clock that is set back. All timers of the runtime follow it, so nothing that succeeds may
//! wait for one.

use std::time::{Duration, Instant};

use reqwest::RequestBuilder;
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

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_back_does_not_stop_work_that_is_done_in_pages() {
    const ROWS: u32 = 20_000;
    let machine = Machine::new();
    let collector = Collector::start_with(|options| machine.apply_to(options));
    let site = collector.site().await;
    let mut offset_ms = 0;
    let mut with_clock_set_back = async |request: RequestBuilder| {
        let work = tokio::spawn(tokio::time::timeout(Duration::from_secs(60), send(request)));
        while !work.is_finished() {
            tokio::time::sleep(Duration::from_millis(20)).await;
            offset_ms -= HOUR_MS;
            machine.set_clock_ms(offset_ms);
        }
        work.await.expect("no panic").expect("it ends at once").ok()
    };
    let rows: String = (0..ROWS).map(|nth| format!("{},ann,Tea no {nth}\n", nth % 11)).collect();
    let file = format!("score,customer,comment\n{rows}");
    let import =
        site.asking("POST", "import?columns=user:customer", &site.owner).header("content-type", "text/csv");
    let imported = with_clock_set_back(import.body(file)).await;
    assert_eq!(imported["stored"], ROWS, "{imported}");

    let path = "responses/erase?dry_run=true&filter[channel]=import";
    let counted = with_clock_set_back(site.asking("POST", path, &site.owner)).await;
    assert_eq!(counted["matching"], ROWS, "{counted}");

    let erased = with_clock_set_back(site.asking("DELETE", "users/ann", &site.owner)).await;
    assert_eq!(erased["erased"], ROWS, "{erased}");
    assert_eq!(site.score("").await["scored"], 0);
    let entries = site.owner_get("audit").await["entries"].as_array().expect("entries").clone();
    let erasures = entries.iter().filter(|entry| entry["action"] == "user.erased");
    assert_eq!(erasures.count(), 1, "{entries:?}");
}

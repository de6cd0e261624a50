//! Deliberate faults: power cuts during writes, and panics.

#[cfg(target_os = "linux")]
mod clock;
#[cfg(target_os = "linux")]
mod full_disk;
mod logs;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tests::client::{send, try_send};
use tests::counts::wrong_counts;
use tests::ids::timeless_id;
use tests::{Collector, Site, new_id};
use tokio::sync::Notify;
use tokio::task::JoinSet;

const WRITERS: usize = 64;
const ENOUGH: usize = 500;

#[tokio::test(flavor = "multi_thread")]
async fn every_acknowledged_answer_survives_a_power_cut() {
    let mut collector = Collector::start();
    let mut site = collector.site().await;
    let mut acknowledged = BTreeSet::new();
    for round in 1..=2 {
        let new = write_until_cut(&mut collector, &site).await;
        assert!(new.len() >= ENOUGH, "only {} were acknowledged", new.len());
        acknowledged.extend(new);
        collector.restart();
        site = collector.again(&site);

        let listed = site.responses().await;
        let ids: BTreeSet<&str> = listed.iter().map(|response| response["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), listed.len(), "round {round}: each is listed once");
        let lost: Vec<&String> = acknowledged.iter().filter(|id| !ids.contains(id.as_str())).collect();
        assert!(lost.is_empty(), "round {round}: {} of {} are lost", lost.len(), acknowledged.len());
        assert_counts_equal_rows(&site, &listed, round).await;
        println!("round {round}: {} acknowledged, {} stored", acknowledged.len(), listed.len());
    }
    site.store(json!({ "id": new_id(), "score": 9 })).await;
}

/// Lets 64 writers send messages until enough are acknowledged, then kills the process. Returns the
/// acknowledged ids.
async fn write_until_cut(collector: &mut Collector, site: &Site) -> BTreeSet<String> {
    let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
    let (count, enough) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let (site, acknowledged, count, enough) =
            (site.clone(), acknowledged.clone(), count.clone(), enough.clone());
        writers.spawn(async move {
            for nth in writer.. {
                let messages = messages(nth);
                let Ok(answer) = try_send(site.posting(messages.to_string())).await else { return };
                assert_eq!(answer.status, 200, "{answer}");
                let mut acknowledged = acknowledged.lock().unwrap();
                for result in answer.json()["results"].as_array().unwrap() {
                    acknowledged.insert(result["id"].as_str().unwrap().to_owned());
                }
                if count.fetch_add(1, Ordering::Relaxed) + 1 == ENOUGH {
                    enough.notify_one();
                }
            }
        });
    }
    tokio::time::timeout(Duration::from_secs(60), enough.notified())
        .await
        .expect("500 answers within a minute");
    collector.kill();
    while let Some(writer) = writers.join_next().await {
        writer.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
    }
    std::mem::take(&mut *acknowledged.lock().unwrap())
}

/// New messages of every kind, so that each aggregate changes: one, or a few in an array.
fn messages(nth: usize) -> Value {
    let id = if nth.is_multiple_of(3) { timeless_id() } else { new_id() };
    match nth % 7 {
        0 => json!({ "id": id, "shown": true, "dismissed": true }),
        1 => json!({ "id": id, "shown": true }),
        2 => {
            json!({ "id": id, "shown": true, "score": nth % 11, "comment": "Good tea", "elapsed_ms": 2_000 })
        }
        3 => json!([
            { "id": id, "shown": true, "score": 2, "elapsed_ms": 1_000 },
            { "id": id, "score": nth % 11, "elapsed_ms": 2_000 },
            { "id": new_id(), "score": 10, "comment": "From the outbox" },
        ]),
        _ => json!({ "id": id, "shown": true, "score": nth % 11, "elapsed_ms": 100 * (nth % 300) }),
    }
}

async fn assert_counts_equal_rows(site: &Site, listed: &[Value], round: usize) {
    let wrong = wrong_counts(listed, &site.score("").await);
    assert!(wrong.is_empty(), "round {round}: {wrong:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_the_worker_costs_one_request() {
    let collector = Collector::start_with_faults();
    let site = collector.site().await;
    let path = "/faults/panic".to_owned();
    panic_during_writes(&collector, &site, &path).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_a_sites_object_costs_one_request() {
    let collector = Collector::start_with_faults();
    let (site, other) = (collector.site().await, collector.site().await);
    let path = format!("/faults/panic/{}", site.id);
    panic_during_writes(&collector, &site, &path).await;
    other.store(json!({ "id": new_id(), "score": 9 })).await;
}

/// Panics five times while fifty requests are in flight. Each response must be stored and counted
/// right after.
async fn panic_during_writes(collector: &Collector, site: &Site, path: &str) {
    let mut stored = BTreeMap::new();
    for round in 1..=5 {
        let mut answers = JoinSet::new();
        for nth in 0..50 {
            let (site, id) = (site.clone(), new_id());
            answers.spawn(async move {
                let score = nth % 11;
                site.store(json!({ "id": id, "score": score, "shown": true })).await;
                (id, score)
            });
            if nth % 10 == 5 {
                let (http, url) = (collector.http().clone(), collector.url() + path);
                answers.spawn(async move {
                    let answer = send(http.get(url)).await;
                    let problem = answer.problem(500);
                    let text = problem.to_string();
                    assert!(
                        !text.contains("asked to panic") && !text.contains("ann@") && !text.contains(".rs"),
                        "the cause is not for all: {text}"
                    );
                    (String::new(), 0)
                });
            }
        }
        stored.extend(answers.join_all().await);
        stored.remove("");
        assert_eq!(stored.len(), 50 * round);
        assert_eq!(collector.get("/healthz").await.status, 200);
        let listed = site.responses().await;
        for response in &listed {
            assert_eq!(
                Some(&response["score"]),
                stored.get(response["id"].as_str().unwrap()).map(|it| json!(it)).as_ref()
            );
        }
        assert_eq!(listed.len(), stored.len());
        assert_counts_equal_rows(site, &listed, round).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hanging_object_gets_503_in_time() {
    let collector = Collector::start_with_faults();
    let site = collector.site().await;
    let path = format!("/faults/hang/{}", site.id);
    let (hung, ()) = tokio::join!(collector.get(&path), async {
        // The same object goes on answering others meanwhile.
        site.store(json!({ "id": new_id(), "score": 9 })).await;
        assert_eq!(site.score("").await["scored"], 1);
    });
    hung.problem(503);
    assert!(hung.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0), "{hung}");
}

#[tokio::test]
async fn a_release_has_no_fault_routes() {
    let collector = Collector::start();
    let site = collector.site().await;
    collector.get("/faults/panic").await.problem(404);
    collector.get(&format!("/faults/panic/{}", site.id)).await.problem(404);
}

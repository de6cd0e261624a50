//! A disk that is full: nothing is acknowledged that is not stored, and the caller is told.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::client::send;
use tests::{Collector, HttpResponse, Machine, Site, new_id};
use xtask::{Dist, Workerd};

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_loses_nothing() {
    let machine = Machine::new();
    let collector = Collector::start_with(|options| machine.apply_to(options));
    let site = collector.site().await;
    let ready = async || {
        let request = collector.http().get(collector.url() + "/readyz").bearer_auth(collector.admin_token());
        send(request).await
    };
    let mut stored = 0;
    store(&site, &mut stored).await;
    assert_eq!(ready().await.status, 200);

    machine.set_disk_full(true);
    let problem = refused(&site, message()).await;
    assert_eq!(
        (&problem["status"], &problem["type"]),
        (&json!(507), &json!("urn:grapevine:problem:storage-full"))
    );
    // The object has ended with its disk, and cannot always be opened again meanwhile.
    for _ in 0..5 {
        refused(&site, message()).await;
    }
    assert_eq!(collector.get("/healthz").await.status, 200, "the process is alive");
    let not_ready = until(&ready, |status| matches!(status, 503 | 507)).await;
    assert!(not_ready.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0), "{not_ready}");

    machine.set_disk_full(false);
    store(&site, &mut stored).await;
    assert_eq!(site.score("").await["scored"], stored);
    until(&ready, |status| status == 200).await;
}

fn message() -> Value {
    json!({ "id": new_id(), "score": 9, "comment": "Good tea" })
}

/// Sends a message that must not be stored. Returns the problem.
async fn refused(site: &Site, message: Value) -> Value {
    let answer = send(site.posting(message.to_string())).await;
    assert!(matches!(answer.status, 503 | 507), "{answer}");
    assert!(answer.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0), "{answer}");
    answer.problem(answer.status)
}

async fn store(site: &Site, stored: &mut usize) {
    for _ in 0..5 {
        site.store(message()).await;
        *stored += 1;
    }
}

/// Asks until the result of ten seconds ago is replaced.
async fn until(ready: &impl AsyncFn() -> HttpResponse, is_expected: fn(u16) -> bool) -> HttpResponse {
    let begun = Instant::now();
    loop {
        let answer = ready().await;
        if is_expected(answer.status) {
            return answer;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{answer}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// A service manager has to start it until there is room.
#[tokio::test(flavor = "multi_thread")]
async fn a_collector_ends_where_it_starts_on_a_full_disk_and_starts_once_there_is_room() {
    let machine = Machine::new();
    let mut collector = Collector::start_with(|options| machine.apply_to(options));
    let site = collector.site().await;
    let mut stored = 0;
    store(&site, &mut stored).await;
    machine.set_disk_full(true);
    refused(&site, message()).await;
    collector.kill();
    let dist = Dist { path: collector.dist().to_owned() };
    let error = Workerd::start(&dist, collector.options()).expect_err("it cannot start").to_string();
    assert!(error.starts_with("the collector did not start"), "{error}");
    machine.set_disk_full(false);
    collector.restart();
    let site = collector.again(&site);
    store(&site, &mut stored).await;
    assert_eq!(site.score("").await["scored"], stored);
}

//! Connections to receivers: none is left open once its attempt is over.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::{Collector, ScriptedResponse, Site, WebhookReceiver, until};

/// Returns the number of sockets that a process has open.
fn sockets(pid: u32) -> usize {
    let files = fs::read_dir(format!("/proc/{pid}/fd")).expect("a process with files").flatten();
    let is_socket = |file: &fs::DirEntry| {
        fs::read_link(file.path()).is_ok_and(|link| link.to_string_lossy().starts_with("socket:"))
    };
    files.filter(is_socket).count()
}

async fn subscribe(site: &Site, receiver: &WebhookReceiver) -> String {
    let given = json!({ "url": receiver.url(), "events": ["response.created"] });
    let webhook = site.owner_post("webhooks", &given).await.json();
    format!("webhooks/{}", webhook["id"].as_str().unwrap())
}

async fn test(site: &Site, webhook: &str) {
    let answer = site.owner_request("POST", &format!("{webhook}/test"), Value::Null).await;
    assert_eq!(answer.status, 202, "{answer}");
}

/// Waits until the process has no more sockets than before, but for idle ones of this test's
/// client.
async fn released(pid: u32, before: usize) -> usize {
    until(&format!("no more than {before} sockets"), async || {
        Some(sockets(pid)).filter(|now| *now <= before + 2)
    })
    .await
}

#[tokio::test]
async fn a_body_that_never_ends_is_cancelled() {
    let collector = Collector::start();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    let webhook = subscribe(&site, &receiver).await;
    receiver.respond(ScriptedResponse::new(200).with_endless_body());
    let before = sockets(collector.pid());
    for _ in 0..40 {
        test(&site, &webhook).await;
    }
    receiver.called(40).await;
    until("all are delivered", async || (site.owner_get(&webhook).await["pending"] == 0).then_some(())).await;
    let after = released(collector.pid(), before).await;
    println!("sockets: {before} before 40 endless bodies, {after} after");
}

#[tokio::test]
async fn a_receiver_that_never_responds_is_aborted_at_the_deadline() {
    let collector = Collector::start();
    let site = collector.site().await;
    let before = sockets(collector.pid());
    let (mut receivers, mut webhooks) = (Vec::new(), Vec::new());
    for _ in 0..8 {
        let receiver = WebhookReceiver::start().await;
        receiver.respond(ScriptedResponse::new(200).after(Duration::from_secs(3_600)));
        let webhook = subscribe(&site, &receiver).await;
        for _ in 0..4 {
            test(&site, &webhook).await;
        }
        receivers.push(receiver);
        webhooks.push(webhook);
    }
    for receiver in &receivers {
        receiver.called(4).await;
    }
    let during = sockets(collector.pid());
    assert!(during >= before + 32, "{during} sockets while 32 calls hang, {before} before");
    // The deadline of an attempt is 15 s.
    let begun = Instant::now();
    for webhook in &webhooks {
        while site.owner_get(webhook).await["failures"] != 4 {
            assert!(begun.elapsed() < Duration::from_secs(40), "no end of the attempts of {webhook}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        // So that no retry opens a connection again.
        site.owner_request("PATCH", webhook, json!({ "paused": true })).await.ok();
    }
    let after = released(collector.pid(), before).await;
    println!("sockets: {before} before 32 hanging calls, {during} during, {after} after");
}

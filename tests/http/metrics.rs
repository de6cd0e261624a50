//! Counters for Prometheus: `GET /metrics`.

use std::collections::BTreeMap;

use serde_json::json;
use tests::client::{send, until};
use tests::{Collector, HttpResponse, WebhookReceiver, new_id};

async fn scrape(collector: &Collector) -> HttpResponse {
    let request = collector.http().get(collector.url() + "/metrics").bearer_auth(collector.admin_token());
    send(request).await
}

/// Returns each value by its name with labels. Every family must have a type.
async fn values(collector: &Collector) -> BTreeMap<String, u64> {
    let answer = scrape(collector).await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    let text = String::from_utf8(answer.body).expect("UTF-8");
    assert!(text.ends_with('\n'), "{text}");
    let (types, samples): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with("# TYPE "));
    for sample in &samples {
        let family = sample.split(['{', ' ']).next().unwrap();
        let typed = types.iter().filter(|line| line.split(' ').nth(2) == Some(family));
        assert_eq!(typed.count(), 1, "{family} has one type");
    }
    let pair = |line: &&str| {
        let (name, value) = line.rsplit_once(' ').expect("a name and a value");
        (name.to_owned(), value.parse().expect("a number"))
    };
    samples.iter().map(pair).collect()
}

fn requests(group: &str, class: &str) -> String {
    format!("grapevine_requests_total{{group=\"{group}\",class=\"{class}\"}}")
}

fn messages(result: &str) -> String {
    format!("grapevine_messages_total{{result=\"{result}\"}}")
}

#[tokio::test]
async fn requests_are_counted_by_group_and_status_class() {
    let collector = Collector::start();
    let site = collector.site().await;
    let before = values(&collector).await;
    site.store(json!({ "id": new_id(), "score": 9 })).await;
    site.post(&json!({ "id": "7" })).await.problem(422);
    let loader = send(collector.http().get(site.loader_url())).await;
    let again = collector.http().get(site.loader_url()).header("if-none-match", loader.header("etag"));
    assert_eq!(send(again).await.status, 304);
    assert_eq!(collector.get(&format!("/s/{}", site.id)).await.status, 200);
    site.score("").await;
    site.get("responses", &site.read).await.problem(403);
    collector.get("/nothing").await.problem(404);
    let after = values(&collector).await;
    let mut counted = Vec::new();
    for group in ["ingest", "loader", "hosted", "api", "other"] {
        let classes = ["2xx", "3xx", "4xx", "5xx"].map(|class| requests(group, class));
        counted.push(classes.map(|name| after[&name] - before[&name]));
    }
    // The last group has the first request of the counters themselves.
    assert_eq!(counted, [[1, 0, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0], [1, 0, 1, 0], [1, 0, 1, 0]]);
}

#[tokio::test]
async fn messages_are_counted_as_accepted_duplicate_or_refused() {
    let collector = Collector::start();
    let site = collector.create_site(json!({ "name": "Tea shop", "origins": ["https://tea.example"] })).await;
    let first = json!({ "id": new_id(), "score": 9, "elapsed_ms": 1_000 });
    let expect = async |accepted: u64, duplicate: u64, refused: u64| {
        let values = values(&collector).await;
        let counted = ["accepted", "duplicate", "refused"].map(|result| values[&messages(result)]);
        assert_eq!(counted, [accepted, duplicate, refused]);
    };
    expect(0, 0, 0).await;
    site.store(first.clone()).await;
    expect(1, 0, 0).await;
    site.store(first.clone()).await;
    expect(1, 1, 0).await;
    // Something new about the same impression.
    site.store(json!({ "id": first["id"], "comment": "Good tea", "contact": "ann@shop.example" })).await;
    expect(2, 1, 0).await;
    let (second, third) = (json!({ "id": new_id(), "score": 3 }), json!({ "id": new_id(), "shown": true }));
    let mixed = json!([first, second, { "id": "7" }, first, third]);
    site.post(&mixed).await.ok();
    expect(4, 3, 1).await;
    site.post(&json!({ "scroe": 9 })).await.problem(422);
    expect(4, 3, 2).await;
    let foreign = site.posting(json!([first, first]).to_string()).header("origin", "https://other.example");
    send(foreign).await.problem(403);
    expect(4, 3, 4).await;
}

#[tokio::test]
async fn attempts_of_webhooks_are_counted() {
    let collector = Collector::start();
    let site = collector.site().await;
    let receiver = WebhookReceiver::start().await;
    let webhook = json!({ "url": receiver.url(), "events": ["response.created"] });
    let webhook = site.owner_post("webhooks", &webhook).await;
    assert_eq!(webhook.status, 201, "{webhook}");
    let test = format!("webhooks/{}/test", webhook.json()["id"].as_str().unwrap());
    assert_eq!(site.owner_post(&test, &json!({})).await.status, 202);
    until("the delivery is counted", async || {
        let values = values(&collector).await;
        let attempts =
            |result: &str| values[&format!("grapevine_webhook_attempts_total{{result=\"{result}\"}}")];
        assert_eq!(attempts("failed"), 0);
        (attempts("delivered") == 1).then_some(())
    })
    .await;
}

#[tokio::test]
async fn counters_begin_anew_with_the_process_and_need_the_admin_token() {
    let mut collector = Collector::start();
    let site = collector.site().await;
    site.store(json!({ "id": new_id(), "score": 9 })).await;
    collector.get("/metrics").await.problem(401);
    send(collector.http().get(collector.url() + "/metrics").bearer_auth(&site.owner)).await.problem(401);
    let before = values(&collector).await;
    assert_eq!(before[&messages("accepted")], 1);
    assert_eq!(before["grapevine_build_info{version=\"0.1.0\"}"], 1);
    let started = before["grapevine_start_time_seconds"];
    assert!((tests::now_ms() / 1_000).abs_diff(started) < 60, "{started}");
    collector.restart();
    let after = values(&collector).await;
    assert_eq!(after[&messages("accepted")], 0);
    assert!(after["grapevine_start_time_seconds"] >= started);
}

#[tokio::test]
async fn on_cloudflare_there_are_no_counters() {
    let collector = Collector::start_under_wrangler(|_| {});
    let problem = scrape(&collector).await.problem(404);
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("https://developers.cloudflare.com/workers/observability/"), "{detail}");
}

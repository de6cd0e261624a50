//! Which address a request counts for: the peer's, unless a proxy that the operator trusts names
//! another.

use serde_json::{Value, json};
use tests::client::send;
use tests::{Collector, HttpResponse, Site, new_id};
use tokio::task::JoinSet;

/// Messages of one address in a minute.
const QUOTA: usize = 2_000;

/// Sends that many messages, 50 at a time, and asserts that they are stored.
async fn fill(site: &Site, count: usize, header: (&str, &str)) {
    for _ in 0..count / 50 {
        let batch: Vec<Value> = (0..50).map(|_| json!({ "id": new_id(), "shown": true })).collect();
        let answer = send(site.posting(json!(batch).to_string()).header(header.0, header.1)).await;
        assert_eq!(answer.status, 200, "{answer}");
    }
}

async fn post_with(site: &Site, header: (&str, &str)) -> HttpResponse {
    let message = json!({ "id": new_id(), "score": 9 }).to_string();
    send(site.posting(message).header(header.0, header.1)).await
}

fn start(header: &str, proxies: &str) -> Collector {
    Collector::start_with(|options| {
        options.set("GRAPEVINE_CLIENT_IP_HEADER", header);
        options.set("GRAPEVINE_TRUSTED_PROXIES", proxies);
    })
}

#[tokio::test]
async fn a_lecture_hall_behind_one_address_is_stored_whole() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let mut people = JoinSet::new();
    for nth in 0..400 {
        let site = site.clone();
        people.spawn(async move {
            let id = new_id();
            site.store(json!({ "id": id, "shown": true, "score": nth % 11 })).await;
            site.store(json!({ "id": id, "shown": true, "score": nth % 11, "comment": "Good talk" })).await;
        });
    }
    people.join_all().await;
    let report = site.score("").await;
    assert_eq!((&report["scored"], &report["commented"]), (&json!(400), &json!(400)));
    fill(&site, QUOTA - 800, ("x-any", "")).await;
    let refused = post_with(&site, ("x-any", "")).await;
    refused.problem(429);
    let seconds = refused.header("retry-after").parse::<u32>().expect("seconds to wait");
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert_eq!(refused.header("ratelimit-policy"), "\"address\";q=2000;w=60");
}

/// Without the operator's setting, a client would choose its address itself.
#[tokio::test]
async fn a_header_of_the_client_is_not_believed() {
    let collector = Collector::shared();
    let site = collector.site().await;
    fill(&site, QUOTA, ("cf-connecting-ip", "203.0.113.7")).await;
    for header in
        ["cf-connecting-ip", "x-forwarded-for", "forwarded", "x-real-ip", "true-client-ip", "x-client-ip"]
    {
        post_with(&site, (header, "198.51.100.9")).await.problem(429);
    }
    let eligibility = send(site.asking("GET", "due?user=ann", "")).await;
    assert_eq!(eligibility.status, 200, "other requests are counted apart");
}

#[tokio::test]
async fn the_header_of_an_untrusted_peer_is_not_believed() {
    let collector = start("X-Forwarded-For", "192.0.2.0/24, 2001:db8::/32");
    let site = collector.site().await;
    fill(&site, QUOTA, ("x-forwarded-for", "203.0.113.7")).await;
    post_with(&site, ("x-forwarded-for", "198.51.100.9")).await.problem(429);
}

#[tokio::test]
async fn the_rightmost_untrusted_entry_of_a_trusted_proxy_counts() {
    let collector = start("x-forwarded-for", "127.0.0.0/8, 203.0.113.0/24");
    let site = collector.site().await;
    fill(&site, QUOTA, ("x-forwarded-for", "10.1.1.1, 198.51.100.9, 203.0.113.7")).await;
    for same in ["198.51.100.9", "198.51.100.9:4711", "1.1.1.1,198.51.100.9,203.0.113.8 , 127.0.0.3"] {
        post_with(&site, ("x-forwarded-for", same)).await.problem(429);
    }
    for other in ["198.51.100.9, 198.51.100.10", "198.51.100.9, unknown", "", "[2001:db8::1]:80"] {
        let answer = post_with(&site, ("x-forwarded-for", other)).await;
        assert_eq!(answer.status, 200, "{other}: {answer}");
    }
    for other in ["cf-connecting-ip", "forwarded"] {
        let answer = post_with(&site, (other, "198.51.100.9")).await;
        assert_eq!(answer.status, 200, "only the named header counts: {answer}");
    }
}

#[tokio::test]
async fn the_forwarded_header_can_be_named() {
    let collector = start("Forwarded", "127.0.0.1");
    let site = collector.site().await;
    fill(&site, QUOTA, ("forwarded", "for=\"[2001:db8:1:2::7]:4711\";proto=https")).await;
    post_with(&site, ("forwarded", "for=192.0.2.1, For=\"[2001:db8:1:2::8]\"")).await.problem(429);
    assert_eq!(post_with(&site, ("forwarded", "for=\"[2001:db8:1:3::7]\"")).await.status, 200);
}

#[tokio::test]
async fn wrong_settings_of_proxies_are_told_to_the_operator() {
    let folder = tempfile::TempDir::new().unwrap();
    for (name, wrong, named) in [
        ("GRAPEVINE_TRUSTED_PROXIES", "10.0.0.0/8, proxy.example", "`proxy.example`"),
        ("GRAPEVINE_TRUSTED_PROXIES", "10.0.0.0/33", "`10.0.0.0/33`"),
        ("GRAPEVINE_CLIENT_IP_HEADER", "X-Forwarded-For, Forwarded", "`X-Forwarded-For, Forwarded`"),
    ] {
        let mut options = xtask::WorkerdOptions {
            port: 0,
            data: folder.path().join("data"),
            admin_token: "token".into(),
            secret: "0123456789abcdef".into(),
            webhook_hosts: String::new(),
            public_url: String::new(),
            environment: Vec::new(),
        };
        options.set(name, wrong);
        let error = xtask::Workerd::start(tests::server::dist(), &options).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains(named) && error.contains("for example"), "{error}");
    }
}

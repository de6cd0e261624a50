//! Rate limits: a visitor with too many requests is refused while others are served.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use tests::client::send;
use tests::{Collector, HttpResponse, Site, new_id};
use tokio::task::JoinSet;

/// An address of a visitor that would be recognised anywhere.
const MARKER: &str = "203.0.113.177";

async fn post_from(site: &Site, address: &str) -> HttpResponse {
    let message = json!({ "id": new_id(), "score": 9 }).to_string();
    send(site.posting(message).header("x-forwarded-for", address)).await
}

/// Asserts that the response is a 429 with the headers of the limit.
#[track_caller]
fn assert_too_many(answer: &HttpResponse, limit: &str) {
    let problem = answer.problem(429);
    assert_eq!(problem["type"], "urn:grapevine:problem:too-many-requests");
    let seconds = answer.header("retry-after").parse::<u32>().expect("seconds to wait");
    assert!((1..=60).contains(&seconds), "{seconds}");
    let begins = |header: &str| answer.header(header).starts_with(&format!("\"{limit}\";"));
    assert!(begins("ratelimit") && begins("ratelimit-policy"), "{:?}", answer.headers);
    assert!(
        answer.header("ratelimit-policy").contains(";q=")
            && answer.header("ratelimit-policy").ends_with(";w=60")
    );
    assert!(answer.header("ratelimit").contains(";r=0;t="), "{:?}", answer.headers);
    let exposed = answer.header("access-control-expose-headers");
    assert!(
        ["retry-after", "ratelimit", "ratelimit-policy"].iter().all(|name| exposed.contains(name)),
        "{exposed}"
    );
}

/// Sends requests from many clients at once until each is refused. Returns the number of requests
/// that passed.
async fn send_until_refused<F: Future<Output = HttpResponse> + Send>(
    limit: &str,
    passing: u16,
    request: impl Fn(usize) -> F + Clone + Send + 'static,
) -> usize {
    let (mut callers, passed) = (JoinSet::new(), Arc::new(AtomicUsize::new(0)));
    for caller in 0..16 {
        let (request, passed) = (request.clone(), passed.clone());
        callers.spawn(async move {
            loop {
                let answer = request(caller).await;
                if answer.status == 429 {
                    return answer;
                }
                assert_eq!(answer.status, passing, "{answer}");
                assert!(passed.fetch_add(1, Ordering::Relaxed) < 5_000, "nobody stops it");
            }
        });
    }
    for refused in callers.join_all().await {
        assert_too_many(&refused, limit);
    }
    passed.load(Ordering::Relaxed)
}

/// Posts from one address until it is refused.
async fn post_until_refused(site: &Site, address: &'static str) -> usize {
    let site = site.clone();
    send_until_refused("address", 200, move |_| {
        let site = site.clone();
        async move { post_from(&site, address).await }
    })
    .await
}

#[tokio::test]
async fn a_rate_limited_address_does_not_limit_others() {
    let collector = Collector::start_behind_proxy();
    let (site, other) = (collector.site().await, collector.site().await);
    let stored = post_until_refused(&site, "203.0.113.7").await;
    assert_eq!(stored, 2_000, "messages of one address in a minute");
    for address in ["203.0.113.8", "2001:db8::1", "198.51.100.7"] {
        assert_eq!(post_from(&site, address).await.status, 200, "{address}");
    }
    assert_eq!(post_from(&other, "203.0.113.7").await.status, 200, "another site has its own count");
    assert_eq!(site.score("").await["scored"], stored + 3, "what was refused is not stored");
    let client = site.clone();
    send_until_refused("address", 200, move |_| {
        send(client.asking("GET", "due?user=ann", "").header("x-forwarded-for", "203.0.113.7"))
    })
    .await;
}

#[tokio::test]
async fn addresses_of_one_ipv6_network_share_a_quota() {
    let collector = Collector::start_behind_proxy();
    let site = collector.site().await;
    post_until_refused(&site, "2001:db8:1:2::7").await;
    post_from(&site, "2001:db8:1:2:ffff::8").await.problem(429);
    assert_eq!(post_from(&site, "2001:db8:1:3::7").await.status, 200, "the network beside it");
}

#[tokio::test]
async fn guessing_keys_is_rate_limited_and_valid_keys_are_not() {
    let collector = Collector::start_behind_proxy();
    let site = collector.site().await;
    let client = site.clone();
    let tries = send_until_refused("strangers", 401, move |caller| {
        send(client.asking("GET", "score", &format!("grapevine_owner_{caller:032}")))
    })
    .await;
    assert!(tries >= 100, "a mistake in a program is no attack: {tries}");
    assert_eq!(site.score("").await["scored"], 0, "who has a key goes on");
    site.owner_get("responses").await;
    assert_eq!(post_from(&site, "203.0.113.8").await.status, 200);
    site.store(json!({ "id": new_id(), "score": 9 })).await;
}

#[tokio::test]
async fn a_shared_link_does_not_use_up_the_calls_of_other_keys() {
    let collector = Collector::start();
    let site = collector.site().await;
    let share = site.owner_request("POST", "keys", json!({ "name": "Board", "role": "share" })).await;
    assert_eq!(share.status, 201, "{share}");
    let share = share.json()["key"].as_str().unwrap().to_owned();
    let (client, key) = (site.clone(), share.clone());
    let passed = send_until_refused("share", 200, move |_| send(client.asking("GET", "score", &key))).await;
    assert!(passed >= 1_200, "calls of one share key in a minute: {passed}");
    // At once, since the quota grows by one call in 50 ms.
    let mut calls = JoinSet::new();
    for _ in 0..100 {
        let (client, key) = (site.clone(), share.clone());
        calls.spawn(async move { client.get("score", &key).await });
    }
    let refused = calls.join_all().await.into_iter().find(|answer| answer.status == 429);
    refused.expect("the link is limited").problem(429);
    for key in [&site.owner, &site.read] {
        assert_eq!(site.get("score", key).await.status, 200, "each key has its own limit");
    }
}

#[tokio::test]
async fn ip_addresses_are_neither_stored_nor_logged() {
    let mut collector = Collector::start_behind_proxy();
    let site = collector.site().await;
    post_until_refused(&site, MARKER).await;
    send(site.asking("GET", "due?user=ann", "").header("x-forwarded-for", MARKER)).await;
    send(site.asking("GET", "score", "wrong").header("x-forwarded-for", MARKER)).await.problem(401);
    send(site.posting("{").header("x-forwarded-for", MARKER).header("cf-connecting-ip", MARKER))
        .await
        .problem(400);
    send(
        site.asking("PATCH", "", &site.owner)
            .header("x-forwarded-for", MARKER)
            .json(&json!({ "badge": true })),
    )
    .await
    .ok();
    assert!(collector.files_with(MARKER).is_empty(), "{:?}", collector.files_with(MARKER));
    collector.restart();
    assert!(collector.files_with(MARKER).is_empty(), "{:?}", collector.files_with(MARKER));
    assert!(!collector.files_with(&site.id).is_empty(), "the look itself works");
}

#[tokio::test]
async fn ordinary_requests_log_nothing() {
    let collector = Collector::start();
    let site = collector.site().await;
    site.store(json!({ "id": new_id(), "score": 3, "comment": "Cold tea", "user": "ann" })).await;
    site.import_csv("at,score\n2026-01-01,9\n", "").await;
    for endpoint in [
        "",
        "survey",
        "score",
        "responses",
        "responses?q=tea",
        "responses?user=ann",
        "cases",
        "keys",
        "notes",
        "webhooks",
        "export",
    ] {
        assert_eq!(site.get(endpoint, &site.owner).await.status, 200, "{endpoint}");
    }
    assert_eq!(collector.log(), "");
}

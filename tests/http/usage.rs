//! The usage: origins that were refused, and the rate limits.

use serde_json::{Value, json};
use tests::client::send;
use tests::{Collector, new_id};

#[tokio::test]
async fn refused_origins_are_counted_latest_first() {
    let mut collector = Collector::start();
    let given = json!({ "name": "Tea shop", "origins": ["https://tea.example"] });
    let site = collector.create_site(given).await;
    assert_eq!(site.owner_get("usage").await["refused_origins"], json!([]));
    let post = async |origin: &str, messages: usize| {
        let message = json!(vec![json!({ "id": new_id(), "score": 9 }); messages]).to_string();
        send(site.posting(message).header("origin", origin)).await.status
    };
    assert_eq!(post("https://tea.example", 1).await, 200);
    for (origin, messages) in
        [("https://STAGING.tea.example:443", 3), ("null", 1), ("https://staging.tea.example", 2), ("x", 1)]
    {
        assert_eq!(post(origin, messages).await, 403, "{origin}");
    }
    let check = |usage: &Value| {
        let refused = usage["refused_origins"].as_array().unwrap();
        let counted: Vec<Value> = refused.iter().map(|it| json!([it["origin"], it["messages"]])).collect();
        assert_eq!(counted, [json!(["https://staging.tea.example", 5]), json!(["null", 1])]);
        assert!(refused[0]["first_seen_at"].as_str() <= refused[0]["last_seen_at"].as_str());
    };
    check(&site.owner_get("usage").await);
    for nth in 0..30 {
        assert_eq!(post(&format!("https://{nth}.example"), 1).await, 403);
    }
    let refused = site.owner_get("usage").await["refused_origins"].take();
    assert_eq!(
        (refused.as_array().unwrap().len(), &refused[0]["origin"]),
        (20, &json!("https://29.example"))
    );
    // What was seen first is stored at once, the rest within the hour.
    collector.restart();
    let kept = collector.again(&site).owner_get("usage").await["refused_origins"].take();
    assert_eq!(kept.as_array().unwrap().len(), 20, "{kept}");
    assert!(kept.as_array().unwrap().iter().any(|it| it["origin"] == "https://staging.tea.example"));
}

#[tokio::test]
async fn each_limit_has_its_quota_and_the_number_of_refusals() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let limits = site.owner_get("usage").await["limits"].take();
    let names: Vec<&str> =
        limits.as_array().unwrap().iter().map(|limit| limit["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["visitors", "address", "key", "share", "strangers"]);
    for limit in limits.as_array().unwrap() {
        assert!(limit["quota"].as_u64() > Some(0) && limit["window_seconds"] == 60, "{limit}");
        assert_eq!(limit["refused"], 0);
    }
    let quota = limits[4]["quota"].as_u64().unwrap();
    // At once, so that the bucket does not fill meanwhile.
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..quota * 3 {
        let site = site.clone();
        calls.spawn(async move { site.get("score", "wrong").await.status });
    }
    let refused = calls.join_all().await.iter().filter(|status| **status == 429).count();
    assert!(refused > 0);
    assert_eq!(site.owner_get("usage").await["limits"][4]["refused"], refused);
}

//! Storing answers: one message, many messages, and when an answer was given.

use serde_json::{Value, json};
use tests::ids::timeless_id;
use tests::{Collector, id_at, new_id, now_ms};

#[tokio::test]
async fn each_score_lands_in_its_category() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for score in 0..=10 {
        site.store(json!({ "id": new_id(), "score": score, "shown": true })).await;
    }
    let report = site.score("").await;
    assert_eq!(report["distribution"], json!([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]));
    assert_eq!(report["counts"], json!({ "promoters": 2, "passives": 2, "detractors": 7 }));
    assert_eq!((&report["scored"], &report["shown"]), (&json!(11), &json!(11)));
    assert!((report["score"].as_f64().unwrap() + 500.0 / 11.0).abs() < 1e-9, "{report}");
    for response in site.responses().await {
        let category = match response["score"].as_u64().unwrap() {
            0..=6 => "detractor",
            7..=8 => "passive",
            _ => "promoter",
        };
        assert_eq!(response["category"], category, "{response}");
    }
}

#[tokio::test]
async fn a_single_message_and_an_array_get_the_same_results() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let id = new_id();
    let single = site.post(&json!({ "id": id, "score": 9 })).await.ok();
    assert_eq!(single, json!({ "results": [{ "id": id, "status": "stored" }] }));
    let ids: Vec<String> = (0..50).map(|_| new_id()).collect();
    let batch: Vec<Value> = ids.iter().map(|id| json!({ "id": id, "score": 7 })).collect();
    let answer = site.post(&json!(batch)).await.ok();
    let expected: Vec<Value> = ids.iter().map(|id| json!({ "id": id, "status": "stored" })).collect();
    assert_eq!(answer, json!({ "results": expected }));
    assert_eq!(site.score("").await["scored"], 51);
}

#[tokio::test]
async fn one_invalid_message_does_not_block_the_others() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let (first, bad, last) = (new_id(), new_id(), new_id());
    let batch =
        json!([{ "id": first, "score": 9 }, { "id": bad, "score": 11 }, 7, { "id": last, "score": 3 }]);
    let results = site.post(&batch).await.ok()["results"].take();
    assert_eq!(results[0], json!({ "id": first, "status": "stored" }));
    assert_eq!((&results[1]["id"], &results[1]["status"]), (&json!(bad), &json!("invalid")));
    tests::client::assert_problem(&results[1]["problem"], 422);
    assert_eq!(results[1]["problem"]["pointer"], "/score");
    assert_eq!((&results[2]["id"], &results[2]["status"]), (&json!(null), &json!("invalid")));
    assert_eq!(results[3], json!({ "id": last, "status": "stored" }));
    let listed: Vec<Value> = site.responses().await.iter().map(|response| response["id"].clone()).collect();
    assert_eq!(listed, [json!(last), json!(first)]);
    assert_eq!(site.score("").await["distribution"], json!([0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0]));
}

#[tokio::test]
async fn an_array_of_invalid_messages_gets_422_with_each_reason() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let before = site.state().await;
    let id = new_id();
    let answer = site.post(&json!([{ "id": id, "score": 11 }, { "id": "7", "score": 9 }])).await;
    let problem = answer.invalid_at("/score");
    assert_eq!(problem["results"][0]["id"], json!(id));
    assert_eq!(problem["results"][1]["problem"]["pointer"], "/id");
    assert_eq!(site.state().await, before);
}

#[tokio::test]
async fn an_array_holds_1_to_50_messages() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let before = site.state().await;
    site.post(&json!([])).await.problem(400);
    let batch: Vec<Value> = (0..51).map(|_| json!({ "id": new_id(), "score": 9 })).collect();
    let problem = site.post(&json!(batch)).await.problem(400);
    assert!(problem["detail"].as_str().unwrap().contains("50"), "{problem}");
    assert_eq!(site.state().await, before);
}

#[tokio::test]
async fn ids_without_a_timestamp_are_listed_in_order_of_arrival() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let ids: Vec<String> = (0..20).map(|_| timeless_id()).collect();
    for id in &ids {
        site.store(json!({ "id": id, "score": 9 })).await;
        wait_a_millisecond();
    }
    let listed: Vec<String> =
        site.responses().await.iter().rev().map(|r| r["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(listed, ids);
}

/// Two answers within one millisecond have no order.
fn wait_a_millisecond() {
    let now = now_ms();
    while now_ms() <= now {
        std::hint::spin_loop();
    }
}

#[tokio::test]
async fn a_wrong_browser_clock_does_not_date_a_response() {
    let collector = Collector::shared();
    let now = now_ms();
    let (minute, hour, year) = (60_000, 3_600_000, 365 * tests::DAY_MS);
    for (created_ms, kept) in [
        (now - 9 * minute, true),
        (now - hour, false),
        (now - 20 * year, false),
        (now + hour, false),
        (now + 50 * year, false),
    ] {
        let site = collector.site().await;
        site.store(json!({ "id": id_at(created_ms), "score": 9 })).await;
        let shown = site.responses().await[0]["at"].as_str().unwrap().to_owned();
        let report = site.score("range=2d").await;
        assert_eq!(report["scored"], 1, "dated {shown}, from a browser at {created_ms}");
        let ms = tests::ids::unix_ms(&shown);
        if kept {
            assert_eq!(ms, created_ms, "{shown}");
        } else {
            assert!((now..=now_ms() + 1_000).contains(&ms), "{shown}");
        }
    }
}

//! Backfill of a property that is declared after responses exist, and properties with more values
//! than are counted separately.

use serde_json::{Value, json};
use tests::{Collector, Site, new_id, until};

use crate::groups::{assert_recounted, site_with};

/// So many answers with a plan each, over some months.
async fn import_plans(site: &Site, answers: usize) {
    let row = |nth: usize| {
        let plan = ["free", "pro", "team", ""][nth % 4];
        format!("2026-{:02}-{:02}T12:00:00Z,{},{plan}\n", nth % 9 + 1, nth % 28 + 1, nth % 11)
    };
    let rows: String = (0..answers).map(row).collect();
    assert_eq!(site.import_csv(format!("at,score,plan\n{rows}"), "").await["stored"], answers);
}

#[tokio::test]
async fn without_responses_a_property_is_complete_at_once() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let changed =
        site.patch_settings(json!({ "properties": ["plan", { "name": "lang", "values": ["de"] }] })).await;
    assert_eq!(changed["in_progress"]["properties"], json!([]));
    site.store(json!([
        { "id": new_id(), "score": 9, "lang": "de", "properties": { "plan": "pro" } },
        { "id": new_id(), "score": 3, "lang": "de" },
    ]))
    .await;
    for property in ["plan", "lang"] {
        assert_recounted(&site, property).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backfill_counts_stored_and_arriving_responses() {
    let collector = Collector::shared();
    let site = collector.site().await;
    import_plans(&site, 5_000).await;
    let changed = site.patch_settings(json!({ "properties": ["plan", "lang"] })).await;
    assert_eq!(changed["properties"], json!(["plan", "lang"]));
    let (mut stored, mut waited) = (0, false);
    until("every response is counted", async || {
        for plan in ["pro", "new", "new"] {
            let lang = ["de", "en"][stored % 2];
            let message = json!({ "id": new_id(), "score": stored % 11, "shown": true, "lang": lang, "properties": { "plan": plan } });
            site.store(message).await;
            stored += 1;
        }
        let answer = site.try_score("group_by=plan").await;
        if answer.status == 503 {
            waited = true;
            assert_eq!(answer.problem(503)["type"], "urn:grapevine:problem:not-ready");
            assert!(answer.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0), "{answer}");
        } else {
            answer.ok();
        }
        let busy = site.owner_get("").await["in_progress"]["properties"].take();
        (busy == json!([])).then_some(())
    })
    .await;
    println!("{stored} answers came in meanwhile; asked too early: {waited}");
    for property in ["plan", "lang"] {
        assert_recounted(&site, property).await;
    }
    assert_eq!(site.score("").await["scored"], 5_000 + stored);
}

#[tokio::test]
async fn a_backfill_resumes_after_a_restart() {
    let mut collector = Collector::start();
    let site = collector.site().await;
    import_plans(&site, 5_000).await;
    site.patch_settings(json!({ "properties": ["plan"] })).await;
    collector.restart();
    let site = collector.again(&site);
    site.settled().await;
    assert_recounted(&site, "plan").await;
}

#[tokio::test]
async fn an_erased_response_is_subtracted_from_every_total() {
    let collector = Collector::shared();
    let site = site_with(&collector, &["plan"]).await;
    import_plans(&site, 400).await;
    for response in site.responses().await.iter().step_by(7) {
        let id = response["id"].as_str().unwrap();
        assert_eq!(site.owner_request("DELETE", &format!("responses/{id}"), Value::Null).await.status, 204);
    }
    for property in ["plan", "channel"] {
        assert_recounted(&site, property).await;
    }
    let days = site.score("from=2026-01-01&to=2026-09-28&interval=month").await;
    let points = days["series"].as_array().unwrap().iter().map(|point| point["scored"].as_u64().unwrap());
    assert_eq!(points.sum::<u64>(), site.responses().await.len() as u64);
}

/// 203 values, each with 5 answers. Answers of one millisecond are stored in the order of their
/// random ids, so any 200 of them get a place.
async fn import_many(site: &Site) {
    let rows: String =
        (0..203).flat_map(|nth| (0..5).map(move |score| format!("{score},v{nth:03}\n"))).collect();
    site.import_csv(format!("score,plan\n{rows}"), "").await;
}

/// Checks the groups, and returns the value of one that is not the others.
async fn assert_two_hundred_and_others(site: &Site, others: u64) -> String {
    let report = site.score("group_by=plan").await;
    let groups = report["groups"].as_array().unwrap();
    let other: Vec<&Value> = groups.iter().filter(|group| group["other"] == true).collect();
    assert_eq!((groups.len(), other.len()), (201, 1), "200 values and the others");
    assert_eq!((&other[0]["value"], &other[0]["scored"]), (&Value::Null, &json!(others)));
    let sum: u64 = groups.iter().map(|group| group["scored"].as_u64().unwrap()).sum();
    assert_eq!(report["scored"], sum);
    groups.iter().find_map(|group| group["value"].as_str()).expect("a value").to_owned()
}

#[tokio::test]
async fn values_beyond_200_are_counted_as_other() {
    let collector = Collector::shared();
    let site = site_with(&collector, &["plan"]).await;
    import_many(&site).await;
    let counted = assert_two_hundred_and_others(&site, 15).await;
    site.store(json!({ "id": new_id(), "score": 9, "properties": { "plan": "another" } })).await;
    site.store(json!({ "id": new_id(), "score": 9, "properties": { "plan": counted } })).await;
    assert_two_hundred_and_others(&site, 16).await;
    assert_eq!(site.score(&format!("filter[plan]={counted}")).await["scored"], 6);
    site.try_score("filter[plan]=another").await.invalid_at("filter[plan]");
    assert_eq!(site.responses_of("filter[plan]=another", 50).await.len(), 1, "the list knows every value");
}

#[tokio::test]
async fn a_backfill_counts_values_beyond_200_as_other() {
    let collector = Collector::shared();
    let site = collector.site().await;
    import_many(&site).await;
    site.patch_settings(json!({ "properties": ["plan"] })).await;
    site.settled().await;
    assert_two_hundred_and_others(&site, 15).await;
}

//! Values of a property: 200 are counted by themselves, and real ones take the places of made-up
//! ones.

use serde_json::{Value, json};
use tests::{Collector, Site, new_id, until};

use crate::groups::{assert_recounted, site_with};

/// Stores one response of each value.
async fn store_values(site: &Site, values: impl Iterator<Item = String>) -> Vec<String> {
    let messages: Vec<Value> = values
        .map(|value| json!({ "id": new_id(), "score": 0, "shown": true, "properties": { "plan": value } }))
        .collect();
    for batch in messages.chunks(50) {
        site.store(json!(batch)).await;
    }
    messages.iter().map(|message| message["id"].as_str().unwrap().to_owned()).collect()
}

/// The group of a value, if it has one.
async fn group(site: &Site, value: &str) -> Option<Value> {
    let report = site.score("group_by=plan").await;
    let groups = report["groups"].as_array().unwrap();
    assert!(groups.len() <= 202, "{}", groups.len());
    let sum: u64 = groups.iter().map(|group| group["scored"].as_u64().unwrap()).sum();
    assert_eq!(report["scored"], sum, "the groups add up while values change places");
    groups.iter().find(|group| group["value"] == value).cloned()
}

async fn others(site: &Site) -> u64 {
    let report = site.score("group_by=plan").await;
    let groups = report["groups"].as_array().unwrap();
    groups.iter().filter(|group| group["other"] == true).map(|group| group["scored"].as_u64().unwrap()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_with_five_responses_takes_the_place_of_a_made_up_one() {
    let collector = Collector::shared();
    let site = site_with(&collector, &["plan"]).await;
    store_values(&site, (0..220).map(|nth| format!("junk{nth}"))).await;
    assert_eq!(others(&site).await, 20);
    store_values(&site, (0..4).map(|_| "pro".to_owned())).await;
    store_values(&site, (0..7).map(|_| "team".to_owned())).await;
    let team = until("team has a place", async || group(&site, "team").await).await;
    assert_eq!(team["scored"], 7);
    assert!(group(&site, "pro").await.is_none(), "four are too few");
    store_values(&site, ["pro".to_owned()].into_iter()).await;
    let pro = until("pro has a place", async || group(&site, "pro").await).await;
    assert_eq!(pro["scored"], 5, "with those that came before");
    assert_eq!(site.score("filter[plan]=pro").await["scored"], 5);
    assert_eq!(others(&site).await, 22, "two of 200 have lost their places");
    store_values(&site, (0..30).map(|nth| format!("more{nth}"))).await;
    assert_eq!(group(&site, "pro").await.unwrap()["scored"], 5);
    assert_eq!(others(&site).await, 52);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_is_free_once_no_total_refers_to_it() {
    let collector = Collector::shared();
    let site = site_with(&collector, &["plan"]).await;
    let ids = store_values(&site, (0..200).map(|nth| format!("junk{nth}"))).await;
    for id in &ids[..2] {
        assert_eq!(site.owner_request("DELETE", &format!("responses/{id}"), Value::Null).await.status, 204);
    }
    let spam = json!({ "mark": "spam" });
    site.owner_request("PATCH", &format!("responses/{}", ids[2]), spam).await.ok();
    store_values(&site, ["a", "b", "c"].map(str::to_owned).into_iter()).await;
    for value in ["a", "b", "c"] {
        assert_eq!(group(&site, value).await.expect(value)["scored"], 1, "{value} has a place at once");
    }
    assert_recounted(&site, "plan").await;
    // All places are taken again, so the response that comes back is counted as other.
    site.owner_request("PATCH", &format!("responses/{}", ids[2]), json!({ "mark": null })).await.ok();
    assert_eq!(others(&site).await, 1);
}

#[tokio::test]
async fn a_list_of_the_owner_admits_no_other_value() {
    let collector = Collector::shared();
    let site = site_with(&collector, &["plan"]).await;
    store_values(&site, ["pro", "x", "y", "x", "x", "x", "x"].map(str::to_owned).into_iter()).await;
    let listed = json!([{ "name": "plan", "values": ["free", "pro"] }]);
    assert_eq!(site.patch_settings(json!({ "properties": listed })).await["properties"], listed);
    assert_eq!(site.patch_settings(json!({ "badge": true })).await["properties"], listed);
    site.settled().await;
    store_values(&site, ["free", "z"].map(str::to_owned).into_iter()).await;
    for value in ["free", "pro"] {
        assert_eq!(group(&site, value).await.expect(value)["scored"], 1);
    }
    assert_eq!(others(&site).await, 7, "no place is free, however few are taken");
    assert!(group(&site, "x").await.is_none());
    site.try_score("filter[plan]=x").await.invalid_at("filter[plan]");
    site.patch_settings(json!({ "properties": ["plan"] })).await;
    site.settled().await;
    assert_recounted(&site, "plan").await;
    for (wrong, pointer) in [
        (json!([{ "name": "plan" }]), "/properties/0/values"),
        (json!([{ "name": "plan", "values": [] }]), "/properties/0/values"),
        (json!([{ "name": "plan", "values": ["a", "a"] }]), "/properties/0/values"),
        (json!([{ "name": "plan", "values": ["a", 7] }]), "/properties/0/values"),
        (json!([{ "values": ["a"] }]), "/properties/0"),
        (json!(["a", { "name": "a", "values": ["a"] }]), "/properties/1"),
        (json!([{ "name": "plan", "values": ["a"], "colour": 1 }]), "/properties/0"),
    ] {
        site.owner_request("PATCH", "", json!({ "properties": wrong })).await.invalid_at(pointer);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn values_that_change_places_are_counted_exactly_after_a_kill() {
    let mut collector = Collector::start();
    let site = site_with(&collector, &["plan"]).await;
    let junk = (0..3_000).map(|nth| format!("0,junk{}\n", nth % 400));
    let real = (0..1_200).map(|nth| format!("9,real{}\n", nth % 40));
    let rows: String = junk.chain(real).collect();
    site.import_csv(format!("score,plan\n{rows}"), "").await;
    collector.restart();
    let site = collector.again(&site);
    for kills in 0..4 {
        store_values(&site.at(collector.url().to_owned()), ["real1".to_owned()].into_iter()).await;
        if kills < 3 {
            collector.restart();
        }
    }
    let site = collector.again(&site);
    until("each real value has a place", async || {
        let report = site.score("group_by=plan").await;
        let groups = report["groups"].as_array().unwrap();
        let real = groups
            .iter()
            .filter(|group| group["value"].as_str().is_some_and(|text| text.starts_with("real")));
        (real.count() == 40).then_some(())
    })
    .await;
    let listed = site.responses().await;
    for nth in [0, 1, 39] {
        let value = format!("real{nth}");
        let expected =
            listed.iter().filter(|response| response["properties"]["plan"] == value.as_str()).count();
        assert_eq!(group(&site, &value).await.unwrap()["scored"], expected, "{value}");
    }
    assert_eq!(site.score("").await["scored"], 4_204);
}

//! Scores grouped by declared properties. The totals equal a recount of the list, in any order of
//! messages.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::{Collector, Site, new_id};

/// Sums of a group: distribution, shown, dismissed.
type Sums = ([u64; 11], u64, u64);

/// The value of a property in a listed response.
fn value(response: &Value, property: &str) -> Option<String> {
    let is_builtin = ["channel", "page", "lang"].contains(&property);
    let value = if is_builtin { &response[property] } else { &response["properties"][property] };
    value.as_str().map(str::to_owned)
}

/// The sums of each value as the list has them.
pub fn recount(listed: &[Value], property: &str) -> BTreeMap<Option<String>, Sums> {
    let mut groups: BTreeMap<Option<String>, Sums> = BTreeMap::new();
    for response in listed {
        let (scores, shown, dismissed) = groups.entry(value(response, property)).or_default();
        if let Some(score) = response["score"].as_u64() {
            scores[score as usize] += 1;
        }
        *shown += u64::from(response["shown"] == true);
        *dismissed += u64::from(response["dismissed"] == true);
    }
    groups
}

/// Asserts that the groups of a property equal those of the list. A hidden group shows only its
/// counts.
pub async fn assert_recounted(site: &Site, property: &str) {
    let mut expected = recount(&site.responses().await, property);
    let report = site.score(&format!("group_by={property}")).await;
    for group in report["groups"].as_array().unwrap() {
        assert_eq!(group["other"], false, "{group}");
        let (scores, shown, dismissed) =
            expected.remove(&group["value"].as_str().map(str::to_owned)).unwrap_or_else(|| panic!("{group}"));
        assert_eq!(group["scored"], scores.iter().sum::<u64>(), "{property}: {group}");
        assert_eq!((&group["shown"], &group["dismissed"]), (&json!(shown), &json!(dismissed)), "{group}");
        let distribution = if group["hidden"] == true { Value::Null } else { json!(scores) };
        assert_eq!(group["distribution"], distribution, "{property}: {group}");
    }
    assert!(expected.is_empty(), "{property}: not among the groups: {expected:?}");
}

/// Showings of all kinds, each of several messages: plans that come later than the score, scores
/// that change.
pub async fn store_mixed(site: &Site, showings: usize) {
    let mut messages = Vec::new();
    for nth in 0..showings {
        let id = new_id();
        let lang = ["de", "en", "pl"][nth % 3];
        messages.push(json!({ "id": id, "shown": true, "lang": lang }));
        match nth % 6 {
            0 => messages.push(json!({ "id": id, "dismissed": true, "properties": { "plan": "pro" } })),
            1 => messages.push(json!({ "id": id, "score": nth % 11, "elapsed_ms": 2_000 })),
            _ => {
                let plan = ["free", "pro", "team"][nth % 3];
                messages.push(json!({ "id": id, "score": 3, "elapsed_ms": 1_000, "page": "/tea" }));
                messages.push(json!({ "id": id, "score": nth % 11, "elapsed_ms": 2_000 }));
                messages.push(json!({ "id": id, "shown": true, "properties": { "plan": plan, "country of birth": "PL" } }));
            }
        }
    }
    for batch in messages.chunks(50) {
        site.store(json!(batch)).await;
    }
}

/// A site that declares those properties.
pub async fn site_with(collector: &Collector, properties: &[&str]) -> Site {
    collector.create_site(json!({ "name": "Tea shop", "properties": properties })).await
}

#[tokio::test]
async fn totals_by_property_equal_a_recount_as_responses_arrive() {
    let collector = Collector::shared();
    let site = site_with(&collector, &["plan", "country of birth", "page", "lang"]).await;
    for _ in 0..3 {
        store_mixed(&site, 60).await;
        for property in ["plan", "country of birth", "page", "lang", "channel"] {
            assert_recounted(&site, property).await;
        }
    }
}

#[tokio::test]
async fn groups_add_up_to_the_total_and_the_largest_comes_first() {
    let collector = Collector::start();
    let site = site_with(&collector, &["plan"]).await;
    store_mixed(&site, 120).await;
    let report = site.score("group_by=plan").await;
    let groups = report["groups"].as_array().unwrap();
    for member in ["scored", "shown", "dismissed"] {
        let sum: u64 = groups.iter().map(|group| group[member].as_u64().unwrap()).sum();
        assert_eq!(report[member], sum, "{member}");
    }
    let scored: Vec<u64> = groups.iter().map(|group| group["scored"].as_u64().unwrap()).collect();
    assert!(scored.is_sorted_by(|a, b| a >= b), "{scored:?}");
    assert!(
        groups.iter().any(|group| group["value"].is_null()),
        "those without a plan are a group: {report}"
    );
    assert_eq!(report["query"]["group_by"], "plan");
    assert!(groups.iter().all(|group| group["low_sample"] == (group["scored"].as_u64() < Some(30))));
}

#[tokio::test]
async fn every_site_groups_by_channel() {
    let collector = Collector::shared();
    let site = collector.site().await;
    store_mixed(&site, 60).await;
    site.import_csv(format!("score,comment\n{}", "9,Good\n".repeat(7)), "").await;
    assert_recounted(&site, "channel").await;
    let report = site.score("group_by=channel").await;
    let ways: Vec<&Value> =
        report["groups"].as_array().unwrap().iter().map(|group| &group["value"]).collect();
    assert_eq!(ways, ["web", "import"]);
    let imported = site.score("filter[channel]=import").await;
    assert_eq!((&imported["scored"], &imported["score"]), (&json!(7), &json!(100.0)));
}

#[tokio::test]
async fn a_filtered_report_equals_its_group() {
    let collector = Collector::shared();
    let site = site_with(&collector, &["plan", "lang"]).await;
    store_mixed(&site, 180).await;
    for property in ["plan", "lang", "channel"] {
        let report = site.score(&format!("group_by={property}")).await;
        for group in report["groups"].as_array().unwrap() {
            let value = group["value"].as_str().unwrap_or_default();
            let alone = site.score(&format!("filter[{property}]={value}")).await;
            for member in [
                "score",
                "scored",
                "interval95",
                "counts",
                "distribution",
                "shown",
                "dismissed",
                "response_rate",
                "comment_rate",
                "median_seconds",
                "low_sample",
                "hidden",
            ] {
                assert_eq!(alone[member], group[member], "{member} of {property}={value}");
            }
            assert_eq!(alone["query"]["filter"], json!({ "name": property, "value": group["value"] }));
        }
    }
    let nobody = site.score("filter[plan]=never").await;
    assert_eq!((&nobody["scored"], &nobody["score"]), (&json!(0), &Value::Null));
}

#[tokio::test]
async fn an_undeclared_property_is_unknown_and_complete_when_declared_again() {
    let collector = Collector::shared();
    let site = site_with(&collector, &["plan", "lang"]).await;
    store_mixed(&site, 60).await;
    site.patch_settings(json!({ "properties": ["lang"] })).await;
    site.try_score("group_by=plan").await.invalid_at("group_by");
    site.try_score("filter[plan]=pro").await.invalid_at("filter[plan]");
    store_mixed(&site, 60).await;
    site.patch_settings(json!({ "properties": ["plan", "lang"] })).await;
    site.settled().await;
    store_mixed(&site, 30).await;
    for property in ["plan", "lang"] {
        assert_recounted(&site, property).await;
    }
}

#[tokio::test]
async fn at_most_eight_properties_are_declared_and_each_invalid_one_is_named() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let names = |n: usize| json!((0..n).map(|nth| format!("p{nth}")).collect::<Vec<_>>());
    site.owner_request("PATCH", "", json!({ "properties": names(9) })).await.invalid_at("/properties");
    let long = "x".repeat(65);
    for (wrong, pointer) in [
        (json!("plan"), "/properties"),
        (json!(["plan", "plan"]), "/properties/1"),
        (json!(["channel"]), "/properties/0"),
        (json!(["plan", ""]), "/properties/1"),
        (json!(["a\"b"]), "/properties/0"),
        (json!([7]), "/properties/0"),
        (json!([long]), "/properties/0"),
    ] {
        site.owner_request("PATCH", "", json!({ "properties": wrong })).await.invalid_at(pointer);
    }
    assert_eq!(site.owner_get("").await["properties"], json!([]), "a refused change changes nothing");
    assert_eq!(site.patch_settings(json!({ "properties": names(8) })).await["properties"], names(8));
    let all: Value =
        (0..8).map(|nth| (format!("p{nth}"), json!("x"))).collect::<serde_json::Map<_, _>>().into();
    let batch: Vec<Value> =
        (0..6).map(|_| json!({ "id": new_id(), "score": 9, "properties": all })).collect();
    site.store(json!(batch)).await;
    site.settled().await;
    for nth in 0..8 {
        assert_recounted(&site, &format!("p{nth}")).await;
    }
}

#[tokio::test]
async fn a_query_groups_or_filters_by_one_declared_property() {
    let collector = Collector::shared();
    let site = site_with(&collector, &["plan", "lang"]).await;
    for (query, pointer) in [
        ("group_by=plan&filter[lang]=de", "group_by"),
        ("filter[plan]=pro&filter[lang]=de", "filter[lang]"),
        ("filter[plan]=pro&filter[plan]=free", "filter[plan]"),
        ("group_by=plan&group_by=lang", "group_by"),
        ("group_by=country", "group_by"),
        ("group_by=", "group_by"),
        ("filter[country]=PL", "filter[country]"),
        ("filter[]=PL", "filter[]"),
        ("filter=pro", "filter"),
    ] {
        site.try_score(query).await.invalid_at(pointer);
    }
}

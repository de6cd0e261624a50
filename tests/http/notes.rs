//! Notes on the owner's changes, and the score before and after.

use serde_json::{Value, json};
use tests::client::send;
use tests::ids::{today, unix_ms};
use tests::{Collector, Site};

async fn make(site: &Site, note: Value) -> Value {
    let answer = site.owner_request("POST", "notes", note).await;
    assert_eq!(answer.status, 201, "{answer}");
    answer.json()
}

async fn list(site: &Site, query: &str) -> Vec<Value> {
    site.owner_get(&format!("notes{query}")).await["notes"].as_array().unwrap().clone()
}

/// So many answers of each score over the thirty days of September or October.
fn rows(month: &str, counts: [(u8, usize); 3]) -> String {
    let each = counts.into_iter().flat_map(|(score, n)| std::iter::repeat_n(score, n));
    each.enumerate()
        .map(|(nth, score)| format!("2026-{month}-{:02}T12:00:00Z,{score}\n", nth % 30 + 1))
        .collect()
}

#[tokio::test]
async fn the_scores_before_and_after_a_note_match_a_published_test() {
    let collector = Collector::start_at(unix_ms("2026-11-25T12:00:00.000Z"), |_| {});
    let site = collector.site().await;
    let before = rows("09", [(9, 49), (7, 30), (6, 8)]);
    let after = rows("10", [(10, 93), (8, 32), (0, 9)]);
    // These are outside of the thirty days on either side.
    let outside = "2026-08-31T23:59:59Z,0\n2026-10-31T00:00:00Z,0\n";
    site.import_csv(format!("at,score\n{before}{after}{outside}"), "").await;
    let note = make(&site, json!({ "day": "2026-10-01", "text": "Free returns" })).await;
    let effect = &note["effect"];
    let side = |name: &str| effect[name].clone();
    assert_eq!(
        (&side("before")["from"], &side("before")["to"]),
        (&json!("2026-09-01"), &json!("2026-09-30"))
    );
    assert_eq!((&side("after")["from"], &side("after")["to"]), (&json!("2026-10-01"), &json!("2026-10-30")));
    assert_eq!(side("before")["counts"], json!({ "promoters": 49, "passives": 30, "detractors": 8 }));
    assert_eq!(side("after")["counts"], json!({ "promoters": 93, "passives": 32, "detractors": 9 }));
    let number = |name: &str| effect[name].as_f64().unwrap_or_else(|| panic!("{name} in {note}"));
    assert!((number("z") - 1.797).abs() < 0.0005 && (number("p") - 0.072).abs() < 0.0005, "{note}");
    assert!((number("delta") - (8_400.0 / 134.0 - 4_100.0 / 87.0)).abs() < 1e-9, "{note}");
    assert_eq!(effect["significant"], false);
    for (name, days) in
        [("before", "from=2026-09-01&to=2026-09-30"), ("after", "from=2026-10-01&to=2026-10-30")]
    {
        let report = site.score(days).await;
        for member in ["score", "scored", "interval95", "counts"] {
            assert_eq!(side(name)[member], report[member], "{member} {name}");
        }
    }
    let week = list(&site, "?days=7").await;
    assert_eq!(week[0]["effect"]["before"]["from"], "2026-09-24");
    assert_eq!(week[0]["effect"]["after"]["to"], "2026-10-07");
    let year = list(&site, "?days=366").await;
    assert_eq!(year[0]["effect"]["before"]["scored"], 88);
    assert_eq!(year[0]["effect"]["after"]["to"], "2026-11-25", "not beyond today");
}

#[tokio::test]
async fn a_note_is_made_listed_changed_and_deleted() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let made = make(&site, json!({ "day": "2026-10-01", "text": " Free returns " })).await;
    assert_eq!((&made["text"], &made["public"]), (&json!("Free returns"), &json!(false)));
    let (older, newer) =
        (json!({ "day": "2025-01-01", "text": "Opened" }), json!({ "text": "Now", "public": true }));
    make(&site, older).await;
    make(&site, newer).await;
    let texts = |notes: &[Value]| -> Vec<String> {
        notes
            .iter()
            .map(|note| format!("{} {}", note["day"].as_str().unwrap(), note["text"].as_str().unwrap()))
            .collect()
    };
    let expected = [format!("{} Now", today()), "2026-10-01 Free returns".into(), "2025-01-01 Opened".into()];
    assert_eq!(texts(&list(&site, "").await), expected, "newest first, and today by default");
    let endpoint = format!("notes/{}", made["id"].as_str().unwrap());
    for (change, member, value) in [
        (json!({ "text": "Free delivery" }), "text", json!("Free delivery")),
        (json!({ "day": "2026-09-01" }), "day", json!("2026-09-01")),
        (json!({ "public": true }), "public", json!(true)),
    ] {
        let changed = site.owner_request("PATCH", &endpoint, change).await.ok();
        assert_eq!((&changed[member], &changed["id"]), (&value, &made["id"]));
    }
    assert_eq!(texts(&list(&site, "").await)[1], "2026-09-01 Free delivery");
    assert_eq!(site.owner_request("DELETE", &endpoint, Value::Null).await.status, 204);
    for method in ["DELETE", "PATCH"] {
        site.owner_request(method, &endpoint, json!({})).await.problem(404);
    }
    assert_eq!(list(&site, "").await.len(), 2);
}

#[tokio::test]
async fn each_invalid_note_is_named() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let made = make(&site, json!({ "text": "x" })).await;
    let endpoint = format!("notes/{}", made["id"].as_str().unwrap());
    for (wrong, pointer) in [
        (json!({ "text": "" }), "/text"),
        (json!({ "text": "x".repeat(501) }), "/text"),
        (json!({ "text": "x", "day": "soon" }), "/day"),
        (json!({ "text": "x", "day": "2026-02-30" }), "/day"),
        (json!({ "text": "x", "public": "yes" }), "/public"),
        (json!({ "text": "x", "title": "x" }), "/title"),
        (json!("x"), ""),
    ] {
        site.owner_request("POST", "notes", wrong.clone()).await.invalid_at(pointer);
        site.owner_request("PATCH", &endpoint, wrong).await.invalid_at(pointer);
    }
    site.owner_request("POST", "notes", json!({})).await.invalid_at("/text");
    for (query, pointer) in [("days=0", "days"), ("days=367", "days"), ("days=x", "days"), ("day=1", "day")] {
        site.get(&format!("notes?{query}"), &site.owner).await.invalid_at(pointer);
    }
    assert_eq!(list(&site, "").await.len(), 1);
}

#[tokio::test]
async fn a_note_on_a_future_day_has_no_after_period() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let note = make(&site, json!({ "day": "2099-01-01", "text": "New shop" })).await;
    assert_eq!(
        (&note["effect"]["after"], &note["effect"]["significant"]),
        (&Value::Null, &Value::Null),
        "{note}"
    );
}

#[tokio::test]
async fn changes_lists_public_notes_once_the_owner_enables_it() {
    let collector = Collector::shared();
    let site = collector.site().await;
    make(&site, json!({ "day": "2026-10-01", "text": "Free returns", "public": true })).await;
    make(&site, json!({ "day": "2026-10-02", "text": "Fired Bob" })).await;
    let changes = || send(site.asking("GET", "changes", ""));
    changes().await.problem(404);
    site.patch_settings(json!({ "public_notes": true })).await;
    let public = changes().await;
    let expected = json!({ "name": "Tea shop", "notes": [{ "day": "2026-10-01", "text": "Free returns" }] });
    assert_eq!(public.ok(), expected);
    assert_eq!(public.header("access-control-allow-origin"), "*");
    site.patch_settings(json!({ "public_notes": null })).await;
    changes().await.problem(404);
}

//! The score for everybody, where the owner wants that.

use serde_json::{Value, json};
use tests::client::send;
use tests::{Collector, HttpResponse, Site, new_id};

async fn badge(site: &Site, kind: &str) -> HttpResponse {
    send(site.asking("GET", &format!("badge.{kind}"), "")).await
}

async fn store(site: &Site, scores: &[u8]) {
    let messages: Vec<Value> = scores.iter().map(|score| json!({ "id": new_id(), "score": score })).collect();
    site.store(json!(messages)).await;
}

/// The picture, which must be XML: each tag closed in the order in which it was opened.
async fn svg(site: &Site) -> String {
    let answer = badge(site, "svg").await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(answer.header("content-type"), "image/svg+xml");
    let svg = String::from_utf8(answer.body).unwrap();
    let mut open = Vec::new();
    for part in svg.split('<').skip(1) {
        let (tag, text) = part.split_once('>').expect("a tag ends");
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{svg}"),
            None if tag.ends_with('/') => {}
            None => open.push(tag.split(' ').next().unwrap()),
        }
        let entities =
            ["&amp;", "&lt;", "&gt;"].iter().fold(text.to_owned(), |text, name| text.replace(name, ""));
        assert!(!entities.contains('&'), "{text}");
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
    }
    assert!(open.is_empty(), "{svg}");
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""), "{svg}");
    svg
}

/// Returns the text that a screen reader reads out in place of the picture.
fn title(svg: &str) -> &str {
    assert!(svg.contains("role=\"img\"") && svg.contains("aria-labelledby=\"t\""), "{svg}");
    svg.split_once("<title id=\"t\">").unwrap().1.split_once("</title>").unwrap().0
}

#[tokio::test]
async fn the_badge_is_404_until_the_owner_enables_it() {
    let collector = Collector::shared();
    let site = collector.site().await;
    store(&site, &[9; 10]).await;
    for kind in ["svg", "json"] {
        badge(&site, kind).await.problem(404);
        send(site.asking("GET", &format!("badge.{kind}"), &site.owner)).await.problem(404);
    }
    site.patch_settings(json!({ "badge": true })).await;
    assert_eq!(badge(&site, "svg").await.status, 200);
    site.patch_settings(json!({ "badge": false })).await;
    badge(&site, "svg").await.problem(404);
}

#[tokio::test]
async fn a_badge_of_fewer_than_five_answers_shows_a_dash() {
    let collector = Collector::shared();
    let site = collector.create_site(json!({ "name": "Tea <&> \"more\"", "badge": true })).await;
    for expected in ["–", "–", "–", "–", "–", "100"] {
        let (picture, data) = (svg(&site).await, badge(&site, "json").await.ok());
        assert!(picture.contains(&format!(">{expected}</text>")), "{picture}");
        let score = if expected == "–" { Value::Null } else { json!(100.0) };
        assert_eq!((&data["score"], data["interval95"].is_null()), (&score, score.is_null()), "{data}");
        let read = if expected == "–" { "not shown" } else { "100, from 5 responses" };
        assert_eq!(title(&picture), format!("Net Promoter Score of Tea &lt;&amp;&gt; \"more\": {read}"));
        assert!(picture.contains("NPS") && !picture.contains('%'), "{picture}");
        store(&site, &[10]).await;
    }
}

#[tokio::test]
async fn the_badge_rounds_the_score_and_its_json_equals_the_report() {
    let collector = Collector::shared();
    let site = collector.create_site(json!({ "name": "Tea shop", "badge": true })).await;
    store(&site, &[0, 3, 6, 6, 7, 8, 9]).await;
    let picture = svg(&site).await;
    assert!(picture.contains(">−43</text>") && picture.contains("n=7"), "{picture}");
    let report = site.score("range=365d").await;
    let mut data = badge(&site, "json").await.ok();
    let expected = json!({
        "name": "Tea shop", "label": "NPS", "score": -43.0, "scored": 7, "interval95": report["interval95"],
        "low_sample": true, "from": report["query"]["from"], "to": report["query"]["to"],
    });
    data["score"] = json!(data["score"].as_f64());
    assert_eq!(data, expected);
    let answer = badge(&site, "json").await;
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
}

#[tokio::test]
async fn only_the_standard_question_is_labelled_nps() {
    let collector = Collector::shared();
    let survey = json!({ "variant": "stay", "question": "How likely are you to stay?" });
    let site = collector.create_site(json!({ "name": "Tea shop", "badge": true, "survey": survey })).await;
    store(&site, &[9; 6]).await;
    let picture = svg(&site).await;
    assert!(
        !picture.contains("NPS") && title(&picture) == "Score of Tea shop: 100, from 6 responses",
        "{picture}"
    );
    assert_eq!(badge(&site, "json").await.ok()["label"], "Score");
}

#[tokio::test]
async fn the_badge_counts_the_past_year_only() {
    let collector = Collector::shared();
    let site = collector.create_site(json!({ "name": "Tea shop", "badge": true })).await;
    let rows: String = (1..=9).map(|day| format!("2020-01-0{day},0\n")).collect();
    site.import_csv(format!("at,score\n{rows}"), "").await;
    assert!(title(&svg(&site).await).ends_with("not shown"));
    store(&site, &[10; 5]).await;
    assert!(title(&svg(&site).await).ends_with("100, from 5 responses"));
}

//! Texts that are hard to write in a table, out of one site and into another.

use serde_json::{Value, json};
use tests::{Collector, Site, new_id};

/// Parts of hostile texts.
const PARTS: [&str; 28] = [
    "'",
    "''",
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "\0",
    "\"",
    "\"\"",
    ",",
    ";",
    "＝",
    "＋",
    "－",
    "＠",
    "\u{feff}",
    " ",
    "\u{a0}",
    "+49 170 1234567",
    "+1(555)010-9999",
    "NA",
    "don't",
    "1+1",
    "é😀",
];

/// Texts that begin with each part, and random ones.
fn texts(random: &mut fastrand::Rng) -> Vec<String> {
    let mut texts: Vec<String> = PARTS.iter().map(|part| format!("{part}x")).collect();
    texts.extend(PARTS.iter().map(|part| format!("'{part}1")));
    texts.extend(PARTS.iter().map(|part| format!("{part}{part}")));
    texts.extend((0..120).map(|_| {
        let count = random.usize(1..6);
        (0..count).map(|_| PARTS[random.usize(..PARTS.len())]).collect::<String>()
    }));
    texts
}

/// Comments and properties by time, which is different for each response.
async fn stored_texts(site: &Site) -> Vec<(Value, Value, Value)> {
    let mut all: Vec<Value> = site.responses_of("", 200).await;
    all.retain(|response| !response["comment"].is_null());
    all.sort_by_key(|response| response["id"].to_string());
    all.into_iter().map(|mut it| (it["id"].take(), it["comment"].take(), it["properties"].take())).collect()
}

#[tokio::test]
async fn every_text_survives_an_export_and_an_import() {
    let collector = Collector::start();
    let names = json!({ "name": "Tea shop", "properties": ["plan", "=plan", "+49 170 1234567", "'=x"] });
    let site = collector.create_site(names.clone()).await;
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let texts = texts(&mut fastrand::Rng::with_seed(seed));
    for chunk in texts.chunks(50) {
        let messages: Vec<Value> = chunk
            .iter()
            .map(|text| {
                let properties = json!({ "plan": text, "=plan": text, "'=x": text, "other": text, "+49 170 1234567": text });
                json!({ "id": new_id(), "score": 3, "comment": text, "properties": properties })
            })
            .collect();
        site.store(json!(messages)).await;
    }
    let before = stored_texts(&site).await;
    assert!(before.len() > 150, "{}", before.len());
    assert!(before.iter().any(|(_, comment, _)| comment.as_str().unwrap().contains('\0')), "a NUL is stored");
    for query in ["format=csv", "format=csv&bom=1", "format=ndjson"] {
        let export = site.get(&format!("export?{query}"), &site.owner).await;
        let kind = export.header("content-type").to_owned();
        assert_eq!(export.body.starts_with(b"\xef\xbb\xbf"), query.contains("bom=1"), "{query}");
        let other = collector.create_site(names.clone()).await;
        let reply = other.import(export.body, "", &kind).await.ok();
        assert_eq!(reply["rejected"], 0, "{query}: {reply:#}");
        let after = stored_texts(&other).await;
        assert_eq!(after.len(), before.len(), "{query}");
        for (after, before) in after.iter().zip(&before) {
            assert_eq!(after, before, "{query}");
        }
    }
}

#[tokio::test]
async fn formulas_are_guarded_and_telephone_numbers_are_not() {
    let collector = Collector::start();
    let site = collector.site().await;
    let texts =
        ["\n=1+1", "＝1", "＋1", "－1", "＠SUM(A1)", "'=1", "+49 170 1234567", "+1 (555) 010-9999", "+1+1"];
    let messages: Vec<Value> = texts
        .iter()
        .map(|text| json!({ "id": new_id(), "score": 3, "contact": "x", "page": text, "comment": text }))
        .collect();
    site.store(json!(messages)).await;
    let export = site.get("export", &site.owner).await;
    let mut reader = csv::Reader::from_reader(export.body.as_slice());
    let mut comments: Vec<String> = reader.records().map(|row| row.unwrap()[3].to_owned()).collect();
    comments.sort();
    let mut expected: Vec<String> = texts
        .iter()
        .map(|text| {
            if text.starts_with("+49") || text.starts_with("+1 (") {
                (*text).to_owned()
            } else {
                format!("'{text}")
            }
        })
        .collect();
    expected.sort();
    assert_eq!(comments, expected);
}

#[tokio::test]
async fn a_period_that_ends_before_it_begins_is_an_error() {
    let collector = Collector::start();
    let site = collector.site().await;
    for endpoint in ["export", "export?format=ndjson", "responses", "score"] {
        let separator = if endpoint.contains('?') { '&' } else { '?' };
        let url = format!("{endpoint}{separator}from=2026-02-02&to=2026-02-01");
        let problem = site.get(&url, &site.owner).await.invalid_at("to");
        assert!(problem["detail"].as_str().unwrap().contains("2026-02-02"), "{problem}");
    }
    for query in ["bom=2", "bom=1&format=ndjson"] {
        site.get(&format!("export?{query}"), &site.owner).await.invalid_at("bom");
    }
}

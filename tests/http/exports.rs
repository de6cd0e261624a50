//! Taking everything out, into a spreadsheet or another site.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::client::send;
use tests::ids::{new_id, timeless_id};
use tests::{Collector, DAY_MS, Site, id_at, now_ms};

/// The rows of the CSV, each cell by its column.
async fn csv_rows(site: &Site, query: &str) -> Vec<BTreeMap<String, String>> {
    let answer = site.get(&format!("export?{query}"), &site.owner).await;
    assert_eq!(answer.status, 200, "{answer}");
    assert!(answer.header("content-type").starts_with("text/csv"), "{answer}");
    csv::Reader::from_reader(answer.body.as_slice()).deserialize().map(|row| row.unwrap()).collect()
}

async fn json_rows(site: &Site, query: &str) -> Vec<Value> {
    let answer = site.get(&format!("export?format=ndjson&{query}"), &site.owner).await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    let text = String::from_utf8(answer.body).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Responses of all kinds, with what is hard to write in a table.
async fn mixed(collector: &Collector, properties: &[&str]) -> Site {
    let site = collector.create_site(json!({ "name": "Tea shop", "properties": properties })).await;
    let comments = [
        "Good, \"very\" good",
        "two\nlines\r\nthree",
        "配送太慢了",
        " blanks ",
        "a;b\tc",
        "NA",
        "don't",
        "é,è",
    ];
    let messages: Vec<Value> = comments
        .iter()
        .enumerate()
        .map(|(nth, comment)| {
            json!({
                "id": new_id(), "score": nth % 11, "comment": comment, "elapsed_ms": 1_500, "shown": true, "lang": "de",
                "page": "/tea", "user": format!("user {nth}"), "contact": "ann@example.org", "consents": ["quote"],
                "properties": { "plan": "pro", "size, of \"cup\"": "large" },
                "answers": { "why": "because", "which": ["a", "b"] },
            })
        })
        .collect();
    site.store(json!(messages)).await;
    site.store(json!([{ "id": new_id(), "dismissed": true }, { "id": new_id(), "shown": true }])).await;
    site.import_csv("at,score,comment,plan\n2026-01-01,9,Iced tea,free\n2026-01-02,0,,\n", "").await;
    let id = site.responses().await[3]["id"].as_str().unwrap().to_owned();
    let change =
        json!({ "tags": ["late", "cold"], "note": "Called,\n\"twice\"", "state": "done", "assignee": "Bob" });
    site.owner_request("PATCH", &format!("responses/{id}"), change).await.ok();
    site
}

#[tokio::test]
async fn ndjson_has_one_listed_response_per_line() {
    let collector = Collector::shared();
    let site = mixed(&collector, &["plan"]).await;
    let all = site.responses().await;
    assert_eq!(json_rows(&site, "").await, all);
    for filter in
        ["category=promoter", "filter[plan]=pro&answered=true", "tag=late", "q=tea", "user=user%203"]
    {
        assert_eq!(json_rows(&site, filter).await, site.responses_of(filter, 50).await, "{filter}");
    }
    let answer = site.get("export?format=ndjson", &site.owner).await;
    let name = format!("attachment; filename=\"responses-{}.ndjson\"", site.id);
    assert_eq!(answer.header("content-disposition"), name);
    assert_eq!(answer.header("cache-control"), "private, no-store");
}

#[tokio::test]
async fn csv_cells_equal_the_listed_responses() {
    let collector = Collector::shared();
    let site = mixed(&collector, &["plan", "never given"]).await;
    let (all, rows) = (site.responses().await, csv_rows(&site, "").await);
    assert_eq!(rows.len(), all.len());
    for (row, response) in rows.iter().zip(&all) {
        for name in [
            "id",
            "at",
            "comment",
            "variant",
            "lang",
            "page",
            "category",
            "channel",
            "user",
            "contact",
            "note",
            "state",
            "assignee",
            "due_at",
            "contacted_at",
        ] {
            assert_eq!(row[name], response[name].as_str().unwrap_or_default(), "{name}");
        }
        for name in ["score", "shown", "dismissed", "seconds"] {
            let expected = if response[name].is_null() { String::new() } else { response[name].to_string() };
            assert_eq!(row[name], expected, "{name}");
        }
        for name in ["consents", "tags"] {
            let words: Vec<&str> =
                response[name].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
            assert_eq!(row[name], words.join(" "), "{name}");
        }
        assert_eq!(row["plan"], response["properties"]["plan"].as_str().unwrap_or_default());
        assert_eq!(row["never given"], "");
        let others: Value = serde_json::from_str(&row["properties"]).unwrap_or(json!({}));
        assert_eq!(others["size, of \"cup\""], response["properties"]["size, of \"cup\""]);
        assert_eq!(others.get("plan"), None, "it has a column of its own");
        let answers: Value = serde_json::from_str(&row["answers"]).unwrap_or(json!({}));
        assert_eq!(answers, response["answers"]);
    }
    assert_eq!(
        csv_rows(&site, "category=promoter").await.len(),
        site.responses_of("category=promoter", 50).await.len()
    );
    assert!(csv_rows(&site, "q=nothing").await.is_empty(), "a header and no row");
}

#[tokio::test]
async fn no_csv_cell_starts_like_a_formula() {
    let collector = Collector::shared();
    let site = collector.create_site(json!({ "name": "Tea shop", "properties": ["=plan"] })).await;
    let evil = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=1", "=HYPERLINK(\"https://evil.example\",\"x\")"];
    let messages: Vec<Value> = evil
        .iter()
        .map(|text| {
            json!({
                "id": new_id(), "score": 0, "comment": text, "page": text, "contact": format!("{text}a"), "lang": "-de",
                "properties": { "=plan": text, "other": text }, "answers": { "why": text },
            })
        })
        .collect();
    let results = site.post(&json!(messages)).await.ok();
    println!("{results}");
    for response in site.responses().await {
        let id = response["id"].as_str().unwrap();
        let change = json!({ "note": "=1+1", "tags": ["=1+1"], "assignee": "@me" });
        site.owner_request("PATCH", &format!("responses/{id}"), change).await.ok();
    }
    let answer = site.get("export", &site.owner).await;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(answer.body.as_slice());
    let mut cells = 0;
    for record in reader.records() {
        for cell in &record.unwrap() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{cell:?}");
            cells += 1;
        }
    }
    assert!(cells > 100, "{cells}");
    let listed = json_rows(&site, "").await;
    assert!(listed.iter().any(|response| response["comment"] == "=1+1"), "JSON has what was said");
}

/// Returns the fields that must survive a move into another site.
async fn kept(site: &Site) -> Vec<(Value, Value, Value)> {
    let all =
        site.responses().await.into_iter().filter(|it| !it["score"].is_null() || !it["comment"].is_null());
    all.map(|mut it| (it["at"].take(), it["score"].take(), it["comment"].take())).collect()
}

/// Takes the file into a new site, in which nothing may be lost.
async fn move_to_another(collector: &Collector, site: &Site, format: &str, kind: &str) {
    let file = site.get(&format!("export?format={format}"), &site.owner).await;
    let other = collector.site().await;
    let imported = other.import(file.body, "", kind).await.ok();
    assert_eq!((&imported["rejected"], &imported["errors"]), (&json!(0), &json!([])), "{imported}");
    assert_eq!(kept(&other).await, kept(site).await);
    let members = ["score", "counts", "distribution"];
    let (before, after) = (site.score("").await, other.score("").await);
    assert_eq!(members.map(|name| &after[name]), members.map(|name| &before[name]));
}

#[tokio::test]
async fn a_csv_export_imports_into_another_site_without_loss() {
    let collector = Collector::shared();
    let site = collector.create_site(json!({ "name": "Tea shop", "properties": ["plan"] })).await;
    let rows = "at,score,comment,plan\n2026-01-01T12:00:00.123Z,9,\"Iced, \"\"very\"\" good\ntea\",free\n2026-01-02,0,,\n";
    site.import_csv(rows, "").await;
    site.store(json!([
        { "id": new_id(), "score": 3, "comment": "配送太慢了" },
        { "id": uuid::Uuid::new_v4().to_string(), "score": 10, "comment": "don't" },
        { "id": new_id(), "dismissed": true },
    ]))
    .await;
    move_to_another(&collector, &site, "csv", "text/csv").await;
}

#[tokio::test]
async fn an_ndjson_export_imports_into_another_site_without_loss() {
    let collector = Collector::shared();
    let site = mixed(&collector, &["plan"]).await;
    move_to_another(&collector, &site, "ndjson", "application/x-ndjson").await;
}

#[tokio::test]
async fn a_csv_with_eight_properties_and_a_long_note_imports_into_another_site() {
    let collector = Collector::shared();
    let names = ["p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8"];
    let site = collector.create_site(json!({ "name": "Tea shop", "properties": names })).await;
    let id = new_id();
    site.store(json!({ "id": id, "score": 3, "comment": "Cold", "properties": { "p1": "x" } })).await;
    site.owner_request("PATCH", &format!("responses/{id}"), json!({ "note": "n".repeat(2_000) })).await.ok();
    move_to_another(&collector, &site, "csv", "text/csv").await;
}

#[tokio::test]
async fn formula_like_and_null_like_comments_survive_a_csv_round_trip() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let comments = ["=1+1", "-1", "+1 from me", "@bob was rude", "'quoted'", "NA", "null", " with blanks "];
    let messages: Vec<Value> =
        comments.iter().map(|text| json!({ "id": new_id(), "score": 3, "comment": text })).collect();
    site.store(json!(messages)).await;
    move_to_another(&collector, &site, "csv", "text/csv").await;
}

#[tokio::test]
async fn an_export_of_many_pages_has_each_response_once() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let rows: String = (0..6_500).map(|nth| format!("{},Tea no {nth}\n", nth % 11)).collect();
    site.import_csv(format!("score,comment\n{rows}"), "").await;
    let rows = csv_rows(&site, "").await;
    let mut ids: Vec<&str> = rows.iter().map(|row| row["id"].as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((rows.len(), ids.len()), (6_500, 6_500));
    assert_eq!(
        csv_rows(&site, "category=detractor").await.len() as u64,
        site.score("").await["counts"]["detractors"].as_u64().unwrap()
    );
}

#[tokio::test]
async fn only_an_owner_key_can_export() {
    let collector = Collector::shared();
    let (site, other) = (collector.site().await, collector.site().await);
    site.get("export", &site.read).await.problem(403);
    for key in [&other.owner, collector.admin_token(), "x"] {
        site.get("export", key).await.problem(401);
    }
    send(site.asking("GET", "export", "")).await.problem(401);
    send(site.asking("POST", "export", &site.owner)).await.problem(405);
    site.get("export?format=xlsx", &site.owner).await.invalid_at("format");
    site.get("export?limit=5", &site.owner).await.invalid_at("limit");
}

/// A machine whose clock was days ahead for a while dates responses in the future.
#[tokio::test]
async fn responses_of_a_clock_that_was_ahead_are_listed_exported_and_found() {
    let collector = Collector::start_with_faults();
    let site = collector.site().await;
    let (usual, ahead) = (new_id(), timeless_id());
    site.store(json!({ "id": usual, "score": 9 })).await;
    collector.put_forward(&site, 30 * DAY_MS).await;
    let late = id_at(now_ms() + 30 * DAY_MS);
    site.store(json!([{ "id": ahead, "score": 3, "comment": "Cold tea", "user": "ann" }, { "id": late, "score": 7 }]))
        .await;
    collector.put_forward(&site, 0).await;

    let mut all = [usual, ahead.clone(), late];
    all.sort_unstable();
    let ids = |rows: &[Value]| -> Vec<String> {
        let mut ids: Vec<String> = rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(ids(&json_rows(&site, "").await), all);
    assert_eq!(csv_rows(&site, "").await.len(), 3);
    assert_eq!(ids(&site.responses_of("", 2).await), all);
    for filter in
        ["q=cold", "user=ann", "state=open", "category=detractor", "answered=true&category=detractor"]
    {
        assert_eq!(ids(&site.responses_of(filter, 2).await), std::slice::from_ref(&ahead), "{filter}");
    }
    assert_eq!(site.score("range=all").await["scored"], 3);
}

//! Files that a spreadsheet or a converter has changed on their way.

use serde_json::{Value, json};
use tests::Collector;

use super::{listed, site};

#[tokio::test]
async fn scores_that_became_dates_store_nothing() {
    let collector = Collector::shared();
    let site = site(&collector, "UTC").await;
    for body in ["score\n10-Sep\n10-Aug\n10-Jul\n", "score;at\n9;2026-01-05\n10. Okt;2026-01-05\n10. Mrz;\n"]
    {
        let problem = site.import(body, "", "text/csv").await.problem(422);
        assert!(problem["detail"].as_str().unwrap().contains("are dates"), "{problem}");
        assert!(problem["errors"][0]["detail"].as_str().unwrap().contains("9/10"), "{problem}");
    }
    assert_eq!(site.score("range=all").await["scored"], 0);
}

#[tokio::test]
async fn rows_that_end_early_are_stored() {
    let collector = Collector::shared();
    let site = site(&collector, "UTC").await;
    let rows: String = (0..16).map(|nth| format!("9,2026-01-05,Good {nth}\n")).collect();
    let short = "3,2026-01-06\r\n".repeat(16);
    let reply = site.import_csv(format!("score,at,comment\n{rows}{short}"), "").await;
    assert_eq!((&reply["rows"], &reply["stored"]), (&json!(32), &json!(32)), "{reply}");
    let score = site.score("range=all").await;
    assert_eq!(score["counts"], json!({ "promoters": 16, "passives": 0, "detractors": 16 }));
}

#[tokio::test]
async fn a_json_array_stores_nothing() {
    let collector = Collector::shared();
    let site = site(&collector, "UTC").await;
    for body in ["[\n{\"score\":9},\n{\"score\":8}\n]\n", "{\n\"score\": 9\n}\n{\"score\": 8}\n"] {
        let problem = site.import(body, "", "application/x-ndjson").await.problem(422);
        assert!(problem["detail"].as_str().unwrap().contains("jq -c"), "{problem}");
    }
    let reply = site.import("{\"score\":9},\n{\"score\":8},\n", "", "application/x-ndjson").await.ok();
    assert_eq!((&reply["stored"], &reply["rejected"]), (&json!(2), &json!(0)), "{reply}");
}

#[tokio::test]
async fn cells_keep_their_text() {
    let collector = Collector::shared();
    let site = site(&collector, "UTC").await;
    let body = "score,at,comment,region\n9, 2026-01-05, \"hi, there\",NA\n3,2026-01-05,N/A,EU\n";
    site.import_csv(body, "").await;
    assert_eq!(listed(&site, "comment").await, [Value::Null, json!("hi, there")]);
    assert_eq!(listed(&site, "properties").await, [json!({ "region": "EU" }), json!({ "region": "NA" })]);
    let problem = site.import("Q1\n9\n8\n", "columns=score:Q1,comment:Q1", "text/csv").await;
    assert!(problem.invalid_at("columns")["detail"].as_str().unwrap().contains("`Q1` twice"));
}

#[tokio::test]
async fn names_of_properties_survive_an_export() {
    let collector = Collector::shared();
    let from = site(&collector, "UTC").await;
    from.patch_settings(json!({ "properties": ["sp", " sp"] })).await;
    let line = "{\"score\":9,\"at\":\"2026-01-05\",\"sp\":\"1\",\" sp\":\"2\"}\n";
    from.import(line, "", "application/x-ndjson").await.ok();
    let export = from.get("export?format=csv", &from.owner).await.body;
    let to = site(&collector, "UTC").await;
    to.import_csv(export, "").await;
    assert_eq!(listed(&to, "properties").await, [json!({ "sp": "1", " sp": "2" })]);
}

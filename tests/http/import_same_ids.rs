//! Files that give one id to several responses.

use serde_json::{Value, json};
use tests::{Collector, Site};

/// Refuses a file, in a dry run as well. Returns the problem.
async fn refused(site: &Site, file: &str) -> Value {
    let tried = site.import(file.to_owned(), "dry_run=1", "text/csv").await.problem(422);
    let problem = site.import(file.to_owned(), "", "text/csv").await.problem(422);
    assert_eq!(tried, problem);
    assert!(site.responses().await.is_empty(), "{problem}");
    problem
}

#[tokio::test]
async fn ids_that_a_spreadsheet_has_rounded_are_refused() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for id in ["1.18326E+11", "\"1,18326E+11\"", "1E+15", "1.18326e+11"] {
        let rows: String =
            (0..300).map(|nth| format!("{id},{},2026-01-{:02}\n", nth % 11, 1 + nth % 28)).collect();
        let problem = refused(&site, &format!("id,score,at\n{rows}")).await;
        let reason = problem["errors"][0]["detail"].as_str().unwrap();
        assert!(reason.contains(id.trim_matches('"')) && reason.contains("spreadsheet"), "{reason}");
    }
    let tool = "Respondent ID,Collector ID,Start Date,End Date,How likely are you to recommend us?\n,,,,Response\n\
        1.18326E+11,4,02/13/2026 10:00:00 AM,02/13/2026 10:01:00 AM,9\n1.18326E+11,4,02/14/2026 10:00:00 AM,02/14/2026 10:01:00 AM,3\n";
    refused(&site, tool).await;
    // Ids as they are.
    let ids =
        "id,score,at\n118326000001,9,2026-01-05\n5E10,3,2026-01-06\nE+11,8,2026-01-07\n1.5,8,2026-01-07\n";
    assert_eq!(site.import_csv(ids, "").await["stored"], 4);
}

#[tokio::test]
async fn a_column_with_the_ids_of_people_is_refused_and_read_as_their_users() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let rows: String =
        (0..60).map(|nth| format!("c{},{},2026-01-{:02}\n", nth % 20, nth % 11, 1 + nth % 28)).collect();
    let file = format!("id,score,at\n{rows}");
    let problem = refused(&site, &file).await;
    assert_eq!(problem["type"], "urn:grapevine:problem:broken-file", "{problem}");
    assert_eq!((&problem["rows"], &problem["same_id"]["count"]), (&Value::Null, &json!(40)), "{problem}");
    assert_eq!((&problem["same_id"]["lines"][0], &problem["same_id"]["lines"][39]), (&json!(22), &json!(61)));
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("Of 60 lines, 40 ") && detail.contains("columns=user:NAME"), "{detail}");
    let imported = site.import_csv(file, "columns=user:id").await;
    assert_eq!((&imported["stored"], &imported["same_id"]["count"]), (&json!(60), &json!(0)), "{imported}");
    assert_eq!(site.owner_get("users/c7").await["responses"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_few_rows_with_the_id_of_another_are_reported_by_line() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let rows: String = (0..400).map(|nth| format!("r{nth},{},2026-01-05\n", nth % 11)).collect();
    // The same row again is no other.
    let file = format!("id,score,at\n{rows}r7,7,2026-01-05\nr8,1,2026-01-05\nr9,9,2026-02-05\n");
    let same = json!({ "count": 2, "lines": [403, 404] });
    let tried = site.import(file.clone(), "dry_run=1", "text/csv").await.ok();
    assert_eq!(tried["same_id"], same, "{tried}");
    let imported = site.import_csv(file.clone(), "").await;
    assert_eq!(imported["same_id"], same, "{imported}");
    assert_eq!((&imported["stored"], &imported["already_there"]), (&json!(400), &json!(1)), "{imported}");
    let listed = site.owner_get("imports").await["imports"][0].take();
    assert_eq!((&listed["same_id"], &listed["already_there"]), (&same, &json!(1)), "{listed}");
    assert_eq!(site.score("from=2026-02-05&to=2026-02-05").await["scored"], 1, "the last row stays");
    let again = site.import_csv(file, "").await;
    assert_eq!(
        (&again["stored"], &again["changed"], &again["already_there"]),
        (&json!(0), &json!(0), &json!(401))
    );
}

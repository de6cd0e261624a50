//! Importing the files of other tools.

use serde_json::{Map, Value, json};
use tests::{Collector, HttpResponse, Site, now_ms};

async fn site(collector: &Collector) -> Site {
    collector.create_site(json!({ "name": "Tea shop", "timezone": "Europe/London" })).await
}

#[tokio::test]
async fn bad_lines_are_reported_by_number_and_the_others_stored() {
    bad_lines("\n").await;
}

#[tokio::test]
async fn bad_lines_have_the_same_numbers_with_crlf_line_ends() {
    bad_lines("\r\n").await;
}

async fn bad_lines(end: &str) {
    let collector = Collector::start();
    let site = site(&collector).await;
    let lines = [
        "score,at,comment",
        "9,2026-01-01,\"two",
        "lines\"",
        "11,2026-01-02,",
        "7.5,2026-01-02,",
        "eight,2026-01-02,",
        "8,yesterday,",
        "8,2026-01-02,,more",
        "",
        "-1,2026-01-02,",
        "8.0,2026-01-02,Fine",
        ",2026-01-02,no score",
        "",
    ];
    let imported = site.import(lines.join(end), "", "text/csv; charset=utf-8").await.ok();
    let counts = ["rows", "stored", "rejected", "without_score"].map(|name| imported[name].as_u64().unwrap());
    assert_eq!(counts, [9, 3, 6, 1], "{imported:#}");
    for bad in imported["errors"].as_array().unwrap() {
        assert!(bad["detail"].as_str().unwrap().ends_with('.'), "{bad}");
    }
    assert_eq!(site.score("").await["distribution"], json!([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0]));
    let comment = format!("two{end}lines");
    assert!(site.responses().await.iter().any(|response| response["comment"] == comment));
    assert_eq!(bad_numbers(&imported), [4, 5, 6, 7, 8, 10], "{imported:#}");
}

/// The numbers of the bad lines.
fn bad_numbers(imported: &Value) -> Vec<u64> {
    imported["errors"].as_array().unwrap().iter().map(|bad| bad["line"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn at_most_a_hundred_bad_lines_are_listed_and_all_counted() {
    let collector = Collector::shared();
    let site = site(&collector).await;
    let file = format!("score,at\n9,\n{}", "9,never\n".repeat(150));
    let imported = site.import(file, "", "text/csv").await.ok();
    assert_eq!((&imported["stored"], &imported["rejected"]), (&json!(1), &json!(150)));
    assert_eq!(imported["errors"].as_array().unwrap().len(), 100);
}

#[tokio::test]
async fn a_broken_file_is_refused_whole() {
    let collector = Collector::shared();
    let site = site(&collector).await;
    site.import_csv("score\n9\n", "").await;
    let before = site.state().await;
    let future = tests::ids::iso(now_ms() + 3 * tests::DAY_MS);
    for (file, kind, what) in [
        ("score,comment\n9,Good\n8,\"no end\n7,Fine\n".to_owned(), "text/csv", "a quote without an end"),
        ("score,comment\n9,\"Good\" tea\"\n8,Fine\n".to_owned(), "text/csv", "a quote too many"),
        (String::new(), "text/csv", "an empty file"),
        ("\u{feff}\r\n \n".to_owned(), "text/csv", "blanks"),
        (String::new(), "application/x-ndjson", "an empty file of JSON"),
        ("at,nps\n2026-01-01,9\n".to_owned(), "text/csv", "a header without a score"),
        ("score,score\n9,9\n".to_owned(), "text/csv", "a column twice"),
        (format!("score,at\n9,{future}\n"), "text/csv", "a date in the future"),
        ("score,at\n9,9999-12-31\n".to_owned(), "text/csv", "a date far in the future"),
        ("score,at\n9,1969-07-20\n".to_owned(), "text/csv", "a date before 1970"),
        ("score\n11\n-1\n".to_owned(), "text/csv", "nothing but bad lines"),
        ("score\n9\n".to_owned(), "application/x-ndjson", "CSV as JSON"),
        ("{\"score\":\"nine\"}\n".to_owned(), "application/x-ndjson", "a score in words"),
        ("score\n11\n-1\n9\n".to_owned(), "text/csv", "mostly no scores"),
        ("score,comment9,Good".to_owned(), "text/csv", "one line"),
        ("{\"nps\":9}\n".to_owned(), "application/x-ndjson", "no member with a score"),
    ] {
        let answer = site.import(file, "", kind).await;
        assert_eq!(answer.status, 422, "{what}: {answer}");
        answer.problem(422);
    }
    site.import(&b"score,comment\n9,caf\xe9\n"[..], "", "text/csv").await.problem(422);
    assert_eq!(site.state().await, before);
}

#[tokio::test]
async fn a_file_with_a_header_only_stores_nothing() {
    let collector = Collector::shared();
    let site = site(&collector).await;
    let imported = site.import("at,score\n", "", "text/csv").await.ok();
    assert_eq!((&imported["rows"], &imported["stored"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn a_date_a_few_hours_ahead_is_accepted() {
    let collector = Collector::shared();
    let site = site(&collector).await;
    let soon = tests::ids::iso(now_ms() + 12 * 3_600_000);
    site.import_csv(format!("score,at\n9,{soon}\n"), "").await;
    assert_eq!(site.score("").await["scored"], 1, "all answers are all, tomorrow's too");
    assert_eq!(site.responses().await[0]["at"], json!(soon));
}

#[tokio::test]
async fn ndjson_files_are_imported() {
    let collector = Collector::shared();
    let site = site(&collector).await;
    let file = concat!(
        "{\"score\": 9, \"at\": \"2026-01-01T12:00:00Z\", \"comment\": \"Good tea\", \"plan\": \"pro\", \"seats\": 5}\n",
        "\n",
        "{\"score\": 3.0, \"at\": \"2026-01-02T12:00:00Z\", \"gone\": null}\r\n",
        "{\"score\": null, \"comment\": \"no score\"}\n",
        "[9]\n",
        "{\"score\": 9, \"tags\": [1]}\n",
        "{\"score\": 12}\n",
    );
    let imported = site.import(file, "", "application/x-ndjson").await.ok();
    assert_eq!(
        (&imported["rows"], &imported["stored"], &imported["rejected"]),
        (&json!(6), &json!(4), &json!(2)),
        "{imported}"
    );
    assert_eq!(bad_numbers(&imported), [5, 7]);
    assert_eq!(imported["left_out"], json!([{ "column": "tags", "reason": "nested" }]));
    let first =
        site.responses().await.into_iter().find(|response| response["comment"] == "Good tea").unwrap();
    assert_eq!(first["properties"], json!({ "plan": "pro", "seats": "5" }));
    assert_eq!(first["comment"], "Good tea");
    let again = site.import(file, "", "application/ndjson").await.ok();
    assert_eq!((&again["stored"], &again["already_there"]), (&json!(0), &json!(4)));
}

#[tokio::test]
async fn each_invalid_option_is_named() {
    let collector = Collector::shared();
    let site = site(&collector).await;
    for (query, pointer) in [
        ("at_format=", "at_format"),
        ("at_format=%25Q", "at_format"),
        ("columns=at", "columns"),
        ("columns=at:when", "columns"),
        ("columns=date:at", "columns"),
        ("columns=", "columns"),
        ("at=yesterday", "at"),
        ("format=csv", "format"),
    ] {
        let problem = site.import("score,date\n9,2026-01-01\n", query, "text/csv").await.problem(422);
        assert_eq!(problem["pointer"], pointer, "{query}: {problem}");
    }
    site.import("score\n9\n", "", "application/json").await.problem(400);
    site.import("score\n9\n", "", "image/png").await.problem(400);
    assert_eq!(site.score("").await["scored"], 0);
}

#[tokio::test]
async fn a_file_of_more_than_16_mib_gets_413() {
    let collector = Collector::start();
    let site = site(&collector).await;
    let mut file = "score,comment\n".to_owned();
    while file.len() < 17_000_000 {
        file.push_str("9,Good tea\n");
    }
    let problem = site.import(file, "", "text/csv").await.problem(413);
    assert!(problem["detail"].as_str().unwrap().contains("16 MiB"), "{problem}");
    assert_eq!(site.score("").await["scored"], 0);
}

#[tokio::test]
async fn a_file_of_nearly_16_mib_is_imported() {
    let collector = Collector::start();
    let site = site(&collector).await;
    let comment = "Good tea. ".repeat(490);
    let rows: String = (0..3_300).map(|nth| format!("{},{nth} {comment}\n", nth % 11)).collect();
    let imported = site.import_csv(format!("score,comment\n{rows}"), "").await;
    assert_eq!(imported["stored"], 3_300);
    let report = site.score("").await;
    assert_eq!((&report["scored"], &report["commented"]), (&json!(3_300), &json!(3_300)));
}

#[tokio::test]
async fn an_id_twice_in_a_file_is_one_response() {
    let collector = Collector::shared();
    let site = site(&collector).await;
    for (id, other) in
        [("7", "8"), ("01936b3e-7c1d-7a52-b0f3-5d4b0a0f9c11", "01936b3e-7c1d-7a52-b0f3-5d4b0a0f9c12")]
    {
        let before = site.responses().await.len();
        let file = format!("id,score,at\n{id},9,2026-01-01\n{other},8,2026-01-01\n{id},9,2026-01-01\n");
        let imported = site.import_csv(file, "").await;
        assert_eq!(site.responses().await.len() - before, 2, "{id}");
        assert_eq!(
            (&imported["stored"], &imported["already_there"]),
            (&json!(2), &json!(1)),
            "{id}: {imported}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_requests_are_answered_during_a_large_import() {
    let collector = Collector::start();
    let (site, other) = (site(&collector).await, collector.site().await);
    let row = |nth: u32| format!("{},2026-01-{:02},Tea no {nth},plan {}\n", nth % 11, 1 + nth % 28, nth % 7);
    let rows: String = (0..140_000).map(row).collect();
    let begun = std::time::Instant::now();
    let importing = {
        let site = site.clone();
        tokio::spawn(async move { site.import_csv(format!("score,at,comment,plan\n{rows}"), "").await })
    };
    let (mut longest, mut answered) = (std::time::Duration::ZERO, 0);
    while !importing.is_finished() {
        let asked = std::time::Instant::now();
        assert_eq!(collector.get("/healthz").await.status, 200);
        assert_eq!(other.score("").await["scored"], 0);
        longest = longest.max(asked.elapsed());
        answered += 1;
    }
    assert_eq!(importing.await.unwrap()["stored"], 140_000);
    let took = begun.elapsed();
    println!("the import took {took:?}, {answered} others were answered, the slowest after {longest:?}");
    assert!(longest * 4 < took, "{longest:?} of {took:?}");
}

/// Asserts that a refusal is short, whatever the file contains.
#[track_caller]
fn refused_shortly(answer: &HttpResponse) -> Value {
    assert!(answer.body.len() <= 2_000, "{} bytes: {answer}", answer.body.len());
    answer.problem(422)
}

#[tokio::test]
async fn a_file_of_too_many_columns_gets_a_short_refusal() {
    let collector = Collector::start();
    let site = collector.site().await;
    let header: Vec<String> = (0..110_000).map(|nth| format!("column {nth}")).collect();
    let (header, row) = (header.join(","), "9,".repeat(110_000));
    let begun = std::time::Instant::now();
    let problem = refused_shortly(&site.import(format!("score,{header}\n{row}\n"), "", "text/csv").await);
    assert!(problem["detail"].as_str().unwrap().contains("110001 columns"), "{problem}");
    let members: Map<String, Value> = (0..110_000).map(|nth| (format!("member {nth}"), 9.into())).collect();
    let line = Value::Object(members).to_string();
    let lines = format!("{line}\n{line}\n{line}\n");
    let problem = refused_shortly(&site.import(lines, "", "application/x-ndjson").await);
    assert_eq!(problem["rejected"], 3, "{problem}");
    // Before the limit this took half a minute.
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn import_errors_repeat_no_long_text_of_the_file() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let long = "x".repeat(100_000);
    for file in [
        format!("{long}\n9\n"),
        format!("score,{long}\n11,a\n"),
        format!("score,{long},{long}\n9,a,b,c\n"),
        format!(
            "{}\n9\n",
            (0..900).map(|nth| format!("{}{nth}", "y".repeat(100))).collect::<Vec<_>>().join(",")
        ),
    ] {
        refused_shortly(&site.import(file, "", "text/csv").await);
    }
    for line in [
        format!("\"{long}\""),
        format!("{{\"{long}\": [1]}}"),
        format!("{{\"score\": \"{long}\"}}"),
        format!("{{\"score\": -9, \"{long}\": 1}}"),
        format!("{{\"score\": 9, \"at\": \"{long}\"}}"),
        format!("{{\"score\": {}}}", "9".repeat(100_000)),
        format!(
            "{{\"due_at\": null, \"contacted_at\": null, \"score\": 99, \"properties\": {{\"{long}\": \"{long}\"}}}}"
        ),
    ] {
        refused_shortly(&site.import(line, "", "application/x-ndjson").await);
    }
}

//! Files as spreadsheets and other tools write them, each with its right value.

mod spreadsheets;
mod tools;

use serde_json::{Value, json};
use tests::{Collector, HttpResponse, Site, new_id};

fn file(name: &str) -> Vec<u8> {
    let path = format!("{}/http/import_files/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

async fn site(collector: &Collector, timezone: &str) -> Site {
    collector.create_site(json!({ "name": "Tea shop", "timezone": timezone })).await
}

/// Imports a file into a new site in UTC, where it must be read without errors.
async fn imported(collector: &Collector, name: &str, query: &str) -> (Site, Value) {
    let site = site(collector, "UTC").await;
    let kind = if name.ends_with("ndjson") { "application/x-ndjson" } else { "text/csv" };
    let reply = site.import(file(name), query, kind).await.ok();
    assert_eq!(reply["rejected"], 0, "{name}: {reply:#}");
    (site, reply)
}

/// The members of the listed responses, in the order of their scores.
async fn listed(site: &Site, member: &str) -> Vec<Value> {
    let mut all = site.responses_of("marked=any", 50).await;
    all.sort_by_key(|response| response["score"].as_u64());
    all.into_iter().map(|mut response| response[member].take()).collect()
}

#[tokio::test]
async fn scores_are_read_in_the_forms_of_the_tools() {
    let collector = Collector::shared();
    let (labelled, reply) =
        imported(&collector, "c05-labelled-ends.csv", "columns=at:End%20Date,id:Respondent%20ID").await;
    assert_eq!(reply["stored"], 60, "{reply}");
    let score = labelled.score("").await;
    assert_eq!((&score["score"], &score["scored"]), (&json!(20.0), &json!(60)));
    let counts = json!({ "promoters": 28, "passives": 16, "detractors": 16 });
    assert_eq!(score["counts"], counts);

    let (forms, reply) = imported(&collector, "c05-score-forms.csv", "").await;
    assert_eq!(reply["stored"], 9, "{reply}");
    let expected = json!([1, 0, 0, 0, 0, 0, 0, 0, 0, 6, 2]);
    assert_eq!(forms.score("").await["distribution"], expected);
}

#[tokio::test]
async fn dates_with_zones_in_words_are_instants() {
    let collector = Collector::shared();
    let words = site(&collector, "America/New_York").await;
    words.import_csv(file("c11-utc-in-words.csv"), "").await;
    let mut dates: Vec<Value> =
        words.responses().await.into_iter().map(|mut response| response["at"].take()).collect();
    dates.sort_by_key(Value::to_string);
    let expected = ["03T01:30", "03T02:30", "04T01:30", "05T03:30", "06T02:30"];
    assert_eq!(dates, expected.map(|at| json!(format!("2026-03-{at}:00.000Z"))));

    let forms = site(&collector, "Europe/London").await;
    forms.import_csv(file("c11-google-forms-times.csv"), "").await;
    let expected = [json!("2026-10-05T22:05:10.000Z"), json!("2026-10-05T19:12:44.000Z")];
    assert_eq!(listed(&forms, "at").await, expected);
    // The same by a format of the owner's.
    let named = site(&collector, "Europe/London").await;
    named
        .import_csv(
            file("c11-google-forms-times.csv"),
            "at_format=%25Y/%25m/%25d%20%25I:%25M:%25S%20%25p%20%25Z",
        )
        .await;
    assert_eq!(listed(&named, "at").await, expected);
    let zone_first = named.import("score,at\n9,x\n", "at_format=%25Z%20%25Y", "text/csv").await;
    assert!(zone_first.invalid_at("at_format")["detail"].as_str().unwrap().contains("%Z"));
}

#[tokio::test]
async fn headers_of_spreadsheets_and_tools_are_read() {
    let collector = Collector::shared();
    let question = "score:How%20likely%20are%20you%20to%20recommend%20Tea%20Shop%20to%20a%20friend,%20colleague%20or%20relative?";
    for (name, query, stored) in [
        ("c12-excel-empty-columns.csv", "", 2),
        ("c12-google-forms.csv", "", 2),
        ("c12-google-forms.csv", &format!("columns={question}"), 2),
        ("c12-google-forms.csv", &format!("columns=at:Timestamp,{question}"), 2),
        ("c12-personal-columns.csv", "", 2),
        ("c12-qualtrics-like.csv", "columns=score:Q1", 2),
        ("c12-qualtrics-like.csv", "", 2),
        ("c12-same-header-twice.csv", "", 2),
    ] {
        let (site, reply) = imported(&collector, name, query).await;
        // Qualtrics has one row in the file.
        let stored = stored.min(reply["rows"].as_u64().unwrap());
        assert_eq!(
            (&reply["stored"], &site.score("").await["scored"]),
            (&json!(stored), &json!(stored)),
            "{name}: {reply}"
        );
        let all = format!("{:?}", site.responses().await);
        for personal in ["example.org", "192.0.2.", "Doe", "Roe"] {
            assert!(!all.contains(personal), "{name}: {all}");
        }
    }
    let (site, _) = imported(&collector, "c12-same-header-twice.csv", "").await;
    let first =
        json!({ "Open-Ended Response": "Late", "Open-Ended Response 2": "Faster parcels", "Response": "no" });
    assert_eq!(listed(&site, "properties").await[0], first);
    let (site, reply) = imported(&collector, "c12-google-forms.csv", "").await;
    assert_eq!(
        (&reply["tool"], &listed(&site, "comment").await[1]),
        (&json!("google-forms"), &json!("Good tea, fair price"))
    );
    assert_eq!(listed(&site, "at").await[1], "2026-10-05T19:12:44.000Z");
}

#[tokio::test]
async fn personal_columns_are_kept_only_where_the_owner_names_them() {
    let collector = Collector::start();
    let (_, reply) = imported(&collector, "c12-personal-columns.csv", "").await;
    let reasons = [("Email Address", "email_address"), ("IP Address", "ip_address"), ("Name", "person_name")];
    let expected: Vec<Value> =
        reasons.iter().map(|(column, reason)| json!({ "column": column, "reason": reason })).collect();
    assert_eq!(reply["left_out"], Value::Array(expected));
    assert!(collector.files_with("jo@example.org").is_empty());

    let (site, _) =
        imported(&collector, "c12-personal-columns.csv", "columns=user:Email%20Address&keep=Name").await;
    assert_eq!(listed(&site, "properties").await[1], json!({ "Name": "Jo Doe" }));
    let found = site.owner_get("responses?user=jo@example.org").await;
    assert_eq!(found["responses"][0]["score"], 10, "{found}");
    assert!(collector.files_with("jo@example.org").is_empty(), "only a digest is stored");
}

#[tokio::test]
async fn no_line_is_lost_for_a_long_cell() {
    let collector = Collector::shared();
    let (site, reply) = imported(&collector, "c20-long-second-answer.csv", "").await;
    assert_eq!(
        (&reply["stored"], &reply["cut"]),
        (&json!(3), &json!({ "count": 2, "lines": [2, 4] })),
        "{reply}"
    );
    let score = site.score("").await["score"].as_f64().unwrap();
    assert!((score - 33.33).abs() < 0.01, "{score}");
    let kept =
        listed(&site, "properties").await[2]["What could we do better?"].as_str().unwrap().chars().count();
    assert_eq!(kept, 200);
}

#[tokio::test]
async fn files_without_their_line_breaks_are_refused_with_the_way_out() {
    let collector = Collector::shared();
    let site = site(&collector, "UTC").await;
    let joined: Vec<u8> = file("c25-plain.csv").into_iter().filter(|byte| !b"\r\n".contains(byte)).collect();
    let form = "application/x-www-form-urlencoded";
    for (body, kind) in [
        (joined, form),
        (b"score;comment9;Good".to_vec(), "text/csv"),
        (b"{\"score\":9}{\"score\":8}".to_vec(), "application/x-ndjson"),
    ] {
        let problem = site.import(body, "", kind).await.problem(422);
        assert!(problem["detail"].as_str().unwrap().contains("--data-binary"), "{problem}");
    }
    let problem = site.import("score,x\n7.5,a\n80,b\n9,c\n", "", "text/csv").await.problem(422);
    assert_eq!((&problem["rows"], &problem["rejected"]), (&json!(3), &json!(2)), "{problem}");
    let endless = format!("score,at\n9,\n{}", "9,never\n".repeat(20_000));
    let problem = site.import(endless, "", "text/csv").await.problem(422);
    assert!(problem["detail"].as_str().unwrap().contains("10000 lines"), "{problem}");
    assert!(problem["rows"].as_u64().unwrap() < 12_000 && problem["errors"].as_array().unwrap().len() == 100);
    assert_eq!(site.score("").await["scored"], 0);
    assert_eq!(site.import(file("c25-plain.csv"), "", form).await.ok()["stored"], 3);
}

#[tokio::test]
async fn spreadsheets_in_any_dialect_and_encoding_are_read() {
    let collector = Collector::shared();
    for name in ["c26-semicolon.csv", "c26-sep-line.csv", "c26-utf16-tabs.txt"] {
        let (site, reply) = imported(&collector, name, "").await;
        assert_eq!(reply["stored"], 2, "{name}: {reply}");
        assert_eq!(listed(&site, "comment").await, [json!("Zu spät"), json!("Größe passt")], "{name}");
        assert_eq!(listed(&site, "at").await[1], "2026-01-05T00:00:00.000Z");
    }
    let site = site(&collector, "UTC").await;
    let problem = site.import(file("c26-windows-1252.csv"), "", "text/csv").await.problem(422);
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("Line 2") && detail.contains("save as CSV UTF-8"), "{problem}");
    let reply = site.import(file("c26-cr-only-bad-lines.csv"), "", "text/csv").await.ok();
    let lines: Vec<&Value> = reply["errors"].as_array().unwrap().iter().map(|error| &error["line"]).collect();
    assert_eq!((lines, &reply["stored"]), (vec![&json!(4), &json!(6)], &json!(3)), "{reply}");
}

#[tokio::test]
async fn ndjson_with_numbers_as_text_and_nested_members_is_read() {
    let collector = Collector::shared();
    let (site, reply) = imported(&collector, "c30-texts-and-epochs.ndjson", "").await;
    assert_eq!(reply["stored"], 4, "{reply}");
    assert_eq!(listed(&site, "at").await, vec![json!("2026-01-05T10:00:00.000Z"); 4]);
    let lines = "{\"score\":\"9/10\",\"person\":{\"email\":\"x@example.org\",\"plan\":\"pro\"},\"tags\":[\"a\"]}\r{\"Score\":8}";
    let reply = site.import(lines, "", "application/x-ndjson").await.ok();
    let left_out = json!([{ "column": "person.email", "reason": "email_address" }, { "column": "tags", "reason": "nested" }]);
    assert_eq!((&reply["stored"], &reply["left_out"]), (&json!(2), &left_out), "{reply}");
    let kept = site.responses_of("filter[person.plan]=pro", 50).await;
    assert_eq!(kept.len(), 1);
}

#[tokio::test]
async fn a_long_path_of_a_page_is_cut_at_a_whole_character() {
    let collector = Collector::shared();
    let site = site(&collector, "UTC").await;
    let path = String::from_utf8(file("c03-long-path.txt")).unwrap();
    site.store(json!({ "id": new_id(), "score": 9, "comment": "Good", "page": path.trim() })).await;
    let stored = site.responses().await[0].clone();
    let kept = stored["page"].as_str().unwrap();
    assert!(path.starts_with(kept) && !kept.is_empty(), "{stored}");
    let (_, last) = kept.rsplit_once('%').unwrap();
    assert!(last.len() >= 2, "{kept}");
}

#[tokio::test]
async fn a_dry_run_describes_the_file_and_stores_nothing() {
    let collector = Collector::shared();
    let site = site(&collector, "Europe/London").await;
    let rows: String = (0..8).map(|nth| format!("r{nth};9;05/10/2026;pro;x@example.org\n")).collect();
    let body = format!("\u{feff}id;Score;at;plan;E-Mail\n{rows}x;9;13/10/2026;;\ny;11;;;\n");
    let reply = site.import(body.clone(), "dry_run=1&at=2026-10-01", "text/csv").await.ok();
    let columns = json!([
        { "column": "id", "field": "id" }, { "column": "Score", "field": "score" }, { "column": "at", "field": "at" },
        { "column": "plan", "property": "plan" }, { "column": "E-Mail", "left_out": "email_address" },
    ]);
    let described = json!({
        "format": "csv", "encoding": "utf-8", "delimiter": ";", "tool": null, "columns": columns, "date_form": "%d/%m/%Y",
    });
    assert_eq!(reply["file"], described, "{reply:#}");
    let counts = ["rows", "rejected", "without_score"].map(|name| reply[name].as_u64().unwrap());
    assert_eq!((counts, reply["errors"][0]["line"].as_u64()), ([10, 1, 0], Some(11)));
    let first = json!({
        "at": "2026-10-04T23:00:00.000Z", "score": 9, "comment": null, "variant": null, "lang": null, "page": null, "user": null,
        "properties": { "plan": "pro" },
    });
    assert_eq!(reply["first_rows"], json!(vec![first; 5]));
    assert_eq!((&reply["dry_run"], reply.get("stored")), (&json!(true), None));
    assert_eq!(site.responses().await, [] as [Value; 0]);
    assert_eq!(site.import(body, "dry_run=0", "text/csv").await.ok()["stored"], 9);
    site.import("score\n9\n", "dry_run=yes", "text/csv").await.invalid_at("dry_run");
}

#[tokio::test]
async fn a_tool_is_recognized_or_named() {
    let collector = Collector::shared();
    let site = site(&collector, "UTC").await;
    let body = "#,How likely are you to recommend us?,Why?,Start Date (UTC),Submit Date (UTC),Network ID\n\
                a1,9,Good,2026-05-01 10:00:00,2026-05-01 10:01:10,n1\n";
    for query in ["", "preset=typeform"] {
        let reply = site.import(body, &format!("dry_run=true&{query}"), "text/csv").await.ok();
        assert_eq!(
            (&reply["tool"], &reply["first_rows"][0]["comment"]),
            (&json!("typeform"), &json!("Good")),
            "{reply}"
        );
    }
    let unknown: HttpResponse = site.import(body, "preset=mailchimp", "text/csv").await;
    let detail = unknown.invalid_at("preset")["detail"].as_str().unwrap().to_owned();
    assert!(
        detail.contains("`mailchimp`") && detail.contains("typeform") && detail.contains("delighted"),
        "{detail}"
    );
}

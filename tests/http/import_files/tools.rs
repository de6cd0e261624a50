//! Dates, questions and responses in the files of other tools.

use serde_json::{Value, json};
use tests::{Collector, ids};

use super::{listed, site};

#[tokio::test]
async fn the_order_of_day_and_month_comes_from_any_row() {
    let collector = Collector::shared();
    let site = site(&collector, "UTC").await;
    let days = (1..=12).map(|day| format!("{day:02}/03/2026")).chain(["28/02/2026".to_owned()]);
    let dates: Vec<String> = days.flat_map(|date| vec![date; 20]).collect();
    let rows: String =
        dates.iter().enumerate().map(|(nth, date)| format!("{nth},1,{date} 10:00:00,9\n")).collect();
    let header = "Respondent ID,Collector ID,End Date,How likely are you to recommend us?\n";
    let body = [header, &rows].concat();
    let reply = site.import(body.clone(), "dry_run=1", "text/csv").await.ok();
    assert_eq!(reply["file"]["date_form"], "%d/%m/%Y", "{reply}");
    assert_eq!(site.import_csv(body, "").await["stored"], 260);
    assert_eq!(site.score("from=2026-02-01&to=2026-03-12").await["scored"], 260);
}

#[tokio::test]
async fn a_day_to_come_is_no_reading_of_a_date() {
    let collector = Collector::start_at(ids::unix_ms("2026-11-25T12:00:00.000Z"), |_| {});
    let site = site(&collector, "UTC").await;
    let short = "score,at\n9,26/01/05\n8,26/01/28\n";
    let reply = site.import(short, "dry_run=1", "text/csv").await.ok();
    assert_eq!(reply["first_rows"][0]["at"], "2026-01-05T00:00:00.000Z", "{reply}");
}

#[tokio::test]
async fn usual_names_are_enough_in_a_file_of_no_known_tool() {
    let collector = Collector::shared();
    let site = site(&collector, "UTC").await;
    let body =
        "score,Submitted at,Feedback,Plan\n9,2026-01-05 10:00,Fast,pro\n3,2026-01-06 11:30,Late,free\n";
    let reply = site.import(body, "dry_run=1", "text/csv").await.ok();
    let fields: Vec<&Value> =
        reply["file"]["columns"].as_array().unwrap().iter().map(|it| &it["field"]).collect();
    assert_eq!(fields, [&json!("score"), &json!("at"), &json!("comment"), &Value::Null], "{reply}");
    let stored = site.import_csv(body, "").await;
    assert_eq!((&stored["stored"], &stored["without_date"]), (&json!(2), &json!(0)), "{stored}");
    assert_eq!(
        listed(&site, "at").await,
        [json!("2026-01-06T11:30:00.000Z"), json!("2026-01-05T10:00:00.000Z")]
    );
    assert_eq!(listed(&site, "comment").await, [json!("Late"), json!("Fast")]);
}

#[tokio::test]
async fn two_questions_for_the_score_store_nothing() {
    let collector = Collector::shared();
    let site = site(&collector, "UTC").await;
    let body =
        "Timestamp,Would you recommend our app?,Would you recommend our support?\n2026/01/05 10:00:00,3,10\n";
    let problem = site.import(body, "", "text/csv").await.problem(422);
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("our app?") && detail.contains("our support?"), "{problem}");
    site.import_csv(body, "columns=score:Would%20you%20recommend%20our%20support?").await;
    assert_eq!(listed(&site, "score").await, [json!(10)]);
}

const QUALTRICS: &str = "StartDate,EndDate,Status,RecordedDate,ResponseId,Q1_NPS_GROUP,Q1\n\
    Start Date,End Date,Response Type,Recorded Date,Response ID,Group,How likely?\n\
    ,,,\"{\"\"ImportId\"\":\"\"recordedDate\"\",\"\"timeZone\"\":\"\"ZONE\"\"}\",,,\n\
    x,x,IP Address,2026-03-01 20:00:00,R_1,Promoter,10\n\
    x,x,Survey Preview,2026-06-01 20:00:00,R_2,Promoter,9\n\
    x,x,Spam,2026-06-01 20:00:00,R_3,Detractor,0\n";

#[tokio::test]
async fn qualtrics_states_its_time_zone() {
    let collector = Collector::shared();
    let site = site(&collector, "Europe/Berlin").await;
    site.import_csv(QUALTRICS.replace("ZONE", "America/Denver"), "").await;
    let dates = ["2026-06-02T02:00", "2026-06-02T02:00", "2026-03-02T03:00"];
    let expected: Vec<Value> = dates.iter().map(|at| json!(format!("{at}:00.000Z"))).collect();
    assert_eq!(listed(&site, "at").await, expected);
    let problem = site.import(QUALTRICS.replace("ZONE", "Mars/Base"), "", "text/csv").await.problem(422);
    assert!(problem["detail"].as_str().unwrap().contains("Mars/Base"), "{problem}");
}

#[tokio::test]
async fn responses_that_the_tool_left_out_are_in_no_figure() {
    let collector = Collector::shared();
    let site = site(&collector, "UTC").await;
    let reply = site.import_csv(QUALTRICS.replace("ZONE", "Z"), "").await;
    assert_eq!((&reply["stored"], &reply["marked"]), (&json!(3), &json!(2)), "{reply}");
    assert_eq!(site.owner_get("imports").await["imports"][0]["marked"], 2);
    assert_eq!(listed(&site, "mark").await, [json!("spam"), json!("test"), Value::Null]);
    assert_eq!(site.score("range=all").await["distribution"][10], 1);
    assert_eq!(site.score("range=all").await["scored"], 1);
}

#[tokio::test]
async fn zones_and_halves_of_the_day_are_read_in_other_languages() {
    let collector = Collector::shared();
    let site = site(&collector, "America/Puerto_Rico").await;
    let dates = [
        ("2026/01/05 9:38:08 AM EST", "2026-01-05T14:38:08.000Z"),
        ("2026/01/05 3:12:44 p.\u{a0}m. GMT+1", "2026-01-05T14:12:44.000Z"),
        ("2026/01/05 3:12:44 下午 GMT+8", "2026-01-05T07:12:44.000Z"),
        ("2026/06/22 11:07:29 AM AST", "2026-06-22T15:07:29.000Z"),
    ];
    let rows: String = dates.iter().zip(1..).map(|((date, _), score)| format!("{date},{score}\n")).collect();
    site.import_csv(format!("Marca temporal,¿Nos recomendarías?\n{rows}"), "").await;
    assert_eq!(listed(&site, "at").await, dates.map(|(_, at)| json!(at)));
}

#[tokio::test]
async fn names_and_telephone_numbers_are_left_out_in_other_languages() {
    let collector = Collector::start();
    let site = site(&collector, "UTC").await;
    let body = "score,Imię i nazwisko,お名前,Votre nom,Tel.,Product name\n9,Doe,Doe,Doe,+49 170 1,Tea\n";
    let reply = site.import_csv(body, "").await;
    let reasons: Vec<&Value> =
        reply["left_out"].as_array().unwrap().iter().map(|column| &column["reason"]).collect();
    assert_eq!(reasons, ["person_name", "person_name", "person_name", "phone_number"], "{reply}");
    assert_eq!(listed(&site, "properties").await, [json!({ "Product name": "Tea" })]);
    assert!(collector.files_with("Doe").is_empty());
}

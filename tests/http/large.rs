//! Large responses: lists come in pages of at most 1 MiB and are complete.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use tests::client::send;
use tests::ids::{id_at, noon_ms, today};
use tests::{Collector, DAY_MS, Site, new_id, now_ms};

/// The most bytes of one page.
const PAGE: usize = 1_048_576;

/// Characters that are as long as can be: in UTF-8, in JSON within JSON, in CSV.
const LONG: [char; 3] = ['🍵', '\u{1}', '"'];

/// A message in which each text is as long as may be.
fn largest(nth: usize, id: &str) -> Value {
    let letter = LONG[nth % LONG.len()];
    // In JSON a control character takes six bytes.
    let text = |length: usize| letter.to_string().repeat(if letter == '\u{1}' { length / 2 } else { length });
    let properties: Map<String, Value> =
        (0..20).map(|at| (format!("{at:02}{}", text(62)), text(200).into())).collect();
    let answers: Map<String, Value> = (0..5).map(|at| (format!("q{at}"), text(1_000).into())).collect();
    json!({
        "id": id, "score": nth % 11, "comment": text(5_000), "page": text(300), "user": "ann", "shown": true,
        "properties": properties, "answers": answers, "contact": text(100),
    })
}

/// Stores that number of the largest messages, one per request, and returns their ids.
async fn fill(site: &Site, messages: usize) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for nth in 0..messages {
        let id = if nth % 4 == 0 { tests::ids::timeless_id() } else { new_id() };
        site.store(largest(nth, &id)).await;
        ids.insert(id);
    }
    ids
}

/// The ids of responses, each of which must be there once.
fn ids_of(responses: &[Value]) -> BTreeSet<String> {
    let ids: BTreeSet<String> = responses.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), responses.len(), "each once");
    ids
}

/// Reads every page of a list through its cursors. No page may exceed the limit.
async fn pages(site: &Site, endpoint: &str, list: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let answer = site.get(&format!("{endpoint}{cursor}"), &site.owner).await;
        assert!(answer.body.len() <= PAGE, "{endpoint}: a page of {} bytes", answer.body.len());
        let mut page = answer.ok();
        let found = page[list].take();
        let found = found.as_array().unwrap();
        assert!(!found.is_empty() || page["next_cursor"].is_null(), "{endpoint}: a page without anything");
        all.extend(found.iter().cloned());
        let Some(next) = page["next_cursor"].as_str() else { return all };
        let and = if endpoint.contains('?') { '&' } else { '?' };
        cursor = format!("{and}cursor={next}");
    }
}

#[tokio::test]
async fn the_largest_messages_are_listed_exported_and_found_by_their_user() {
    let collector = Collector::start();
    let site = collector.create_site(json!({ "name": "Tea shop", "properties": ["plan"] })).await;
    let ids = fill(&site, 60).await;
    for filter in ["", "&user=ann", "&category=detractor", "&answered=true"] {
        let listed = pages(&site, &format!("responses?limit=200{filter}"), "responses").await;
        if filter == "&category=detractor" {
            let detractors = site.score("").await["counts"]["detractors"].as_u64().unwrap();
            assert_eq!(listed.len() as u64, detractors);
        } else {
            assert_eq!(ids_of(&listed), ids, "{filter}");
        }
        let order: Vec<&str> = listed.iter().map(|it| it["at"].as_str().unwrap()).collect();
        assert!(order.is_sorted_by(|a, b| a >= b), "newest first: {order:?}");
    }
    let ndjson = site.get("export?format=ndjson", &site.owner).await;
    let lines = String::from_utf8(ndjson.body).unwrap();
    let rows: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(ids_of(&rows), ids);
    let export = site.get("export", &site.owner).await;
    assert_eq!(export.status, 200);
    let mut reader = csv::Reader::from_reader(export.body.as_slice());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.iter().map(|row| row[0].to_owned()).collect::<BTreeSet<_>>(), ids);
    let person = site.owner_get("users/ann").await;
    assert_eq!(person["user"], "ann");
    assert_eq!(person["responses"], json!(site.responses().await), "as the list has them, newest first");
    let erased = site.owner_request("DELETE", "users/ann", Value::Null).await.ok();
    assert_eq!(erased["erased"], ids.len());
    assert_eq!(site.owner_get("users/ann").await, json!({ "user": "ann", "responses": [] }));
    assert_eq!(site.score("").await["shown"], 0);
}

#[tokio::test]
async fn a_user_with_3_000_responses_is_read_and_erased_whole() {
    let collector = Collector::start_behind_proxy();
    let site = collector.site().await;
    let mut ids = BTreeSet::new();
    for round in 0..60 {
        let messages: Vec<Value> = (0..50)
            .map(|nth| json!({ "id": id_at(now_ms() - 1_000 * (round * 50 + nth)), "score": 9, "user": "ann" }))
            .collect();
        ids.extend(messages.iter().map(|message| message["id"].as_str().unwrap().to_owned()));
        // More than one address may send in a minute.
        let address = format!("203.0.113.{round}");
        let stored = send(site.posting(json!(messages).to_string()).header("x-forwarded-for", address)).await;
        assert_eq!(stored.status, 200, "{stored}");
    }
    site.store(json!({ "id": new_id(), "score": 3, "user": "bob" })).await;
    let person = site.owner_get("users/ann").await;
    assert_eq!(ids_of(person["responses"].as_array().unwrap()), ids);
    let erased = site.owner_request("DELETE", "users/ann", Value::Null).await.ok();
    assert_eq!(erased["erased"], 3_000);
    assert_eq!(site.score("").await["scored"], 1, "nobody else's");
    site.get("users/ann", &site.read).await.problem(403);
    site.get("users/ann", "x").await.problem(401);
}

#[tokio::test]
async fn merged_messages_cannot_exceed_the_limits_of_one_message() {
    let collector = Collector::start();
    let site = collector.site().await;
    let id = new_id();
    for round in 0..10 {
        let answers: Map<String, Value> =
            (0..5).map(|at| (format!("q{round}-{at}"), "x".repeat(1_000).into())).collect();
        site.store(json!({ "id": id, "score": 9, "answers": answers })).await;
    }
    let kept = site.owner_get(&format!("responses/{id}")).await["answers"].take();
    let keys: Vec<&String> = kept.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["q0-0", "q0-1", "q0-2", "q0-3", "q0-4"]);
    site.store(json!({ "id": id, "answers": { "q0-1": "Another" } })).await;
    assert_eq!(site.owner_get(&format!("responses/{id}")).await["answers"]["q0-1"], "Another", "may change");
}

#[tokio::test]
async fn five_hundred_of_the_longest_notes_are_listed() {
    let collector = Collector::start();
    let site = collector.site().await;
    site.patch_settings(json!({ "public_notes": true })).await;
    site.store(json!({ "id": new_id(), "score": 9 })).await;
    let year: usize = today()[..4].parse().unwrap();
    for nth in 0..500_usize {
        let letter = ['\u{1}', '🍵'][nth % 2].to_string();
        let note = json!({ "day": format!("{}-01-01", year - nth % 27), "text": format!("a{}b", letter.repeat(498)), "public": true });
        let answer = site.owner_request("POST", "notes", note).await;
        assert_eq!(answer.status, 201, "{answer}");
    }
    let notes = site.owner_get("notes?days=366").await["notes"].take();
    assert_eq!(notes.as_array().unwrap().len(), 500);
    assert!(notes.as_array().unwrap().is_sorted_by(|a, b| a["day"].as_str() >= b["day"].as_str()));
    assert_eq!(notes[0]["effect"]["after"]["scored"], 1);
    let public = site.owner_get("changes").await;
    assert_eq!((&public["name"], public["notes"].as_array().unwrap().len()), (&json!("Tea shop"), 500));
}

#[tokio::test]
async fn a_question_is_still_fixed_after_200_survey_versions() {
    let collector = Collector::start();
    let survey = |nth: usize, question: &str, german: &str| {
        let mut texts: Map<String, Value> = api::language::LANGUAGES
            .iter()
            .map(|tag| ((*tag).to_owned(), json!({ "intro": format!("{nth} {}", "🍵".repeat(95)) })))
            .collect();
        if !german.is_empty() {
            texts.insert("de".into(), json!({ "question": german }));
        }
        json!({ "variant": "stay", "question": question, "texts": texts })
    };
    let given = json!({ "name": "Tea shop", "survey": survey(0, "Will you stay?", "Bleiben Sie?") });
    let site = collector.create_site(given).await;
    site.store(json!({ "id": new_id(), "score": 9 })).await;
    let put = async |survey: Value| site.owner_request("PUT", "survey", survey).await;
    for nth in 1..200 {
        put(survey(nth, "Will you stay?", "Bleiben Sie?")).await.ok();
    }
    put(survey(0, "Will you go?", "Bleiben Sie?")).await.invalid_at("/question");
    let problem = put(survey(0, "Will you stay?", "Gehen Sie?")).await.invalid_at("/texts/de/question");
    assert!(problem["detail"].as_str().unwrap().contains("Bleiben Sie?"), "{problem}");
    put(survey(200, "Will you stay?", "Bleiben Sie?")).await.ok();
}

/// Imports responses of that many days up to a time, one per value and day.
async fn values_by_days(site: &Site, now_ms: u64, values: u64, days: u64) {
    let mut rows = "at,score,plan\n".to_owned();
    for day in 0..days {
        let date = &tests::ids::iso(now_ms - day * DAY_MS)[..10];
        for value in 0..values {
            rows.push_str(&format!("{date},{},v{value}\n", (day + value) % 11));
        }
    }
    let imported = site.import_csv(rows, "").await;
    assert_eq!(imported["stored"], values * days);
}

#[tokio::test]
async fn a_score_is_filtered_by_one_of_200_values_over_years() {
    // The day does not change meanwhile.
    let now_ms = noon_ms();
    let collector = Collector::start_at(now_ms, |_| {});
    let retention = json!({ "months": null });
    let given = json!({ "name": "Tea shop", "properties": ["plan"], "retention": retention });
    let site = collector.create_site(given).await;
    values_by_days(&site, now_ms, 200, 1_100).await;
    let scored = |report: &Value| report["scored"].clone();
    for query in ["", "&range=1100d", "&interval=week", "&interval=day&rolling=30d"] {
        let report = site.score(&format!("filter[plan]=v7{query}")).await;
        assert_eq!(scored(&report), 1_100, "{query}");
    }
    let report = site.score("filter[plan]=v7&range=300d&compare=previous").await;
    assert_eq!((scored(&report), scored(&report["previous"])), (json!(300), json!(300)), "{report}");
    let groups = site.score("group_by=plan&interval=day").await;
    assert_eq!(groups["groups"].as_array().unwrap().len(), 200);
}

//! Erased text is nowhere that a query reaches, and not in the file once that is compacted.

use std::path::PathBuf;

use rusqlite::Connection;
use serde_json::{Value, json};
use tests::{Collector, Site, new_id};

use crate::groups::site_with;

/// Whether the only object's file has a text, without regard to case: as it is, and compacted.
/// The collector is stopped for it.
fn is_in_file(collector: &mut Collector, text: &str) -> (bool, bool) {
    collector.kill();
    let object = collector.objects().remove(0);
    let compacted: PathBuf = object.with_extension("compacted");
    let database = Connection::open(&object).unwrap();
    database.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    database.execute("VACUUM INTO ?", [compacted.to_str().unwrap()]).unwrap();
    drop(database);
    let has = |file: &PathBuf| {
        let bytes = std::fs::read(file).unwrap().to_ascii_lowercase();
        bytes.windows(text.len()).any(|window| window == text.to_ascii_lowercase().as_bytes())
    };
    let found = (has(&object), has(&compacted));
    std::fs::remove_file(compacted).unwrap();
    collector.restart();
    found
}

/// A site with comments of other people.
async fn crowded(collector: &Collector) -> Site {
    let site = site_with(collector, &["plan"]).await;
    let rows: String =
        (0..800).map(|nth| format!("{},Late delivery {nth} again,p{}\n", nth % 11, nth % 7)).collect();
    site.import_csv(format!("score,comment,plan\n{rows}"), "").await;
    site
}

#[tokio::test(flavor = "multi_thread")]
async fn erased_words_are_in_no_answer_and_not_in_the_compacted_file() {
    let mut collector = Collector::start();
    let site = crowded(&collector).await;
    let webhook = json!({ "url": "http://127.0.0.1:9/", "events": ["response.detractor"] });
    assert_eq!(site.owner_post("webhooks", &webhook).await.status, 201);
    let words = [
        "xylophonist",
        "quagmire",
        "zanzibar",
        "marmalade",
        "brouhaha",
        "kerfuffle",
        "gobbledygook",
        "hullabaloo",
    ];
    let [comment, former, contact, note, tag, plan, page, answer] = words;
    let id = new_id();
    site.store(
        json!({ "id": id, "score": 2, "elapsed_ms": 1_000, "comment": format!("A {former} of delivery") }),
    )
    .await;
    site.store(json!({
        "id": id, "comment": format!("The {comment} was late again"), "elapsed_ms": 2_000, "user": "ann",
        "contact": format!("{contact}@example.org"), "page": format!("/{page}"), "properties": { "plan": plan },
        "answers": { "why": answer },
    })).await;
    let endpoint = format!("responses/{id}");
    let patch = json!({ "note": format!("Said {note}"), "tags": [tag] });
    site.owner_request("PATCH", &endpoint, patch).await.ok();
    assert_eq!(site.responses_of(&format!("q={comment}"), 50).await.len(), 1);
    assert_eq!(site.responses_of(&format!("q={former}"), 50).await.len(), 0, "the later comment counts");
    for word in words.iter().filter(|word| **word != former) {
        assert!(is_in_file(&mut collector, word).1, "the look finds {word}");
    }
    assert!(!is_in_file(&mut collector, former).1, "the words of an earlier comment are gone as well");

    let site = collector.again(&site);
    assert_eq!(site.owner_request("DELETE", &endpoint, Value::Null).await.status, 204);
    let everything = [
        site.state().await.to_string(),
        String::from_utf8(site.get("export?format=ndjson", &site.owner).await.body).unwrap(),
        site.owner_get("users/ann").await.to_string(),
        site.score("group_by=plan").await.to_string(),
        site.owner_get("webhooks").await.to_string(),
    ]
    .concat();
    assert!(words.iter().all(|word| !everything.contains(word)), "{everything}");
    assert!(site.responses_of(&format!("q={comment}"), 50).await.is_empty());
    assert_eq!(site.responses_of("q=late+delivery", 200).await.len(), 800, "other comments are found");
    for word in words {
        assert!(!is_in_file(&mut collector, word).1, "{word} is in the compacted file");
    }
}

/// A row that was changed may have left copies in unused parts of its pages, which go when the file
/// is compacted. A row that was not has stood in one place.
#[tokio::test(flavor = "multi_thread")]
async fn erased_words_are_overwritten_where_they_stood() {
    let mut collector = Collector::start();
    let site = crowded(&collector).await;
    let (id, comment, contact) = (new_id(), "The xylophonist was late again", "brouhaha@example.org");
    site.store(json!({ "id": id, "score": 2, "shown": true, "comment": comment, "contact": contact })).await;
    for text in [comment, contact] {
        assert!(is_in_file(&mut collector, text).0, "the look finds {text}");
    }
    let site = collector.again(&site);
    let erased = site.owner_request("DELETE", &format!("responses/{id}"), Value::Null).await;
    assert_eq!(erased.status, 204);
    for text in [comment, contact] {
        assert!(!is_in_file(&mut collector, text).0, "{text} is in the file");
    }
}

#[tokio::test]
async fn a_pending_delivery_goes_with_its_response() {
    let mut collector = Collector::start();
    let site = collector.site().await;
    let webhook = json!({ "url": "http://127.0.0.1:9/", "events": ["response.detractor"] });
    assert_eq!(site.owner_post("webhooks", &webhook).await.status, 201);
    let (erased, kept) = (new_id(), new_id());
    site.store(json!([{ "id": erased, "score": 1, "comment": "Cold" }, { "id": kept, "score": 1, "comment": "Warm" }])).await;
    assert_eq!(site.owner_request("DELETE", &format!("responses/{erased}"), Value::Null).await.status, 204);
    collector.kill();
    let database = Connection::open(collector.objects().remove(0)).unwrap();
    let mut due = database.prepare("SELECT subject FROM due WHERE kind = 'response'").unwrap();
    let due: Vec<String> = due.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(due, [kept.replace('-', "")]);
}

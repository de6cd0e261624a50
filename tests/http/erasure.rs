//! Erased text is nowhere that a query reaches, and not in the file once that is compacted.

use std::path::PathBuf;

use rusqlite::Connection;
use serde_json::{Value, json};
use tests::{Collector, Site, new_id};

use crate::groups::site_with;

/// The copies of a text in the only object's file, without regard to case: as it is, and compacted.
/// The collector is stopped for it.
fn copies_in_file(collector: &mut Collector, text: &str) -> (usize, usize) {
    collector.kill();
    let object = collector.objects().remove(0);
    let compacted: PathBuf = object.with_extension("compacted");
    let database = Connection::open(&object).unwrap();
    database.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    database.execute("VACUUM INTO ?", [compacted.to_str().unwrap()]).unwrap();
    drop(database);
    let count = |file: &PathBuf| {
        let (bytes, text) = (std::fs::read(file).unwrap().to_ascii_lowercase(), text.to_ascii_lowercase());
        bytes.windows(text.len()).filter(|window| *window == text.as_bytes()).count()
    };
    let found = (count(&object), count(&compacted));
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
        assert!(copies_in_file(&mut collector, word).1 > 0, "the look finds {word}");
    }
    assert_eq!(
        copies_in_file(&mut collector, former).1,
        0,
        "the words of an earlier comment are gone as well"
    );
    let overwritten = [format!("The {comment} was late again"), format!("{contact}@example.org")];
    let stood = overwritten.each_ref().map(|text| copies_in_file(&mut collector, text).0);

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
        assert_eq!(copies_in_file(&mut collector, word).1, 0, "{word} is in the compacted file");
    }
    // Each change may have left an older copy in the spare room of a page.
    for (text, stood) in overwritten.iter().zip(stood) {
        let left = copies_in_file(&mut collector, text).0;
        assert!(left < stood, "{text} was overwritten where it stood: {left} copies of {stood} are left");
    }
}

/// Nothing changed the response before, so there is no older copy.
#[tokio::test(flavor = "multi_thread")]
async fn words_of_a_response_that_never_changed_are_overwritten_where_they_stood() {
    let mut collector = Collector::start();
    let site = crowded(&collector).await;
    let words = ["xylophonist", "quagmire", "zanzibar", "marmalade", "brouhaha"];
    let [comment, contact, page, country, answer] = words;
    let id = new_id();
    site.store(json!({
        "id": id, "score": 2, "shown": true, "comment": format!("The {comment} was late again"),
        "contact": format!("{contact}@example.org"), "page": format!("/{page}"),
        "properties": { "country": country }, "answers": { "why": answer },
    }))
    .await;
    for word in words {
        assert!(copies_in_file(&mut collector, word).0 > 0, "the look finds {word}");
    }
    let site = collector.again(&site);
    let erased = site.owner_request("DELETE", &format!("responses/{id}"), Value::Null).await;
    assert_eq!(erased.status, 204);
    for text in [
        format!("The {comment} was late"),
        format!("{contact}@"),
        format!("/{page}"),
        country.into(),
        answer.into(),
    ] {
        assert_eq!(copies_in_file(&mut collector, &text).0, 0, "{text} is in the file");
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

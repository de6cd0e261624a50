//! Looking for words in comments.

use serde_json::{Value, json};
use tests::{Collector, Site, id_at, new_id, now_ms, until};

use crate::upgrades::{open, word_segments};

async fn comment(site: &Site, text: &str) -> String {
    let id = new_id();
    site.store(json!({ "id": id, "score": 3, "comment": text, "elapsed_ms": 1_000 })).await;
    id
}

/// The comments that are found, in alphabetical order.
async fn found(site: &Site, words: &str) -> Vec<String> {
    let mut url = reqwest::Url::parse("http://x/").unwrap();
    url.query_pairs_mut().append_pair("q", words);
    let found = site.responses_of(url.query().unwrap(), 50).await;
    let mut found: Vec<String> = found.iter().map(|it| it["comment"].as_str().unwrap().to_owned()).collect();
    found.sort();
    found
}

#[tokio::test]
async fn search_matches_word_prefixes_and_ignores_case_and_accents() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let [late, summer, fast, late_too] =
        ["Die Lieferung war zu spät!", "Livraison rapide cet été", "Rapid delivery", "Spatula arrived"];
    for text in [late, summer, fast, late_too] {
        comment(&site, text).await;
    }
    for (words, expected) in [
        ("Lieferung", vec![late]),
        ("lieferung SPÄT", vec![late]),
        ("spat", vec![late, late_too]),
        ("ÉTÉ", vec![summer]),
        ("ete", vec![summer]),
        ("rapid", vec![summer, fast]),
        ("rapid delivery", vec![fast]),
        ("apid", vec![]),
        ("lieferung rapid", vec![]),
        ("\"spät\" OR rapid", vec![]),
        ("zu-spät*", vec![late]),
        ("comment:rapid", vec![]),
    ] {
        let mut expected = expected;
        expected.sort_unstable();
        assert_eq!(found(&site, words).await, expected, "{words}");
    }
}

#[tokio::test]
async fn each_imported_comment_is_found_whatever_was_imported_and_undone_before() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let file = |name: &str| -> String {
        let rows = (0..1_200).map(|nth| format!("{},{name}{nth} tea\n", nth % 11));
        "score,comment\n".to_owned() + &rows.collect::<String>()
    };
    let first = site.import_csv(file("green"), "").await;
    comment(&site, "black999 tea").await;
    site.import_csv(file("white"), "").await;
    let import = format!("imports/{}", first["import"].as_str().unwrap());
    site.owner_request("DELETE", &import, Value::Null).await;
    until("the import is undone", async || {
        (site.get(&import, &site.owner).await.status == 404).then_some(())
    })
    .await;
    site.import_csv(file("yellow"), "").await;
    for word in ["white0", "white499", "white500", "white1199", "yellow0", "yellow1199", "black999"] {
        assert!(found(&site, word).await.contains(&format!("{word} tea")), "{word}");
    }
    for word in ["white1199", "yellow1199", "black999"] {
        assert_eq!(found(&site, word).await.len(), 1, "{word}");
    }
    assert!(found(&site, "green").await.is_empty());
}

#[tokio::test]
async fn search_matches_substrings_in_scripts_without_spaces() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let [chinese, japanese, thai, korean, arabic, hindi] = [
        "配送太慢了，茶很好喝。",
        "配送が遅いですが、お茶は美味しい",
        "ส่งช้ามาก แต่ชาอร่อย",
        "느린 배송이 아쉬워요",
        "الشاي لذيذ والتوصيل بطيء",
        "चाय अच्छी है लेकिन डिलीवरी धीमी",
    ];
    for text in [chinese, japanese, thai, korean, arabic, hindi] {
        comment(&site, text).await;
    }
    for (words, expected) in [
        ("配送", vec![chinese, japanese]),
        ("太慢", vec![chinese]),
        ("美味しい", vec![japanese]),
        ("ช้ามาก", vec![thai]),
        ("อร่อย", vec![thai]),
        ("배송", vec![korean]),
        ("لذيذ", vec![arabic]),
        ("अच्छी", vec![hindi]),
    ] {
        let mut expected = expected;
        expected.sort_unstable();
        assert_eq!(found(&site, words).await, expected, "{words}");
    }
}

#[tokio::test]
async fn composed_and_decomposed_accents_match() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let (composed, decomposed) = ("Die Lieferung war zu spät!", "Wieder zu spa\u{308}t");
    comment(&site, composed).await;
    comment(&site, decomposed).await;
    for words in ["spät", "spat", "spa\u{308}t", "SPA\u{308}T"] {
        assert_eq!(found(&site, words).await, [composed, decomposed], "{words:?}");
    }
}

#[tokio::test]
async fn a_changed_comment_is_found_by_its_new_words_only() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let id = comment(&site, "Cold tea").await;
    site.store(json!({ "id": id, "comment": "Warm milk", "elapsed_ms": 2_000 })).await;
    assert_eq!(found(&site, "milk").await, ["Warm milk"]);
    assert!(found(&site, "cold").await.is_empty());
    let imported = "at,score,comment\n2026-01-01,9,Iced tea\n";
    site.import_csv(imported, "").await;
    site.import_csv(imported, "").await;
    assert_eq!(found(&site, "iced").await, ["Iced tea"], "an import is searched as well, and once");
    assert_eq!(site.owner_request("DELETE", &format!("responses/{id}"), json!(null)).await.status, 204);
    assert!(found(&site, "milk").await.is_empty());
}

/// FTS5 writes a segment whenever a row is below the one before, and the rows of new responses are
/// random.
#[tokio::test]
async fn the_comments_of_a_batch_are_one_segment_of_the_index() {
    let mut collector = Collector::start();
    let site = collector.site().await;
    let batch: Vec<Value> = (0..50)
        .map(|nth| json!({ "id": id_at(now_ms()), "score": 9, "comment": format!("Tea {nth}") }))
        .collect();
    site.store(json!(batch)).await;
    collector.kill();
    assert_eq!(word_segments(&open(&collector)), 1);
}

#[tokio::test]
async fn a_word_in_thousands_of_comments_is_found_page_by_page() {
    let collector = Collector::start();
    let site = collector.site().await;
    let rows: String = (0..6_000).map(|nth| format!("{},Good tea no {nth}\n", nth % 11)).collect();
    site.import_csv(format!("score,comment\n{rows}"), "").await;
    let all = site.responses_of("q=tea", 200).await;
    let mut ids: Vec<&str> = all.iter().map(|response| response["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((all.len(), ids.len()), (6_000, 6_000), "each once");
    let promoters = site.responses_of("q=tea&category=promoter", 200).await;
    assert!(promoters.iter().all(|response| response["score"].as_u64() >= Some(9)));
    assert_eq!(site.score("").await["counts"]["promoters"], promoters.len());
}

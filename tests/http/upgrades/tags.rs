//! Index of tags, which is filled for a site of version 7.

use serde_json::{Value, json};
use tests::{Collector, until};

use super::{number, open};

#[tokio::test(flavor = "multi_thread")]
async fn tags_of_version_7_are_indexed_by_pages() {
    const ROWS: usize = 3_600;
    let mut collector = Collector::start();
    let site = collector.site().await;
    let rows: String = (0..ROWS).map(|nth| format!("{},2026-03-{:02}\n", nth % 11, nth % 28 + 1)).collect();
    site.import_csv(format!("score,at\n{rows}"), "").await;
    collector.kill();
    let back =
        "ALTER TABLE response DROP COLUMN consents_ms; DROP TABLE erased_row; ALTER TABLE import DROP COLUMN erased_before; DROP TABLE published; DROP TABLE tagged; DROP TRIGGER tags_added; DROP TRIGGER tags_changed; DROP TRIGGER tags_removed;
        UPDATE meta SET value = '7' WHERE name = 'schema';
        UPDATE response SET tags = json_array('all', 'score ' || score)";
    open(&collector).execute_batch(back).unwrap();
    collector.restart();
    let site = collector.again(&site);
    let tags = until("every tag is indexed", async || {
        let answer = site.get("tags", &site.read).await;
        if answer.status != 200 {
            assert_eq!(answer.problem(503)["type"], "urn:grapevine:problem:not-ready");
        }
        (answer.status == 200).then(|| answer.json()["tags"].take())
    })
    .await;
    assert_eq!(tags[0], json!({ "tag": "all", "responses": ROWS }));
    assert_eq!(tags.as_array().map(Vec::len), Some(12));
    let zeros = site.responses_of("tag=score%200", 200).await;
    assert_eq!(
        tags.as_array().unwrap().iter().find(|it| it["tag"] == "score 0").unwrap()["responses"],
        zeros.len()
    );
    let id = zeros[0]["id"].as_str().unwrap();
    site.owner_request("DELETE", &format!("responses/{id}"), Value::Null).await;
    collector.kill();
    assert_eq!(number(&open(&collector), "SELECT count(*) FROM tagged"), 2 * ROWS as i64 - 2);
}

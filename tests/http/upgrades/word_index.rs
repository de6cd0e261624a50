//! Index of words, which is built anew for a site of version 2.

use serde_json::{Value, json};
use tests::until;

use super::{SECOND, fixture_id, open, stopped_site, word_segments};

#[tokio::test(flavor = "multi_thread")]
async fn comments_of_version_2_are_indexed_by_pages_and_can_be_erased() {
    const ROWS: u64 = 3_600;
    let (mut collector, site) = stopped_site(SECOND, ROWS).await;
    collector.restart();
    let site = collector.again(&site);
    // The first page is indexed at once, the last one later. Both can be changed and erased at any
    // time.
    for n in [0, 12, ROWS - 12] {
        let message = json!({ "id": fixture_id(n), "comment": format!("Cheap {n}"), "elapsed_ms": 90_000 });
        site.store(message).await;
    }
    for n in [24, ROWS - 24] {
        let erased = site.owner_request("DELETE", &format!("responses/{}", fixture_id(n)), Value::Null).await;
        assert_eq!(erased.status, 204, "{erased}");
    }
    until("every comment is indexed", async || {
        let answer = site.page("q=dear").await;
        if answer.status != 200 {
            assert_eq!(answer.problem(503)["type"], "urn:grapevine:problem:not-ready");
        }
        (answer.status == 200).then_some(())
    })
    .await;
    assert_eq!(site.responses_of("q=dear", 200).await.len() as u64, ROWS / 12 - 5);
    assert_eq!(site.responses_of("q=cheap", 200).await.len(), 3);
    for n in [0, ROWS - 12] {
        site.owner_request("DELETE", &format!("responses/{}", fixture_id(n)), Value::Null).await;
    }
    assert_eq!(site.responses_of("q=cheap", 200).await.len(), 1);
    collector.kill();
    let check = "INSERT INTO words (words) VALUES ('integrity-check')";
    open(&collector).execute_batch(check).unwrap();
}

/// FTS5 writes a segment whenever a row is below the one before.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_comments_is_one_segment_of_the_index() {
    let (mut collector, site) = stopped_site(SECOND, 480).await;
    open(&collector).execute_batch("UPDATE response SET number = 1000000 - number").unwrap();
    collector.restart();
    assert_eq!(collector.again(&site).responses_of("q=dear", 200).await.len(), 40);
    collector.kill();
    assert_eq!(word_segments(&open(&collector)), 1);
}

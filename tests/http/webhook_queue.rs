//! The queue of a webhook: bounded, and nothing in it is lost in silence.

use rusqlite::Connection;
use serde_json::{Value, json};
use tests::{Collector, WebhookReceiver, until};

#[tokio::test(flavor = "multi_thread")]
async fn beyond_five_thousand_waiting_the_oldest_fail_and_detractors_fail_last() {
    let mut collector = Collector::start();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    let given = json!({ "url": receiver.url(), "events": ["response.created"] });
    let webhook = site.owner_post("webhooks", &given).await.json();
    let id = webhook["id"].as_str().unwrap().to_owned();
    collector.kill();
    // 5,499 that wait for a paused webhook, every tenth of a detractor, and 10,100 that are done.
    let fill = format!(
        "UPDATE webhook SET paused = 7, paused_by = 'collector', paused_why = 'Attempts failed for three days.';
         WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 15599)
         INSERT INTO delivery (id, webhook, event, subject, body, created, state, category)
            SELECT n - 100, '{id}', 'response', '', '{{}}', unixepoch() * 1000,
                iif(n <= 10100, iif(n % 100 = 1, 'failed', 'delivered'), 'pending'),
                iif(n % 10 = 0, 'detractor', 'promoter') FROM n"
    );
    Connection::open(&collector.objects()[0]).unwrap().execute_batch(&fill).unwrap();
    collector.restart();
    let site = collector.again(&site);
    // The test has the id 15500.
    receiver.respond(tests::ScriptedResponse::new(500));
    let tested = site.owner_request("POST", &format!("webhooks/{id}/test"), Value::Null).await;
    assert_eq!(tested.status, 202, "{tested}");
    let failed = until("the test has failed", async || {
        let failed = site.owner_get(&format!("webhooks/{id}/deliveries?state=failed")).await;
        (failed["deliveries"][0]["id"] == "15500").then_some(failed)
    })
    .await;
    let second = &failed["deliveries"][1];
    assert_eq!(
        second["reason"], "Not sent: more than 5,000 deliveries of this webhook were waiting.",
        "{second}"
    );
    collector.kill();
    let database = Connection::open(&collector.objects()[0]).unwrap();
    let count = |condition: &str| -> i64 {
        let query = format!("SELECT count(*) FROM delivery WHERE {condition}");
        database.query_row(&query, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(count("state = 'pending' AND category = 'detractor'"), 549, "no detractor is given up");
    assert_eq!(count("state = 'pending'"), 4_999);
    assert_eq!(count("state = 'failed' AND reason LIKE 'Not sent%'"), 500);
    assert_eq!(count("state IN ('delivered', 'failed')"), 10_001, "of the finished the oldest are deleted");
    assert_eq!(count("state = 'failed'"), 602, "and no failed one");
}

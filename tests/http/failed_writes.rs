//! Changes that the database refuses halfway: nothing of them is stored.

use serde_json::{Value, json};
use tests::{Collector, Site, new_id};

use crate::upgrades::{number, open};

/// Runs SQL on the database of a new site, and returns the site with it.
async fn site_with(sql: &str) -> (Collector, Site) {
    let mut collector = Collector::start();
    let site = collector.site().await;
    collector.kill();
    open(&collector).execute_batch(sql).unwrap();
    collector.restart();
    let site = collector.again(&site);
    (collector, site)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_is_not_stored_without_its_response() {
    let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON response WHEN NEW.score = 3
        BEGIN SELECT RAISE(ABORT, 'refused'); END";
    let (mut collector, site) = site_with(refuse).await;
    let refused = site.post(&json!({ "id": new_id(), "score": 3, "contact": "three@shop.example" })).await;
    refused.problem(503);
    site.store(json!({ "id": new_id(), "score": 4, "contact": "four@shop.example" })).await;
    assert_eq!(site.responses().await[0]["contact"], "four@shop.example");
    collector.kill();
    assert_eq!(number(&open(&collector), "SELECT count(*) FROM contact"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_fails_halfway_changes_nothing() {
    let refuse = "CREATE TRIGGER refuse_settings BEFORE INSERT ON meta WHEN NEW.name = 'settings'
            BEGIN SELECT RAISE(ABORT, 'refused'); END;
        CREATE TRIGGER refuse_webhook BEFORE DELETE ON webhook BEGIN SELECT RAISE(ABORT, 'refused'); END;
        CREATE TRIGGER refuse_response BEFORE DELETE ON response BEGIN SELECT RAISE(ABORT, 'refused'); END";
    let (mut collector, site) = site_with(refuse).await;
    let id = new_id();
    site.store(json!({ "id": id, "score": 9, "contact": "a@shop.example" })).await;
    let webhook = json!({ "url": "http://127.0.0.1:9/", "events": ["response.created"] });
    let webhook = site.owner_post("webhooks", &webhook).await.json();
    let webhook = format!("webhooks/{}", webhook["id"].as_str().unwrap());
    site.owner_post(&format!("{webhook}/test"), &Value::Null).await;
    let survey = json!({ "variant": "stay", "question": "Will you stay?" });
    site.owner_request("PUT", "survey", survey).await.problem(500);
    site.owner_request("PATCH", "", json!({ "properties": ["plan"] })).await.problem(500);
    site.owner_request("DELETE", &format!("responses/{id}"), Value::Null).await.problem(500);
    site.owner_request("DELETE", &webhook, Value::Null).await.problem(500);
    assert_eq!(site.owner_get("survey").await["version"], 1);
    assert_eq!(site.owner_get("").await["properties"], json!([]));
    assert_eq!(site.responses().await[0]["contact"], "a@shop.example");
    collector.kill();
    let database = open(&collector);
    assert_eq!(number(&database, "SELECT count(*) FROM survey"), 1);
    assert_eq!(number(&database, "SELECT count(*) FROM property"), 1);
    assert_eq!(number(&database, "SELECT count(*) FROM delivery"), 1);
    assert_eq!(number(&database, "SELECT count(*) FROM due WHERE kind = 'fill'"), 0);
}

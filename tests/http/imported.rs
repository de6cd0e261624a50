//! Imported responses: only the owner can change them, whoever knows their ids.

use serde_json::{Value, json};
use tests::client::until;
use tests::{Collector, Site, WebhookReceiver, new_id};

use crate::groups::assert_recounted;

const FILE: &str = "score,at,comment,plan\n9,2026-01-05T10:00:00Z,Good tea,pro\n3,2026-01-06,,free\n";
/// CSV of the same lines as `FILE`, with ids that are no UUIDs.
const NUMBERED: &str =
    "id,score,at,comment,plan\n4711,9,2026-01-05T10:00:00Z,Good tea,pro\n4712,3,2026-01-06,,free\n";

async fn new_site(collector: &Collector) -> Site {
    collector.create_site(json!({ "name": "Tea shop", "properties": ["plan", "lang", "page"] })).await
}

/// Returns the ids of a site's responses.
async fn ids_of(site: &Site) -> Vec<String> {
    site.responses().await.iter().map(|response| response["id"].as_str().unwrap().to_owned()).collect()
}

/// Returns messages with every field, one for each of those ids.
fn forged(ids: &[String]) -> Value {
    let message = |id: &String| {
        json!({
            "id": id, "score": 0, "comment": "Forged", "shown": true, "dismissed": true, "variant": "other", "lang": "xx",
            "page": "/forged", "channel": "email", "properties": { "plan": "forged", "more": "forged" }, "user": "mallory",
            "elapsed_ms": 4_000_000_000_u32, "contact": "mallory@example.org", "consents": ["publish"],
            "answers": { "why": "forged" },
        })
    };
    ids.iter().map(message).collect()
}

async fn assert_counted(site: &Site) {
    for property in ["channel", "plan", "lang", "page"] {
        assert_recounted(site, property).await;
    }
}

#[tokio::test]
async fn messages_cannot_change_an_imported_response() {
    let collector = Collector::start();
    for file in [FILE, NUMBERED] {
        let site = new_site(&collector).await;
        site.import_csv(file, "").await;
        let before = site.state().await;
        let ids = ids_of(&site).await;
        site.store(forged(&ids)).await;
        for message in forged(&ids).as_array().unwrap() {
            site.store(message.clone()).await;
        }
        assert_eq!(site.state().await, before);
        assert_eq!(site.get("cases", &site.read).await.ok()["open"], 0, "nobody can be reached");
        assert!(!site.state().await.to_string().contains("orged"));
        assert!(collector.files_with("mallory@example.org").is_empty(), "no contact is kept of it");
        assert_counted(&site).await;
        let again = site.import_csv(file, "").await;
        assert_eq!((&again["stored"], &again["already_there"]), (&json!(0), &json!(2)));
        assert_eq!(site.state().await, before);
    }
}

#[tokio::test]
async fn messages_about_imported_responses_trigger_no_webhook() {
    let collector = Collector::start_with_faults();
    let (site, receiver) = (new_site(&collector).await, WebhookReceiver::start().await);
    let webhook = json!({ "url": receiver.url(), "events": ["response.created", "response.detractor", "response.promoter"] });
    assert_eq!(site.owner_post("webhooks", &webhook).await.status, 201);
    site.import_csv(FILE, "").await;
    let mut messages = forged(&ids_of(&site).await);
    let honest = new_id();
    messages.as_array_mut().unwrap().push(json!({ "id": honest, "score": 9, "comment": "Fine" }));
    site.store(messages).await;
    collector.put_forward(&site, 60_000).await;
    receiver.called(1).await;
    until("nothing on its way", async || {
        let listed = site.owner_get("webhooks").await["webhooks"].take();
        (listed[0]["pending"] == 0).then_some(())
    })
    .await;
    let sent_ids: Vec<Value> =
        receiver.calls().iter().map(|call| call.json()["data"]["id"].clone()).collect();
    assert_eq!(sent_ids, [json!(honest)]);
}

#[tokio::test]
async fn importing_an_export_again_duplicates_nothing() {
    let collector = Collector::shared();
    let site = new_site(&collector).await;
    site.store(json!({ "id": new_id(), "score": 7, "comment": "Fine", "user": "ann", "elapsed_ms": 900, "shown": true })).await;
    site.import_csv(FILE, "").await;
    let before = site.state().await;
    for format in ["csv", "ndjson"] {
        let export = site.get(&format!("export?format={format}"), &site.owner).await;
        let kind = export.header("content-type").to_owned();
        let again = site.import(export.body.clone(), "", &kind).await.ok();
        assert_eq!((&again["stored"], &again["already_there"]), (&json!(0), &json!(3)), "{again}");
        assert_eq!(site.state().await, before, "{format}");

        // In another site, where a stranger was first.
        let (other, clean) = (new_site(&collector).await, new_site(&collector).await);
        let imported = site.responses_of("filter[channel]=import", 200).await;
        let ids: Vec<String> = imported.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ids.len(), 2);
        other.store(forged(&ids)).await;
        for site in [&other, &clean] {
            site.import(export.body.clone(), "", &kind).await.ok();
        }
        assert_eq!(other.state().await, clean.state().await, "{format}");
        assert_counted(&other).await;
    }
}

#[tokio::test]
async fn importing_a_response_back_from_another_site_changes_nothing() {
    let collector = Collector::shared();
    let (site, archive) = (new_site(&collector).await, new_site(&collector).await);
    let id = new_id();
    site.store(json!({
        "id": id, "score": 3, "comment": "Cold tea", "user": "ann", "contact": "ann@example.org", "elapsed_ms": 900, "shown": true,
        "properties": { "plan": "pro" },
    }))
    .await;
    site.owner_request("PATCH", &format!("responses/{id}"), json!({ "note": "called" })).await.ok();
    let before = site.state().await;
    for (from, to) in [(&site, &archive), (&archive, &site)] {
        let export = site_export(from).await;
        assert_eq!(to.import_csv(export, "").await["rejected"], 0);
    }
    assert_eq!(archive.responses().await[0]["channel"], "import");
    assert_eq!(site.state().await, before);
}

async fn site_export(site: &Site) -> Vec<u8> {
    let export = site.get("export?format=csv", &site.owner).await;
    assert_eq!(export.status, 200, "{export}");
    export.body
}

#[tokio::test]
async fn an_owner_can_patch_an_imported_response_and_the_patch_survives_an_import() {
    let collector = Collector::shared();
    let site = new_site(&collector).await;
    site.import_csv(FILE, "").await;
    let id = site.responses().await[0]["id"].as_str().unwrap().to_owned();
    let patched = site
        .owner_request("PATCH", &format!("responses/{id}"), json!({ "note": "called", "tags": ["vip"] }))
        .await
        .ok();
    site.import_csv(FILE, "").await;
    assert_eq!(site.owner_get(&format!("responses/{id}")).await, patched);
}

//! The list of imports, and their undo.

use serde_json::{Value, json};
use tests::client::until;
use tests::{Collector, DAY_MS, Site, new_id};

use crate::groups::assert_recounted;
use crate::import_identity::assert_counts;

async fn new_site(collector: &Collector) -> Site {
    collector.create_site(json!({ "name": "Tea shop", "properties": ["plan"] })).await
}

fn endpoint(imported: &Value) -> String {
    format!("imports/{}", imported["import"].as_str().unwrap())
}

async fn undo(site: &Site, imported: &Value) {
    let answer = site.owner_request("DELETE", &endpoint(imported), Value::Null).await;
    assert!(matches!(answer.status, 202 | 204), "{answer}");
    until("the import is undone", async || {
        let left = site.get(&endpoint(imported), &site.owner).await;
        assert!(left.status == 404 || left.json()["state"] == "deleting", "{left}");
        (left.status == 404).then_some(())
    })
    .await;
}

const FIRST: &str = "id,score,at,plan\na,9,2026-01-05,pro\nb,3,2026-01-06,free\n";
const SECOND: &str = "id,score,at,plan\na,1,2026-02-05,team\nb,3,2026-01-06,free\nc,8,2026-02-07,team\n";

#[tokio::test]
async fn imports_are_listed_with_their_counts_and_keys() {
    let collector = Collector::shared();
    let site = new_site(&collector).await;
    assert_eq!(site.owner_get("imports").await, json!({ "imports": [], "next_cursor": null }));
    let first = site.import_csv(FIRST, "").await;
    let second = site.import_csv(SECOND, "columns=at:at").await;
    let listed = site.owner_get("imports").await;
    let imports = listed["imports"].as_array().unwrap();
    assert_eq!(imports.len(), 2);
    assert_eq!((&imports[0]["id"], &imports[1]["id"]), (&second["import"], &first["import"]), "newest first");
    assert_counts(&imports[0], 1, 1, 1);
    assert_eq!(imports[0]["state"], "complete");
    assert_eq!(imports[0]["options"], json!({ "format": "csv", "columns": "at:at" }));
    assert_eq!((&imports[0]["rows"], &imports[0]["rejected"]), (&json!(3), &json!(0)));
    assert!(imports[0]["changes_kept_until"].is_string() && imports[1]["changes_kept_until"].is_null());
    let keys = site.owner_get("keys").await;
    let current = keys["keys"].as_array().unwrap().iter().find(|key| key["current"] == true).unwrap();
    assert_eq!(imports[0]["key"], json!({ "id": current["id"], "name": current["name"] }));
    assert_eq!(site.owner_get(&endpoint(&first)).await, imports[1]);

    let page = site.owner_get("imports?limit=1").await;
    assert_eq!(page["imports"], json!([imports[0]]));
    let next = page["next_cursor"].as_str().unwrap();
    assert_eq!(
        site.owner_get(&format!("imports?limit=2&cursor={next}")).await["imports"],
        json!([imports[1]])
    );
    site.get("imports?limit=0", &site.owner).await.invalid_at("limit");
    site.get("imports?cursor=x", &site.owner).await.invalid_at("cursor");
    site.get("imports/nothing", &site.owner).await.problem(404);
    site.get("imports", &site.read).await.problem(403);
    site.owner_request("DELETE", "imports/nothing", Value::Null).await.problem(404);
}

#[tokio::test]
async fn an_undo_removes_what_was_created_and_restores_what_was_changed() {
    let collector = Collector::shared();
    let site = new_site(&collector).await;
    site.store(json!({ "id": new_id(), "score": 7, "shown": true })).await;
    let empty = site.state().await;
    let first = site.import_csv(FIRST, "").await;
    let before = site.state().await;
    let second = site.import_csv(SECOND, "").await;
    assert_counts(&second, 1, 1, 1);
    let find = async |plan: &str| {
        let responses = site.responses().await;
        let found = responses.iter().find(|it| it["properties"]["plan"] == plan && it["score"] != 8);
        found.unwrap()["id"].as_str().unwrap().to_owned()
    };
    let id = find("team").await;
    site.owner_request("PATCH", &format!("responses/{id}"), json!({ "note": "called", "tags": ["vip"] }))
        .await
        .ok();
    undo(&site, &second).await;
    assert_recounted(&site, "plan").await;
    let restored = site.owner_get(&format!("responses/{id}")).await;
    assert_eq!((&restored["score"], &restored["at"]), (&json!(9), &json!("2026-01-05T00:00:00.000Z")));
    assert_eq!((&restored["note"], &restored["tags"]), (&json!("called"), &json!(["vip"])), "edits stay");
    site.owner_request("PATCH", &format!("responses/{id}"), json!({ "note": null, "tags": null })).await.ok();
    assert_eq!(site.state().await, before);
    undo(&site, &first).await;
    assert_eq!(site.state().await, empty, "what a visitor gave stays");
    assert_recounted(&site, "plan").await;
    // Undone rows are new again.
    assert_counts(&site.import_csv(FIRST, "").await, 2, 0, 0);
}

#[tokio::test]
async fn an_undo_between_two_changes_keeps_the_later_one() {
    let collector = Collector::shared();
    let site = new_site(&collector).await;
    let row = |score: u32| format!("id,score,at,plan\na,{score},2026-01-05,p{score}\n");
    site.import_csv(row(9), "").await;
    let second = site.import_csv(row(5), "").await;
    let third = site.import_csv(row(1), "").await;
    let score = async || site.responses().await[0]["score"].as_u64().unwrap();
    undo(&site, &second).await;
    assert_eq!(score().await, 1);
    undo(&site, &third).await;
    assert_eq!(score().await, 9);
    assert_recounted(&site, "plan").await;
}

#[tokio::test]
async fn a_large_undo_is_visible_survives_power_cuts_and_ends_exact() {
    let mut collector = Collector::start();
    let site = new_site(&collector).await;
    site.import_csv(FIRST, "").await;
    let before = site.state().await;
    let rows: String = (0..30_000)
        .map(|nth| format!("r{nth},{},2026-01-{:02},p{}\n", nth % 11, 1 + nth % 28, nth % 7))
        .collect();
    let large = format!("id,score,at,plan\na,0,2026-03-01,other\n{rows}");
    let imported = site.import_csv(large, "").await;
    assert_counts(&imported, 30_000, 1, 0);
    let answer = site.owner_request("DELETE", &endpoint(&imported), Value::Null).await;
    assert_eq!((answer.status, &answer.json()["state"]), (202, &json!("deleting")), "{answer}");
    let mut site = site;
    for _ in 0..3 {
        collector.restart();
        site = collector.again(&site);
        let listed = site.owner_get("imports").await;
        println!("{} responses are left", site.score("").await["scored"]);
        assert!(listed["imports"].as_array().unwrap().len() <= 2, "{listed}");
    }
    undo(&site, &imported).await;
    assert_eq!(site.state().await, before);
    assert_recounted(&site, "plan").await;
}

#[tokio::test]
async fn an_import_that_broke_off_is_listed_and_completed_or_undone() {
    let rows: String =
        (0..20_000).map(|nth| format!("{},2026-01-{:02},c{nth}\n", nth % 11, 1 + nth % 28)).collect();
    let file = format!("score,at,comment\n{rows}");
    for complete in [true, false] {
        let mut collector = Collector::start();
        let site = new_site(&collector).await;
        let sending = {
            let (url, owner, file) = (site.url("import"), site.owner.clone(), file.clone());
            let http = collector.http().clone();
            tokio::spawn(async move { http.post(url).bearer_auth(owner).body(file).send().await })
        };
        until("some pages are stored", async || {
            (site.score("").await["scored"].as_u64() > Some(1_000)).then_some(())
        })
        .await;
        collector.restart();
        let _ = sending.await;
        let site = collector.again(&site);
        let listed = site.owner_get("imports").await;
        let import = &listed["imports"][0];
        assert_eq!(import["state"], "incomplete", "{listed}");
        let stored = import["stored"].as_u64().unwrap();
        assert_eq!(site.score("").await["scored"], stored);
        let imported = json!({ "import": import["id"] });
        if complete {
            let again = site.import(file.clone(), "", "application/octet-stream").await.ok();
            assert_eq!(again["import"], import["id"]);
            assert_counts(&again, 20_000 - stored, 0, stored);
            assert_eq!(site.score("").await["scored"], 20_000);
            let listed = site.owner_get("imports").await["imports"].take();
            assert_eq!((&listed[0]["state"], listed.as_array().unwrap().len()), (&json!("complete"), 1));
            assert_eq!(listed[0]["stored"], 20_000);
        }
        undo(&site, &imported).await;
        assert_eq!(site.score("").await["scored"], 0);
        assert_eq!(site.responses().await, Vec::<Value>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_comes_several_times_at_once_is_listed_with_each_row_once() {
    let collector = Collector::shared();
    let site = new_site(&collector).await;
    let rows: String = (0..8_000).map(|nth| format!("r{nth},{},2026-01-05\n", nth % 11)).collect();
    let file = format!("id,score,at\n{rows}");
    let sending: Vec<_> = (0..4)
        .map(|_| {
            let (site, file) = (site.clone(), file.clone());
            tokio::spawn(async move { site.import(file, "", "text/csv").await })
        })
        .collect();
    for sent in sending {
        let answer = sent.await.unwrap();
        assert!(matches!(answer.status, 200 | 409), "{answer}");
    }
    assert_eq!(site.score("").await["scored"], 8_000);
    let listed = site.owner_get("imports").await["imports"].take();
    let count = |import: &Value, name: &str| import[name].as_u64().unwrap();
    let imports = listed.as_array().unwrap();
    assert_eq!(imports.iter().map(|import| count(import, "stored")).sum::<u64>(), 8_000, "{listed}");
    assert!(imports.iter().all(|it| count(it, "stored") + count(it, "already_there") == 8_000), "{listed}");
}

#[tokio::test]
async fn changes_are_kept_for_30_days() {
    let collector = Collector::start_with_faults();
    let settings = json!({ "name": "Tea shop", "properties": ["plan"], "retention": { "months": null } });
    let site = collector.create_site(settings).await;
    let first = site.import_csv(FIRST, "").await;
    let second = site.import_csv(SECOND, "").await;
    collector.put_forward(&site, 31 * DAY_MS).await;
    let answer = site.owner_request("DELETE", &endpoint(&second), Value::Null).await;
    let detail = answer.problem(409)["detail"].to_string();
    assert!(detail.contains("changed 1 responses") && detail.contains("until"), "{detail}");
    // It has created only, so it can.
    undo(&site, &first).await;
    assert_eq!(site.score("").await["scored"], 1);
}

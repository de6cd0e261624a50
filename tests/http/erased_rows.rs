//! Erased responses do not come back with the next import.

use serde_json::{Value, json};
use tests::{Collector, DAY_MS, Site, new_id, until};

use crate::groups::assert_recounted;

const FILE: &str = "Email,score,at,comment,plan\na@b.example,9,2026-01-05,Good tea,pro\n\
    c@d.example,3,2026-01-06,Cold tea,free\nc@d.example,3,2026-01-06,Cold tea,free\ne@f.example,8,2026-01-07,,pro\n";
const USERS: &str = "columns=user:Email";

async fn new_site(collector: &Collector) -> Site {
    collector.create_site(json!({ "name": "Tea shop", "properties": ["plan"] })).await
}

#[track_caller]
fn assert_counts(imported: &Value, stored: u64, already_there: u64, erased_before: u64) {
    let counts = ["stored", "changed", "already_there", "erased_before"].map(|name| imported[name].as_u64());
    assert_eq!(counts, [stored, 0, already_there, erased_before].map(Some), "{imported}");
}

async fn erase(site: &Site, method: &str, endpoint: &str) {
    let answer = site.owner_request(method, endpoint, Value::Null).await;
    assert!([200, 202, 204].contains(&answer.status), "{answer}");
    if method == "POST" {
        until("it is erased", async || {
            (site.owner_get("responses/bulk").await["state"] == "done").then_some(())
        })
        .await;
    }
}

async fn first_id(site: &Site, filter: &str) -> String {
    site.responses_of(filter, 10).await[0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn erased_responses_and_people_stay_erased_when_their_file_comes_again() {
    let collector = Collector::shared();
    let site = new_site(&collector).await;
    let first = site.import_csv(FILE, USERS).await;
    assert_counts(&first, 4, 0, 0);
    let exports = [export(&site, "csv").await, export(&site, "ndjson").await];

    erase(&site, "DELETE", "users/a@b.example").await;
    assert_counts(&site.import_csv(FILE, USERS).await, 0, 3, 1);
    let id = first_id(&site, "q=cold").await;
    erase(&site, "DELETE", &format!("responses/{id}")).await;
    assert_counts(&site.import_csv(FILE, USERS).await, 0, 2, 2);
    let spam = first_id(&site, "filter[plan]=pro").await;
    site.owner_request("PATCH", &format!("responses/{spam}"), json!({ "mark": "spam" })).await.ok();
    erase(&site, "POST", "responses/erase?marked=spam").await;
    let before = site.state().await;
    assert_eq!(site.score("").await["scored"], 1);

    // However the rows are written: in another order, by other columns, as an export of ours.
    let turned = "plan,comment,at,score,Email\npro,Good tea,2026-01-05,9,a@b.example\n\
        free,\"Cold tea\",2026-01-06,3,c@d.example\nfree,Cold tea,2026-01-06,3,c@d.example\npro,,2026-01-07,8,e@f.example\n";
    for (file, query) in [(FILE, USERS), (turned, ""), (FILE, "at_format=%25Y-%25m-%25d")] {
        let again = site.import_csv(file, query).await;
        assert_eq!((&again["stored"], &again["erased_before"]), (&json!(0), &json!(3)), "{again}");
    }
    for (file, kind) in exports.into_iter().zip(["text/csv", "application/x-ndjson"]) {
        let again = site.import(file, "", kind).await.ok();
        assert_counts(&again, 0, 1, 3);
        let listed = site.owner_get(&format!("imports/{}", again["import"].as_str().unwrap())).await;
        assert_counts(&listed, 0, 1, 3);
    }
    let known = site.state().await;
    assert_eq!(known["score"], before["score"]);
    assert_recounted(&site, "plan").await;
    // What the file has beside them is stored.
    assert_counts(&site.import_csv(format!("{FILE}g@h.example,7,2026-01-08,,free\n"), USERS).await, 1, 1, 3);
}

async fn export(site: &Site, format: &str) -> Vec<u8> {
    site.get(&format!("export?format={format}"), &site.owner).await.body
}

#[tokio::test]
async fn an_erased_response_of_a_visitor_does_not_come_back_from_an_export() {
    let collector = Collector::shared();
    let (site, other) = (new_site(&collector).await, new_site(&collector).await);
    let ids = [new_id(), tests::ids::timeless_id()];
    for id in &ids {
        site.store(json!({ "id": id, "score": 2, "comment": "Cold", "user": "ann", "shown": true })).await;
    }
    let files = [export(&site, "csv").await, export(&site, "ndjson").await];
    let edited = format!("id,score,at,comment\n{},2,2026-01-05,Cold\n{},2,,Cold\n", ids[0], ids[1]);
    erase(&site, "DELETE", "users/ann").await;
    for (file, kind) in files.iter().zip(["text/csv", "application/x-ndjson"]) {
        assert_counts(&site.import(file.clone(), "", kind).await.ok(), 0, 0, 2);
    }
    assert_counts(&site.import_csv(edited.clone(), "").await, 0, 0, 2);
    assert!(site.responses().await.is_empty());
    // Elsewhere nothing was erased.
    assert_counts(&other.import(files[0].clone(), "", "text/csv").await.ok(), 2, 0, 0);
    // A late message of the browser is a new response, as ever, and no import takes it away.
    site.store(json!({ "id": ids[0], "score": 4, "shown": true })).await;
    assert_counts(&site.import(files[0].clone(), "", "text/csv").await.ok(), 0, 0, 2);
    assert_eq!(site.responses().await.len(), 1);
}

#[tokio::test]
async fn erased_rows_stay_erased_after_an_undo_and_undone_rows_come_back() {
    let collector = Collector::shared();
    let site = new_site(&collector).await;
    let first = site.import_csv(FILE, USERS).await;
    erase(&site, "DELETE", "users/c@d.example").await;
    erase(&site, "DELETE", &format!("imports/{}", first["import"].as_str().unwrap())).await;
    assert!(site.responses().await.is_empty());
    assert_counts(&site.import_csv(FILE, USERS).await, 2, 0, 2);
    assert_recounted(&site, "plan").await;
}

#[tokio::test]
async fn what_retention_has_deleted_can_be_imported_once_the_site_keeps_it() {
    let collector = Collector::start_with_faults();
    let site = new_site(&collector).await;
    site.patch_settings(json!({ "retention": { "months": 1 } })).await;
    let old = tests::ids::iso(tests::now_ms() - 90 * DAY_MS);
    let file = format!("id,score,at\nold,9,{old}\n");
    assert_eq!(site.import_csv(file.clone(), "").await["older_than_kept"], 1);
    collector.put_forward_and_retain(&site, DAY_MS + 3_600_000).await;
    assert!(site.responses().await.is_empty());
    site.patch_settings(json!({ "retention": { "months": null } })).await;
    assert_counts(&site.import_csv(file, "").await, 1, 0, 0);
}

#[tokio::test]
async fn nothing_of_an_erased_response_is_kept_but_the_keys_of_its_rows() {
    let mut collector = Collector::start();
    let site = new_site(&collector).await;
    site.import_csv(FILE, USERS).await;
    let id = first_id(&site, "q=good").await;
    erase(&site, "DELETE", &format!("responses/{id}")).await;
    collector.kill();
    let database = crate::upgrades::open(&collector);
    let mut keys = database.prepare("SELECT key FROM erased_row").unwrap();
    let keys: Vec<Vec<u8>> = keys.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let id = uuid::Uuid::parse_str(&id).unwrap();
    assert!(keys.len() == 3 && keys.iter().all(|key| key.len() == 16 && key[..6] != id.as_bytes()[..6]));
    let left: i64 = database.query_row("SELECT count(*) FROM import_key", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 3);
}

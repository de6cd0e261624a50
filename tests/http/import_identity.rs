//! Identity of imported rows: what counts as the same row, and what happens to it when its file
//! comes again.

use serde_json::{Value, json};
use tests::{Collector, Site, new_id};

use crate::groups::assert_recounted;
use crate::upgrades::{SECOND, open, stopped_site};

const FILE: &str =
    "score,at,comment,plan\n9,2026-01-05 10:00,Good tea,pro\n3,2026-01-06,,free\n3,2026-01-06,,free\n";

async fn new_site(collector: &Collector) -> Site {
    collector.create_site(json!({ "name": "Tea shop", "properties": ["plan"] })).await
}

#[track_caller]
pub fn assert_counts(imported: &Value, stored: u64, changed: u64, already_there: u64) {
    let counts = ["stored", "changed", "already_there"].map(|name| imported[name].as_u64());
    assert_eq!(counts, [Some(stored), Some(changed), Some(already_there)], "{imported}");
}

#[tokio::test]
async fn rows_count_once_whatever_the_order_of_columns_and_the_quoting() {
    let collector = Collector::shared();
    let site = new_site(&collector).await;
    assert_counts(&site.import_csv(FILE, "").await, 3, 0, 0);
    let before = site.state().await;
    for same in [
        FILE.to_owned(),
        "plan,comment,score,at\npro,Good tea,9,2026-01-05 10:00\nfree,,3,2026-01-06\nfree,,3,2026-01-06\n".to_owned(),
        "\"score\",\"at\",\"comment\",\"plan\"\n\"9\",\"2026-01-05 10:00\",\" Good tea \",\"pro\"\n3,2026-01-06,\"\",free\n3,2026-01-06, ,free\n".to_owned(),
        "score,at,comment,plan,empty\n3,2026-01-06,,free,\n3,2026-01-06,,free,\n9,2026-01-05 10:00,Good tea,pro,\n".to_owned(),
    ] {
        assert_counts(&site.import_csv(same.clone(), "").await, 0, 0, 3);
        assert_eq!(site.state().await, before, "{same}");
    }
    assert_counts(&site.import_csv(format!("{FILE}3,2026-01-06,,free\n"), "").await, 1, 0, 3);
    assert_recounted(&site, "plan").await;
}

#[tokio::test]
async fn dates_move_with_the_time_zone_and_ids_stay() {
    let collector = Collector::shared();
    let site = new_site(&collector).await;
    site.import_csv(FILE, "").await;
    let mut before = site.responses().await;
    site.patch_settings(json!({ "timezone": "America/New_York" })).await;
    site.settled().await;
    assert_counts(&site.import_csv(FILE, "").await, 0, 3, 0);
    let mut after = site.responses().await;
    assert_eq!(after.iter().find(|it| it["score"] == 9).unwrap()["at"], "2026-01-05T15:00:00.000Z");
    let ids = |responses: &mut Vec<Value>| {
        let mut ids: Vec<String> = responses.iter().map(|it| it["id"].to_string()).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&mut after), ids(&mut before));
    assert_eq!(site.score("from=2026-01-06&to=2026-01-06").await["scored"], 2);
    assert_recounted(&site, "plan").await;
    assert_counts(&site.import_csv(FILE, "").await, 0, 0, 3);
}

#[tokio::test]
async fn a_second_date_format_moves_the_responses() {
    let collector = Collector::shared();
    for name in ["c10-ambiguous-dates.csv", "c10-ambiguous-dates-without-id.csv"] {
        let site = new_site(&collector).await;
        let file =
            std::fs::read(format!("{}/http/import_identity/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert_counts(&site.import_csv(file.clone(), "at_format=%25m/%25d/%25Y").await, 5, 0, 0);
        let first = site.state().await;
        let second = site.import_csv(file.clone(), "at_format=%25d/%25m/%25Y").await;
        assert_counts(&second, 0, 5, 0);
        let listed = site.responses().await;
        assert_eq!(listed.len(), 5);
        for day in ["2026-04-03", "2026-06-05", "2026-08-07", "2026-02-01", "2026-03-02"] {
            assert_eq!(site.score(&format!("from={day}&to={day}")).await["scored"], 1, "{day}");
        }
        assert!(listed.iter().is_sorted_by(|a, b| a["at"].as_str() >= b["at"].as_str()), "{listed:?}");
        assert_ne!(site.state().await, first);
        assert_recounted(&site, "plan").await;
        let url = format!("imports/{}", second["import"].as_str().unwrap());
        assert_eq!(site.owner_request("DELETE", &url, Value::Null).await.status, 204);
        assert_eq!(site.state().await, first, "{name}");
    }
}

#[tokio::test]
async fn a_corrected_row_with_an_id_changes_its_response() {
    let collector = Collector::shared();
    let site = new_site(&collector).await;
    site.import_csv("id,score,at,comment,plan\na1,9,2026-01-05,Good tea,pro\na2,3,2026-01-06,,free\n", "")
        .await;
    let id = site.responses_of("q=tea", 10).await[0]["id"].as_str().unwrap().to_owned();
    site.owner_request("PATCH", &format!("responses/{id}"), json!({ "tags": ["vip"] })).await.ok();
    let fixed =
        "id,score,at,comment,plan\na1,8,2026-01-05,Good coffee,team\na2,3,2026-01-06,,free\na3,1,,,\n";
    let imported = site.import_csv(fixed, "").await;
    assert_counts(&imported, 1, 1, 1);
    assert_eq!(imported["without_date"], 1);
    let changed = site.owner_get(&format!("responses/{id}")).await;
    assert_eq!((&changed["score"], &changed["comment"]), (&json!(8), &json!("Good coffee")));
    assert_eq!((&changed["properties"], &changed["tags"]), (&json!({ "plan": "team" }), &json!(["vip"])));
    assert!(site.responses_of("q=tea", 10).await.is_empty(), "the search follows");
    assert_recounted(&site, "plan").await;
    // A row without a date keeps that of its first import.
    assert_counts(&site.import_csv(fixed, "").await, 0, 0, 3);
}

#[tokio::test]
async fn ids_cannot_be_computed_by_strangers() {
    let collector = Collector::shared();
    let (site, other) = (new_site(&collector).await, new_site(&collector).await);
    let files =
        [FILE, "id,score,at\n4711,9,2026-01-05\n", "id,score\n01936b3e-7c1d-7a52-b0f3-5d4b0a0f9c11,9\n"];
    for file in files {
        site.import_csv(file, "").await;
        other.import_csv(file, "").await;
    }
    let (mine, theirs) = (site.responses().await, other.responses().await);
    assert!(mine.iter().all(|it| theirs.iter().all(|their| their["id"] != it["id"])));
    assert!(mine.iter().all(|it| it["id"] != "01936b3e-7c1d-7a52-b0f3-5d4b0a0f9c11"), "{mine:?}");
}

#[tokio::test]
async fn an_edited_export_does_not_double_the_responses_of_visitors() {
    let collector = Collector::shared();
    let site = new_site(&collector).await;
    site.store(json!({ "id": new_id(), "score": 7, "comment": "Fine", "shown": true })).await;
    let before = site.state().await;
    let response = &site.responses().await[0];
    let (id, at) = (response["id"].as_str().unwrap(), response["at"].as_str().unwrap());
    let edited = format!("id,at,score,comment\n{id},{at},2,Other\n");
    assert_counts(&site.import_csv(edited, "").await, 0, 0, 1);
    assert_eq!(site.state().await, before, "an import changes no response of a visitor");
}

/// Ids under which a collector without keys of rows has stored `EARLIER`, worked out by its rule.
const EARLIER_IDS: [&str; 4] = [
    "019b8d99-6900-7042-87dc-eb7ea3be144d",
    "019b909a-7400-76f8-9507-f288d1f42a11",
    "019b909a-7400-7bb6-929e-8d7e57557c5e",
    "00000000-0000-7848-8199-3fdb0a808b0d",
];
const EARLIER: &str = "score,at,comment,plan\n9,2026-01-05T10:00:00Z,Good tea,pro\n3,2026-01-06,,free\n3,2026-01-06,,free\n7,,,\n";

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_an_earlier_version_imported_are_known() {
    let (mut collector, site) = stopped_site(SECOND, 0).await;
    let database = open(&collector);
    // The fixture has one response at least.
    database.execute_batch("DELETE FROM response").unwrap();
    let (first_ms, second_ms) = (1_767_607_200_000_i64, 1_767_657_600_000_i64);
    for (nth, (id, (score, at, timed, comment, properties))) in EARLIER_IDS
        .iter()
        .zip([
            (9, first_ms, 1, Some("Good tea"), Some(r#"{"plan":"pro"}"#)),
            (3, second_ms, 1, None, Some(r#"{"plan":"free"}"#)),
            (3, second_ms, 1, None, Some(r#"{"plan":"free"}"#)),
            (7, second_ms, 0, None, None),
        ])
        .enumerate()
    {
        database
            .execute(
                "INSERT INTO response (id, number, at, timed, day, variant, channel, score, comment, shown,
                    dismissed, properties)
                 VALUES (unhex(?1), ?2, ?3, ?4, ?3 / 86400000, 'standard', 'import', ?5, ?6, 0, 0, ?7)",
                rusqlite::params![id.replace('-', ""), nth as i64 + 1, at, timed, score, comment, properties],
            )
            .unwrap();
    }
    drop(database);
    collector.restart();
    let site = collector.again(&site);
    let before = site.state().await;
    assert_eq!(before["responses"].as_array().unwrap().len(), 4);
    let imported = site.import_csv(EARLIER, "").await;
    assert_counts(&imported, 0, 0, 4);
    assert_eq!(site.state().await, before);
    // They are known by their keys now.
    let later = EARLIER.replace("2026-01-06", "2026-01-08");
    assert_counts(&site.import_csv(later, "").await, 2, 0, 2);
    let again = site.import_csv(EARLIER, "at=2026-01-09").await;
    assert_counts(&again, 0, 1, 3);
    // An undo leaves what the earlier version created.
    let url = format!("imports/{}", imported["import"].as_str().unwrap());
    assert_eq!(site.owner_request("DELETE", &url, Value::Null).await.status, 204);
    assert_eq!(site.responses().await.len(), 6);
}

//! Data folders that another version of the collector has written: earlier ones are migrated, newer
//! ones are left alone. And what stands or falls together, where SQLite refuses a part of it.

mod each;
mod tags;
mod webhooks;
mod word_index;

use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde_json::{Value, json};
use tests::client::{HttpResponse, send, until};
use tests::{Collector, Site, new_id};

/// Tables and responses of the first version. `$ROWS` stands for the number of responses.
pub const FIRST: &str = include_str!("upgrades/schema_1.sql");
/// Those of version 2.
pub const SECOND: &str = include_str!("upgrades/schema_2.sql");

/// Version of the tables that this collector makes.
const CURRENT: i64 = 11;

/// A site whose data is that of a fixture with that many responses, in a collector that is stopped.
pub async fn stopped_site(fixture: &str, rows: u64) -> (Collector, Site) {
    let mut collector = Collector::start();
    let site = collector.site().await;
    collector.kill();
    let database = open(&collector);
    let mut keys = database.prepare("SELECT digest, role FROM key").unwrap();
    let keys: Vec<(String, String)> =
        keys.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    // Virtual tables first: their own tables go with them.
    for like in ["CREATE VIRTUAL TABLE %", "CREATE TABLE %"] {
        let names = names(&database, like);
        for name in names.iter().filter(|name| !name.starts_with("_cf_") && !name.starts_with("sqlite_")) {
            database.execute_batch(&format!("DROP TABLE {name}")).unwrap();
        }
    }
    database.execute_batch(&fixture.replace("$ROWS", &rows.to_string())).unwrap();
    for (digest, role) in keys {
        database.execute("INSERT INTO key (digest, role) VALUES (?, ?)", [digest, role]).unwrap();
    }
    (collector, site)
}

/// Opens the database of the collector's only site. The collector must be stopped.
pub fn open(collector: &Collector) -> Connection {
    match collector.objects().as_slice() {
        [file] => Connection::open(file).unwrap(),
        other => panic!("not one object: {other:?}"),
    }
}

/// Names of the tables whose statement is like that.
fn names(database: &Connection, like: &str) -> Vec<String> {
    let mut names = database.prepare("SELECT name FROM sqlite_master WHERE sql LIKE ?").unwrap();
    names.query_map([like], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Returns the number that a query selects.
pub fn number(database: &Connection, query: &str) -> i64 {
    database.query_row(query, [], |row| row.get(0)).unwrap()
}

/// Number of segments of the index of words: of what FTS5 has written at a time and not merged.
pub fn word_segments(database: &Connection) -> i64 {
    number(database, "SELECT count(DISTINCT id >> 37) FROM words_data WHERE id > 10")
}

/// Every row of every table of the site's.
fn contents(database: &Connection) -> Vec<(String, Vec<Vec<Cell>>)> {
    let mut tables = names(database, "CREATE %TABLE %");
    tables.retain(|name| !name.starts_with("_cf_"));
    let rows = |table: &String| {
        let mut all = database.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let cells = all.column_count();
        let rows = all.query_map([], |row| (0..cells).map(|cell| row.get(cell)).collect()).unwrap();
        rows.map(Result::unwrap).collect()
    };
    tables.iter().map(|table| (table.clone(), rows(table))).collect()
}

/// Id of a response of the fixtures.
fn fixture_id(n: u64) -> String {
    let hex = format!("{:012x}7{:03x}8{:03x}{n:012x}", 1_480_000_000_000 + n * 60_000, n % 4096, n % 4096);
    uuid::Uuid::parse_str(&hex).unwrap().to_string()
}

/// Waits until reads are not refused because rows are being moved.
async fn migrated(site: &Site) {
    until("the responses are moved", async || {
        let answer = site.try_score("").await;
        if answer.status != 200 {
            assert_migrating(&answer);
        }
        (answer.status == 200).then_some(())
    })
    .await;
}

fn assert_migrating(answer: &HttpResponse) {
    let problem = answer.problem(503);
    assert_eq!(problem["type"], "urn:grapevine:problem:migrating", "{problem}");
    assert_eq!(answer.header("retry-after"), "2");
}

/// Asserts that the totals, the list and the export have the responses of the fixture, and no
/// others.
async fn assert_fixture(site: &Site, rows: u64) {
    let count = |rule: &dyn Fn(u64) -> bool| (0..rows).filter(|n| rule(*n)).count();
    let distribution = |rule: &dyn Fn(u64) -> bool| -> Vec<usize> {
        (0..11).map(|score| count(&|n| n % 12 == score && rule(n))).collect()
    };
    let report = site.score("").await;
    assert_eq!(report["distribution"], json!(distribution(&|_| true)), "{report}");
    assert_eq!(report["shown"], rows);
    assert_eq!(report["dismissed"], count(&|n| n % 12 == 11));
    assert_eq!(report["commented"], count(&|n| n % 12 == 0));
    for (channel, rule) in [("web", (|n| n % 3 == 0) as fn(u64) -> bool), ("link", |n| n % 3 > 0)] {
        let part = site.score(&format!("filter[channel]={channel}")).await;
        assert_eq!(part["distribution"], json!(distribution(&rule)), "{channel}");
    }
    let listed = site.responses().await;
    assert_eq!(listed.len() as u64, rows);
    for (n, response) in (0..rows).rev().zip(&listed) {
        assert_eq!(response["id"], fixture_id(n));
        assert_eq!(response["score"], if n % 12 == 11 { Value::Null } else { json!(n % 12) });
        assert_eq!(
            response["comment"],
            if n % 12 == 0 { json!(format!("Too dear {n}")) } else { Value::Null }
        );
        assert_eq!(response["properties"], if n % 2 == 0 { json!({ "plan": "pro" }) } else { json!({}) });
    }
    let export = site.get("export?format=ndjson", &site.owner).await;
    let lines = String::from_utf8(export.body).unwrap();
    let exported: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(exported, listed);
    assert_eq!(site.responses_of("q=dear", 200).await.len(), count(&|n| n % 12 == 0));
}

/// Asserts that the responses of the fixture stay after a run of retention.
async fn assert_kept(mut collector: Collector, site: &Site, rows: u64) {
    until("retention has run", async || {
        collector.again(site).try_score("").await.ok();
        collector.kill();
        let database = open(&collector);
        let now_ms = number(&database, "SELECT strftime('%s') * 1000");
        let next_ms = number(&database, "SELECT at FROM due WHERE kind = 'retention' AND subject = ''");
        let pages = number(&database, "SELECT count(*) FROM due WHERE subject = 'pages'");
        let left = number(&database, "SELECT count(*) FROM response");
        assert_eq!(left as u64, rows);
        if pages == 0 && next_ms > now_ms + 60_000 {
            return Some(());
        }
        drop(database);
        collector.restart();
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        None
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_of_the_first_version_keeps_responses_totals_and_settings() {
    let (mut collector, site) = stopped_site(FIRST, 500).await;
    collector.restart();
    let site = collector.again(&site);
    // Without a score and elapsed time of its own, as a browser sends it again.
    site.store(json!({ "id": fixture_id(7), "shown": true, "score": 7, "elapsed_ms": 4000 })).await;
    migrated(&site).await;
    assert_fixture(&site, 500).await;
    let settings = site.owner_get("").await;
    assert_eq!((&settings["name"], &settings["timezone"]), (&json!("Tea shop"), &json!("UTC")));
    assert_eq!(settings["origins"], json!(["https://shop.example"]));
    assert_eq!(settings["retention"], json!({ "months": null, "contact_days": 90 }));
    assert_eq!(site.owner_get("survey").await["survey"]["delay_seconds"], 3);
    assert_kept(collector, &site, 500).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_of_version_2_keeps_responses_totals_and_settings() {
    let (mut collector, site) = stopped_site(SECOND, 500).await;
    ring_now(&collector, &site);
    collector.restart();
    let site = collector.again(&site);
    site.store(json!({ "id": fixture_id(7), "shown": true, "score": 7, "elapsed_ms": 4000 })).await;
    assert_fixture(&site, 500).await;
    let pro = site.score("filter[plan]=pro").await;
    assert_eq!(pro["shown"], 250);
    let settings = site.owner_get("").await;
    assert_eq!(settings["properties"], json!(["plan"]));
    assert_eq!(settings["retention"], json!({ "months": null, "contact_days": 730 }));
    assert_eq!((&settings["badge"], &settings["name"]), (&json!(true), &json!("Tea shop")));
    assert_kept(collector, &site, 500).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_without_a_retention_keep_every_response() {
    let (mut collector, site) = stopped_site(SECOND, 50).await;
    ring_now(&collector, &site);
    open(&collector)
        .execute_batch("UPDATE meta SET value = json_remove(value, '$.retention') WHERE name = 'settings'")
        .unwrap();
    collector.restart();
    let site = collector.again(&site);
    assert_eq!(site.owner_get("").await["retention"]["months"], Value::Null);
    assert_kept(collector, &site, 50).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn data_of_a_newer_version_is_left_alone() {
    for (version, found) in [
        ("12", "schema version 12"),
        ("next", "schema version `next`"),
        ("", "no schema version"),
        ("0", "schema version `0`"),
    ] {
        let (mut collector, site) = stopped_site(SECOND, 50).await;
        let set = |collector: &Collector, version: &str| {
            let update = "UPDATE meta SET value = ? WHERE name = 'schema'";
            open(collector).execute(update, [version]).unwrap();
        };
        set(&collector, version);
        ring_now(&collector, &site);
        let before = contents(&open(&collector));
        collector.restart();
        let newer = collector.again(&site);
        let message = json!({ "id": new_id(), "score": 9, "shown": true, "contact": "a@b.example" });
        for answer in [
            newer.try_score("").await,
            newer.owner_request("GET", "", Value::Null).await,
            newer.owner_request("PATCH", "", json!({ "name": "Other" })).await,
            newer.owner_request("PUT", "survey", json!({ "delay_seconds": 5 })).await,
            newer.get("export", &newer.owner).await,
            newer.import("score\n9\n", "", "text/csv").await,
            newer.owner_request("DELETE", "users/anybody", Value::Null).await,
            newer.post(&message).await,
        ] {
            let problem = answer.problem(503);
            assert_eq!(problem["type"], "urn:grapevine:problem:unknown-schema", "{problem}");
            let detail = problem["detail"].as_str().unwrap();
            let expected =
                format!("This site's data has {found}, and this collector knows versions up to {CURRENT}. ");
            assert!(detail.starts_with(&expected), "{detail}");
            assert_eq!(answer.header("retry-after"), "60");
        }
        // The loader needs the settings too, and browsers try again.
        let loader = send(collector.http().get(newer.loader_url())).await;
        assert!(loader.status == 503 && !loader.header("retry-after").is_empty(), "{loader}");
        // The alarm rang by now, and is set again.
        until("the alarm is kept", async || collector.log().contains("unknown-schema").then_some(())).await;
        collector.kill();
        assert_eq!(contents(&open(&collector)), before, "{version}");
        let alarms = number(&alarm_database(&collector), "SELECT count(*) FROM _cf_ALARM");
        assert_eq!(alarms, 1, "{version}");

        set(&collector, "2");
        collector.restart();
        let site = collector.again(&site);
        assert_fixture(&site, 50).await;
        site.store(message).await;
        assert_eq!(site.score("").await["shown"], 51);
    }
}

/// Sets the alarm of a site to a time that has passed.
fn ring_now(collector: &Collector, site: &Site) {
    let object = collector.objects();
    let actor = object[0].file_stem().unwrap().to_str().unwrap();
    let set = "INSERT OR REPLACE INTO _cf_ALARM (actor_id, scheduled_time, actor_name) VALUES (?, 1, ?)";
    alarm_database(collector).execute(set, [actor, &site.id]).unwrap();
    // The object keeps the time as well.
    open(collector).execute_batch("UPDATE _cf_METADATA SET value = 1 WHERE key = 1").unwrap();
}

/// The database in which workerd keeps the alarms of all objects.
fn alarm_database(collector: &Collector) -> Connection {
    let files = collector.data_files();
    let file = files.iter().find(|file| file.ends_with("metadata.sqlite")).expect("a list of alarms");
    Connection::open(file).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn data_without_a_version_is_left_alone_unless_it_is_of_the_first() {
    let (mut collector, site) = stopped_site(SECOND, 50).await;
    open(&collector).execute_batch("DELETE FROM meta WHERE name = 'schema'").unwrap();
    let before = contents(&open(&collector));
    collector.restart();
    collector.again(&site).try_score("").await.problem(503);
    collector.kill();
    assert_eq!(contents(&open(&collector)), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_is_killed_goes_on_and_ends_with_exact_totals() {
    const ROWS: u64 = 5_000;
    let (mut collector, site) = stopped_site(FIRST, ROWS).await;
    let (mut halfway, mut sent) = (0, 0);
    // By turns a read, which moves a page, and messages for the rows that pages reach first and
    // last.
    for round in 0..30 {
        collector.restart();
        let site = collector.again(&site);
        if round % 2 == 0 {
            let answer = site.try_score("").await;
            if round == 0 || answer.status == 503 {
                assert_migrating(&answer);
            }
        } else {
            let message = |n: u64| {
                json!({ "id": fixture_id(n), "shown": true, "score": n % 11, "comment": "Again",
                    "elapsed_ms": 9000 })
            };
            site.store(json!([message(sent), message(ROWS - 1 - sent)])).await;
            sent += 1;
        }
        collector.kill();
        let database = open(&collector);
        let old = match names(&database, "CREATE TABLE \"response_first\"%").is_empty() {
            true => break,
            false => number(&database, "SELECT count(*) FROM response_first"),
        };
        let new = number(&database, "SELECT count(*) FROM response");
        assert_eq!((old + new) as u64, ROWS, "each row is in one table");
        assert_eq!(number(&database, "SELECT sum(shown) FROM day WHERE property = 0"), new);
        let version = number(&database, "SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'schema'");
        assert_eq!(version, CURRENT);
        halfway += i32::from(new > 0);
    }
    println!("killed halfway {halfway} times");
    assert!(halfway > 0, "the migration was over before it was killed");
    collector.restart();
    let site = collector.again(&site);
    migrated(&site).await;
    let is_sent = |n: u64| n < sent || n >= ROWS - sent;
    let score = |n: u64| if is_sent(n) { Some(n % 11) } else { Some(n % 12).filter(|score| *score < 11) };
    let expected: Vec<usize> =
        (0..11).map(|wanted| (0..ROWS).filter(|n| score(*n) == Some(wanted)).count()).collect();
    let report = site.score("").await;
    assert_eq!(report["distribution"], json!(expected));
    assert_eq!(report["shown"], ROWS);
    let listed = site.responses().await;
    assert_eq!(listed.len() as u64, ROWS);
    for (n, response) in (0..ROWS).rev().zip(&listed) {
        assert_eq!((&response["id"], &response["score"]), (&json!(fixture_id(n)), &json!(score(n))));
    }
    collector.kill();
    let database = open(&collector);
    assert!(names(&database, "%response_first%").is_empty());
    assert_eq!(number(&database, "SELECT count(*) FROM due WHERE kind = 'migrate'"), 0);
}

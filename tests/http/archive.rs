//! The archive of a site: the way from one collector to another.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Output;

use collector_core::{Secret, SiteId};
use reqwest::Method;
use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::client::{HttpResponse, send};
use tests::{Collector, Site, WebhookReceiver, new_id};
use tokio::task::spawn_blocking;

use crate::upgrades::open;

/// Tables whose rows follow from others.
const DERIVED: [&str; 10] = [
    "day",
    "marked",
    "tagged",
    "word_row",
    "words",
    "words_config",
    "words_content",
    "words_data",
    "words_docsize",
    "words_idx",
];

/// Runs a command of `server/main.js` with the admin token, and returns what it printed, with
/// whether it succeeded.
async fn grapevine(collector: &Collector, arguments: &[&str]) -> (bool, String) {
    let mut program = xtask::server_program().unwrap();
    program.args(arguments).env("GRAPEVINE_ADMIN_TOKEN", collector.admin_token());
    let Output { status, stdout, stderr } = spawn_blocking(move || program.output().unwrap()).await.unwrap();
    (status.success(), String::from_utf8([stdout, stderr].concat()).unwrap())
}

pub async fn archive(collector: &Collector, site: &Site, file: &Path) -> Vec<String> {
    let (succeeded, printed) =
        grapevine(collector, &["archive", &collector.url(), &site.id, file.to_str().unwrap()]).await;
    assert!(succeeded, "{printed}");
    let lines: Vec<String> = fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect();
    assert!(printed.contains(&format!("with {} rows", lines.len() - 2)), "{printed}");
    lines
}

pub async fn unarchive(collector: &Collector, file: &Path) -> (bool, String) {
    grapevine(collector, &["unarchive", &collector.url(), file.to_str().unwrap()]).await
}

/// Starts an empty collector that accepts the ids of another.
pub fn with_secret_of(collector: &Collector) -> Collector {
    Collector::start_with(|options| options.secret = collector.secret().into())
}

/// Posts lines of an archive with the admin token.
async fn post(collector: &Collector, site: &str, after: usize, lines: &[&str]) -> HttpResponse {
    let url = format!("{}/v1/sites/{site}/archive?after={after}", collector.url());
    let request = collector.http().request(Method::POST, url).bearer_auth(collector.admin_token());
    send(request.body(lines.join("\n"))).await
}

/// A site with a row of every kind, and the receiver of its webhook.
async fn site_with_everything(collector: &Collector) -> (Site, WebhookReceiver) {
    let receiver = WebhookReceiver::start().await;
    let site = collector
        .create_site(json!({
            "name": "Żurek & tea", "timezone": "Europe/Warsaw", "properties": ["plan"], "badge": true,
            "survey": { "follow_ups": [{ "key": "why", "kind": "text", "question": { "en": "Why?" } }] },
        }))
        .await;
    let made = |answer: HttpResponse| assert_eq!(answer.status, 201, "{answer}");
    made(
        site.owner_post("webhooks", &json!({ "url": receiver.url(), "events": ["response.detractor"] }))
            .await,
    );
    made(site.owner_post("notes", &json!({ "text": "Free \"returns\"\n", "public": true })).await);
    made(site.owner_post("keys", &json!({ "role": "share", "name": "Board" })).await);
    let texts = ["It's 'quoted' \"twice\" \\ and", "nul \u{0} inside", "tea 🍵\u{2028}", "=1+1"];
    for (nth, text) in texts.into_iter().enumerate() {
        let plan = if nth == 0 { Value::Null } else { json!(format!("plan {nth}")) };
        site.store(json!({
            "id": new_id(), "score": nth * 3, "comment": text, "user": format!("u{nth}"), "lang": "pl",
            "contact": "ann@shop.example", "properties": { "plan": plan }, "answers": { "why": text },
            "elapsed_ms": 1_800, "page": "/shop",
        }))
        .await;
    }
    // Ids without a time, and one that was only shown.
    site.store(json!({ "id": "00000000-0000-4000-8000-000000000001", "score": 9, "test": true })).await;
    site.store(json!({ "id": new_id(), "shown": true, "dismissed": true })).await;
    let case = site.responses().await[2]["id"].as_str().unwrap().to_owned();
    let change = json!({ "tags": ["vip"], "note": "Called.", "state": "done", "assignee": "Ben" });
    site.owner_request("PATCH", &format!("responses/{case}"), change).await.ok();
    site.import_csv("id,score,at,plan\na,9,2026-01-05,pro\nb,3,2026-01-06,free\n", "").await;
    site.import_csv("id,score,at,plan\na,1,2026-02-05,team\nc,8,2026-02-07,team\n", "").await;
    site.import_csv("id,score,at\ngone,2,2026-02-08\n", "").await;
    let gone = site.responses_of("from=2026-02-08&to=2026-02-08", 1).await[0]["id"].take();
    let gone = format!("responses/{}", gone.as_str().unwrap());
    assert_eq!(site.owner_request("DELETE", &gone, Value::Null).await.status, 204);
    site.owner_request("PUT", "survey", json!({ "delay_seconds": 3 })).await.ok();
    // Enough of one day for the badge to show, and the badge itself makes the snapshot.
    site.store(json!([{ "id": new_id(), "score": 9 }, { "id": new_id(), "score": 9 }])).await;
    assert_eq!(site.get("badge.json", "").await.status, 200);
    receiver.called(1).await;
    tests::until("the attempt is stored", async || {
        let webhooks = site.owner_get("webhooks").await;
        let id = webhooks["webhooks"][0]["id"].as_str().unwrap();
        let deliveries = site.owner_get(&format!("webhooks/{id}/deliveries")).await;
        (deliveries["deliveries"][0]["state"] == "delivered").then_some(())
    })
    .await;
    (site, receiver)
}

/// Figures and lists of a site, as callers see them.
async fn seen(site: &Site) -> Value {
    let scores =
        [site.score("").await, site.score("group_by=plan").await, site.score("group_by=channel").await];
    let mut seen = json!({
        "scores": scores,
        "responses": site.responses().await,
        "marked": site.responses_of("marked=any", 100).await,
        "found": site.responses_of("q=quoted", 100).await,
        "user": site.get("users/u1", &site.owner).await.json(),
        "due": [site.due("u1").await, site.due("nobody").await],
    });
    for endpoint in ["", "survey", "survey?version=1", "notes", "webhooks", "cases", "imports"] {
        seen[endpoint] = site.owner_get(endpoint).await;
    }
    // Their SQLite has other last digits of a fraction.
    seen["cases"]["median_hours_to_first_contact"] = Value::Null;
    let mut keys = site.owner_get("keys").await;
    keys["keys"].as_array_mut().unwrap().iter_mut().for_each(|key| key["used_at"] = Value::Null);
    seen["keys"] = keys;
    seen
}

/// The rows of each table. The collector must be stopped.
fn tables(database: &Connection) -> BTreeMap<String, Vec<Vec<Cell>>> {
    let mut names = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").unwrap();
    let names = names.query_map([], |row| row.get(0)).unwrap().map(Result::<String, _>::unwrap);
    let names = names.filter(|name| !name.starts_with("_cf_") && !name.starts_with("sqlite_"));
    let rows = |table: &str| {
        let mut all = database.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let cells = all.column_count();
        let rows = all.query_map([], |row| (0..cells).map(|cell| row.get(cell)).collect()).unwrap();
        rows.map(Result::unwrap).collect()
    };
    names.map(|table| (table.clone(), rows(&table))).collect()
}

#[tokio::test]
async fn a_restored_site_is_the_same_in_another_collector() {
    let mut collector = Collector::start();
    let (site, _receiver) = site_with_everything(&collector).await;
    let before = seen(&site).await;
    let folder = TempDir::with_prefix("grapevine-archive-").unwrap();
    let file = folder.path().join("site.ndjson");
    let lines = archive(&collector, &site, &file).await;
    collector.kill();

    let mut other = with_secret_of(&collector);
    let (succeeded, printed) = unarchive(&other, &file).await;
    assert!(succeeded, "{printed}");
    let restored = site.at(other.url());
    assert_eq!(seen(&restored).await, before);
    let audit = restored.owner_get("audit").await;
    let actions = audit["entries"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap());
    let actions: Vec<&str> = actions.skip_while(|action| *action == "user.exported").take(2).collect();
    assert_eq!(actions, ["site.restored", "site.archived"]);
    let sites =
        send(other.http().get(format!("{}/v1/sites", other.url())).bearer_auth(other.admin_token())).await;
    assert_eq!(sites.ok()["sites"][0]["site"], *site.id);
    // Again, as if the last reply had been lost.
    let (succeeded, printed) = unarchive(&other, &file).await;
    assert!(succeeded, "{printed}");
    other.kill();

    let (one, two) = (tables(&open(&collector)), tables(&open(&other)));
    let archived: BTreeSet<String> = lines[1..lines.len() - 1]
        .iter()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["table"].as_str().unwrap().to_owned())
        .collect();
    let known: BTreeSet<String> = archived.iter().cloned().chain(DERIVED.map(str::to_owned)).collect();
    let names: BTreeSet<String> = one.keys().cloned().collect();
    assert_eq!(
        names, known,
        "every table is in the archive, with a row in this test, or follows from others"
    );
    for (table, rows) in &one {
        // Their rows change with each use, and the pages of the index depend on its history.
        if !["audit", "due", "key", "meta", "words_data", "words_idx"].contains(&table.as_str()) {
            assert_eq!(two.get(table), Some(rows), "{table}");
        }
    }

    // It is a site like any other.
    other.restart();
    let restored = other.again(&site);
    restored.store(json!({ "id": new_id(), "score": 10, "comment": "After the move" })).await;
    let scored = before["scores"][0]["scored"].as_u64().unwrap();
    assert_eq!(restored.score("").await["scored"], scored + 1);
    let imported = restored.import_csv("id,score,at,plan\na,1,2026-02-05,team\n", "").await;
    assert_eq!((&imported["stored"], &imported["already_there"]), (&json!(0), &json!(1)), "{imported}");
    let erased = restored.import_csv("id,score,at\ngone,2,2026-02-08\n", "").await;
    assert_eq!((&erased["stored"], &erased["erased_before"]), (&json!(0), &json!(1)), "{erased}");
    let problem = post(&other, &site.id, 0, &[&lines[0].replace("T", "t")]).await.problem(409);
    assert!(problem["detail"].as_str().unwrap().contains("This site exists"), "{problem}");
}

#[tokio::test]
async fn a_site_moves_to_the_runtime_of_cloudflare_and_back() {
    let collector = Collector::start();
    let folder = TempDir::with_prefix("grapevine-archive-").unwrap();
    let (site, _receiver) = site_with_everything(&collector).await;
    let there = Collector::start_under_wrangler(|options| options.secret = collector.secret().into());
    let back = with_secret_of(&collector);
    let before = seen(&site).await;
    let mut from = &collector;
    for (to, name) in [(&there, "there"), (&back, "back")] {
        let file = folder.path().join(name);
        archive(from, &site, &file).await;
        let (succeeded, printed) = unarchive(to, &file).await;
        assert!(succeeded, "{printed}");
        assert_eq!(seen(&site.at(to.url())).await, before);
        from = to;
    }
}

/// A site with more responses than a page has, and the lines of its archive.
async fn large_archive(collector: &Collector, file: &Path) -> (Site, Vec<String>) {
    let site = collector.site().await;
    let rows: String =
        (0..1_200).map(|nth| format!("{},2026-01-01T00:00:00Z,Comment {nth}\n", nth % 11)).collect();
    site.import_csv(format!("score,at,comment\n{rows}"), "").await;
    let lines = archive(collector, &site, file).await;
    (site, lines)
}

#[tokio::test]
async fn an_interrupted_restore_goes_on_and_shows_nothing_before_its_end() {
    let collector = Collector::start();
    let folder = TempDir::with_prefix("grapevine-archive-").unwrap();
    let file = folder.path().join("site.ndjson");
    let (site, lines) = large_archive(&collector, &file).await;
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let header = lines[0];

    let mut other = with_secret_of(&collector);
    let begun = post(&other, &site.id, 0, &lines[..801]).await.ok();
    assert_eq!(begun, json!({ "lines": 800, "complete": false }));
    other.restart();
    let restored = other.again(&site);
    restored.try_score("").await.problem(404);
    restored.post(&json!({ "id": new_id(), "score": 9 })).await.problem(404);
    assert_eq!(post(&other, &site.id, 0, &[header]).await.problem(409)["lines"], 800);
    // Neither a gap nor a repetition.
    for after in [700, 900] {
        let page = [&[header], &lines[after + 1..]].concat();
        assert_eq!(post(&other, &site.id, after, &page).await.problem(409)["lines"], 800);
    }
    let (succeeded, printed) = unarchive(&other, &file).await;
    assert!(succeeded, "{printed}");
    assert_eq!(restored.state().await, site.state().await);

    // A later archive of the site replaces what is there of the one before.
    let third = with_secret_of(&collector);
    post(&third, &site.id, 0, &lines[..801]).await.ok();
    site.owner_request("POST", "responses/erase?q=comment", Value::Null).await;
    site.store(json!({ "id": new_id(), "score": 9, "comment": "Newer" })).await;
    tests::until("all is erased", async || (site.responses().await.len() == 1).then_some(())).await;
    let newer = folder.path().join("newer.ndjson");
    archive(&collector, &site, &newer).await;
    let (succeeded, printed) = unarchive(&third, &newer).await;
    assert!(succeeded, "{printed}");
    assert_eq!(site.at(third.url()).state().await, site.state().await);
}

#[tokio::test]
async fn what_is_no_archive_of_the_site_is_refused() {
    let collector = Collector::start();
    let folder = TempDir::with_prefix("grapevine-archive-").unwrap();
    let file = folder.path().join("site.ndjson");
    let site = collector.site().await;
    site.store(json!({ "id": new_id(), "score": 9 })).await;
    let lines = archive(&collector, &site, &file).await;
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let header = lines[0];

    let stranger = Collector::start();
    let (succeeded, printed) = unarchive(&stranger, &file).await;
    assert!(!succeeded && printed.contains("GRAPEVINE_SECRET"), "{printed}");

    let other = with_secret_of(&collector);
    let newer = header.replace("\"schema\":", "\"schema\":9");
    let unused = SiteId::issue(*b"12345678", &Secret::new(collector.secret()).unwrap());
    for (first, reason) in [
        (newer.as_str(), "The archive has schema version 9"),
        (&header.replace("\"grapevine_archive\":1", "\"grapevine_archive\":2"), "is not the header"),
        (&header.replace(&site.id, unused.as_str()), "This is an archive of the site"),
        ("score,at", "is not the header"),
        ("", "is not the header"),
    ] {
        let problem = post(&other, &site.id, 0, &[first]).await.problem(422);
        assert!(problem["detail"].as_str().unwrap().contains(reason), "{problem}");
    }
    let key = r#"{"digest":"a","role":"owner","name":null,"created":1,"used":null,"expires":null}"#;
    let row = |table: &str, row: &str| format!(r#"{{"table":"{table}","row":{row}}}"#);
    for (line, reason) in [
        (row("sqlite_master", "{}"), "`sqlite_master`"),
        (row("day", "{}"), "`day`"),
        (row("restoring", r#"{"header":"","lines":0}"#), "`restoring`"),
        (row("key", &key.replace("name", "name) VALUES ('x');--")), "Line 2 is not a row"),
        (row("key", &key.replace("name", "nick")), "column `nick`"),
        (row("key", &key.replace(r#""created":1"#, r#""created":"1""#)), "column `created`"),
        (row("key", &key.replace(r#""role":"owner","#, "")), "column `role`"),
        (row("key", &key.replace(r#""role":"owner""#, r#""role":{"a":1}"#)), "column `role`"),
        (row("contact", r#"{"id":"xyz","contact":"a","at":1}"#), "column `id`"),
        (row("key", "7"), "Line 2 is not a row"),
        ("7".to_owned(), "Line 2 is not a row"),
        ("\"key\"".to_owned(), "Line 2 is not a row"),
        ("{\"table\":\"key\"".to_owned(), "is not JSON"),
    ] {
        let problem = post(&other, &site.id, 0, &[header, &line]).await.problem(422);
        assert!(problem["detail"].as_str().unwrap().contains(reason), "{line}: {problem}");
    }
    // Settings that cannot be read, and none at all.
    let unreadable: Vec<String> =
        lines.iter().map(|line| line.replace(r#"{\"name\":"#, r#"{\"nom\":"#)).collect();
    let unreadable: Vec<&str> = unreadable.iter().map(String::as_str).collect();
    for page in [&[header, lines[lines.len() - 1]][..], &unreadable] {
        let problem = post(&other, &site.id, 0, page).await.problem(422);
        assert!(problem["detail"].as_str().unwrap().contains("no readable settings"), "{problem}");
        site.at(other.url()).try_score("").await.problem(404);
    }
    let cut = folder.path().join("cut.ndjson");
    fs::write(&cut, lines[..lines.len() - 1].join("\n")).unwrap();
    let (succeeded, printed) = unarchive(&other, &cut).await;
    assert!(!succeeded && printed.contains("cut off"), "{printed}");
    site.at(other.url()).try_score("").await.problem(404);

    // None of it is in the way of the archive.
    let (succeeded, printed) = unarchive(&other, &file).await;
    assert!(succeeded, "{printed}");
    assert_eq!(site.at(other.url()).state().await, site.state().await);
    let (succeeded, printed) =
        grapevine(&collector, &["archive", &collector.url(), &site.id, file.to_str().unwrap()]).await;
    assert!(!succeeded && printed.contains("nothing is ever overwritten"), "{printed}");
}

#[tokio::test]
async fn an_archive_of_an_earlier_schema_is_migrated() {
    let collector = Collector::start();
    let folder = TempDir::with_prefix("grapevine-archive-").unwrap();
    let file = folder.path().join("site.ndjson");
    let site = collector.site().await;
    site.store(json!({ "id": new_id(), "score": 9, "comment": "Good tea" })).await;
    let lines = archive(&collector, &site, &file).await;
    // Version 6 has no tables of imports and no times of consents. Other rows are the same in it.
    let mut older: Value = serde_json::from_str(&lines[0]).unwrap();
    older["schema"] = json!(6);
    let rest = lines[1..].join("\n");
    assert!(rest.contains(",\"consents_ms\":null"), "{rest}");
    fs::write(&file, format!("{older}\n{}\n", rest.replace(",\"consents_ms\":null", ""))).unwrap();

    let other = with_secret_of(&collector);
    let (succeeded, printed) = unarchive(&other, &file).await;
    assert!(succeeded, "{printed}");
    let restored = site.at(other.url());
    assert_eq!(restored.state().await, site.state().await);
    restored.import_csv("score\n9\n", "").await;
    assert_eq!(restored.owner_get("imports").await["imports"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn an_archive_is_read_by_the_owner_or_operator_and_restored_by_the_operator() {
    let collector = Collector::start();
    let (site, stranger) = (collector.site().await, collector.site().await);
    let page = site.get("archive", &site.owner).await;
    assert_eq!((page.status, page.header("content-type")), (200, "application/x-ndjson"), "{page}");
    assert_eq!(page.header("cache-control"), "private, no-store");
    assert_eq!(site.get("archive", collector.admin_token()).await.status, 200);
    site.get("archive", &site.read).await.problem(403);
    site.get("archive", &stranger.owner).await.problem(401);
    site.get("archive", "").await.problem(401);
    let request = site.asking("POST", "archive", &site.owner).body(page.body);
    send(request).await.problem(401);
    // Keys are in it as digests only.
    let text = String::from_utf8(site.get("archive", &site.owner).await.body).unwrap();
    assert!(!text.contains(&site.owner) && text.contains("\"table\":\"key\""), "{text}");
}

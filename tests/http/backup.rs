//! Commands of `server/` for a data folder: backup while the collector writes, restore, and
//! compaction of stopped data.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use serde_json::json;
use tempfile::TempDir;
use tests::{Collector, Site, new_id, server};
use tokio::task::{JoinSet, spawn_blocking};

/// Runs a command of `server/` and returns what it printed, with whether it succeeded.
async fn grapevine(command: &str, folders: &[&Path]) -> (bool, String) {
    let mut program = xtask::server_program().unwrap();
    program.arg(command).args(folders);
    let Output { status, stdout, stderr } = spawn_blocking(move || program.output().unwrap()).await.unwrap();
    (status.success(), String::from_utf8([stdout, stderr].concat()).unwrap())
}

/// Runs a tool, which has to succeed.
async fn run(command: &str, folders: &[&Path]) -> String {
    let (succeeded, printed) = grapevine(command, folders).await;
    assert!(succeeded, "{command}: {printed}");
    printed
}

/// Starts a collector with other data, and the secret that signed the ids in it.
fn with_data(collector: &Collector, data: &Path) -> Collector {
    Collector::start_with(|options| {
        options.data = data.to_owned();
        options.secret = collector.secret().into();
    })
}

/// Returns the files of a folder that contain a text.
fn files_with(folder: &Path, text: &str) -> Vec<PathBuf> {
    let folders =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    files
        .filter(|file| fs::read(file).unwrap().windows(text.len()).any(|part| part == text.as_bytes()))
        .collect()
}

#[tokio::test]
async fn a_backup_of_a_busy_collector_restores_to_one_moment() {
    let collector = Collector::start();
    let (site, quiet) = (collector.site().await, collector.site().await);
    quiet.store(json!({ "id": new_id(), "score": 7, "comment": "Quiet" })).await;
    let site = Arc::new(site);
    let (stored, stop) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicBool::new(false)));
    let mut writers = JoinSet::new();
    for _ in 0..8 {
        let (site, stored, stop) = (site.clone(), stored.clone(), stop.clone());
        writers.spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                site.store(json!({ "id": new_id(), "score": 9, "comment": "While it is copied" })).await;
                stored.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    let folder = TempDir::with_prefix("grapevine-backup-").unwrap();
    for number in 0..3 {
        let before = stored.load(Ordering::Relaxed);
        let copy = folder.path().join(format!("copy-{number}"));
        let printed = run("backup", &[&collector.data(), &copy]).await;
        let after = stored.load(Ordering::Relaxed) + 8;
        assert!(printed.contains("Copied 2 sites"), "{printed}");

        let data = folder.path().join(format!("data-{number}"));
        run("restore", &[&copy, &data]).await;
        let restored = with_data(&collector, &data);
        let again = site.at(restored.url());
        let score = again.score("").await;
        let scored = score["scored"].as_i64().unwrap();
        assert!((before..=after).contains(&scored), "{before} <= {scored} <= {after}");
        let rows = i64::try_from(again.responses().await.len()).unwrap();
        assert_eq!(rows, scored, "the totals are those of the rows");
        again.store(json!({ "id": new_id(), "score": 0 })).await;
        assert_eq!(again.score("").await["scored"], scored + 1);
        assert_eq!(quiet.at(restored.url()).responses().await[0]["comment"], "Quiet");
    }
    stop.store(true, Ordering::Relaxed);
    writers.join_all().await;
    assert_eq!(
        site.score("").await["scored"],
        stored.load(Ordering::Relaxed),
        "the collector missed nothing"
    );
}

#[tokio::test]
async fn nothing_is_overwritten_and_no_damaged_backup_is_restored() {
    let collector = Collector::start();
    collector.site().await.store(json!({ "id": new_id(), "score": 7 })).await;
    let folder = TempDir::with_prefix("grapevine-backup-").unwrap();
    let (copy, data) = (folder.path().join("copy"), folder.path().join("data"));
    run("backup", &[&collector.data(), &copy]).await;
    for (command, from, to) in
        [("backup", collector.data(), copy.clone()), ("restore", copy.clone(), collector.data())]
    {
        let (succeeded, printed) = grapevine(command, &[&from, &to]).await;
        assert!(!succeeded && printed.contains("is not empty"), "{printed}");
    }

    let mut damaged = files_with(&copy, "SQLite format 3");
    damaged.retain(|file| !file.ends_with("metadata.sqlite"));
    let mut bytes = fs::read(&damaged[0]).unwrap();
    bytes[4_096..12_288].fill(0xa5);
    fs::write(&damaged[0], bytes).unwrap();
    let (succeeded, printed) = grapevine("restore", &[&copy, &data]).await;
    assert!(!succeeded && printed.contains("is damaged"), "{printed}");
    assert!(!data.exists(), "a damaged backup leaves no folder that looks whole");

    let (succeeded, printed) = grapevine("backup", &[&folder.path().join("missing"), &data]).await;
    assert!(!succeeded && printed.contains("There is no folder"), "{printed}");
}

/// Stores a comment, erases it, and returns a site with other responses.
async fn site_with_an_erased_comment(collector: &Collector) -> Site {
    let site = collector.site().await;
    let erased = new_id();
    for number in 0..200 {
        let comment = format!("Ordinary words of visitor {number}, who likes tea");
        site.store(json!({ "id": new_id(), "score": 8, "comment": comment })).await;
    }
    let comment = "Zanzibarquokka is my name and xylophonemango my street";
    site.store(
        json!({ "id": erased, "score": 1, "comment": comment, "contact": "zanzibarquokka@example.org" }),
    )
    .await;
    site.owner_request("DELETE", &format!("responses/{erased}"), json!(null)).await;
    site
}

#[tokio::test]
async fn erased_words_are_not_on_the_disk_after_compaction() {
    let mut collector = Collector::start();
    let site = site_with_an_erased_comment(&collector).await;
    let before = site.score("").await;
    collector.kill();
    let data = collector.data();
    assert!(!files_with(&data, "Ordinary words of visitor 7").is_empty(), "the look itself works");
    run("compact", &[&data]).await;
    for word in ["anzibarquokka", "xylophonemango"] {
        assert_eq!(files_with(&data, word), [] as [PathBuf; 0], "{word}");
    }
    collector.restart();
    let again = collector.again(&site);
    assert_eq!(again.score("").await, before);
    assert_eq!(
        again.owner_get("responses?q=ordinary&limit=1").await["responses"].as_array().unwrap().len(),
        1
    );
}

#[tokio::test]
async fn a_collector_in_use_is_not_compacted_and_its_data_not_used_twice() {
    let collector = Collector::start();
    let site = collector.site().await;
    let data = collector.data();
    let (succeeded, printed) = grapevine("compact", &[&data]).await;
    assert!(!succeeded && printed.contains("is used by the process"), "{printed}");

    let second = xtask::Workerd::start(server::dist(), collector.options()).expect_err("it is used");
    assert!(second.to_string().contains("is used by the process"), "{second:#}");

    // Started by hand, without a lock file.
    fs::remove_file(data.join("grapevine.lock")).unwrap();
    let (succeeded, printed) = grapevine("compact", &[&data]).await;
    assert!(!succeeded && printed.contains("is in use"), "{printed}");
    site.store(json!({ "id": new_id(), "score": 7 })).await;
    assert_eq!(site.score("").await["scored"], 1);
}

/// Two collectors that were started by hand, without lock files.
#[tokio::test]
async fn of_two_collectors_on_the_same_data_the_first_stops_writing() {
    let collector = Collector::start();
    let (site, other) = (collector.site().await, collector.site().await);
    let kept = new_id();
    site.store(json!({ "id": kept, "score": 9, "user": "ann" })).await;
    other.store(json!({ "id": new_id(), "score": 9 })).await;
    fs::remove_file(collector.data().join("grapevine.lock")).unwrap();
    let second = with_data(&collector, &collector.data());
    let again = site.at(second.url());
    assert_eq!(again.score("").await["scored"], 1);
    again.store(json!({ "id": new_id(), "score": 3 })).await;

    for refused in [site.post(&json!({ "id": new_id(), "score": 9 })).await, site.try_score("").await] {
        let problem = refused.problem(503);
        assert_eq!(problem["type"], "urn:grapevine:problem:second-writer", "{problem}");
    }
    site.owner_request("DELETE", &format!("responses/{kept}"), json!(null)).await.problem(503);
    // The other site is not concerned, and nothing of this one is lost or counted twice.
    other.store(json!({ "id": new_id(), "score": 9 })).await;
    assert_eq!(again.score("").await["scored"], 2);
    again.store(json!({ "id": kept, "comment": "More" })).await;
    assert_eq!(again.score("").await["scored"], 2);
}

#[test]
fn an_archive_needs_no_sqlite_of_node() {
    let mut program = Command::new("node");
    program.arg(xtask::root().join("server/main.js")).args([
        "archive",
        "http://127.0.0.1:9",
        "0".repeat(20).as_str(),
        "x",
    ]);
    for name in ["GRAPEVINE_OWNER_KEY", "GRAPEVINE_ADMIN_TOKEN"] {
        program.env_remove(name);
    }
    let printed = String::from_utf8(program.output().unwrap().stderr).unwrap();
    assert_eq!(printed, "Set GRAPEVINE_OWNER_KEY or GRAPEVINE_ADMIN_TOKEN.\n");
}

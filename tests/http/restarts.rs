//! A collector whose process ends, under `cargo run`.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;
use tests::{Demo, PrintedSite, until};

/// Returns the id of the process that uses the data.
fn user_of(data: &Path) -> Option<u32> {
    let text = fs::read_to_string(data.join("collector/grapevine.lock")).ok()?;
    text.trim().parse().ok()
}

fn kill(pid: u32) {
    assert!(Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap().success());
}

/// Reads the score by the printed command, if the collector responds.
fn curl_score(demo: &Demo) -> Option<Value> {
    let output = Command::new("sh").args(["-c", &format!("curl -sS {}", demo.curl)]).output().unwrap();
    serde_json::from_slice(&output.stdout).ok()
}

#[tokio::test]
async fn a_collector_that_ends_is_started_again_and_given_up_after_five_short_lives() {
    let folder = TempDir::with_prefix("grapevine-test-").unwrap();
    let data = folder.path().join("data");
    let mut demo = Demo::start(&data);
    let before = demo.curl_score();
    assert_eq!(before["scored"], 2_100);
    let survey = demo.readme_score(PrintedSite::Survey);
    assert_eq!(survey["scored"], 889);

    let mut pid = user_of(&data).unwrap();
    for life in 1..5 {
        kill(pid);
        pid = until("another process", async || user_of(&data).filter(|user| *user != pid)).await;
        // At the same address, with the same keys and the same data.
        let after = until("it serves", async || curl_score(&demo)).await;
        assert_eq!(after, before, "life {life}");
        assert_eq!(demo.readme_score(PrintedSite::Survey), survey, "life {life}");
    }
    assert!(demo.has_reported("it is started again in 4000 ms"));
    assert_eq!(demo.exited(), None);

    kill(pid);
    let succeeded = until("the collector is given up", async || demo.exited()).await;
    assert!(!succeeded);
    until("the reason", async || {
        demo.has_reported("exited 5 times within 60 seconds of its start").then_some(())
    })
    .await;
}

//! Examples of docs/api.md, in their order, as somebody pastes them into a shell.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::client::until;
use tests::{Collector, Site, WebhookReceiver};

use crate::document::Document;

/// Reports the status of each request in the examples.
const REPORTING: &str = r#"curl() { command curl -w '%{stderr}@@%{http_code} %{method} %{url}\n' "$@"; }"#;

/// Ids in the examples that only exist once something was created.
async fn existing(site: &Site, hook: &WebhookReceiver) -> [(&'static str, String); 5] {
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned();
    let import = text(&site.import_csv("score,comment\n9,Good\n", "").await["import"]);
    let share = site.owner_post("keys", &json!({ "role": "share" })).await.json();
    let webhook = json!({ "url": hook.url(), "events": ["response.detractor"] });
    let webhook = text(&site.owner_post("webhooks", &webhook).await.json()["id"]);
    let tried = site.owner_request("POST", &format!("webhooks/{webhook}/test"), Value::Null).await;
    assert_eq!(tried.status, 202, "{tried}");
    let delivery = until("a delivery", async || {
        let listed = site.owner_get(&format!("webhooks/{webhook}/deliveries")).await;
        listed["deliveries"][0]["id"].as_str().map(str::to_owned)
    });
    let delivery = delivery.await;
    [
        ("SHARE_KEY", text(&share["key"])),
        ("WEBHOOK", webhook),
        ("DELIVERY", delivery),
        ("IMPORT", import.clone()),
        ("k4m9x2v7pcqa", import),
    ]
}

#[tokio::test]
async fn each_request_of_the_api_page_succeeds() {
    let collector = Collector::start();
    let site = collector.site().await;
    let hook = WebhookReceiver::start().await;
    let existing = existing(&site, &hook).await;
    let folder = TempDir::with_prefix("grapevine-examples-").unwrap();
    let typeform = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/moving/typeform.csv");
    fs::copy(typeform, folder.path().join("typeform.csv")).unwrap();
    fs::write(folder.path().join("other.csv"), "score,date\n9,11/20/25 14:05\n").unwrap();
    site.store(json!({ "id": tests::new_id(), "score": 9, "user": "customer-4711" })).await;

    let page = Document::open("api.md");
    let mut script = page.blocks("sh").join("\n");
    for (name, value) in &existing[3..] {
        script = script.replace(name, value);
    }
    let mut shell = Command::new("bash");
    shell.args(["-c", &format!("{REPORTING}\n{script}")]).current_dir(folder.path());
    shell.envs(existing.iter().map(|(name, value)| (*name, value.as_str())));
    shell.env("HOST", collector.url()).env("SITE", &site.id).env("no_proxy", "127.0.0.1");
    shell.env("OWNER_KEY", &site.owner).env("READ_KEY", &site.read);
    shell.env("GRAPEVINE_ADMIN_TOKEN", collector.admin_token());
    let output = tokio::task::spawn_blocking(move || shell.output().unwrap()).await.unwrap();
    let printed = String::from_utf8_lossy(&output.stderr).into_owned();
    let requests: Vec<&str> = printed.lines().filter_map(|line| line.strip_prefix("@@")).collect();
    let failed: Vec<&&str> = requests.iter().filter(|line| !line.starts_with('2')).collect();
    assert!(requests.len() > 45, "{} requests: {printed}", requests.len());
    assert!(failed.is_empty(), "{failed:#?}\n{}", String::from_utf8_lossy(&output.stdout));
}

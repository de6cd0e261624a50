//! Examples of docs/api.md, in their order, as somebody pastes them into a shell.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::client::until;
use tests::{Collector, Site, WebhookReceiver};

use crate::document::Document;

/// Reports the status of each request in the examples. One that is refused while something is under
/// way is repeated, as its problem says.
const REPORTING: &str = r#"
curl() {
  for attempt in $(seq 50); do
    command curl -w '%{stderr}@@%{http_code} %{method} %{url}\n' "$@" 2> status.txt
    grep -q '^@@409' status.txt || break
    sleep 0.1
  done
  cat status.txt >&2
}
"#;

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
    let requests = succeed(&collector, &site, &script, &existing, folder.path()).await;
    assert!(requests > 45, "{requests} requests");
}

#[tokio::test]
async fn each_request_of_the_other_pages_succeeds() {
    let collector = Collector::start();
    let site = collector.site().await;
    let folder = TempDir::with_prefix("grapevine-examples-").unwrap();
    let [embedding, operations] = ["embedding.md", "operations.md"].map(Document::open);
    // The last one deletes the site.
    let script = [
        embedding.code("Hosted page, email and QR code", "sh")[0],
        &Document::open("identity.md").blocks("sh").join("\n"),
        operations.code("Sites", "sh")[0],
    ];
    let script = script.join("\n").replace("https://HOST", "$HOST").replace("sites/SITE", "sites/$SITE");
    let script = script.replace("Bearer OWNER_KEY", "Bearer $OWNER_KEY");
    assert_eq!(succeed(&collector, &site, &script, &[], folder.path()).await, 6);
    let gone = site.get("score", &site.read).await;
    assert_eq!(gone.status, 410, "{gone}");
}

/// Runs a script in a folder, in which each request has to succeed, and returns their number.
async fn succeed(
    collector: &Collector,
    site: &Site,
    script: &str,
    existing: &[(&'static str, String)],
    folder: &Path,
) -> usize {
    let mut shell = Command::new("bash");
    shell.args(["-c", &format!("{REPORTING}\n{script}")]).current_dir(folder);
    shell.envs(existing.iter().map(|(name, value)| (*name, value.as_str())));
    shell.env("HOST", collector.url()).env("SITE", &site.id).env("no_proxy", "127.0.0.1");
    shell.env("OWNER_KEY", &site.owner).env("READ_KEY", &site.read);
    shell.env("GRAPEVINE_ADMIN_TOKEN", collector.admin_token());
    let output = tokio::task::spawn_blocking(move || shell.output().unwrap()).await.unwrap();
    let printed = String::from_utf8_lossy(&output.stderr);
    let requests: Vec<&str> = printed.lines().filter_map(|line| line.strip_prefix("@@")).collect();
    let failed: Vec<&&str> = requests.iter().filter(|line| !line.starts_with('2')).collect();
    assert!(failed.is_empty(), "{failed:#?}\n{}", String::from_utf8_lossy(&output.stdout));
    requests.len()
}

/// Calls the documented function for each delivery that the arguments describe, as JSON.
const VERIFY: &str = r#"
import json, sys
secret, headers, body = json.loads(sys.argv[1])
forged = dict(headers, **{"webhook-id": "msg_other"})
print(is_genuine(secret, headers, body.encode()), is_genuine(secret, forged, body.encode()),
      is_genuine(secret, headers, body.encode() + b" "))
"#;

#[tokio::test]
async fn the_documented_function_verifies_a_delivery() {
    let collector = Collector::start();
    let (site, hook) = (collector.site().await, WebhookReceiver::start().await);
    let webhook = json!({ "url": hook.url(), "events": ["response.detractor"] });
    let webhook = site.owner_post("webhooks", &webhook).await.json();
    let test = format!("webhooks/{}/test", webhook["id"].as_str().unwrap());
    assert_eq!(site.owner_request("POST", &test, Value::Null).await.status, 202);
    let call = hook.called(1).await.remove(0);
    let names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    let headers: Value = names.iter().map(|name| ((*name).to_owned(), json!(call.header(name)))).collect();
    let given = json!([webhook["secret"], headers, call.body]);
    let page = Document::open("api.md");
    let program = format!("{}\n{VERIFY}", page.code("Webhooks", "python")[0]);
    let output = Command::new("python3").args(["-c", &program, &given.to_string()]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "True False False\n", "{output:?}");
}

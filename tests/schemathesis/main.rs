//! Schemathesis generates valid and almost valid requests from the OpenAPI document. It checks
//! every response: no server error, and status, type, headers and body as described.
//!
//! Every operation must also have succeeded at least once, since a document of errors alone proves
//! little. For a new operation with a path parameter, [`Real::new`] must create something real.
//!
//! The requests are the same at every run, though not their order.
//! `GRAPEVINE_SEED=7 cargo test -p tests --test schemathesis` generates others.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use collector_core::{Secret, SiteId};
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::client::send;
use tests::{Collector, Site, new_id};

const CHECKS: [&str; 5] = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
];

/// Number of generated requests per operation, besides those that test the bounds of each
/// parameter.
const EXAMPLES: &str = "15";

/// Time limit of one run, after which the run counts as hanging.
const TIMEOUT: Duration = Duration::from_secs(600);

/// Real ids and keys for the generated requests.
struct Real {
    /// Values for parameters in paths, by name.
    paths: Value,
    /// Keys, by the name of their scheme.
    keys: BTreeMap<&'static str, String>,
}

impl Real {
    /// A new site with something of everything in it.
    async fn new(collector: &Collector) -> Self {
        let settings =
            json!({ "name": "Tea shop", "badge": true, "public_notes": true, "properties": ["plan"] });
        let site: Site = collector.create_site(settings).await;
        for score in 0..=10 {
            let message =
                json!({ "id": new_id(), "score": score, "comment": "Good tea", "user": format!("u{score}") });
            site.store(message).await;
        }
        // No other request needs these, so they can be deleted.
        let response = new_id();
        site.store(json!({ "id": response, "score": 3, "contact": "ann@shop.example", "properties": { "plan": "pro" } })).await;
        let note = make(&site, "notes", json!({ "text": "Free returns", "public": true })).await;
        let key = make(&site, "keys", json!({ "role": "read" })).await;
        let share = make(&site, "keys", json!({ "role": "share" })).await;
        // Nothing listens on that port. Random addresses are not called, since an event is sent at
        // once or never.
        let endpoint = json!({ "url": "http://127.0.0.1:9/", "events": ["digest.weekly"] });
        let webhook = make(&site, "webhooks", endpoint).await;
        let tried = collector.http().post(site.url(&format!("webhooks/{}/test", text(&webhook["id"]))));
        assert_eq!(send(tried.bearer_auth(&site.owner)).await.status, 202);
        let sent = format!("webhooks/{}/deliveries", text(&webhook["id"]));
        let delivery = site.get(&sent, &site.owner).await.ok()["deliveries"][0]["id"].take();
        let imported = site.import_csv("score,at\n9,2026-03-03\n", "").await;
        let secret = Secret::new(collector.secret()).expect("a secret");
        // A parameter that is not here is made up at every request.
        let paths = json!({
            "site": site.id, "name": asset(collector), "response": response, "user": "u9", "note": note["id"], "key": key["id"],
            "webhook": webhook["id"], "delivery": text(&delivery),
            "import": imported["import"],
            "unused_site": SiteId::issue(*b"12345678", &secret).as_str(),
        });
        let keys = [
            ("adminToken", collector.admin_token().to_owned()),
            ("ownerKey", site.owner.clone()),
            ("readKey", site.read.clone()),
            ("shareKey", text(&share["key"]).to_owned()),
        ];
        Self { paths, keys: keys.into() }
    }
}

/// Creates a resource of a site and returns its representation.
async fn make(site: &Site, endpoint: &str, body: Value) -> Value {
    let answer = site.owner_post(endpoint, &body).await;
    assert_eq!(answer.status, 201, "{answer}");
    answer.json()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

/// The file of the widget's English texts.
fn asset(collector: &Collector) -> String {
    let files = fs::read_dir(collector.dist().join("assets")).unwrap();
    let mut names = files.map(|file| file.unwrap().file_name().to_string_lossy().into_owned());
    names.find(|name| name.starts_with("en-") && name.ends_with(".json")).expect("the English texts")
}

#[tokio::test]
async fn no_request_gets_an_undescribed_response() {
    let program = xtask::schemathesis().unwrap_or_else(|error| panic!("{error:#}"));
    let collector = Collector::start();
    let document = collector.get("/openapi.json").await.ok();
    let operations = operations(&document);
    // An operation that deletes has a site of its own, so that no other misses its resource.
    let is_deleting = |id: &str, what: &str| what.starts_with("DELETE ") || id == "eraseResponses";
    let deleting = operations.iter().filter(|(id, what)| is_deleting(id, what)).map(|(id, _)| id);
    let runs: Vec<Vec<String>> =
        std::iter::once(deleting.clone().map(|id| format!("--exclude-operation-id={id}")).collect())
            .chain(deleting.map(|id| vec![format!("--include-operation-id={id}")]))
            .collect();
    assert!(runs.len() > 1 && runs.len() < operations.len(), "the description has no operations");

    let mut succeeded = BTreeSet::new();
    for selection in runs {
        xtask::log(&format!("Schemathesis: {} …", selection.join(" ")));
        let begun = Instant::now();
        succeeded.extend(run(&program, &collector, &document, &selection).await);
        xtask::log(&format!("Schemathesis found nothing wrong in {:.0} s", begun.elapsed().as_secs_f64()));
    }
    for (id, what) in &operations {
        assert!(
            succeeded.contains(what),
            "no request of {id} ({what}) succeeded, so only its errors were checked; give its path something real in \
             tests/schemathesis/main.rs, or its parameters an example in collector/openapi.json"
        );
    }
}

/// Every operation's id, with its method and path.
fn operations(document: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if let Some(id) = operation["operationId"].as_str() {
                found.push((id.to_owned(), format!("{} {path}", method.to_uppercase())));
            }
        }
    }
    found
}

/// Runs Schemathesis over some operations, fails with its own words where it found something, and
/// answers which operations have succeeded.
async fn run(
    program: &Path,
    collector: &Collector,
    document: &Value,
    selection: &[String],
) -> BTreeSet<String> {
    let (folder, real) =
        (TempDir::with_prefix("grapevine-schemathesis-").unwrap(), Real::new(collector).await);
    let report = folder.path().join("report.ndjson");
    fs::write(folder.path().join("openapi.json"), document.to_string()).unwrap();
    fs::write(folder.path().join("schemathesis.toml"), settings(document, &real.keys)).unwrap();
    fs::write(folder.path().join("hooks.py"), include_str!("hooks.py")).unwrap();
    let mut command = tokio::process::Command::new(program);
    command
        .current_dir(folder.path())
        .env("GRAPEVINE_REAL", real.paths.to_string())
        // The collector is on this machine, so no proxy applies.
        .env("NO_PROXY", "*")
        .env("no_proxy", "*")
        .env_remove("SCHEMATHESIS_HOOKS")
        // From a file: at its own address it would leave out the operation that answers it.
        .args(["--no-color", "run", "openapi.json", "--url", &collector.url()])
        .args(["--checks", &CHECKS.join(","), "--phases", "examples,coverage,fuzzing"])
        .args([
            "--seed",
            &env::var("GRAPEVINE_SEED").unwrap_or("1".to_owned()),
            "--generation-database",
            "none",
        ])
        // One worker: `ast.parse` of Python before 3.12 fails at random in several threads
        // (python/cpython#106905).
        .args(["--max-examples", EXAMPLES, "--request-timeout", "20", "--workers", "1", "--warnings", "off"])
        .args(["--report", "ndjson", "--report-ndjson-path"])
        .arg(&report)
        .args(selection)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let ended = tokio::time::timeout(TIMEOUT, command.output()).await;
    let output = ended.expect("Schemathesis did not end").expect("Schemathesis did not start");
    assert!(output.status.success(), "{}", run_summary(&output));
    println!("{}", run_summary(&output));
    succeeded(&fs::read_to_string(report).expect("the report of Schemathesis"))
}

/// Which key goes with which scheme. A scheme without a key would quietly be tested without one.
fn settings(document: &Value, keys: &BTreeMap<&str, String>) -> String {
    let mut toml = String::from("hooks = \"hooks.py\"\n[auth.openapi]\n");
    for name in
        document["components"]["securitySchemes"].as_object().into_iter().flatten().map(|(name, _)| name)
    {
        let key = keys.get(name.as_str()).unwrap_or_else(|| panic!("this test has no key for {name}"));
        toml += &format!("{name} = {{ bearer = \"{key}\" }}\n");
    }
    toml
}

fn run_summary(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("Schemathesis ended with {}:\n{}{}", output.status, text(&output.stdout), text(&output.stderr))
}

/// The operations of a report that were answered 2xx, as `METHOD PATH`.
fn succeeded(report: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in report.lines() {
        let event: Value = serde_json::from_str(line).expect("the report is NDJSON");
        let recorder = &event["ScenarioFinished"]["recorder"];
        let answers = recorder["interactions"].as_object().into_iter().flatten();
        // 204 answers OPTIONS on any path, which it tries too.
        let mut own = answers.filter(|(_, one)| one["request"]["method"] != "OPTIONS");
        if own.any(|(_, one)| matches!(one["response"]["status_code"].as_u64(), Some(200..=206))) {
            found.extend(recorder["label"].as_str().map(str::to_owned));
        }
    }
    found
}

//! Imports from other tools, by the commands of the page.

use std::path::Path;
use std::process::Command;

use serde_json::{Deserializer, Value, json};
use tests::{Collector, Site};

use crate::document::Document;

/// Expected result of an import.
struct Expected {
    tool: Value,
    rows: u64,
    /// Lines without a score.
    without_score: u64,
    counts: [u64; 3],
    /// Comments, in any order.
    comments: &'static [&'static str],
    /// Date and path of the first response.
    first: (&'static str, Value),
    /// Language of every response.
    lang: Value,
    /// Columns that the reply says are left out.
    left_out: &'static [&'static str],
    /// Texts that must not be stored.
    personal: &'static [&'static str],
}

/// Runs the commands of a section twice, and compares what they print and what is stored.
async fn moved(tool: &str, expected: Expected) -> (Collector, Site) {
    let collector = Collector::start();
    let site = collector.site().await;
    let replies = run(tool, &collector, &site);
    let [tried, imported, score] = replies.as_slice() else { panic!("{tool}: {replies:?}") };
    assert_eq!(tried["dry_run"], true, "{tried}");
    let stored = expected.rows - expected.without_score;
    for reply in [tried, imported] {
        let members = ["rows", "rejected", "without_score"].map(|name| reply[name].as_u64());
        assert_eq!(members, [Some(expected.rows), Some(0), Some(expected.without_score)], "{tool}: {reply}");
        assert_eq!(reply["tool"], expected.tool, "{reply}");
    }
    assert_eq!(imported["stored"], stored, "{tool}: {imported}");
    let [promoters, passives, detractors] = expected.counts;
    let counts = json!({ "promoters": promoters, "passives": passives, "detractors": detractors });
    assert_eq!((&score["counts"], &score["scored"]), (&counts, &json!(stored)), "{tool}");
    let difference = (promoters as f64 - detractors as f64) / stored as f64;
    assert!((score["score"].as_f64().unwrap() - 100.0 * difference).abs() < 1e-9, "{score}");

    let responses = site.responses().await;
    let mut comments: Vec<&str> = responses.iter().filter_map(|it| it["comment"].as_str()).collect();
    comments.sort_unstable();
    assert_eq!(comments, expected.comments, "{tool}");
    let first = responses.last().unwrap();
    assert_eq!(
        (first["at"].as_str(), &first["page"]),
        (Some(expected.first.0), &expected.first.1),
        "{first}"
    );
    for response in &responses {
        assert_eq!(
            (&response["channel"], response["properties"]["plan"].is_null(), &response["lang"]),
            (&json!("import"), false, &expected.lang)
        );
    }
    let left_out = tried["left_out"].to_string();
    for name in expected.left_out {
        assert!(left_out.contains(&format!("\"{name}\"")), "{tool}: {name} in {left_out}");
    }
    for text in expected.personal {
        assert!(collector.files_with(text).is_empty(), "{tool}: {text} is stored");
    }

    let again = run(tool, &collector, &site);
    assert_eq!((&again[1]["stored"], &again[1]["already_there"]), (&json!(0), &json!(stored)), "{again:?}");
    assert_eq!(again[2]["scored"], stored, "{tool}");
    (collector, site)
}

/// Runs the commands of a section after those of the page, and returns the replies.
fn run(tool: &str, collector: &Collector, site: &Site) -> Vec<Value> {
    let document = Document::open("moving.md");
    let script = format!("set -e\n{}{}", document.introduction("sh"), document.code(tool, "sh")[0]);
    let output = Command::new("bash")
        .arg("-c")
        .arg(script)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/moving"))
        .env("HOST", collector.url())
        .env("SITE", &site.id)
        .env("OWNER_KEY", &site.owner)
        .env("READ_KEY", &site.read)
        .env("no_proxy", "127.0.0.1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{tool}: {output:?}");
    let replies = Deserializer::from_slice(&output.stdout).into_iter::<Value>();
    replies.map(|reply| reply.unwrap_or_else(|error| panic!("{tool}: {error}: {output:?}"))).collect()
}

#[tokio::test]
async fn delighted() {
    let expected = Expected {
        tool: json!("delighted"),
        rows: 5,
        without_score: 0,
        counts: [3, 1, 1],
        comments: &["Good tea, slow site", "Parcels arrive a day early.", "The pot came broken."],
        first: ("2026-03-02T09:14:07.000Z", json!("https://shop.example/orders")),
        lang: json!("de"),
        left_out: &["Email", "Name"],
        personal: &["jo@example.org", "Ann Roe", "delighted.com/r/"],
    };
    let (_collector, site) = moved("Delighted", expected).await;
    let found = site.owner_get("responses?user=lee@example.org").await;
    assert_eq!(found["responses"][0]["score"], 3, "{found}");
}

#[tokio::test]
async fn typeform() {
    let expected = Expected {
        tool: json!("typeform"),
        rows: 5,
        without_score: 1,
        counts: [2, 1, 1],
        comments: &["Shipping costs", "The oolong, again and again"],
        first: ("2026-04-01T10:00:41.000Z", Value::Null),
        lang: Value::Null,
        left_out: &["Network ID"],
        personal: &["0a1b2c3d4e"],
    };
    moved("Typeform", expected).await;
}

#[tokio::test]
async fn surveymonkey() {
    let expected = Expected {
        tool: json!("surveymonkey"),
        rows: 4,
        without_score: 0,
        counts: [2, 1, 1],
        comments: &["Everything", "Nobody answers emails"],
        first: ("2026-02-03T09:01:30.000Z", Value::Null),
        lang: Value::Null,
        left_out: &["Email Address", "IP Address"],
        personal: &["jo@example.org", "192.0.2.1", "430000001"],
    };
    moved("SurveyMonkey", expected).await;
}

#[tokio::test]
async fn posthog() {
    let expected = Expected {
        tool: Value::Null,
        rows: 4,
        without_score: 0,
        counts: [2, 1, 1],
        comments: &["Could not pay, twice", "Fast and fresh"],
        first: ("2026-05-04T08:15:30.120Z", json!("/orders")),
        lang: Value::Null,
        left_out: &[],
        personal: &[],
    };
    moved("PostHog", expected).await;
}

#[tokio::test]
async fn formbricks() {
    let expected = Expected {
        tool: json!("formbricks"),
        rows: 4,
        without_score: 1,
        counts: [2, 0, 1],
        comments: &["Clear labels", "Too many emails"],
        first: ("2026-06-01T07:30:00.000Z", json!("https://shop.example/account")),
        lang: json!("pl"),
        left_out: &["Formbricks ID (internal)"],
        personal: &["cm9int01", "u-18"],
    };
    let (_collector, site) = moved("Formbricks", expected).await;
    let found = site.owner_get("responses?user=u-18").await;
    assert_eq!(found["responses"][0]["score"], 5, "{found}");
}

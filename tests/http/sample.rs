//! The sample data of the owner's page, against the collector with the same responses.

use ::sample::SampleSite;
use serde_json::{Value, json};
use tests::Collector;
use tests::ids::noon_ms;

/// Requests of the overview, each as the page sends them.
const REQUESTS: [&str; 14] = [
    "score?range=all",
    "score?range=90d&interval=week&rolling=30d&compare=previous",
    "score?range=30d&interval=day&rolling=30d&compare=year",
    "score?range=7d&interval=day&rolling=30d&compare=previous",
    "score?range=all&interval=month",
    "score?from=2026-01-01&interval=week&compare=previous",
    "score?range=90d&group_by=plan",
    "score?range=30d&group_by=country",
    "score?range=all&group_by=channel",
    "score?range=90d&filter%5Bplan%5D=subscription&interval=week&rolling=30d&compare=previous",
    "score?range=30d&filter%5Bcountry%5D=US&interval=day&compare=previous",
    "score?range=90d&filter%5Bplan%5D=",
    "notes",
    "cases",
];

/// Members of a response that the overview shows.
const SHOWN: [&str; 7] = ["at", "score", "comment", "channel", "lang", "page", "properties"];

#[tokio::test]
async fn the_sample_has_the_figures_of_a_collector_with_the_same_responses() {
    // The day does not change meanwhile.
    let now_ms = noon_ms();
    let now = i64::try_from(now_ms / 1_000).unwrap();
    let sample = SampleSite::new(now).unwrap();
    let collector = Collector::start_at(now_ms, |_| {});
    let site = collector
        .create_site(json!({
            "name": "Kettle Row", "timezone": "UTC", "properties": ["plan", "country"],
            "retention": { "months": null },
        }))
        .await;
    let imported = site.import(::sample::ndjson(now).unwrap(), "", "application/x-ndjson").await.ok();
    assert_eq!((&imported["stored"], &imported["rejected"]), (&json!(2_100), &json!(0)), "{imported}");

    let respond = |request: &str| -> Value {
        let text = sample.respond(request).unwrap_or_else(|| panic!("no response to {request}"));
        serde_json::from_str(&text).unwrap()
    };
    for request in REQUESTS {
        assert_same(request, &respond(request), &site.get(request, &site.read).await.ok());
    }

    let day = now_day(now, -29);
    for query in [
        "responses?limit=100&answered=true".to_owned(),
        format!("responses?limit=100&answered=true&from={day}"),
        format!("responses?limit=100&answered=true&from={day}&filter%5Bplan%5D=subscription"),
    ] {
        let shown = |page: &Value| -> Vec<Value> {
            let responses = page["responses"].as_array().unwrap().iter();
            let shown = |it: &Value| SHOWN.iter().map(|name| it[*name].clone()).collect();
            responses.map(shown).collect()
        };
        let (expected, responses) = (site.get(&query, &site.owner).await.ok(), respond(&query));
        assert!(shown(&responses).len() > 20, "{query}");
        assert_eq!(shown(&responses), shown(&expected), "{query}");
    }

    let (settings, expected) = (respond(""), site.get("", &site.owner).await.ok());
    for name in ["timezone", "properties", "hidden_notes"] {
        assert_eq!(settings[name], expected[name], "{name}");
    }
    for refused in ["score?range=30d&group_by=weather", "score?interval=hour", "usage", "survey", "keys"] {
        assert_eq!(sample.respond(refused), None, "{refused}");
    }
}

/// Asserts that two values are the same, but for the last digits of `p`: `exp` of this machine
/// rounds them in another way than that of WebAssembly.
#[track_caller]
fn assert_same(path: &str, ours: &Value, expected: &Value) {
    match (ours, expected) {
        (Value::Object(members), Value::Object(others)) => {
            assert!(members.keys().eq(others.keys()), "{path}: {ours} {expected}");
            members.iter().for_each(|(name, it)| assert_same(&format!("{path}/{name}"), it, &others[name]));
        }
        (Value::Array(items), Value::Array(others)) => {
            assert_eq!(items.len(), others.len(), "{path}");
            let pairs = items.iter().zip(others).enumerate();
            pairs.for_each(|(nth, (it, other))| assert_same(&format!("{path}/{nth}"), it, other));
        }
        (Value::Number(p), Value::Number(other)) if path.ends_with("/p") => {
            let difference = p.as_f64().zip(other.as_f64()).map(|(p, other)| (p - other).abs());
            assert!(difference.is_some_and(|it| it < 1e-14), "{path}: {p} {other}");
        }
        _ => assert_eq!(ours, expected, "{path}"),
    }
}

/// Returns the day of a time in Unix seconds, so many days later.
fn now_day(now: i64, later: i32) -> api::Day {
    api::Day::from_unix_days(now.div_euclid(86_400)).plus(later)
}

//! The score: whole answers, and what may be asked.

use serde_json::{Value, json};
use tests::client::send;
use tests::ids::today;
use tests::{Collector, new_id};

/// Answers from January and February 2026 in Warsaw: 1/0/2 in the four days before 30 January,
/// 3/2/1 in the four from then on, and two around them.
const ANSWERS: &str = "at,score,comment
2026-01-25T22:59:59Z,10,the day before
2026-01-25T23:00:00Z,10,
2026-01-27T12:00:00Z,0,Cold
2026-01-29T22:59:59Z,6,
2026-01-29T23:00:00Z,9,Good tea
2026-01-31T12:00:00Z,10,
2026-01-31T12:00:00Z,10,
2026-02-01T12:00:00Z,7,Fine
2026-02-01T22:59:59Z,8,
2026-02-02T22:59:59Z,3,
2026-02-02T23:00:00Z,0,the day after
";

#[tokio::test]
async fn without_answers_the_score_is_null() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let report = site.score("").await;
    let expected = json!({
        "score": null, "scored": 0, "interval95": null,
        "counts": { "promoters": 0, "passives": 0, "detractors": 0 },
        "shares": null,
        "distribution": [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        "shown": 0, "answered": 0, "dismissed": 0, "commented": 0,
        "response_rate": null, "dismissal_rate": null, "comment_rate": null, "median_seconds": null, "seconds": null,
        "low_sample": true,
        "groups": [],
        "query": {
            "from": report["query"]["from"], "to": report["query"]["to"], "interval": null, "rolling": null, "compare": null,
            "group_by": null, "filter": null, "category": null, "timezone": "UTC", "variant": "standard",
        },
    });
    assert_eq!(report, expected);
    assert_eq!(report["query"]["from"], report["query"]["to"]);
}

#[tokio::test]
async fn a_complete_report_of_past_days() {
    let collector = Collector::shared();
    let site = collector.create_site(json!({ "name": "Tea shop", "timezone": "Europe/Warsaw" })).await;
    site.import_csv(ANSWERS, "").await;
    let report = site.score("from=2026-01-30&to=2026-02-02&interval=month&compare=previous").await;
    let method = "adjusted Wald, weights 3/4, 3/2, 3/4";
    let expected = json!({
        "score": 33.333333333333336,
        "scored": 6,
        "interval95": { "low": -26.74325879410454, "high": 71.18770323854898, "method": method },
        "counts": { "promoters": 3, "passives": 2, "detractors": 1 },
        "shares": { "promoters": 0.5, "passives": 0.3333333333333333, "detractors": 0.16666666666666666 },
        "distribution": [0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 2],
        "shown": 0,
        "answered": 0,
        "dismissed": 0,
        "commented": 2,
        "response_rate": null,
        "dismissal_rate": null,
        "comment_rate": 0.3333333333333333,
        "median_seconds": null,
        "seconds": null,
        "low_sample": true,
        "series": [
            {
                "from": "2026-01-30", "to": "2026-01-31", "score": 100.0, "scored": 3,
                "interval95": { "low": -6.5792867038085845, "high": 100.0, "method": method },
                "counts": { "promoters": 3, "passives": 0, "detractors": 0 },
        "shares": { "promoters": 1.0, "passives": 0.0, "detractors": 0.0 },
                "shown": 0, "dismissed": 0, "response_rate": null, "comment_rate": 0.3333333333333333,
            },
            {
                "from": "2026-02-01", "to": "2026-02-02", "score": -33.333333333333336, "scored": 3,
                "interval95": { "low": -66.56490732523365, "high": 33.23157399190031, "method": method },
                "counts": { "promoters": 0, "passives": 2, "detractors": 1 },
        "shares": { "promoters": 0.0, "passives": 0.6666666666666666, "detractors": 0.3333333333333333 },
                "shown": 0, "dismissed": 0, "response_rate": null, "comment_rate": 0.3333333333333333,
            },
        ],
        "groups": [],
        "previous": {
            "from": "2026-01-26", "to": "2026-01-29", "score": -33.333333333333336, "scored": 3,
            "interval95": { "low": -84.66650644658658, "high": 51.33317311325326, "method": method },
            "counts": { "promoters": 1, "passives": 0, "detractors": 2 },
        "shares": { "promoters": 0.3333333333333333, "passives": 0.0, "detractors": 0.6666666666666666 },
            "delta": 66.66666666666667, "z": 0.9096109718308408, "p": 0.363027710250868, "significant": false,
        },
        "query": {
            "from": "2026-01-30", "to": "2026-02-02", "interval": "month", "rolling": null, "compare": "previous",
            "group_by": null, "filter": null, "category": null, "timezone": "Europe/Warsaw", "variant": "standard",
        },
    });
    assert_eq!(report, expected, "{report:#}");
}

#[tokio::test]
async fn a_complete_report_of_today() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let begun = today();
    for (nth, score) in [9, 10, 9, 10, 9, 10, 7, 8, 6, 0].into_iter().enumerate() {
        let mut message = json!({ "id": new_id(), "score": score, "shown": true, "elapsed_ms": 4_000 });
        if nth < 4 {
            message["comment"] = json!("Good tea");
        }
        site.store(message).await;
    }
    for _ in 0..6 {
        site.store(json!({ "id": new_id(), "shown": true, "dismissed": true, "elapsed_ms": 1_000 })).await;
    }
    for _ in 0..4 {
        site.store(json!({ "id": new_id(), "shown": true })).await;
    }
    let report = site.score("range=1d").await;
    if begun != today() {
        return; // Midnight went by, and today's answers are now yesterday's.
    }
    let expected = json!({
        "score": 40.0,
        "scored": 10,
        "interval95": { "low": -12.585579968808114, "high": 74.12404150726965, "method": "adjusted Wald, weights 3/4, 3/2, 3/4" },
        "counts": { "promoters": 6, "passives": 2, "detractors": 2 },
        "shares": { "promoters": 0.6, "passives": 0.2, "detractors": 0.2 },
        "distribution": [1, 0, 0, 0, 0, 0, 1, 1, 1, 3, 3],
        "shown": 20,
        "answered": 10,
        "dismissed": 6,
        "commented": 4,
        "response_rate": 0.5,
        "dismissal_rate": 0.3,
        "comment_rate": 0.4,
        "median_seconds": 4.43827788827138,
        "seconds": report["seconds"],
        "low_sample": true,
        "groups": [],
        "query": {
            "from": begun, "to": begun, "interval": null, "rolling": null, "compare": null, "group_by": null, "filter": null,
            "category": null, "timezone": "UTC", "variant": "standard",
        },
    });
    assert_eq!(report, expected, "{report:#}");
    let seconds = |name: &str| report["seconds"][name].as_f64().unwrap();
    assert_eq!(seconds("median"), 4.43827788827138);
    assert!(
        seconds("lower_quartile") <= seconds("median") && seconds("median") <= seconds("upper_quartile"),
        "{report}"
    );
}

#[tokio::test]
async fn each_period_parameter_selects_its_days() {
    let collector = Collector::shared();
    let site = collector.create_site(json!({ "name": "Tea shop", "timezone": "Europe/Warsaw" })).await;
    site.import_csv(ANSWERS, "").await;
    for (query, scored) in [
        ("", 11),
        ("range=all", 11),
        ("from=2026-01-25&to=2026-02-03", 11),
        ("from=2026-01-25&to=2026-01-25", 1),
        ("from=2026-01-26&to=2026-01-29", 3),
        ("from=2026-01-30", 7),
        ("to=2026-01-29", 4),
        ("to=2020-01-01", 0),
        ("from=2026-02-04&to=2026-02-28", 0),
        ("range=3660d", 11),
        ("range=1d", 0),
    ] {
        assert_eq!(site.score(query).await["scored"], scored, "{query}");
    }
    let all = site.score("").await;
    assert_eq!(all["query"]["from"], "2026-01-25");
}

#[tokio::test]
async fn a_range_ends_today() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let before = today();
    site.store(json!({ "id": new_id(), "score": 9 })).await;
    let report = site.score("range=30d&interval=day").await;
    let to = report["query"]["to"].as_str().unwrap().to_owned();
    assert!([before, today()].contains(&to), "{to}");
    let series = report["series"].as_array().unwrap();
    assert_eq!(series.len(), 30);
    assert_eq!(series[29]["to"], json!(to));
    let scored: u64 = series.iter().map(|point| point["scored"].as_u64().unwrap()).sum();
    assert_eq!(scored, 1);
}

#[tokio::test]
async fn each_invalid_parameter_is_named() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for (query, pointer) in [
        ("rnage=30d", "rnage"),
        ("range=30d&range=7d", "range"),
        ("range=30", "range"),
        ("range=0d", "range"),
        ("range=-1d", "range"),
        ("range=3661d", "range"),
        ("range=", "range"),
        ("range=30d&from=2026-01-01", "range"),
        ("from=2026-02-30", "from"),
        ("from=01/02/2026", "from"),
        ("from=9999-12-31", "from"),
        ("to=yesterday", "to"),
        ("from=2026-02-02&to=2026-02-01", "to"),
        ("interval=hour", "interval"),
        ("interval=Day", "interval"),
        ("from=1970-01-01&to=2026-01-01&interval=day", "interval"),
        ("compare=next&range=7d", "compare"),
        ("compare=previous", "compare"),
        ("compare=previous&range=all", "compare"),
        ("variant=A%20B", "variant"),
        ("variant=", "variant"),
        ("%FF=1", "\u{fffd}"),
    ] {
        let answer = site.try_score(query).await;
        let pointed = answer.problem(422)["pointer"].as_str().unwrap_or_default().to_owned();
        assert_eq!(pointed, pointer, "{query}");
    }
}

#[tokio::test]
async fn variants_are_never_pooled() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let mut given = vec![(9, None), (10, Some("standard")), (1, Some("stay-3"))];
    given.extend([(0, Some("stay")); 5]);
    given.extend([(1, Some("stay-2")); 6]);
    for (score, variant) in given {
        let mut message = json!({ "id": new_id(), "score": score, "shown": true });
        if let Some(variant) = variant {
            message["variant"] = json!(variant);
        }
        site.store(message).await;
    }
    for (query, variant, score, scored) in [
        ("", "standard", json!(100.0), 2),
        ("variant=standard", "standard", json!(100.0), 2),
        ("variant=stay", "stay", json!(-100.0), 5),
        ("variant=stay-2", "stay-2", json!(-100.0), 6),
        ("variant=stay-3", "stay-3", Value::Null, 1),
        ("variant=never-asked", "never-asked", Value::Null, 0),
    ] {
        let report = site.score(query).await;
        assert_eq!((&report["score"], &report["scored"]), (&score, &json!(scored)), "{query}");
        assert_eq!((&report["shown"], &report["query"]["variant"]), (&json!(scored), &json!(variant)));
    }
}

#[tokio::test]
async fn another_variant_of_fewer_than_five_responses_is_hidden() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for score in [0, 10, 3, 7] {
        site.store(json!({ "id": new_id(), "score": score, "variant": "stay", "comment": "Yes" })).await;
    }
    for query in
        ["variant=stay", "variant=stay&range=7d&interval=day&rolling=7d", "variant=stay&group_by=channel"]
    {
        for key in [&site.read, &site.owner] {
            let report = site.get(&format!("score?{query}"), key).await.ok();
            assert_eq!((&report["hidden"], &report["scored"]), (&json!(true), &json!(4)), "{query}");
            for name in ["score", "interval95", "counts", "distribution", "comment_rate"] {
                assert_eq!(report[name], Value::Null, "{query}: {name}");
            }
            let parts = ["series", "groups"].map(|name| report[name].as_array().cloned().unwrap_or_default());
            let parts = parts.concat();
            assert!(parts.iter().all(|part| part["scored"] == 0 || part["score"].is_null()), "{report}");
        }
    }
    let category = site.score("variant=stay&category=promoter").await;
    assert_eq!((&category["hidden"], &category["share"]), (&json!(true), &Value::Null));
    site.store(json!({ "id": new_id(), "score": 9, "variant": "stay" })).await;
    let report = site.score("variant=stay").await;
    assert_eq!((&report["hidden"], &report["score"]), (&json!(false), &json!(0.0)));
    // The question that is asked now is the score itself, on which programs rely.
    site.store(json!({ "id": new_id(), "score": 9 })).await;
    for query in ["", "variant=standard"] {
        let report = site.score(query).await;
        assert_eq!((report.get("hidden"), &report["score"]), (None, &json!(100.0)), "{query}");
    }
}

#[tokio::test]
async fn fewer_than_thirty_answers_are_a_low_sample() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let batch = |n: usize| json!((0..n).map(|_| json!({ "id": new_id(), "score": 9 })).collect::<Vec<_>>());
    site.store(batch(29)).await;
    assert_eq!(site.score("").await["low_sample"], true);
    site.store(batch(1)).await;
    assert_eq!(site.score("").await["low_sample"], false);
}

#[tokio::test]
async fn the_interval_of_a_single_answer_contains_its_score() {
    let collector = Collector::shared();
    for (score, value) in [(10, 100.0), (8, 0.0), (0, -100.0)] {
        let site = collector.site().await;
        site.store(json!({ "id": new_id(), "score": score })).await;
        let report = site.score("").await;
        let end = |name: &str| report["interval95"][name].as_f64().unwrap();
        assert_eq!(report["score"], json!(value));
        assert!(end("low") <= value && value <= end("high"), "{report}");
        assert!(
            (-100.0..=100.0).contains(&end("low")) && (-100.0..=100.0).contains(&end("high")),
            "{report}"
        );
    }
}

#[tokio::test]
async fn an_unchanged_score_is_not_computed_again() {
    let collector = Collector::shared();
    let site = collector.site().await;
    site.import_csv(ANSWERS, "").await;
    let rows_read = async || site.usage().await["rows_read"].as_u64().expect("a count of rows");
    let score = async |known: &str| {
        let request = site.asking("GET", "score?range=all", &site.read);
        send(request.header("if-none-match", known)).await
    };
    let first = score("none").await;
    let (before, between) = (rows_read().await, rows_read().await);
    let again = score("none").await;
    let not_modified = score(first.header("etag")).await;
    let after = rows_read().await;
    assert_eq!((first.status, again.status, not_modified.status), (200, 200, 304));
    assert_eq!((first.header("etag"), &first.body), (again.header("etag"), &again.body));
    assert_eq!(after - between, between - before, "two scores read no row");

    site.store(json!({ "id": new_id(), "score": 9 })).await;
    let changed = score(first.header("etag")).await;
    assert_eq!(changed.ok()["scored"], 12);
    assert_eq!(site.score("range=7d").await["scored"], 1, "another query has another report");
}

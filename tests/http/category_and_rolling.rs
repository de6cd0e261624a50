//! Scores of a single category, of the year before, and of a rolling window.

use serde_json::{Value, json};
use tests::{Collector, Site};

/// Answers of 70 days, more on some than on others, and of the same days a year before.
async fn site(collector: &Collector) -> Site {
    let site = collector.site().await;
    let mut rows = String::new();
    for nth in 0..70_usize {
        for (year, more) in [(2026, 3), (2025, 1)] {
            let day = format!("{year}-{:02}-{:02}T12:00:00Z", nth / 28 + 2, nth % 28 + 1);
            (0..nth % 4 * more).for_each(|i| rows.push_str(&format!("{day},{}\n", (nth * i + year) % 11)));
        }
    }
    site.import_csv(format!("at,score\n{rows}"), "").await;
    site
}

#[tokio::test]
async fn the_share_of_a_category_is_its_fraction_of_the_scored_responses() {
    let collector = Collector::shared();
    let site = site(&collector).await;
    let days = "from=2026-02-01&to=2026-04-14";
    let all = site.score(&format!("{days}&interval=month")).await;
    for (category, counted) in
        [("promoter", "promoters"), ("passive", "passives"), ("detractor", "detractors")]
    {
        let report = site.score(&format!("{days}&interval=month&category={category}")).await;
        let expected = all["counts"][counted].as_f64().unwrap() / all["scored"].as_f64().unwrap();
        let share = |name: &str| report["share"][name].as_f64().unwrap();
        assert!((share("value") - expected).abs() < 1e-12, "{category}: {report}");
        assert!(
            0.0 <= share("low")
                && share("low") < expected
                && expected < share("high")
                && share("high") <= 1.0
        );
        assert_eq!(
            (&report["score"], &report["scored"]),
            (&Value::Null, &all["counts"][counted]),
            "it is no NPS"
        );
        assert_eq!(report["query"]["category"], category);
        for (point, whole) in
            report["series"].as_array().unwrap().iter().zip(all["series"].as_array().unwrap())
        {
            let expected = whole["counts"][counted].as_f64().unwrap() / whole["scored"].as_f64().unwrap();
            assert!((point["share"].as_f64().unwrap() - expected).abs() < 1e-12, "{point}");
        }
    }
    let none = site.score("from=2020-01-01&to=2020-01-02&category=promoter").await;
    assert_eq!((&none["scored"], none.get("share")), (&json!(0), Some(&Value::Null)));
    assert_eq!(all.get("share"), None);
    for (query, pointer) in [
        ("category=fan", "category"),
        ("category=promoter&range=7d&compare=previous", "category"),
        ("category=promoter&interval=day&range=7d&rolling=3d", "category"),
        ("category=promoter&group_by=channel", "category"),
    ] {
        site.try_score(query).await.invalid_at(pointer);
    }
}

#[tokio::test]
async fn a_period_is_compared_with_the_same_days_a_year_earlier() {
    let collector = Collector::shared();
    let site = site(&collector).await;
    let report = site.score("from=2026-02-10&to=2026-03-20&compare=year").await;
    let before = site.score("from=2025-02-10&to=2025-03-20").await;
    let previous = &report["previous"];
    for member in ["score", "scored", "interval95", "counts"] {
        assert_eq!(previous[member], before[member], "{member}");
    }
    assert_eq!((&previous["from"], &previous["to"]), (&json!("2025-02-10"), &json!("2025-03-20")));
    let delta = report["score"].as_f64().unwrap() - before["score"].as_f64().unwrap();
    assert!((previous["delta"].as_f64().unwrap() - delta).abs() < 1e-9);
    assert_eq!(report["query"]["compare"], "year");
    let leap = site.score("from=2024-02-29&to=2024-02-29&compare=year").await["previous"].take();
    assert_eq!((&leap["from"], &leap["to"]), (&json!("2023-02-28"), &json!("2023-02-28")));
    site.try_score("from=2025-01-01&to=2026-03-01&compare=year").await.invalid_at("compare");
    site.try_score("compare=year").await.invalid_at("compare");
}

#[tokio::test]
async fn each_rolling_window_is_the_score_of_its_days() {
    let collector = Collector::shared();
    let site = site(&collector).await;
    for (step, days) in [("day", 7), ("week", 28), ("month", 60)] {
        let report =
            site.score(&format!("from=2026-02-20&to=2026-03-20&interval={step}&rolling={days}d")).await;
        for point in report["series"].as_array().unwrap() {
            let (from, to) = (point["rolling"]["from"].as_str().unwrap(), point["to"].as_str().unwrap());
            let number = |day: &str| api::Day::parse(day).unwrap().number();
            assert_eq!(number(to) - number(from) + 1, days, "{point}");
            let alone = site.score(&format!("from={from}&to={to}")).await;
            for member in ["score", "scored", "interval95"] {
                assert_eq!(point["rolling"][member], alone[member], "{member} of {point}");
            }
        }
        assert_eq!(report["query"]["rolling"], format!("{days}d"));
    }
    for (query, pointer) in [
        ("rolling=7d", "rolling"),
        ("interval=day&range=7d&rolling=1d", "rolling"),
        ("interval=day&range=7d&rolling=367d", "rolling"),
        ("interval=day&range=7d&rolling=week", "rolling"),
    ] {
        site.try_score(query).await.invalid_at(pointer);
    }
}

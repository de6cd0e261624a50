//! Suppression of groups that are too small to hide who answered what.

use serde_json::{Value, json};
use tests::{Collector, Site};

use crate::groups::site_with;

/// Creates a site with that number of responses for each plan, on one day.
async fn site(collector: &Collector, plans: &[(&str, usize)]) -> Site {
    let site = site_with(collector, &["plan"]).await;
    import(&site, "2026-03-01", plans).await;
    site
}

async fn import(site: &Site, day: &str, plans: &[(&str, usize)]) {
    let rows =
        plans.iter().flat_map(|(plan, n)| (0..*n).map(move |nth| format!("{day},{},{plan}\n", nth % 11)));
    site.import_csv(format!("at,score,plan\n{}", rows.collect::<String>()), "").await;
}

/// The values of the groups that are hidden, in alphabetical order.
fn hidden(report: &Value) -> Vec<String> {
    let groups = report["groups"].as_array().unwrap().iter().filter(|group| group["hidden"] == true);
    let mut hidden: Vec<String> =
        groups.map(|group| group["value"].as_str().unwrap_or_default().to_owned()).collect();
    hidden.sort();
    hidden
}

#[tokio::test]
async fn groups_under_five_are_hidden_together_with_a_complementary_group() {
    let collector = Collector::shared();
    for (plans, expected) in [
        (vec![("a", 20), ("b", 9), ("c", 4)], vec!["b", "c"]),
        (vec![("a", 20), ("b", 9), ("c", 5)], vec![]),
        (vec![("a", 20), ("b", 4), ("c", 1)], vec!["b", "c"]),
        (vec![("a", 20), ("b", 30), ("c", 1), ("d", 1)], vec!["a", "c", "d"]),
        (vec![("a", 20), ("b", 1)], vec!["a", "b"]),
        (vec![("a", 3)], vec!["a"]),
        (vec![("a", 20), ("", 2)], vec!["", "a"]),
    ] {
        let site = site(&collector, &plans).await;
        let report = site.score("group_by=plan").await;
        assert_eq!(hidden(&report), expected, "{plans:?}");
        for group in report["groups"].as_array().unwrap() {
            for member in ["score", "interval95", "counts", "distribution", "comment_rate", "median_seconds"]
            {
                // No time is known of imported answers.
                let is_visible = group["hidden"] == false && member != "median_seconds";
                assert_eq!(!group[member].is_null(), is_visible, "{member} in {group}");
            }
        }
    }
}

#[tokio::test]
async fn a_filter_hides_what_the_groups_hide() {
    let collector = Collector::shared();
    let site = site(&collector, &[("a", 20), ("b", 9), ("c", 4)]).await;
    for (plan, is_hidden) in [("a", false), ("b", true), ("c", true)] {
        let report =
            site.score(&format!("filter[plan]={plan}&from=2026-03-01&to=2026-03-01&interval=day")).await;
        for part in [&report, &report["series"][0]] {
            assert_eq!(part["hidden"], is_hidden, "{plan}: {part}");
            for member in ["score", "interval95", "counts"] {
                assert_eq!(part[member].is_null(), is_hidden, "{member} of {plan}: {part}");
            }
        }
        for category in ["promoter", "passive", "detractor"] {
            let share = site.score(&format!("filter[plan]={plan}&category={category}")).await;
            assert_eq!(share["share"].is_null(), is_hidden, "{plan} {category}: {share}");
            assert_eq!(share["scored"].is_null(), is_hidden, "{plan} {category}: {share}");
        }
    }
}

#[tokio::test]
async fn each_day_and_the_previous_period_are_suppressed_separately() {
    let collector = Collector::shared();
    let site = site(&collector, &[("a", 9), ("b", 9)]).await;
    import(&site, "2026-03-02", &[("a", 9), ("b", 2)]).await;
    let report = site.score("filter[plan]=a&from=2026-03-02&to=2026-03-02&compare=previous").await;
    assert_eq!((&report["hidden"], &report["score"]), (&json!(true), &Value::Null), "it would tell of b");
    assert_eq!(report["previous"]["hidden"], false);
    assert_eq!(report["previous"]["delta"], Value::Null);
    let both = site.score("filter[plan]=b&from=2026-03-01&to=2026-03-02&interval=day&rolling=2d").await;
    let days: Vec<&Value> = both["series"].as_array().unwrap().iter().map(|point| &point["hidden"]).collect();
    assert_eq!((days, &both["hidden"]), (vec![&json!(false), &json!(true)], &json!(false)), "{both:#}");
    assert_eq!(both["series"][1]["rolling"]["hidden"], false);
}

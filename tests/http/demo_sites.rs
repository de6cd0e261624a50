//! The two sites of the demo, as a new user finds them.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;
use tests::{Demo, PrintedSite};

/// Reads a score of the shop's site with the printed variables.
fn shop_score(demo: &Demo, query: &str) -> Value {
    let url = format!(r#""$HOST/v1/sites/$SITE/score?{query}""#);
    demo.run_example(PrintedSite::Shop, &format!(r#"curl -gsS -H "Authorization: Bearer $READ_KEY" {url}"#))
}

#[tokio::test]
async fn the_shop_has_a_year_of_samples_and_the_survey_a_site_of_its_own() {
    let folder = TempDir::with_prefix("grapevine-test-").unwrap();
    let data = folder.path().join("data");
    let demo = Demo::start(&data);

    // The figures of the README.
    let score = demo.readme_score(PrintedSite::Shop);
    assert_eq!(score, demo.curl_score());
    let readme = fs::read_to_string(xtask::root().join("README.md")).unwrap();
    for name in ["score", "scored"] {
        let figure = format!("\"{name}\": {}", score[name]);
        assert!(readme.contains(&figure), "{figure}");
    }
    let distribution = score["distribution"].as_array().unwrap().iter().map(Value::to_string);
    let distribution = format!("\"distribution\": [{}]", distribution.collect::<Vec<_>>().join(", "));
    assert!(readme.contains(&distribution), "{distribution}");

    let groups = shop_score(&demo, "range=365d&group_by=plan");
    let mut plans: Vec<&str> =
        groups["groups"].as_array().unwrap().iter().map(|group| group["value"].as_str().unwrap()).collect();
    plans.sort_unstable();
    assert_eq!(plans, ["one-off", "subscription", "wholesale"], "{groups}");
    assert!(shop_score(&demo, "range=365d&group_by=country")["groups"].as_array().unwrap().len() > 5);
    let lately = shop_score(&demo, "range=21d&compare=previous&filter[plan]=subscription");
    assert!(lately["previous"]["p"].as_f64().unwrap() < 0.01, "{lately}");
    assert!(lately["previous"]["delta"].as_f64().unwrap() < -20.0, "{lately}");

    let survey = demo.readme_score(PrintedSite::Survey);
    assert_eq!((&survey["scored"], &survey["score"]), (&889.into(), &48.368953880764906.into()));

    // The next start imports nothing.
    assert!(demo.printed.contains("2100 stored"), "{}", demo.printed);
    assert!(demo.interrupt());
    let again = Demo::start(&data);
    assert!(!again.printed.contains("Imported"), "{}", again.printed);
    assert_eq!(again.readme_score(PrintedSite::Shop), score);
    assert_eq!(again.readme_score(PrintedSite::Survey), survey);
}

#[tokio::test]
async fn a_folder_of_an_earlier_version_keeps_its_only_site() {
    let folder = TempDir::with_prefix("grapevine-test-").unwrap();
    let data = folder.path().join("data");
    assert!(Demo::start(&data).interrupt());

    // An earlier version had the survey in the shop's site, and no other.
    let file = data.join("demo.json");
    let mut saved: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let survey = saved.as_object_mut().unwrap().remove("survey").unwrap();
    saved["site"] = survey["site"].clone();
    fs::write(&file, saved.to_string()).unwrap();

    let demo = Demo::start(&data);
    assert!(!demo.printed.contains("Imported") && !demo.printed.contains("Real data"), "{}", demo.printed);
    assert_eq!(demo.curl_score()["scored"], 889);
    assert_eq!(demo.readme_score(PrintedSite::Shop), demo.curl_score());
    assert_eq!(demo.score().await["scored"], 889);
}

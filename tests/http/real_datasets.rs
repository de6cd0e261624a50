//! Two real surveys, imported and recounted.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use tests::{Collector, Site};

/// `%m/%d/%y %H:%M`, as it stands in a URL.
const TRAINING: &str = "columns=at:date&at_format=%25m/%25d/%25y%20%25H:%25M";

/// Reads a file of the real data sets.
fn real(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo/data").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The rows of a file, each cell by its column's name.
fn rows(file: &[u8]) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(file).deserialize().map(|row| row.unwrap()).collect()
}

fn distribution<'a>(scores: impl Iterator<Item = &'a str>) -> [u64; 11] {
    let mut counts = [0; 11];
    scores.filter(|score| !score.is_empty()).for_each(|score| counts[score.parse::<usize>().unwrap()] += 1);
    counts
}

fn close(value: &Value, expected: f64) {
    assert!((value.as_f64().unwrap() - expected).abs() < 0.005, "{value} is not {expected}");
}

async fn site(collector: &Collector) -> Site {
    collector.create_site(json!({ "name": "Tea shop", "timezone": "Europe/London" })).await
}

#[tokio::test]
async fn the_training_survey_gives_its_published_score() {
    let collector = Collector::shared();
    let site = site(&collector).await;
    let file = real("carpentries_instructor_training_2018.csv");
    let mut imported = site.import(file.clone(), TRAINING, "text/csv").await.ok();
    assert!(imported["import"].take().is_string());
    let expected = json!({
        "rows": 967, "import": null, "stored": 889, "changed": 0, "already_there": 0, "without_score": 78, "without_date": 0,
        "marked": 0, "rejected": 0, "erased_before": 0, "older_than_kept": 889, "same_id": { "count": 0, "lines": [] }, "errors": [], "tool": null, "left_out": [], "cut": { "count": 0, "lines": [] },
    });
    assert_eq!(imported, expected);

    let report = site.score("range=all&interval=month").await;
    assert_eq!(report["scored"], 889);
    assert_eq!(report["counts"], json!({ "promoters": 501, "passives": 317, "detractors": 71 }));
    close(&report["score"], 48.37);

    let rows = rows(&file);
    assert_eq!(report["distribution"], json!(distribution(rows.iter().map(|row| row["score"].as_str()))));
    let mut months: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for row in &rows {
        let [month, _, year]: [&str; 3] =
            row["date"].split(' ').next().unwrap().split('/').collect::<Vec<_>>().try_into().unwrap();
        months.entry(format!("20{year}-{month:0>2}")).or_default().push(&row["score"]);
    }
    let mut seen = 0;
    for point in report["series"].as_array().unwrap() {
        let scores = months.get(&point["from"].as_str().unwrap()[..7]).cloned().unwrap_or_default();
        let counts = distribution(scores.into_iter());
        let sum = |part: &[u64]| part.iter().sum::<u64>();
        let (detractors, passives, promoters) = (sum(&counts[..7]), sum(&counts[7..9]), sum(&counts[9..]));
        let scored = detractors + passives + promoters;
        assert_eq!(point["scored"], scored, "{point}");
        assert_eq!(
            point["counts"],
            json!({ "promoters": promoters, "passives": passives, "detractors": detractors })
        );
        if scored == 0 {
            assert_eq!(point["score"], Value::Null);
        } else {
            close(&point["score"], 100.0 * (promoters as f64 - detractors as f64) / scored as f64);
            seen += 1;
        }
    }
    assert_eq!(seen, 28, "months with answers, June 2016 to September 2018");
}

#[tokio::test]
async fn the_long_term_survey_keeps_its_columns_as_properties() {
    let collector = Collector::shared();
    let site = site(&collector).await;
    let file = real("carpentries_longterm_2017.csv");
    let imported = site.import(file.clone(), "at=2017-10-15", "text/csv").await.ok();
    assert_eq!(
        (&imported["rows"], &imported["stored"], &imported["without_score"]),
        (&json!(476), &json!(402), &json!(74))
    );

    let report = site.score("from=2017-10-15&to=2017-10-15").await;
    assert_eq!(report["counts"], json!({ "promoters": 215, "passives": 118, "detractors": 69 }));
    close(&report["score"], 36.32);
    let rows = rows(&file);
    assert_eq!(report["distribution"], json!(distribution(rows.iter().map(|row| row["score"].as_str()))));

    // Rows that are alike are different people, so what is compared is how often each row is there.
    let mut expected: BTreeMap<(u64, BTreeMap<String, String>), u32> = BTreeMap::new();
    for mut row in rows {
        let score = row.remove("score").unwrap();
        row.retain(|_, cell| !cell.is_empty() && cell != "NA");
        if let Ok(score) = score.parse() {
            *expected.entry((score, row)).or_default() += 1;
        }
    }
    let mut listed: BTreeMap<(u64, BTreeMap<String, String>), u32> = BTreeMap::new();
    for response in site.responses().await {
        let properties = serde_json::from_value(response["properties"].clone()).unwrap();
        *listed.entry((response["score"].as_u64().unwrap(), properties)).or_default() += 1;
        assert_eq!(
            (&response["channel"], &response["at"]),
            (&json!("import"), &json!("2017-10-14T23:00:00.000Z"))
        );
    }
    assert!(
        listed
            .keys()
            .any(|(_, properties)| properties.contains_key("country") && properties.contains_key("position"))
    );
    assert_eq!(listed, expected);
}

#[tokio::test]
async fn importing_a_file_again_changes_nothing() {
    let collector = Collector::shared();
    let site = site(&collector).await;
    for (name, query, stored) in [
        ("carpentries_instructor_training_2018.csv", TRAINING, 889),
        ("carpentries_longterm_2017.csv", "", 402),
    ] {
        let first = site.import(real(name), query, "text/csv").await.ok();
        assert_eq!((&first["stored"], &first["already_there"]), (&json!(stored), &json!(0)), "{name}");
        let before = site.state().await;
        let again = site.import(real(name), query, "text/csv").await.ok();
        assert_eq!((&again["stored"], &again["already_there"]), (&json!(0), &json!(stored)), "{name}");
        assert_eq!(site.state().await, before, "{name}");
    }
    assert_eq!(site.score("").await["scored"], 889 + 402);
}

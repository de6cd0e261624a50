//! Rules with a table of cases. Most exist in the widget's JavaScript too, and both sides share the
//! table.
//!
//! The other half is `widget/js/shared_cases.test.js`.
#![expect(clippy::expect_used, reason = "a test may panic")]

use api::language;
use api::language::LANGUAGES;
use api::survey::Recontact;
use collector_core::eligibility::Impression;
use serde_json::Value;

const NOW_MS: i64 = 1_790_000_000_000;
const DAY_MS: f64 = 24.0 * 60.0 * 60.0 * 1000.0;

fn cases(table: &str) -> Vec<Value> {
    serde_json::from_str(table).expect("the table is a JSON array")
}

#[test]
fn languages_are_chosen_as_in_the_shared_table() {
    let table = cases(include_str!("../../../api/tests/cases/language.json"));
    assert!(table.len() > 60, "{} cases", table.len());
    for case in table {
        let preferences = case["preferences"].as_array().expect("an array").iter().filter_map(Value::as_str);
        let chosen = language::choose(preferences, &LANGUAGES);
        assert_eq!(chosen, case["language"].as_str(), "{case}");
    }
}

#[test]
fn users_are_eligible_as_in_the_shared_table() {
    let table = cases(include_str!("../../../api/tests/cases/recontact.json"));
    assert!(table.len() > 30, "{} cases", table.len());
    for case in table {
        let default = Recontact::default();
        let rule =
            |name: &str, default: u16| case["rules"][name].as_u64().map_or(default, |days| days as u16);
        let rules = Recontact {
            answered_days: rule("answered_days", default.answered_days),
            dismissed_days: rule("dismissed_days", default.dismissed_days),
            ignored_times: rule("ignored_times", default.ignored_times),
            ignored_days: rule("ignored_days", default.ignored_days),
            per_year: rule("per_year", default.per_year),
            ..default
        };
        let impressions = case["impressions"].as_array().expect("an array").iter();
        let history: Vec<Impression> = impressions
            .rev() // newest first
            .map(|impression| Impression {
                at_ms: NOW_MS - (impression["days_ago"].as_f64().expect("a number") * DAY_MS) as i64,
                answered: impression["scored"] == true,
                dismissed: impression["dismissed"] == true,
            })
            .collect();
        let blocked = collector_core::eligibility::check(&rules, NOW_MS, &history).err();
        let blocked = blocked.map(|reason| serde_json::to_value(reason).expect("a reason is JSON"));
        // The loader's name for the same reason is `year`.
        let expected = case["blocked"].as_str().map(|name| if name == "year" { "per_year" } else { name });
        assert_eq!(blocked.as_ref().and_then(Value::as_str), expected, "{case}");
    }
}

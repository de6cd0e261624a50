//! Sampling of visitors: as large as the setting, and stable for each visitor.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, Window};

use tests::fixture_clock_page::{shop, stored, tagged, why};

/// Number of users that are drawn.
const MANY: usize = 10_000;
/// Largest difference between their share and the setting: three and a half standard deviations of
/// pure chance.
const TOLERANCE: f64 = 0.015;
/// Owners' ids look like this, with a number at the end.
const SHAPES: [&str; 4] = ["", "customer-", "01936b3e-7c1d-7a52-b0f3-", "ann.öl+"];

/// Returns which users are in the sample, a quarter of them with each shape of id.
async fn sampled_users(browser: &Browser) -> Vec<bool> {
    let script = format!(
        "return (async () => {{
            let marks = '';
            for (const shape of {}) for (let index = 1; index <= {}; index++) {{
                const state = await grapevine('identify', shape + index);
                if (state != 'due' && state != 'sample') throw Error(state);
                if (state != await grapevine('why')) throw Error('the state changed');
                marks += state == 'due' ? 1 : 0;
            }}
            return marks;
        }})();",
        json!(SHAPES),
        MANY / SHAPES.len()
    );
    let marks = browser.run(&script).await;
    marks.as_str().expect("a mark for each").chars().map(|mark| mark == '1').collect()
}

fn share(sampled: &[bool]) -> f64 {
    sampled.iter().filter(|is_sampled| **is_sampled).count() as f64 / sampled.len() as f64
}

#[tokio::test]
async fn identified_users_are_sampled_evenly_and_stay_sampled() {
    let mut collector = Collector::start();
    let survey = json!({ "sampling": 0.25, "delay_seconds": 3600, "recontact": { "first_view": 1 } });
    let site = collector.create_site(json!({ "name": "Tea shop", "survey": survey })).await;
    let pages = shop(&site, "").await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    let visitor = stored(&browser).await;
    let before = sampled_users(&browser).await;
    assert_eq!(before.len(), MANY);
    assert!((share(&before) - 0.25).abs() <= TOLERANCE, "{}", share(&before));
    // The share holds for each shape of id. Chance has more room here, since each shape has fewer
    // users.
    for (shape, sampled) in SHAPES.iter().zip(before.chunks(MANY / SHAPES.len())) {
        assert!((share(sampled) - 0.25).abs() <= 0.04, "{} of {shape}…", share(sampled));
    }
    assert_eq!(stored(&browser).await, visitor, "nothing of all that is kept");
    browser.reload().await;
    assert!(sampled_users(&browser).await == before, "others after loading the page again");

    // Another variant draws another sample of the same size. The two overlap only by chance.
    let mut other = survey;
    other["variant"] = json!("stay");
    other["question"] = json!("Will you stay?");
    assert_eq!(site.owner_request("PUT", "survey", other).await.status, 200);
    collector.restart();
    pages.put_anywhere(tagged(&collector.again(&site), "", "", ""));
    browser.reload().await;
    let after = sampled_users(&browser).await;
    let both: Vec<bool> = before.iter().zip(&after).map(|(before, after)| *before && *after).collect();
    assert!((share(&after) - 0.25).abs() <= 0.02, "{}", share(&after));
    assert!((share(&both) - 0.0625).abs() <= 0.012, "{} in both", share(&both));
}

#[tokio::test]
async fn an_anonymous_visitor_stores_one_sampling_number() {
    let collector = Collector::shared();
    let survey = json!({ "sampling": 0.25, "delay_seconds": 3600, "recontact": { "first_view": 1 } });
    let site = collector.create_site(json!({ "name": "Tea shop", "survey": survey })).await;
    let pages = shop(&site, "").await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    // Each reset makes a new visitor.
    let script = format!(
        "return (async () => {{
            let eligible = 0;
            const lots = new Set();
            for (let index = 0; index < {MANY}; index++) {{
                eligible += await grapevine('reset') == 'due';
                lots.add(JSON.parse(localStorage.grapevine).lot);
            }}
            return [eligible, Math.min(...lots), Math.max(...lots), [...lots].every(Number.isInteger)];
        }})();"
    );
    let drawn = browser.run(&script).await;
    let share = drawn[0].as_f64().unwrap() / MANY as f64;
    // Chance enters twice here.
    assert!((share - 0.25).abs() <= 0.03, "{share}");
    // The number is one of ten thousand, so many visitors share it and it identifies none of them.
    assert!(drawn[1].as_i64() >= Some(1) && drawn[2].as_i64() <= Some(10_000) && drawn[3] == true, "{drawn}");

    let (lot, state) = (stored(&browser).await, why(&browser).await);
    let names: Vec<&String> = lot["grapevine"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["lot", "views"]);
    for _ in 0..3 {
        browser.reload().await;
        assert_eq!((stored(&browser).await, why(&browser).await), (lot.clone(), state.clone()));
    }
    // An identified user is sampled by id. Clearing the user restores the visitor's own number.
    browser.run("return grapevine('identify', 'ann');").await;
    assert_eq!(browser.run("return grapevine('identify', null);").await, state);
    assert_eq!(stored(&browser).await, lot);
    assert_ne!(lot, Value::Null);
}

//! Random sequences of messages against a model. In any order, the report equals a recount of all
//! impressions.

use std::collections::BTreeMap;

use fastrand::Rng;
use serde_json::{Value, json};
use tests::ids::timeless_id;
use tests::{Collector, Site, new_id};

const STEPS: usize = 300;

/// Expected state of one impression. Of two choices the one with more `elapsed_ms` stays.
#[derive(Default)]
struct Impression {
    score: Option<(i64, u64)>,
    /// An empty one was taken back.
    comment: Option<(i64, String)>,
    dismissed: bool,
}

impl Impression {
    fn apply(&mut self, message: &Value) {
        let elapsed = message["elapsed_ms"].as_i64().unwrap_or(-1);
        if let Some(score) = message["score"].as_u64()
            && self.score.is_none_or(|(known, _)| elapsed >= known)
        {
            self.score = Some((elapsed, score));
        }
        if let Some(comment) = message["comment"].as_str()
            && (elapsed >= 0 || !comment.is_empty())
            && self.comment.as_ref().is_none_or(|(known, _)| elapsed >= *known)
        {
            self.comment = Some((elapsed, comment.to_owned()));
        }
        self.dismissed |= message["dismissed"] == true;
    }

    fn comment(&self) -> Option<&str> {
        self.comment.as_ref().map(|(_, comment)| comment.as_str()).filter(|comment| !comment.is_empty())
    }
}

#[tokio::test]
async fn random_messages_match_the_model_seed_1() {
    run(0x5eed_0001).await;
}

#[tokio::test]
async fn random_messages_match_the_model_seed_2() {
    run(0x5eed_0002).await;
}

#[tokio::test]
async fn random_messages_match_the_model_seed_3() {
    run(0x5eed_0003).await;
}

async fn run(seed: u64) {
    let collector = Collector::start();
    let site = collector.site().await;
    let mut rng = Rng::with_seed(seed);
    let mut model: BTreeMap<String, Impression> = BTreeMap::new();
    let mut sent: Vec<Value> = Vec::new();
    for step in 0..STEPS {
        let messages: Vec<Value> = match rng.usize(..10) {
            0 => (0..=rng.usize(..20)).map(|_| message(&mut rng, &sent)).collect(),
            _ => vec![message(&mut rng, &sent)],
        };
        for message in &messages {
            let id = message["id"].as_str().unwrap().to_lowercase();
            model.entry(id).or_default().apply(message);
        }
        site.store(if messages.len() == 1 { messages[0].clone() } else { json!(messages) }).await;
        sent.extend(messages);
        if step % 50 == 49 {
            compare(&site, &model, &format!("seed {seed:#x}, step {step}")).await;
        }
    }
}

/// A message of a new impression, or one more of a known one, or an old one again.
fn message(rng: &mut Rng, sent: &[Value]) -> Value {
    let known = |rng: &mut Rng| sent.get(rng.usize(..sent.len().max(1))).cloned();
    let mut message = json!({ "shown": true });
    match (rng.usize(..10), known(rng)) {
        (0..2, Some(again)) => return again,
        (2..6, Some(earlier)) => message["id"] = earlier["id"].clone(),
        (6, _) => message["id"] = json!(timeless_id()),
        (7, _) => message["id"] = json!(new_id().to_uppercase()),
        _ => message["id"] = json!(new_id()),
    }
    if rng.usize(..2) == 0 {
        message["score"] = json!(rng.usize(..11));
    }
    match rng.usize(..12) {
        0..4 => message["comment"] = json!(format!("comment {}", rng.usize(..1_000))),
        4 => message["comment"] = json!(""),
        _ => {}
    }
    if rng.usize(..5) == 0 {
        message["dismissed"] = json!(true);
    }
    // Without a time, of two choices the later to arrive stays, unless one with a time is there.
    if rng.usize(..4) > 0 {
        message["elapsed_ms"] = json!(rng.usize(..20_000));
    }
    message
}

async fn compare(site: &Site, model: &BTreeMap<String, Impression>, when: &str) {
    let listed = site.responses().await;
    assert_eq!(listed.len(), model.len(), "{when}");
    for response in &listed {
        let impression = &model[response["id"].as_str().unwrap()];
        assert_eq!(
            response["score"].as_u64(),
            impression.score.map(|(_, score)| score),
            "{when}: {response}"
        );
        let comment = impression.comment();
        assert_eq!(response["comment"].as_str(), comment, "{when}: {response}");
        assert_eq!(
            response["dismissed"],
            impression.dismissed && impression.score.is_none(),
            "{when}: {response}"
        );
    }

    let count =
        |rule: &dyn Fn(&Impression) -> bool| model.values().filter(|impression| rule(impression)).count();
    let scored_in = |from: u64, to: u64| count(&|it| it.score.is_some_and(|(_, s)| (from..=to).contains(&s)));
    let distribution: Vec<usize> = (0..=10).map(|score| scored_in(score, score)).collect();
    let (promoters, passives, detractors) = (scored_in(9, 10), scored_in(7, 8), scored_in(0, 6));
    let (scored, shown) = (promoters + passives + detractors, model.len());
    let commented = count(&|it| it.score.is_some() && it.comment().is_some());
    let dismissed = count(&|it| it.dismissed && it.score.is_none());

    let report = site.score("range=2d&interval=day").await;
    assert_eq!(report["distribution"], json!(distribution), "{when}");
    assert_eq!(
        report["counts"],
        json!({ "promoters": promoters, "passives": passives, "detractors": detractors }),
        "{when}"
    );
    for (name, expected) in
        [("scored", scored), ("shown", shown), ("dismissed", dismissed), ("commented", commented)]
    {
        assert_eq!(report[name], expected, "{name}, {when}");
    }
    let close = |name: &str, expected: f64| {
        let actual = report[name].as_f64().unwrap_or_else(|| panic!("no {name}, {when}: {report}"));
        assert!((actual - expected).abs() < 1e-9, "{name} is {actual}, not {expected}, {when}");
    };
    close("score", 100.0 * (promoters as f64 - detractors as f64) / scored as f64);
    close("response_rate", scored as f64 / shown as f64);
    close("comment_rate", commented as f64 / scored as f64);
    let in_days: u64 =
        report["series"].as_array().unwrap().iter().map(|day| day["scored"].as_u64().unwrap()).sum();
    assert_eq!(in_days, scored as u64, "{when}");

    // The median of buckets lies within a third of an octave of the exact one, from half a second
    // on.
    let mut times: Vec<i64> =
        model.values().filter_map(|it| it.score).map(|(ms, _)| ms).filter(|ms| *ms >= 0).collect();
    times.sort_unstable();
    let exact = times[times.len().div_ceil(2) - 1] as f64 / 1_000.0;
    let median = report["median_seconds"].as_f64().unwrap();
    if exact >= 0.5 {
        assert!((median / exact).max(exact / median) < 2_f64.cbrt(), "{median} s for {exact} s, {when}");
    }
}

//! The survey as its owner sets it: versions, questions that stay fixed with their variant, and the
//! loader.

use serde_json::{Value, json};
use tests::client::send;
use tests::{Collector, HttpResponse, Site, new_id};

async fn put(site: &Site, survey: Value) -> HttpResponse {
    site.owner_request("PUT", "survey", survey).await
}

async fn loader(collector: &Collector, site: &Site) -> String {
    let answer = send(collector.http().get(site.loader_url())).await;
    assert_eq!(answer.status, 200, "{answer}");
    String::from_utf8(answer.body).unwrap()
}

fn stay(question: &str) -> Value {
    json!({ "variant": "stay", "question": question })
}

const FIRST: &str = "How likely are you to stay with us for three months?";
const SECOND: &str = "How likely are you to stay with us for a year?";

#[tokio::test]
async fn each_version_of_the_survey_is_kept() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let first = site.owner_get("survey").await;
    assert_eq!((&first["version"], &first["survey"]["delay_seconds"]), (&json!(1), &json!(10)));
    assert_eq!(first["survey"]["recontact"]["answered_days"], 120, "every setting is shown");
    let second = put(&site, json!({ "delay_seconds": 33, "sampling": 0.5 })).await.ok();
    assert_eq!((&second["version"], &second["survey"]["delay_seconds"]), (&json!(2), &json!(33)));
    assert_eq!(site.owner_get("survey").await, second);
    assert_eq!(put(&site, second["survey"].clone()).await.ok(), second, "the same again is no new version");
    let third = put(&site, json!({})).await.ok();
    assert_eq!(
        (&third["version"], &third["survey"]),
        (&json!(3), &first["survey"]),
        "a PUT replaces the whole"
    );
    for (version, expected) in [(1, &first), (2, &second), (3, &third)] {
        assert_eq!(site.owner_get(&format!("survey?version={version}")).await, *expected);
    }
    site.get("survey?version=4", &site.owner).await.problem(404);
    for wrong in ["version=0", "version=-1", "version=x", "version=", "versions=1"] {
        let pointer = wrong.split('=').next().unwrap();
        site.get(&format!("survey?{wrong}"), &site.owner).await.invalid_at(pointer);
    }
}

#[tokio::test]
async fn every_invalid_survey_setting_is_named_and_none_is_changed() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let wrong = json!({
        "delay_seconds": 1.5, "sampling": 2, "mode": "overlay", "recontact": { "answered_days": 30 }, "privacy_url": "javascript:x",
        "colour": "red", "question": "Do you like us?",
    });
    let problem = put(&site, wrong).await.problem(422);
    let mut pointers: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    pointers.sort_unstable();
    let expected = [
        "/colour",
        "/delay_seconds",
        "/mode",
        "/privacy_url",
        "/question",
        "/recontact/answered_days",
        "/sampling",
    ];
    assert_eq!(pointers, expected, "{problem}");
    send(site.asking("PUT", "survey", &site.owner).body("{")).await.problem(400);
    assert_eq!(site.owner_get("survey").await["version"], 1);
}

#[tokio::test]
async fn a_stale_if_match_gets_412() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let etag = site.get("survey", &site.owner).await.header("etag").to_owned();
    let put_if = |delay: u32| {
        let request = site.asking("PUT", "survey", &site.owner).header("if-match", etag.clone());
        send(request.json(&json!({ "delay_seconds": delay })))
    };
    put_if(20).await.ok();
    put_if(30).await.problem(412);
    assert_eq!(site.owner_get("survey").await["survey"]["delay_seconds"], 20);
}

#[tokio::test]
async fn the_question_of_an_answered_variant_cannot_change() {
    let collector = Collector::shared();
    let site = collector.site().await;
    put(&site, stay(FIRST)).await.ok();
    site.store(json!({ "id": new_id(), "score": 9, "variant": "stay" })).await;
    let problem = put(&site, stay(SECOND)).await.invalid_at("/question");
    assert!(problem["detail"].as_str().unwrap().contains(FIRST), "{problem}");
    let mut other = stay(FIRST);
    other["delay_seconds"] = json!(40);
    put(&site, other).await.ok();
    put(&site, json!({ "variant": "stay-2", "question": SECOND })).await.ok();
    put(&site, json!({})).await.ok();
    put(&site, stay(SECOND)).await.invalid_at("/question");
    put(&site, stay(FIRST)).await.ok();
    assert_eq!(site.score("").await["query"]["variant"], "stay");
}

#[tokio::test]
async fn a_question_replaced_before_the_first_answer_is_not_binding() {
    let collector = Collector::shared();
    let site = collector.site().await;
    put(&site, stay(SECOND)).await.ok();
    put(&site, stay(FIRST)).await.ok();
    site.store(json!({ "id": new_id(), "score": 9, "variant": "stay" })).await;
    let mut other = stay(FIRST);
    other["delay_seconds"] = json!(40);
    assert_eq!(
        put(&site, other).await.ok()["survey"]["delay_seconds"],
        40,
        "the question is the one that was asked"
    );
}

#[tokio::test]
async fn the_translations_of_an_answered_question_cannot_change() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let with = |german: &str| {
        let mut survey = stay(FIRST);
        survey["texts"] = json!({ "de": { "question": german } });
        survey
    };
    put(&site, with("Wie wahrscheinlich bleiben Sie drei Monate?")).await.ok();
    site.store(json!({ "id": new_id(), "score": 9, "variant": "stay", "lang": "de" })).await;
    let refused = put(&site, with("Wie wahrscheinlich empfehlen Sie uns?")).await;
    assert_eq!(refused.status, 422, "another question under the same variant: {refused}");
    assert_eq!(site.owner_get("survey").await["version"], 2);
}

#[tokio::test]
async fn the_standard_question_cannot_change() {
    let collector = Collector::shared();
    let site = collector.site().await;
    put(&site, json!({ "question": FIRST })).await.invalid_at("/question");
    put(&site, json!({ "texts": { "en": { "question": FIRST } } })).await.invalid_at("/texts/en/question");
    put(&site, json!({ "variant": "stay" })).await.invalid_at("/question");
}

#[tokio::test]
async fn the_loader_contains_the_survey_and_no_private_setting() {
    let collector = Collector::shared();
    let given = json!({ "name": "Tea shop", "origins": ["https://tea.example"], "properties": ["plan"] });
    let site = collector.create_site(given).await;
    put(&site, json!({ "delay_seconds": 77, "texts": { "en": { "intro": "Hello </script> you" } } }))
        .await
        .ok();
    let script = loader(&collector, &site).await;
    assert!(script.contains("\"delay\":77"), "{script}");
    assert!(script.contains("Hello \\u003c/script> you"), "{script}");
    // The widget sends the declared properties first, so it has to know their names.
    assert!(script.contains("\"properties\":[\"plan\"]"), "{script}");
    // Nobody is asked on a page of another origin.
    assert!(script.contains("\"origins\":[\"https://tea.example\"]"), "{script}");
    for hidden in ["retention", "grapevine_owner_"] {
        assert!(!script.contains(hidden), "{hidden}");
    }
}

#[tokio::test]
async fn the_loader_follows_a_new_survey_and_a_new_name() {
    let mut collector = Collector::start();
    let site = collector.site().await;
    let before = send(collector.http().get(site.loader_url())).await;
    put(&site, json!({ "delay_seconds": 77 })).await.ok();
    site.patch_settings(json!({ "name": "Coffee bar" })).await;
    // Another process has not seen the loader before.
    collector.restart();
    let site = collector.again(&site);
    let after = send(collector.http().get(site.loader_url())).await;
    assert_ne!(after.header("etag"), before.header("etag"));
    let script = String::from_utf8(after.body).unwrap();
    assert!(script.contains("\"delay\":77") && script.contains("Coffee bar"), "{script}");
    assert_eq!(site.owner_get("survey").await["version"], 2);
}

#[tokio::test]
async fn a_target_that_no_browser_can_parse_is_refused() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let inline = |target: &str| json!({ "mode": "inline", "target": target });
    for wrong in ["#2024-x", ".7up", "div[", "a >", "a,,b", "[a=\"b]", ":nth-child(2n+)", "a)", "#", "div..x"]
    {
        let problem = put(&site, inline(wrong)).await.invalid_at("/target");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("CSS selector"), "{wrong}: {detail}");
        let created = json!({ "name": "Tea", "survey": inline(wrong) });
        collector.ask_for_site(&created).await.invalid_at("/survey/target");
    }
    assert_eq!(site.owner_get("survey").await["version"], 1);
    for right in [r"#\32 024-x", "main > :is(.a, [data-b='c' i]):nth-child(2n+1 of .d)", "#größe"] {
        assert_eq!(put(&site, inline(right)).await.ok()["survey"]["target"], right);
        assert!(loader(&collector, &site).await.contains("\"target\":"));
    }
}

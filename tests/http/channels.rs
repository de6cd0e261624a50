//! The channel on which a response arrived.

use serde_json::{Value, json};
use tests::{Collector, new_id};

#[tokio::test]
async fn a_response_keeps_its_first_channel_and_scores_group_by_channel() {
    let collector = Collector::start();
    let site = collector.site().await;
    for (channel, kept, score) in [
        (json!("mail"), "mail", 10),
        (json!("link"), "link", 0),
        (json!("page"), "page", 9),
        (Value::Null, "page", 8),
    ] {
        for _ in 0..5 {
            let id = new_id();
            site.store(json!({ "id": id, "score": score, "channel": channel })).await;
            assert_eq!(site.owner_get(&format!("responses/{id}")).await["channel"], kept);
        }
    }
    let id = new_id();
    site.store(json!({ "id": id, "shown": true })).await;
    // The first channel of an impression stays.
    site.store(json!({ "id": id, "score": 9, "channel": "mail" })).await;
    assert_eq!(site.owner_get(&format!("responses/{id}")).await["channel"], "page");
    site.import_csv("score\n9\n9\n9\n9\n9\n", "").await;

    let groups = site.score("group_by=channel").await["groups"].take();
    let group_of = |value: &str| {
        let group = groups.as_array().unwrap().iter().find(|group| group["value"] == value);
        let group = group.unwrap_or_else(|| panic!("no {value}: {groups}"));
        (group["scored"].as_u64().unwrap(), group["score"].as_f64().unwrap())
    };
    assert_eq!(group_of("mail"), (5, 100.0));
    assert_eq!(group_of("link"), (5, -100.0));
    assert_eq!(group_of("import"), (5, 100.0));
    assert_eq!(group_of("page").0, 11);
    assert_eq!(site.score("filter[channel]=mail").await["scored"], 5);
}

#[tokio::test]
async fn unknown_channels_are_invalid() {
    let collector = Collector::start();
    let site = collector.site().await;
    for wrong in
        [json!("import"), json!("interview"), json!("Mail"), json!(""), json!(7), json!(["mail"]), json!({})]
    {
        let answer = site.post(&json!({ "id": new_id(), "score": 9, "channel": wrong })).await;
        let problem = answer.invalid_at("/channel");
        assert!(problem["detail"].as_str().unwrap().contains("page, link or mail"), "{problem}");
    }
    // A channel alone makes no response.
    site.post(&json!({ "id": new_id(), "channel": "mail" })).await.invalid_at("");
    assert_eq!(site.score("").await["shown"], 0);
}

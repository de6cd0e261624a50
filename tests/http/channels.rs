//! Channel of a response: its names in the API, and those that are stored.

use serde_json::{Value, json};
use tests::{Collector, new_id};

#[tokio::test]
async fn a_response_keeps_its_first_channel_and_scores_group_by_channel() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for (channel, kept, score) in [
        (json!("email"), "email", 10),
        (json!("link"), "link", 0),
        (json!("interview"), "interview", 0),
        (json!("web"), "web", 9),
        (Value::Null, "web", 8),
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
    site.store(json!({ "id": id, "score": 9, "channel": "email" })).await;
    assert_eq!(site.owner_get(&format!("responses/{id}")).await["channel"], "web");
    site.import_csv("score\n9\n9\n9\n9\n9\n", "").await;

    let groups = site.score("group_by=channel").await["groups"].take();
    let group_of = |value: &str| {
        let group = groups.as_array().unwrap().iter().find(|group| group["value"] == value);
        let group = group.unwrap_or_else(|| panic!("no {value}: {groups}"));
        (group["scored"].as_u64().unwrap(), group["score"].as_f64().unwrap())
    };
    assert_eq!(group_of("email"), (5, 100.0));
    assert_eq!(group_of("interview"), (5, -100.0));
    assert_eq!(group_of("link"), (5, -100.0));
    assert_eq!(group_of("import"), (5, 100.0));
    assert_eq!(group_of("web").0, 11);
    for (channel, scored) in [("web", 11), ("link", 5), ("email", 5), ("interview", 5), ("import", 5)] {
        let filter = format!("filter[channel]={channel}");
        assert_eq!(site.score(&filter).await["scored"], scored, "{channel}");
        let listed = site.responses_of(&filter, 50).await;
        assert_eq!(listed.len(), scored, "{channel}");
        assert!(listed.iter().all(|response| response["channel"] == channel), "{channel}");
    }
    let export = site.get("export?format=csv&filter[channel]=email", &site.owner).await;
    assert_eq!(String::from_utf8_lossy(&export.body).matches(",\"email\",").count(), 5, "{export}");
}

#[tokio::test]
async fn unknown_channels_are_invalid() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for wrong in [
        json!("import"),
        json!("page"),
        json!("mail"),
        json!("Email"),
        json!(""),
        json!(7),
        json!(["email"]),
        json!({}),
    ] {
        let answer = site.post(&json!({ "id": new_id(), "score": 9, "channel": wrong })).await;
        let problem = answer.invalid_at("/channel");
        assert!(problem["detail"].as_str().unwrap().contains("web, link, email or interview"), "{problem}");
    }
    // A channel alone makes no response.
    site.post(&json!({ "id": new_id(), "channel": "email" })).await.invalid_at("");
    assert_eq!(site.score("").await["shown"], 0);
    for endpoint in ["score", "responses", "export"] {
        for wrong in ["mail", "page", "Email"] {
            let answer = site.get(&format!("{endpoint}?filter[channel]={wrong}"), &site.owner).await;
            let problem = answer.invalid_at("filter[channel]");
            let expected = format!("web, link, email, interview or import, not \"{wrong}\"");
            assert!(problem["detail"].as_str().unwrap().contains(&expected), "{problem}");
        }
    }
}

#[tokio::test]
async fn stored_names_of_channels_do_not_change_and_an_old_export_is_imported() {
    let mut collector = Collector::start();
    let site = collector.site().await;
    for (channel, comment) in [("web", "the shop"), ("email", "the letter")] {
        site.store(json!({ "id": new_id(), "score": 9, "channel": channel, "comment": comment })).await;
    }
    let export = site.get("export?format=csv", &site.owner).await;
    let export = String::from_utf8(export.body).unwrap();
    collector.restart();
    // In a row the channel follows its variant.
    for (stored, api) in [("page", "web"), ("mail", "email")] {
        assert!(!collector.files_with(&format!("standard{stored}")).is_empty(), "{stored}");
        assert!(collector.files_with(&format!("standard{api}")).is_empty(), "{api}");
    }

    let old = export.replace("\"web\"", "\"page\"").replace("\"email\"", "\"mail\"");
    assert_ne!(old, export);
    let archive = collector.site().await;
    for (file, stored) in [(&old, 2), (&export, 0)] {
        let imported = archive.import_csv(file.clone(), "").await;
        assert_eq!((&imported["stored"], &imported["rejected"]), (&json!(stored), &json!(0)), "{imported}");
    }
    assert!(archive.responses().await.iter().all(|response| response["channel"] == "import"));
}

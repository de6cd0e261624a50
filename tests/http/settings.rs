//! Settings of a site that an owner changes.

use serde_json::{Value, json};
use tests::client::send;
use tests::{Collector, HttpResponse, Site};

/// Changes the site if it is as it was under that tag.
async fn change_if(site: &Site, etag: &str, body: Value) -> HttpResponse {
    send(site.asking("PATCH", "", &site.owner).header("if-match", etag).json(&body)).await
}

/// The pointer of each thing that is wrong.
fn pointers(problem: &Value) -> Vec<String> {
    let errors = problem["errors"].as_array().unwrap_or_else(|| panic!("no list of errors: {problem}"));
    assert!(errors.iter().all(|error| error["detail"].as_str().unwrap().ends_with('.')), "{problem}");
    let mut pointers: Vec<String> =
        errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect();
    pointers.sort();
    pointers
}

#[tokio::test]
async fn a_new_site_has_its_defaults() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let expected = json!({
        "site": site.id, "name": "Tea shop", "timezone": "UTC", "origins": [], "properties": [], "badge": false,
        "public_notes": false, "hidden_notes": [], "retention": { "months": 24, "contact_days": 90 },
        "text_mb_per_day": 200, "identity": "open",
        "in_progress": { "properties": [], "timezone": false },
    });
    assert_eq!(site.owner_get("").await, expected);
}

#[tokio::test]
async fn a_patch_changes_the_named_settings_only_and_null_resets_them() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let before = site.owner_get("").await;
    let changes = json!({
        "name": "Tea & more", "timezone": "Europe/Warsaw", "origins": ["https://Tea.example/"], "properties": ["plan"],
        "badge": true, "public_notes": true, "retention": { "months": 12, "contact_days": 30 },
        "text_mb_per_day": 50, "identity": "signed", "hidden_notes": ["down.2026-11-02", "survey.3"],
    });
    for (name, value) in changes.as_object().unwrap() {
        let mut expected = site.settled().await;
        expected[name] = if name == "origins" { json!(["https://tea.example"]) } else { value.clone() };
        site.patch_settings(json!({ name: value })).await;
        assert_eq!(site.settled().await, expected, "only {name} has changed");
    }
    site.patch_settings(json!({ "retention": { "months": null } })).await;
    assert_eq!(
        site.owner_get("").await["retention"],
        json!({ "months": null, "contact_days": 30 }),
        "kept for ever"
    );
    site.patch_settings(json!({ "retention": { "contact_days": null } })).await;
    assert_eq!(site.owner_get("").await["retention"], json!({ "months": null, "contact_days": 90 }));
    let none = json!({
        "timezone": null, "origins": null, "properties": null, "badge": null, "public_notes": null, "retention": null,
        "text_mb_per_day": null, "identity": null, "hidden_notes": null, "name": "Tea shop",
    });
    site.patch_settings(none).await;
    assert_eq!(site.settled().await, before);
    assert_eq!(site.patch_settings(json!({})).await, before);
}

#[tokio::test]
async fn settings_can_be_given_at_creation() {
    let collector = Collector::shared();
    let given = json!({
        "name": "Tea shop", "timezone": "Asia/Kathmandu", "origins": ["https://tea.example"], "properties": ["plan", "lang"],
        "badge": true, "public_notes": true, "retention": { "months": null, "contact_days": 7 },
    });
    let site = collector.create_site(given.clone()).await;
    let shown = site.settled().await;
    for (name, value) in given.as_object().unwrap() {
        assert_eq!(&shown[name], value, "{name}");
    }
}

#[tokio::test]
async fn every_invalid_setting_is_named_and_none_is_changed() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let before = site.owner_get("").await;
    let wrong = json!({
        "name": " ", "badge": "yes", "public_notes": 1, "hidden_notes": ["survey.3", 7, "survey.3"], "properties": ["plan", "plan"], "colour": "red", "survey": {},
        "retention": { "months": 0, "contact_days": 731, "days": 1 },
    });
    let expected = [
        "/badge",
        "/colour",
        "/hidden_notes/1",
        "/hidden_notes/2",
        "/name",
        "/properties/1",
        "/public_notes",
        "/retention/contact_days",
        "/retention/days",
        "/retention/months",
        "/survey",
    ];
    let problem = site.owner_request("PATCH", "", wrong.clone()).await.problem(422);
    assert_eq!(pointers(&problem), expected);
    let survey = problem["errors"].as_array().unwrap().iter().find(|error| error["pointer"] == "/survey");
    assert!(survey.unwrap()["detail"].as_str().unwrap().contains("PUT"), "{problem}");
    let half = json!({ "name": "New", "badge": "yes" });
    site.owner_request("PATCH", "", half).await.invalid_at("/badge");
    for body in [json!([]), json!("name"), json!(7)] {
        site.owner_request("PATCH", "", body).await.problem(422);
    }
    send(site.asking("PATCH", "", &site.owner).body("{")).await.problem(400);
    site.owner_request("PATCH", "", json!({ "name": null })).await.invalid_at("/name");
    assert_eq!(site.owner_get("").await, before);
    let mut created = wrong;
    created["survey"] = json!({ "delay_seconds": -1 });
    created["retention"] = json!({});
    let problem = collector.ask_for_site(&created).await.problem(422);
    let expected = [
        "/badge",
        "/colour",
        "/hidden_notes/1",
        "/hidden_notes/2",
        "/name",
        "/properties/1",
        "/public_notes",
        "/survey/delay_seconds",
    ];
    assert_eq!(pointers(&problem), expected, "{problem}");
}

#[tokio::test]
async fn invalid_zones_and_origins_are_named_with_the_other_errors() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let wrong = json!({ "timezone": "Mars/Olympus", "origins": ["https://tea.example", "tea.example", 7], "badge": 1 });
    let expected = ["/badge", "/origins/1", "/origins/2", "/timezone"];
    assert_eq!(pointers(&site.owner_request("PATCH", "", wrong.clone()).await.problem(422)), expected);
    let mut created = wrong;
    created["name"] = json!("Tea shop");
    assert_eq!(pointers(&collector.ask_for_site(&created).await.problem(422)), expected);
}

#[tokio::test]
async fn a_pattern_that_matches_no_origin_is_refused_with_the_reason() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for (origin, reason) in [
        ("https://*", "star"),
        ("https://*.", "Must have a host"),
        ("https://a.*.b", "star"),
        ("https://*tea.example", "star"),
        ("*.tea.example", "Must begin with https:// or http://"),
        ("https://*.1.2.3.4", "no subdomains"),
        ("https://*.tea.example/shop", "without user, path"),
        ("https://*.tëa.example/shop", "without user, path"),
        ("https://tea.example:65536", "port"),
        ("http://localhost:*", "port"),
        ("https://tea.example;sandbox", "Must have a host"),
        ("null", "Must begin with"),
    ] {
        let change = json!({ "origins": ["https://tea.example", origin] });
        let problem = site.owner_request("PATCH", "", change).await.problem(422);
        assert_eq!(problem["pointer"], "/origins/1", "{problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.starts_with(&format!("`{origin}` is not an origin. ")), "{detail}");
        assert!(detail.contains(reason), "{detail}");
    }
    let twenty: Vec<String> = (0..20).map(|shop| format!("https://shop_{shop}.example")).collect();
    assert_eq!(site.patch_settings(json!({ "origins": twenty })).await["origins"], json!(twenty));
}

#[tokio::test]
async fn a_stale_if_match_gets_412() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let read = site.get("", &site.owner).await;
    let etag = read.header("etag").to_owned();
    assert!(etag.starts_with('"'), "a strong tag: {etag}");
    let changed = change_if(&site, &etag, json!({ "name": "First" })).await;
    assert_eq!(changed.ok()["name"], "First");
    let newer = changed.header("etag").to_owned();
    let refused = change_if(&site, &etag, json!({ "name": "Second" })).await;
    assert_eq!(refused.problem(412)["etag"], newer.as_str());
    assert_eq!(site.owner_get("").await["name"], "First");
    for seen in [&newer, "*", &format!("\"other\", {newer}")] {
        let seen = if site.owner_get("").await["name"] == "First" { seen } else { "*" };
        change_if(&site, seen, json!({ "badge": false })).await.ok();
    }
    assert_eq!(change_if(&site, "\"other\"", json!({})).await.status, 412);
}

#[tokio::test]
async fn a_matching_etag_gets_304() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for endpoint in ["", "survey", "score?range=7d"] {
        let first = site.get(endpoint, &site.owner).await;
        let etag = first.header("etag").to_owned();
        let know =
            |etag: &str| site.asking("GET", endpoint, &site.owner).header("if-none-match", etag.to_owned());
        for tag in [etag.clone(), format!("W/{etag}"), format!("\"x\", {etag}")] {
            let again = send(know(&tag)).await;
            assert_eq!(
                (again.status, again.body.len(), again.header("etag")),
                (304, 0, etag.as_str()),
                "{endpoint}"
            );
        }
        assert_eq!(send(know("\"x\"")).await.ok(), first.json(), "{endpoint}");
    }
    let etag = site.get("", &site.owner).await.header("etag").to_owned();
    site.patch_settings(json!({ "badge": true })).await;
    let newer = send(site.asking("GET", "", &site.owner).header("if-none-match", etag)).await;
    assert_eq!(newer.ok()["badge"], true);
}

#[tokio::test]
async fn only_an_owner_key_reads_and_changes_settings() {
    let collector = Collector::shared();
    let (site, other) = (collector.site().await, collector.site().await);
    for endpoint in ["", "survey"] {
        site.get(endpoint, &site.read).await.problem(403);
        for key in ["", &other.owner, collector.admin_token()] {
            send(site.asking("GET", endpoint, key)).await.problem(401);
        }
    }
    for (key, status) in [(site.read.as_str(), 403), (&other.owner, 401), ("", 401)] {
        send(site.asking("PATCH", "", key).json(&json!({ "name": "Mine" }))).await.problem(status);
        send(site.asking("PUT", "survey", key).json(&json!({}))).await.problem(status);
    }
    assert_eq!(site.owner_get("").await["name"], "Tea shop");
}

#[tokio::test]
async fn changed_origins_apply_at_once() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let message = || json!({ "id": tests::new_id(), "score": 9 }).to_string();
    let from = |origin: &'static str| send(site.posting(message()).header("origin", origin));
    assert_eq!(from("https://elsewhere.example").await.status, 200);
    site.patch_settings(json!({ "origins": ["https://tea.example"] })).await;
    assert_eq!(from("https://elsewhere.example").await.status, 403);
    assert_eq!(from("https://tea.example").await.status, 200);
    site.patch_settings(json!({ "origins": null })).await;
    assert_eq!(from("https://elsewhere.example").await.status, 200);
}

#[tokio::test]
async fn each_endpoint_names_its_methods_in_allow() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let preflight = send(site.asking("OPTIONS", "responses/x", "")).await;
    assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, "*"));
    let headers = preflight.header("access-control-allow-headers").to_owned();
    assert!(
        ["authorization", "if-match", "if-none-match"].iter().all(|name| headers.contains(name)),
        "{headers}"
    );
    for (endpoint, allowed) in [
        ("", "GET, PATCH, DELETE"),
        ("survey", "GET, PUT"),
        ("responses", "GET, POST"),
        ("responses/x", "GET, PATCH, DELETE"),
        ("keys", "GET, POST"),
        ("keys/x", "DELETE"),
        ("notes", "GET, POST"),
        ("notes/x", "PATCH, DELETE"),
        ("webhooks", "GET, POST"),
        ("webhooks/x", "GET, PATCH, DELETE"),
        ("webhooks/x/test", "POST"),
        ("webhooks/x/deliveries/1/replay", "POST"),
        ("users/lookup", "GET, POST, DELETE"),
        ("users/x", "GET, DELETE"),
        ("due", "GET"),
        ("badge.svg", "GET"),
        ("changes", "GET"),
        ("export", "GET"),
        ("import", "POST"),
    ] {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let answer = send(site.asking(method, endpoint, &site.owner)).await;
            if allowed.split(", ").any(|own| own == method) {
                assert_ne!(answer.status, 405, "{method} {endpoint}: {answer}");
            } else {
                answer.problem(405);
                assert_eq!(answer.header("allow"), allowed, "{method} {endpoint}");
            }
            let offered = preflight.header("access-control-allow-methods");
            assert!(allowed.split(", ").all(|own| offered.contains(own)), "{offered}");
        }
    }
}

#[tokio::test]
async fn names_of_every_javascript_object_are_refused_with_their_place() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for name in ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "__defineGetter__"] {
        let text = json!({ "key": name, "kind": "text", "question": "Why?" });
        let choice = json!({ "key": "why", "kind": "choice", "question": "Why?",
            "options": [{ "key": "a", "label": "A" }, { "key": name, "label": "B" }] });
        for (survey, pointer) in [
            (json!({ "follow_ups": [text] }), "/follow_ups/0/key"),
            (json!({ "follow_ups": [choice] }), "/follow_ups/0/options/1/key"),
            (json!({ "variant": name, "question": "Stay?" }), "/variant"),
        ] {
            let problem = site.owner_request("PUT", "survey", survey.clone()).await.invalid_at(pointer);
            assert!(problem["detail"].as_str().unwrap().contains(&format!("`{name}`")), "{problem}");
            let given = json!({ "name": "Tea shop", "survey": survey });
            collector.ask_for_site(&given).await.invalid_at(&format!("/survey{pointer}"));
        }
        let properties = json!({ "properties": ["plan", name] });
        let problem = site.owner_request("PATCH", "", properties).await.invalid_at("/properties/1");
        assert!(problem["detail"].as_str().unwrap().contains(&format!("`{name}`")), "{problem}");
    }
    for name in ["proto", "construct", "to_string"] {
        let survey = json!({ "follow_ups": [{ "key": name, "kind": "text", "question": "Why?" }] });
        assert_eq!(site.owner_request("PUT", "survey", survey).await.status, 200, "{name}");
    }
}

//! Access control: site ids, keys and origins.

use serde_json::json;
use tests::client::send;
use tests::{Collector, Site, new_id};

#[tokio::test]
async fn a_forged_site_id_is_unknown_and_creates_no_object() {
    let collector = Collector::start();
    let site = collector.site().await;
    let objects = collector.objects();
    assert_eq!(objects.len(), 1, "a site is an object");
    let (name, tag) = site.id.split_at(12);
    let other = if tag.starts_with('0') { "1" } else { "0" };
    let forged = [
        format!("{name}{other}{}", &tag[1..]),
        format!("{}{}{tag}", &name[..11], if name.ends_with('0') { "1" } else { "0" }),
        site.id.to_uppercase(),
        format!("{}x", site.id),
        site.id[..19].to_owned(),
        format!("{name}00000000"),
        "x".repeat(20),
        "é".repeat(10),
        "00000000-0000-7000-8000-000000000000".to_owned(),
        "..".to_owned(),
        "a".repeat(5_000),
    ];
    for id in forged.iter().filter(|id| **id != site.id) {
        let forged = site.with_id(id);
        forged.post(&json!({ "id": new_id(), "score": 9 })).await.problem(404);
        forged.import("score\n9\n", "", "text/csv").await.problem(404);
        for (endpoint, key) in [("score", &site.read), ("responses", &site.owner), ("usage", &site.owner)] {
            forged.get(endpoint, key).await.problem(404);
        }
        collector.get(&format!("/e/{id}.js")).await.problem(404);
    }
    assert_eq!(collector.objects(), objects, "no object was made");
    assert_eq!(site.score("").await["scored"], 0);
}

#[tokio::test]
async fn a_site_of_another_collector_is_unknown() {
    let (one, other) = (Collector::start(), Collector::start());
    let site = one.site().await.at(other.url());
    let problem = site.post(&json!({ "id": new_id(), "score": 9 })).await.problem(404);
    assert_eq!(problem["type"], "urn:grapevine:problem:unknown-site");
    assert!(other.objects().is_empty(), "no object was made");
}

#[tokio::test]
async fn unknown_keys_and_keys_of_other_sites_get_the_same_401() {
    let collector = Collector::shared();
    let (site, other) = (collector.site().await, collector.site().await);
    site.store(json!({ "id": new_id(), "score": 9 })).await;
    for endpoint in ["score", "responses", "usage"] {
        let wrong = site.get(endpoint, "grapevine_owner_00000000000000000000000000000000").await;
        wrong.problem(401);
        assert_eq!(wrong.header("www-authenticate"), "Bearer");
        for key in [
            &other.owner,
            &other.read,
            &collector.admin_token().to_owned(),
            &site.id,
            &String::new(),
            &"é".to_owned(),
        ] {
            let answer = site.get(endpoint, key).await;
            assert_eq!((answer.status, &answer.body), (401, &wrong.body), "{endpoint} with {key}: {answer}");
        }
        let without = send(collector.http().get(site.url(endpoint))).await;
        assert_eq!(without.json(), wrong.json());
        let in_the_query =
            send(collector.http().get(format!("{}?key={}", site.url(endpoint), site.owner))).await;
        assert_ne!(in_the_query.status, 200);
    }
    let foreign = site.with_owner_key(&other.owner);
    foreign.import("score\n3\n", "", "text/csv").await.problem(401);
    assert_eq!(site.score("").await["scored"], 1);
}

#[tokio::test]
async fn a_read_key_reads_the_score_and_gets_403_elsewhere() {
    let collector = Collector::shared();
    let site = collector.site().await;
    site.store(json!({ "id": new_id(), "score": 9, "comment": "Good tea" })).await;
    assert_eq!(site.get("score", &site.read).await.ok()["scored"], 1);
    for endpoint in ["responses", "usage"] {
        let problem = site.get(endpoint, &site.read).await.problem(403);
        assert!(problem["detail"].as_str().unwrap().contains("owner key"), "{problem}");
    }
    let reader = site.with_owner_key(&site.read);
    reader.import("score\n3\n", "", "text/csv").await.problem(403);
    assert_eq!(site.score("").await["scored"], 1);
}

#[tokio::test]
async fn only_listed_origins_may_send_responses() {
    let collector = Collector::shared();
    let origins = json!(["https://tea.example", "http://localhost:8788", "https://Übertee.example:443"]);
    let site = collector.create_site(json!({ "name": "Tea shop", "origins": origins })).await;
    let message = || json!({ "id": new_id(), "score": 9 }).to_string();
    for foreign in [
        "https://evil.example",
        "http://tea.example",
        "https://tea.example:8443",
        "https://tea.example.evil.example",
        "https://shop.tea.example",
        "http://localhost",
        "null",
        "https://tëa.example",
    ] {
        let answer = send(site.posting(message()).header("origin", foreign)).await;
        assert_eq!(answer.status, 403, "{foreign:?}: {answer}");
        let problem = answer.problem(403);
        assert_eq!(problem["type"], "urn:grapevine:problem:foreign-origin", "{foreign:?}");
    }
    assert_eq!(site.responses().await.len(), 0);
    for own in ["https://tea.example", "http://localhost:8788", "https://xn--bertee-2ya.example"] {
        let answer = send(site.posting(message()).header("origin", own)).await;
        assert_eq!(answer.status, 200, "{own}: {answer}");
    }
    let answer = send(site.posting(message())).await;
    assert_eq!(answer.status, 200, "a program sends no origin: {answer}");
    assert_eq!(site.score("").await["scored"], 4);
}

#[tokio::test]
async fn a_pattern_admits_the_subdomains_of_a_host_at_any_depth() {
    let collector = Collector::shared();
    let origins =
        json!(["https://*.Tea.example", "https://*.Übertee.example:8443", "http://*.localhost:3000"]);
    let site = collector.create_site(json!({ "name": "Tea shop", "origins": origins })).await;
    let stored =
        json!(["https://*.tea.example", "https://*.xn--bertee-2ya.example:8443", "http://*.localhost:3000"]);
    assert_eq!(site.owner_get("").await["origins"], stored);
    for (origin, status) in [
        ("https://shop.tea.example", 200),
        ("https://a.b.c.tea.example", 200),
        ("https://de.xn--bertee-2ya.example:8443", 200),
        ("http://shop.localhost:3000", 200),
        ("https://tea.example", 403),
        ("http://shop.tea.example", 403),
        ("https://shop.tea.example:8443", 403),
        ("https://nottea.example", 403),
        ("https://tea.example.evil.example", 403),
        ("https://*.evil.example", 403),
        ("null", 403),
    ] {
        let message = json!({ "id": new_id(), "score": 9 }).to_string();
        let answer = send(site.posting(message).header("origin", origin)).await;
        assert_eq!(answer.status, status, "{origin}: {answer}");
        let due = collector.http().get(site.url("due?user=ann")).header("origin", origin);
        assert_eq!(send(due).await.status, status, "{origin}");
    }
}

#[tokio::test]
async fn only_pages_of_listed_origins_learn_whether_a_user_is_due() {
    let collector = Collector::shared();
    let open = collector.site().await;
    let site = collector.create_site(json!({ "name": "Tea", "origins": ["https://tea.example"] })).await;
    let due = |site: &Site, origin: &str| {
        let request = collector.http().get(site.url("due?user=ann"));
        send(if origin.is_empty() { request } else { request.header("origin", origin) })
    };
    let problem = due(&site, "https://evil.example").await.problem(403);
    assert_eq!(problem["type"], "urn:grapevine:problem:foreign-origin");
    for origin in ["https://tea.example", "", &collector.url()] {
        assert_eq!(due(&site, origin).await.ok(), json!({ "due": true }), "{origin}");
    }
    assert_eq!(due(&open, "https://evil.example").await.ok(), json!({ "due": true }));
}

#[tokio::test]
async fn a_site_without_origins_accepts_responses_from_any_origin() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for origin in ["https://evil.example", "null", "file://"] {
        let message = json!({ "id": new_id(), "score": 9 }).to_string();
        assert_eq!(send(site.posting(message).header("origin", origin)).await.status, 200, "{origin}");
    }
    assert_eq!(site.score("").await["scored"], 3);
}

#[tokio::test]
async fn a_site_that_was_never_created_is_unknown() {
    let collector = Collector::shared();
    let site = collector.site().await;
    // As if its creation had broken off: the id is right, and nothing is behind it.
    let secret = collector_core::Secret::new(collector.secret()).unwrap();
    let site = site.with_id(collector_core::SiteId::issue(*b"nothing!", &secret).as_str());
    site.post(&json!({ "id": new_id(), "score": 9 })).await.problem(404);
    site.import("score\n9\n", "", "text/csv").await.problem(404);
    for (endpoint, key) in [("score", &site.read), ("responses", &site.owner), ("usage", &site.owner)] {
        site.get(endpoint, key).await.problem(404);
    }
    send(collector.http().get(site.loader_url())).await.problem(404);
}

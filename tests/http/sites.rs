//! Creating sites, and addresses that are not there.

use reqwest::Method;
use serde_json::{Value, json};
use tests::Collector;
use tests::client::send;

#[tokio::test]
async fn a_new_site_gets_an_id_and_two_keys() {
    let collector = Collector::shared();
    let given = json!({
        "name": "Tea shop",
        "timezone": "Europe/Warsaw",
        "origins": ["https://tea.example", "http://localhost:8788"],
        "survey": { "variant": "stay", "question": "How likely are you to stay?", "delay_seconds": 0 },
    });
    let answer = collector.ask_for_site(&given).await;
    assert_eq!((answer.status, answer.header("content-type")), (201, "application/json"), "{answer}");
    assert!(answer.header("cache-control").contains("no-store"), "keys stay out of caches");
    let created = answer.json();
    let names: Vec<&String> = created.as_object().unwrap().keys().collect();
    assert_eq!(names, ["keys", "site"]);
    let (owner, read) =
        (created["keys"]["owner"].as_str().unwrap(), created["keys"]["read"].as_str().unwrap());
    assert!(owner.starts_with("grapevine_owner_") && read.starts_with("grapevine_read_"), "{created}");

    let site = tests::Site::created(collector.http().clone(), collector.url(), &created);
    let score = site.score("").await;
    assert_eq!(score["query"]["timezone"], "Europe/Warsaw");
    assert_eq!(score["query"]["variant"], "stay");
    assert_eq!(site.get("score", owner).await.status, 200, "the owner may read the score too");
}

#[tokio::test]
async fn keys_are_shown_once_and_stored_as_digests() {
    let collector = Collector::start();
    let site = collector.site().await;
    for key in [&site.owner, &site.read] {
        let secret = key.rsplit('_').next().unwrap();
        for file in collector.data_files() {
            let bytes = std::fs::read(&file).unwrap();
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{} holds a key", file.display());
        }
        for endpoint in ["score", "responses", "usage"] {
            let answer = site.get(endpoint, &site.owner).await;
            assert!(!String::from_utf8_lossy(&answer.body).contains(secret), "{endpoint} shows a key");
        }
    }
}

#[tokio::test]
async fn two_sites_can_have_the_same_name() {
    let collector = Collector::shared();
    let (one, other) = (collector.site().await, collector.site().await);
    assert_ne!(one.id, other.id);
    assert_ne!(one.owner, other.owner);
    one.store(json!({ "id": tests::new_id(), "score": 9 })).await;
    assert_eq!(one.score("").await["scored"], 1);
    assert_eq!(other.score("").await["scored"], 0);
}

#[tokio::test]
async fn only_the_admin_token_creates_sites() {
    let collector = Collector::start();
    let site = collector.site().await;
    let objects = collector.objects();
    assert_eq!(objects.len(), 1);
    let right = collector.admin_token().to_owned();
    let one_off = format!("{}x", &right[..right.len() - 1]);
    let headers = [
        None,
        Some("Bearer".to_owned()),
        Some("Bearer ".to_owned()),
        Some("Bearer wrong".to_owned()),
        Some(format!("Bearer {one_off}")),
        Some(format!("Bearer {right}x")),
        Some(format!("Basic {right}")),
        Some(right.clone()),
        Some(format!("Bearer {}", site.owner)),
    ];
    for header in headers {
        let mut request =
            collector.http().post(collector.url() + "/v1/sites").json(&json!({ "name": "Tea shop" }));
        if let Some(header) = &header {
            request = request.header("authorization", header);
        }
        let answer = send(request).await;
        answer.problem(401);
        assert_eq!(answer.header("www-authenticate"), "Bearer", "{header:?}");
    }
    assert_eq!(collector.objects(), objects, "no object was made");
    let request = collector
        .http()
        .post(collector.url() + "/v1/sites")
        .header("authorization", format!("bearer {right}"));
    assert_eq!(
        send(request.json(&json!({ "name": "Tea shop" }))).await.status,
        201,
        "the scheme has no case"
    );
}

#[tokio::test]
async fn invalid_settings_are_named_and_create_no_site() {
    let collector = Collector::start();
    let with = |name: &str, value: Value| {
        let mut given = json!({ "name": "Tea shop" });
        given[name] = value;
        given
    };
    let wrong = [
        (json!({}), "/name"),
        (json!({ "name": "" }), "/name"),
        (json!({ "name": "   " }), "/name"),
        (json!({ "name": 7 }), "/name"),
        (json!({ "name": "é".repeat(101) }), "/name"),
        (json!({ "name": "Tea shop", "colour": "green" }), "/colour"),
        (json!([]), ""),
        (json!("Tea shop"), ""),
        (with("timezone", json!("Europe/Gdansk")), "/timezone"),
        (with("timezone", json!("+01:00")), "/timezone"),
        (with("timezone", json!("")), "/timezone"),
        (with("timezone", json!(1)), "/timezone"),
        (with("timezone", json!("Z".repeat(10_000))), "/timezone"),
        (with("origins", json!("https://tea.example")), "/origins"),
        (with("origins", json!(["https://tea.example", "tea.example"])), "/origins/1"),
        (with("origins", json!(["https://tea.example/shop"])), "/origins/0"),
        (with("origins", json!(["ftp://tea.example"])), "/origins/0"),
        (with("origins", json!(["*"])), "/origins/0"),
        (with("origins", json!(["https://:pw@tea.example"])), "/origins/0"),
        (with("origins", json!([7])), "/origins/0"),
        (with("origins", json!(vec!["https://tea.example"; 21])), "/origins"),
        (with("survey", json!(7)), "/survey"),
        (with("survey", json!({ "colour": "green" })), "/survey/colour"),
        (with("survey", json!({ "delay_seconds": -1 })), "/survey/delay_seconds"),
        (with("survey", json!({ "delay_seconds": 3_601 })), "/survey/delay_seconds"),
        (with("survey", json!({ "question": "Why?" })), "/survey/question"),
        (with("survey", json!({ "variant": "Öl", "question": "Why?" })), "/survey/variant"),
    ];
    for (given, pointer) in wrong {
        let answer = collector.ask_for_site(&given).await;
        let pointed = answer.problem(422)["pointer"].as_str().unwrap_or("").to_owned();
        assert_eq!(pointed, pointer, "{given}: {answer}");
    }
    let request = collector.http().post(collector.url() + "/v1/sites").bearer_auth(collector.admin_token());
    send(request.body("name=Tea shop")).await.problem(400);
    assert_eq!(collector.objects(), [] as [std::path::PathBuf; 0], "no object was made");
}

#[tokio::test]
async fn the_longest_name_and_every_kind_of_zone_are_accepted() {
    let collector = Collector::shared();
    collector.create_site(json!({ "name": "é".repeat(100) })).await;
    for zone in
        ["UTC", "Europe/Warsaw", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe", "Etc/GMT+5"]
    {
        let site = collector.create_site(json!({ "name": "Tea shop", "timezone": zone })).await;
        assert_eq!(site.score("").await["query"]["timezone"], zone);
    }
    for nothing in [
        json!({ "name": "Tea shop", "timezone": null, "origins": null, "survey": null }),
        json!({ "name": "T", "origins": [] }),
    ] {
        assert_eq!(collector.create_site(nothing).await.score("").await["query"]["timezone"], "UTC");
    }
}

#[tokio::test]
async fn a_405_names_the_allowed_methods() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for (method, path, allow) in [
        (Method::PUT, "/v1/sites".to_owned(), "GET, POST"),
        (Method::POST, "/healthz".to_owned(), "GET"),
        (Method::DELETE, format!("/v1/sites/{}/score", site.id), "GET"),
        (Method::PUT, format!("/v1/sites/{}/responses", site.id), "GET, POST"),
        (Method::GET, format!("/v1/sites/{}/import", site.id), "POST"),
        (Method::POST, format!("/v1/sites/{}/usage", site.id), "GET"),
        (Method::POST, format!("/e/{}.js", site.id), "GET"),
        // One that the Worker's library does not know.
        (Method::from_bytes(b"QUERY").unwrap(), "/healthz".to_owned(), "GET"),
        (Method::PATCH, "/a/grapevine-0123456789abcdef.wasm".to_owned(), "GET"),
    ] {
        let answer = send(collector.http().request(method.clone(), collector.url() + &path)).await;
        answer.problem(405);
        assert_eq!(answer.header("allow"), allow, "{method} {path}");
    }
}

#[tokio::test]
async fn an_unknown_path_gets_404() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for path in [
        "/owner",
        "/v1",
        "/v2/sites",
        "/v1/sites/",
        "/healthz/",
        "/e/",
        "/e/nothing.js",
        "/faults/panic",
        "//",
        "/%00",
    ] {
        collector.get(path).await.problem(404);
    }
    for endpoint in
        ["scores", "score/", "responses/7", "exports", "webhooks/7", "notes/7/text", "_import", "_export"]
    {
        site.get(endpoint, &site.owner).await.problem(404);
    }
    collector.get(&format!("/v1/sites/{}/", site.id)).await.problem(404);
}

#[tokio::test]
async fn the_health_check_needs_no_key() {
    let collector = Collector::shared();
    let answer = collector.get("/healthz").await;
    assert_eq!((answer.status, answer.json()), (200, json!({ "status": "ok" })));
    assert!(answer.header("cache-control").contains("no-store"), "or a cache would say what was");
}

#[test]
fn a_collector_with_a_missing_setting_names_it_at_start() {
    let folder = tempfile::TempDir::with_prefix("grapevine-test-").unwrap();
    let (enough, token) = ("0123456789abcdef", &*"0123456789abcdef".repeat(2));
    for (admin_token, secret, missing) in [
        ("", enough, "GRAPEVINE_ADMIN_TOKEN"),
        (&token[1..], enough, "32 random characters"),
        (token, "", "GRAPEVINE_SECRET"),
        (token, "short", "16 characters"),
    ] {
        let options = xtask::WorkerdOptions {
            port: 0,
            data: folder.path().join("data"),
            admin_token: admin_token.into(),
            secret: secret.into(),
            webhook_hosts: String::new(),
            public_url: String::new(),
            environment: Vec::new(),
        };
        let error = xtask::Workerd::start(tests::server::dist(), &options).unwrap_err().to_string();
        assert!(error.contains(missing), "{error}");
    }
}

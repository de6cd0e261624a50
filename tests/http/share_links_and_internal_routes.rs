//! Routes that a key in a link opens, and internal routes that no path reaches.

use serde_json::json;
use tests::client::send;
use tests::{Collector, Site};

/// Answers without a key in the header.
async fn linked(collector: &Collector, site: &Site, endpoint: &str) -> u16 {
    send(collector.http().get(site.url(endpoint))).await.status
}

#[tokio::test]
async fn a_share_link_opens_the_score_and_the_notes() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let made = site.owner_post("keys", &json!({ "role": "share" })).await.json();
    let (key, id) = (made["key"].as_str().unwrap(), made["id"].as_str().unwrap());
    let links =
        ["score?", "score?range=30d&", "notes?", "notes?days=7&"].map(|link| format!("{link}key={key}"));
    for link in &links {
        assert_eq!(linked(&collector, &site, link).await, 200, "{link}");
    }
    for closed in ["cases", "responses", "export", "keys", "usage"] {
        // Of the export no key is taken from the address at all.
        assert!(
            [401, 403].contains(&linked(&collector, &site, &format!("{closed}?key={key}")).await),
            "{closed}"
        );
    }
    for other in [&site.read, &site.owner] {
        assert_eq!(
            linked(&collector, &site, &format!("score?key={other}")).await,
            401,
            "it would end in logs"
        );
    }
    let revoked = collector.http().delete(site.url(&format!("keys/{id}"))).bearer_auth(&site.owner);
    assert_eq!(send(revoked).await.status, 204);
    for link in &links {
        assert_eq!(linked(&collector, &site, link).await, 401, "{link} is revoked");
    }
}

/// reqwest takes such paths apart before it sends them, so they are written by hand.
#[tokio::test]
async fn no_path_reaches_an_internal_route() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let message = json!([{ "id": tests::new_id(), "score": 9, "user": "ann@shop.example" }]).to_string();
    for up in ["..\\", "%2e%2e\\", ".%2E\\", "x\\..\\..\\", "x/../", "x/%2e%2e/", "../", "..%5c", "%2e%2e%2f"]
    {
        for (method, below) in [
            ("PATCH", "responses"),
            ("DELETE", "responses"),
            ("GET", "users"),
            ("DELETE", "keys"),
            ("PATCH", "webhooks"),
        ] {
            for inner in ["_ingest", "_create", "_zone", "_loader", "_import", "_export"] {
                let path = format!("/v1/sites/{}/{below}/{up}{inner}", site.id);
                let request = format!(
                    "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{message}",
                    message.len()
                );
                let answer = collector.raw(request.as_bytes()).await;
                let status = answer.split(' ').nth(1).unwrap_or_default();
                assert!(["400", "401", "404", "405"].contains(&status), "{method} {path}: {answer}");
            }
        }
    }
    assert_eq!(site.responses().await.len(), 0);
    assert_eq!(site.score("").await["shown"], 0);
}

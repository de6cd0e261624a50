//! `GRAPEVINE_PUBLIC_URL`: addresses that leave a collector behind a reverse proxy.

use serde_json::{Value, json};
use tests::client::send;
use tests::{Collector, Site, WebhookReceiver};

use crate::hosted::{attribute, page_url};
use crate::loader_and_cors::get;

const PUBLIC: &str = "https://shop.example/feedback";

fn start(public_url: &str) -> Collector {
    Collector::start_with(|options| options.public_url = public_url.into())
}

/// Returns the addresses that the collector gives to the owner of a site: of an invitation, of the
/// first link in the email row and of the first line of its text.
async fn given_addresses(site: &Site) -> [String; 3] {
    let invitation = site.owner_post("links", &json!({ "links": [{}] })).await.json();
    let row: Value = site.get("email", &site.read).await.ok();
    let (html, text) = (row["html"].as_str().unwrap(), row["text"].as_str().unwrap());
    let line = text.lines().nth(2).unwrap();
    [
        invitation["links"][0]["url"].as_str().unwrap().into(),
        attribute(html, "href"),
        line[line.find("http").unwrap()..].into(),
    ]
}

#[tokio::test]
async fn every_address_that_is_given_out_begins_with_the_public_url() {
    for public in [PUBLIC, "https://shop.example/feedback/", "https://SHOP.example:443/feedback//"] {
        let collector = start(public);
        let site = collector.site().await;
        for address in given_addresses(&site).await {
            assert!(address.starts_with(&format!("{PUBLIC}/s/{}?", site.id)), "{public}: {address}");
        }
    }
    let collector = start("");
    let site = collector.site().await;
    for address in given_addresses(&site).await {
        assert!(address.starts_with(&page_url(&collector, &site, "?")), "{address}");
    }
}

#[tokio::test]
async fn the_qr_code_has_the_public_url_whatever_the_host_of_the_request() {
    let public = start(PUBLIC);
    let site = public.site().await;
    let svg = |collector: &Collector, host: &'static str| {
        let request = collector.http().get(format!("{}/s/{}/qr.svg", collector.url(), site.id));
        send(request.header("host", host))
    };
    let expected = svg(&public, "a.example").await.body;
    assert_eq!(svg(&public, "b.example").await.body, expected);
    let by_host = start("");
    let site = by_host.site().await;
    let svg = async |host: &'static str| {
        let request = by_host.http().get(format!("{}/s/{}/qr.svg", by_host.url(), site.id));
        send(request.header("host", host)).await
    };
    assert_ne!(svg("a.example").await.body, svg("bb.example").await.body);
    assert_eq!(svg("a.example").await.header("vary"), "x-forwarded-proto");
}

/// A proxy may pass the path on as it is, or without the part that belongs to it.
#[tokio::test]
async fn the_path_of_the_public_url_is_removed_once() {
    let collector = start(PUBLIC);
    let site = collector.site().await;
    for prefix in ["", "/feedback"] {
        let page = get(&collector, &format!("{}{prefix}/s/{}", collector.url(), site.id), &[]).await;
        assert_eq!(page.status, 200, "{prefix}");
        let page = String::from_utf8(page.body).unwrap();
        assert!(page.contains(&format!("src=\"../e/{}.js\"", site.id)), "{page}");
        assert!(!page.contains("=\"/"), "an address that ignores the path: {page}");
        let sent = send(
            collector
                .http()
                .post(format!("{}{prefix}/v1/sites/{}/responses", collector.url(), site.id))
                .header("origin", "https://shop.example")
                .body(json!({ "id": tests::new_id(), "score": 9 }).to_string()),
        )
        .await;
        assert_eq!(sent.status, 200, "{sent}");
        let read = send(
            collector
                .http()
                .get(format!("{}{prefix}/v1/sites/{}/score", collector.url(), site.id))
                .bearer_auth(&site.read),
        );
        assert_eq!(read.await.status, 200, "{prefix}");
    }
    for wrong in ["/feedback/feedback/healthz", "/feedbackhealthz", "/other/healthz"] {
        get(&collector, &(collector.url() + wrong), &[]).await.problem(404);
    }
    assert_eq!(get(&collector, &(collector.url() + "/feedback/healthz"), &[]).await.status, 200);
}

/// The hosted page is the collector's own, whatever origins the site lists.
#[tokio::test]
async fn messages_from_the_public_origin_are_our_own() {
    let collector = start(PUBLIC);
    let settings = json!({ "name": "Shop", "origins": ["https://other.example"] });
    let site = collector.create_site(settings).await;
    let send_from = async |origin: &str| {
        let request = collector
            .http()
            .post(format!("{}/v1/sites/{}/responses", collector.url(), site.id))
            .header("origin", origin)
            .body(json!({ "id": tests::new_id(), "score": 9 }).to_string());
        send(request).await.status
    };
    assert_eq!(send_from("https://shop.example").await, 200);
    assert_eq!(send_from("https://other.example").await, 200);
    assert_eq!(send_from("https://shop.example:8443").await, 403);
}

#[tokio::test]
async fn events_link_to_the_response_on_the_owner_s_page() {
    let mut collector = Collector::start_with_faults();
    collector.restart_with(|options| options.public_url = PUBLIC.into());
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    let webhook = json!({ "url": receiver.url(), "events": ["response.detractor"] });
    site.owner_post("webhooks", &webhook).await;
    let id = tests::new_id();
    site.store(json!({ "id": id, "score": 2 })).await;
    collector.put_forward(&site, 60_000).await;
    let message = receiver.called(1).await.remove(0).json();
    let url = format!("{PUBLIC}/?site={}&view=comments&range=all&response={id}", site.id);
    assert_eq!(message["url"], url, "{message}");
}

#[tokio::test]
async fn a_public_url_that_is_none_is_told_to_the_operator() {
    let folder = tempfile::TempDir::new().unwrap();
    for wrong in
        ["shop.example", "ftp://shop.example", "https://a.example/?x", "https://u:p@a.example", "https://"]
    {
        let options = xtask::WorkerdOptions {
            port: 0,
            data: folder.path().join("data"),
            admin_token: "token".into(),
            secret: "0123456789abcdef".into(),
            webhook_hosts: String::new(),
            public_url: wrong.into(),
            environment: Vec::new(),
        };
        let error = xtask::Workerd::start(tests::server::dist(), &options).unwrap_err().to_string();
        assert!(
            error.contains("GRAPEVINE_PUBLIC_URL") && error.contains("https://shop.example/feedback"),
            "{error}"
        );
    }
}

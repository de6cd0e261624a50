//! The collector behind each proxy, over HTTPS.

use serde_json::{Value, json};
use tests::{Collector, Site, new_id};

use super::proxy::{Kind, Proxy};

/// Messages of one address in a minute.
const QUOTA: usize = 2_000;
const MIB: usize = 1024 * 1024;

/// Starts a collector as the recipes say.
async fn start(kind: Kind) -> (Collector, Proxy, Site) {
    let collector = Collector::start_with(|options| {
        options.set("GRAPEVINE_CLIENT_IP_HEADER", "X-Forwarded-For");
        options.set("GRAPEVINE_TRUSTED_PROXIES", "127.0.0.1/32");
    });
    let proxy = Proxy::start(kind, &collector).await;
    let site = collector.site().await;
    (collector, proxy, site)
}

#[tokio::test(flavor = "multi_thread")]
async fn caddy_passes_messages_files_and_links_on() {
    passes_messages_files_and_links_on(Kind::Caddy).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_passes_messages_files_and_links_on() {
    passes_messages_files_and_links_on(Kind::Nginx).await;
}

async fn passes_messages_files_and_links_on(kind: Kind) {
    let (_collector, proxy, site) = start(kind).await;
    let path = |endpoint: &str| format!("/v1/sites/{}/{endpoint}", site.id);
    let key = format!("authorization: Bearer {}", site.owner);

    let message = json!({ "id": new_id(), "score": 9, "comment": "Good tea" }).to_string();
    let stored = proxy
        .request(&path("responses"), &["--data", &message, "--header", "content-type: text/plain"])
        .await;
    assert_eq!((stored.status, &stored.json()["results"][0]["status"]), (200, &json!("stored")));
    assert_eq!(site.score("").await["scored"], 1);

    let loader = proxy.request(&format!("/e/{}.js", site.id), &["--compressed"]).await;
    assert!(loader.status == 200 && loader.content_type.contains("javascript"), "{loader:?}");
    assert!(String::from_utf8_lossy(&loader.body).contains("Tea shop"));

    // The collector knows the scheme and the host that the client used.
    let links = proxy.request(&path("links"), &["--header", &key, "--data", r#"{"links":[{}]}"#]).await;
    let url = links.json()["links"][0]["url"].as_str().expect("a link").to_owned();
    assert!(url.starts_with(&proxy.url("/s/")), "{url}");

    let rows: String =
        (0..100_000).map(|nth| format!("{},Tea no {nth} was as good as ever\n", nth % 11)).collect();
    let file = proxy.file(format!("score,comment\n{rows}").as_bytes());
    let csv = ["--header", &key, "--header", "content-type: text/csv", "--data-binary", &file];
    let imported = proxy.request(&path("import"), &csv).await;
    assert_eq!(imported.json()["stored"], 100_000, "{imported:?}");
    let export = proxy.request(&path("export?format=ndjson"), &["--header", &key]).await;
    assert_eq!(export.body.iter().filter(|byte| **byte == b'\n').count(), 100_001);
    let (first, last) = export.seconds;
    assert!(first < last / 2.0, "{kind:?}: the first byte came after {first} s, the last after {last} s");
}

#[tokio::test(flavor = "multi_thread")]
async fn caddy_names_the_client_and_bounds_its_bodies() {
    names_the_client_and_bounds_its_bodies(Kind::Caddy).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_names_the_client_and_bounds_its_bodies() {
    names_the_client_and_bounds_its_bodies(Kind::Nginx).await;
}

/// A client at 127.0.0.2 uses up the limit of its address, whatever addresses it claims to have.
async fn names_the_client_and_bounds_its_bodies(kind: Kind) {
    let (_collector, proxy, site) = start(kind).await;
    let path = format!("/v1/sites/{}/responses", site.id);
    let post = async |address: &str, claimed: &str, messages: usize| {
        let messages: Vec<Value> = (0..messages).map(|_| json!({ "id": new_id(), "shown": true })).collect();
        let file = proxy.file(json!(messages).to_string().as_bytes());
        let claimed = format!("x-forwarded-for: {claimed}");
        let arguments = ["--interface", address, "--header", &claimed, "--data-binary", &file];
        proxy.request(&path, &arguments).await
    };
    for nth in 0..QUOTA / 50 {
        let stored = post("127.0.0.2", &format!("198.51.100.{nth}"), 50).await;
        assert_eq!(stored.status, 200, "{stored:?}");
    }
    let refused = post("127.0.0.2", "203.0.113.9", 1).await;
    assert_eq!((refused.status, refused.content_type.as_str()), (429, "application/problem+json"));
    let other = post("127.0.0.3", "127.0.0.2", 1).await;
    assert_eq!(other.status, 200, "another client has a limit of its own: {other:?}");

    // The collector refuses what is too large with a problem. nginx has a limit of its own beyond
    // that.
    let key = format!("authorization: Bearer {}", site.owner);
    let import = format!("/v1/sites/{}/import", site.id);
    for (bytes, is_problem) in [(17 * MIB, true), (30 * MIB, matches!(kind, Kind::Caddy))] {
        let file = proxy.file(&vec![b' '; bytes]);
        let csv = [
            "--header",
            &key,
            "--header",
            "content-type: text/csv",
            "--header",
            "expect:",
            "--data-binary",
            &file,
        ];
        let refused = proxy.request(&import, &csv).await;
        assert_eq!(refused.status, 413, "{bytes} bytes: {refused:?}");
        assert_eq!(
            refused.content_type == "application/problem+json",
            is_problem,
            "{bytes} bytes: {refused:?}"
        );
    }
}

//! The loader, and the CORS headers that let pages of other origins use the collector.

use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};
use tests::client::{HttpResponse, send};
use tests::{Collector, Site, new_id};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Sends a GET with those headers and no others.
pub async fn get(collector: &Collector, url: &str, headers: &[(&str, &str)]) -> HttpResponse {
    fetch(collector, Method::GET, url, headers).await
}

/// Sends a request without a body.
pub async fn fetch(
    collector: &Collector,
    method: Method,
    url: &str,
    headers: &[(&str, &str)],
) -> HttpResponse {
    let request = collector.http().request(method, url);
    send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

/// Decompresses a brotli body.
pub fn unpacked(brotli: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    brotli::BrotliDecompress(&mut &brotli[..], &mut plain).expect("brotli");
    plain
}

#[tokio::test]
async fn the_loader_contains_the_public_settings_only() {
    let collector = Collector::shared();
    let question = "Wie wahrscheinlich? </script><script>alert(1)</script> \u{2028} \"quoted\" $& $1 🍵";
    let site = collector
        .create_site(json!({
            "name": "Tea <b>&</b> \"Söhne\" __SITE__",
            "origins": ["https://tea.example"],
            "survey": { "variant": "stay", "question": question, "delay_seconds": 3 },
        }))
        .await;
    let answer = get(&collector, &site.loader_url(), &[]).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "text/javascript; charset=utf-8"),
        "{answer}"
    );
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    let script = String::from_utf8(answer.body).unwrap();
    assert!(!script.contains("</script") && !script.contains("<b>"), "the loader can stand inside a page");
    let settings = settings(&script);
    assert_eq!(settings["site"], json!(site.id), "the survey must know where to send answers");
    assert_eq!(settings["name"], "Tea <b>&</b> \"Söhne\" __SITE__");
    assert_eq!(settings["survey"], json!({ "question": question }));
    assert_eq!((&settings["variant"], &settings["delay"]), (&json!("stay"), &json!(3)));
    assert_eq!(settings["origins"], json!(["https://tea.example"]), "nobody is asked elsewhere");
    for secret in [&site.owner, &site.read, collector.admin_token()] {
        assert!(!script.contains(secret), "visitors see {secret}");
    }
}

#[tokio::test]
async fn the_loader_lists_the_declared_properties() {
    let collector = Collector::shared();
    let with =
        collector.create_site(json!({ "name": "Tea", "properties": ["plan", "page", "country"] })).await;
    let without = collector.create_site(json!({ "name": "Tea", "properties": ["lang"] })).await;
    for (site, named) in [(&with, json!(["plan", "country"])), (&without, Value::Null)] {
        let script = String::from_utf8(get(&collector, &site.loader_url(), &[]).await.body).unwrap();
        assert_eq!(settings(&script)["properties"], named);
    }
}

/// The settings inside the loader: the JSON object that has a `site`.
fn settings(script: &str) -> Value {
    let found = script.match_indices('{').find_map(|(position, _)| {
        let value =
            serde_json::Deserializer::from_str(&script[position..]).into_iter::<Value>().next()?.ok()?;
        value.get("site").is_some().then_some(value)
    });
    found.unwrap_or_else(|| panic!("no settings in the loader: {script}"))
}

#[tokio::test]
async fn the_loader_is_compressed_for_clients_that_accept_brotli() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let plain = get(&collector, &site.loader_url(), &[]).await;
    assert_eq!((plain.status, plain.header("content-encoding")), (200, ""));
    for accepted in ["br", "gzip, deflate, br, zstd", "br;q=0.5", "gzip;q=1.0,br;q=1.0"] {
        let answer = get(&collector, &site.loader_url(), &[("accept-encoding", accepted)]).await;
        assert_eq!((answer.status, answer.header("content-encoding")), (200, "br"), "{accepted}");
        assert_eq!(answer.header("vary").to_lowercase(), "accept-encoding");
        assert!(answer.body.len() < plain.body.len());
        assert_eq!(unpacked(&answer.body), plain.body, "{accepted}");
    }
    for refused in ["", "gzip", "identity", "br;q=0", "brotli"] {
        let answer = get(&collector, &site.loader_url(), &[("accept-encoding", refused)]).await;
        assert_eq!((answer.status, answer.header("content-encoding")), (200, ""), "{refused}");
        assert_eq!(answer.body, plain.body);
    }
}

#[tokio::test]
async fn a_matching_etag_gets_304_for_the_loader() {
    let collector = Collector::shared();
    let (site, other) =
        (collector.site().await, collector.create_site(json!({ "name": "Coffee shop" })).await);
    let first = get(&collector, &site.loader_url(), &[]).await;
    let etag = first.header("etag").to_owned();
    assert!(etag.ends_with('"') && etag.len() > 10, "{etag}");
    for known in [&etag, &format!("\"other\", {etag}"), etag.trim_start_matches("W/"), "*"] {
        let answer = get(&collector, &site.loader_url(), &[("if-none-match", known)]).await;
        assert_eq!((answer.status, answer.body.len()), (304, 0), "{known}");
        assert_eq!(answer.header("etag"), etag);
        assert_eq!(answer.header("cache-control"), "public, max-age=300");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
    }
    let compressed =
        get(&collector, &site.loader_url(), &[("if-none-match", &etag), ("accept-encoding", "br")]).await;
    assert_eq!((compressed.status, compressed.header("content-encoding")), (304, ""));
    for unknown in ["\"other\"", "", "W/\"\""] {
        assert_eq!(
            get(&collector, &site.loader_url(), &[("if-none-match", unknown)]).await.status,
            200,
            "{unknown}"
        );
    }
    assert_eq!(get(&collector, &other.loader_url(), &[("if-none-match", &etag)]).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_page_views_call_the_sites_object_at_most_three_times() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let before = loader_calls(&site).await;
    let places = Arc::new(Semaphore::new(50));
    let mut views = JoinSet::new();
    for _ in 0..1_000 {
        let (places, http, url) = (places.clone(), collector.http().clone(), site.loader_url());
        views.spawn(async move {
            let _place = places.acquire().await;
            let answer = send(http.get(url)).await;
            assert_eq!(answer.status, 200, "{answer}");
            answer.body.len()
        });
    }
    let lengths = views.join_all().await;
    assert!(lengths.len() == 1_000 && lengths.iter().all(|length| *length == lengths[0] && *length > 100));
    let calls = loader_calls(&site).await - before;
    assert!((1..=3).contains(&calls), "the object was asked {calls} times");
}

async fn loader_calls(site: &Site) -> u64 {
    site.usage().await["loader_calls"].as_u64().unwrap()
}

#[tokio::test]
async fn cors_allows_any_origin_to_send_and_read() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let origin = ("origin", "https://tea.example");
    // Text without custom headers is a simple request, so the browser sends no preflight.
    let message = json!({ "id": new_id(), "score": 9 }).to_string();
    for kind in ["text/plain;charset=UTF-8", "application/json", "application/x-www-form-urlencoded"] {
        let request = collector.http().post(site.url("responses")).header("origin", "https://tea.example");
        let answer = send(request.header("content-type", kind).body(message.clone())).await;
        assert_eq!(
            (answer.status, answer.header("access-control-allow-origin")),
            (200, "*"),
            "{kind}: {answer}"
        );
    }
    let without_type = send(collector.http().post(site.url("responses")).body(message)).await;
    assert_eq!(without_type.status, 200, "{without_type}");
    assert_eq!(site.score("").await["scored"], 1);

    let answer = get(&collector, &site.loader_url(), &[origin]).await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(
        answer.header("cross-origin-resource-policy"),
        "cross-origin",
        "for pages that isolate themselves"
    );
    let score =
        send(collector.http().get(site.url("score")).header(origin.0, origin.1).bearer_auth(&site.read))
            .await;
    assert_eq!((score.status, score.header("access-control-allow-origin")), (200, "*"));
    assert_eq!(score.header("cache-control"), "private, no-cache", "it is asked for anew each time");
    let etag = score.header("etag").to_owned();
    let again =
        collector.http().get(site.url("score")).header("if-none-match", &etag).bearer_auth(&site.read);
    let again = send(again).await;
    assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, etag.as_str()));
}

#[tokio::test]
async fn a_preflight_allows_the_methods_and_headers_of_the_endpoints() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for endpoint in ["responses", "score", "import"] {
        let asked = [
            ("origin", "https://tea.example"),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "authorization, content-type"),
        ];
        let answer = fetch(&collector, Method::OPTIONS, &site.url(endpoint), &asked).await;
        assert_eq!((answer.status, answer.body.len()), (204, 0), "{answer}");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        let allowed = answer.header("access-control-allow-headers").to_lowercase();
        assert!(allowed.contains("authorization") && allowed.contains("content-type"), "{allowed}");
        let methods = answer.header("access-control-allow-methods");
        assert!(methods.contains("GET") && methods.contains("POST"), "{methods}");
        assert_eq!(answer.header("access-control-max-age"), "86400");
    }
}

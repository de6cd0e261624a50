//! Bodies that are compressed, marked, slow, stuck or broken off, and addresses that are none.

use std::fs;
use std::io::Write;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use tests::client::send;
use tests::{Collector, Site, new_id, until};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Time within which a stuck request must have ended: 10 s and what a busy machine adds.
const ENDED: Duration = Duration::from_secs(25);

#[tokio::test]
async fn compressed_bodies_get_415() {
    let collector = Collector::start();
    let site = collector.site().await;
    let message = json!({ "id": new_id(), "score": 9 }).to_string();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(message.as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    for encoding in ["gzip", "GZIP", "br", "deflate", "zstd", "gzip, identity"] {
        let request = site.posting(message.clone()).body(gzip.clone()).header("content-encoding", encoding);
        let problem = send(request).await.problem(415);
        assert_eq!(problem["type"], "urn:grapevine:problem:unsupported-encoding");
        assert!(problem["detail"].as_str().unwrap().contains(&format!("`{encoding}`")), "{problem}");
    }
    send(site.posting(message.clone()).body(gzip.clone())).await.problem(415);
    for (method, endpoint) in [("POST", "import"), ("PUT", "survey"), ("PATCH", ""), ("POST", "keys")] {
        let request = site.asking(method, endpoint, &site.owner).header("content-type", "text/csv");
        send(request.body(gzip.clone()).header("content-encoding", "gzip")).await.problem(415);
    }
    let plain = site.posting(message).header("content-encoding", "identity");
    assert_eq!(send(plain).await.status, 200);
    assert_eq!(site.score("").await["scored"], 1, "nothing else is stored");
}

#[tokio::test]
async fn json_with_a_byte_order_mark_is_read() {
    let collector = Collector::start();
    let marked = |value: Value| format!("\u{feff}{value}");
    let created = collector
        .http()
        .post(collector.url() + "/v1/sites")
        .bearer_auth(collector.admin_token())
        .body(marked(json!({ "name": "Tea shop" })));
    let created = send(created).await;
    assert_eq!(created.status, 201, "{created}");
    let site = Site::created(collector.http().clone(), collector.url(), &created.json());
    let message = || json!({ "id": new_id(), "score": 9 });
    for body in [message(), json!([message(), message()])] {
        let answer = send(site.posting(marked(body))).await;
        assert_eq!(answer.status, 200, "{answer}");
    }
    assert_eq!(site.score("").await["scored"], 3);
    let patch = site.asking("PATCH", "", &site.owner).body(marked(json!({ "name": "Coffee shop" })));
    assert_eq!(send(patch).await.ok()["name"], "Coffee shop");
    let twice = site.posting(format!("\u{feff}{}", marked(message())));
    assert_eq!(send(twice).await.status, 400, "only one mark is a mark");
}

#[tokio::test]
async fn a_path_with_an_empty_segment_is_404() {
    let collector = Collector::start();
    let site = collector.site().await;
    for path in ["//healthz", "///healthz", "/healthz/", "//v1/sites", "/e/", "/a/", "//docs", "//"] {
        collector.get(path).await.problem(404);
    }
    for path in
        ["/v1/sites//score", "//v1/sites/SITE/score", "/v1//sites/SITE/score", "/v1/sites/SITE//score"]
    {
        let url = collector.url() + &path.replace("SITE", &site.id);
        send(collector.http().get(url).bearer_auth(&site.owner)).await.problem(404);
    }
    for endpoint in ["responses/", "keys/", "notes/", "users/", "webhooks/"] {
        send(site.asking("DELETE", endpoint, &site.owner)).await.problem(404);
    }
}

#[tokio::test]
async fn a_host_cannot_carry_a_path() {
    let collector = Collector::start();
    let site = collector.site().await;
    for host in ["localhost/v1", "localhost/x?", "localhost?x=", "localhost#", "a@localhost", "localhost\\v1"]
    {
        for path in ["/healthz", "/sites"] {
            let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
            let answer = collector.raw(request.as_bytes()).await;
            assert!(answer.starts_with("HTTP/1.1 400 "), "{host} {path}: {answer}");
        }
    }
    let request = format!(
        "GET /score HTTP/1.1\r\nhost: localhost/v1/sites/{}\r\nauthorization: Bearer {}\r\nconnection: close\r\n\r\n",
        site.id, site.owner
    );
    let answer = collector.raw(request.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("`Host`"), "{answer}");
    for host in ["localhost", "shop.example:8443", "[::1]:80"] {
        let request = format!("GET /healthz HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        assert!(collector.raw(request.as_bytes()).await.starts_with("HTTP/1.1 200 "), "{host}");
    }
}

/// Opens a connection and sends the head of a message, and the given start of its body.
async fn begin(collector: &Collector, site: &Site, length: &str, start: &str) -> TcpStream {
    let address = collector.url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let head =
        format!("POST /v1/sites/{}/responses HTTP/1.1\r\nhost: localhost\r\n{length}\r\n\r\n", site.id);
    stream.write_all((head + start).as_bytes()).await.expect("a connection");
    stream
}

/// Reads until the collector closes the connection.
async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A reset is an end, too.
    let read = tokio::time::timeout(ENDED, stream.read_to_end(&mut answer)).await;
    assert!(read.is_ok(), "not ended: {}", String::from_utf8_lossy(&answer));
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_body_that_stands_still_is_ended_with_400() {
    let collector = Collector::start();
    let site = collector.site().await;
    let mut stuck = [
        begin(&collector, &site, "content-length: 100", "{\"id\":").await,
        begin(&collector, &site, "content-length: 100", "").await,
        begin(&collector, &site, "content-length: 200000", "{\"id\":").await,
        begin(&collector, &site, "transfer-encoding: chunked", "3\r\n{\"i\r\n").await,
    ];
    let begun = Instant::now();
    for stream in &mut stuck {
        let answer = read_to_end(stream).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        assert!(
            answer.contains("urn:grapevine:problem:incomplete-body") && answer.contains("10 s"),
            "{answer}"
        );
        // A browser keeps such a message.
        assert!(answer.contains(r#""results":[{"id":null,"status":"retry"}]"#), "{answer}");
    }
    assert!(begun.elapsed() >= Duration::from_secs(9), "{:?}", begun.elapsed());
    assert_eq!(site.score("").await["shown"], 0);
    assert_eq!(collector.log(), "");
}

#[tokio::test]
async fn a_slow_body_that_goes_on_is_stored() {
    let collector = Collector::start();
    let site = collector.site().await;
    let message = json!({ "id": new_id(), "score": 9, "comment": "Slowly" }).to_string();
    let length = format!("content-length: {}\r\nconnection: close", message.len());
    let mut stream = begin(&collector, &site, &length, "").await;
    for part in message.as_bytes().chunks(message.len().div_ceil(4)) {
        tokio::time::sleep(Duration::from_secs(4)).await;
        stream.write_all(part).await.expect("the connection is open");
    }
    let answer = read_to_end(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert_eq!(site.score("").await["scored"], 1);
}

#[tokio::test]
async fn a_body_that_breaks_off_costs_nothing() {
    let collector = Collector::start();
    let site = collector.site().await;
    for (length, start) in [
        ("content-length: 100", "{\"id\":"),
        ("content-length: 200000", "{\"id\":"),
        ("transfer-encoding: chunked", "3\r\n{\"i\r\n"),
    ] {
        let mut stream = begin(&collector, &site, length, start).await;
        stream.shutdown().await.expect("the end of what is sent");
        let answer = read_to_end(&mut stream).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400 "), "{answer}");
        drop(begin(&collector, &site, length, start).await);
    }
    site.store(json!({ "id": new_id(), "score": 9 })).await;
    assert_eq!(collector.log(), "");
}

/// Descriptors of 300 idle bodies are released, and others are served meanwhile.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn idle_bodies_release_their_descriptors() {
    let collector = Collector::start();
    let site = collector.site().await;
    site.store(json!({ "id": new_id(), "score": 9 })).await;
    let descriptors = || fs::read_dir(format!("/proc/{}/fd", collector.pid())).map_or(0, Iterator::count);
    let before = descriptors();
    let mut idle = Vec::new();
    for _ in 0..300 {
        idle.push(begin(&collector, &site, "content-length: 5000", "{").await);
    }
    until("all connections are there", async || (descriptors() >= before + 300).then_some(())).await;
    site.store(json!({ "id": new_id(), "score": 9 })).await;
    let begun = Instant::now();
    while descriptors() > before + 20 {
        assert!(begun.elapsed() < ENDED, "{} descriptors, {before} before", descriptors());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(site.score("").await["scored"], 2);
}

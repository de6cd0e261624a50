//! The widget's files: small, typed, and kept by browsers for ever.

use std::collections::BTreeSet;
use std::fs;

use api::language::LANGUAGES;
use reqwest::{Method, Url};
use serde_json::{Value, json};
use tests::Collector;
use tests::client::send;

use crate::loader_and_cors::{fetch, get, unpacked};

/// The files of the widget, without their compressed twins.
fn assets(collector: &Collector) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(collector.dist().join("assets")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let fixed = [
            "loader.js",
            "openapi.json",
            "docs.html",
            "email.json",
            "hosted.texts",
            "grapevine.d.ts",
            "widget.js",
            "widget.wasm",
        ];
        let without_hash = LANGUAGES.contains(&name.trim_end_matches(".json"));
        let fixed = fixed.contains(&name.as_str()) || name.ends_with(".page") || without_hash;
        if !fixed && !name.ends_with(".br") {
            found.push((name, fs::read(path).unwrap()));
        }
    }
    assert!(!found.is_empty(), "the widget is built");
    found
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let (asset, _) = assets(&collector).remove(0);
    for url in
        [site.loader_url(), format!("{}/a/{asset}", collector.url()), format!("{}/healthz", collector.url())]
    {
        let (full, head) =
            (get(&collector, &url, &[]).await, fetch(&collector, Method::HEAD, &url, &[]).await);
        assert_eq!((full.status, head.status, head.body.len()), (200, 200, 0), "{url}");
        for name in ["content-type", "etag", "cache-control", "access-control-allow-origin"] {
            assert_eq!(head.header(name), full.header(name), "{name} of {url}");
        }
    }
    let missing = fetch(&collector, Method::HEAD, &format!("{}/nothing", collector.url()), &[]).await;
    assert_eq!((missing.status, missing.body.len()), (404, 0));
}

#[tokio::test]
async fn widget_files_are_compressed_typed_and_immutable() {
    let collector = Collector::shared();
    for (name, content) in assets(&collector) {
        let url = format!("{}/a/{name}", collector.url());
        let plain = get(&collector, &url, &[]).await;
        let kind = match name.rsplit('.').next().unwrap() {
            "wasm" => "application/wasm",
            "js" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "json" => "application/json",
            other => panic!("a file of an unknown kind: {other}"),
        };
        assert_eq!((plain.status, plain.header("content-type")), (200, kind), "{name}");
        assert_eq!(plain.header("content-encoding"), "");
        assert!(plain.body == content, "{name} is served as it was built");

        let packed = get(&collector, &url, &[("accept-encoding", "gzip, deflate, br")]).await;
        assert_eq!(
            (packed.status, packed.header("content-type"), packed.header("content-encoding")),
            (200, kind, "br")
        );
        let built = fs::read(collector.dist().join("assets").join(format!("{name}.br"))).unwrap();
        assert!(packed.body == built, "{name}.br is served as it was built, {} bytes", packed.body.len());
        assert!(unpacked(&packed.body) == content);

        assert_ne!(plain.header("etag"), packed.header("etag"), "two forms, two tags");
        for (answer, accepted) in [(&plain, "identity"), (&packed, "br")] {
            assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
            assert_eq!(answer.header("vary").to_lowercase(), "accept-encoding");
            assert_eq!(answer.header("access-control-allow-origin"), "*");
            let known = [("if-none-match", answer.header("etag")), ("accept-encoding", accepted)];
            let again = get(&collector, &url, &known).await;
            assert_eq!((again.status, again.body.len()), (304, 0), "{name}");
        }
    }
}

#[tokio::test]
async fn the_api_reference_is_served_as_built() {
    let collector = Collector::shared();
    let url = format!("{}/docs", collector.url());
    let built = |name: &str| fs::read(collector.dist().join("assets").join(name)).unwrap();
    let plain = get(&collector, &url, &[]).await;
    assert_eq!((plain.status, plain.header("content-type")), (200, "text/html; charset=utf-8"), "{plain}");
    assert!(plain.header("content-security-policy").contains("default-src 'none'"), "it may load nothing");
    assert!(plain.body == built("docs.html"));
    let packed = get(&collector, &url, &[("accept-encoding", "br")]).await;
    assert_eq!((packed.status, packed.header("content-encoding")), (200, "br"));
    assert!(packed.body == built("docs.html.br") && unpacked(&packed.body) == plain.body);
}

#[tokio::test]
async fn the_owners_page_loads_its_own_files_only_and_is_checked_each_time() {
    for public_url in ["", "https://shop.example/feedback"] {
        let collector = Collector::start_with(|options| options.public_url = public_url.into());
        let url = format!("{}/", collector.url());
        let page = get(&collector, &url, &[]).await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"), "{page}");
        assert_eq!(page.header("cache-control"), "private, no-cache");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        let policy: Vec<&str> = page.header("content-security-policy").split("; ").collect();
        for part in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(&part), "{part} is not in {policy:?}");
        }
        assert!(!policy.iter().any(|part| part.contains("unsafe-inline") || part.contains("'unsafe-eval'")));

        // Relative, so that they are found below any path.
        let html = String::from_utf8(page.body.clone()).unwrap();
        let files: Vec<&str> = html.split('"').filter(|value| value.starts_with("a/")).collect();
        assert_eq!(files.len(), 2, "a script and a style sheet: {html}");
        for file in &files {
            assert_eq!(get(&collector, &format!("{url}{file}"), &[]).await.status, 200, "{file}");
        }
        // The script names the parts of the page beside itself: three modules with views, and the
        // sample data.
        let script = files.iter().find(|file| file.ends_with(".js")).expect("a script");
        let script = String::from_utf8(get(&collector, &format!("{url}{script}"), &[]).await.body).unwrap();
        let parts: BTreeSet<&str> = script.split('"').filter(|it| it.starts_with("dashboard-")).collect();
        assert_eq!(parts.iter().filter(|part| part.ends_with(".wasm")).count(), 4, "{script}");
        assert_eq!(parts.len(), 8, "{script}");
        for part in parts {
            assert_eq!(get(&collector, &format!("{url}a/{part}"), &[]).await.status, 200, "{part}");
        }
        let below = get(&collector, &format!("{url}feedback/"), &[]).await;
        assert_eq!(below.status, if public_url.is_empty() { 404 } else { 200 }, "{public_url}");
        let known = [("if-none-match", page.header("etag"))];
        let again = get(&collector, &url, &known).await;
        assert_eq!((again.status, again.body.len()), (304, 0));
        assert_eq!(again.header("etag"), page.header("etag"));
    }
}

#[tokio::test]
async fn only_widget_files_are_served_and_no_path_leaves_the_folder() {
    let collector = Collector::shared();
    let (name, _) = assets(&collector).remove(0);
    let stem = &name[..name.rfind('.').unwrap()];
    let wrong = [
        "".to_owned(),
        "loader.js".to_owned(),
        "openapi.json".to_owned(),
        "docs.html".to_owned(),
        "docs.html.br".to_owned(),
        "email.json".to_owned(),
        "hosted.page".to_owned(),
        "hosted.texts".to_owned(),
        "frame.page".to_owned(),
        "grapevine.d.ts".to_owned(),
        format!("{name}.br"),
        format!("{stem}.html"),
        "widget.js".to_owned(),
        "widget-0123456789abcdef.json".to_owned(),
        "hosted-0123456789abcdef.js".to_owned(),
        "..%2f..%2fworkerd.capnp".to_owned(),
        "..%5c..%5cworkerd.capnp".to_owned(),
        format!("%2e%2e%2fassets%2f{name}"),
        format!(".%2f{name}"),
        format!("{name}%00"),
        format!("{name}/"),
    ];
    for wrong in &wrong {
        let answer = get(&collector, &format!("{}/a/{wrong}", collector.url()), &[]).await;
        assert_eq!(answer.status, 404, "{wrong}: {answer}");
        answer.problem(404);
    }
    for path in [
        "/a/../workerd.capnp",
        "/a/../../Cargo.toml",
        "/a/../worker/index.js",
        "/a//etc/passwd",
        "/a/....//....//workerd.capnp",
        "/a/%2e%2e/%2e%2e/workerd.capnp",
        "/a/..;/workerd.capnp",
        "//a/../../../../etc/passwd",
        "/e/../../workerd.capnp",
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        let answer = collector.raw(request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn if_none_match_on_a_missing_file_gets_404() {
    let collector = Collector::shared();
    for known in ["*", "\"en-0123456789abcdef.json\""] {
        let url = format!("{}/a/en-0123456789abcdef.json", collector.url());
        let answer = get(&collector, &url, &[("if-none-match", known)]).await;
        assert_eq!(answer.status, 404, "{known}: {answer}");
    }
}

#[tokio::test]
async fn an_outdated_file_hash_gets_the_current_file_uncached() {
    let collector = Collector::shared();
    for (name, query) in [("widget.js", ""), ("widget.wasm", ""), ("sr-Latn.json", "?l=xx,sr-ME")] {
        let (_, extension) = name.split_once('.').unwrap();
        let url = format!("{}/a/widget-0123456789abcdef.{extension}{query}", collector.url());
        for (accepted, file) in [("identity", name.to_owned()), ("br", format!("{name}.br"))] {
            let answer = get(&collector, &url, &[("accept-encoding", accepted)]).await;
            assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"), "{answer}");
            let built = fs::read(collector.dist().join("assets").join(&file)).unwrap();
            assert!(answer.body == built, "{file} is served as it was built");
        }
    }
}

/// The loader requests the texts by all tags that it knows of. The address contains everything that
/// decides the language, so a cache may keep the answer and never has to look at the request.
#[tokio::test]
async fn the_texts_are_those_of_the_first_language_that_there_is() {
    let collector = Collector::shared();
    let is_survey = |name: &str| name.starts_with("widget-") && name.ends_with(".wasm");
    let (name, _) = assets(&collector).into_iter().find(|(name, _)| is_survey(name)).unwrap();
    let url = format!("{}/a/{}", collector.url(), name.replace(".wasm", ".json"));
    let table: Vec<Value> =
        serde_json::from_str(include_str!("../../api/tests/cases/language.json")).unwrap();
    assert!(table.len() > 60, "{} cases", table.len());
    for case in table {
        let tags: Vec<_> = case["preferences"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let request = collector.http().get(Url::parse_with_params(&url, &[("l", tags.join(","))]).unwrap());
        let answer = send(request.header("accept-language", "pl").header("accept-encoding", "br")).await;
        let texts: Value = serde_json::from_slice(&unpacked(&answer.body)).unwrap();
        let expected = case["language"].as_str().unwrap_or("en");
        assert_eq!(texts.as_array().unwrap().last(), Some(&json!(expected)), "{case}");
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(answer.header("vary").to_lowercase(), "accept-encoding");
        assert!(answer.header("etag").contains(&format!("{expected}-")), "{case}");
    }
    assert_eq!(get(&collector, &url, &[]).await.status, 404, "no tags, no language");
    let script = url.replace(".json", ".js?l=de");
    assert_eq!(get(&collector, &script, &[]).await.status, 404, "only texts have a language");
}

//! Tests of the OpenAPI document: every described operation exists, no other does, and real
//! responses match their schemas.

mod archives;
mod browser_endpoints;
mod errors;
mod operation_client;
mod pairs;
mod webhooks;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use reqwest::Method;
use serde_json::{Value, json};
use tests::client::send;
use tests::openapi::{Document, METHODS, object, walk};
use tests::{Collector, new_id};

use crate::loader_and_cors::fetch;

/// Value of each path parameter.
type PathParameters = BTreeMap<&'static str, String>;

/// Well-formed values of all path parameters, for responses that do not depend on them.
fn path_parameters(site: &str, asset: &str) -> PathParameters {
    let named = [
        ("site", site),
        ("name", asset),
        ("response", "01936b3e-7c1d-7a52-b0f3-5d4b0a0f9c11"),
        ("user", "customer-4711"),
        ("key", "0123456789ab"),
        ("note", "0123456789ab"),
        ("import", "0123456789ab"),
        ("webhook", "0123456789ab"),
        ("delivery", "1"),
    ];
    named.map(|(name, value)| (name, value.to_owned())).into()
}

/// Fills in the parameters of a path.
fn address(path: &str, path_parameters: &PathParameters) -> String {
    let filled = path_parameters
        .iter()
        .fold(path.to_owned(), |path, (name, it)| path.replace(&format!("{{{name}}}"), it));
    assert!(!filled.contains('{'), "a parameter that this test does not know: {path}");
    filled
}

/// The file of the widget's English texts.
fn asset(collector: &Collector) -> String {
    let files = fs::read_dir(collector.dist().join("assets")).unwrap();
    let mut names = files.map(|file| file.unwrap().file_name().to_string_lossy().into_owned());
    names.find(|name| name.starts_with("en-") && name.ends_with(".json")).expect("the English texts")
}

#[tokio::test]
async fn the_document_is_served_unchanged() {
    let (collector, document) = (Collector::shared(), Document::read());
    let answer = collector.get("/openapi.json").await;
    assert_eq!(answer.ok(), document.0);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
}

#[test]
fn the_document_is_well_formed() {
    let document = Document::read();
    assert_eq!(document.0["openapi"], "3.1.0");
    assert_eq!(document.0["info"]["version"], env!("CARGO_PKG_VERSION"));
    walk(&document.0, &mut |value| {
        document.resolved(value);
    });

    let mut ids = BTreeSet::new();
    for (path, method, operation) in document.operations() {
        let what = format!("{method} {path}");
        for member in ["operationId", "summary"] {
            assert!(operation[member].as_str().is_some_and(|text| !text.is_empty()), "{member} of {what}");
        }
        assert!(ids.insert(operation["operationId"].as_str()), "the id of {what} is another's too");
        for name in operation["security"].as_array().expect("security").iter().flat_map(object) {
            assert!(document.0["components"]["securitySchemes"][name.0].is_object(), "{what}: {}", name.0);
        }
        let given = |owner: &Value| owner["parameters"].as_array().cloned().unwrap_or_default();
        let parameters = [given(operation), given(&document.0["paths"][path])].concat();
        let parameters: Vec<&Value> = parameters.iter().map(|one| document.resolved(one)).collect();
        for parameter in &parameters {
            for member in ["name", "in", "description"] {
                assert!(parameter[member].is_string(), "{what}: {parameter}");
            }
            document.fits(&parameter["example"], &parameter["schema"]).unwrap();
            assert!(parameter["in"] != "path" || parameter["required"] == true, "{what}: {parameter}");
        }
        for part in path.split('{').skip(1) {
            let name = part.split('}').next().unwrap();
            assert!(parameters.iter().any(|one| one["name"] == name && one["in"] == "path"), "{what}");
        }
        let responses = object(&operation["responses"]);
        assert!(responses.keys().any(|status| status.starts_with('2')), "{what}");
        for (status, response) in responses {
            let response = document.resolved(response);
            assert!(response["description"].is_string(), "{status} of {what}");
            check_content(&document, &what, response, status);
        }
        if let Some(body) = operation.get("requestBody") {
            check_content(&document, &what, body, "");
        }
    }
    let other = &document.0["components"]["responses"]["MethodNotAllowed"];
    check_content(&document, "any path", other, "405");
}

/// Asserts that a body has examples, that they match its schema, and that errors among them have
/// that status.
fn check_content(document: &Document, what: &str, owner: &Value, status: &str) {
    let mut examples = 0;
    for (kind, content) in owner["content"].as_object().into_iter().flatten() {
        for (name, example) in content["examples"].as_object().into_iter().flatten() {
            let value = &document.resolved(example)["value"];
            let fits = document.fits(value, &content["schema"]);
            fits.unwrap_or_else(|why| panic!("{what} {status}, {name}: {why}"));
            let right = kind != "application/problem+json" || value["status"].as_u64() == status.parse().ok();
            assert!(right, "{what} {status}, {name}: {value}");
            examples += 1;
        }
    }
    assert!(examples > 0 || ["204", "304"].contains(&status), "{what} {status} has no example");
}

#[tokio::test]
async fn described_operations_exist_and_other_methods_get_405() {
    let (collector, document) = (Collector::shared(), Document::read());
    let public = json!({ "name": "Tea shop", "badge": true, "public_notes": true });
    let site = collector.create_site(public).await;
    let path_parameters = path_parameters(&site.id, &asset(&collector));
    let operations = document.operations();
    for path in object(&document.0["paths"]).keys() {
        let concrete = address(path, &path_parameters);
        let url = collector.url() + &concrete;
        let is_described = |method: &Method| {
            operations.iter().any(|(described_path, described_method, _)| {
                described_method == method && is_of(&concrete, described_path, path)
            })
        };
        let allowed: Vec<&str> = METHODS.iter().filter(|it| is_described(it)).map(Method::as_str).collect();
        for method in METHODS {
            let answer = fetch(&collector, method.clone(), &url, &[]).await;
            if is_described(&method) {
                assert!(!matches!(answer.status, 404 | 405 | 500..), "{method} {path}: {answer}");
            } else {
                let problem = answer.problem(405);
                assert_eq!(answer.header("allow"), allowed.join(", "), "{method} {path}");
                assert_eq!(problem["allow"], allowed.join(", "));
                let described = &document.0["components"]["responses"]["MethodNotAllowed"];
                document.check_response(&format!("{method} {path}"), described, &answer);
            }
        }
    }
}

/// Whether a described path is `path`, or one whose parameters take the segments of `concrete`: a
/// user may be called `lookup`.
fn is_of(concrete: &str, described: &str, path: &str) -> bool {
    let fits = |(part, segment): (&str, &str)| {
        part == segment || (part.starts_with('{') && part.ends_with('}') && !segment.is_empty())
    };
    let lengths = (described.split('/').count(), concrete.split('/').count());
    described == path || (lengths.0 == lengths.1 && described.split('/').zip(concrete.split('/')).all(fits))
}

#[tokio::test]
async fn responses_to_pages_match_the_document() {
    let (collector, document) = (Collector::shared(), Document::read());
    let site = collector.create_site(json!({ "name": "Tea shop", "origins": ["https://tea.example"] })).await;
    let full = json!({
        "id": new_id(), "score": 9, "comment": "Good tea", "shown": true, "dismissed": true, "variant": "standard", "lang": "en",
        "page": "/shop", "properties": { "plan": "pro", "seats": 5 }, "user": "u1", "elapsed_ms": 2100,
    });
    let (bad, good) = (json!({ "id": 7, "score": 11 }), json!({ "id": new_id(), "dismissed": true }));
    let many = Value::Array(vec![good.clone(); 51]);
    for (message, status) in [
        (&full, 200),
        (&json!([good.clone(), full.clone()]), 200),
        (&json!([bad.clone(), good.clone(), "nothing"]), 200),
        (&bad, 422),
        (&json!([bad.clone(), { "id": new_id() }, null]), 422),
        (&json!([]), 400),
        (&many, 400),
        (&json!("x".repeat(256 * 1024)), 413),
    ] {
        let answer = site.post(message).await;
        assert_eq!(answer.status, status, "{answer}");
        document.check("storeResponses", &answer);
    }
    let foreign = send(site.posting(good.to_string()).header("origin", "https://evil.example")).await;
    let unknown = site.with_id("00000000000000000000");
    for (answer, status) in
        [(send(site.posting("{")).await, 400), (foreign, 403), (unknown.post(&good).await, 404)]
    {
        assert_eq!(answer.status, status, "{answer}");
        document.check("storeResponses", &answer);
    }

    for url in [site.loader_url(), site.loader_url(), unknown.loader_url()] {
        document.check("getLoader", &fetch(&collector, Method::GET, &url, &[]).await);
    }
    let missing = "en-0123456789abcdef.json".to_owned();
    for (name, status) in [(asset(&collector), 200), (missing, 404)] {
        let answer = collector.get(&format!("/a/{name}")).await;
        assert_eq!(answer.status, status);
        document.check("getAsset", &answer);
    }
    document.check("getHealth", &collector.get("/healthz").await);
}

#[tokio::test]
async fn responses_to_owners_match_the_document() {
    let (collector, document) = (Collector::shared(), Document::read());
    for (given, status) in [
        (json!({ "name": "Tea shop" }), 201),
        (json!({ "name": "Tea shop", "timezone": "Europe/Nowhere" }), 422),
        (json!(7), 422),
        (json!("x".repeat(64 * 1024)), 413),
    ] {
        let answer = collector.ask_for_site(&given).await;
        assert_eq!(answer.status, status, "{answer}");
        document.check("createSite", &answer);
    }
    let request = || collector.http().post(collector.url() + "/v1/sites").body("{");
    document.check("createSite", &send(request().bearer_auth(collector.admin_token())).await);
    document.check("createSite", &send(request()).await);

    let site = collector.site().await;
    let import = "score,at,comment,plan\n9,2026-01-01,Good tea,pro\n3,2026-02-01,,\n";
    for (body, query, kind, status) in [
        (import, "", "text/csv", 200),
        (import, "at=2026-01-01", "text/csv", 200),
        ("score\n9\n11\n", "", "text/csv", 200),
        ("{\"score\": 9}\n{}\n[]\n", "", "application/x-ndjson", 200),
        ("score\n11\n", "", "text/csv", 422),
        ("nps\n9\n", "", "text/csv", 422),
        (import, "colums=at:date", "text/csv", 422),
        (import, "", "application/vnd.ms-excel", 400),
    ] {
        let answer = site.import(body, query, kind).await;
        assert_eq!(answer.status, status, "{answer}");
        document.check("importResponses", &answer);
    }
    for score in [3, 8, 9, 10] {
        let message =
            json!({ "id": new_id(), "score": score, "comment": "Tea", "user": "u", "elapsed_ms": 900 });
        site.store(message).await;
    }
    site.store(json!({ "id": new_id(), "dismissed": true })).await;

    for (endpoint, operation, status) in [
        ("responses", "listResponses", 200),
        ("responses?limit=2", "listResponses", 200),
        ("responses?lmit=2", "listResponses", 422),
        ("score", "getScore", 200),
        ("score?range=30d&interval=day&compare=previous&variant=standard", "getScore", 200),
        ("score?from=2026-01-01&to=2026-02-28&interval=month&compare=previous", "getScore", 200),
        ("score?variant=other&range=7d&interval=week&compare=previous", "getScore", 200),
        ("score?range=30", "getScore", 422),
        ("usage", "getUsage", 200),
    ] {
        let answer = site.get(endpoint, &site.owner).await;
        assert_eq!(answer.status, status, "{endpoint}: {answer}");
        document.check(operation, &answer);
        if operation != "getScore" {
            document.check(operation, &site.get(endpoint, &site.read).await);
        }
        document.check(operation, &site.get(endpoint, "wrong").await);
        document.check(operation, &site.with_id("00000000000000000000").get(endpoint, &site.owner).await);
    }
    for reader in [site.with_owner_key(&site.read), site.with_owner_key("wrong")] {
        document.check("importResponses", &reader.import(import, "", "text/csv").await);
    }
}

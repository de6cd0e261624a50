//! The description of the interface is right: what it says is there is there, nothing else is, and real answers have
//! the shape that it gives them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};
use tests::client::{Answer, send};
use tests::{Collector, new_id};

use crate::serving::ask;

const METHODS: [Method; 5] = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

/// The description as it lies in the source, with its parts by name.
struct Document(Value);

impl Document {
    fn read() -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../collector/openapi.json");
        Self(serde_json::from_slice(&fs::read(file).unwrap()).expect("JSON"))
    }

    /// What a `$ref` leads to; anything else is itself.
    fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value.get("$ref").and_then(Value::as_str) {
            None => value,
            Some(to) => {
                let found = to.strip_prefix('#').and_then(|pointer| self.0.pointer(pointer));
                self.resolved(found.unwrap_or_else(|| panic!("{to} leads nowhere")))
            }
        }
    }

    /// Each path, method and operation.
    fn operations(&self) -> Vec<(&str, Method, &Value)> {
        let mut found = Vec::new();
        for (path, item) in object(&self.0["paths"]) {
            for method in METHODS {
                if let Some(operation) = item.get(method.as_str().to_lowercase()) {
                    found.push((path.as_str(), method, operation));
                }
            }
        }
        found
    }

    fn operation(&self, id: &str) -> &Value {
        let mut operations = self.operations().into_iter();
        operations.find(|(_, _, operation)| operation["operationId"] == id).expect(id).2
    }

    /// Asserts that an answer is one of those that the operation describes: its status, type, headers and body.
    #[track_caller]
    fn check(&self, operation: &str, answer: &Answer) {
        let response = &self.operation(operation)["responses"][answer.status.to_string()];
        assert!(response.is_object(), "{operation} does not describe this answer: {answer}");
        self.check_response(operation, self.resolved(response), answer);
    }

    #[track_caller]
    fn check_response(&self, what: &str, response: &Value, answer: &Answer) {
        for (name, header) in response["headers"].as_object().into_iter().flatten() {
            let header = self.resolved(header);
            let value = answer.header(name);
            assert!(header["required"] != true || !value.is_empty(), "{what}: no {name} in {answer}");
            if !value.is_empty() {
                let number = header["schema"]["type"] == "integer";
                let value = if number { json!(value.parse::<u64>().unwrap()) } else { json!(value) };
                self.fits(&value, &header["schema"]).unwrap_or_else(|why| panic!("{what}, {name}: {why}"));
            }
        }
        let kind = answer.header("content-type");
        let schema = &response["content"][kind]["schema"];
        assert!(schema.is_object(), "{what} describes no {kind}: {answer}");
        if kind.contains("json") {
            self.fits(&answer.json(), schema).unwrap_or_else(|why| panic!("{what}: {why}\n{answer}"));
        }
    }

    /// Whether the value is as the schema says, or what is not.
    ///
    /// It knows the words of JSON Schema that the document uses and panics on any other, so none is passed over. It is stricter in
    /// one point: members that are not described are wrong. It looks at neither `pattern` nor `format`.
    fn fits(&self, value: &Value, schema: &Value) -> Result<(), String> {
        let wrong = |what: &str| Err(format!("{value} is not as it should be: {what} in {schema}"));
        let size = |of: &Value| of.as_u64().unwrap() as usize;
        for (word, of) in object(schema) {
            let right = match word.as_str() {
                "description" | "default" | "pattern" | "format" => true,
                "$ref" => return self.fits(value, self.resolved(schema)),
                "type" => list(of).iter().any(|name| is(value, name.as_str().unwrap())),
                "enum" => list(of).contains(value),
                "const" => value == of,
                "not" => self.fits(value, of).is_err(),
                "minimum" => value.as_f64().is_none_or(|n| n >= of.as_f64().unwrap()),
                "maximum" => value.as_f64().is_none_or(|n| n <= of.as_f64().unwrap()),
                "minLength" => value.as_str().is_none_or(|text| text.chars().count() >= size(of)),
                "maxLength" => value.as_str().is_none_or(|text| text.chars().count() <= size(of)),
                "minItems" => value.as_array().is_none_or(|items| items.len() >= size(of)),
                "maxItems" => value.as_array().is_none_or(|items| items.len() <= size(of)),
                "maxProperties" => value.as_object().is_none_or(|members| members.len() <= size(of)),
                "required" => {
                    value.is_null() || list(of).iter().all(|name| value.get(name.as_str().unwrap()).is_some())
                }
                "oneOf" => list(of).iter().filter(|one| self.fits(value, one).is_ok()).count() == 1,
                "anyOf" => list(of).iter().any(|one| self.says(value, one)),
                "if" => {
                    let then = if self.says(value, of) { "then" } else { "else" };
                    self.says(value, &schema[then])
                }
                "then" | "else" => true,
                "items" => {
                    for item in value.as_array().into_iter().flatten() {
                        self.fits(item, of)?;
                    }
                    true
                }
                "propertyNames" => {
                    let mut names = value.as_object().into_iter().flat_map(|members| members.keys());
                    names.all(|name| self.fits(&json!(name), of).is_ok())
                }
                "properties" | "additionalProperties" => {
                    self.members_fit(value, schema)?;
                    true
                }
                other => panic!("this checker does not know {other:?}"),
            };
            if !right {
                return wrong(word);
            }
        }
        Ok(())
    }

    fn members_fit(&self, value: &Value, schema: &Value) -> Result<(), String> {
        for (name, member) in value.as_object().into_iter().flatten() {
            match (schema["properties"].get(name), &schema["additionalProperties"]) {
                (Some(own), _) => self.fits(member, own)?,
                (None, others @ Value::Object(_)) => self.fits(member, others)?,
                (None, _) => return Err(format!("{name:?} is not described: {value}")),
            }
        }
        Ok(())
    }

    /// Whether the value is as a condition says, which names some of its members and says nothing of the others.
    fn says(&self, value: &Value, condition: &Value) -> bool {
        let there = condition
            .get("required")
            .is_none_or(|names| list(names).iter().all(|name| value.get(name.as_str().unwrap()).is_some()));
        there
            && condition["properties"]
                .as_object()
                .into_iter()
                .flatten()
                .all(|(name, of)| value.get(name).is_none_or(|member| self.fits(member, of).is_ok()))
    }
}

fn object(value: &Value) -> &serde_json::Map<String, Value> {
    value.as_object().unwrap_or_else(|| panic!("no object: {value}"))
}

/// The members of an array; one value stands for an array of it.
fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice)
}

fn is(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|n| n.fract() == 0.0),
        other => panic!("there is no type {other}"),
    }
}

/// Calls `with` for a value and everything in it.
fn walk(value: &Value, with: &mut impl FnMut(&Value)) {
    with(value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, with)),
        Value::Object(members) => members.values().for_each(|member| walk(member, with)),
        _ => {}
    }
}

/// A path with its parameters filled in.
fn address(path: &str, site: &str, asset: &str) -> String {
    let filled = path.replace("{site}", site).replace("{name}", asset);
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
async fn the_description_is_served_as_it_was_written() {
    let (collector, document) = (Collector::start(), Document::read());
    let answer = collector.get("/openapi.json").await;
    assert_eq!(answer.ok(), document.0);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
}

#[test]
fn the_description_is_well_formed() {
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

/// Asserts that a body has examples, and that they are as its schema says and, if they are errors, of that status.
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
    assert!(examples > 0 || status == "304", "{what} {status} has no example");
}

#[tokio::test]
async fn what_is_described_is_there_and_other_methods_are_not() {
    let (collector, document) = (Collector::start(), Document::read());
    let (site, asset) = (collector.site().await, asset(&collector));
    let operations = document.operations();
    for path in object(&document.0["paths"]).keys() {
        let url = collector.url() + &address(path, &site.id, &asset);
        let own = |method: &Method| operations.iter().any(|(of, its, _)| of == path && its == method);
        let allowed: Vec<&str> = METHODS.iter().filter(|it| own(it)).map(Method::as_str).collect();
        for method in METHODS {
            let answer = ask(&collector, method.clone(), &url, &[]).await;
            if own(&method) {
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

#[tokio::test]
async fn answers_to_pages_are_as_described() {
    let (collector, document) = (Collector::start(), Document::read());
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
        document.check("getLoader", &ask(&collector, Method::GET, &url, &[]).await);
    }
    let missing = "widget-0123456789abcdef.wasm".to_owned();
    for (name, status) in [(asset(&collector), 200), (missing, 404)] {
        let answer = collector.get(&format!("/a/{name}")).await;
        assert_eq!(answer.status, status);
        document.check("getAsset", &answer);
    }
    document.check("getHealth", &collector.get("/healthz").await);
}

#[tokio::test]
async fn answers_to_owners_are_as_described() {
    let (collector, document) = (Collector::start(), Document::read());
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

//! Context of a response (page, language, properties, user): whatever a page sends there, the
//! response is stored.

use serde_json::{Map, Value, json};
use tests::client::{assert_problem, send};
use tests::{Collector, Site, id_at, new_id, now_ms};

/// Sends a message that must be stored, and returns its result and its response.
async fn stored(site: &Site, mut message: Value) -> (Value, Value) {
    let id = new_id();
    message["id"] = json!(id);
    let answer = site.post(&message).await;
    assert_eq!(answer.status, 200, "{answer}");
    let result = answer.json()["results"][0].take();
    assert_eq!((&result["id"], &result["status"]), (&json!(id), &json!("stored")), "{result}");
    (result, site.owner_get(&format!("responses/{id}")).await)
}

#[tokio::test]
async fn a_long_page_is_truncated_at_a_whole_character() {
    let collector = Collector::start();
    let site = collector.site().await;
    // ข is three bytes, 🍵 four; `/` and the letters move the cut through each of their digits.
    for (unit, width) in [("%E0%B8%82", 9), ("%F0%9F%8D%B5", 12), ("%2f", 3), ("ข", 1), ("🍵", 1), ("x", 1)]
    {
        for shift in 0..width {
            let start = format!("/{}", "s".repeat(shift));
            let page = format!("{start}{}", unit.repeat(600));
            let (result, response) = stored(&site, json!({ "score": 9, "page": page })).await;
            let whole = (500 - start.len()) / width;
            let expected = format!("{start}{}", unit.repeat(whole));
            assert_eq!(response["page"], json!(expected), "{unit} after {shift}");
            assert_eq!(result["ignored"], json!(["/page"]));
        }
    }
    let exact = format!("/{}", "é".repeat(499));
    let (result, response) = stored(&site, json!({ "score": 9, "page": exact })).await;
    assert_eq!((&response["page"], result.get("ignored")), (&json!(exact), None));
}

#[tokio::test]
async fn surplus_properties_are_dropped_from_the_end_unless_declared() {
    let collector = Collector::start();
    let site = collector.create_site(json!({ "name": "Tea shop", "properties": ["plan", "zone"] })).await;
    // The names fall with each property, so the order of the message is not that of the alphabet.
    let names: Vec<String> = (0..23).rev().map(|nth| format!("p{nth:02}")).collect();
    let members = names.iter().map(String::as_str).chain(["zone", "plan"]);
    let members: Vec<String> = members.map(|name| format!("\"{name}\":\"of {name}\"")).collect();
    let id = new_id();
    let body = format!("{{\"id\":\"{id}\",\"score\":3,\"properties\":{{{}}}}}", members.join(","));
    let results = send(site.posting(body)).await.ok()["results"].take();
    let (kept, left) = names.split_at(18);
    let mut ignored: Vec<String> = left.iter().map(|name| format!("/properties/{name}")).collect();
    let mut named: Vec<String> = serde_json::from_value(results[0]["ignored"].clone()).unwrap();
    ignored.sort();
    named.sort();
    assert_eq!(named, ignored, "{results}");
    let expected = kept.iter().map(String::as_str).chain(["zone", "plan"]);
    let expected: Map<String, Value> =
        expected.map(|name| (name.to_owned(), json!(format!("of {name}")))).collect();
    assert_eq!(site.responses().await[0]["properties"], Value::Object(expected));
    assert_eq!(site.score("group_by=plan").await["groups"][0]["value"], "of plan");
}

#[tokio::test]
async fn long_property_names_and_values_are_truncated() {
    let collector = Collector::start();
    let site = collector.site().await;
    let name = "n".repeat(63) + "🍵🍵";
    let properties = json!({
        "value": "é".repeat(250), name.clone(): "named", "number": 5, "flag": true, "a/b~c": "x".repeat(201), "gone": null,
    });
    let (result, response) = stored(&site, json!({ "score": 9, "properties": properties })).await;
    let expected = json!({
        "value": "é".repeat(200), "n".repeat(63) + "🍵": "named", "number": "5", "flag": "true", "a/b~c": "x".repeat(200),
    });
    assert_eq!(response["properties"], expected);
    let ignored = json!(["/properties/a~1b~0c", format!("/properties/{name}"), "/properties/value"]);
    assert_eq!(result["ignored"], ignored);
}

#[tokio::test]
async fn a_long_lang_or_user_is_ignored_rather_than_truncated() {
    let collector = Collector::start();
    let site = collector.site().await;
    for (field, value) in [("lang", "de-".to_owned() + &"x".repeat(33)), ("user", "u".repeat(1_001))] {
        let (result, response) = stored(&site, json!({ "score": 9, field: value })).await;
        assert_eq!((&result["ignored"], &response[field]), (&json!([format!("/{field}")]), &json!(null)));
    }
}

#[tokio::test]
async fn a_lone_surrogate_in_a_message_is_replaced_and_the_response_stored() {
    let collector = Collector::start();
    let site = collector.site().await;
    for (written, read) in [
        (r"cut \ud83d", "cut \u{fffd}"),
        (r"\uDE00 cut", "\u{fffd} cut"),
        (r"\ud83d\ud83d\ude00", "\u{fffd}😀"),
        (r"\ud83d\\ude00", "\u{fffd}\\ude00"),
        (r"\\ud83d \ud83d\n", "\\ud83d \u{fffd}\n"),
        (r"\ud83dA\u00e9", "\u{fffd}Aé"),
    ] {
        let id = new_id();
        let body = format!(
            r#"{{"id":"{id}","score":9,"comment":"{written}","page":"/{written}","properties":{{"{written}":"{written}"}}}}"#
        );
        assert_eq!(send(site.posting(body)).await.ok()["results"][0]["status"], "stored", "{written}");
        let response = site.owner_get(&format!("responses/{id}")).await;
        assert_eq!((&response["comment"], &response["page"]), (&json!(read), &json!(format!("/{read}"))));
        assert_eq!(response["properties"], json!({ read: read }), "{written}");
    }
}

#[tokio::test]
async fn a_lone_surrogate_in_owner_input_is_replaced() {
    let collector = Collector::start();
    let site = collector.site().await;
    let id = new_id();
    site.store(json!({ "id": id, "score": 9 })).await;
    let patch = site.asking("PATCH", &format!("responses/{id}"), &site.owner);
    let patched = send(patch.body(r#"{"note":"thanks \ud83d"}"#)).await.ok();
    assert_eq!(patched["note"], "thanks \u{fffd}");
    let lines = concat!(r#"{"score":9,"comment":"tea \ud83c"}"#, "\n", r#"{"score":8}"#, "\n");
    let imported = site.import(lines, "", "application/x-ndjson").await.ok();
    assert_eq!((&imported["stored"], &imported["rejected"]), (&json!(2), &json!(0)), "{imported}");
    assert!(site.responses().await.iter().any(|response| response["comment"] == "tea \u{fffd}"));
    let created =
        collector.http().post(format!("{}/v1/sites", collector.url())).bearer_auth(collector.admin_token());
    assert_eq!(send(created.body(r#"{"name":"Tea \ud83c"}"#)).await.status, 201);
}

#[tokio::test]
async fn an_unparsable_message_in_an_array_affects_no_other_message() {
    let collector = Collector::start();
    let site = collector.site().await;
    let deep = format!(
        "{{\"id\":\"{}\",\"score\":9,\"properties\":{}1{}}}",
        new_id(),
        "{\"a\":".repeat(300),
        "}".repeat(300)
    );
    let mut bad: Vec<(Vec<u8>, u16)> = [
        (r#"{"id":"ID","score":9,"comment":"\x"}"#, 400),
        (r#"{"id":"ID","score":9,"comment":"\u12"}"#, 400),
        (r#"{"id":"ID","score":09}"#, 400),
        (r#"{"id":"ID","score":NaN}"#, 400),
        (r#"{"id":"ID","score":9,}"#, 400),
        (r#"{"id":"ID" "score":9}"#, 400),
        ("{\"id\":\"ID\",\"score\":9,\"comment\":\"a\nb\"}", 400),
        (r#"{"id":"ID","score":11}"#, 422),
        (r#"{"id":"ID","score":9,"page":5}"#, 422),
        (r#"{"id":"ID","score":9,"scroe":5}"#, 422),
        (r#""[,]{\"""#, 422),
        (deep.as_str(), 400),
    ]
    .map(|(text, status)| (text.replace("ID", &new_id()).into_bytes(), status))
    .to_vec();
    let broken = format!("{{\"id\":\"{}\",\"score\":9,\"comment\":\"", new_id());
    bad.push(([broken.as_bytes(), b"caf\xe9\"}"].concat(), 400));
    for (bad, status) in bad {
        let what = String::from_utf8_lossy(&bad).chars().take(80).collect::<String>();
        let (first, last) = (new_id(), new_id());
        let body = [
            format!(" [{{\"id\":\"{first}\",\"score\":9,\"comment\":\"\\\"],[\\\\\"}},").as_bytes(),
            &bad,
            format!(", {{\"id\":\"{last}\",\"score\":3}} ]\n").as_bytes(),
        ]
        .concat();
        let answer = send(site.posting(body.clone())).await;
        assert_eq!(answer.status, 200, "{what}: {answer}");
        let results = answer.json()["results"].take();
        assert_eq!(results[0], json!({ "id": first, "status": "stored" }), "{what}");
        assert_eq!(results[1]["status"], "invalid", "{what}");
        assert_problem(&results[1]["problem"], status);
        assert_eq!(results[2], json!({ "id": last, "status": "stored" }), "{what}");
        let listed = site.responses().await;
        assert_eq!((&listed[0]["id"], &listed[1]["id"]), (&json!(last), &json!(first)), "{what}");
    }
    let none = send(site.posting("[{\"id\":1x},{\"score\":9}]")).await.problem(400);
    assert_eq!(none["results"].as_array().map(Vec::len), Some(2), "{none}");
    send(site.posting("[{\"id\":")).await.problem(400);
    send(site.posting("[1] [2]")).await.problem(400);
}

#[tokio::test]
async fn the_longest_texts_are_stored_in_any_script() {
    let collector = Collector::start();
    let site = collector.site().await;
    for letter in ["🍵", "好", "\u{1}", "\""] {
        let answers: Map<String, Value> =
            (0..5).map(|nth| (format!("{nth}{}", "k".repeat(39)), json!(letter.repeat(1_000)))).collect();
        let message = json!({
            "score": 9, "comment": letter.repeat(5_000), "contact": letter.repeat(200), "answers": answers,
            "consents": ["publish", "quote", "reference"], "page": format!("/{}", letter.repeat(20_000)),
        });
        let (result, response) = stored(&site, message.clone()).await;
        for field in ["comment", "contact", "answers"] {
            assert_eq!(response[field], message[field], "{field} of {letter:?}");
        }
        assert_eq!(result["ignored"], json!(["/page"]));
    }
}

#[tokio::test]
async fn an_oversized_message_drops_context_only() {
    let collector = Collector::start();
    let site = collector.create_site(json!({ "name": "Tea shop", "properties": ["plan"] })).await;
    let (tea, answers) = (
        "🍵",
        json!({ "a": "🍵".repeat(1_000), "b": "🍵".repeat(1_000), "c": "🍵".repeat(1_000),
        "d": "🍵".repeat(1_000), "e": "🍵".repeat(1_000) }),
    );
    let mut properties: Map<String, Value> =
        (0..19).map(|nth| (format!("a{nth:02}{}", tea.repeat(61)), json!(tea.repeat(200)))).collect();
    properties.insert("plan".into(), json!("pro"));
    let message = json!({
        "score": 9, "comment": tea.repeat(5_000), "contact": tea.repeat(200), "answers": answers, "page": tea.repeat(500),
        "user": tea.repeat(1_000), "properties": properties,
    });
    let (result, response) = stored(&site, message.clone()).await;
    for field in ["comment", "contact", "answers", "page"] {
        assert_eq!(response[field], message[field], "{field}");
    }
    let ignored = result["ignored"].as_array().unwrap();
    assert!((1..10).contains(&ignored.len()), "{ignored:?}");
    assert!(ignored.iter().all(|name| name.as_str().unwrap().starts_with("/properties/a")), "{ignored:?}");
    let kept = response["properties"].as_object().unwrap();
    assert_eq!((kept.len() + ignored.len(), &kept["plan"]), (20, &json!("pro")));
    assert!(response["user"].is_string());
}

#[tokio::test]
async fn an_oversized_batch_gets_413_and_smaller_batches_are_stored() {
    let collector = Collector::start();
    let site = collector.site().await;
    let batch: Vec<Value> =
        (0..50).map(|_| json!({ "id": new_id(), "score": 9, "comment": "好".repeat(5_000) })).collect();
    let problem = site.post(&json!(batch)).await.problem(413);
    assert!(problem["detail"].as_str().unwrap().contains("fewer messages"), "{problem}");
    for part in batch.chunks(17) {
        site.store(json!(part)).await;
    }
    assert_eq!(site.score("").await["scored"], 50);
}

#[tokio::test]
async fn an_id_twice_in_an_array_is_one_response() {
    let collector = Collector::start();
    let site = collector.site().await;
    let id = new_id();
    site.store(json!([
        { "id": id, "score": 4, "page": "x".repeat(600), "elapsed_ms": 1_000 },
        { "id": id.to_uppercase(), "score": 9, "user": "ann", "elapsed_ms": 2_000 },
    ]))
    .await;
    let responses = site.responses().await;
    assert_eq!((responses.len(), &responses[0]["score"]), (1, &json!(9)));
    assert_eq!(responses[0]["page"], json!("x".repeat(500)));
}

#[tokio::test]
async fn messages_about_one_response_in_an_array_count_in_their_order() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let ids: Vec<String> = (0..20).map(|_| id_at(now_ms())).collect();
    let about = |why: &'static str| ids.iter().map(move |id| json!({ "id": id, "answers": { "why": why } }));
    let array: Vec<Value> = about("first").chain(about("last")).collect();
    site.store(json!(array)).await;
    let responses = site.responses().await;
    assert_eq!(responses.len(), 20);
    for response in responses {
        assert_eq!(response["answers"], json!({ "why": "last" }));
    }
}

//! Bad input: each is refused with its reason, and nothing of it is stored.

use serde_json::{Value, json};
use tests::client::send;
use tests::{Collector, Site, new_id};

/// A site with one answer, and what it shows: the same must show after every refusal.
async fn site_with_an_answer(collector: &Collector) -> (Site, Value) {
    let site = collector.site().await;
    site.store(json!({ "id": new_id(), "score": 9, "comment": "Good tea", "shown": true })).await;
    let state = site.state().await;
    assert_eq!((&state["score"]["scored"], state["responses"].as_array().unwrap().len()), (&json!(1), 1));
    (site, state)
}

#[tokio::test]
async fn a_score_off_the_scale_is_refused() {
    let collector = Collector::shared();
    let (site, before) = site_with_an_answer(&collector).await;
    for score in
        ["-1", "11", "7.5", "\"8\"", "true", "[9]", "{}", "1e300", "-0.5", "99999999999999999999", "\"\""]
    {
        let body = format!("{{\"id\":\"{}\",\"score\":{score}}}", new_id());
        send(site.posting(body)).await.invalid_at("/score");
    }
    assert_eq!(site.state().await, before);
}

#[tokio::test]
async fn a_whole_number_may_be_written_as_a_decimal() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for score in ["8.0", "8e0", "80e-1"] {
        let answer = send(site.posting(format!("{{\"id\":\"{}\",\"score\":{score}}}", new_id()))).await;
        assert_eq!(answer.status, 200, "{score}: {answer}");
    }
    assert_eq!(site.score("").await["distribution"], json!([0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0]));
}

#[tokio::test]
async fn invalid_json_is_refused() {
    let collector = Collector::shared();
    let (site, before) = site_with_an_answer(&collector).await;
    let cut = format!("{{\"id\":\"{}\",\"score\":9", new_id());
    let trailing = format!("{{\"id\":\"{}\",\"score\":9}} and more", new_id());
    let nan = format!("{{\"id\":\"{}\",\"score\":NaN}}", new_id());
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    let deep_object = format!(
        "{{\"id\":\"{}\",\"properties\":{}1{}}}",
        new_id(),
        "{\"a\":".repeat(5_000),
        "}".repeat(5_000)
    );
    for body in ["", " ", "score=9", "{'score':9}", "\u{feff}", &cut, &trailing, &nan, &deep, &deep_object] {
        send(site.posting(body.to_owned())).await.problem(400);
    }
    assert_eq!(site.state().await, before);
}

#[tokio::test]
async fn bytes_that_are_not_utf8_are_refused() {
    let collector = Collector::shared();
    let (site, before) = site_with_an_answer(&collector).await;
    for bad in [&b"\xff\xfe"[..], b"\xc3", b"\xed\xa0\x80", b"caf\xe9"] {
        let mut body = format!("{{\"id\":\"{}\",\"score\":9,\"comment\":\"", new_id()).into_bytes();
        body.extend_from_slice(bad);
        body.extend_from_slice(b"\"}");
        send(site.posting(body)).await.problem(400);
    }
    assert_eq!(site.state().await, before);
}

#[tokio::test]
async fn an_oversized_body_gets_413_with_or_without_content_length() {
    let collector = Collector::shared();
    let (site, before) = site_with_an_answer(&collector).await;
    // Within four times the limit: up to there the collector reads on, so that a client that is
    // still sending gets the response.
    let message = json!({ "id": new_id(), "score": 9, "comment": "x".repeat(1_000_000) }).to_string();
    let problem = send(site.posting(message.clone())).await.problem(413);
    assert!(problem["detail"].as_str().unwrap().contains("256 KiB"), "{problem}");
    let chunked = raw_chunked(&collector, &site, message.as_bytes()).await;
    assert!(chunked.starts_with("HTTP/1.1 413"), "{chunked}");
    assert_eq!(site.state().await, before);
}

/// Posts a body in chunks, so that nothing tells its length beforehand.
async fn raw_chunked(collector: &Collector, site: &Site, body: &[u8]) -> String {
    let mut request = format!(
        "POST /v1/sites/{}/responses HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n",
        site.id
    )
    .into_bytes();
    for chunk in body.chunks(16_384) {
        request.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        request.extend_from_slice(chunk);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"0\r\n\r\n");
    collector.raw(&request).await
}

#[tokio::test]
async fn texts_are_stored_up_to_their_limit_and_refused_beyond() {
    let collector = Collector::shared();
    let (site, before) = site_with_an_answer(&collector).await;
    for (field, limit) in [("comment", 5_000), ("contact", 200), ("variant", 40)] {
        let problem = site.post(&json!({ "id": new_id(), "score": 9, field: "a".repeat(limit + 1) })).await;
        let problem = problem.invalid_at(&format!("/{field}"));
        assert!(problem["detail"].as_str().unwrap().contains(&limit.to_string()), "{problem}");
    }
    site.post(&json!({ "id": new_id(), "score": 9, "comment": "x".repeat(10_000) }))
        .await
        .invalid_at("/comment");
    assert_eq!(site.state().await, before);

    let message = json!({
        "id": new_id(), "score": 9, "comment": "好".repeat(5_000), "lang": "a".repeat(35), "page": "é".repeat(500),
        "user": "u".repeat(1_000), "properties": { "p".repeat(64): "é".repeat(200) },
    });
    site.store(message.clone()).await;
    let response = site.responses().await.remove(0);
    for field in ["comment", "lang", "page", "properties"] {
        assert_eq!(response[field], message[field], "{field}");
    }
}

#[tokio::test]
async fn each_field_of_a_wrong_type_is_named() {
    let collector = Collector::shared();
    let (site, before) = site_with_an_answer(&collector).await;
    for (field, wrong, pointer) in [
        ("id", json!("7"), "/id"),
        ("id", json!(7), "/id"),
        ("id", json!(null), "/id"),
        ("id", json!("00000000-0000-0000-0000-000000000000"), "/id"),
        ("id", json!("01936b3e7c1d7a52b0f35d4b0a0f9c11"), "/id"),
        ("id", json!("{01936b3e-7c1d-7a52-b0f3-5d4b0a0f9c11}"), "/id"),
        ("id", json!("01936b3e-7c1d-7a52-b0f3-5d4b0a0f9c1g"), "/id"),
        ("comment", json!(7), "/comment"),
        ("comment", json!(["Good"]), "/comment"),
        ("shown", json!("true"), "/shown"),
        ("shown", json!(1), "/shown"),
        ("dismissed", json!("no"), "/dismissed"),
        ("variant", json!(7), "/variant"),
        ("variant", json!("A B"), "/variant"),
        ("lang", json!({}), "/lang"),
        ("page", json!(false), "/page"),
        ("channel", json!(false), "/channel"),
        ("user", json!(7), "/user"),
        ("elapsed_ms", json!("5"), "/elapsed_ms"),
        ("elapsed_ms", json!(-5), "/elapsed_ms"),
        ("elapsed_ms", json!(0.5), "/elapsed_ms"),
        ("elapsed_ms", json!(4_294_967_296_u64), "/elapsed_ms"),
        ("properties", json!(["plan"]), "/properties"),
        ("properties", json!("plan"), "/properties"),
        ("properties", json!({ "a/b~c": ["pro"] }), "/properties/a~1b~0c"),
        ("properties", json!({ "": "pro" }), "/properties"),
        ("scroe", json!(9), "/scroe"),
        ("__proto__", json!({}), "/__proto__"),
    ] {
        let mut message = json!({ "id": new_id(), "score": 9 });
        message[field] = wrong;
        let answer = site.post(&message).await;
        assert_eq!(answer.status, 422, "{message}: {answer}");
        answer.invalid_at(pointer);
    }
    for nothing in [
        json!({ "id": new_id() }),
        json!({ "id": new_id(), "shown": false, "comment": " \n" }),
        json!(7),
        json!("9"),
        json!(null),
    ] {
        site.post(&nothing).await.invalid_at("");
    }
    site.post(&json!({ "score": 9 })).await.invalid_at("/id");
    assert_eq!(site.state().await, before);
}

#[tokio::test]
async fn pointers_escape_slashes_and_tildes_as_rfc_6901_requires() {
    let collector = Collector::shared();
    let (site, before) = site_with_an_answer(&collector).await;
    let answer = site.post(&json!({ "id": new_id(), "score": 9, "a/b~c": 1 })).await;
    answer.invalid_at("/a~1b~0c");
    assert_eq!(site.state().await, before);
}

#[tokio::test]
async fn texts_in_every_script_round_trip() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for comment in [
        "👍🏽 👨‍👩‍👧‍👦 🏳️‍🌈",
        "שלום, התה טוב — really",
        "الشاي ممتاز \u{202e}txet",
        "日本語のお茶",
        "e\u{301} is not é",
        "\"quoted\" \\ back\\slash / </script><!-- \u{2028}\u{2029}",
        "line\r\nline\ttab",
        "'; DROP TABLE response; --",
        " leading and trailing ",
        "\u{0}NUL\u{0}in the middle",
        "\u{1}\u{7f}\u{feff}\u{fffd}",
    ] {
        let (id, page) = (new_id(), format!("/{comment}"));
        site.store(json!({ "id": id, "score": 9, "comment": comment, "page": page, "properties": { comment: comment } }))
            .await;
        let response = site.responses().await.remove(0);
        assert_eq!(response["id"], json!(id));
        assert_eq!(response["comment"], comment);
        assert_eq!(response["page"], json!(page));
        assert_eq!(response["properties"], json!({ comment: comment }));
    }
}

#[tokio::test]
async fn numbers_and_booleans_are_stored_as_property_texts() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let properties =
        json!({ "seats": 5, "rate": 0.5, "trial": false, "gone": null, "empty": "", "plan": "pro" });
    site.store(json!({ "id": new_id(), "score": 9, "properties": properties })).await;
    let kept = json!({ "seats": "5", "rate": "0.5", "trial": "false", "plan": "pro" });
    assert_eq!(site.responses().await[0]["properties"], kept);
}

#[tokio::test]
async fn a_user_is_stored_as_a_digest_only() {
    let collector = Collector::start();
    let (site, other) = (collector.site().await, collector.site().await);
    for (site, user) in
        [(&site, "ann@tea.example"), (&site, "ann@tea.example"), (&site, "bob"), (&other, "ann@tea.example")]
    {
        site.store(json!({ "id": new_id(), "score": 9, "user": user })).await;
    }
    let users: Vec<String> =
        site.responses().await.iter().rev().map(|r| r["user"].as_str().unwrap().to_owned()).collect();
    assert_eq!(users[0], users[1]);
    assert_ne!(users[0], users[2]);
    assert_ne!(other.responses().await[0]["user"], users[0], "sites cannot be joined over their visitors");
    for file in collector.data_files() {
        let bytes = std::fs::read(&file).unwrap();
        assert!(
            !bytes.windows(15).any(|window| window == b"ann@tea.example"),
            "{} names a visitor",
            file.display()
        );
    }
}

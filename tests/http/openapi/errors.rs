//! Requests that every operation refuses in the same way, and responses that need a special state.

use serde_json::{Value, json};
use tests::new_id;

use super::operation_client::{OperationClient, request};

/// Produces the refusals of wrong keys, of keys without the role, and of unknown sites.
pub async fn refused_keys_and_unknown_sites(client: &OperationClient<'_>) {
    let share = client.send("listKeys", request()).await.json();
    assert!(share["keys"].is_array());
    // The site has the maximum number of keys, so one makes room.
    let read = share["keys"]
        .as_array()
        .unwrap()
        .iter()
        .rfind(|key| key["role"] == "read" && key["name"].is_null())
        .unwrap();
    client.expect("revokeKey", 204, request().param("key", read["id"].as_str().unwrap())).await;
    let made = client.expect("createKey", 201, request().json(json!({ "role": "share" }))).await.json();
    let share = made["key"].as_str().unwrap();
    for operation in client.operations_with(401) {
        client.expect(&operation, 401, request().key("wrong").json(json!({}))).await;
        client.expect(&operation, 401, request().key("").json(json!({}))).await;
    }
    // These two take no key; they refuse a foreign origin.
    let takes_key = |operation: &String| !["storeResponses", "getDue"].contains(&operation.as_str());
    for operation in client.operations_with(403).into_iter().filter(takes_key) {
        client.expect(&operation, 403, request().key(share).json(json!({}))).await;
        if !["getCases", "getEmailRow", "listTags"].contains(&operation.as_str()) {
            client.expect(&operation, 403, request().key(&client.site.read).json(json!({}))).await;
        }
    }
    for operation in client
        .operations_with(404)
        .into_iter()
        .filter(|it| !["getAsset", "getMetrics"].contains(&it.as_str()))
    {
        client.expect(&operation, 404, request().param("site", "00000000000000000000").json(json!({}))).await;
    }
    let quiet = client.collector.site().await;
    for operation in ["getBadgePicture", "getBadge", "listChanges"] {
        client.expect(operation, 404, request().param("site", &quiet.id)).await;
    }
}

/// Produces 304 for content that the caller has already, and 412 for content that another caller
/// has changed.
pub async fn conditional_requests(client: &OperationClient<'_>) {
    for operation in client.operations_with(304) {
        let etag = client.expect(&operation, 200, request()).await.header("etag").to_owned();
        for known in [etag.as_str(), "*", &format!("\"other\", {etag}")] {
            let answer = client.expect(&operation, 304, request().header("if-none-match", known)).await;
            assert_eq!(answer.header("etag"), etag, "{operation}");
        }
        client.expect(&operation, 200, request().header("if-none-match", "\"other\"")).await;
    }
    for (operation, reading) in
        [("changeSite", "getSite"), ("putSurvey", "getSurvey"), ("changeResponse", "getResponse")]
    {
        let etag = client.expect(reading, 200, request()).await.header("etag").to_owned();
        let stale =
            client.expect(operation, 412, request().header("if-match", "\"other\"").json(json!({}))).await;
        assert_eq!(stale.json()["etag"], etag, "{operation}");
        client.expect(operation, 200, request().header("if-match", etag).json(json!({}))).await;
    }
    assert_eq!(client.operations_with(412).len(), 3);
}

/// Produces the refusals of malformed and oversized bodies and of unknown parameters.
pub async fn invalid_bodies_and_parameters(client: &OperationClient<'_>) {
    let with_body = client.operations_with(400).into_iter().filter(|it| client.has_body(it));
    for operation in with_body.filter(|it| !["importResponses", "restoreArchive"].contains(&it.as_str())) {
        for body in [&b"{"[..], b"", b"\xff"] {
            client.expect(&operation, 400, request().bytes(body)).await;
        }
    }
    client.expect("restoreArchive", 400, request().bytes(b"\xff")).await;
    for operation in client.operations_with(413) {
        let size = match operation.as_str() {
            "importResponses" => 16 * 1024 * 1024,
            "createLinks" | "findUsers" | "restoreArchive" => 1024 * 1024,
            _ => 256 * 1024,
        };
        client.expect(&operation, 413, request().bytes(vec![b' '; size + 1])).await;
    }
    for operation in client.operations_with(422) {
        let wrong = if client.has_body(&operation) {
            request().json(json!(7))
        } else {
            request().query("nonsense=1")
        };
        client.expect(&operation, 422, wrong).await;
    }
}

/// Produces the 503 of a score whose property was declared a moment ago. The backfill may finish
/// first, so this tries several properties.
pub async fn unfinished_backfill(client: &OperationClient<'_>) {
    let lines: String = (0..10_000).map(|nth| format!("{},2026-01-01T00:00:00Z,{nth}\n", nth % 11)).collect();
    let file = request().header("content-type", "text/csv").bytes(format!("score,at,nth\n{lines}"));
    let imported = client.expect("importResponses", 200, file).await.json();
    client.set_param("import", &imported["import"]);
    for nth in 0..20 {
        client.expect("changeSite", 200, request().json(json!({ "properties": [format!("p{nth}")] }))).await;
        let query = format!("group_by=p{nth}");
        if client.send("getScore", request().query(&query)).await.status == 503 {
            let site = client.expect("getSite", 200, request()).await.json();
            assert!(site["in_progress"]["properties"].is_array());
            client.produced.borrow_mut().insert(("getScore".into(), 503));
            return;
        }
    }
    panic!("each of twenty properties was counted at once");
}

/// Lists the sites, deletes one, and produces the refusal of everything that belongs to it.
pub async fn deleted_sites(client: &OperationClient<'_>) {
    for query in ["", "limit=1"] {
        client.expect("listSites", 200, request().query(query)).await;
    }
    let deleted = client.collector.site().await;
    client.expect("deleteSite", 204, request().param("site", &deleted.id)).await;
    for operation in client.operations_with(410) {
        let message = json!({ "id": new_id(), "score": 9 });
        client.expect(&operation, 410, request().param("site", &deleted.id).json(message)).await;
    }
    let page = client.expect("listSites", 200, request().query("limit=1")).await.json();
    assert_eq!(page["sites"][0]["site"], *deleted.id);
}

pub async fn erasure(client: &OperationClient<'_>) {
    client.expect("eraseResponse", 204, request()).await;
    client.expect("eraseResponse", 404, request()).await;
    let erased = client.expect("eraseUser", 200, request().param("user", "u9")).await.json();
    assert_eq!(erased["erased"], 1);
    assert_eq!(client.expect("eraseUser", 200, request().param("user", "u9")).await.json()["erased"], 0);
    // More than an undo erases at once, and then less, once that is undone.
    for rows in ["9,2026-03-03\n".repeat(3_000), "9,2026-03-04\n".to_owned()] {
        let file = || request().header("content-type", "text/csv").bytes(format!("score,at\n{rows}"));
        let imported = client.until("importResponses", 200, file).await.json();
        client.set_param("import", &imported["import"]);
        if rows.len() > 1_000 {
            client.expect("deleteImport", 202, request()).await;
        }
    }
    for operation in ["deleteWebhook", "deleteNote", "deleteImport"] {
        client.expect(operation, 204, request()).await;
        client.expect(operation, 404, request()).await;
    }
}

/// Produces 429 with wrong keys and with the requests of one address.
pub async fn rate_limits(client: &OperationClient<'_>) {
    let strangers: Vec<String> = client
        .operations_with(401)
        .into_iter()
        .filter(|it| client.document.statuses(it).contains(&429))
        .collect();
    for operation in &strangers {
        client.until(operation, 429, || request().key("wrong").json(json!({}))).await;
    }
    // Messages and questions of one address are counted apart.
    let messages = || (0..50).map(|_| json!({ "id": new_id(), "shown": true })).collect::<Value>();
    client.until("storeResponses", 429, || request().json(messages())).await;
    client.until("getDue", 429, || request().query("user=a")).await;
    // The owner is not locked out by any of them.
    client.expect("getScore", 200, request()).await;
    assert_eq!(client.operations_with(429).len(), strangers.len() + 2);
}

//! Requests to the endpoints that browsers call without a key.

use serde_json::json;
use tests::new_id;

use super::operation_client::{OperationClient, request};

pub async fn browser_endpoints(client: &OperationClient<'_>) {
    for operation in
        ["getHealth", "getOpenApi", "getOwnerPage", "getDocs", "getLoader", "getAsset", "getTypes"]
    {
        client.expect(operation, 200, request()).await;
    }
    client.expect("getAsset", 404, request().param("name", "en-0123456789abcdef.json")).await;
    let packed = request().header("accept-encoding", "br");
    assert_eq!(client.send("getDocs", packed).await.header("content-encoding"), "br");

    let full = json!({
        "id": new_id(), "score": 3, "comment": "The tea was cold", "shown": true, "variant": "standard", "lang": "en", "page": "/shop",
        "properties": { "plan": "pro", "seats": 5 }, "user": "customer-4711", "elapsed_ms": 2100, "contact": "ann@shop.example",
        "consents": ["quote", "publish"], "answers": { "found_by": ["friend", "search"], "missing": "Green tea" },
    });
    client.set_param("response", &full["id"]);
    client.expect("storeResponses", 200, request().json(full)).await;
    let kinds = json!([
        { "id": new_id(), "score": 9, "user": "u9", "properties": { "plan": "pro" } }, { "id": new_id(), "score": 10 }, { "id": new_id(), "dismissed": true },
        { "id": new_id(), "shown": true }, { "id": new_id(), "score": 11 }, { "id": 7 },
    ]);
    client.expect("storeResponses", 200, request().json(kinds)).await;
    for wrong in [
        json!({ "id": new_id() }),
        json!({ "id": new_id(), "score": 9, "consents": ["all"] }),
        json!({ "id": new_id(), "answers": { "A": "" } }),
    ] {
        client.expect("storeResponses", 422, request().json(wrong)).await;
    }
    let message = json!({ "id": new_id(), "score": 9 });
    client
        .expect(
            "storeResponses",
            403,
            request().json(message.clone()).header("origin", "https://evil.example"),
        )
        .await;
    client.expect("storeResponses", 400, request().json(json!(vec![message; 51]))).await;
    for user in ["customer-4711", "nobody", "", "undefined"] {
        let due = client.expect("getDue", 200, request().query(format!("user={user}"))).await;
        assert_eq!(due.json()["due"], user != "customer-4711");
    }
    let foreign = request().query("user=a").header("origin", "https://evil.example");
    client.expect("getDue", 403, foreign).await;
    for query in ["", "user=a&user=b", "usr=a"] {
        client.expect("getDue", 422, request().query(query)).await;
    }
}

/// Requests the pages of the collector and the invitations to them.
pub async fn hosted_pages(client: &OperationClient<'_>) {
    let wish = json!({ "user": "customer-4711", "properties": { "plan": "pro", "seats": 5 }, "lang": "de" });
    let made = client.expect("createLinks", 201, request().json(json!({ "links": [wish, {}] }))).await.json();
    let token = made["links"][0]["token"].as_str().unwrap();
    for query in ["", "score=7&lang=de&c=email", "score=x&lang=x&c=x&t=x&x=x", &format!("t={token}")] {
        client.expect("getHostedPage", 200, request().query(query)).await;
        client.expect("getFrame", 200, request().query(query)).await;
        client.expect("getQrCode", 200, request().query(query)).await;
        client
            .expect("submitHostedForm", 200, request().query(query).bytes("score=9&comment=Good+tea"))
            .await;
    }
    client.expect("getQrCode", 400, request().header("host", "a".repeat(400))).await;
    for wrong in [json!({ "links": [] }), json!({ "links": [{ "user": 7 }, 7] }), json!([])] {
        client.expect("createLinks", 422, request().json(wrong)).await;
    }
    for query in ["", "lang=de", "merge=%7B%7Btoken%7D%7D", &format!("t={token}")] {
        client.expect("getEmailRow", 200, request().query(query)).await;
        client.expect("getEmailRow", 200, request().query(query).key(&client.site.read)).await;
    }
    for query in ["lang=xx", "t=x", "merge=", "lnag=de"] {
        client.expect("getEmailRow", 422, request().query(query)).await;
    }
    for (channel, status) in
        [("email", 200), ("link", 200), ("web", 200), ("interview", 200), ("import", 422), ("page", 422)]
    {
        let message = json!({ "id": new_id(), "shown": true, "channel": channel });
        client.expect("storeResponses", status, request().json(message)).await;
    }
}

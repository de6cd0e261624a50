//! Requests to the webhook endpoints, and the messages that receivers get.

use std::time::Duration;

use serde_json::{Value, json};
use tests::{ScriptedResponse, WebhookReceiver, new_id};

use super::operation_client::{OperationClient, request};

pub async fn settings(client: &OperationClient<'_>) {
    // Nobody listens there.
    let endpoint = json!({ "url": "http://127.0.0.1:9/hook", "events": ["response.created", "digest.weekly"], "name": "Alerts" });
    let made = client.expect("createWebhook", 201, request().json(endpoint.clone())).await.json();
    client.set_param("webhook", &made["id"]);
    let queued = client.expect("testWebhook", 202, request()).await.json();
    assert_eq!(queued, json!({ "state": "pending" }));
    let slack =
        json!({ "url": "http://127.0.0.1:9/slack", "events": ["response.created"], "format": "slack" });
    client.expect("createWebhook", 201, request().json(slack)).await;
    client
        .expect(
            "storeResponses",
            200,
            request().json(json!({ "id": new_id(), "score": 2, "comment": "Cold" })),
        )
        .await;
    // The event is sent some seconds later, once its comment has had time to arrive; see
    // [`messages`].
    let page =
        client.until_json("listDeliveries", |page| page["deliveries"][0]["attempts"] != json!([])).await;
    client.set_param("delivery", &page["deliveries"][0]["id"]);
    client.expect("replayDelivery", 202, request()).await;
    for delivery in ["0", "99", "4294967296"] {
        client.expect("replayDelivery", 404, request().param("delivery", delivery)).await;
    }
    client.expect("listDeliveries", 200, request().query("cursor=1")).await;
    client.expect("listDeliveries", 422, request().query("cursor=x")).await;
    client.expect("listDeliveries", 200, request().query("state=failed")).await;
    client.expect("listDeliveries", 422, request().query("state=lost")).await;
    deletion(client).await;
    for operation in ["listWebhooks", "getWebhook", "rotateWebhook"] {
        client.expect(operation, 200, request()).await;
    }
    client.expect("changeWebhook", 200, request().json(json!({ "paused": true }))).await;
    client.expect("getWebhook", 200, request()).await;
    for operation in ["testWebhook", "replayDelivery"] {
        client.expect(operation, 409, request()).await;
    }
    client
        .expect(
            "changeWebhook",
            200,
            request().json(
                json!({ "paused": false, "events": ["response.created", "response.promoter"], "name": null }),
            ),
        )
        .await;
    for wrong in [
        json!({ "paused": 1 }),
        json!({ "url": "http://10.0.0.1/", "events": [] }),
        json!({ "events": ["all"] }),
        json!({ "secret": "x" }),
    ] {
        client.expect("changeWebhook", 422, request().json(wrong)).await;
    }
    for wrong in [
        json!({}),
        json!({ "url": "https://hooks.example/", "events": [] }),
        json!({ "url": "ftp://x", "events": ["digest.weekly"], "format": "xml" }),
    ] {
        client.expect("createWebhook", 422, request().json(wrong)).await;
    }
    for operation in [
        "getWebhook",
        "changeWebhook",
        "deleteWebhook",
        "testWebhook",
        "rotateWebhook",
        "listDeliveries",
        "replayDelivery",
        "deleteDelivery",
    ] {
        client.expect(operation, 404, request().param("webhook", "000000000000").json(json!({}))).await;
    }
    client.until("createWebhook", 409, || request().json(endpoint.clone())).await;
}

/// Deletes a delivery that waits, and tries to delete one that is being sent.
async fn deletion(client: &OperationClient<'_>) {
    let page = client.until_json("listDeliveries", |page| page["deliveries"][0]["state"] == "pending").await;
    client.set_param("delivery", &page["deliveries"][0]["id"]);
    client.expect("deleteDelivery", 204, request()).await;
    client.expect("deleteDelivery", 404, request()).await;
    let receiver = WebhookReceiver::start().await;
    receiver.respond(ScriptedResponse::new(200).after(Duration::from_secs(5)));
    let url = json!({ "url": receiver.url() });
    client.expect("changeWebhook", 200, request().json(url)).await;
    client.expect("testWebhook", 202, request()).await;
    let page = client.until_json("listDeliveries", |page| page["deliveries"][0]["state"] == "sending").await;
    client.set_param("delivery", &page["deliveries"][0]["id"]);
    client.expect("deleteDelivery", 409, request()).await;
    let closed = json!({ "url": "http://127.0.0.1:9/hook" });
    client.expect("changeWebhook", 200, request().json(closed)).await;
}

/// Checks the messages of the webhook as a receiver gets them.
pub async fn messages(client: &OperationClient<'_>) {
    let has_response_event = |page: &Value| {
        page["deliveries"]
            .as_array()
            .is_some_and(|all| all.iter().any(|it| it["event"] == "response.created"))
    };
    let page = client.until_json("listDeliveries", has_response_event).await;
    for delivery in page["deliveries"].as_array().unwrap() {
        let mut message: Value = serde_json::from_str(delivery["body"].as_str().unwrap()).unwrap();
        let mut data = message["data"].take();
        message["data"] = json!({});
        client.document.fits(&message, client.document.schema("WebhookMessage")).unwrap();
        assert_eq!(message["type"], delivery["event"]);
        if message["type"] == "response.created" {
            assert!(data.get("contact").is_none(), "how to reach somebody stays here: {data}");
            data["contact"] = Value::Null;
            client.document.fits(&data, client.document.schema("Response")).unwrap();
        }
    }
}

//! Proof that the collector returns every response that the OpenAPI document describes: a real
//! request produces each status of each operation. Statuses of a broken collector only are listed
//! with the reason.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::client::send;
use tests::openapi::Document;
use tests::{Collector, new_id};
use tokio::task::JoinSet;

use super::operation_client::{OperationClient, request};
use super::{archives, browser_endpoints, errors, webhooks};

/// Statuses that no request produces: the status, the reason, and its operations.
const NOT_PRODUCED: [(u16, &str, &str); 6] = [
    (404, "only Cloudflare is answered so; http/metrics.rs runs wrangler dev", "getMetrics"),
    (409, "the zone has to change between two pages of one import", "importResponses"),
    (409, "30 days have to pass; http/import_undo.rs moves the clock", "deleteImport"),
    (500, "only a fault of the collector is answered so; tests/faults/main.rs has it panic", OPERATIONS),
    (
        503,
        "only an object that hangs or a setting that is missing is answered so; tests/faults/main.rs and sites.rs",
        BUSY,
    ),
    (507, "only a full disk is answered so; tests/faults/full_disk.rs fills one", "getReadiness"),
];

/// Every operation.
const OPERATIONS: &str = "\
    getHealth getReadiness getMetrics getOpenApi getOwnerPage getDocs getLoader getAsset createSite listSites deleteSite getSite changeSite getIdentity rotateIdentity getSurvey \
    putSurvey listKeys getCurrentKey createKey revokeKey storeResponses listResponses getResponse changeResponse \
    eraseResponse eraseResponses markResponses getBulkJob getCases listTags getScore listNotes createNote changeNote deleteNote exportResponses \
    importResponses listImports getImport deleteImport findUsers getUser eraseUser getDue getBadgePicture getBadge listChanges \
    listWebhooks createWebhook getWebhook changeWebhook deleteWebhook testWebhook rotateWebhook \
    listDeliveries replayDelivery deleteDelivery getUsage listAudit readArchive restoreArchive getTypes getHostedPage submitHostedForm getQrCode getFrame createLinks getEmailRow";

/// Operations that call a site's object or need a setting. `getScore` is missing because an
/// unfinished backfill produces its 503.
const BUSY: &str = "\
    getHealth getReadiness getMetrics getLoader createSite listSites deleteSite getSite changeSite getIdentity rotateIdentity getSurvey putSurvey listKeys getCurrentKey createKey \
    revokeKey storeResponses listResponses getResponse changeResponse eraseResponse getCases listTags \
    eraseResponses markResponses getBulkJob \
    listNotes createNote changeNote deleteNote exportResponses importResponses listImports getImport deleteImport findUsers getUser \
    eraseUser getDue getBadgePicture getBadge listChanges listWebhooks createWebhook getWebhook \
    changeWebhook deleteWebhook testWebhook rotateWebhook listDeliveries replayDelivery deleteDelivery getUsage listAudit readArchive restoreArchive \
    getHostedPage submitHostedForm getQrCode getFrame createLinks getEmailRow";

#[tokio::test(flavor = "multi_thread")]
async fn every_described_response_is_produced() {
    let (collector, document) = (Collector::start(), Document::read());
    let settings = json!({
        "name": "Tea shop", "origins": ["https://tea.example"], "badge": true, "public_notes": true, "properties": ["plan"],
    });
    let site = collector.create_site(settings).await;
    let client = OperationClient::new(&collector, &document, &site);
    browser_endpoints::browser_endpoints(&client).await;
    browser_endpoints::hosted_pages(&client).await;
    results_and_cases(&client).await;
    settings_and_surveys(&client).await;
    keys_and_notes(&client).await;
    webhooks::settings(&client).await;
    errors::refused_keys_and_unknown_sites(&client).await;
    errors::conditional_requests(&client).await;
    errors::invalid_bodies_and_parameters(&client).await;
    errors::unfinished_backfill(&client).await;
    webhooks::messages(&client).await;
    bulk_jobs(&client).await;
    errors::erasure(&client).await;
    errors::deleted_sites(&client).await;
    errors::rate_limits(&client).await;

    let produced = client.produced.into_inner();
    let mut listed = BTreeSet::new();
    for (status, why, operations) in NOT_PRODUCED {
        assert!(!why.is_empty());
        listed.extend(operations.split_whitespace().map(|id| (id.to_owned(), status)));
    }
    let described: BTreeSet<(String, u16)> = document
        .operations()
        .into_iter()
        .map(|(_, _, it)| it["operationId"].as_str().unwrap().to_owned())
        .flat_map(|id| document.statuses(&id).into_iter().map(move |status| (id.clone(), status)))
        .collect();
    let missing: Vec<_> =
        described.iter().filter(|pair| !produced.contains(pair) && !listed.contains(pair)).collect();
    assert!(missing.is_empty(), "described, but neither produced nor listed with a reason: {missing:?}");
    let idle: Vec<_> =
        listed.iter().filter(|pair| produced.contains(pair) || !described.contains(pair)).collect();
    assert!(idle.is_empty(), "listed as not produced without need: {idle:?}");
}

async fn results_and_cases(client: &OperationClient<'_>) {
    for query in [
        "",
        "range=30d&interval=day&rolling=7d&compare=previous",
        "range=30d&interval=month&compare=year",
        "group_by=plan",
        "group_by=channel",
        "filter[plan]=pro&interval=week&rolling=30d&range=30d&compare=previous",
        "filter[plan]=",
        "filter[channel]=web&range=7d",
        "filter[plan]=none",
        "category=detractor&interval=day",
        "category=promoter&filter[plan]=pro",
        "variant=other&category=passive",
        "from=2026-01-01&to=2026-02-28&interval=month",
    ] {
        client.expect("getScore", 200, request().query(query)).await;
        client.expect("getScore", 200, request().query(query).key(&client.site.read)).await;
    }
    for query in [
        "group_by=colour",
        "filter[colour]=red",
        "rolling=7d",
        "category=promoter&group_by=plan",
        "compare=previous",
        "filter=red",
    ] {
        client.expect("getScore", 422, request().query(query)).await;
    }
    for query in [
        "",
        "limit=1",
        "category=detractor",
        "filter[plan]=pro&filter[seats]=5",
        "state=open",
        "state=overdue",
        "q=cold%20tea",
        "user=customer-4711",
        "answered=false",
        "dismissed=true",
        "variant=standard&from=2026-01-01&to=2999-12-31",
        "tag=refund",
    ] {
        client.expect("listResponses", 200, request().query(query)).await;
    }
    for query in ["category=fan", "state=closed", "q=!", "answered=yes", "tag=", "from=today", "lmit=1"] {
        client.expect("listResponses", 422, request().query(query)).await;
        client.expect("exportResponses", 422, request().query(query)).await;
    }
    client.expect("getResponse", 200, request()).await;
    for response in ["7", &new_id()] {
        for operation in ["getResponse", "changeResponse", "eraseResponse"] {
            client.expect(operation, 404, request().param("response", response).json(json!({}))).await;
        }
    }
    let change = json!({ "tags": ["cold", "refund"], "note": "Called her.", "state": "in_progress", "assignee": "Ben" });
    for change in [change, json!({}), json!({ "note": null, "tags": null, "assignee": null })] {
        client.expect("changeResponse", 200, request().json(change)).await;
    }
    for wrong in [
        json!({ "state": "closed" }),
        json!({ "tags": [""] }),
        json!({ "note": 7 }),
        json!({ "score": 9 }),
        json!([]),
    ] {
        client.expect("changeResponse", 422, request().json(wrong)).await;
    }
    client.expect("getCases", 200, request()).await;
    client.expect("getCases", 200, request().key(&client.site.read)).await;
    client.expect("listTags", 200, request().key(&client.site.read)).await;
    client.expect("exportResponses", 200, request()).await;
    let lines = client.expect("exportResponses", 200, request().query("format=ndjson")).await;
    for line in String::from_utf8(lines.body).unwrap().lines() {
        client
            .document
            .fits(&serde_json::from_str(line).unwrap(), client.document.schema("Response"))
            .unwrap();
    }
    for (kind, body, status) in [
        ("text/csv", "score,at,plan\n9,2026-01-01,pro\n11,2026-01-01,\n", 200),
        ("application/x-ndjson", "{\"score\": 9}\n", 200),
        ("text/csv", "score\n11\n", 422),
        ("text/csv", "nps\n9\n", 422),
        ("application/vnd.ms-excel", "score\n9\n", 400),
    ] {
        let file = request().header("content-type", kind).bytes(body);
        let imported = client.expect("importResponses", status, file).await.json();
        if status == 200 {
            client.set_param("import", &imported["import"]);
        }
    }
    for query in ["", "limit=1", "cursor=1"] {
        client.expect("listImports", 200, request().query(query)).await;
    }
    client.expect("getImport", 200, request()).await;
    for operation in ["getImport", "deleteImport"] {
        client.expect(operation, 404, request().param("import", "000000000000")).await;
    }
    for query in ["colums=at:date", "at=never", "columns=score:nps"] {
        client
            .expect(
                "importResponses",
                422,
                request().query(query).header("content-type", "text/csv").bytes("score\n9\n"),
            )
            .await;
    }
    client.expect("getUsage", 200, request()).await;
    for query in ["", "limit=1", "cursor=3"] {
        client.expect("listAudit", 200, request().query(query)).await;
    }
    archives::archives(client).await;
    client.expect("getBadgePicture", 200, request()).await;
    client.expect("getBadge", 200, request()).await;
    let users = json!({ "users": ["customer-4711", "nobody"] });
    let found = client.expect("findUsers", 200, request().json(users)).await.json();
    assert_eq!((&found["users"][0]["answers"], &found["users"][1]["showings"]), (&json!(1), &json!(0)));
    for wrong in [json!({ "users": [] }), json!({ "users": [7] }), json!({ "user": ["a"] }), json!([])] {
        client.expect("findUsers", 422, request().json(wrong)).await;
    }
    for user in ["customer-4711", "nobody", "a%2Fb%20c"] {
        client.expect("getUser", 200, request().param("user", user)).await;
    }
    for operation in ["getUser", "eraseUser"] {
        client.expect(operation, 404, request().param("user", "u".repeat(1_001))).await;
    }
}

async fn bulk_jobs(client: &OperationClient<'_>) {
    client.expect("getBulkJob", 200, request()).await;
    client.site.import_csv("score\n".to_owned() + &"9\n".repeat(6_000), "").await;
    let selection = "filter[channel]=import";
    for operation in ["eraseResponses", "markResponses"] {
        let query = format!("mark=test&{selection}");
        let query = if operation == "markResponses" { &query } else { selection };
        client.expect(operation, 200, request().query(format!("{query}&dry_run=true"))).await;
        client.expect(operation, 422, request().query(format!("{query}&marked=all"))).await;
        client.expect(operation, 422, request()).await;
    }
    for (operation, query) in
        [("markResponses", "mark=spam&filter[channel]=import"), ("eraseResponses", "marked=spam")]
    {
        client.expect(operation, 202, request().query(query)).await;
        client
            .expect(
                operation,
                409,
                request().query("mark=test&tag=x".trim_start_matches(if operation == "eraseResponses" {
                    "mark=test&"
                } else {
                    ""
                })),
            )
            .await;
        client.expect("getBulkJob", 202, request()).await;
        client.until("getBulkJob", 200, request).await;
    }
}

async fn settings_and_surveys(client: &OperationClient<'_>) {
    let complete = json!({
        "name": "Tea shop", "timezone": "Europe/Warsaw", "origins": ["https://tea.example"], "properties": ["plan"], "badge": true,
        "public_notes": true, "retention": { "months": null, "contact_days": 30 }, "survey": { "delay_seconds": 3 },
    });
    client.expect("createSite", 201, request().json(complete.clone())).await;
    client.expect("getReadiness", 200, request()).await;
    client.expect("getMetrics", 200, request()).await;
    client.expect("getMetrics", 401, request().key(&client.site.owner)).await;
    client.expect("getReadiness", 401, request().key(&client.site.owner)).await;
    client.expect("createSite", 401, request().key(&client.site.owner).json(complete)).await;
    client
        .expect(
            "createSite",
            422,
            request().json(json!({ "name": "", "badge": 1, "survey": { "colour": "red" } })),
        )
        .await;
    client.expect("getSite", 200, request()).await;
    for change in [
        json!({}),
        json!({ "name": "Tea", "timezone": "Asia/Tokyo", "origins": null, "properties": ["plan", "country"], "badge": true, "retention": { "months": 12 } }),
        json!({ "retention": null, "timezone": null, "origins": ["https://tea.example"] }),
    ] {
        client.expect("changeSite", 200, request().json(change)).await;
    }
    let wrong = json!({ "name": null, "timezone": 7, "properties": ["channel", "a", "a"], "retention": { "months": 0 }, "survey": {} });
    let problem = client.expect("changeSite", 422, request().json(wrong)).await.json();
    assert_eq!(problem["errors"].as_array().map(Vec::len), Some(6), "{problem}");
    client.expect("changeSite", 422, request().json(json!({ "timezone": "Europe/Nowhere" }))).await;

    let survey = json!({
        "texts": { "en": { "intro": "Thank you." } }, "contact": { "ask": true, "for": ["detractor"] }, "trigger": { "kind": "scroll", "percent": 60 },
        "follow_ups": [{ "key": "why", "kind": "choice", "question": { "en": "Why?" }, "options": [{ "key": "a", "label": "A" }, { "key": "b", "label": { "de": "B" } }] }],
        "thanks": { "promoter": { "link": { "url": "https://reviews.example/", "label": "Tell others" } } }, "pages": { "include": ["/shop/**"] },
        "mode": "inline", "target": "#survey", "theme": { "accent": "#5b3cc4" }, "sampling": 0.5, "storage": "none", "recontact": { "per_year": 2 },
    });
    client.expect("putSurvey", 200, request().json(survey)).await;
    client.expect("getIdentity", 200, request()).await;
    client.expect("rotateIdentity", 200, request()).await;
    client
        .expect(
            "putSurvey",
            422,
            request().json(json!({ "delay_seconds": -1, "mode": "inline", "colour": "red" })),
        )
        .await;
    client
        .expect(
            "storeResponses",
            200,
            request().json(json!({ "id": new_id(), "score": 9, "variant": "stay" })),
        )
        .await;
    client.expect("putSurvey", 200, request().json(json!({ "variant": "stay", "question": "Stay?" }))).await;
    client.expect("putSurvey", 422, request().json(json!({ "variant": "stay", "question": "Leave?" }))).await;
    client.expect("putSurvey", 200, request().json(json!({}))).await;
    for query in ["", "version=1", "version=2"] {
        client.expect("getSurvey", 200, request().query(query)).await;
    }
    for query in ["version=0", "version=x", "vresion=1"] {
        client.expect("getSurvey", 422, request().query(query)).await;
    }
    client.expect("getSurvey", 404, request().query("version=99")).await;
}

async fn keys_and_notes(client: &OperationClient<'_>) {
    for (role, expires) in [("read", Value::Null), ("owner", json!("2999-12-31")), ("share", Value::Null)] {
        let key = json!({ "role": role, "name": "Board", "expires": expires });
        let made = client.expect("createKey", 201, request().json(key)).await.json();
        client.set_param("key", &made["id"]);
        let last = made["key"].as_str().unwrap();
        if role == "share" {
            for operation in ["getScore", "listNotes"] {
                client.expect(operation, 200, request().key(last)).await;
            }
            client.expect("getScore", 200, request().key("").query(format!("key={last}&range=30d"))).await;
            client.expect("getScore", 200, request().key(last).query("group_by=plan&interval=week")).await;
            client.expect("getScore", 422, request().key(last).query("group_by=channel")).await;
            client
                .expect("getScore", 401, request().key("").query(format!("key={}", client.site.read)))
                .await;
        }
    }
    client.expect("getCurrentKey", 200, request()).await;
    let listed = client.expect("listKeys", 200, request()).await.json();
    let owner = listed["keys"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["current"] == true)
        .expect("the present key");
    client.expect("revokeKey", 409, request().param("key", owner["id"].as_str().unwrap())).await;
    client.expect("revokeKey", 404, request().param("key", "000000000000")).await;
    for wrong in [
        json!({}),
        json!({ "role": "admin" }),
        json!({ "role": "read", "expires": "2020-01-01" }),
        json!({ "role": "read", "name": 7 }),
    ] {
        client.expect("createKey", 422, request().json(wrong)).await;
    }
    client.until("createKey", 409, || request().json(json!({ "role": "read" }))).await;
    client.expect("revokeKey", 204, request()).await;

    for note in [
        json!({ "text": "Free returns", "day": "2026-01-01", "public": true }),
        json!({ "text": "Later", "day": "2999-01-01" }),
        json!({ "text": "Today" }),
    ] {
        let made = client.expect("createNote", 201, request().json(note)).await.json();
        client.set_param("note", &made["id"]);
    }
    for query in ["", "days=1", "days=366"] {
        client.expect("listNotes", 200, request().query(query)).await;
    }
    client.expect("listNotes", 422, request().query("days=0")).await;
    client.expect("listChanges", 200, request()).await;
    client
        .expect(
            "changeNote",
            200,
            request().json(json!({ "text": "Free returns for 60 days", "public": true })),
        )
        .await;
    for (operation, wrong) in [
        ("createNote", json!({})),
        ("createNote", json!({ "text": " " })),
        ("changeNote", json!({ "day": "never" })),
        ("changeNote", json!({ "txt": "" })),
    ] {
        client.expect(operation, 422, request().json(wrong)).await;
    }
    for operation in ["changeNote", "deleteNote"] {
        client.expect(operation, 404, request().param("note", "000000000000").json(json!({}))).await;
    }
    let mut notes = JoinSet::new();
    for nth in 0..500 {
        let request = client.collector.http().post(client.site.url("notes")).bearer_auth(&client.site.owner);
        let body = json!({ "text": format!("Note {nth}") }).to_string();
        notes.spawn(async move { send(request.body(body)).await.status });
    }
    assert!(notes.join_all().await.iter().all(|status| [201, 409].contains(status)));
    client.expect("createNote", 409, request().json(json!({ "text": "One more" }))).await;
}

//! Every answer that the description promises is one that the collector gives: each operation is
//! brought to each of its statuses by a real request. What only a broken collector would answer is
//! listed, with the reason.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::client::send;
use tests::openapi::Document;
use tests::{Collector, new_id};
use tokio::task::JoinSet;

use super::asker::{Asker, call};

/// Statuses that no request brings about, why not, and of which operations.
const NOT_PRODUCED: [(u16, &str, &str); 3] = [
    (409, "the zone has to change between two pages of one import", "importResponses"),
    (500, "only a fault of the collector is answered so; tests/faults/main.rs has it panic", OPERATIONS),
    (
        503,
        "only an object that hangs or a setting that is missing is answered so; tests/faults/main.rs and sites.rs",
        BUSY,
    ),
];

/// Every operation.
const OPERATIONS: &str = "\
    getHealth getOpenApi getDocs getLoader getAsset createSite getSite changeSite getSurvey \
    putSurvey listKeys createKey revokeKey storeResponses listResponses getResponse changeResponse \
    eraseResponse getCases getScore listNotes createNote changeNote deleteNote exportResponses \
    importResponses findUsers getUser eraseUser getDue getBadgePicture getBadge listChanges \
    listWebhooks createWebhook getWebhook changeWebhook deleteWebhook testWebhook rotateWebhook \
    listDeliveries replayDelivery getUsage getTypes getHostedPage getQrCode getFrame createLinks getEmailRow";

/// Those that ask a site or need a setting. That of the score is brought about: it is also for sums
/// that are not counted yet.
const BUSY: &str = "\
    getHealth getLoader createSite getSite changeSite getSurvey putSurvey listKeys createKey \
    revokeKey storeResponses listResponses getResponse changeResponse eraseResponse getCases \
    listNotes createNote changeNote deleteNote exportResponses importResponses findUsers getUser \
    eraseUser getDue getBadgePicture getBadge listChanges listWebhooks createWebhook getWebhook \
    changeWebhook deleteWebhook testWebhook rotateWebhook listDeliveries replayDelivery getUsage \
    getHostedPage getQrCode getFrame createLinks getEmailRow";

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_of_the_description_is_given() {
    let (collector, document) = (Collector::start(), Document::read());
    let settings = json!({
        "name": "Tea shop", "origins": ["https://tea.example"], "badge": true, "public_notes": true, "properties": ["plan"],
    });
    let site = collector.create_site(settings).await;
    let asker = Asker::new(&collector, &document, &site);
    answers_to_pages(&asker).await;
    asking_elsewhere(&asker).await;
    results_and_cases(&asker).await;
    settings_and_surveys(&asker).await;
    keys_and_notes(&asker).await;
    webhooks(&asker).await;
    what_is_refused_everywhere(&asker).await;
    what_is_the_same(&asker).await;
    what_does_not_fit(&asker).await;
    sums_that_are_not_counted_yet(&asker).await;
    what_was_told(&asker).await;
    what_is_erased(&asker).await;
    too_many_requests(&asker).await;

    let produced = asker.produced.into_inner();
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
    assert!(missing.is_empty(), "described, but neither brought about nor listed with a reason: {missing:?}");
    let idle: Vec<_> =
        listed.iter().filter(|pair| produced.contains(pair) || !described.contains(pair)).collect();
    assert!(idle.is_empty(), "listed as not brought about without need: {idle:?}");
}

async fn answers_to_pages(asker: &Asker<'_>) {
    for operation in ["getHealth", "getOpenApi", "getDocs", "getLoader", "getAsset", "getTypes"] {
        asker.ask(operation, 200, call()).await;
    }
    asker.ask("getAsset", 404, call().thing("name", "en-0123456789abcdef.json")).await;
    let packed = call().header("accept-encoding", "br");
    assert_eq!(asker.send("getDocs", packed).await.header("content-encoding"), "br");

    let full = json!({
        "id": new_id(), "score": 3, "comment": "The tea was cold", "shown": true, "variant": "standard", "lang": "en", "page": "/shop",
        "properties": { "plan": "pro", "seats": 5 }, "user": "customer-4711", "elapsed_ms": 2100, "contact": "ann@shop.example",
        "consents": ["quote", "publish"], "answers": { "found_by": ["friend", "search"], "missing": "Green tea" },
    });
    asker.now("response", &full["id"]);
    asker.ask("storeResponses", 200, call().json(full)).await;
    let kinds = json!([
        { "id": new_id(), "score": 9, "user": "u9", "properties": { "plan": "pro" } }, { "id": new_id(), "score": 10 }, { "id": new_id(), "dismissed": true },
        { "id": new_id(), "shown": true }, { "id": new_id(), "score": 11 }, { "id": 7 },
    ]);
    asker.ask("storeResponses", 200, call().json(kinds)).await;
    for wrong in [
        json!({ "id": new_id() }),
        json!({ "id": new_id(), "score": 9, "consents": ["all"] }),
        json!({ "id": new_id(), "answers": { "A": "" } }),
    ] {
        asker.ask("storeResponses", 422, call().json(wrong)).await;
    }
    let message = json!({ "id": new_id(), "score": 9 });
    asker
        .ask("storeResponses", 403, call().json(message.clone()).header("origin", "https://evil.example"))
        .await;
    asker.ask("storeResponses", 400, call().json(json!(vec![message; 51]))).await;
    for user in ["customer-4711", "nobody", "", "undefined"] {
        let due = asker.ask("getDue", 200, call().query(format!("user={user}"))).await;
        assert_eq!(due.json()["due"], user != "customer-4711");
    }
    for query in ["", "user=a&user=b", "usr=a"] {
        asker.ask("getDue", 422, call().query(query)).await;
    }
}

/// The pages of the collector itself, and what leads to them.
async fn asking_elsewhere(asker: &Asker<'_>) {
    let wish = json!({ "user": "customer-4711", "properties": { "plan": "pro", "seats": 5 }, "lang": "de" });
    let made = asker.ask("createLinks", 201, call().json(json!({ "links": [wish, {}] }))).await.json();
    let token = made["links"][0]["token"].as_str().unwrap();
    for query in ["", "score=7&lang=de&c=email", "score=x&lang=x&c=x&t=x&x=x", &format!("t={token}")] {
        asker.ask("getHostedPage", 200, call().query(query)).await;
        asker.ask("getFrame", 200, call().query(query)).await;
        asker.ask("getQrCode", 200, call().query(query)).await;
    }
    asker.ask("getQrCode", 400, call().header("host", "a".repeat(400))).await;
    for wrong in [json!({ "links": [] }), json!({ "links": [{ "user": 7 }, 7] }), json!([])] {
        asker.ask("createLinks", 422, call().json(wrong)).await;
    }
    for query in ["", "lang=de", "merge=%7B%7Btoken%7D%7D", &format!("t={token}")] {
        asker.ask("getEmailRow", 200, call().query(query)).await;
        asker.ask("getEmailRow", 200, call().query(query).key(&asker.site.read)).await;
    }
    for query in ["lang=xx", "t=x", "merge=", "lnag=de"] {
        asker.ask("getEmailRow", 422, call().query(query)).await;
    }
    for (channel, status) in
        [("email", 200), ("link", 200), ("web", 200), ("interview", 200), ("import", 422), ("page", 422)]
    {
        let message = json!({ "id": new_id(), "shown": true, "channel": channel });
        asker.ask("storeResponses", status, call().json(message)).await;
    }
}

async fn results_and_cases(asker: &Asker<'_>) {
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
        asker.ask("getScore", 200, call().query(query)).await;
        asker.ask("getScore", 200, call().query(query).key(&asker.site.read)).await;
    }
    for query in [
        "group_by=colour",
        "filter[colour]=red",
        "rolling=7d",
        "category=promoter&group_by=plan",
        "compare=previous",
        "filter=red",
    ] {
        asker.ask("getScore", 422, call().query(query)).await;
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
        asker.ask("listResponses", 200, call().query(query)).await;
    }
    for query in ["category=fan", "state=closed", "q=!", "answered=yes", "tag=", "from=today", "lmit=1"] {
        asker.ask("listResponses", 422, call().query(query)).await;
        asker.ask("exportResponses", 422, call().query(query)).await;
    }
    asker.ask("getResponse", 200, call()).await;
    for response in ["7", &new_id()] {
        for operation in ["getResponse", "changeResponse", "eraseResponse"] {
            asker.ask(operation, 404, call().thing("response", response).json(json!({}))).await;
        }
    }
    let change = json!({ "tags": ["cold", "refund"], "note": "Called her.", "state": "in_progress", "assignee": "Ben" });
    for change in [change, json!({}), json!({ "note": null, "tags": null, "assignee": null })] {
        asker.ask("changeResponse", 200, call().json(change)).await;
    }
    for wrong in [
        json!({ "state": "closed" }),
        json!({ "tags": [""] }),
        json!({ "note": 7 }),
        json!({ "score": 9 }),
        json!([]),
    ] {
        asker.ask("changeResponse", 422, call().json(wrong)).await;
    }
    asker.ask("getCases", 200, call()).await;
    asker.ask("getCases", 200, call().key(&asker.site.read)).await;
    asker.ask("exportResponses", 200, call()).await;
    let lines = asker.ask("exportResponses", 200, call().query("format=ndjson")).await;
    for line in String::from_utf8(lines.body).unwrap().lines() {
        asker.document.fits(&serde_json::from_str(line).unwrap(), asker.document.schema("Response")).unwrap();
    }
    for (kind, body, status) in [
        ("text/csv", "score,at,plan\n9,2026-01-01,pro\n11,2026-01-01,\n", 200),
        ("application/x-ndjson", "{\"score\": 9}\n", 200),
        ("text/csv", "score\n11\n", 422),
        ("text/csv", "nps\n9\n", 422),
        ("application/vnd.ms-excel", "score\n9\n", 400),
    ] {
        asker.ask("importResponses", status, call().header("content-type", kind).bytes(body)).await;
    }
    for query in ["colums=at:date", "at=never", "columns=score:nps"] {
        asker
            .ask(
                "importResponses",
                422,
                call().query(query).header("content-type", "text/csv").bytes("score\n9\n"),
            )
            .await;
    }
    asker.ask("getUsage", 200, call()).await;
    asker.ask("getBadgePicture", 200, call()).await;
    asker.ask("getBadge", 200, call()).await;
    let users = json!({ "users": ["customer-4711", "nobody"] });
    let found = asker.ask("findUsers", 200, call().json(users)).await.json();
    assert_eq!((&found["users"][0]["answers"], &found["users"][1]["showings"]), (&json!(1), &json!(0)));
    for wrong in [json!({ "users": [] }), json!({ "users": [7] }), json!({ "user": ["a"] }), json!([])] {
        asker.ask("findUsers", 422, call().json(wrong)).await;
    }
    for user in ["customer-4711", "nobody", "a%2Fb%20c"] {
        asker.ask("getUser", 200, call().thing("user", user)).await;
    }
    for operation in ["getUser", "eraseUser"] {
        asker.ask(operation, 404, call().thing("user", "u".repeat(1_001))).await;
    }
}

async fn settings_and_surveys(asker: &Asker<'_>) {
    let complete = json!({
        "name": "Tea shop", "timezone": "Europe/Warsaw", "origins": ["https://tea.example"], "properties": ["plan"], "badge": true,
        "public_notes": true, "retention": { "months": null, "contact_days": 30 }, "survey": { "delay_seconds": 3 },
    });
    asker.ask("createSite", 201, call().json(complete.clone())).await;
    asker.ask("createSite", 401, call().key(&asker.site.owner).json(complete)).await;
    asker
        .ask("createSite", 422, call().json(json!({ "name": "", "badge": 1, "survey": { "colour": "red" } })))
        .await;
    asker.ask("getSite", 200, call()).await;
    for change in [
        json!({}),
        json!({ "name": "Tea", "timezone": "Asia/Tokyo", "origins": null, "properties": ["plan", "country"], "badge": true, "retention": { "months": 12 } }),
        json!({ "retention": null, "timezone": null, "origins": ["https://tea.example"] }),
    ] {
        asker.ask("changeSite", 200, call().json(change)).await;
    }
    let wrong = json!({ "name": null, "timezone": 7, "properties": ["channel", "a", "a"], "retention": { "months": 0 }, "survey": {} });
    let problem = asker.ask("changeSite", 422, call().json(wrong)).await.json();
    assert_eq!(problem["errors"].as_array().map(Vec::len), Some(6), "{problem}");
    asker.ask("changeSite", 422, call().json(json!({ "timezone": "Europe/Nowhere" }))).await;

    let survey = json!({
        "texts": { "en": { "intro": "Thank you." } }, "contact": { "ask": true, "for": ["detractor"] }, "trigger": { "kind": "scroll", "percent": 60 },
        "follow_ups": [{ "key": "why", "kind": "choice", "question": { "en": "Why?" }, "options": [{ "key": "a", "label": "A" }, { "key": "b", "label": { "de": "B" } }] }],
        "thanks": { "promoter": { "link": { "url": "https://reviews.example/", "label": "Tell others" } } }, "pages": { "include": ["/shop/**"] },
        "mode": "inline", "target": "#survey", "theme": { "accent": "#5b3cc4" }, "sampling": 0.5, "storage": "none", "recontact": { "per_year": 2 },
    });
    asker.ask("putSurvey", 200, call().json(survey)).await;
    asker
        .ask("putSurvey", 422, call().json(json!({ "delay_seconds": -1, "mode": "inline", "colour": "red" })))
        .await;
    asker
        .ask("storeResponses", 200, call().json(json!({ "id": new_id(), "score": 9, "variant": "stay" })))
        .await;
    asker.ask("putSurvey", 200, call().json(json!({ "variant": "stay", "question": "Stay?" }))).await;
    asker.ask("putSurvey", 422, call().json(json!({ "variant": "stay", "question": "Leave?" }))).await;
    asker.ask("putSurvey", 200, call().json(json!({}))).await;
    for query in ["", "version=1", "version=2"] {
        asker.ask("getSurvey", 200, call().query(query)).await;
    }
    for query in ["version=0", "version=x", "vresion=1"] {
        asker.ask("getSurvey", 422, call().query(query)).await;
    }
    asker.ask("getSurvey", 404, call().query("version=99")).await;
}

async fn keys_and_notes(asker: &Asker<'_>) {
    for (role, expires) in [("read", Value::Null), ("owner", json!("2999-12-31")), ("share", Value::Null)] {
        let key = json!({ "role": role, "name": "Board", "expires": expires });
        let made = asker.ask("createKey", 201, call().json(key)).await.json();
        asker.now("key", &made["id"]);
        let last = made["key"].as_str().unwrap();
        if role == "share" {
            for operation in ["getScore", "listNotes"] {
                asker.ask(operation, 200, call().key(last)).await;
            }
            asker.ask("getScore", 200, call().key("").query(format!("key={last}&range=30d"))).await;
            asker.ask("getScore", 401, call().key("").query(format!("key={}", asker.site.read))).await;
        }
    }
    let listed = asker.ask("listKeys", 200, call()).await.json();
    let owner = listed["keys"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["current"] == true)
        .expect("the present key");
    asker.ask("revokeKey", 409, call().thing("key", owner["id"].as_str().unwrap())).await;
    asker.ask("revokeKey", 404, call().thing("key", "000000000000")).await;
    for wrong in [
        json!({}),
        json!({ "role": "admin" }),
        json!({ "role": "read", "expires": "2020-01-01" }),
        json!({ "role": "read", "name": 7 }),
    ] {
        asker.ask("createKey", 422, call().json(wrong)).await;
    }
    asker.until("createKey", 409, || call().json(json!({ "role": "read" }))).await;
    asker.ask("revokeKey", 204, call()).await;

    for note in [
        json!({ "text": "Free returns", "day": "2026-01-01", "public": true }),
        json!({ "text": "Later", "day": "2999-01-01" }),
        json!({ "text": "Today" }),
    ] {
        let made = asker.ask("createNote", 201, call().json(note)).await.json();
        asker.now("note", &made["id"]);
    }
    for query in ["", "days=1", "days=366"] {
        asker.ask("listNotes", 200, call().query(query)).await;
    }
    asker.ask("listNotes", 422, call().query("days=0")).await;
    asker.ask("listChanges", 200, call()).await;
    asker
        .ask("changeNote", 200, call().json(json!({ "text": "Free returns for 60 days", "public": true })))
        .await;
    for (operation, wrong) in [
        ("createNote", json!({})),
        ("createNote", json!({ "text": " " })),
        ("changeNote", json!({ "day": "never" })),
        ("changeNote", json!({ "txt": "" })),
    ] {
        asker.ask(operation, 422, call().json(wrong)).await;
    }
    for operation in ["changeNote", "deleteNote"] {
        asker.ask(operation, 404, call().thing("note", "000000000000").json(json!({}))).await;
    }
    let mut notes = JoinSet::new();
    for nth in 0..500 {
        let request = asker.collector.http().post(asker.site.url("notes")).bearer_auth(&asker.site.owner);
        let body = json!({ "text": format!("Note {nth}") }).to_string();
        notes.spawn(async move { send(request.body(body)).await.status });
    }
    assert!(notes.join_all().await.iter().all(|status| [201, 409].contains(status)));
    asker.ask("createNote", 409, call().json(json!({ "text": "One more" }))).await;
}

async fn webhooks(asker: &Asker<'_>) {
    // Nobody listens there.
    let endpoint = json!({ "url": "http://127.0.0.1:9/hook", "events": ["response.created", "digest.weekly"], "name": "Alerts" });
    let made = asker.ask("createWebhook", 201, call().json(endpoint.clone())).await.json();
    asker.now("webhook", &made["id"]);
    let queued = asker.ask("testWebhook", 202, call()).await.json();
    assert_eq!(queued, json!({ "state": "pending" }));
    let slack =
        json!({ "url": "http://127.0.0.1:9/slack", "events": ["response.created"], "format": "slack" });
    asker.ask("createWebhook", 201, call().json(slack)).await;
    asker
        .ask("storeResponses", 200, call().json(json!({ "id": new_id(), "score": 2, "comment": "Cold" })))
        .await;
    // An answer is told some seconds later, when its comment has had time to come; see
    // `what_was_told`.
    let page =
        asker.until_json("listDeliveries", |page| page["deliveries"][0]["attempts"] != json!([])).await;
    asker.now("delivery", &page["deliveries"][0]["id"]);
    asker.ask("replayDelivery", 202, call()).await;
    for delivery in ["0", "99", "4294967296"] {
        asker.ask("replayDelivery", 404, call().thing("delivery", delivery)).await;
    }
    asker.ask("listDeliveries", 200, call().query("cursor=1")).await;
    asker.ask("listDeliveries", 422, call().query("cursor=x")).await;
    for operation in ["listWebhooks", "getWebhook", "rotateWebhook"] {
        asker.ask(operation, 200, call()).await;
    }
    asker.ask("changeWebhook", 200, call().json(json!({ "paused": true }))).await;
    asker.ask("getWebhook", 200, call()).await;
    for operation in ["testWebhook", "replayDelivery"] {
        asker.ask(operation, 409, call()).await;
    }
    asker
        .ask(
            "changeWebhook",
            200,
            call().json(
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
        asker.ask("changeWebhook", 422, call().json(wrong)).await;
    }
    for wrong in [
        json!({}),
        json!({ "url": "https://hooks.example/", "events": [] }),
        json!({ "url": "ftp://x", "events": ["digest.weekly"], "format": "xml" }),
    ] {
        asker.ask("createWebhook", 422, call().json(wrong)).await;
    }
    for operation in [
        "getWebhook",
        "changeWebhook",
        "deleteWebhook",
        "testWebhook",
        "rotateWebhook",
        "listDeliveries",
        "replayDelivery",
    ] {
        asker.ask(operation, 404, call().thing("webhook", "000000000000").json(json!({}))).await;
    }
    asker.until("createWebhook", 409, || call().json(endpoint.clone())).await;
}

/// The messages of the webhook, as a receiver gets them.
async fn what_was_told(asker: &Asker<'_>) {
    let told = |page: &Value| {
        page["deliveries"]
            .as_array()
            .is_some_and(|all| all.iter().any(|it| it["event"] == "response.created"))
    };
    let page = asker.until_json("listDeliveries", told).await;
    for delivery in page["deliveries"].as_array().unwrap() {
        let mut message: Value = serde_json::from_str(delivery["body"].as_str().unwrap()).unwrap();
        let mut data = message["data"].take();
        message["data"] = json!({});
        asker.document.fits(&message, asker.document.schema("WebhookMessage")).unwrap();
        assert_eq!(message["type"], delivery["event"]);
        if message["type"] == "response.created" {
            assert!(data.get("contact").is_none(), "how to reach somebody stays here: {data}");
            data["contact"] = Value::Null;
            asker.document.fits(&data, asker.document.schema("Response")).unwrap();
        }
    }
}

/// Wrong keys, weak keys and sites that there are not.
async fn what_is_refused_everywhere(asker: &Asker<'_>) {
    let share = asker.send("listKeys", call()).await.json();
    assert!(share["keys"].is_array());
    // A place for it: there are as many keys as there may be.
    let read = share["keys"]
        .as_array()
        .unwrap()
        .iter()
        .rfind(|key| key["role"] == "read" && key["name"].is_null())
        .unwrap();
    asker.ask("revokeKey", 204, call().thing("key", read["id"].as_str().unwrap())).await;
    let made = asker.ask("createKey", 201, call().json(json!({ "role": "share" }))).await.json();
    let share = made["key"].as_str().unwrap();
    for operation in asker.with(401) {
        asker.ask(&operation, 401, call().key("wrong").json(json!({}))).await;
        asker.ask(&operation, 401, call().key("").json(json!({}))).await;
    }
    for operation in asker.with(403).into_iter().filter(|it| it != "storeResponses") {
        asker.ask(&operation, 403, call().key(share).json(json!({}))).await;
        if !["getCases", "getEmailRow"].contains(&operation.as_str()) {
            asker.ask(&operation, 403, call().key(&asker.site.read).json(json!({}))).await;
        }
    }
    for operation in asker.with(404).into_iter().filter(|it| it != "getAsset") {
        asker.ask(&operation, 404, call().thing("site", "00000000000000000000").json(json!({}))).await;
    }
    let quiet = asker.collector.site().await;
    for operation in ["getBadgePicture", "getBadge", "listChanges"] {
        asker.ask(operation, 404, call().thing("site", &quiet.id)).await;
    }
}

/// Brings about the responses for content that the caller has already, and for content that
/// somebody else has changed.
async fn what_is_the_same(asker: &Asker<'_>) {
    for operation in asker.with(304) {
        let etag = asker.ask(&operation, 200, call()).await.header("etag").to_owned();
        for known in [etag.as_str(), "*", &format!("\"other\", {etag}")] {
            let answer = asker.ask(&operation, 304, call().header("if-none-match", known)).await;
            assert_eq!(answer.header("etag"), etag, "{operation}");
        }
        asker.ask(&operation, 200, call().header("if-none-match", "\"other\"")).await;
    }
    for (operation, reading) in
        [("changeSite", "getSite"), ("putSurvey", "getSurvey"), ("changeResponse", "getResponse")]
    {
        let etag = asker.ask(reading, 200, call()).await.header("etag").to_owned();
        let stale = asker.ask(operation, 412, call().header("if-match", "\"other\"").json(json!({}))).await;
        assert_eq!(stale.json()["etag"], etag, "{operation}");
        asker.ask(operation, 200, call().header("if-match", etag).json(json!({}))).await;
    }
    assert_eq!(asker.with(412).len(), 3);
}

/// Bodies that are no JSON, of another shape or too large, and parameters that there are not.
async fn what_does_not_fit(asker: &Asker<'_>) {
    let with_body = asker.with(400).into_iter().filter(|it| asker.has_body(it));
    for operation in with_body.filter(|it| it != "importResponses") {
        for body in [&b"{"[..], b"", b"\xff"] {
            asker.ask(&operation, 400, call().bytes(body)).await;
        }
    }
    for operation in asker.with(413) {
        let size = match operation.as_str() {
            "importResponses" => 16 * 1024 * 1024,
            "createLinks" | "findUsers" => 1024 * 1024,
            _ => 256 * 1024,
        };
        asker.ask(&operation, 413, call().bytes(vec![b' '; size + 1])).await;
    }
    for operation in asker.with(422) {
        let wrong =
            if asker.has_body(&operation) { call().json(json!(7)) } else { call().query("nonsense=1") };
        asker.ask(&operation, 422, wrong).await;
    }
}

/// A property that was declared a moment ago. Whether the counting is seen is a matter of time, so
/// it is tried with several.
async fn sums_that_are_not_counted_yet(asker: &Asker<'_>) {
    let lines: String = (0..10_000).map(|nth| format!("{},2026-01-01T00:00:00Z,{nth}\n", nth % 11)).collect();
    let file = call().header("content-type", "text/csv").bytes(format!("score,at,nth\n{lines}"));
    asker.ask("importResponses", 200, file).await;
    for nth in 0..20 {
        asker.ask("changeSite", 200, call().json(json!({ "properties": [format!("p{nth}")] }))).await;
        let query = format!("group_by=p{nth}");
        if asker.send("getScore", call().query(&query)).await.status == 503 {
            let site = asker.ask("getSite", 200, call()).await.json();
            assert!(site["in_progress"]["properties"].is_array());
            asker.produced.borrow_mut().insert(("getScore".into(), 503));
            return;
        }
    }
    panic!("each of twenty properties was counted at once");
}

async fn what_is_erased(asker: &Asker<'_>) {
    asker.ask("eraseResponse", 204, call()).await;
    asker.ask("eraseResponse", 404, call()).await;
    let erased = asker.ask("eraseUser", 200, call().thing("user", "u9")).await.json();
    assert_eq!(erased["erased"], 1);
    assert_eq!(asker.ask("eraseUser", 200, call().thing("user", "u9")).await.json()["erased"], 0);
    for operation in ["deleteWebhook", "deleteNote"] {
        asker.ask(operation, 204, call()).await;
        asker.ask(operation, 404, call()).await;
    }
}

/// Calls with a wrong key, and those of one visitor, until there are too many.
async fn too_many_requests(asker: &Asker<'_>) {
    let strangers: Vec<String> =
        asker.with(401).into_iter().filter(|it| asker.document.statuses(it).contains(&429)).collect();
    for operation in &strangers {
        asker.until(operation, 429, || call().key("wrong").json(json!({}))).await;
    }
    for (operation, visitor) in [("storeResponses", "192.0.2.1"), ("getDue", "192.0.2.2")] {
        let one = || call().query("user=a").header("cf-connecting-ip", visitor);
        asker.until(operation, 429, || one().json(json!({ "id": new_id(), "shown": true }))).await;
    }
    // The owner is not locked out by any of them.
    asker.ask("getScore", 200, call()).await;
    assert_eq!(asker.with(429).len(), strangers.len() + 2);
}

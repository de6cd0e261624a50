//! Invitations: signed links for one person each, which nobody else can create.

use serde_json::{Value, json};
use tests::{Collector, HttpResponse, Site};

use crate::hosted::{options, page_url};
use crate::loader_and_cors::get;

async fn links(site: &Site, wishes: Value) -> Vec<Value> {
    let answer = site.owner_post("links", &json!({ "links": wishes })).await;
    assert_eq!(answer.status, 201, "{answer}");
    answer.json()["links"].as_array().unwrap().clone()
}

async fn refused(site: &Site, body: &Value) -> HttpResponse {
    site.owner_post("links", body).await
}

#[tokio::test]
async fn an_invitation_carries_its_user_and_counts_one_response() {
    let collector = Collector::start();
    let site = collector.create_site(json!({ "name": "Tea shop", "properties": ["plan"] })).await;
    let parameters = json!({ "user": "käthe@tea.example", "properties": { "plan": "pro", "seats": 5, "trial": false }, "lang": "de" });
    let made = links(&site, json!([parameters, {}])).await;
    let (link, bare) = (&made[0], &made[1]);
    let token = link["token"].as_str().unwrap();
    assert_eq!(link["url"], json!(page_url(&collector, &site, &format!("?t={token}"))));
    for (name, value) in parameters.as_object().unwrap() {
        assert_eq!(&link[name], value, "{name}");
    }
    assert_eq!(bare.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "token", "url"]);
    assert_ne!(link["id"], bare["id"]);

    let given = options(&collector, &site, &format!("?t={token}&score=9&c=email")).await;
    let mut expected = json!({ "channel": "email", "score": 9, "id": link["id"] });
    expected.as_object_mut().unwrap().extend(parameters.as_object().unwrap().clone());
    assert_eq!(given, expected);
    // The address may ask for another language.
    assert_eq!(options(&collector, &site, &format!("?t={token}&lang=ar")).await["lang"], "ar");
    let plain = options(&collector, &site, &format!("?t={}", bare["token"].as_str().unwrap())).await;
    assert_eq!(plain, json!({ "channel": "link", "id": bare["id"] }));

    // As the survey sends it, twice, with a change of mind on another device.
    for (score, elapsed) in [(3, 900), (9, 4_000), (9, 4_000)] {
        let message = json!({
            "id": given["id"], "score": score, "user": given["user"], "properties": given["properties"], "channel": given["channel"],
            "elapsed_ms": elapsed,
        });
        site.store(message).await;
    }
    let responses = site.responses().await;
    assert_eq!(responses.len(), 1, "{responses:?}");
    let response = &responses[0];
    assert_eq!(
        (&response["id"], &response["score"], &response["channel"]),
        (&link["id"], &json!(9), &json!("email"))
    );
    assert_eq!(response["properties"], json!({ "plan": "pro", "seats": "5", "trial": "false" }));
    let by_user = site.owner_get("responses?user=k%C3%A4the%40tea.example").await;
    assert_eq!(by_user["responses"].as_array().map(Vec::len), Some(1));
    // It is of today: the id tells no time.
    assert!(response["at"].as_str().unwrap().starts_with(&tests::ids::today()), "{response}");
    assert!(collector.files_with("käthe").is_empty(), "the name is on the disk");
}

#[tokio::test]
async fn a_tampered_token_is_ignored() {
    let collector = Collector::shared();
    let (site, other) = (collector.site().await, collector.site().await);
    let made = links(
        &site,
        json!([{ "user": "ann", "properties": { "plan": "pro" }, "lang": "de" }, { "user": "bob" }]),
    )
    .await;
    let [ann, bob] = [0, 1].map(|nth: usize| made[nth]["token"].as_str().unwrap().to_owned());
    let (claims, mac) = ann.split_once('.').unwrap();
    let (claims_bob, mac_bob) = bob.split_once('.').unwrap();
    let flipped = |text: &str, at: usize| {
        let mut text = text.to_owned().into_bytes();
        text[at] = if text[at] == b'A' { b'B' } else { b'A' };
        String::from_utf8(text).unwrap()
    };
    let last = mac.len() - 1;
    for wrong in [
        format!("{claims}.{mac_bob}"),
        format!("{claims_bob}.{mac}"),
        format!("{}.{mac}", flipped(claims, 3)),
        format!("{claims}.{}", flipped(mac, 0)),
        format!("{claims}.{}", flipped(mac, last)),
        format!("{claims}.{}", &mac[..last]),
        format!("{claims}.{mac}A"),
        format!("{claims}."),
        claims.to_owned(),
        format!(".{mac}"),
        "x".repeat(5_000),
        "%00%ff.%22%3E".to_owned(),
    ] {
        let given = options(&collector, &site, &format!("?score=7&t={wrong}")).await;
        assert_eq!(given, json!({ "channel": "link", "score": 7 }), "{wrong}");
        // It reads as if there were no token at all.
        let with = get(&collector, &page_url(&collector, &site, &format!("?t={wrong}")), &[]).await;
        let without = get(&collector, &page_url(&collector, &site, ""), &[]).await;
        assert_eq!((with.status, with.body), (without.status, without.body), "{wrong}");
    }
    assert_eq!(options(&collector, &other, &format!("?t={ann}")).await, json!({ "channel": "link" }));
    assert_eq!(options(&collector, &site, &format!("?t={bob}")).await["user"], "bob");
}

#[tokio::test]
async fn invitations_survive_a_restart() {
    let mut collector = Collector::start();
    let site = collector.site().await;
    let made = links(&site, json!([{ "user": "ann" }])).await;
    let query = format!("?t={}", made[0]["token"].as_str().unwrap());
    collector.restart();
    assert_eq!(options(&collector, &collector.again(&site), &query).await["user"], "ann");
}

#[tokio::test]
async fn one_request_creates_at_most_1_000_invitations() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let parameters = |nth: usize| json!({ "user": format!("customer-{nth}"), "properties": { "plan": "pro", "country": "Norway" } });
    let wishes: Vec<Value> = (0..1_000).map(parameters).collect();
    let before = site.usage().await["rows_written"].clone();
    let made = links(&site, json!(wishes)).await;
    assert_eq!(made.len(), 1_000);
    let ids: std::collections::BTreeSet<&str> =
        made.iter().map(|link| link["id"].as_str().unwrap()).collect();
    assert_eq!((ids.len(), &made[999]["user"]), (1_000, &json!("customer-999")));
    assert_eq!(site.usage().await["rows_written"], before, "links are not stored");
    assert_eq!(site.responses().await.len(), 0);

    for wrong in [json!(vec![json!({}); 1_001]), json!([]), json!({}), json!(null)] {
        refused(&site, &json!({ "links": wrong })).await.invalid_at("/links");
    }
    refused(&site, &json!({ "links": [{ "user": "x".repeat(1_100_000) }] })).await.problem(413);
}

#[tokio::test]
async fn every_invalid_field_is_named() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let many: serde_json::Map<String, Value> = (0..21).map(|nth| (format!("p{nth}"), json!(1))).collect();
    for (parameters, pointers) in [
        (json!(7), &["/links/1"][..]),
        (json!({ "user": 7 }), &["/links/1/user"]),
        (
            json!({ "user": "é".repeat(1_001), "lang": "d e", "properties": [] }),
            &["/links/1/user", "/links/1/properties", "/links/1/lang"],
        ),
        (json!({ "lang": "x".repeat(36) }), &["/links/1/lang"]),
        (json!({ "properties": many }), &["/links/1/properties"]),
        (json!({ "properties": { "a/b": {} } }), &["/links/1/properties/a~1b"]),
        (json!({ "usr": "ann", "u": "ann" }), &["/links/1/u", "/links/1/usr"]),
    ] {
        let problem = refused(&site, &json!({ "links": [{ "user": "ann" }, parameters] }))
            .await
            .invalid_at(pointers[0]);
        let errors: Vec<&str> = problem["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| error["pointer"].as_str().unwrap())
            .collect();
        assert_eq!(errors, pointers, "{parameters}");
    }
    let long: serde_json::Map<String, Value> =
        (0..20).map(|nth| (format!("p{nth}"), json!("x".repeat(200)))).collect();
    let problem = refused(&site, &json!({ "links": [{ "properties": long }] })).await.invalid_at("/links/0");
    assert!(problem["detail"].as_str().unwrap().contains("4000"), "{problem}");
    refused(&site, &json!([{ "user": "ann" }])).await.invalid_at("");
    let many = refused(&site, &json!({ "links": vec![json!(7); 1_000] })).await.problem(422);
    assert_eq!(many["errors"].as_array().map(Vec::len), Some(100));
}

#[tokio::test]
async fn only_an_owner_key_creates_invitations() {
    let collector = Collector::shared();
    let (site, other) = (collector.site().await, collector.site().await);
    let wishes = json!({ "links": [{ "user": "ann" }] });
    site.with_owner_key(&site.read).owner_post("links", &wishes).await.problem(403);
    site.with_owner_key(&other.owner).owner_post("links", &wishes).await.problem(401);
    site.with_id("00000000000000000000").owner_post("links", &wishes).await.problem(404);
    site.owner_request("GET", "links", Value::Null).await.problem(405);
}

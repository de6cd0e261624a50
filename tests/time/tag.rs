//! Origins whose pages requested the loader, and invalid invitations, as the owner sees them.

use serde_json::{Value, json};
use tests::client::send;
use tests::ids::{now_ms, unix_ms};
use tests::{Collector, Site};

use crate::{HOUR, MINUTE};

/// Requests the loader as a page with that URL does.
async fn load(collector: &Collector, site: &Site, referer: &str) {
    let answer = send(collector.http().get(site.loader_url()).header("referer", referer)).await;
    assert_eq!(answer.status, 200, "{answer}");
}

/// Origin and number of loads of each that is known, the one seen last in front.
async fn loads(site: &Site) -> Vec<(String, u64)> {
    let usage = site.usage().await;
    let row = |seen: &Value| (seen["origin"].as_str().unwrap().to_owned(), seen["loads"].as_u64().unwrap());
    usage["tag"].as_array().unwrap().iter().map(row).collect()
}

async fn rows_written(site: &Site) -> u64 {
    site.usage().await["rows_written"].as_u64().unwrap()
}

fn pair(origin: &str, loads: u64) -> (String, u64) {
    (origin.to_owned(), loads)
}

#[tokio::test]
async fn origins_of_loader_requests_are_listed_without_path_or_query() {
    let collector = Collector::start_with_faults();
    let site = collector.create_site(json!({ "name": "Tea", "origins": ["https://*.tea.example"] })).await;
    let usage = site.usage().await;
    assert_eq!(
        (&usage["tag"], &usage["invalid_invitations"]),
        (&json!([]), &json!({ "count": 0, "last_at": null }))
    );

    load(&collector, &site, "https://shop.tea.example/cart?secret=1#secret").await;
    for ignored in
        [&collector.url(), "about:blank", "x", "https://ann@tea.example/", "https://*.tea.example/"]
    {
        load(&collector, &site, ignored).await;
    }
    load(&collector, &site, "https://evil.example:8443/").await;
    load(&collector, &site, "https://evil.example:8443/secret").await;
    assert_eq!(loads(&site).await, [pair("https://shop.tea.example", 1)], "others wait for the next call");
    collector.put_forward(&site, 0).await;
    load(&collector, &site, "https://Shop.tea.example").await;
    let usage = site.usage().await;
    assert!(!usage.to_string().contains("secret"), "{usage}");
    let tag = usage["tag"].as_array().unwrap();
    let expected = [("https://shop.tea.example", 2, true), ("https://evil.example:8443", 2, false)];
    assert_eq!(tag.len(), expected.len(), "{usage}");
    for (seen, (origin, loads, listed)) in tag.iter().zip(expected) {
        assert_eq!(
            (&seen["origin"], &seen["loads"], &seen["listed"]),
            (&json!(origin), &json!(loads), &json!(listed))
        );
        let [first, last] =
            ["first_seen_at", "last_seen_at"].map(|name| unix_ms(seen[name].as_str().unwrap()));
        assert!(first <= last && last.abs_diff(now_ms()) < MINUTE, "{seen}");
    }
    site.patch_settings(json!({ "origins": null })).await;
    assert_eq!(site.usage().await["tag"][1]["listed"], true, "a site without origins admits every page");
}

/// Requests the loader at that time, and returns the number of rows that this wrote.
async fn load_at(collector: &Collector, site: &Site, ahead_ms: u64, referer: &str) -> u64 {
    collector.put_forward(site, ahead_ms).await;
    let rows = rows_written(site).await;
    load(collector, site, referer).await;
    rows_written(site).await - rows
}

#[tokio::test]
async fn a_known_origin_costs_one_row_an_hour() {
    let mut collector = Collector::start_with_faults();
    let site = collector.site().await;
    let shop = "https://shop.example";
    assert_eq!(load_at(&collector, &site, 0, shop).await, 1, "a new origin");
    for ahead_ms in [MINUTE, HOUR / 2, HOUR - MINUTE] {
        assert_eq!(load_at(&collector, &site, ahead_ms, shop).await, 0, "{ahead_ms}");
    }
    assert_eq!(loads(&site).await, [pair(shop, 4)]);
    let later = HOUR + MINUTE;
    assert_eq!(load_at(&collector, &site, later, shop).await, 1, "the stored time is over an hour old");
    assert_eq!(load_at(&collector, &site, later + MINUTE, shop).await, 0);
    assert_eq!(loads(&site).await, [pair(shop, 6)]);
    // What was not stored is lost with the memory.
    collector.restart();
    let site = collector.again(&site);
    assert_eq!(loads(&site).await, [pair(shop, 5)]);
    let last = unix_ms(site.usage().await["tag"][0]["last_seen_at"].as_str().unwrap());
    assert!(last.abs_diff(now_ms() + later) < MINUTE);
}

#[tokio::test]
async fn the_origin_seen_longest_ago_makes_room_and_many_origins_cost_one_row_an_hour() {
    let collector = Collector::start_with_faults();
    let site = collector.site().await;
    let shop = |number: u64| format!("https://shop-{number}.example");
    for number in 0..20 {
        assert_eq!(load_at(&collector, &site, number * MINUTE, &shop(number)).await, 1, "{number}");
    }
    for number in 20..40 {
        let rows = load_at(&collector, &site, number * MINUTE, &shop(number)).await;
        assert_eq!(rows, 0, "there is no room for {number}, and no hour is over");
    }
    let expected: Vec<(String, u64)> = (20..40).rev().map(|number| pair(&shop(number), 1)).collect();
    assert_eq!(loads(&site).await, expected);
    assert_eq!(load_at(&collector, &site, 90 * MINUTE, &shop(40)).await, 1);
    assert_eq!(loads(&site).await[0], pair(&shop(40), 1));

    // An isolate counts at most twenty origins between two calls.
    for number in 100..130 {
        load(&collector, &site, &shop(number)).await;
    }
    collector.put_forward(&site, 91 * MINUTE).await;
    load(&collector, &site, &shop(100)).await;
    let seen = loads(&site).await;
    assert_eq!((seen.len(), seen.iter().any(|(origin, _)| *origin == shop(119))), (20, true));
    assert!(seen.iter().all(|(origin, _)| *origin != shop(120)));
}

#[tokio::test]
async fn invitations_that_do_not_verify_are_counted() {
    let collector = Collector::start_with_faults();
    let site = collector.site().await;
    let made = site.owner_post("links", &json!({ "links": [{ "user": "ann" }] })).await.json();
    let token = made["links"][0]["token"].as_str().unwrap();
    let open = async |query: &str| {
        collector.get(&format!("/s/{}{query}", site.id)).await;
    };
    for query in ["", "?score=9", &format!("?t={token}")] {
        open(query).await;
    }
    collector.put_forward(&site, 0).await;
    let rows = rows_written(&site).await;
    for query in ["?t=x", &format!("?t={token}A"), "?t="] {
        open(query).await;
    }
    assert_eq!(rows_written(&site).await, rows + 1);
    assert_eq!(site.usage().await["invalid_invitations"]["count"], 1, "the others wait for the next call");
    collector.put_forward(&site, MINUTE).await;
    open("").await;
    let usage = site.usage().await;
    assert_eq!(usage["invalid_invitations"]["count"], 3);
    assert!(
        unix_ms(usage["invalid_invitations"]["last_at"].as_str().unwrap()).abs_diff(now_ms()) < 2 * MINUTE
    );
    assert_eq!(usage["tag"], json!([]));
}

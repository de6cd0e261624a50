//! The owner's list of responses, newest first, a page at a time.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::ids::{iso, timeless_id, unix_ms};
use tests::{Collector, Site, id_at, new_id, now_ms};

/// 450 responses of all kinds: ids with a time, ids without, and imported ones, whose times lie
/// among the others'. Returns the ids of all.
async fn mixed(collector: &Collector) -> (Site, BTreeSet<String>) {
    let site = collector.site().await;
    let mut ids = BTreeSet::new();
    let now = now_ms();
    let minutes = |n: u64| n * 60_000;
    for part in 0..3 {
        let timed: Vec<String> = (0..50).map(|nth| id_at(now - minutes(9) + part * 1_000 + nth)).collect();
        let timeless: Vec<String> = (0..50).map(|_| timeless_id()).collect();
        for ids in [&timed, &timeless] {
            site.store(json!(ids.iter().map(|id| json!({ "id": id, "score": 9 })).collect::<Vec<_>>())).await;
        }
        // Several share a millisecond.
        let imported: Vec<(String, u64)> = (0..50)
            .map(|nth| {
                let at_ms = now - minutes(12) + nth / 3 * minutes(1);
                (if nth % 2 == 0 { id_at(at_ms) } else { timeless_id() }, at_ms)
            })
            .collect();
        let rows: String = imported.iter().map(|(id, at_ms)| format!("{id},{},8\n", iso(*at_ms))).collect();
        site.import_csv(format!("id,at,score\n{rows}"), "").await;
        ids.extend(timed.into_iter().chain(timeless));
    }
    // An import gives ids of its own.
    let imported = site.responses_of("filter[channel]=import", 200).await;
    ids.extend(imported.iter().map(|response| text(response, "id").to_owned()));
    assert_eq!(ids.len(), 450);
    (site, ids)
}

fn text<'a>(response: &'a Value, field: &str) -> &'a str {
    response[field].as_str().unwrap_or_else(|| panic!("{field} in {response}"))
}

/// The pages, each with its responses.
async fn pages(site: &Site, limit: usize) -> Vec<Vec<Value>> {
    let (mut pages, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = site.page(&format!("limit={limit}{cursor}")).await.ok();
        pages.push(page["responses"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return pages,
        }
    }
}

fn assert_newest_first(responses: &[Value]) {
    for pair in responses.windows(2) {
        let place = |response: &Value| (unix_ms(text(response, "at")), text(response, "id").to_owned());
        assert!(place(&pair[0]) > place(&pair[1]), "{} before {}", pair[0], pair[1]);
    }
}

#[tokio::test]
async fn pages_hold_every_response_once_newest_first() {
    let collector = Collector::shared();
    let (site, ids) = mixed(&collector).await;
    for limit in [100, 7, 200, 150] {
        let pages = pages(&site, limit).await;
        let full = &pages[..pages.len() - 1];
        assert!(full.iter().all(|page| page.len() == limit), "only the last page of {limit} is shorter");
        assert_eq!(pages.len(), 450_usize.div_ceil(limit), "no page is empty");
        let responses = pages.concat();
        assert_newest_first(&responses);
        let listed: BTreeSet<String> =
            responses.iter().map(|response| text(response, "id").to_owned()).collect();
        assert_eq!((responses.len(), listed == ids), (450, true), "limit {limit}");
    }
}

#[tokio::test]
async fn new_responses_do_not_shift_the_pages() {
    let collector = Collector::shared();
    let (site, ids) = mixed(&collector).await;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = site.page(&format!("limit=100{cursor}")).await.ok();
        seen.extend(page["responses"].as_array().unwrap().clone());
        site.store(json!([{ "id": new_id(), "score": 0 }, { "id": timeless_id(), "score": 0 }])).await;
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_newest_first(&seen);
    assert_eq!(seen.len(), 450);
    assert_eq!(seen.iter().map(|response| text(response, "id").to_owned()).collect::<BTreeSet<_>>(), ids);
    assert_eq!(site.responses().await.len(), 460);
}

#[tokio::test]
async fn a_listed_response_has_every_field() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let created_ms = now_ms();
    let id = id_at(created_ms);
    site.store(json!({
        "id": id, "score": 9, "comment": "Good tea", "shown": true, "variant": "standard", "lang": "de-AT",
        "page": "/shop", "properties": { "plan": "pro" }, "user": "ann", "elapsed_ms": 2_100,
    }))
    .await;
    let page = site.page("").await.ok();
    let user = page["responses"][0]["user"].clone();
    assert!(user.as_str().is_some_and(|user| user.len() == 26 && user != "ann"), "{user}");
    let expected = json!({
        "responses": [{
            "id": id, "at": iso(created_ms), "score": 9, "category": "promoter", "comment": "Good tea", "shown": true,
            "dismissed": false, "seconds": 2.1, "channel": "web", "variant": "standard", "lang": "de-AT", "page": "/shop",
            "user": user, "properties": { "plan": "pro" }, "answers": {}, "consents": [], "contact": null, "tags": [], "note": null,
            "state": "open", "assignee": null, "due_at": null, "contacted_at": null,
            "mark": null,
        }],
        "next_cursor": null,
        "matching": 1,
    });
    assert_eq!(page, expected);
}

#[tokio::test]
async fn a_page_holds_50_responses_by_default_and_200_at_most() {
    let collector = Collector::shared();
    let site = collector.site().await;
    assert_eq!(site.page("").await.ok(), json!({ "responses": [], "next_cursor": null, "matching": 0 }));
    for _ in 0..5 {
        site.store(json!((0..50).map(|_| json!({ "id": new_id(), "score": 9 })).collect::<Vec<_>>())).await;
    }
    for (query, expected) in [("", 50), ("limit=1", 1), ("limit=200", 200)] {
        let page = site.page(query).await.ok();
        assert_eq!(page["responses"].as_array().unwrap().len(), expected, "{query}");
    }
    for wrong in ["limit=0", "limit=201", "limit=-1", "limit=", "limit=ten", "limit=1.5", "limit=%2B1"] {
        let problem = site.page(wrong).await.problem(422);
        assert_eq!(problem["pointer"], "limit", "{wrong}");
    }
    assert_eq!(site.page("offset=5").await.problem(422)["pointer"], "offset");
}

#[tokio::test]
async fn a_cursor_that_the_collector_did_not_issue_is_refused() {
    let collector = Collector::shared();
    let site = collector.site().await;
    site.store(json!([{ "id": new_id(), "score": 9 }, { "id": new_id(), "score": 9 }])).await;
    let cursor = site.page("limit=1").await.ok()["next_cursor"].as_str().unwrap().to_owned();
    assert_eq!(site.page(&format!("cursor={cursor}")).await.ok()["responses"].as_array().unwrap().len(), 1);
    let wrong = [
        String::new(),
        "x".to_owned(),
        cursor[1..].to_owned(),
        format!("{cursor}0"),
        "g".repeat(44),
        format!("-{}", &cursor[1..]),
        format!("%2B{}", &cursor[1..]),
        format!("{}%2B{}", &cursor[..20], &cursor[21..]),
        "é".repeat(22),
    ];
    for cursor in wrong {
        let answer = site.page(&format!("cursor={cursor}")).await;
        assert_eq!(answer.status, 422, "{cursor}: {answer}");
        answer.invalid_at("cursor");
    }
}

//! Filters of the response list: each one, several at once, and with any page length.

use serde_json::{Value, json};
use tests::ids::{iso, unix_ms};
use tests::{Collector, DAY_MS, Site, id_at, new_id, now_ms};

/// Whether a listed response is meant.
type Rule<'a> = &'a dyn Fn(&Value) -> bool;

/// 330 responses of all kinds: of some days, with and without score, from users, with properties,
/// tags and states.
async fn mixed(collector: &Collector) -> (Site, Vec<Value>) {
    let site = collector.site().await;
    let row = |nth: usize| {
        let timestamp = iso(now_ms() - (nth as u64 % 40) * DAY_MS - nth as u64 * 1_000);
        let (plan, lang) = (["pro", "free", ""][nth % 3], ["de", "en"][nth % 2]);
        format!("{timestamp},{},{plan},{lang},Import {nth}\n", nth % 11)
    };
    let rows: String = (0..200).map(row).collect();
    site.import_csv(format!("at,score,plan,lang,comment\n{rows}"), "").await;
    let mut messages = Vec::new();
    for nth in 0..130_u64 {
        let page = if nth % 2 == 0 { "/tea" } else { "/coffee" };
        let mut message = json!({ "id": new_id(), "shown": true, "page": page });
        match nth % 5 {
            0 => message["dismissed"] = json!(true),
            1 => {}
            _ => {
                message["score"] = json!(nth % 11);
                message["user"] = json!(format!("user-{}", nth % 4));
            }
        }
        if nth % 7 == 0 {
            message["properties"] = json!({ "plan": "pro", "size of cup": "large" });
        }
        messages.push(message);
    }
    for batch in messages.chunks(50) {
        site.store(json!(batch)).await;
    }
    for (nth, response) in site.responses().await.iter().filter(|it| !it["score"].is_null()).enumerate() {
        let state = [Some("open"), Some("in_progress"), Some("done"), None][nth / 3 % 4];
        let tag = if nth / 3 % 2 == 0 { "late" } else { "cold" };
        let mut change = json!({ "tags": [tag, format!("nr {}", nth / 3 % 3)] });
        if let Some(state) = state {
            change["state"] = json!(state);
        }
        if nth % 3 == 0 {
            let id = response["id"].as_str().unwrap();
            site.owner_request("PATCH", &format!("responses/{id}"), change).await.ok();
        }
    }
    let all = site.responses().await;
    assert_eq!(all.len(), 330);
    (site, all)
}

/// Asserts that a filter returns exactly those responses in order, with any page length.
async fn assert_found(site: &Site, filter: &str, all: &[Value], is_meant: impl Fn(&Value) -> bool) {
    let ids = |responses: &[Value]| -> Vec<Value> { responses.iter().map(|it| it["id"].clone()).collect() };
    let expected: Vec<Value> = all.iter().filter(|response| is_meant(response)).cloned().collect();
    for limit in [7, 50, 200] {
        let found = site.responses_of(filter, limit).await;
        assert_eq!(ids(&found), ids(&expected), "{filter} by {limit}");
        assert_eq!(found, expected, "{filter}");
    }
}

fn is_overdue(response: &Value) -> bool {
    let due = response["due_at"].as_str().is_some_and(|due| unix_ms(due) < now_ms());
    due && (response["state"] == "open" || response["state"] == "in_progress")
}

#[tokio::test]
async fn each_filter_matches_a_scan_of_the_list() {
    let collector = Collector::start();
    let (site, all) = mixed(&collector).await;
    let day = |back: u64| iso(now_ms() - back * DAY_MS)[..10].to_owned();
    let on = |response: &Value| response["at"].as_str().unwrap()[..10].to_owned();
    let filters: [(&str, Rule); 28] = [
        ("category=promoter", &|it| it["category"] == "promoter"),
        ("category=passive", &|it| it["category"] == "passive"),
        ("category=detractor", &|it| it["category"] == "detractor"),
        ("filter[plan]=pro", &|it| it["properties"]["plan"] == "pro"),
        ("filter[plan]=", &|it| it["properties"]["plan"].is_null()),
        ("filter[size%20of%20cup]=large", &|it| it["properties"]["size of cup"] == "large"),
        ("filter[channel]=import", &|it| it["channel"] == "import"),
        ("filter[page]=/tea", &|it| it["page"] == "/tea"),
        ("filter[lang]=de", &|it| it["lang"] == "de"),
        ("filter[lang]=", &|it| it["lang"].is_null()),
        ("tag=late", &|it| it["tags"].as_array().unwrap().contains(&json!("late"))),
        ("tag=nr%202", &|it| it["tags"].as_array().unwrap().contains(&json!("nr 2"))),
        ("state=open", &|it| it["state"] == "open"),
        ("state=in_progress", &|it| it["state"] == "in_progress"),
        ("state=done", &|it| it["state"] == "done"),
        ("state=overdue", &is_overdue),
        ("answered=true", &|it| !it["score"].is_null()),
        ("answered=false", &|it| it["score"].is_null()),
        ("dismissed=true", &|it| it["dismissed"] == true),
        ("dismissed=false", &|it| it["dismissed"] == false),
        ("variant=standard", &|_| true),
        ("variant=other", &|_| false),
        ("q=import", &|it| it["comment"].as_str().is_some_and(|text| text.starts_with("Import"))),
        ("q=import%2011", &|it| it["comment"].as_str().is_some_and(|text| text.starts_with("Import 11"))),
        (&format!("from={}", day(9)), &|it| on(it) >= day(9)),
        (&format!("to={}", day(9)), &|it| on(it) <= day(9)),
        (&format!("from={}&to={}", day(9), day(3)), &|it| (day(9)..=day(3)).contains(&on(it))),
        (&format!("from={}&to={}", day(3), day(3)), &|it| on(it) == day(3)),
    ];
    for (filter, is_meant) in filters {
        assert_found(&site, filter, &all, is_meant).await;
    }
    let overdue = all.iter().filter(|response| is_overdue(response)).count();
    assert!(overdue > 0, "some of the imported cases are overdue");
}

#[tokio::test]
async fn combined_filters_intersect() {
    let collector = Collector::shared();
    let (site, all) = mixed(&collector).await;
    let from = &iso(now_ms() - 20 * DAY_MS)[..10];
    let is = |response: &Value, name: &str, value: &str| response[name] == value;
    let pro = |response: &Value| response["properties"]["plan"] == "pro";
    assert_found(&site, "category=detractor&filter[plan]=pro", &all, |it| {
        is(it, "category", "detractor") && pro(it)
    })
    .await;
    assert_found(&site, "state=open&tag=late", &all, |it| {
        is(it, "state", "open") && it["tags"].as_array().unwrap().contains(&json!("late"))
    })
    .await;
    assert_found(&site, "q=import&filter[lang]=de&category=promoter", &all, |it| {
        !it["comment"].is_null() && is(it, "lang", "de") && is(it, "category", "promoter")
    })
    .await;
    assert_found(&site, &format!("from={from}&filter[plan]=pro&answered=true&filter[lang]=en"), &all, |it| {
        it["at"].as_str().unwrap() >= from && pro(it) && !it["score"].is_null() && is(it, "lang", "en")
    })
    .await;
    assert_found(&site, "state=overdue&category=detractor", &all, is_overdue).await;
    for user in ["user-0", "user-3"] {
        let known = site.responses_of(&format!("user={user}"), 200).await;
        assert!(!known.is_empty());
        let digest = known[0]["user"].as_str().unwrap().to_owned();
        let is_theirs = |it: &Value| is(it, "user", &digest);
        assert_found(&site, &format!("user={user}"), &all, is_theirs).await;
        // The page of an owner knows no more than the digest.
        assert_found(&site, &format!("user={digest}"), &all, is_theirs).await;
        let both = format!("user={user}&category=promoter&state=open");
        assert_found(&site, &both, &all, |it| {
            is_theirs(it) && is(it, "category", "promoter") && is(it, "state", "open")
        })
        .await;
    }
    assert_found(&site, "user=nobody", &all, |_| false).await;
}

#[tokio::test]
async fn rare_responses_are_found_page_by_page_among_45_000() {
    let collector = Collector::start();
    let site = collector.site().await;
    let begin = unix_ms("2026-01-01T00:00:00.000Z");
    let row = |nth: u64| {
        let plan = if nth % 9_000 == 17 { "rare" } else { "common" };
        format!("{},{},{plan}\n", iso(begin + nth * 60_000), nth % 11)
    };
    let rows: String = (0..45_000).map(row).collect();
    site.import_csv(format!("at,score,plan\n{rows}"), "").await;
    let found = site.responses_of("filter[plan]=rare", 3).await;
    let times: Vec<u64> = found.iter().map(|response| unix_ms(response["at"].as_str().unwrap())).collect();
    let expected: Vec<u64> = [36_017, 27_017, 18_017, 9_017, 17].map(|nth| begin + nth * 60_000).to_vec();
    assert_eq!(times, expected, "each once, newest first");
}

#[tokio::test]
async fn new_responses_do_not_shift_filtered_pages() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let begin = now_ms() - 300_000;
    for part in 0..3 {
        let batch: Vec<Value> = (0..40)
            .map(|nth| json!({ "id": id_at(begin + part * 1_000 + nth), "score": 9, "comment": "Good tea" }))
            .collect();
        site.store(json!(batch)).await;
    }
    for filter in ["category=promoter", "q=tea"] {
        let before: Vec<Value> = site.responses_of(filter, 200).await;
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = site.page(&format!("limit=25&{filter}{cursor}")).await.ok();
            seen.extend(page["responses"].as_array().unwrap().clone());
            site.store(json!({ "id": new_id(), "score": 10, "comment": "More tea" })).await;
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, before, "{filter}");
    }
}

#[tokio::test]
async fn each_invalid_filter_is_named() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for (query, pointer) in [
        ("category=fan", "category"),
        ("state=closed", "state"),
        ("q=%20!", "q"),
        ("user=", "user"),
        ("answered=yes", "answered"),
        ("variant=%C3%96", "variant"),
        ("from=yesterday", "from"),
        ("to=2026-02-30", "to"),
        ("from=2026-02-02&to=2026-02-01", "to"),
        ("filter[]=x", "filter[]"),
        ("tag=a&tag=b", "tag"),
        ("colour=red", "colour"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("cursor=1", "cursor"),
    ] {
        site.page(query).await.invalid_at(pointer);
        if !matches!(pointer, "limit" | "cursor") {
            site.get(&format!("export?{query}"), &site.owner).await.invalid_at(pointer);
        }
    }
}

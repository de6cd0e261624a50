//! Figures of the page on costs: what is measured, and the arithmetic.

use std::fs;

use serde_json::json;
use tests::visitor::{choose, nothing_waits, send, thanked};
use tests::{Browser, Collector, Engine, PageServer, RecordingProxy, ServedPage, Site, Window, new_id};

use crate::document::Document;

/// Responses that are measured, each of three messages.
const RESPONSES: u64 = 400;

/// Processor time of a process so far, in milliseconds. Linux counts it in hundredths of a second.
fn cpu_ms(pid: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("Linux");
    // The name of the program, in parentheses, may hold spaces.
    let (_, rest) = stat.rsplit_once(") ").unwrap();
    let field = |index: usize| rest.split(' ').nth(index).unwrap().parse::<u64>().unwrap();
    (field(11) + field(12)) * 10
}

/// Returns a measured figure of the page: the number in the row that begins with a text.
fn documented(row: &str) -> f64 {
    let text = Document::open("cost.md").section("What is measured").to_owned();
    let line = text.lines().find(|line| line.starts_with(&format!("| {row} |")));
    let line = line.unwrap_or_else(|| panic!("no row {row:?}"));
    number(line.split('|').nth(2).unwrap()).unwrap_or_else(|| panic!("no number in {line}"))
}

/// Parses a number such as `$1,200.50` or `0.9 ms`.
fn number(cell: &str) -> Option<f64> {
    let digits = cell.trim().trim_start_matches(['$', '*']).replace(',', "");
    digits.split([' ', '*']).next()?.parse().ok()
}

/// Counters of a site, and the processor time of its collector.
struct Reading {
    rows_written: u64,
    rows_read: u64,
    cpu_ms: u64,
}

impl Reading {
    async fn take(collector: &Collector, site: &Site) -> Self {
        let usage = site.usage().await;
        let count = |name: &str| usage[name].as_u64().unwrap_or_else(|| panic!("{name} in {usage}"));
        let (rows_written, rows_read) = (count("rows_written"), count("rows_read"));
        Self { rows_written, rows_read, cpu_ms: cpu_ms(collector.pid()) }
    }
}

/// Measures some work, and returns rows written, rows read and milliseconds for each time.
async fn measure(collector: &Collector, site: &Site, times: u64, work: impl AsyncFn(u64)) -> [f64; 3] {
    let before = Reading::take(collector, site).await;
    for nth in 0..times {
        work(nth).await;
    }
    let after = Reading::take(collector, site).await;
    let each = |before: u64, after: u64| (after - before) as f64 / times as f64;
    [
        each(before.rows_written, after.rows_written),
        each(before.rows_read, after.rows_read),
        each(before.cpu_ms, after.cpu_ms),
    ]
}

/// Prints a measured time. It depends on what else the machine does, so it fails no test.
fn report(what: &str, measured: f64) -> f64 {
    let limit = documented(what);
    println!("{what}: {measured:.2} measured, {limit} documented");
    limit
}

/// Asserts that a measured figure is at most the documented one.
fn at_most(what: &str, measured: f64) {
    let limit = report(what, measured);
    assert!(measured <= limit, "{what}: {measured:.2}, and the page says {limit}");
}

#[tokio::test]
async fn a_response_costs_no_more_than_the_page_says() {
    let collector = Collector::start();
    let site = collector.site().await;
    let respond = async |nth: u64| {
        let id = new_id();
        let seen = json!({ "id": id, "shown": true, "page": "/shop" });
        let scored =
            json!({ "id": id, "shown": true, "page": "/shop", "score": nth % 11, "elapsed_ms": 2_000 });
        let mut sent = scored.clone();
        sent["comment"] = json!(format!("Order {nth} came late, but the tea itself is what I hoped for"));
        for message in [seen, scored, sent] {
            site.store(message).await;
        }
    };
    measure(&collector, &site, 50, respond).await; // the code is compiled
    let [written, read, cpu] = measure(&collector, &site, RESPONSES, respond).await;
    at_most("rows written by a response of three messages", written);
    at_most("rows read by a response of three messages", read);
    report("processor time of a response of three messages", cpu);

    let see = async |_| site.store(json!({ "id": new_id(), "shown": true, "page": "/shop" })).await;
    let [written, read, cpu] = measure(&collector, &site, RESPONSES, see).await;
    at_most("rows written by an impression without a response", written);
    at_most("rows read by an impression without a response", read);
    report("processor time of an impression without a response", cpu);
}

#[tokio::test]
async fn a_visitor_who_responds_sends_no_more_messages_than_the_page_says() {
    let collector = Collector::start();
    let survey = json!({ "delay_seconds": 0, "recontact": { "first_view": 1 } });
    let site = collector.create_site(json!({ "name": "Tea shop", "survey": survey })).await;
    let proxy = RecordingProxy::start(&collector.url()).await;
    let html = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>A shop</title>
        <script async src='{}'></script>",
        site.at(proxy.url()).loader_url()
    );
    let pages = PageServer::with_page(ServedPage::html(html)).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    choose(&browser, 9).await;
    send(&browser, "Order 4711 came late, but the tea itself is what I hoped for").await;
    thanked(&browser).await;
    browser.click("button[value=leave]").await;
    browser.until("!survey").await;
    nothing_waits(&browser).await;
    let sent = proxy.take();
    let messages = sent.iter().filter(|request| request.path().ends_with("/responses")).count();
    let files = sent.iter().filter(|request| request.path().contains("/a/")).count();
    at_most("messages of a visitor who responds", messages as f64);
    assert_eq!((messages, files, sent.len()), (messages, 3, 4 + messages), "{sent:?}");
}

#[tokio::test]
async fn a_page_view_costs_no_more_than_the_page_says() {
    let collector = Collector::start();
    let site = collector.site().await;
    let path = format!("/e/{}.js", site.id);
    let view = async |_| assert_eq!(collector.get(&path).await.status, 200);
    measure(&collector, &site, 50, view).await;
    let [written, read, cpu] = measure(&collector, &site, 4 * RESPONSES, view).await;
    report("processor time of a page view", cpu);
    // Reports of where the tag was seen, once a minute.
    assert!(written < 0.05 && read < 0.2, "a page view touches the database: {written} {read}");
}

#[tokio::test]
async fn a_score_reads_no_more_rows_than_the_page_says() {
    let collector = Collector::start();
    let site = collector.site().await;
    let file: String = (0..365_u32)
        .map(|day| {
            let date = tests::ids::iso(tests::now_ms() - u64::from(day) * tests::DAY_MS);
            format!("{},{date}\n", day % 11)
        })
        .collect();
    site.import_csv(format!("score,at\n{file}"), "").await;
    let score = async |nth: u64| {
        // Each time another query, which is not answered from memory.
        site.score(&format!("range={}d&interval=day&compare=previous", 180 + nth)).await;
    };
    let [_, read, cpu] = measure(&collector, &site, 20, score).await;
    at_most("rows read by a score of half a year, by day", read);
    report("processor time of a score of half a year, by day", cpu);
}

/// Rows of the price tables: quantity, price and cost of each.
fn products(section: &str) -> Vec<(String, f64, f64, f64)> {
    let text = Document::open("cost.md").section(section).to_owned();
    let rows = text.lines().filter(|line| line.starts_with("| ")).filter_map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, name, quantity, price, cost, _] = cells.as_slice() else { return None };
        Some((name.to_string(), number(quantity)?, number(price)?, number(cost)?))
    });
    rows.collect()
}

#[test]
fn each_cost_is_its_quantity_times_its_price() {
    for section in ["A million responses", "A million page views"] {
        let rows = products(section);
        assert!(rows.len() >= 3, "{section}: {rows:?}");
        for (name, quantity, price, cost) in &rows {
            let product = quantity * price;
            assert!((product - cost).abs() <= 0.0051, "{section}: {name}: {product:.4}, not {cost}");
        }
        let text = Document::open("cost.md").section(section).to_owned();
        let total = text.lines().find(|line| line.starts_with("| **together**")).expect("a sum");
        let total = number(total.split('|').nth(4).unwrap()).expect("a number");
        let sum: f64 = rows.iter().map(|(_, quantity, price, _)| quantity * price).sum();
        assert!((sum - total).abs() <= 0.0051, "{section}: {sum:.4}, not {total}");
    }
}

#[test]
fn the_quantities_are_the_measured_ones() {
    let measured = |what: &str| documented(what);
    let rows = products("A million responses");
    let quantity = |name: &str| {
        let found = rows.iter().find(|row| row.0.starts_with(name));
        found.unwrap_or_else(|| panic!("no row {name}")).1
    };
    let response = " by a response of three messages";
    let impression = " by an impression without a response";
    let written =
        measured(&format!("rows written{response}")) + 9.0 * measured(&format!("rows written{impression}"));
    assert!((quantity("rows written") - written).abs() < 0.06, "{written}");
    let read = measured(&format!("rows read{response}")) + 9.0 * measured(&format!("rows read{impression}"));
    assert!((quantity("rows read") - read).abs() < 0.06, "{read}");
    let cpu = measured("processor time of a response of three messages")
        + 9.0 * measured("processor time of an impression without a response")
        + 30.0 * measured("processor time of a page view");
    assert!((quantity("processor time") - cpu).abs() < 0.06, "{cpu}");
    let messages = measured("messages of a visitor who responds") + 9.0;
    assert!((quantity("requests to the site's object") - messages).abs() < 0.06, "{messages}");
    assert!((quantity("requests to the Worker") - (messages + 30.0)).abs() < 0.06, "{messages}");
    // 50 ms of 128 MB for each message, in millions of GB-s.
    let duration = messages * 0.05 * 0.128;
    assert!((quantity("duration of the object") - duration).abs() < 0.000_1, "{duration}");

    let views = products("A million page views");
    let views = views.iter().find(|row| row.0.starts_with("processor time")).expect("processor time").1;
    assert!((views - measured("processor time of a page view")).abs() < 0.06, "{views}");
}

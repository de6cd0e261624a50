//! Delivery of responses over a faulty network. Each impression leaves exactly one row with
//! everything that the visitor submitted, whatever the network, the collector and proxies between
//! them do.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, Fault, FaultyProxy, Site, Window};

use tests::visitor::{choose, english, not_stored, nothing_waits, one_row, send, thanked};

use crate::keyboard::page;

/// Response of a collector that is busy until next year, with `Retry-After` in the date form of
/// HTTP.
const BUSY_UNTIL_A_DATE: Fault = Fault::Respond(503, &[("retry-after", "Wed, 21 Oct 2037 07:28:00 GMT")], "");

/// When each message began and ended, by the clock of the page.
async fn request_times(browser: &Browser) -> Vec<[f64; 2]> {
    let entries =
        "return performance.getEntriesByType('resource').filter((it) => it.name.endsWith('/responses'))
        .map((it) => [it.startTime, it.responseEnd]);";
    let entries = browser.run(entries).await;
    let number = |value: &Value| value.as_f64().unwrap();
    entries.as_array().unwrap().iter().map(|it| [number(&it[0]), number(&it[1])]).collect()
}

/// A collector, a site, a proxy in front and a browser on a page whose tag points at the proxy,
/// with the survey open.
struct Visit {
    site: Site,
    proxy: FaultyProxy,
    browser: Browser,
    page: tests::PageServer,
    // Ends last.
    _collector: Collector,
}

impl Visit {
    async fn begin() -> Self {
        let collector = Collector::shared();
        let site = collector.site().await;
        let proxy = FaultyProxy::start(&collector.url()).await;
        let page = page(&site.at(proxy.url()), "data-delay=0").await;
        let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
        browser.goto(&page.url("/")).await;
        browser.until_shown().await;
        Self { site, proxy, browser, page, _collector: collector }
    }

    /// Ends a test: asserts that the page has seen no error of ours.
    async fn end(self) {
        assert_eq!(self.browser.run("return window.errors ?? [];").await, json!([]));
    }
}

#[tokio::test]
async fn a_response_written_offline_is_sent_on_the_next_visit() {
    let visit = Visit::begin().await;
    let browser = &visit.browser;
    let first = browser.tab().await;
    browser.offline(true).await;
    choose(browser, 9).await;
    send(browser, "Lovely tea").await;
    not_stored(browser, "offline").await;
    assert_eq!(visit.site.responses().await, [] as [Value; 0]);

    let next = browser.new_tab().await;
    browser.switch(&first).await;
    browser.close_tab().await;
    browser.switch(&next).await;
    browser.goto(&visit.page.url("/another")).await;
    one_row(&visit.site, 9, Some("Lovely tea")).await;
    nothing_waits(browser).await;
    assert_eq!(browser.run("return grapevine('why');").await, "answered");
    visit.end().await;
}

#[tokio::test]
async fn a_503_is_retried_also_after_a_reload() {
    let visit = Visit::begin().await;
    let browser = &visit.browser;
    visit.proxy.script([Fault::BUSY; 5]);
    choose(browser, 3).await;
    visit.proxy.sent(1).await;
    send(browser, "Too slow").await;
    not_stored(browser, "limited").await;
    // The pauses grow; a network that comes back ends them.
    for count in 3..=5 {
        browser.run("dispatchEvent(new Event('online'));").await;
        visit.proxy.sent(count).await;
    }
    assert_eq!(visit.site.responses().await, [] as [Value; 0]);
    browser.reload().await;
    one_row(&visit.site, 3, Some("Too slow")).await;
    nothing_waits(browser).await;
    visit.end().await;
}

#[tokio::test]
async fn retry_after_seconds_are_respected() {
    let visit = Visit::begin().await;
    let browser = &visit.browser;
    visit.proxy.script([Fault::BUSY_3_S]);
    choose(browser, 10).await;
    visit.proxy.sent(1).await;
    // Input and events before that time cause no request.
    send(browser, "Yes").await;
    browser.run("dispatchEvent(new Event('online'));").await;
    thanked(browser).await;
    one_row(&visit.site, 10, Some("Yes")).await;
    nothing_waits(browser).await;
    let times = request_times(browser).await;
    assert_eq!(times.len(), 2, "{times:?}");
    let pause = times[1][0] - times[0][1];
    assert!(pause >= 3_000.0, "asked again after {pause} ms");
    visit.end().await;
}

#[tokio::test]
async fn a_retry_after_date_causes_no_retry_storm() {
    let visit = Visit::begin().await;
    let browser = &visit.browser;
    visit.proxy.always(BUSY_UNTIL_A_DATE);
    choose(browser, 10).await;
    visit.proxy.sent(1).await;
    browser.run("return new Promise((done) => setTimeout(done, 2000));").await;
    let sent = visit.proxy.messages().len();
    assert!(sent <= 3, "{sent} messages in two seconds");
    visit.proxy.always(Fault::None);
    // On the next visit at the latest.
    browser.reload().await;
    one_row(&visit.site, 10, None).await;
    visit.end().await;
}

#[tokio::test]
async fn a_message_with_a_lost_response_counts_once() {
    let visit = Visit::begin().await;
    let browser = &visit.browser;
    visit.proxy.script([Fault::DropResponse, Fault::DropRequest, Fault::DropResponse]);
    choose(browser, 6).await;
    one_row(&visit.site, 6, None).await;
    send(browser, "Hm").await;
    thanked(browser).await;
    visit.proxy.sent(3).await;
    one_row(&visit.site, 6, Some("Hm")).await;
    nothing_waits(browser).await;
    one_row(&visit.site, 6, Some("Hm")).await;
    visit.end().await;
}

#[tokio::test]
async fn messages_are_sent_after_the_collector_restarts() {
    let mut collector = Collector::start();
    let site = collector.site().await;
    let page = page(&site, "data-delay=0").await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&page.url("/")).await;
    browser.until_shown().await;
    choose(&browser, 8).await;
    one_row(&site, 8, None).await;
    let port = collector.port();
    collector.kill();
    send(&browser, "More cake").await;
    not_stored(&browser, "offline").await;
    collector.restart_with(|options| options.port = port);
    one_row(&site, 8, Some("More cake")).await;
    thanked(&browser).await;
    nothing_waits(&browser).await;
    assert_eq!(browser.run("return window.errors ?? [];").await, json!([]));
}

#[tokio::test]
async fn messages_are_sent_after_connections_were_refused() {
    let mut visit = Visit::begin().await;
    visit.proxy.close().await;
    let browser = &visit.browser;
    choose(browser, 1).await;
    send(browser, "Never again").await;
    not_stored(browser, "offline").await;
    assert_eq!(visit.site.responses().await, [] as [Value; 0]);
    visit.proxy.open().await;
    one_row(&visit.site, 1, Some("Never again")).await;
    thanked(browser).await;
    nothing_waits(browser).await;
    visit.end().await;
}

#[tokio::test]
async fn a_captive_portal_is_not_taken_for_the_collector() {
    let visit = Visit::begin().await;
    let browser = &visit.browser;
    visit.proxy.always(Fault::PORTAL);
    choose(browser, 7).await;
    send(browser, "From a hotel").await;
    not_stored(browser, "offline").await;
    visit.proxy.sent(2).await;
    let waits =
        browser.run("return Object.keys(localStorage).filter((key) => key.startsWith('grapevine-')).length;");
    assert_eq!(waits.await, 1, "it was taken for the collector's answer");
    visit.proxy.always(Fault::None);
    one_row(&visit.site, 7, Some("From a hotel")).await;
    nothing_waits(browser).await;
    visit.end().await;
}

/// After Send the button says that it is being sent; thanks come only for what is stored.
#[tokio::test]
async fn thanks_wait_until_the_response_is_stored() {
    let visit = Visit::begin().await;
    let browser = &visit.browser;
    choose(browser, 8).await;
    one_row(&visit.site, 8, None).await;
    let seconds = std::time::Duration::from_secs(4);
    visit.proxy.always(Fault::Delay(seconds));
    let begun = std::time::Instant::now();
    send(browser, "Slow").await;
    let label = format!("survey.querySelector('.send').textContent == {}", json!(english("sending")));
    browser.until(&label).await;
    thanked(browser).await;
    assert!(begun.elapsed() >= seconds, "thanks for what is not stored yet");
    one_row(&visit.site, 8, Some("Slow")).await;
    visit.end().await;
}

/// A collector that is busy for ten minutes: the visitor is told at once, also where the request
/// with the score has met that answer, and when the visitor tries again.
#[tokio::test]
async fn a_limit_is_told_at_once_and_the_outbox_goes_on() {
    let visit = Visit::begin().await;
    let browser = &visit.browser;
    visit.proxy.script([Fault::Respond(429, &[("retry-after", "600")], "")]);
    choose(browser, 8).await;
    visit.proxy.sent(1).await;
    send(browser, "Busy").await;
    not_stored(browser, "limited").await;
    browser.click("button.send").await;
    not_stored(browser, "limited").await;
    assert_eq!(browser.survey("return survey.querySelector('#comment').value;").await, "Busy");
    assert_eq!(visit.proxy.messages().len(), 1, "no request before the time");
    browser.click("[value=leave]").await;
    browser.until("!survey").await;
    browser.reload().await;
    one_row(&visit.site, 8, Some("Busy")).await;
    nothing_waits(browser).await;
    visit.end().await;
}

/// The form stays, with its text, and another attempt may succeed.
#[tokio::test]
async fn a_refusal_is_told_and_can_be_tried_again() {
    let visit = Visit::begin().await;
    let browser = &visit.browser;
    choose(browser, 8).await;
    one_row(&visit.site, 8, None).await;
    visit.proxy.always(Fault::REFUSED);
    send(browser, "Refused").await;
    not_stored(browser, "refused").await;
    let form = "return [survey.querySelector('#comment').value, survey.querySelector('.send').textContent];";
    assert_eq!(browser.survey(form).await, json!(["Refused", english("again")]));
    visit.proxy.always(Fault::None);
    browser.click("button.send").await;
    thanked(browser).await;
    one_row(&visit.site, 8, Some("Refused")).await;
    visit.end().await;
}

/// Tests which context of the page and its visitor is stored.
#[tokio::test]
async fn odd_context_of_the_page_never_costs_the_answer() {
    let collector = Collector::shared();
    let site = collector
        .create_site(json!({ "name": "Tea shop", "properties": ["plan"], "survey": { "delay_seconds": 0 } }))
        .await;
    let proxy = FaultyProxy::start(&collector.url()).await;
    let page = page(&site.at(proxy.url()), "data-delay=0").await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let thai = format!("/{}", "%E0%B8%82%E0%B9%88".repeat(40));
    let user = "x".repeat(1_000);
    let cases = [
        ("a long path".to_owned(), thai.as_str(), String::new(), json!({})),
        (
            "25 properties, of which the site declares the last".to_owned(),
            "/many",
            "grapevine('set', Object.fromEntries(Array.from({ length: 24 }, (_, n) => ['p' + n, n]).concat([['plan', 'pro']])))".into(),
            json!({ "plan": "pro" }),
        ),
        (
            "an emoji at the end of what is kept".to_owned(),
            "/emoji",
            "grapevine('set', { plan: 'x'.repeat(199) + '\u{1F375}' + 'y', half: '\\ud83d' })".into(),
            json!({ "plan": "x".repeat(199) + "\u{1F375}", "half": "\u{FFFD}" }),
        ),
        (
            "values without a text, and names too long".to_owned(),
            "/odd",
            "grapevine('set', { plan: 'pro', symbol: Symbol('s'), bare: Object.create(null), ['n'.repeat(300)]: 'y' })".into(),
            json!({ "plan": "pro" }),
        ),
        ("a long user".to_owned(), "/user", format!("grapevine('identify', '{user}')"), json!({})),
        ("a user too long".to_owned(), "/users", format!("grapevine('identify', '{user}y')"), json!({})),
    ];
    for (name, path, call, properties) in cases {
        let before = proxy.messages().len();
        browser.goto(&page.url(path)).await;
        browser.until("window.grapevine?.loaded").await;
        browser
            .run(&format!("grapevine('reset'); return {};", if call.is_empty() { "null" } else { &call }))
            .await;
        browser.run("return grapevine('show');").await;
        browser.until_shown().await;
        choose(&browser, 9).await;
        let comment = format!("With {name}");
        send(&browser, &comment).await;
        thanked(&browser).await;
        nothing_waits(&browser).await;
        let row = site
            .responses()
            .await
            .into_iter()
            .find(|row| row["comment"] == comment)
            .unwrap_or_else(|| panic!("{name}: no row"));
        assert_eq!(row["score"], 9, "{name}");
        for (property, value) in properties.as_object().expect("an object") {
            assert_eq!(&row["properties"][property], value, "{name}");
        }
        let kept = row["page"].as_str().unwrap_or_default();
        assert!(
            kept.len() <= 500 && path.starts_with(kept) && (path.len() <= 500) == (path == kept),
            "{name}: {kept}"
        );
        // Whole characters of three escapes each.
        assert!(!path.starts_with("/%") || kept.len() % 9 == 1, "{name}: {kept}");
        // The context never needs a second attempt.
        let sent = proxy.messages().len() - before;
        assert!(sent <= 2, "{name}: {sent} messages");
    }
    assert_eq!(site.due(&user).await, json!({ "due": false }), "a user of 1,000 characters is one person");
    assert_eq!(browser.run("return window.errors ?? [];").await, json!([]));
}

/// The second attempt contains only what the visitor submitted.
#[tokio::test]
async fn a_refused_message_is_resent_without_the_context_of_the_page() {
    let visit = Visit::begin().await;
    let browser = &visit.browser;
    browser.run("grapevine('set', { plan: 'pro' }); return grapevine('identify', 'ann');").await;
    visit.proxy.script([Fault::REFUSED]);
    choose(browser, 5).await;
    one_row(&visit.site, 5, None).await;
    let messages = visit.proxy.messages();
    let [first, second] = [0, 1].map(|index| {
        let message: Value = serde_json::from_str(&messages[index].body).expect("JSON");
        message.as_object().expect("a message").keys().cloned().collect::<Vec<_>>()
    });
    for name in ["page", "lang", "user", "properties"] {
        assert!(first.iter().any(|given| given == name), "{name} in {first:?}");
    }
    assert_eq!(second, ["elapsed_ms", "id", "score", "shown", "variant"]);
    send(browser, "As it is").await;
    thanked(browser).await;
    one_row(&visit.site, 5, Some("As it is")).await;
    nothing_waits(browser).await;
    visit.end().await;
}

/// Tests that the longest comment arrives in every script.
#[tokio::test]
async fn the_longest_comment_of_any_script_arrives() {
    let visit = Visit::begin().await;
    let browser = &visit.browser;
    for letter in ["ข", "🍵", "\u{1}"] {
        choose(browser, 9).await;
        let fill = format!(
            "const field = survey.querySelector('#comment');
            field.value = {}.repeat(field.maxLength).slice(0, field.maxLength);",
            json!(letter)
        );
        browser.survey(&fill).await;
        browser.click("button.send").await;
        thanked(browser).await;
        nothing_waits(browser).await;
        let comment = letter.repeat(5_000 / letter.encode_utf16().count());
        let rows = visit.site.responses().await;
        assert!(rows.iter().any(|row| row["comment"] == comment), "{letter:?}");
        browser.run("return grapevine('hide').then(() => grapevine('show'));").await;
        browser.until("!survey?.querySelector('input:checked') && survey?.querySelector('legend')").await;
    }
    visit.end().await;
}

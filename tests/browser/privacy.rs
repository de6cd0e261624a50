//! Every byte that a visit sends: only what the visitor submitted.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::{
    Browser, Collector, Engine, PageServer, RecordedRequest, RecordingProxy, ServedPage, Site, Window,
};

use tests::fixture_clock_page::{no_errors, tagged};

/// Marker in every value of the page that must not reach the collector.
const MARKER: &str = "marker";

/// A shop page full of private data. Its host differs from the collector's, as in production.
struct Shop {
    pages: PageServer,
    recorder: RecordingProxy,
}

impl Shop {
    async fn open(collector: &Collector, site: &Site, own: &str, attributes: &str) -> Self {
        let recorder = RecordingProxy::start(&collector.url()).await;
        let site = site.at(recorder.url());
        let pages = PageServer::start().await;
        let all = format!(
            "<script>document.title = 'marker.title@example.org';
            document.cookie = 'session=marker-cookie';
            localStorage.own = sessionStorage.own = '\"marker-storage\"';
            window.name = 'marker-name'; window.marker_global = 'marker-global';</script>{own}"
        );
        let content = "<p>Welcome, marker.page@example.org</p><form><input name=mail value='marker.form@example.org'></form>
            <meta name=description content='marker-meta'>";
        pages.put("/shop/tea", tagged(&site, &all, attributes, content));
        let to = "/shop/tea?mail=marker.query@example.org&ahead=0#marker-fragment";
        pages.put(
            "/from",
            ServedPage::html(format!(
                "<!doctype html><html lang=en><title>A page</title><a href='{to}'>On</a>"
            )),
        );
        Self { pages, recorder }
    }

    fn url(&self, path: &str) -> String {
        self.pages.url(path).replace("127.0.0.1", "localhost")
    }

    /// Makes a whole visit from another page of the shop, that many days later: a score, a comment,
    /// the thanks.
    async fn visit(&self, browser: &Browser, site: &Site, ahead: u32, count: u32) -> Vec<RecordedRequest> {
        browser.goto(&self.url("/from?mail=marker.referrer@example.org")).await;
        browser
            .run(&format!(
                "const a = document.querySelector('a'); a.href = a.href.replace('ahead=0', 'ahead={ahead}');"
            ))
            .await;
        browser.click_page("a").await;
        browser.until("window.grapevine?.loaded").await;
        let around =
            browser.run("return document.referrer + document.title + document.cookie + location.href;").await;
        for of in ["referrer", "title", "cookie", "query", "fragment"] {
            assert!(around.as_str().is_some_and(|around| around.contains(of)), "{of} in {around}");
        }
        browser.run("return grapevine('show');").await;
        browser.click("input[value='8'] + span").await;
        browser.until("survey.querySelector('textarea').checkVisibility()").await;
        browser.click("textarea").await;
        browser.press("Fine tea.".chars()).await;
        browser.click("button.send").await;
        browser.until("survey.activeElement?.id == 'thanks'").await;
        site.score_when("it is there", |score| score["scored"] == count && score["commented"] == count).await;
        browser.click("button[value=leave]").await;
        browser.until("!survey && Object.keys(localStorage).length == 2").await;
        no_errors(browser).await;
        self.recorder.take()
    }
}

fn messages(sent: &[RecordedRequest]) -> Vec<Value> {
    let messages: Vec<Value> =
        sent.iter().filter(|sent| sent.path().ends_with("/responses")).map(RecordedRequest::json).collect();
    assert!(!messages.is_empty(), "{sent:#?}");
    messages
}

/// Returns everything that a visit has sent, each piece with its position, without the parts that
/// differ in every message.
fn pieces(sent: &[RecordedRequest]) -> BTreeSet<String> {
    let mut pieces = BTreeSet::new();
    for sent in sent {
        let path = sent.path();
        pieces.insert(path.to_owned());
        for (name, value) in sent.headers().iter().filter(|(name, _)| name != "content-length") {
            pieces.insert(format!("{path} {name}: {value}"));
        }
        let body = if sent.body.is_empty() { json!({}) } else { sent.json() };
        for (name, value) in body.as_object().into_iter().flatten().filter(|(name, _)| *name != "elapsed_ms")
        {
            pieces.insert(format!("{path} {name} = {value}"));
        }
    }
    pieces
}

/// Returns the members of the last message, which is complete.
fn members(messages: &[Value]) -> Vec<&String> {
    messages.last().unwrap().as_object().unwrap().keys().collect()
}

#[tokio::test]
async fn a_visit_sends_the_answers_and_nothing_else() {
    let collector = Collector::shared();
    // Sampling of one half, so that the visitor draws a number, which must stay in the browser.
    let site = collector.create_site(json!({ "name": "Tea shop", "survey": { "sampling": 0.5 } })).await;
    let shop = Shop::open(&collector, &site, "", "data-delay=3600").await;
    let mut visits = Vec::new();
    {
        let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
        visits.push(shop.visit(&browser, &site, 0, 1).await);
        // The same visitor half a year later.
        visits.push(shop.visit(&browser, &site, 180, 2).await);
        let lot = browser.run("return JSON.parse(localStorage.grapevine).lot;").await;
        assert!(lot.is_u64(), "{lot}");
    }
    // Somebody else.
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    visits.push(shop.visit(&browser, &site, 0, 3).await);

    let mut ids = BTreeSet::new();
    for sent in &visits {
        for sent in sent {
            let whole = format!("{}{}", sent.head, sent.body).to_lowercase();
            assert!(!whole.contains(MARKER) && !whole.contains("example.org"), "{sent:#?}");
            assert_eq!(sent.header("cookie"), None, "{sent:#?}");
            // The languages of the page and of the browser, which `Accept-Language` says too.
            let query = sent.path().split_once('?').map_or("", |(_, query)| query);
            let expected = if sent.path().contains(".json") { "l=%2C%2Cen%2Cen" } else { "" };
            assert_eq!(query, expected, "{}", sent.path());
            assert!(sent.header("referer").is_none_or(|from| from == shop.url("/")), "{sent:#?}");
        }
        let messages = messages(sent);
        let allowed =
            ["comment", "elapsed_ms", "id", "lang", "page", "properties", "score", "shown", "variant"];
        assert_eq!(members(&messages), allowed);
        for message in &messages {
            let names: Vec<_> = message.as_object().unwrap().keys().collect();
            assert!(names.iter().all(|name| allowed.contains(&name.as_str())), "{names:?}");
            assert_eq!(message["page"], "/shop/tea", "the path and nothing more");
            assert_eq!(message["properties"], json!({}));
            assert_eq!(message["id"], messages[0]["id"], "one showing");
        }
        let last = messages.last().unwrap();
        assert_eq!(
            (&last["score"], &last["comment"], &last["lang"], &last["variant"]),
            (&json!(8), &json!("Fine tea."), &json!("en"), &json!("standard"))
        );
        ids.insert(last["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(ids.len(), 3, "each showing has an id of its own: {ids:?}");
    // Whatever repeats from visit to visit is the same for all visitors, so it identifies none.
    let [first, second, other] = &visits[..] else { panic!("three visits") };
    let (first, second, other) = (pieces(first), pieces(second), pieces(other));
    let repeated: Vec<_> = first.intersection(&second).filter(|piece| !other.contains(*piece)).collect();
    assert_eq!(repeated, Vec::<&String>::new());
    assert!(first.intersection(&second).count() > 10, "the comparison itself works");
    // Nor by what the ids have in common but their time.
    let tails: BTreeSet<&str> = ids.iter().map(|id| &id[14..]).collect();
    assert_eq!(tails.len(), 3, "{ids:?}");
}

/// The page sends its full URL as referrer to other hosts, and has a cookie for the collector's
/// host.
#[tokio::test]
async fn identified_users_are_sent_and_referrers_and_cookies_are_not() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let shop = Shop::open(
        &collector,
        &site,
        "<meta name=referrer content=unsafe-url>",
        "data-user=ann data-view=1 data-delay=0",
    )
    .await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    // The page's cookies are ones for the collector's host as well, as where both are below one
    // domain.
    browser.goto(&shop.pages.url("/earlier")).await;
    browser.run("document.cookie = 'session=marker-cookie';").await;
    browser.goto(&shop.pages.url("/shop/tea?mail=marker.query@example.org")).await;
    browser.until_shown().await;
    browser.click("input[value='8'] + span").await;
    site.score_when("one scored", |score| score["scored"] == 1).await;
    let sent = shop.recorder.take();
    // The tag itself is the page's own request, made before there is anything of ours.
    let (tag, ours): (Vec<_>, Vec<_>) = sent.iter().partition(|sent| sent.path().starts_with("/e/"));
    assert!(
        tag.iter().all(|sent| sent.head.contains("marker.query") && sent.head.contains("marker-cookie")),
        "{tag:#?}"
    );
    let kinds = ["/due?", "/responses", ".wasm", ".json", "/a/widget-"];
    assert!(kinds.iter().all(|kind| ours.iter().any(|sent| sent.path().contains(kind))), "{ours:#?}");
    let telling: Vec<_> = ours
        .iter()
        .filter(|sent| sent.head.to_lowercase().contains(MARKER))
        .map(|sent| (sent.path(), sent.header("referer")))
        .collect();
    assert!(telling.is_empty(), "{telling:#?}");
    let messages = messages(&sent);
    assert!(
        messages.iter().all(|message| message["user"] == "ann" && message["page"] == "/shop/tea"),
        "{messages:#?}"
    );
    assert!(!json!(messages).to_string().contains(MARKER), "{messages:#?}");
}

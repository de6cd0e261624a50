//! Windows of one origin inside each other. The outermost in which Grapevine has loaded asks, and
//! no other.

use std::time::Duration;

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, ServedPage, Site, Window, in_each_engine, until};

use tests::fixture_clock_page::until_why;

/// A page with the tag, which asks after a second.
fn tagged(site: &Site, body: &str) -> ServedPage {
    untagged(&format!(
        "<script async src='{}' data-delay=1 data-view=1 data-lang=en></script>{body}",
        site.loader_url()
    ))
}

fn untagged(body: &str) -> ServedPage {
    ServedPage::html(format!("<!doctype html><html lang=en><meta charset=utf-8><title>A page</title>{body}"))
}

const FRAMES: &str =
    "<h1>Compare</h1><iframe title=one src='/inner' style='width:600px;height:300px'></iframe>
    <iframe title=two src='/inner?two' style='width:600px;height:300px'></iframe>";

/// The number of surveys in the page, and in each of its frames of the same origin.
const SURVEYS: &str = "return [window, ...Array.from({ length: frames.length }, (_, at) => frames[at])].map((it) => it.document.querySelectorAll('grapevine-survey').length);";

in_each_engine!(a_page_with_two_of_its_own_pages_in_it_asks_once);

/// The page of the field.
async fn a_page_with_two_of_its_own_pages_in_it_asks_once(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let pages = PageServer::with_page(tagged(&site, FRAMES)).await;
    pages.put("/inner", tagged(&site, "<p>Inside."));
    let browser = Browser::open(engine, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    let states = "return Promise.all(Array.from({ length: frames.length }, (_, at) => frames[at]).map((it) => it.grapevine('why')));";
    assert_eq!(browser.run(states).await, json!(["frame", "frame"]));
    // The frames would have asked by now.
    browser.run("return new Promise((next) => setTimeout(next, 1500, null));").await;
    assert_eq!(browser.run(SURVEYS).await, json!([1, 0, 0]));
    assert_eq!(browser.run("return JSON.parse(localStorage.grapevine).views;").await, 1);
}

/// The frames are there long before the page has its tag, which stands behind a slow script.
#[tokio::test]
async fn frames_wait_for_a_page_that_is_still_loading() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let outer = format!("{FRAMES}<script src='/slow.js'></script>");
    let pages = PageServer::with_page(untagged(&format!(
        "{outer}<script async src='{}' data-delay=1 data-view=1 data-lang=en></script>",
        site.loader_url()
    )))
    .await;
    let slow = ServedPage::new("text/javascript", "window.slow = true;").after(Duration::from_millis(2_500));
    pages.put("/slow.js", slow);
    pages.put("/inner", tagged(&site, "<p>Inside."));
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    assert_eq!(browser.run("return [window.slow, frames[0].grapevine.loaded];").await, json!([true, 1]));
    assert_eq!(browser.run(SURVEYS).await, json!([1, 0, 0]));
    assert_eq!(browser.run("return JSON.parse(localStorage.grapevine).views;").await, 1);
}

/// Two page views are needed, and this is the first, with two frames and as the only frame.
#[tokio::test]
async fn a_page_with_frames_is_one_page_view() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let tag = format!("<script async src='{}' data-delay=0 data-view=2></script>", site.loader_url());
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let one_frame = "<iframe src='/inner'></iframe>";
    for (outer, asking) in [(tag.clone() + FRAMES, "window"), (one_frame.to_owned(), "frames[0]")] {
        let pages = PageServer::with_page(untagged(&outer)).await;
        pages.put("/inner", untagged(&tag));
        browser.goto(&pages.url("/")).await;
        browser.until(&format!("{asking}.grapevine?.loaded && {asking}.localStorage.grapevine")).await;
        assert_eq!(browser.run(&format!("return {asking}.grapevine('why');")).await, "view", "{asking}");
    }
}

#[tokio::test]
async fn of_two_frames_of_a_page_without_the_tag_one_asks() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let pages = PageServer::with_page(untagged(FRAMES)).await;
    pages.put("/inner", tagged(&site, "<p>Inside."));
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    let shown = format!("return (() => {{ {SURVEYS} }})().reduce((sum, count) => sum + count);");
    tests::until("a survey", async || (browser.run(&shown).await == 1).then_some(())).await;
    browser.run("return new Promise((next) => setTimeout(next, 1500, null));").await;
    assert_eq!(browser.run(&shown).await, 1);
}

#[tokio::test]
async fn the_outer_page_may_load_it_later_and_be_of_another_origin_in_between() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let pages = PageServer::start().await;
    let foreign =
        PageServer::with_page(untagged(&format!("<iframe src='{}'></iframe>", pages.url("/inner")))).await;
    pages.put("/inner", tagged(&site, "<p>Inside."));
    let later = format!(
        "<iframe src='{}'></iframe><script>window.bring = () => {{ const tag = document.createElement('script');
        tag.src = '{}'; tag.dataset.delay = 3600; tag.dataset.view = 1; document.head.append(tag); }};</script>",
        foreign.url("/"),
        site.loader_url()
    );
    pages.put("/", untagged(&later));
    browser.goto(&pages.url("/")).await;
    let inner = async |script: &str| -> Value {
        browser.frame("iframe").await;
        browser.frame("iframe").await;
        let result = browser.run(script).await;
        browser.parent_frame().await;
        browser.parent_frame().await;
        result
    };
    let why = "return window.grapevine?.loaded ? grapevine('why') : null;";
    tests::until("it is due", async || (inner(why).await == "due").then_some(())).await;
    browser.run("bring();").await;
    until_why(&browser, "due").await;
    assert_eq!(inner(why).await, "frame");
    // A page may call its own things as it likes.
    assert_eq!(inner("window.parent = document.body; return grapevine('why');").await, "due");
}

#[tokio::test]
async fn a_frame_may_show_it_by_hand() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let pages = PageServer::with_page(tagged(&site, "<iframe src='/inner'></iframe>")).await;
    pages.put("/inner", tagged(&site, "<p>Inside."));
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    browser.until("frames[0].grapevine?.loaded && grapevine.loaded").await;
    assert_eq!(browser.run("return frames[0].grapevine('show');").await, "open");
}

in_each_engine!(a_frame_out_of_sight_asks_once_it_is_seen, a_frame_of_another_origin_asks_once_it_is_seen);

/// Ways in which a frame is out of sight, each with the script that brings it into view.
const OUT_OF_SIGHT: [(&str, &str); 4] = [
    ("display:none", "it.style.display = 'block';"),
    ("width:0;height:0", "it.style.width = '600px'; it.style.height = '500px';"),
    ("display:block;margin-top:4000px;width:600px;height:500px", "it.scrollIntoView();"),
    // The card is at its lower edge.
    ("display:block;width:600px;height:4000px", "scrollTo(0, document.documentElement.scrollHeight);"),
];
/// Ways that only a page of the same origin can know.
const NOT_PAINTED: [(&str, &str); 2] = [
    ("visibility:hidden;width:600px;height:500px", "it.style.visibility = 'visible';"),
    ("opacity:0;width:600px;height:500px", "it.style.opacity = 1;"),
];

async fn a_frame_out_of_sight_asks_once_it_is_seen(engine: Engine) {
    let collector = Collector::shared();
    let browser = Browser::open(engine, Window::DESKTOP).await;
    for (style, show) in OUT_OF_SIGHT.into_iter().chain(NOT_PAINTED) {
        let site = collector.site().await;
        let pages =
            PageServer::with_page(untagged(&format!("<iframe id=it src='/inner' style='{style}'></iframe>")))
                .await;
        pages.put("/inner", tagged(&site, "<p>Inside."));
        browser.goto(&pages.url("/")).await;
        until("the reason", async || {
            let why = browser.run("return frames[0].grapevine?.('why');").await;
            (why == "background").then_some(())
        })
        .await;
        browser.run("return new Promise((next) => setTimeout(next, 1200, null));").await;
        assert_eq!(browser.run(SURVEYS).await, json!([0, 0]), "{style}");
        assert_eq!(site.score("").await["shown"], 0, "{style}");
        browser.run(show).await;
        until("the survey", async || (browser.run(SURVEYS).await == json!([0, 1])).then_some(())).await;
        assert_eq!(browser.run("return frames[0].grapevine('why');").await, "open");
    }
}

/// Someone drags the edge of the window meanwhile.
#[tokio::test]
async fn a_hidden_frame_that_changes_its_size_is_looked_at_once_a_second() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let looks = "<script>window.looks = 0; const look = Element.prototype.checkVisibility;
        Element.prototype.checkVisibility = function (...options) { looks++; return look.apply(this, options); };
        </script><iframe id=it src='/inner' style='opacity:0;width:600px;height:500px'></iframe>";
    let pages = PageServer::with_page(untagged(looks)).await;
    pages.put("/inner", tagged(&site, "<p>Inside."));
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    browser.until("looks > 0").await;
    let drag = "return (async () => {
        for (let nth = 0; nth < 20; nth++) {
            it.style.width = 600 + nth + 'px';
            await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
        }
        looks = 0;
        await new Promise((next) => setTimeout(next, 3000));
        return looks;
    })();";
    let looks = browser.run(drag).await.as_u64();
    assert!((2..=4).contains(&looks.unwrap()), "{looks:?} looks in three seconds");
    browser.run("it.style.opacity = 1;").await;
    until("the survey", async || (browser.run(SURVEYS).await == json!([0, 1])).then_some(())).await;
}

async fn a_frame_of_another_origin_asks_once_it_is_seen(engine: Engine) {
    let collector = Collector::shared();
    let browser = Browser::open(engine, Window::DESKTOP).await;
    for (style, show) in OUT_OF_SIGHT {
        let site = collector.site().await;
        let tell =
            "<script>addEventListener('grapevine:shown', () => parent.postMessage('shown', '*'));</script>";
        let inside = PageServer::with_page(tagged(&site, tell)).await;
        let outer = PageServer::with_page(untagged(&format!(
            "<script>addEventListener('message', ({{ data }}) => (window.heard = data));</script>
            <iframe id=it src='{}' style='{style}'></iframe>",
            inside.url("/")
        )))
        .await;
        browser.goto(&outer.url("/")).await;
        // Until the texts of the survey have come, and a while after.
        browser.run("return new Promise((next) => setTimeout(next, 3000, null));").await;
        assert_eq!(browser.run("return window.heard ?? null;").await, Value::Null, "{style}");
        browser.run(show).await;
        browser.until("window.heard == 'shown'").await;
    }
}

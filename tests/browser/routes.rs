//! An application of one page, whose routes change without loading: each new path is a page view,
//! with the rules of its path.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, ServedPage, Site, Window, in_each_engine};

use tests::fixture_clock_page::{no_errors, shop, stored, tagged, why};

/// Creates a site whose survey shows in the shop only.
async fn site(collector: &Collector, delay: u32, first_view: u32) -> Site {
    let survey = json!({
        "delay_seconds": delay, "recontact": { "first_view": first_view, "ignored_times": 10, "per_year": 12 },
        "pages": { "include": ["/shop/**"] },
    });
    collector.create_site(json!({ "name": "Tea shop", "survey": survey })).await
}

/// Changes the path without loading and returns the status there.
async fn go(browser: &Browser, path: &str) -> Value {
    browser.run(&format!("history.pushState(null, '', {}); return grapevine('why');", json!(path))).await
}

#[tokio::test]
async fn a_new_path_is_a_page_view() {
    let collector = Collector::shared();
    let site = site(&collector, 3600, 4).await;
    let pages = shop(&site, "").await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/shop/a")).await;
    let views = async || stored(&browser).await["grapevine"]["views"].clone();
    assert_eq!((why(&browser).await, views().await), (json!("view"), json!(1)));
    // The same path is no page view, whatever else the URL contains and however the page sets it.
    for same in ["/shop/a", "?sort=price", "#details", "/shop/a?x#y"] {
        assert_eq!((go(&browser, same).await, views().await), (json!("view"), json!(1)), "{same}");
    }
    browser.run("history.replaceState(null, '', '/shop/a?z');").await;
    assert_eq!(views().await, 1);
    assert_eq!((go(&browser, "/shop/b").await, views().await), (json!("view"), json!(2)));
    browser.run("history.replaceState(null, '', '/shop/c');").await;
    assert_eq!((why(&browser).await, views().await), (json!("view"), json!(3)));
    // Back is one as well.
    browser.run("return new Promise((done) => { addEventListener('popstate', () => done(null), { once: true }); history.back(); });").await;
    assert_eq!((why(&browser).await, views().await), (json!("due"), json!(4)));
    no_errors(&browser).await;
}

#[tokio::test]
async fn the_survey_appears_and_disappears_with_the_page_rules() {
    let collector = Collector::shared();
    let site = site(&collector, 0, 1).await;
    let pages = shop(&site, "").await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    assert_eq!(why(&browser).await, "page");
    // Armed where the rules match, and gone where they do not.
    assert_eq!(go(&browser, "/shop/a").await, "due");
    browser.until_shown().await;
    assert_eq!(go(&browser, "/shop/b").await, "open", "it stays where they match");
    assert_eq!(go(&browser, "/about").await, "page");
    browser.until("!survey").await;
    // Back and forth.
    browser.run("history.back();").await;
    browser.until_shown().await;
    browser.run("history.forward();").await;
    browser.until("!survey").await;
    assert_eq!(why(&browser).await, "page");
    browser.run("history.replaceState(null, '', '/shop/c');").await;
    browser.until_shown().await;
    // Gone before it has come.
    browser.goto(&pages.url("/")).await;
    let passing = "history.pushState(null, '', '/shop/a'); await 0; history.pushState(null, '', '/about');
        await new Promise((next) => setTimeout(next)); return coming();";
    assert_eq!(browser.run(&format!("return (async () => {{ {passing} }})();")).await, false);
    // A survey that the page opened by command is closed by the page only.
    assert_eq!(browser.run("return grapevine('show');").await, "open");
    assert_eq!(go(&browser, "/contact").await, "open");
    assert_eq!(browser.run("return grapevine('hide');").await, "hidden");
    no_errors(&browser).await;
}

#[tokio::test]
async fn a_survey_still_loading_does_not_open_on_an_excluded_page() {
    let collector = Collector::shared();
    let site = site(&collector, 3600, 1).await;
    let notes =
        "<script>window.shown = 0; document.addEventListener('grapevine:shown', () => shown++);</script>";
    let pages = PageServer::with_page(tagged(&site, notes, "data-delay=0", "")).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/about")).await;
    // The visitor moves on while the code of the survey is being requested; then all of it arrives.
    let leave = "return (async () => {
        history.pushState(null, '', '/shop/a');
        while (!coming()) await new Promise((next) => setTimeout(next));
        history.pushState(null, '', '/about');
        while (performance.getEntriesByType('resource').filter((entry) => entry.name.includes('/a/')).length < 3)
            await new Promise((next) => setTimeout(next, 10));
        await new Promise((next) => requestIdleCallback(next));
        return [shown, document.querySelectorAll('grapevine-survey').length, await grapevine('why')];
    })();";
    assert_eq!(browser.run(leave).await, json!([0, 0, "page"]));
    no_errors(&browser).await;
}

#[tokio::test]
async fn the_history_api_of_the_page_is_unchanged() {
    let collector = Collector::shared();
    let site = site(&collector, 3600, 1).await;
    // A router that was there first has put its own in place of the browser's.
    let router = "<script>
        window.calls = [];
        for (const name of ['pushState', 'replaceState']) {
            const own = history[name];
            history[name] = function (...given) { calls.push([name, this === history, given]); return own.apply(this, given); };
        }</script>";
    let pages = PageServer::with_page(tagged(&site, router, "", "")).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    let pushed = browser
        .run("const answer = history.pushState({ at: 1 }, 'title', '/shop/a?b#c');
            return [answer ?? null, history.state, location.pathname + location.search + location.hash, history.length];")
        .await;
    assert_eq!(pushed, json!([null, { "at": 1 }, "/shop/a?b#c", pushed[3]]));
    browser.run("history.replaceState({ at: 2 }, '');").await;
    assert_eq!(browser.run("return [history.state, history.length];").await, json!([{ "at": 2 }, pushed[3]]));
    let calls = json!([
        ["pushState", true, [{ "at": 1 }, "title", "/shop/a?b#c"]],
        ["replaceState", true, [{ "at": 2 }, ""]],
    ]);
    assert_eq!(browser.run("return calls;").await, calls);
    // What the browser refuses is refused, in its own words.
    let refused = "try { history.pushState(null, '', 'https://elsewhere.example/'); } catch (error) { return error.name; }";
    assert_eq!(browser.run(refused).await, "SecurityError");
    no_errors(&browser).await;
}

in_each_engine!(a_route_behind_the_hash_is_a_page_view_and_an_anchor_is_none);

/// The page of the field.
async fn a_route_behind_the_hash_is_a_page_view_and_an_anchor_is_none(engine: Engine) {
    let collector = Collector::shared();
    let site =
        collector.create_site(json!({ "name": "Tea shop", "survey": { "delay_seconds": 3600 } })).await;
    let html = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>A router behind the hash</title>
        <script async src='{}'></script><a href='#/'>home</a> <a href='#/products'>products</a>
        <a href='#section'>a section</a> <a href='#/products?sort=price'>by price</a>
        <a href='#!/account'>account</a><p id=section>A section.",
        site.loader_url()
    );
    let pages = PageServer::with_page(ServedPage::html(html)).await;
    let browser = Browser::open(engine, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    browser.until("window.grapevine?.loaded").await;
    let views = async || browser.run("return JSON.parse(localStorage.grapevine).views;").await;
    assert_eq!(views().await, 1);
    for (link, route, expected) in [
        ("#section", "#section", "view"),
        ("#/products", "#/products", "due"),
        ("#/products?sort=price", "#/products?sort=price", "due"),
    ] {
        browser.click_page(&format!("a[href='{link}']")).await;
        browser.until(&format!("location.hash == '{route}'")).await;
        browser.run("return new Promise((next) => setTimeout(next, 100, null));").await;
        assert_eq!(why(&browser).await, expected, "{link}");
    }
    // A page view ends what the page has called off on the one before; an anchor is none.
    for (link, expected) in
        [("#section", "hidden"), ("#!/account", "due"), ("#section", "due"), ("#/", "due")]
    {
        if link == "#section" && expected == "hidden" {
            browser.run("return grapevine('hide');").await;
            browser.run("location.hash = '#/products?sort=name'; return null;").await;
        } else {
            browser.click_page(&format!("a[href='{link}']")).await;
        }
        browser.run("return new Promise((next) => setTimeout(next, 100, null));").await;
        assert_eq!(why(&browser).await, expected, "{link}");
    }
    browser
        .run("history.pushState(null, '', '#/pushed'); history.replaceState(null, '', '#/replaced');")
        .await;
    assert_eq!(why(&browser).await, "due");
}

#[tokio::test]
async fn a_router_of_the_navigation_api_is_followed() {
    let collector = Collector::shared();
    let site = site(&collector, 0, 1).await;
    let pages = shop(&site, "").await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/about")).await;
    assert_eq!(why(&browser).await, "page");
    browser
        .run("navigation.addEventListener('navigate', (event) => event.intercept({ handler() {} }));")
        .await;
    let go = async |path: &str| {
        let finished = format!("return navigation.navigate({}).finished.then(() => null);", json!(path));
        browser.run(&finished).await;
    };
    go("/shop/a").await;
    browser.until_shown().await;
    go("/about").await;
    browser.until("!survey").await;
    assert_eq!(why(&browser).await, "page");
    no_errors(&browser).await;
}

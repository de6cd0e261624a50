//! Assumptions of the other tests about each engine: input is real, and a window has the requested
//! size.

use serde_json::{Value, json};
use tests::{Browser, Engine, PageServer, ServedPage, Window, in_each_engine, key};

in_each_engine!(
    a_window_has_the_requested_size_and_preferences,
    tabs_share_the_storage_of_an_origin,
    frames_servers_axe_and_input_work_in_one_browser,
);

/// All in one browser, for a start of one takes longer than each of these.
async fn frames_servers_axe_and_input_work_in_one_browser(engine: Engine) {
    let browser = Browser::open(engine, Window::PHONE).await;
    commands_can_enter_and_leave_a_frame(&browser).await;
    page_servers_record_requests(&browser).await;
    axe_finds_violations_in_pages_and_shadow_roots(&browser).await;
    keys_and_clicks_are_trusted_events(browser).await;
}

async fn a_window_has_the_requested_size_and_preferences(engine: Engine) {
    let look = "return [innerWidth, innerHeight, matchMedia('(prefers-color-scheme: dark)').matches,
        matchMedia('(prefers-reduced-motion: reduce)').matches, navigator.language, navigator.languages[0]];";
    let page =
        "<!doctype html><html lang=en><meta name=viewport content='width=device-width'><title>A page</title>";
    let pages = PageServer::with_page(ServedPage::html(page)).await;
    for (window, seen) in [
        (Window::DESKTOP, json!([1280, 800, false, false, "en", "en"])),
        (Window::PHONE.dark().still().language("pt-BR"), json!([320, 640, true, true, "pt-BR", "pt-BR"])),
    ] {
        let browser = Browser::open(engine, window).await;
        browser.goto(&pages.url("/")).await;
        assert_eq!(browser.run(look).await, seen);
        browser.new_tab().await;
        browser.goto(&pages.url("/again")).await;
        assert_eq!(browser.run(look).await, seen, "in another tab");
    }
    let accept_language = &pages.calls()[2].headers["accept-language"];
    assert!(
        accept_language.starts_with("pt-BR") || accept_language.starts_with("pt-br"),
        "{accept_language}"
    );
}

async fn keys_and_clicks_are_trusted_events(browser: Browser) {
    let page = "<!doctype html><html lang=en><title>A page</title>
        <script>
            window.events = [];
            for (const name of ['click', 'keydown'])
                addEventListener(name, (e) => events.push([e.type, e.isTrusted, e.target.id, e.key ?? '', e.key == 'Tab' && e.shiftKey]));
        </script>
        <style>@keyframes come { from { translate: 300px 0; } } #moves { animation: come .4s; }</style>
        <p style='height: 3000px'>A long way down</p>
        <button id=moves>One</button> <input id=text> <button id=under style='position: relative'>Two
        <span style='position: absolute; inset: 0'></span></button>
        <div style='position: relative'><button id=covered>Three</button><div style='position: absolute; inset: 0'></div></div>";
    let pages = PageServer::with_page(ServedPage::html(page)).await;
    browser.goto(&pages.url("/")).await;
    browser.click_page("#moves").await;
    browser.click_page("#under").await;
    browser.click_page("#text").await;
    browser.press("aB é".chars()).await;
    browser.chord([key::SHIFT, key::TAB]).await;
    browser.press([key::ENTER, key::SPACE]).await;
    let events = browser.run("return window.events;").await;
    let click = |id| json!(["click", true, id, "", false]);
    let keydown = |id, name, shift| json!(["keydown", true, id, name, shift]);
    let expected = [
        click("moves"),
        click(""),
        click("text"),
        keydown("text", "a", false),
        keydown("text", "B", false),
        keydown("text", " ", false),
        keydown("text", "é", false),
        keydown("text", "Shift", false),
        // With Shift it is another key to GTK, and WebKit does not know that one by name.
        if browser.engine() == Engine::Webkit {
            keydown("text", "Unidentified", false)
        } else {
            keydown("text", "Tab", true)
        },
        keydown("moves", "Enter", false),
        click("moves"),
        keydown("moves", " ", false),
        click("moves"),
    ];
    assert_eq!(events, json!(expected), "{events:#}");
    assert_eq!(browser.run("return document.querySelector('#text').value;").await, "aB é");
    assert_eq!(browser.run("return document.hasFocus();").await, true);
    // A covered element cannot be clicked, and the test fails with the covering element.
    let out_of_reach = tokio::spawn(async move { browser.click_page("#covered").await }).await.unwrap_err();
    let events = out_of_reach.into_panic().downcast::<String>().unwrap();
    assert!(events.contains("something covers document.querySelector(\"#covered\"): <div"), "{events}");
}

async fn tabs_share_the_storage_of_an_origin(engine: Engine) {
    let pages =
        PageServer::with_page(ServedPage::html("<!doctype html><html lang=en><title>A page</title>")).await;
    let browser = Browser::open(engine, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    let first = browser.tab().await;
    browser.run("localStorage.setItem('tea', 'green');").await;
    let second = browser.new_tab().await;
    browser.goto(&pages.url("/second")).await;
    assert_eq!(browser.tab().await, second);
    assert_eq!(browser.run("return localStorage.getItem('tea');").await, "green");
    browser.close_tab().await;
    browser.switch(&first).await;
    assert_eq!(browser.run("return location.pathname;").await, "/");
    // Another browser has its own profile.
    drop(browser);
    let browser = Browser::open(engine, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    assert_eq!(browser.run("return localStorage.getItem('tea');").await, Value::Null);
}

async fn commands_can_enter_and_leave_a_frame(browser: &Browser) {
    let other = PageServer::with_page(ServedPage::html(
        "<!doctype html><html lang=en><title>Inside</title><button onclick='window.pressed = event.isTrusted'>Press</button>",
    ))
    .await;
    let page = format!(
        "<!doctype html><html lang=en><title>Outside</title><p>Some text</p><iframe title=Inside src='{}'></iframe>",
        other.url("/")
    );
    let pages = PageServer::with_page(ServedPage::html(page)).await;
    browser.goto(&pages.url("/")).await;
    browser.frame("iframe").await;
    browser.until("document.querySelector('button')").await;
    browser.click_page("button").await;
    assert_eq!(browser.run("return window.pressed;").await, true);
    browser.parent_frame().await;
    assert_eq!(browser.run("return document.title;").await, "Outside");
}

async fn page_servers_record_requests(browser: &Browser) {
    let pages = PageServer::start().await;
    let page = "<!doctype html><html lang=en><title>A page</title><script src=/own.js></script><script>window.inline = 1;</script>";
    let strict =
        ServedPage::html(page).with("content-security-policy", "script-src 'self'; connect-src 'self'");
    pages.put("/", strict);
    pages.put("/own.js", ServedPage::new("text/javascript", "window.own = 1;"));
    browser.goto(&pages.url("/?a=1")).await;
    // The policy holds for the page, and not for what a test runs in it.
    assert_eq!(browser.run("return [window.own, window.inline];").await, json!([1, null]));
    let sent =
        "return fetch('/kept', { method: 'POST', body: 'Two words' }).then((answer) => answer.text());";
    assert!(browser.run(sent).await.as_str().is_some_and(|text| text.contains("Nothing here")));
    assert_eq!(browser.requests(&pages.origin()).await, ["/own.js", "/kept"]);
    let calls = pages.calls();
    let received: Vec<_> = calls.iter().map(|call| (&*call.method, &*call.path, &*call.body)).collect();
    assert_eq!(received, [("GET", "/?a=1", ""), ("GET", "/own.js", ""), ("POST", "/kept", "Two words")]);
    assert_eq!(calls[2].headers["origin"], pages.origin());
}

#[tokio::test]
async fn chromium_can_go_offline() {
    let pages =
        PageServer::with_page(ServedPage::html("<!doctype html><html lang=en><title>A page</title>")).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    let ask = "return fetch('/').then((answer) => answer.status, () => 'none');";
    browser.offline(true).await;
    assert_eq!(browser.run(ask).await, "none");
    browser.offline(false).await;
    assert_eq!(browser.run(ask).await, 200);
    let version = browser.cdp("Browser.getVersion", json!({})).await;
    assert!(version["product"].as_str().is_some_and(|name| name.contains("Chrome")), "{version}");
}

async fn axe_finds_violations_in_pages_and_shadow_roots(browser: &Browser) {
    let page = |text: &str, inside: &str| {
        ServedPage::html(format!(
            "<!doctype html><html lang=en><title>A page</title><main><h1>A page</h1>{text}<div id=host></div></main>
             <script nonce=own>host.attachShadow({{ mode: 'open' }}).innerHTML = `{inside}`;</script>"
        ))
    };
    let pages = PageServer::start().await;
    pages.put("/good", page("<p>Some text</p>", "<label>Name <input></label>"));
    // This policy allows no foreign script.
    let strict = "script-src 'nonce-own'; default-src 'none'; style-src 'unsafe-inline'; img-src data:";
    let bad = page("<img src='data:,'>", "<p style='color: #999; background: #aaa'>Pale</p><input>");
    pages.put("/bad", bad.with("content-security-policy", strict));
    browser.goto(&pages.url("/good")).await;
    assert_eq!(browser.axe().await, []);
    browser.goto(&pages.url("/bad")).await;
    let found = browser.axe().await;
    let rules: Vec<&str> = found.iter().map(|violation| &*violation.rule).collect();
    assert_eq!(rules, ["color-contrast", "image-alt", "label"], "{found:#?}");
    assert!(found[2].to_string().contains("<input>"), "{}", found[2]);
}

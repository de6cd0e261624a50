//! Page with the tag and a clock that the test sets.
//!
//! For tests of eligibility, which mostly call `grapevine('why')`. The clock stands at noon of the
//! day before the tests began, so that midnight does not change a result. It is so far from the
//! collector's clock that every response has the time of its arrival: around noon of the same day,
//! the times in the ids would order them, and each page begins at the same time. `?ahead=DAYS` in
//! the URL moves it.

use std::fmt::Display;
use std::sync::LazyLock;

use crate::{Browser, DAY_MS, PageServer, ServedPage, Site, now_ms};
use serde_json::{Value, json};

/// Time of the clock, in Unix milliseconds.
static NOON_MS: LazyLock<u64> = LazyLock::new(|| now_ms() / DAY_MS * DAY_MS - DAY_MS / 2);

/// Returns the script in front of the tag. It sets the clock, and records errors (`errors`) and
/// fetched URLs (`fetched`). `coming()` returns whether the survey itself was fetched.
fn before() -> String {
    let noon = *NOON_MS;
    format!(
        "<script>
        window.ahead = +new URLSearchParams(location.search).get('ahead');
        Date.now = () => Math.floor({noon} + ahead * {DAY_MS} + performance.now());
        window.errors = [];
        addEventListener('error', (e) => errors.push(String(e.message)));
        addEventListener('unhandledrejection', (e) => errors.push(String(e.reason)));
        window.fetched = [];
        window.coming = () => fetched.some((url) => new URL(url).pathname.startsWith('/a/'));
        window.fetch = new Proxy(fetch, {{ apply(own, at, given) {{ fetched.push(String(given[0])); return own.apply(at, given); }} }});
        </script>"
    )
}

/// The stub of README.md, which queues calls until the script has loaded.
pub const STUB: &str = "<script>typeof grapevine == 'function' || (window.grapevine = function () { (grapevine.q = grapevine.q || []).push(arguments) })</script>";

/// Returns a page with a script before the tag, attributes of the tag, and content.
pub fn tagged(site: &Site, own: &str, attributes: &str, content: &str) -> ServedPage {
    ServedPage::html(format!(
        "<!doctype html><html lang=en><meta name=viewport content='width=device-width'><title>A page</title>
         {}{own}<script async src='{}' {attributes}></script><main><h1>A page</h1>{content}</main>",
        before(),
        site.loader_url(),
    ))
}

/// Serves a page with the tag at every path of a new origin.
pub async fn shop(site: &Site, attributes: &str) -> PageServer {
    PageServer::with_page(tagged(site, "", attributes, "<p>Tea.</p>")).await
}

/// Visits the first page of an origin, that many days later.
pub async fn visit(browser: &Browser, pages: &PageServer, ahead: i32) {
    browser.goto(&pages.url(&format!("/?ahead={ahead}"))).await;
}

/// Returns the result of `grapevine('why')` for the current visitor.
pub async fn why(browser: &Browser) -> Value {
    browser.run("return grapevine('why');").await
}

/// Visits that many days later and asserts the status.
#[track_caller]
pub fn finds<'a>(
    browser: &'a Browser,
    pages: &'a PageServer,
    ahead: i32,
    expected: &'a str,
) -> impl Future<Output = ()> + 'a {
    let caller = std::panic::Location::caller();
    async move {
        visit(browser, pages, ahead).await;
        assert_eq!(why(browser).await, expected, "{caller}: after {ahead} days");
    }
}

/// Opens the survey by command and runs a script in it, where `survey` is its shadow root. Returns
/// the status afterwards.
pub async fn opened(browser: &Browser, script: impl Display) -> Value {
    let open = "const opened = await grapevine('show');
        if (opened != 'open') throw Error('it is ' + opened);
        const survey = document.querySelector('grapevine-survey').shadowRoot;";
    browser.run(&format!("return (async () => {{ {open}\n{script};\nreturn grapevine('why'); }})();")).await
}

/// Opens the survey by command and presses "Not now".
pub async fn dismiss(browser: &Browser) {
    assert_eq!(opened(browser, "survey.querySelector('[value=leave]').click()").await, "dismissed");
}

/// Opens the survey by command, chooses a score and closes it.
pub async fn answer(browser: &Browser, score: u8) {
    let script = format!(
        "survey.querySelector('[name=score][value=\"{score}\"]').click(); survey.querySelector('[value=leave]').click()"
    );
    assert_eq!(opened(browser, script).await, "answered");
}

/// Returns the content of the page's local storage.
pub async fn stored(browser: &Browser) -> Value {
    browser.run("return Object.fromEntries(Object.entries(localStorage).map(([key, text]) => [key, JSON.parse(text)]));").await
}

/// Asserts that the page has received no error.
#[track_caller]
pub fn no_errors(browser: &Browser) -> impl Future<Output = ()> + '_ {
    let caller = std::panic::Location::caller();
    async move { assert_eq!(browser.run("return errors;").await, json!([]), "{caller}") }
}

/// Waits until the status is `expected`. Fails if it stays another.
pub async fn until_why(browser: &Browser, expected: &str) {
    crate::until(&format!("why is {expected}"), async || (why(browser).await == expected).then_some(()))
        .await;
}

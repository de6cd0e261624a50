//! Focus in the page: the focused element is never wholly behind the survey (WCAG 2.2, 2.4.11).

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, ServedPage, Site, Window, key};

use tests::fixture_full_survey::{page, show};

/// Number of links, including the fixed one.
const LINKS: usize = 30;

/// A long page whose links stand at either side, some at the very end, and one that is fixed where
/// the card stands.
fn long_page(site: &Site, tag: &str) -> ServedPage {
    let link = |index: usize| {
        let side = ["start", "end", "center"][index % 3];
        let gap = if index > 24 { 0 } else { 5 };
        format!(
            "<p style='text-align:{side};margin:{gap}em 1em 0'><a href='#{index}'>Link number {index}</a></p>"
        )
    };
    let links: String = (1..LINKS).map(link).collect();
    let fixed = "<a href='#fixed' style='position:fixed;right:60px;bottom:60px;background:#fff'>Chat</a>";
    page(site, "lang=en", &format!("data-delay=3600 {tag}"), &format!("<h1>A long page</h1>{links}{fixed}"))
}

/// Script that returns the focused element of the page, and whether any part of it becomes visible
/// within half a second. Some browsers scroll a little later.
const SEEN: &str = include_str!("js/visible_focus.js");

/// Moves through the page with Tab from the first link, or with Shift and Tab from the last.
/// Returns the links that were covered.
async fn find_obscured_links(browser: &Browser, back: bool) -> Vec<Value> {
    let script = format!("return (async () => {{ {SEEN} }})();");
    let (mut covered, mut met) = (Vec::new(), 0);
    let first = if back { "#fixed" } else { "#1" };
    // A page that nothing was pressed in has no focus yet.
    browser.press([key::SHIFT]).await;
    browser.run(&format!("document.querySelector('[href=\"{first}\"]').focus(); return null;")).await;
    loop {
        let seen = browser.run(&script).await;
        if seen.is_null() || met == LINKS {
            break;
        }
        met += 1;
        if seen[1] == 0 {
            covered.push(seen);
        }
        if back {
            browser.chord([key::SHIFT, key::TAB]).await;
        } else {
            browser.press([key::TAB]).await;
        }
    }
    assert_eq!(met, LINKS, "not all links had focus");
    covered
}

async fn focus_is_not_obscured(engine: Engine) {
    let collector = Collector::shared();
    // PageServer know nothing of each other.
    let site = collector.create_site(json!({ "name": "Tea shop", "survey": { "storage": "none" } })).await;
    let pages = PageServer::start().await;
    pages.put("/card", long_page(&site, ""));
    pages.put("/card-at-the-top", long_page(&site, "data-corner=top-right"));
    pages.put("/bar", long_page(&site, "data-mode=bar"));
    let mut wrong = Vec::new();
    // On the phone the card is a sheet at the lower edge.
    for window in [Window::PHONE, Window::DESKTOP] {
        let browser = Browser::open(engine, window.still()).await;
        for path in ["/card", "/card-at-the-top", "/bar"] {
            browser.goto(&pages.url(path)).await;
            // The fixed one has focus already when the survey opens.
            browser.run("document.querySelector('[href=\"#fixed\"]').focus(); return null;").await;
            show(&browser, "{}").await;
            browser.until_shown().await;
            let seen = browser.run(&format!("return (async () => {{ {SEEN} }})();")).await;
            let name = format!("{path} at {}", window.width);
            if seen[1] == 0 {
                wrong.push(format!("{name}, when it opens: {seen}"));
            }
            wrong.extend(
                find_obscured_links(&browser, false).await.iter().map(|seen| format!("{name}: {seen}")),
            );
            if path == "/card" {
                wrong.extend(
                    find_obscured_links(&browser, true)
                        .await
                        .iter()
                        .map(|seen| format!("{name}, back: {seen}")),
                );
            }
            assert_eq!(browser.run("return errors;").await, json!([]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn focus_is_not_obscured_in_chromium() {
    focus_is_not_obscured(Engine::Chromium).await;
}

#[tokio::test]
async fn focus_is_not_obscured_in_webkit() {
    focus_is_not_obscured(Engine::Webkit).await;
}

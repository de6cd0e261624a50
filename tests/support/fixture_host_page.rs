//! Host pages: a browser that records everything a page can observe of the survey, and a visitor's
//! input.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::{Browser, Collector, Engine, PageServer, ServedPage, Site, Window};
use serde_json::{Value, json};
use tokio::task::LocalSet;

use crate::visitor::one_row_of;

/// Runs first in every page, under any policy. It records text, since a hostile page may break
/// arrays.
pub const LISTENER: &str = include_str!("js/host_page_listener.js");

/// Selectors of the elements whose styles are compared, one of each kind.
const KINDS: [&str; 9] = [
    "section",
    "legend",
    ".scale",
    ".choice",
    ".choice span",
    ".low",
    "textarea",
    "button.quiet",
    "button.send",
];

/// A collector, a site, and a browser that visits one host page after another.
pub struct Host {
    pub site: Site,
    pub browser: Browser,
    // Ends last.
    _collector: Collector,
}

impl Host {
    pub async fn start() -> Arc<Self> {
        let collector = Collector::shared();
        let site = collector.site().await;
        let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
        let host = Arc::new(Self { site, browser, _collector: collector });
        host.listen().await;
        host
    }

    /// Records the observations of the pages of this tab from now on.
    pub async fn listen(&self) {
        self.browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": LISTENER })).await;
    }

    /// Returns the tag with extra attributes, which override those that show the survey at once.
    pub fn tag(&self, attributes: &str) -> String {
        format!("<script {attributes} src='{}' data-view=1 data-delay=0></script>", self.site.loader_url())
    }

    /// Goes to a page at a new origin, which knows nothing of the visitor. Dropping the result ends
    /// the page and its origin.
    pub async fn visit(&self, path: &str, page: ServedPage) -> PageServer {
        let pages = PageServer::start().await;
        pages.put(path, page);
        // Browsers request it by themselves, and report in the console if it is missing.
        pages.put("/favicon.ico", ServedPage::new("image/x-icon", ""));
        self.browser.goto(&pages.url(path)).await;
        pages
    }

    /// Asserts that neither the page nor the console has received anything from the survey.
    pub async fn silence(&self, name: &str) {
        assert_eq!(self.browser.run("return window.noise;").await, "", "{name}: the page received something");
        assert_eq!(self.browser.console().await, [] as [String; 0], "{name}: the console has a message");
    }

    /// Returns the events on the document so far, such as `shown scored `.
    pub async fn events(&self) -> String {
        self.browser.run("return window.events;").await.as_str().unwrap_or_default().to_owned()
    }

    /// Answers with pointer and keys as a visitor does, and waits for the one row of that page.
    pub async fn answer(&self, path: &str, score: u8) {
        self.browser.until_shown().await;
        self.browser.click(&format!("input[value='{score}'] + span")).await;
        self.browser.until("survey.querySelector('#comment').checkVisibility()").await;
        self.browser.click("#comment").await;
        self.browser.press(format!("At {path}").chars()).await;
        self.browser.click("button.send").await;
        self.browser.until("survey.querySelector('#thanks').checkVisibility()").await;
        one_row_of(&self.site, path, score, Some(&format!("At {path}"))).await;
    }

    /// Answers by a script, for pages that break input.
    pub async fn answer_by_script(&self, path: &str, score: u8) {
        self.browser.until_shown().await;
        let answer = format!(
            "survey.querySelector(\"input[value='{score}']\").click();
            survey.querySelector('#comment').value = 'At {path}';
            survey.querySelector('button.send').click();"
        );
        self.browser.survey(&answer).await;
        self.browser.until("survey.querySelector('#thanks').checkVisibility()").await;
        one_row_of(&self.site, path, score, Some(&format!("At {path}"))).await;
    }
}

/// Runs each case separately, so that one failure does not hide the others.
pub async fn each<C, F: Future<Output = ()> + 'static>(
    host: &Arc<Host>,
    cases: impl IntoIterator<Item = (&'static str, C)>,
    case: impl Fn(Arc<Host>, &'static str, C) -> F,
) {
    let mut failed = Vec::new();
    for (name, given) in cases {
        let local = LocalSet::new();
        let tried = local.spawn_local(case(host.clone(), name, given));
        let tried = local.run_until(tried).await;
        if tried.is_err() {
            let observed = host.browser.run("return [window.noise, window.events];").await;
            eprintln!(
                "{name} failed; the page received {observed}, and the console has {:#?}",
                host.browser.console().await
            );
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "these failed: {failed:?}");
}

/// Returns a page with the tag and a script or style before it.
pub fn page(before: &str, tag: &str) -> ServedPage {
    ServedPage::html(format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content='width=device-width'><title>A page</title>{before}{tag}</head>
         <body><main><h1>A page</h1><p>Some text and <a id=link href='#'>a link</a></p><button id=own>A button</button></main></body></html>"
    ))
}

/// Returns every computed style of each kind of element in the survey, as `KIND PROPERTY` and its
/// value.
pub async fn computed_styles(browser: &Browser) -> BTreeMap<String, String> {
    browser.until_shown().await;
    // Everything is rendered, and nothing moves.
    browser
        .survey(
            "survey.querySelector('input[value=\"7\"]').click(); survey.activeElement?.blur();
            return new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(() => next(null))));",
        )
        .await;
    browser.until_still().await;
    let script = format!(
        "const all = {{}};
        for (const kind of {}) {{
            const style = getComputedStyle(survey.querySelector(kind));
            for (const name of style) all[kind + ' ' + name] = style.getPropertyValue(name);
        }}
        return all;",
        json!(KINDS)
    );
    let styles = browser.survey(&script).await;
    let styles = styles.as_object().expect("styles").iter();
    styles.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())).collect()
}

/// Asserts that the survey looks as it does on a plain page.
#[track_caller]
pub fn assert_same_styles(name: &str, right: &BTreeMap<String, String>, seen: &BTreeMap<String, String>) {
    assert!(seen.len() > 9 * 300, "{name}: only {} styles", seen.len());
    let different: Vec<String> = right
        .iter()
        .filter(|(at, value)| seen.get(*at) != Some(value))
        .map(|(at, value)| format!("{at}: {value} became {}", seen.get(at).map_or("nothing", String::as_str)))
        .take(30)
        .collect();
    assert!(different.is_empty(), "{name}: {different:#?}");
}

/// Returns the result of `grapevine(…)`: a state, or `rejected`.
pub async fn command(browser: &Browser, command: &str) -> Value {
    browser.run(&format!("return grapevine({}).catch(() => 'rejected');", json!(command))).await
}

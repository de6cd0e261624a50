//! The widget package in a page: loading, what hinders it, and the hook of React.

use std::fs;
use std::sync::OnceLock;

use serde_json::json;
use tests::{Browser, Collector, Engine, PageServer, ServedPage, Site, Window};

use crate::widget_package::{app, run_tool};

/// App of the tests. It is rendered as React does in development, where each effect runs twice.
const APP: &str = r#"
import { createElement, StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { load } from "@grapevine-nps/widget";
import { useGrapevine } from "@grapevine-nps/widget/react";

window.load = load;
window.result = (options) => load(options).then((grapevine) => typeof grapevine, (error) => error.message);
window.render = (options) => {
  function Feedback() {
    const [user, setUser] = useState(options.user);
    window.setUser = setUser;
    return createElement(Rating, { key: window.remounts ? user : "", user });
  }
  function Rating({ user }) {
    const { grapevine, error } = useGrapevine({ ...options, user });
    useEffect(() => {
      window.rendered = user;
    }, [user]);
    return createElement("button", { disabled: !grapevine, onClick: () => grapevine("show") }, error?.message ?? "Rate");
  }
  createRoot(document.body.appendChild(document.createElement("div")))
    .render(createElement(StrictMode, null, createElement(Feedback)));
};
"#;

/// Returns the app as one script, which the first call bundles.
fn script() -> &'static str {
    static SCRIPT: OnceLock<String> = OnceLock::new();
    SCRIPT.get_or_init(|| {
        let app = app();
        fs::write(app.path().join("app.js"), APP).unwrap();
        let options =
            ["app.js", "--bundle", "--define:process.env.NODE_ENV=\"development\"", "--outfile=out.js"];
        run_tool(app.path(), "esbuild", &options);
        fs::read_to_string(app.path().join("out.js")).unwrap()
    })
}

/// A collector, a site, and a browser on a page with the app.
struct App {
    pages: PageServer,
    browser: Browser,
    site: Site,
    collector: Collector,
}

impl App {
    /// Opens a page under a policy, where `HOST` stands for the collector.
    async fn open(engine: Engine, head: &str, policy: &str) -> Self {
        let collector = Collector::start();
        let site = collector.create_site(json!({
            "name": "App",
            "survey": { "trigger": { "kind": "event", "name": "paid" }, "recontact": { "first_view": 1 } },
        }));
        let site = site.await;
        let pages = PageServer::start().await;
        let head = head.replace("LOADER", &site.loader_url());
        let html = format!(
            "<!doctype html><meta charset=utf-8><title>App</title>{head}<body><script nonce=app src=/app.js></script>"
        );
        let mut page = ServedPage::html(html);
        if !policy.is_empty() {
            page = page.with("content-security-policy", &policy.replace("HOST", &collector.url()));
        }
        pages.put("/", page);
        pages.put("/app.js", ServedPage::new("text/javascript", script()));
        let browser = Browser::open(engine, Window::DESKTOP).await;
        browser.goto(&pages.url("/")).await;
        Self { pages, browser, site, collector }
    }

    /// Returns the options of the site as JavaScript, with others after them.
    fn options(&self, others: &str) -> String {
        format!("{{ host: {}, site: {}, {others} }}", json!(self.collector.url()), json!(self.site.id))
    }

    /// Calls `load` and returns `function`, or the message of the error.
    async fn result(&self, options: &str) -> String {
        let result = self.browser.run(&format!("return result({options});")).await;
        result.as_str().unwrap_or_default().to_owned()
    }

    async fn tags(&self) -> u64 {
        let script = "return document.querySelectorAll('script[src*=\"/e/\"]').length;";
        self.browser.run(script).await.as_u64().unwrap_or_default()
    }
}

tests::in_each_engine!(the_tag_is_added_once_and_the_commands_work);

async fn the_tag_is_added_once_and_the_commands_work(engine: Engine) {
    let app = App::open(engine, "", "").await;
    let options = app.options("delay: 3, lang: 'de', user: null, test: true, frame: false");
    let twice = format!(
        "return Promise.all([load({options}), load({options})])
            .then(([one, other]) => one == other && one == window.grapevine);"
    );
    assert_eq!(app.browser.run(&twice).await, true);
    assert_eq!(app.tags().await, 1);
    let attributes =
        "return Object.entries(document.querySelector('script[src*=\"/e/\"]').dataset).join(' ');";
    assert_eq!(app.browser.run(attributes).await, "delay,3 lang,de test,true");
    assert_eq!(app.browser.run(&format!("return load({options}).then((it) => it('show'));")).await, "open");
    app.browser.until_shown().await;
    assert_eq!(app.browser.survey("return survey.querySelector('[lang]').lang;").await, "de");
}

#[tokio::test]
async fn a_tag_of_the_page_is_not_added_again() {
    let app = App::open(Engine::Chromium, "<script async src='LOADER'></script>", "").await;
    assert_eq!(app.result(&app.options("")).await, "function");
    assert_eq!(app.tags().await, 1);
    let other = app.result("{ host: 'https://nps.example', site: 'other' }").await;
    assert!(other.contains("one survey a page"), "{other}");
    assert_eq!(app.result(&app.options("")).await, "function", "it still works");
}

#[tokio::test]
async fn what_hinders_the_script_is_named_and_the_next_call_tries_again() {
    let app = App::open(Engine::Chromium, "", "").await;
    let origin = app.pages.origin();
    let host = |host: &str| format!("{{ host: {}, site: {} }}", json!(host), json!(app.site.id));
    // A page of another server, as single-page apps give it for every path, and one that is
    // missing.
    app.pages.put(&format!("/spa/e/{}.js", app.site.id), ServedPage::html("<!doctype html>"));
    app.pages.put(&format!("/empty/e/{}.js", app.site.id), ServedPage::new("text/javascript", ""));
    for (options, expected) in [
        (host(&format!("{origin}/spa")), "is no survey. Is `host` the URL of your collector?"),
        (host(&format!("{origin}/empty/")), "is no survey. Is `host` the URL of your collector?"),
        (host(&format!("{origin}/missing")), "was not loaded. Check in the network tab"),
        (host("http://127.0.0.1:1"), "an ad blocker has stopped it"),
        (host("ftp://nps.example"), "`host` is \"ftp://nps.example\". Use the URL of your collector"),
        ("{ host: undefined, site: 'abc' }".to_owned(), "`host` is undefined"),
        ("{ host: 'https://nps.example', site: 'a/b' }".to_owned(), "`site` is \"a/b\". Use the id"),
        ("{ host: 'https://nps.example' }".to_owned(), "`site` is undefined"),
    ] {
        let message = app.result(&options).await;
        assert!(message.contains(expected), "{options}: {message}");
        assert_eq!(app.tags().await, 0, "{options}");
    }
    assert_eq!(app.result(&app.options("")).await, "function");
}

#[tokio::test]
async fn a_policy_that_forbids_the_script_is_named_with_the_directive() {
    let forbidden = App::open(Engine::Chromium, "", "script-src 'nonce-app'").await;
    let message = forbidden.result(&forbidden.options("")).await;
    let expected = format!("add {} to script-src, or pass a nonce", forbidden.collector.url());
    assert!(message.contains("Content Security Policy") && message.contains(&expected), "{message}");
    drop(forbidden);

    let policy = "script-src 'nonce-app' 'wasm-unsafe-eval'; connect-src HOST";
    let allowed = App::open(Engine::Chromium, "", policy).await;
    assert_eq!(allowed.result(&allowed.options("nonce: 'app'")).await, "function");
}

#[tokio::test]
async fn the_hook_of_react_shows_the_survey_and_identifies_a_new_user() {
    let app = App::open(Engine::Chromium, "", "").await;
    app.browser.run(&format!("render({}); return null;", app.options("user: 'ann'"))).await;
    app.browser.until("document.querySelector('button')?.disabled == false").await;
    assert_eq!(app.tags().await, 1);
    // The loader asks the collector about the user at the trigger.
    app.browser.run("setUser('bob'); return null;").await;
    app.browser.until("window.rendered == 'bob'").await;
    app.browser.run("return grapevine('event', 'paid');").await;
    app.browser.until_shown().await;
    let asked = app.browser.requests(&app.collector.url()).await;
    let due: Vec<&String> = asked.iter().filter(|path| path.contains("/due?")).collect();
    assert!(due.len() == 1 && due[0].contains("user=bob"), "{due:?}");

    app.browser.run("grapevine('hide'); return null;").await;
    app.browser.until("!survey").await;
    app.browser.click_page("button").await;
    app.browser.until_shown().await;
}

impl App {
    /// Renders the hook with a user, then with another, and returns the user for whom the survey
    /// opens.
    async fn user_of_the_survey(&self, first: &str, next: &str) -> String {
        self.browser.run(&format!("render({}); return null;", self.options(&format!("user: {first}")))).await;
        self.browser.until("document.querySelector('button')?.disabled == false").await;
        self.browser.run(&format!("setUser({next}); return null;")).await;
        self.browser.until(&format!("window.rendered === {next}")).await;
        self.browser.until("document.querySelector('button')?.disabled == false").await;
        self.browser.run("return grapevine('event', 'paid');").await;
        self.browser.until_shown().await;
        let asked = self.browser.requests(&self.collector.url()).await;
        let due: Vec<&str> =
            asked.iter().filter_map(|path| path.split_once("/due?")).map(|it| it.1).collect();
        due.join(" ")
    }
}

#[tokio::test]
async fn a_component_that_mounts_again_identifies_its_user() {
    for (next, expected) in [("'bob'", "user=bob"), ("undefined", "")] {
        let app = App::open(Engine::Chromium, "", "").await;
        app.browser.run("window.remounts = true; return null;").await;
        let asked = app.user_of_the_survey("'ann'", next).await;
        assert_eq!(asked.split('&').next().unwrap_or_default(), expected, "{next}: {asked}");
    }
}

#[tokio::test]
async fn the_hook_identifies_its_user_where_the_page_has_the_tag() {
    let head = "<script async src='LOADER' data-user='eve'></script>";
    for (user, expected) in [("'ann'", "user=ann"), ("null", ""), ("undefined", "user=eve")] {
        let app = App::open(Engine::Chromium, head, "").await;
        let asked = app.user_of_the_survey(user, user).await;
        assert_eq!(asked.split('&').next().unwrap_or_default(), expected, "{user}: {asked}");
    }
}

#[tokio::test]
async fn the_hook_reports_what_hinders_the_script() {
    let app = App::open(Engine::Chromium, "", "").await;
    app.browser.run("render({ host: 'http://127.0.0.1:1', site: 'abc' }); return null;").await;
    app.browser.until("document.querySelector('button')?.textContent.includes('was not loaded')").await;
    assert_eq!(app.browser.run("return document.querySelector('button').disabled;").await, true);
}

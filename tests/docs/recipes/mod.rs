//! The recipes: each is built from its code on the page, and visited in a browser.

mod bundled;
mod next;
mod shopify;
mod tag_manager;
mod turbo;
mod wordpress;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use tests::visitor::{choose, one_row, send, thanked};
use tests::{Browser, Collector, Engine, PageServer, ServedPage, Site, Window};

use crate::document::{Document, filled};

/// A collector, and a site that asks at once, on the second page view.
struct Shop {
    site: Site,
    collector: Collector,
}

impl Shop {
    async fn open() -> Self {
        let collector = Collector::start();
        let survey = json!({ "delay_seconds": 0 });
        let site = collector.create_site(json!({ "name": "Tea shop", "survey": survey })).await;
        Self { site, collector }
    }

    /// Returns the first code of a recipe in a language, for this collector and site.
    fn recipe(&self, heading: &str, language: &str) -> String {
        filled(Document::open("recipes.md").code(heading, language)[0], &self.collector, &self.site)
    }

    /// Opens the first page, which must not ask yet, and asserts that the tag has its attribute.
    async fn first_view(&self, pages: &PageServer) -> Browser {
        let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
        browser.goto(&pages.url("/")).await;
        browser.until("window.grapevine?.loaded").await;
        assert_eq!(browser.run("return grapevine('why');").await, "view");
        assert_eq!(self.tags(&browser).await, json!(["bottom-left"]));
        browser
    }

    /// Returns the corner in each tag of the page.
    async fn tags(&self, browser: &Browser) -> serde_json::Value {
        let tags =
            format!("[...document.scripts].filter((it) => it.src == {})", json!(self.site.loader_url()));
        browser.run(&format!("return {tags}.map((it) => it.dataset.corner ?? null);")).await
    }

    /// Answers the survey of the second page view, and asserts that the response is stored once.
    async fn answer(&self, browser: &Browser) {
        browser.until_shown().await;
        choose(browser, 9).await;
        send(browser, "Good tea").await;
        thanked(browser).await;
        let row = one_row(&self.site, 9, Some("Good tea")).await;
        assert_eq!(row["page"], "/prices", "{row}");
    }
}

/// Marks the page, so that a test can tell whether it was loaded anew.
async fn mark(browser: &Browser) {
    browser.run("window.marked = true; return null;").await;
}

/// Asserts that the page is the one that was marked.
async fn still_marked(browser: &Browser) {
    assert_eq!(browser.run("return window.marked ?? false;").await, true, "the page was loaded anew");
}

/// Installs the frameworks, and returns the folder of their packages.
fn packages() -> PathBuf {
    xtask::install_recipe_packages().unwrap_or_else(|error| panic!("{error:#}"));
    xtask::root().join("tests/docs/npm/node_modules")
}

/// Returns an empty folder for an app, which finds the frameworks and the widget package.
fn app_folder(name: &str) -> PathBuf {
    let packages = packages();
    let folder = xtask::root().join("target/grapevine/recipes").join(name);
    let _ = fs::remove_dir_all(&folder);
    let widget = folder.join("node_modules/@grapevine-nps/widget");
    fs::create_dir_all(&widget).unwrap();
    for entry in fs::read_dir(packages).unwrap() {
        let entry = entry.unwrap();
        std::os::unix::fs::symlink(entry.path(), folder.join("node_modules").join(entry.file_name()))
            .unwrap();
    }
    for file in ["package.json", "index.js", "react.js"] {
        fs::copy(xtask::root().join("widget/npm").join(file), widget.join(file)).unwrap();
    }
    folder
}

/// Runs a program to its end, which has to succeed.
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{command:?}:\n{text}\n{}", String::from_utf8_lossy(&output.stderr));
    text
}

/// Copies a folder of fixtures.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Returns the path of a fixture.
fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/recipes").join(name)
}

/// Serves two pages that link to each other by ordinary links, with HTML in the head and at the
/// end.
async fn two_pages(head: &str, end: &str) -> PageServer {
    let pages = PageServer::start().await;
    for (path, other) in [("/", "/prices"), ("/prices", "/")] {
        let html = format!(
            "<!doctype html><html lang=en><head><meta charset=utf-8><title>A shop</title>{head}</head>
            <body><h1>{path}</h1><a href='{other}'>Go to {other}</a>{end}</body></html>"
        );
        pages.put(path, ServedPage::html(html));
    }
    pages
}

//! React and Vue, with their routers, bundled by esbuild.

use std::fs;
use std::path::Path;
use std::process::Command;

use tests::{PageServer, ServedPage};

use super::{Shop, app_folder, fixture, mark, run, still_marked};

/// Bundles an app and serves it at every path.
async fn bundled(folder: &Path, options: &[&str]) -> PageServer {
    let bundler = folder.join("node_modules/.bin/esbuild");
    run(Command::new(bundler)
        .args(["app.jsx", "--bundle", "--jsx=automatic", "--outfile=app.js", "--log-level=warning"])
        .args(options)
        .current_dir(folder));
    let html = "<!doctype html><html lang=en><meta charset=utf-8><title>A shop</title>
        <div id=app></div><script src=/app.js></script>";
    let pages = PageServer::with_page(ServedPage::html(html)).await;
    pages.put("/app.js", ServedPage::new("text/javascript", fs::read(folder.join("app.js")).unwrap()));
    pages
}

#[tokio::test]
async fn react_counts_its_routes_as_page_views_and_the_survey_is_answered() {
    let shop = Shop::open().await;
    let folder = app_folder("react");
    fs::write(folder.join("survey.jsx"), shop.recipe("React", "jsx")).unwrap();
    fs::copy(fixture("react_app.jsx"), folder.join("app.jsx")).unwrap();
    let pages = bundled(&folder, &["--define:process.env.NODE_ENV=\"development\""]).await;
    visit(&shop, &pages).await;
}

#[tokio::test]
async fn vue_counts_its_routes_as_page_views_and_the_survey_is_answered() {
    let shop = Shop::open().await;
    let folder = app_folder("vue");
    fs::write(folder.join("survey.js"), shop.recipe("Vue", "js")).unwrap();
    let recipes = crate::document::Document::open("recipes.md");
    let app = fs::read_to_string(fixture("vue_app.js")).unwrap();
    let button = recipes.code("Vue", "html")[0].trim();
    fs::write(folder.join("app.jsx"), app.replace("BUTTON", button)).unwrap();
    let options = [
        "--alias:vue=vue/dist/vue.esm-bundler.js",
        "--define:process.env.NODE_ENV=\"production\"",
        "--define:__VUE_OPTIONS_API__=true",
        "--define:__VUE_PROD_DEVTOOLS__=false",
        "--define:__VUE_PROD_HYDRATION_MISMATCH_DETAILS__=false",
    ];
    let pages = bundled(&folder, &options).await;
    visit(&shop, &pages).await;
}

/// Visits two routes, answers, and opens the survey once more by the button.
async fn visit(shop: &Shop, pages: &PageServer) {
    let browser = shop.first_view(pages).await;
    mark(&browser).await;
    browser.click_page("a[href='/prices']").await;
    shop.answer(&browser).await;
    still_marked(&browser).await;
    browser.run("grapevine('hide'); return null;").await;
    browser.until("!survey").await;
    browser.click_page("button").await;
    browser.until_shown().await;
    assert_eq!(shop.tags(&browser).await, serde_json::json!(["bottom-left"]), "one tag");
}

//! Next.js: a real build, exported as files.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::json;
use tests::{PageServer, ServedPage};

use super::{Shop, app_folder, copy, fixture, mark, run, still_marked};

#[tokio::test]
async fn next_counts_its_routes_as_page_views_and_the_survey_is_answered() {
    let shop = Shop::open().await;
    let folder = app_folder("next");
    copy(&fixture("next"), &folder);
    fs::write(folder.join("app/layout.js"), shop.recipe("Next.js", "jsx")).unwrap();
    // The packages are links to a folder outside of the app.
    let config =
        json!({ "output": "export", "turbopack": { "root": xtask::root(), }, "typescript": {} }).to_string();
    fs::write(folder.join("next.config.js"), format!("export default {config};")).unwrap();
    fs::write(folder.join("package.json"), r#"{ "type": "module", "private": true }"#).unwrap();
    let next = folder.join("node_modules/next/dist/bin/next");
    run(Command::new("node").arg(next).arg("build").env("NEXT_TELEMETRY_DISABLED", "1").current_dir(&folder));

    let pages = PageServer::start().await;
    serve(&pages, &folder.join("out"), "");
    let browser = shop.first_view(&pages).await;
    mark(&browser).await;
    browser.click_page("a[href='/prices']").await;
    shop.answer(&browser).await;
    still_marked(&browser).await;
}

/// Serves the files of a folder, and each page without `.html` as well.
fn serve(pages: &PageServer, folder: &Path, path: &str) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let file = entry.path();
        let path = format!("{path}/{}", entry.file_name().to_str().unwrap());
        if file.is_dir() {
            serve(pages, &file, &path);
            continue;
        }
        let kind = match file.extension().and_then(|it| it.to_str()) {
            Some("html") => "text/html; charset=utf-8",
            Some("js") => "text/javascript",
            Some("css") => "text/css",
            _ => "text/plain; charset=utf-8",
        };
        let page = ServedPage::new(kind, fs::read(&file).unwrap());
        if let Some(route) = path.strip_suffix(".html") {
            pages.put(if route == "/index" { "/" } else { route }, page.clone());
        }
        pages.put(&path, page);
    }
}

//! Turbo Drive, from its package.

use std::fs;

use tests::visitor::choose;
use tests::{Browser, ServedPage};

use super::{Shop, mark, packages, still_marked, two_pages};

#[tokio::test]
async fn turbo_visits_are_page_views_and_an_open_survey_stays() {
    let shop = Shop::open().await;
    let turbo = fs::read(packages().join("@hotwired/turbo/dist/turbo.es2017-umd.js")).unwrap();
    let head = format!("<script defer src=/turbo.js></script>{}", shop.recipe("Turbo", "html"));
    let pages = two_pages(&head, "").await;
    pages.put("/turbo.js", ServedPage::new("text/javascript", turbo));
    let browser = shop.first_view(&pages).await;
    browser.until("window.Turbo").await;
    mark(&browser).await;
    go(&browser, "/prices").await;
    browser.until_shown().await;
    choose(&browser, 9).await;
    browser.click("#comment").await;
    browser.press("Good ".chars()).await;
    go(&browser, "/").await;
    go(&browser, "/prices").await;
    assert_eq!(browser.survey("return survey.querySelector('#comment').value;").await, "Good ");
    browser.click("#comment").await;
    browser.press([tests::key::END]).await;
    browser.press("tea".chars()).await;
    browser.click("button.send").await;
    tests::visitor::thanked(&browser).await;
    let row = tests::visitor::one_row(&shop.site, 9, Some("Good tea")).await;
    assert_eq!(row["page"], "/prices", "{row}");
    still_marked(&browser).await;
    assert_eq!(shop.tags(&browser).await, serde_json::json!(["bottom-left"]), "one tag");
}

async fn go(browser: &Browser, path: &str) {
    browser.click_page(&format!("a[href='{path}']")).await;
    browser.until(&format!("document.querySelector('h1').textContent == '{path}'")).await;
}

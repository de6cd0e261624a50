//! Steps of a visitor through the survey, and the row that they leave.

use serde_json::{Value, json};

use crate::client::until;
use crate::{Browser, Site};

/// Chooses a score.
pub async fn choose(browser: &Browser, score: u8) {
    browser.click(&format!("input[value='{score}'] + span")).await;
    browser.until("survey.querySelector('#comment').checkVisibility()").await;
}

/// Writes a comment after a score, and sends it.
pub async fn send(browser: &Browser, comment: &str) {
    browser.click("#comment").await;
    browser.press(comment.chars()).await;
    browser.click("button.send").await;
}

/// Waits for the thanks.
pub async fn thanked(browser: &Browser) {
    browser.until("survey.querySelector('#thanks').checkVisibility()").await;
}

/// Returns a text of the widget in English.
pub fn english(key: &str) -> String {
    let file = xtask::root().join("widget/locales/en.json");
    let texts: Value =
        serde_json::from_slice(&std::fs::read(file).expect("the English texts")).expect("JSON");
    texts[key].as_str().unwrap_or_else(|| panic!("no text `{key}`")).to_owned()
}

/// Waits until the card says after Send why the response is not stored: in the text of that key.
pub async fn not_stored(browser: &Browser, key: &str) {
    let reason = json!(english(key));
    browser.until(&format!("survey.querySelector('[role=alert]').textContent == {reason}")).await;
    let thanks = browser.survey("return survey.querySelector('#thanks').checkVisibility();").await;
    assert_eq!(thanks, false, "thanks for what is not stored");
}

/// Waits for the row of a site and returns it. Fails if the site has more than one.
pub async fn one_row(site: &Site, score: u8, comment: Option<&str>) -> Value {
    let comment = json!(comment);
    let rows = until("the response is stored", async || {
        let rows = site.responses().await;
        let there = rows.iter().any(|row| row["score"] == score && row["comment"] == comment);
        there.then_some(rows)
    })
    .await;
    assert_eq!(rows.len(), 1, "{rows:#?}");
    assert_eq!(site.score("").await["scored"], 1);
    rows[0].clone()
}

/// Waits for the row of a page and returns it. Fails if the page has more than one.
pub async fn one_row_of(site: &Site, page: &str, score: u8, comment: Option<&str>) -> Value {
    let comment = json!(comment);
    let rows = until(&format!("the response of {page} is stored"), async || {
        let mut rows = site.responses().await;
        rows.retain(|row| row["page"] == page);
        let there = rows.iter().any(|row| row["score"] == score && row["comment"] == comment);
        there.then_some(rows)
    })
    .await;
    assert_eq!(rows.len(), 1, "{page}: {rows:#?}");
    rows[0].clone()
}

/// Waits until the outbox is empty.
pub async fn nothing_waits(browser: &Browser) {
    browser.until("!Object.keys(localStorage).some((key) => key.startsWith('grapevine-'))").await;
}

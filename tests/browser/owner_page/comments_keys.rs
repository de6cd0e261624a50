//! Work without a mouse, and with many comments at once.

use serde_json::json;
use tests::{Engine, Window, key};

use super::comments::{open, select, stored};

const FOCUSED: &str = "document.activeElement.id";

#[tokio::test]
async fn comments_are_worked_through_with_keys() {
    let (owner, ids) = open(Engine::Chromium, Window::DESKTOP, "").await;
    let browser = &owner.browser;
    browser.press(['j']).await;
    browser.until(&format!("{FOCUSED} === 'open-{}'", ids[0])).await;
    browser.press(['j', 'j', 'k']).await;
    browser.until(&format!("{FOCUSED} === 'open-{}'", ids[1])).await;
    browser.press(['o']).await;
    browser.until(&format!("{FOCUSED} === 'detail-title'")).await;
    browser.until("document.querySelector('.detail .full')?.textContent.startsWith('Staff')").await;
    // The detail follows.
    browser.press(['k']).await;
    browser.until("document.querySelector('.detail .full')?.textContent === 'Parcel came late'").await;
    browser.press(['e']).await;
    owner.until_text("Marked as done.").await;
    assert_eq!(stored(&owner, &ids[0]).await["state"], "done");

    browser.press(['t']).await;
    browser.until(&format!("{FOCUSED} === 'add-tag'")).await;
    // Keys that are typed into a field do nothing else.
    browser.press("jek?/".chars().chain([key::ENTER])).await;
    owner.until_text("Tagged “jek?/”.").await;
    browser.press([key::TAB, key::TAB]).await;
    browser.run("document.activeElement.blur();").await;
    browser.press(['a']).await;
    browser.until(&format!("{FOCUSED} === 'assignee'")).await;
    browser.press("Eve".chars().chain([key::TAB])).await;
    owner.until_text("Assigned to Eve.").await;
    let worked = stored(&owner, &ids[0]).await;
    assert_eq!((&worked["tags"], &worked["assignee"]), (&json!(["jek?/"]), &json!("Eve")));
    assert_eq!(stored(&owner, &ids[1]).await["state"], "open");

    browser.run("document.activeElement.blur();").await;
    browser.press([key::ESCAPE]).await;
    browser.until("!document.querySelector('.detail')").await;
    browser.until(&format!("{FOCUSED} === 'open-{}'", ids[0])).await;
    browser.press(['?']).await;
    browser.until("document.querySelector('dialog[open]')").await;
    owner.assert_accessible().await;
    let keys = browser
        .run("return [...document.querySelectorAll('kbd')].map((it) => it.textContent).join(' ');")
        .await;
    assert_eq!(keys, "j k o e t a / ? Esc");
    browser.press(['j', key::ESCAPE]).await;
    browser.until("!document.querySelector('dialog[open]')").await;
    browser.press(['/']).await;
    browser.until(&format!("{FOCUSED} === 'search'")).await;
    browser.press("oolong".chars().chain([key::ENTER])).await;
    browser.until("document.querySelectorAll('.voice').length === 1").await;
}

#[tokio::test]
async fn a_selection_is_tagged_and_finished_and_both_are_undone() {
    let (owner, ids) = open(Engine::Chromium, Window::DESKTOP, "").await;
    select(&owner, &ids[0]).await;
    select(&owner, &ids[4]).await;
    owner.until_text("2 selected").await;
    owner.browser.run("document.activeElement.blur();").await;
    owner.browser.press(['t']).await;
    owner.browser.until("document.activeElement.id === 'bulk-tag'").await;
    owner.browser.press("postage".chars().chain([key::ENTER])).await;
    owner.until_text("Tagged “postage”: 2 responses.").await;
    owner.press_button("Undo").await;
    owner.until_text("Undone.").await;
    owner.browser.run("document.activeElement.blur();").await;
    owner.browser.press(['e']).await;
    owner.until_text("Marked as done: 2 responses.").await;
    for place in [0, 4] {
        let changed = stored(&owner, &ids[place]).await;
        assert_eq!((&changed["state"], &changed["tags"]), (&json!("done"), &json!([])));
    }
    assert_eq!(stored(&owner, &ids[1]).await["state"], "open");
    assert_eq!(owner.value("document.querySelectorAll('.settled').length").await, 2);
    owner.assert_accessible().await;
    owner.press_button("Reopen").await;
    owner.until_text("Undone.").await;
    assert_eq!(stored(&owner, &ids[4]).await["state"], "open");
    owner.press_button("Clear").await;
    owner.browser.until("!document.querySelector('.bulk')").await;
}

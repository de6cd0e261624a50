//! Detail of a response: the words of the visitor, and the work of the owner.

use serde_json::json;
use tests::{Engine, Window, key};

use super::Owner;
use super::comments::{open, select, stored};

/// Replaces what a field holds by typing, and leaves it.
async fn retype(owner: &Owner, selector: &str, text: &str) {
    owner
        .browser
        .run(&format!("const it = document.querySelector('{selector}'); it.focus(); it.select();"))
        .await;
    owner.browser.press(text.chars().chain([key::TAB])).await;
}

#[tokio::test]
async fn a_response_is_shown_with_its_contact_answers_and_history() {
    let (owner, ids) = open(Engine::Chromium, Window::DESKTOP, "").await;
    owner.browser.click_page(&format!("[id='open-{}']", ids[0])).await;
    owner.until_text("Write an email").await;
    let href = owner.value("document.querySelector('a[href^=mailto]').href").await;
    let href = href.as_str().unwrap();
    assert!(
        href.starts_with("mailto:ann@shop.example?subject=Your%20feedback%20on%20Kettle%20Row"),
        "{href}"
    );
    assert!(href.contains("%3E%20Parcel%20came%20late"), "{href}");
    let history = "document.querySelector('.detail .notes')?.textContent ?? ''";
    owner.browser.until(&format!("({history}).includes('Staff knew exactly which oolong')")).await;
    assert_eq!(owner.value("document.querySelectorAll('.detail .notes li').length").await, 1);
    owner.browser.run("navigator.clipboard.writeText = async (text) => { window.copied = text; };").await;
    owner.press_button("Copy").await;
    owner.browser.until("window.copied === 'ann@shop.example'").await;

    owner.browser.click_page(".detail .notes .link").await;
    owner.browser.until("document.querySelector('.detail .full').textContent.startsWith('Staff')").await;
    owner.browser.click_page(&format!("[id='open-{}']", ids[4])).await;
    owner.until_text("A better box").await;
    owner.until_text("/tins").await;
    owner.until_text("Your page names no user").await;
}

#[tokio::test]
async fn each_field_is_saved_at_once_and_undone() {
    let (owner, ids) = open(Engine::Chromium, Window::DESKTOP, "").await;
    owner.browser.click_page(&format!("[id='open-{}']", ids[0])).await;
    owner.browser.until("document.querySelector('#note')").await;
    retype(&owner, "#note", "Called her").await;
    owner.until_text("Note saved.").await;
    retype(&owner, "#assignee", "Ben").await;
    owner.until_text("Assigned to Ben.").await;
    let saved = stored(&owner, &ids[0]).await;
    assert_eq!((&saved["note"], &saved["assignee"]), (&json!("Called her"), &json!("Ben")));
    owner.press_button("Undo").await;
    owner.until_text("Undone.").await;
    assert_eq!(stored(&owner, &ids[0]).await["assignee"], json!(null));
    owner.browser.until("document.querySelector('#assignee').value === ''").await;

    let counted = owner.site.score("range=7d").await["scored"].as_u64().unwrap();
    owner.press_button("Mark as spam").await;
    owner.until_text("Marked as spam; it no longer counts.").await;
    assert_eq!(owner.site.score("range=7d").await["scored"], counted - 1);
    owner.press_button("Undo").await;
    owner.until_text("Undone.").await;
    assert_eq!(owner.site.score("range=7d").await["scored"], counted);

    // Where nobody can be reached there is no case, until the owner makes it one.
    owner.browser.click_page(&format!("[id='open-{}']", ids[2])).await;
    owner.browser.until("document.querySelector('.detail .full').textContent.startsWith('Porto')").await;
    owner.press_button("Done").await;
    owner.press_button("Reopen").await;
    owner.until_text("Undone.").await;
    assert_eq!(stored(&owner, &ids[2]).await["state"], "open");
}

#[tokio::test]
async fn a_conflict_shows_both_versions_and_the_owner_chooses() {
    let (owner, ids) = open(Engine::Chromium, Window::DESKTOP, "").await;
    let colleague = async |change| {
        let endpoint = format!("responses/{}", ids[0]);
        assert_eq!(owner.site.owner_request("PATCH", &endpoint, change).await.status, 200);
    };
    owner.browser.click_page(&format!("[id='open-{}']", ids[0])).await;
    owner.browser.until("document.querySelector('#note')").await;
    retype(&owner, "#note", "First").await;
    owner.until_text("Note saved.").await;

    // Another field is no conflict, and is not overwritten.
    colleague(json!({ "assignee": "Eve" })).await;
    retype(&owner, "#note", "Second").await;
    owner.browser.until("document.querySelector('#assignee').value === 'Eve'").await;
    assert_eq!(stored(&owner, &ids[0]).await["note"], "Second");

    for (button, expected) in [("Keep theirs", "Theirs 0"), ("Use yours", "Mine 1")] {
        let round = if expected == "Theirs 0" { 0 } else { 1 };
        colleague(json!({ "note": format!("Theirs {round}") })).await;
        retype(&owner, "#note", &format!("Mine {round}")).await;
        owner.until_text("Somebody else has changed the note meanwhile.").await;
        let versions = owner.value("document.querySelector('.conflict dl').innerText").await;
        let versions = versions.as_str().unwrap().replace('\n', " ");
        assert!(versions.contains(&format!("Theirs {round}")), "{versions}");
        assert!(versions.contains(&format!("Mine {round}")), "{versions}");
        owner.assert_accessible().await;
        owner.press_button(button).await;
        owner.browser.until("!document.querySelector('.conflict')").await;
        owner.browser.until(&format!("document.querySelector('#note').value === '{expected}'")).await;
        let saved = tests::client::until("the note is decided", async || {
            (stored(&owner, &ids[0]).await["note"] == expected).then_some(())
        });
        saved.await;
    }
}

#[tokio::test]
async fn a_change_that_is_not_saved_is_tried_again() {
    let (owner, ids) = open(Engine::Chromium, Window::DESKTOP, "").await;
    owner.browser.click_page(&format!("[id='open-{}']", ids[0])).await;
    owner.browser.until("document.querySelector('#note')").await;
    owner.browser.offline(true).await;
    retype(&owner, "#note", "On the train").await;
    owner.until_text("Not saved.").await;
    owner.browser.offline(false).await;
    owner.press_button("Try again").await;
    owner.until_text("Note saved.").await;
    assert_eq!(stored(&owner, &ids[0]).await["note"], "On the train");
}

#[tokio::test]
async fn a_response_is_erased_behind_a_confirmation() {
    let (owner, ids) = open(Engine::Chromium, Window::PHONE, "").await;
    owner.browser.click_page(&format!("[id='open-{}']", ids[0])).await;
    owner.press_button("Erase…").await;
    owner.assert_accessible().await;
    owner.press_button("Keep it").await;
    owner.press_button("Erase…").await;
    owner.press_button("Erase for good").await;
    owner.until_text("Erased.").await;
    owner
        .browser
        .until("!document.querySelector('.detail') && document.querySelectorAll('.voice').length === 4")
        .await;
    assert_eq!(owner.site.get(&format!("responses/{}", ids[0]), &owner.site.owner).await.status, 404);
    // A link to it says that it is gone.
    owner.open(&format!("&view=comments&response={}", ids[0])).await;
    owner.browser.until("document.querySelector('.detail .notice')").await;
    owner.browser.click_page(".detail .head .button").await;
    select(&owner, &ids[1]).await;
}

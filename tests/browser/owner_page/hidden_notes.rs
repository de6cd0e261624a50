//! Automatic notes that the owner hides, and has back.

use serde_json::json;
use tests::{Browser, Engine, Window, key};

use super::overview_notes::{after_a_fall, with_alarms};

/// Flag of an automatic note in the trend.
const FLAG: &str = "document.querySelector('.flag.automatic')";
/// Button beside the newest automatic note.
const HIDE: &str = "document.querySelector('.trend .sentence button')";

#[tokio::test]
async fn a_hidden_note_stays_away_in_every_browser_until_it_is_shown_again() {
    let owner = after_a_fall().await;
    owner.open("").await;
    owner.browser.until(&format!("{FLAG} && {HIDE}")).await;
    owner.until_text("1 note").await;
    let name = owner.value(&format!("{HIDE}.ariaLabel")).await;
    assert!(name.as_str().unwrap().starts_with("Hide the note of "), "{name}");

    owner.browser.run(&format!("{HIDE}.focus();")).await;
    owner.browser.press([key::ENTER]).await;
    let is_hidden = format!("!{FLAG} && document.activeElement.textContent == 'Show 1 hidden note'");
    owner.browser.until(&is_hidden).await;
    assert_eq!(owner.value("document.body.textContent.includes('from this day, more than')").await, false);
    let stored = owner.site.owner_get("").await["hidden_notes"].clone();
    let stored = stored.as_array().unwrap();
    assert!(stored.len() == 1 && stored[0].as_str().unwrap().starts_with("down.20"), "{stored:?}");
    owner.assert_accessible().await;

    // On another device and after a reload it is never there, not even for a moment.
    let other = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let watch = format!(
        "new MutationObserver(() => {{ window.seen ||= Boolean({FLAG}); }})
            .observe(document, {{ subtree: true, childList: true, attributes: true }});"
    );
    other.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": watch })).await;
    other.goto(&owner.address(&format!("?site={}#key={}", owner.site.id, owner.site.owner))).await;
    let button = "[...document.querySelectorAll('button')].find((it) => it.textContent.startsWith('Show 1'))";
    other.until(button).await;
    assert_eq!(other.run("return Boolean(window.seen);").await, false);
    owner.browser.reload().await;
    owner.browser.until(button).await;
    assert_eq!(owner.value(FLAG).await, json!(null));

    // What another device has hidden meanwhile stays hidden.
    owner.site.patch_settings(json!({ "hidden_notes": [stored[0], "survey.7"] })).await;
    owner.browser.run(&format!("{button}.focus();")).await;
    owner.browser.press([key::ENTER]).await;
    owner.browser.until(&format!("{FLAG} && document.activeElement == {HIDE}")).await;
    assert_eq!(owner.site.owner_get("").await["hidden_notes"], json!(["survey.7"]));
    other.run("window.dispatchEvent(new Event('online'));").await;
    other.until(FLAG).await;
}

#[tokio::test]
async fn a_note_that_cannot_be_hidden_stays_and_says_why() {
    let owner = after_a_fall().await;
    owner.open("").await;
    owner.browser.until(&format!("{FLAG} && {HIDE}")).await;
    owner.browser.offline(true).await;
    owner.browser.run(&format!("{HIDE}.click();")).await;
    let reason = "document.querySelector('.trend [role=alert]')?.textContent";
    owner.browser.until(&format!("{reason}?.includes('The collector cannot be reached')")).await;
    assert_eq!(owner.value(&format!("Boolean({FLAG})")).await, true);
}

#[tokio::test]
async fn a_read_key_sees_the_notes_and_hides_none() {
    let owner = after_a_fall().await;
    owner.open_with(&owner.site.read.clone(), "").await;
    owner.browser.until(FLAG).await;
    owner.until_text("from this day, more than chance usually explains.").await;
    assert_eq!(owner.value(HIDE).await, json!(null));
}

#[tokio::test]
async fn alarms_are_hidden_one_by_one_and_shown_together() {
    let owner = with_alarms().await;
    for (text, count) in [("The tag was last seen", "1 hidden note"), ("The webhook", "2 hidden notes")] {
        let button =
            format!("document.querySelector('button[aria-label^={}]')", json!(format!("Hide: {text}")));
        owner.browser.until(&button).await;
        owner.browser.run(&format!("{button}.focus();")).await;
        owner.browser.press([key::ENTER]).await;
        owner.browser.until(&format!("document.activeElement.textContent == 'Show {count}'")).await;
        owner.browser.until(&format!("!{button}")).await;
    }
    owner.assert_accessible().await;
    owner.browser.press([key::ENTER]).await;
    owner.until_text("The tag was last seen 4 days ago, on shop.example. Is it still on the page?").await;
    owner.until_text("The webhook “<b>Slack</b>” is paused").await;
    assert_eq!(owner.site.owner_get("").await["hidden_notes"], json!([]));
}

//! Texts of strangers and of colleagues on Install and Settings, which never become elements.

use serde_json::json;
use tests::{Engine, Window, new_id};

use super::Owner;

const HOSTILE: &str =
    "<img src=x onerror=window.hacked=1></option></textarea><script>window.hacked=1</script>";

async fn assert_text_only(owner: &Owner) {
    let markup = owner.value("document.documentElement.innerHTML").await;
    assert!(markup.as_str().unwrap_or_default().contains("&lt;img src"), "{markup}");
    let elements = "document.querySelectorAll('body img:not([src$=\".svg\"]), body script').length";
    assert_eq!(owner.value(elements).await, 0, "{markup}");
    assert_eq!(owner.value("window.hacked ?? null").await, json!(null));
}

#[tokio::test]
async fn names_keys_files_and_users_are_shown_as_text() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner.site.patch_settings(json!({ "name": HOSTILE, "properties": ["<img src=x>"] })).await;
    let key = owner.site.owner_post("keys", &json!({ "role": "read", "name": HOSTILE })).await;
    assert_eq!(key.status, 201, "{key}");
    owner.site.store(json!({ "id": new_id(), "score": 9, "shown": true, "user": HOSTILE })).await;

    for (query, text) in [
        ("&view=install", "Google Tag Manager"),
        ("&view=settings", "Time zone"),
        ("&view=settings&section=keys", "read key"),
        ("&view=settings&section=people", "Created a key"),
    ] {
        owner.open(query).await;
        owner.until_text(text).await;
        assert_text_only(&owner).await;
    }
    owner.fill("#person", HOSTILE).await;
    owner.press_button("Look up").await;
    owner.until_text("responded once").await;
    assert_text_only(&owner).await;

    owner.open("&view=settings&section=data").await;
    owner.until_text("Nothing was imported.").await;
    let script = format!(
        "const files = new DataTransfer();
        const head = ['nps', 'comment', {hostile}].map((it) => JSON.stringify(it)).join();
        const row = [9, {hostile}, {hostile}].map((it) => JSON.stringify(it)).join();
        files.items.add(new File([head + '\\n' + row + '\\n'], {hostile} + '.csv'));
        const input = document.querySelector('#import-file');
        input.files = files.files;
        input.dispatchEvent(new Event('change', {{ bubbles: true }}));",
        hostile = json!(HOSTILE)
    );
    owner.browser.run(&script).await;
    owner.until_text("Nothing is stored yet").await;
    assert_text_only(&owner).await;
    owner.press_button("Import").await;
    owner.until_text("1 new response stored.").await;
    assert_text_only(&owner).await;
}

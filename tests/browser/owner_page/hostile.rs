//! Texts of strangers and of colleagues on Install and Settings, which never become elements.

use serde_json::json;
use tests::{Engine, Window, new_id};

use super::Owner;
use crate::axe::view;

const HOSTILE: &str =
    "<img src=x onerror=window.hacked=1></option></textarea><script>window.hacked=1</script>";

/// Waits until the view is complete, with that text in it, and asserts that it has no element of
/// the text.
async fn assert_text_only(owner: &Owner) {
    owner.browser.until("!document.querySelector('.skeleton')").await;
    owner.browser.until("document.documentElement.innerHTML.includes('&lt;img src')").await;
    let markup = owner.value("document.documentElement.innerHTML").await;
    let elements = "document.querySelectorAll('body img:not([src$=\".svg\"]), body script').length";
    assert_eq!(owner.value(elements).await, 0, "{markup}");
    assert_eq!(owner.value("window.hacked ?? null").await, json!(null));
}

/// Views in which somebody's words are shown.
const VIEWS: [(&str, &str); 6] = [
    ("", "responses so far"),
    ("&view=comments", "14 responses"),
    ("&view=comments&response=ID", "Same visitor"),
    ("&view=settings", "Time zone"),
    ("&view=settings&section=keys", "read key"),
    ("&view=settings&section=people", "Created a key"),
];

#[tokio::test]
async fn very_long_words_make_no_view_wider_than_the_window() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    let word = "Donaudampfschifffahrtsgesellschaft".repeat(6);
    let long = &word[..100];
    let settings = json!({ "name": &word[..80], "properties": ["plan", &word[..40]] });
    owner.site.patch_settings(settings).await;
    let ids: Vec<String> = (0..14).map(|_| new_id()).collect();
    for id in &ids {
        let contact = format!("{long}@shop.example");
        owner
            .site
            .store(json!({
                "id": id, "score": 3, "shown": true, "comment": word, "user": "ann", "contact": contact,
                "page": format!("/{word}"), "answers": { "missing": word },
                "properties": { "plan": long, &word[..40]: long },
            }))
            .await;
    }
    let change = json!({ "tags": [&word[..40]], "note": word, "assignee": &word[..60] });
    let path = format!("responses/{}", ids[0]);
    assert_eq!(owner.site.owner_request("PATCH", &path, change).await.status, 200);
    let day = owner.site.score("range=1d").await["query"]["to"].clone();
    assert_eq!(owner.site.owner_post("notes", &json!({ "day": day, "text": word })).await.status, 201);
    let key = json!({ "role": "share", "name": long });
    assert_eq!(owner.site.owner_post("keys", &key).await.status, 201);
    for (query, text) in VIEWS {
        owner.open(&query.replace("ID", &ids[0])).await;
        owner.until_text(text).await;
        owner.browser.until("!document.querySelector('.skeleton')").await;
        owner.browser.run("for (const it of document.querySelectorAll('details')) it.open = true;").await;
        for width in [1280, 390, 320] {
            view(&owner.browser, (width, 800), &[("prefers-color-scheme", "light")]).await;
            let fits = format!("document.documentElement.scrollWidth <= {width}");
            owner.browser.until(&fits).await;
        }
    }
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
        const head = ['score', 'comment', '<img src=x onerror=window.hacked=1>'].map((it) => JSON.stringify(it)).join();
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

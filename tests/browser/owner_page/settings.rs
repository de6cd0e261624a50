//! Settings: keys, share links, the badge, what is kept, people and the audit log.

use serde_json::{Value, json};
use tests::{Engine, Window, key, new_id, until};

use super::Owner;
use super::pictures::check;

/// Waits until the page has loaded this part of the settings.
async fn open(owner: &Owner, section: &str, text: &str) {
    owner.open(&format!("&view=settings{section}")).await;
    owner.until_text(text).await;
}

/// Presses the button with this accessible name.
async fn press_named(owner: &Owner, name: &str) {
    let selector = format!("button[aria-label={}]", json!(name));
    owner.browser.until(&format!("document.querySelector({})", json!(selector))).await;
    owner.browser.click_page(&selector).await;
}

async fn keys(owner: &Owner) -> Vec<Value> {
    owner.site.owner_get("keys").await["keys"].as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn a_setting_is_saved_and_the_api_explains_at_the_field_what_is_wrong() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    open(&owner, "", "Allowed origins").await;
    for (field, text, pointer) in [
        ("origins", "https://shop.example\nhttps://shop.example/cart", "origins"),
        ("timezone", "Europe/Nowhere", "timezone"),
        ("months", "500", "months"),
        ("contact-days", "soon", "contact_days"),
        ("properties", "plan\nplan", "properties"),
    ] {
        owner.fill(&format!("#{field}"), text).await;
        owner.press_button("Save").await;
        owner.browser.until(&format!("document.querySelector('#{field}-wrong').textContent")).await;
        let change = match pointer {
            "months" => json!({ "retention": { "months": 500 } }),
            "contact_days" => json!({ "retention": { "contact_days": "soon" } }),
            "timezone" => json!({ "timezone": text }),
            name => json!({ name: text.lines().collect::<Vec<_>>() }),
        };
        let refused = owner.site.owner_request("PATCH", "", change).await.json();
        let expected = refused["errors"][0]["detail"].as_str().or(refused["detail"].as_str()).unwrap();
        let shown = owner.value(&format!("document.querySelector('#{field}-wrong').textContent")).await;
        assert!(shown.as_str().unwrap().contains(expected), "{field}: {shown} does not explain {expected}");
        assert_eq!(owner.value(&format!("document.querySelector('#{field}').ariaInvalid")).await, "true");
        owner.press_button("Discard").await;
    }
    owner.assert_accessible().await;
    for (field, text) in [
        ("origins", "https://shop.example\n\n https://*.tea.example "),
        ("timezone", "Europe/Warsaw"),
        ("months", "12"),
        ("contact-days", "30"),
        ("site-name", "Kettle & Row"),
    ] {
        owner.fill(&format!("#{field}"), text).await;
        owner.press_button("Save").await;
        owner.browser.until("![...document.querySelectorAll('.setting button')].length").await;
    }
    let settings = owner.site.owner_get("").await;
    assert_eq!(settings["origins"], json!(["https://shop.example", "https://*.tea.example"]));
    assert_eq!(settings["retention"], json!({ "months": 12, "contact_days": 30 }));
    assert_eq!((&settings["timezone"], &settings["name"]), (&json!("Europe/Warsaw"), &json!("Kettle & Row")));
    owner
        .browser
        .until("document.querySelector('select[aria-label=Site]').selectedOptions[0].text == 'Kettle & Row'")
        .await;
    owner.fill("#months", "").await;
    owner.press_button("Save").await;
    owner.browser.until("![...document.querySelectorAll('.setting button')].length").await;
    assert_eq!(owner.site.owner_get("").await["retention"]["months"], Value::Null);
}

#[tokio::test]
async fn a_change_of_somebody_else_is_shown_and_not_overwritten() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    open(&owner, "", "Months to keep responses").await;
    owner.site.patch_settings(json!({ "retention": { "months": 7 } })).await;
    owner.fill("#months", "36").await;
    owner.fill("#contact-days", "77").await;
    owner.press_button("Save").await;
    owner.until_text("Stored here is now: 7.").await;
    assert_eq!(owner.site.owner_get("").await["retention"]["months"], 7);
    assert_eq!(owner.value("document.querySelector('#months').value").await, "36");
    owner.assert_accessible().await;
    owner.press_button("Save").await;
    owner.browser.until("document.querySelectorAll('.setting button').length == 2").await;
    assert_eq!(owner.site.owner_get("").await["retention"], json!({ "months": 36, "contact_days": 90 }));
    // What was typed elsewhere waits for its own button.
    assert_eq!(owner.value("document.querySelector('#contact-days').value").await, "77");
}

#[tokio::test]
async fn the_end_of_a_count_in_the_background_is_no_change_of_somebody_else() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner.import(40, 20, |_, nth| nth % 11).await;
    open(&owner, "", "Months to keep responses").await;
    owner.fill("#properties", "plan\ncountry").await;
    owner.press_button("Save").await;
    owner.browser.until("!document.querySelector('.setting button')").await;
    let settled = owner.site.settled().await;
    assert_eq!(settled["properties"], json!(["plan", "country"]));
    owner.fill("#months", "48").await;
    owner.press_button("Save").await;
    owner.browser.until("!document.querySelector('.setting button')").await;
    assert_eq!(owner.site.owner_get("").await["retention"]["months"], 48);
}

#[tokio::test]
async fn a_key_is_shown_once_and_revoked_after_a_confirmation() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    open(&owner, "&section=keys", "Share links").await;
    owner.browser.until("document.querySelectorAll('.rows li').length == 2").await;
    owner.fill("#key-name", "Report <b>of</b> Ben").await;
    owner.press_button("Create a key").await;
    owner.until_text("Copy it now: it cannot be shown again").await;
    let key = owner.value("document.querySelector('.secret code').textContent").await;
    let key = key.as_str().unwrap();
    assert!(key.starts_with("grapevine_read_"), "{key}");
    assert_eq!(owner.site.get("score", key).await.status, 200);
    owner.press_button("I have it").await;
    let is_shown = format!("document.body.innerHTML.includes({})", json!(key));
    assert_eq!(owner.value(&is_shown).await, false);
    assert_eq!(keys(&owner).await.len(), 3);

    press_named(&owner, "Revoke Report <b>of</b> Ben").await;
    owner.press_button("Keep it").await;
    assert_eq!(owner.site.get("score", key).await.status, 200);
    press_named(&owner, "Revoke Report <b>of</b> Ben").await;
    owner.until_text("are refused at once").await;
    owner.assert_accessible().await;
    owner.press_button("Revoke for good").await;
    owner.browser.until("document.querySelectorAll('.rows li').length == 2").await;
    assert_eq!(owner.site.get("score", key).await.status, 401);

    // The last owner key cannot be revoked, and the API says why.
    let current = keys(&owner).await.into_iter().find(|key| key["current"] == true).unwrap();
    press_named(&owner, &format!("Revoke {}", current["id"].as_str().unwrap())).await;
    owner.until_text("You are signed in with this key").await;
    owner.press_button("Revoke for good").await;
    owner.until_text("last owner key").await;
    owner.fill("#key-until", "2001-01-01").await;
    owner.press_button("Create a key").await;
    owner.browser.until("document.querySelector('#key-wrong').textContent").await;
}

#[tokio::test]
async fn a_share_link_opens_the_snapshot_in_another_browser_tab() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    open(&owner, "&section=keys", "Share links").await;
    owner.fill("#link-name", "Board").await;
    owner.fill("#link-until", "2999-12-31").await;
    owner.press_button("Create a share link").await;
    owner.until_text("Copy it now: it cannot be shown again").await;
    let link = owner.value("document.querySelector('.secret code').textContent").await;
    let link = link.as_str().unwrap().to_owned();
    assert!(link.starts_with(&owner.address("#share=grapevine_share_")), "{link}");
    let board = keys(&owner).await.into_iter().find(|key| key["name"] == "Board").unwrap();
    assert_eq!((&board["role"], &board["expires_at"]), (&json!("share"), &json!("3000-01-01T00:00:00.000Z")));
    check(&owner, "settings-keys").await;
    owner.browser.new_tab().await;
    owner.browser.goto(&link).await;
    owner.until_text("shared snapshot").await;
    // The key cannot read the name, so the link has it.
    let name = "document.querySelector('[aria-label=Site]').selectedOptions[0].text";
    assert_eq!(owner.value(name).await, "Kettle Row");
}

#[tokio::test]
async fn the_badge_is_shown_once_it_is_public() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    open(&owner, "&section=keys", "Anyone may see the score as a badge").await;
    owner.browser.click_page("#badge").await;
    owner.browser.until("document.querySelector('img')?.naturalWidth > 20").await;
    let html = owner.value("[...document.querySelectorAll('.code code')].at(-1).textContent").await;
    let url = owner.site.url("badge.svg");
    assert!(html.as_str().unwrap().contains(&format!("src=\"{url}\"")), "{html}");
    assert_eq!(owner.site.owner_get("").await["badge"], true);
    owner.browser.click_page("#badge").await;
    owner.browser.until("!document.querySelector('img')").await;
    assert_eq!(owner.site.owner_get("").await["badge"], false);
}

#[tokio::test]
async fn a_user_is_looked_up_downloaded_and_erased() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    let user = "ann/b?c#d e+f%@shop.example";
    for score in [3, 9] {
        let message = json!({ "id": new_id(), "score": score, "shown": true, "user": user });
        owner.site.store(message).await;
    }
    owner.site.store(json!({ "id": new_id(), "score": 5, "user": "another" })).await;
    open(&owner, "&section=people", "Rights of people").await;
    owner.fill("#person", user).await;
    owner.press_button("Look up").await;
    owner.until_text("responded 2 times").await;

    let keep = "window.saved = [];
        const create = URL.createObjectURL;
        URL.createObjectURL = (file) => { saved.push(file); return create.call(URL, file); };
        HTMLAnchorElement.prototype.click = function () { saved.push(this.download); };";
    owner.browser.run(keep).await;
    owner.press_button("Download all data").await;
    owner.browser.until("window.saved.length == 2").await;
    let file = owner.browser.run("return saved[0].text().then(JSON.parse);").await;
    assert_eq!((&file["user"], file["responses"].as_array().unwrap().len()), (&json!(user), 2));
    assert_eq!(owner.value("saved[1]").await, "user-data.json");

    owner.press_button("Erase all data…").await;
    owner.assert_accessible().await;
    owner.press_button("Erase for good").await;
    owner.until_text("Erased 2 responses.").await;
    let left = owner.site.responses().await;
    assert_eq!(left.iter().map(|it| it["score"].clone()).collect::<Vec<_>>(), [json!(5)]);

    // No path can hold these, so nothing is offered that would reach another resource.
    for user in [".", ".."] {
        owner.fill("#person", user).await;
        owner.press_button("Look up").await;
        owner.until_text("Asked never").await;
        assert_eq!(owner.value("document.body.innerText.includes('Erase all data')").await, false);
    }

    owner.browser.reload().await;
    owner.until_text("Exported the data of a user").await;
    owner.until_text("Erased a user").await;
    check(&owner, "settings-people").await;
}

#[tokio::test]
async fn a_read_key_is_told_that_settings_need_another() {
    let owner = Owner::start(Engine::Chromium, Window::PHONE).await;
    owner.open_with(&owner.site.read, "&view=settings").await;
    owner.until_text("Settings need an owner key").await;
    owner.assert_accessible().await;
}

#[tokio::test]
async fn settings_fit_and_are_accessible_in_every_window() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner.site.patch_settings(json!({ "origins": ["https://shop.example"] })).await;
    open(&owner, "", "Days to keep contacts").await;
    owner.fill("#months", "500").await;
    owner.press_button("Save").await;
    owner.browser.until("document.querySelector('#months-wrong').textContent").await;
    check(&owner, "settings").await;
}

#[tokio::test]
async fn settings_are_changed_by_keyboard_alone() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner.open("&view=settings").await;
    owner.until_text("Time zone").await;
    let go_to = async |element: &str| {
        for _ in 0..40 {
            owner.browser.press([key::TAB]).await;
            if owner.value(&format!("document.activeElement.matches({})", json!(element))).await == true {
                return;
            }
        }
        panic!("Tab does not reach {element}");
    };
    go_to("#site-name").await;
    // Tab selects what a field has, so this replaces it.
    owner.browser.press("Kettle & Sons".chars().chain([key::ENTER])).await;
    owner.until_text("Saved").await;
    assert_eq!(owner.site.owner_get("").await["name"], "Kettle & Sons");
    // A switch is one press of the space bar.
    go_to("input[type=checkbox]").await;
    owner.browser.press([' ']).await;
    let is_public = async || (owner.site.owner_get("").await["public_notes"] == true).then_some(());
    until("the notes are public", is_public).await;
}

//! Keys: signing in and out, links with a key, and what the browser keeps.

use serde_json::json;
use tests::{Engine, Window, in_each_engine};

use super::Owner;

const NO_KEY: &str = "!location.href.includes('grapevine_')";

async fn the_lines_of_the_collector_sign_in(engine: Engine) {
    let owner = Owner::start(engine, Window::DESKTOP).await;
    owner.browser.goto(&owner.address("")).await;
    owner.browser.until("document.querySelector('#key')").await;
    owner.assert_accessible().await;
    owner.fill("#key", "no key at all").await;
    owner.press_button("Sign in").await;
    owner.until_text("There is no key in this text").await;

    let lines = format!(
        "export HOST={} SITE={}\nexport OWNER_KEY={} READ_KEY={}",
        owner.collector.url(),
        owner.site.id,
        owner.site.owner,
        owner.site.read
    );
    owner.fill("#key", &lines).await;
    owner.press_button("Sign in").await;
    owner.until_text("Net Promoter Score").await;
    owner
        .browser
        .until("document.querySelector('select[aria-label=Site]')?.selectedOptions[0].text == 'Kettle Row'")
        .await;
    assert_eq!(owner.value(NO_KEY).await, true);
    // The tab keeps the key, and the browser does not.
    assert_eq!(owner.value("localStorage.length").await, 0);
    owner.browser.reload().await;
    owner.until_text("Net Promoter Score").await;

    owner.press_button("Sign out").await;
    owner.browser.until("document.querySelector('#key')").await;
    assert_eq!(owner.value("sessionStorage.length + localStorage.length").await, 0);
}

async fn a_share_link_opens_a_snapshot_and_leaves_the_address(engine: Engine) {
    let owner = Owner::start(engine, Window::DESKTOP).await;
    owner.import(10, 4, |_, nth| 10 - nth).await;
    let created = owner.site.owner_post("keys", &json!({ "role": "share", "name": "Board" })).await.json();
    let key = created["key"].as_str().unwrap();
    // Parameters that only other keys may use are left out.
    let link = format!("?range=quarter&plan=pro#share={key}&site={}", owner.site.id);
    owner.browser.goto(&owner.address(&link)).await;
    owner.until_text("shared snapshot").await;
    owner.until_text("Net Promoter Score").await;
    owner.browser.until("document.querySelector('.number')?.textContent.trim() == '50'").await;
    assert_eq!(owner.value(NO_KEY).await, true);
    let requests = owner.browser.requests(&owner.collector.url()).await;
    assert!(requests.iter().any(|path| path.contains("/score?")), "{requests:?}");
    assert!(!requests.iter().any(|path| path.contains("grapevine_")), "{requests:?}");
    assert!(!requests.iter().any(|path| path.ends_with(&owner.site.id)), "no owner's endpoint: {requests:?}");
    owner.assert_accessible().await;
}

in_each_engine!(the_lines_of_the_collector_sign_in, a_share_link_opens_a_snapshot_and_leaves_the_address,);

#[tokio::test]
async fn a_share_link_says_until_when_it_is_valid_and_is_not_indexed() {
    let owner = Owner::start(Engine::Chromium, Window::PHONE).await;
    owner.import(10, 4, |_, nth| 10 - nth).await;
    for (expires, shown) in [(json!("2030-12-31"), true), (json!(null), false)] {
        let new = json!({ "role": "share", "name": "Secret buyer", "expires": expires });
        let created = owner.site.owner_post("keys", &new).await.json();
        owner.open_with(created["key"].as_str().unwrap(), "").await;
        owner.until_text("Net Promoter Score").await;
        owner.until_text("is read-only and has the days up to last midnight.").await;
        let valid = "document.querySelector('main .notice').textContent.includes('until 31 Dec 2030')";
        if shown {
            owner.browser.until(valid).await;
            owner.assert_accessible().await;
        } else {
            let requests = owner.browser.requests(&owner.collector.url()).await;
            assert!(requests.iter().any(|path| path.ends_with("/keys/current")), "{requests:?}");
            assert_eq!(owner.value("document.body.textContent.includes('valid until')").await, false);
        }
        assert_eq!(owner.value("document.body.innerHTML.includes('Secret buyer')").await, false);
        assert_eq!(owner.value("document.querySelector('meta[name=robots]').content").await, "noindex");
    }
}

#[tokio::test]
async fn a_remembered_key_survives_the_tab_and_another_does_not() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    for remember in [false, true] {
        owner.browser.goto(&owner.address("")).await;
        owner.browser.until("document.querySelector('#key')").await;
        owner.fill("#key", &owner.site.owner).await;
        owner.fill("#site", &owner.site.id).await;
        if remember {
            owner.browser.click_page("[type=checkbox]").await;
        }
        owner.press_button("Sign in").await;
        owner.until_text("Net Promoter Score").await;
        let tab = owner.browser.tab().await;
        let other = owner.browser.new_tab().await;
        owner.browser.switch(&other).await;
        owner.browser.goto(&owner.address("")).await;
        let expected = if remember { "Net Promoter Score" } else { "Paste a key" };
        owner.until_text(expected).await;
        owner.browser.close_tab().await;
        owner.browser.switch(&tab).await;
        owner.press_button("Sign out").await;
        owner.browser.until("document.querySelector('#key')").await;
    }
}

#[tokio::test]
async fn a_wrong_key_an_unknown_site_and_a_broken_link_are_explained() {
    let owner = Owner::start(Engine::Chromium, Window::PHONE).await;
    owner.browser.goto(&owner.address("")).await;
    owner.browser.until("document.querySelector('#key')").await;
    for (key, site, problem) in [
        (owner.site.owner.as_str(), "", "Add the id of the site"),
        ("grapevine_owner_sgztxk45stvajktzr0tg0mmxszg4ybf3", &owner.site.id, "does not open this site"),
        (&owner.site.owner, "c3g9djcng4aa7xjq626e", "site"),
    ] {
        owner.fill("#key", key).await;
        owner.fill("#site", site).await;
        owner.press_button("Sign in").await;
        owner
            .browser
            .until(&format!("document.querySelector('#wrong').textContent.includes({problem:?})"))
            .await;
        owner.assert_accessible().await;
    }
    owner.browser.goto(&owner.address("#share=grapevine_share_x")).await;
    owner.until_text("does not name its site").await;
    assert_eq!(owner.value(NO_KEY).await, true);
}

#[tokio::test]
async fn a_revoked_key_says_so_and_offers_another() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    let created = owner.site.owner_post("keys", &json!({ "role": "read" })).await.json();
    owner.open_with(created["key"].as_str().unwrap(), "").await;
    owner.until_text("Net Promoter Score").await;
    let id = created["id"].as_str().unwrap();
    assert_eq!(owner.site.owner_request("DELETE", &format!("keys/{id}"), json!(null)).await.status, 204);
    owner.browser.reload().await;
    owner.until_text("This key no longer works").await;
    owner.assert_accessible().await;
    owner.press_button("Sign in with another key").await;
    owner.browser.until("document.querySelector('#key')").await;
}

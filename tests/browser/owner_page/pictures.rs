//! Views in each size and colour scheme: accessible, no wider than the window, and photographed.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{Browser, DAY_MS, Demo, Engine, Window, id_at, key, now_ms};

use super::{Owner, assert_accessible};
use crate::axe::view;

/// Sizes and colour schemes.
const WINDOWS: [((u32, u32), &str); 4] =
    [((1280, 800), "light"), ((1280, 800), "dark"), ((390, 844), "light"), ((390, 844), "dark")];

/// Checks the present view in every window, and takes a picture of the whole page.
pub async fn check(owner: &Owner, name: &str) {
    check_page(&owner.browser, name).await;
}

async fn check_page(browser: &Browser, name: &str) {
    for ((width, height), scheme) in WINDOWS {
        let media = [("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")];
        view(browser, (width, height), &media).await;
        // The chart follows the window.
        let drawn = "(document.querySelector('.chart svg') ?? document.body).getBoundingClientRect()";
        browser.until(&format!("{drawn}.right <= {width}")).await;
        // The inner width of a telephone grows with what is too wide.
        let wide = browser.run("return document.documentElement.scrollWidth;").await.as_u64();
        assert!(wide <= Some(width.into()), "{name} is {wide:?} pixels wide at {width}");
        assert_accessible(browser).await;
        let whole =
            browser.run("return document.documentElement.scrollHeight;").await.as_u64().unwrap_or(800) as u32;
        view(browser, (width, whole.max(height)), &media).await;
        browser.picture(&format!("owner-{name}-{width}-{scheme}")).await;
    }
}

/// Stores what visitors of today say, with contacts and consents.
async fn store_comments(owner: &Owner) {
    for (hours, score, plan, comment, more) in [
        (1, 3, "pro", "Parcel came late and the tin was dented.", json!({ "contact": "ann@shop.example" })),
        (5, 9, "free", "Staff knew exactly which oolong I meant.", json!({ "consents": ["quote"] })),
        (9, 7, "team", "Guter Tee, aber das Porto ist zu hoch.", json!({ "lang": "de" })),
        (20, 10, "pro", "الشاي رائع والتوصيل سريع", json!({ "lang": "ar" })),
        (30, 0, "free", "<img src=x onerror=alert(1)> \"'</p><script>alert(2)</script>", Value::Null),
    ] {
        let id = id_at(now_ms() - hours * 3_600_000);
        let mut message = json!({
            "id": id, "score": score, "shown": true, "comment": comment, "elapsed_ms": 4_000,
            "properties": { "plan": plan },
        });
        if let (Some(message), Some(more)) = (message.as_object_mut(), more.as_object()) {
            message.extend(more.clone());
        }
        owner.site.store(message).await;
    }
}

#[tokio::test]
async fn the_overview_fits_and_is_accessible_in_every_window() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    // A drop of the last month, of one plan.
    owner
        .import(200, 9, |ago, nth| {
            let base = (ago * 7 + nth * 5) % 11;
            if ago < 30 && (ago + nth) % 3 == 1 { base.saturating_sub(3) } else { base.max(4) }
        })
        .await;
    store_comments(&owner).await;
    for (ago, text) in [(62, "New packaging"), (20, "Another parcel service")] {
        let day = &owner.site.score(&format!("range={ago}d")).await["query"]["from"];
        let added = owner.site.owner_post("notes", &json!({ "day": day, "text": text })).await;
        assert_eq!(added.status, 201, "{added}");
    }
    owner.browser.console().await;
    owner.open("").await;
    owner.until_text("more than chance usually explains").await;
    owner.until_text("Parcel came late and the tin").await;
    owner.browser.until("document.querySelector('.dots li') && document.querySelector('.notes li')").await;
    check(&owner, "overview").await;
    // As PDF, one object for each page.
    let pdf = owner
        .browser
        .cdp("Page.printToPDF", json!({ "preferCSSPageSize": true, "printBackground": true }))
        .await;
    let pdf = BASE64_STANDARD.decode(pdf["data"].as_str().unwrap()).unwrap();
    std::fs::write(xtask::root().join("target/grapevine/screenshots/owner-overview.pdf"), &pdf).unwrap();
    let pages = String::from_utf8_lossy(&pdf).matches("/Type /Page\n").count();
    assert_eq!(pages, 1, "the overview is printed on one page");
    owner.browser.run("for (const it of document.querySelectorAll('details')) it.open = true;").await;
    owner.browser.until("document.querySelectorAll('.data tbody tr').length > 20").await;
    check(&owner, "overview-tables").await;
    assert_eq!(owner.browser.console().await, [""; 0], "the policy allows all that the page does");
}

#[tokio::test]
async fn an_empty_site_and_a_few_responses_are_explained() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner.open("").await;
    owner.until_text("That is not a zero").await;
    check(&owner, "overview-empty").await;
    owner.open("&view=comments&range=all").await;
    owner.until_text("Nobody has written yet").await;
    check(&owner, "comments-none").await;
    owner.open("").await;
    for nth in 0..14_u64 {
        let score = [10, 9, 6, 8][nth as usize % 4];
        let id = id_at(now_ms() - nth * DAY_MS / 24);
        owner.site.store(json!({ "id": id, "score": score, "shown": true })).await;
    }
    owner.browser.reload().await;
    owner.until_text("14 responses so far. The real score is somewhere between").await;
    check(&owner, "overview-14").await;
}

#[tokio::test]
async fn a_shared_snapshot_fits_and_is_accessible_in_every_window() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner.import(200, 9, |ago, nth| (ago * 7 + nth * 5) % 11).await;
    for (ago, text, is_public) in [(62, "New packaging", true), (20, "Talked to the landlord", false)] {
        let day = &owner.site.score(&format!("range={ago}d")).await["query"]["from"];
        let note = json!({ "day": day, "text": text, "public": is_public });
        assert_eq!(owner.site.owner_post("notes", &note).await.status, 201);
    }
    let created = owner.site.owner_post("keys", &json!({ "role": "share" })).await.json();
    let key = created["key"].as_str().unwrap();
    owner.browser.goto(&owner.address(&format!("#share={key}&site={}", owner.site.id))).await;
    owner.until_text("shared snapshot").await;
    owner.until_text("Line: score of each week, with its 95% range.").await;
    let name = "document.querySelector('[aria-label=Site]').selectedOptions[0].text";
    assert_eq!(owner.value(name).await, "Shared snapshot");
    owner.until_text("New packaging").await;
    owner.browser.until("document.querySelector('.chart svg .line')?.getAttribute('d')").await;
    assert_eq!(owner.value("document.body.textContent.includes('landlord')").await, false);
    check(&owner, "share").await;
}

#[tokio::test]
async fn signing_in_and_the_list_of_sites_fit_and_are_accessible() {
    let owner = Owner::start_alone(Engine::Chromium, Window::DESKTOP).await;
    owner.browser.goto(&owner.address("")).await;
    owner.browser.until("document.querySelector('#key')").await;
    check(&owner, "sign-in").await;
    owner.fill("#key", owner.collector.admin_token()).await;
    owner.press_button("Sign in").await;
    owner.until_text("Kettle Row").await;
    owner.press_button("New owner key").await;
    owner.until_text("Store this key now").await;
    check(&owner, "sites").await;
}

#[tokio::test]
async fn the_comments_fit_and_are_accessible_in_every_window() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    store_comments(&owner).await;
    let long = "The tea is good. ".repeat(60);
    let id = id_at(now_ms() - 2 * 3_600_000);
    owner
        .site
        .store(json!({
            "id": id, "score": 4, "shown": true, "comment": long, "user": "ben",
            "contact": "ben@shop.example",
            "properties": { "plan": "team", "country": "Portugal" }, "answers": { "missing": "Green tea" },
        }))
        .await;
    let change = json!({ "tags": ["delivery", "tin"], "note": "Called him.", "assignee": "Eve" });
    assert_eq!(owner.site.owner_request("PATCH", &format!("responses/{id}"), change).await.status, 200);
    owner.open("&view=comments").await;
    owner.until_text("Parcel came late and the tin").await;
    check(&owner, "comments").await;
    owner.open(&format!("&view=comments&response={id}")).await;
    owner.until_text("This is the only response").await;
    check(&owner, "comments-detail").await;
    owner.open("&view=comments&consent=quote").await;
    owner.until_text("Copy as HTML").await;
    check(&owner, "comments-quotes").await;
    owner.open("&view=comments&tag=nothing&q=tea").await;
    owner.until_text("No comments match").await;
    check(&owner, "comments-empty").await;
}

#[tokio::test]
async fn the_demo_opens_on_the_owners_page_with_its_planted_change() {
    let folder = TempDir::with_prefix("grapevine-test-").unwrap();
    let demo = Demo::start(&folder.path().join("data"));
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(demo.owner_page()).await;
    let has = |text: &str| format!("document.body.textContent.includes({})", json!(text));
    browser.until(&has("2,100 responses")).await;
    browser.until(&has("more than chance usually explains. Mostly plan: subscription (")).await;
    browser.until("document.querySelector('.flag.automatic') && document.querySelector('.dots li')").await;
    check_page(&browser, "demo-overview-all").await;
    let site = browser.run("return new URLSearchParams(location.search).get('site');").await;
    let site = site.as_str().unwrap();
    for (query, text, name) in [
        ("", "Mostly plan: subscription (", "demo-overview"),
        ("&view=comments", "comments so far, from", "demo-comments"),
        ("&view=install", "Google Tag Manager", "demo-install"),
        ("&view=settings", "Time zone", "demo-settings"),
    ] {
        browser.goto(&format!("{}/?site={site}{query}", demo.collector)).await;
        browser.until(&has(text)).await;
        check_page(&browser, name).await;
    }

    // A comment that is worked on.
    browser.goto(&format!("{}/?site={site}&view=comments", demo.collector)).await;
    browser.until(&has("comments so far, from")).await;
    browser.press("jjo".chars()).await;
    browser.until("document.querySelector('.detail .full')").await;
    browser.press(['t']).await;
    browser.until("document.activeElement.id === 'add-tag'").await;
    browser.press("voucher".chars().chain([key::ENTER])).await;
    browser.until(&has("Tagged “voucher”.")).await;
    let in_progress = "[...document.querySelectorAll('.detail .segments button')]
        .find((it) => it.textContent == 'In progress').click();";
    browser.run(in_progress).await;
    browser.until("document.querySelector('.voice .state')?.textContent.startsWith('In progress')").await;
    check_page(&browser, "demo-comments-detail").await;
}

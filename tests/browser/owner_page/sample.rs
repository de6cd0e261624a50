//! Looking around with sample data, before a site has responses.

use serde_json::{Value, json};
use tests::{Engine, Window, in_each_engine, key};

use super::Owner;

const BANNER: &str = "Sample data of a made-up shop. This is its overview. Nothing here is yours.";
const LINK: &str = "[...document.querySelectorAll('main a')].find((it) => it.text.startsWith('Look around'))";
const HAS_BANNER: &str = "Boolean(document.querySelector('aside.sample'))";
const STORED: &str = "JSON.stringify([{ ...localStorage }, { ...sessionStorage }])";
/// Records the method and the address of each request from now on.
const RECORD: &str = "window.sent = [];
    const real = window.fetch;
    window.fetch = (url, options) => {
        window.sent.push([options?.method ?? 'GET', new URL(url, location).pathname]);
        return real(url, options);
    };";

/// Waits until the overview of the sample is complete.
async fn until_sample(owner: &Owner) {
    owner.until_text(BANNER).await;
    owner.browser.until("document.querySelectorAll('.voices .comment').length == 5").await;
    owner.browser.until("document.querySelector('.chart svg .line')?.getAttribute('d')").await;
    owner.browser.until("document.querySelector('.number') && document.querySelector('.dots li')").await;
}

async fn select(owner: &Owner, label: &str, value: &str) {
    let find = format!("select[aria-label={}] option[value={}]", json!(label), json!(value));
    owner.browser.until(&format!("document.querySelector({})", json!(find))).await;
    let choose = format!(
        "const option = document.querySelector({}); const select = option.closest('select');
        select.value = option.value; select.dispatchEvent(new Event('change', {{ bubbles: true }}));",
        json!(find)
    );
    owner.browser.run(&choose).await;
}

/// Presses the link to the sample data by keyboard.
async fn look_around(owner: &Owner) {
    owner.browser.until(LINK).await;
    owner.browser.run(&format!("{LINK}.focus();")).await;
    owner.browser.press([key::ENTER]).await;
}

async fn back_to_my_site(owner: &Owner) {
    owner.browser.run("document.querySelector('aside.sample a').focus();").await;
    owner.browser.press([key::ENTER]).await;
    owner.until_text("No responses in these days").await;
    assert_eq!(owner.value(HAS_BANNER).await, false);
}

async fn an_owner_without_responses_looks_around_and_comes_back(engine: Engine) {
    let owner = Owner::start(engine, Window::DESKTOP).await;
    owner.open("").await;
    owner.browser.until(LINK).await;
    owner.browser.run(RECORD).await;
    let stored = owner.value(STORED).await;
    look_around(&owner).await;
    until_sample(&owner).await;
    owner.browser.until("document.activeElement.id == 'main'").await;
    assert_eq!(owner.value("document.title").await, "Kettle Row (sample data) · Overview · Grapevine");
    owner.assert_accessible().await;
    owner.browser.picture("sample").await;

    // What is loaded at intervals is answered here as well.
    owner.browser.run("window.dispatchEvent(new Event('online'));").await;
    select(&owner, "Days", "all").await;
    owner.until_text("· 2,100 responses").await;
    assert_eq!(owner.value("document.querySelector('.number').textContent.trim()").await, "45");
    select(&owner, "Filter by", "plan").await;
    select(&owner, "Value of plan", "=subscription").await;
    owner.until_text("of 2,100 responses").await;
    select(&owner, "Days", "30d").await;
    owner.until_text("the 30 days before").await;
    assert_eq!(owner.value("document.querySelectorAll('main form, main [type=checkbox]').length").await, 0);
    let sent = owner.value("window.sent").await;
    let is_asset = |it: &Value| it[0] == "GET" && it[1].as_str().is_some_and(|path| path.starts_with("/a/"));
    assert!(sent.as_array().is_some_and(|sent| sent.iter().all(is_asset)), "{sent}");
    assert_eq!(owner.value(STORED).await, stored);

    back_to_my_site(&owner).await;
    owner.browser.until("document.activeElement.id == 'main'").await;
    assert_eq!(owner.value("location.search").await, format!("?site={}", owner.site.id));
    assert_eq!(owner.value("document.title").await, "Kettle Row · Overview · Grapevine");
    let score = owner.site.score("range=all").await;
    assert_eq!((&score["scored"], &score["shown"]), (&json!(0), &json!(0)), "{score}");

    // The address has it all.
    owner.browser.run("history.back();").await;
    owner.until_text("the 30 days before").await;
    owner.browser.reload().await;
    until_sample(&owner).await;
    owner.until_text("the 30 days before").await;
    owner.browser.until("document.querySelector('.chip').textContent.includes('subscription')").await;
}
in_each_engine!(an_owner_without_responses_looks_around_and_comes_back);

#[tokio::test]
async fn a_read_key_shows_the_sample_with_its_comments() {
    let owner =
        Owner::start(Engine::Chromium, Window { width: 320, height: 640, ..Window::DESKTOP }.dark()).await;
    owner.open_with(&owner.site.read.clone(), "").await;
    look_around(&owner).await;
    until_sample(&owner).await;
    owner.assert_accessible().await;
    let is_wide = "document.documentElement.scrollWidth > innerWidth";
    assert_eq!(owner.value(is_wide).await, false);
    owner.browser.picture("sample-320-dark").await;
    // The banner is seen wherever the page is scrolled to.
    owner.browser.run("window.scrollTo(0, document.body.scrollHeight);").await;
    owner.browser.until("window.scrollY > 500").await;
    assert_eq!(owner.value("document.querySelector('aside.sample').getBoundingClientRect().top").await, 0);
    back_to_my_site(&owner).await;
}

#[tokio::test]
async fn the_page_install_leads_to_the_sample_too() {
    let owner = Owner::start(Engine::Chromium, Window { width: 390, height: 844, ..Window::DESKTOP }).await;
    owner.open("&view=install").await;
    owner.until_text("Add the tag").await;
    owner.browser.until(LINK).await;
    owner.assert_accessible().await;
    owner.browser.picture("sample-install").await;
    look_around(&owner).await;
    until_sample(&owner).await;
    owner.browser.picture("sample-390").await;
    owner.browser.back().await;
    owner.until_text("Add the tag").await;
    assert_eq!(owner.value(HAS_BANNER).await, false);
}

#[tokio::test]
async fn a_site_with_responses_never_shows_the_sample() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner.import(20, 4, |_, nth| 10 - nth).await;
    let share = owner.site.owner_post("keys", &json!({ "role": "share" })).await.json();
    let share = share["key"].as_str().expect("a key").to_owned();
    let watch =
        "new MutationObserver(() => { window.wasShown ||= document.body?.innerText.includes('oolong'); })
        .observe(document, { subtree: true, childList: true });";
    owner.browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": watch })).await;
    for key in [&owner.site.owner, &owner.site.read, &share] {
        owner.open_with(key, "&view=sample").await;
        owner.browser.until("document.querySelector('.number')").await;
        owner.browser.until("!location.search.includes('view=')").await;
        assert_eq!(owner.value(HAS_BANNER).await, false);
        assert_eq!(owner.value("document.body.innerText.includes('Look around')").await, false);
        assert_eq!(owner.value("Boolean(window.wasShown)").await, false);
    }
    // Days without a response are no site without responses.
    owner.open("&from=2020-01-01&to=2020-01-07").await;
    owner.until_text("No responses in these days").await;
    owner.browser.until("document.querySelector('.voices + .soft')").await;
    assert_eq!(owner.value(LINK).await, Value::Null);
}

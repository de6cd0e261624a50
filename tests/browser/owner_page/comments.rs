//! The list of comments: what it shows, how it is filtered, and what stands in its place.

use serde_json::{Value, json};
use tests::{Engine, Window, id_at, in_each_engine, key, now_ms};

use super::Owner;

/// Text of a visitor who tries to run a script.
pub const HOSTILE: &str = "<img src=x onerror=\"window.hostile=1\"> </p><script>window.hostile=1</script>";
/// Texts of the comments that are listed, the topmost first.
pub const LISTED: &str =
    "[...document.querySelectorAll('.voice .comment')].map((it) => it.textContent).join('|')";

/// Texts that `store` stores, the newest first.
const NEWEST_FIRST: &str =
    "Parcel came late|Staff knew exactly which oolong|Porto ist zu hoch|Fine|Tin was dented";

/// Stores what six visitors said in the last minutes, one of them a score alone. Returns their ids.
pub async fn store(owner: &Owner) -> Vec<String> {
    let mut ids = vec![];
    for (minutes, score, plan, comment, more) in [
        (1, 3, "pro", "Parcel came late", json!({ "contact": "ann@shop.example", "user": "ann" })),
        (2, 9, "free", "Staff knew exactly which oolong", json!({ "consents": ["quote"], "user": "ann" })),
        (3, 7, "team", "Porto ist zu hoch", json!({ "lang": "de" })),
        (4, 8, "pro", "Fine", json!({ "user": "ben" })),
        (
            5,
            0,
            "free",
            "Tin was dented",
            json!({ "answers": { "missing": "A better box" }, "page": "/tins" }),
        ),
        (6, 10, "free", "", json!({})),
    ] {
        let id = id_at(now_ms() - minutes * 60_000);
        let mut message = json!({
            "id": id, "score": score, "shown": true, "elapsed_ms": 4_000, "properties": { "plan": plan },
        });
        if !comment.is_empty() {
            message["comment"] = comment.into();
        }
        if let (Some(message), Some(more)) = (message.as_object_mut(), more.as_object()) {
            message.extend(more.clone());
        }
        owner.site.store(message).await;
        ids.push(id);
    }
    ids
}

/// Opens the comments of a new site.
pub async fn open(engine: Engine, window: Window, query: &str) -> (Owner, Vec<String>) {
    let owner = Owner::start(engine, window).await;
    let ids = store(&owner).await;
    owner.open(&format!("&view=comments{query}")).await;
    owner.browser.until("document.querySelector('.voice')").await;
    (owner, ids)
}

/// Waits until these comments are listed.
pub async fn until_listed(owner: &Owner, texts: &str) {
    owner.browser.until(&format!("{LISTED} === {}", json!(texts))).await;
}

/// Returns a response as the API has it.
pub async fn stored(owner: &Owner, id: &str) -> Value {
    owner.site.owner_get(&format!("responses/{id}")).await
}

/// Selects the comment with that id.
pub async fn select(owner: &Owner, id: &str) {
    owner.browser.click_page(&format!("li:has([id='open-{id}']) [type=checkbox]")).await;
}

async fn an_owner_finds_opens_tags_and_finishes_a_comment(engine: Engine) {
    let (owner, ids) = open(engine, Window::DESKTOP, "").await;
    until_listed(&owner, NEWEST_FIRST).await;
    let first = owner.value("document.querySelector('.voice .facts').innerText").await;
    for part in ["3 detractor", "min ago", "plan: pro", "has a contact", "Open, due in"] {
        assert!(first.as_str().unwrap().contains(part), "{part} in {first}");
    }

    owner.press_button("Detractors").await;
    until_listed(&owner, "Parcel came late|Tin was dented").await;
    assert_eq!(owner.value("location.search.includes('category=detractor')").await, true);
    let details = format!("document.getElementById('open-{}')", ids[0]);
    let name = owner.value(&format!("{details}.ariaLabel")).await;
    assert_eq!(owner.value(&format!("{details}.textContent")).await, "Details");
    assert!(name.as_str().unwrap().starts_with("Details of the comment with score 3, "), "{name}");
    owner.browser.click_page(&format!("[id='open-{}']", ids[0])).await;
    owner.browser.until("document.querySelector('.detail #add-tag')").await;
    owner.browser.until("document.querySelector('.detail .full').textContent === 'Parcel came late'").await;
    owner.browser.click_page("#add-tag").await;
    owner.browser.press("late".chars().chain([key::ENTER])).await;
    owner.until_text("Tagged “late”.").await;
    owner.press_button("Done").await;
    owner.until_text("Marked as done.").await;
    let done = stored(&owner, &ids[0]).await;
    assert_eq!((&done["state"], &done["tags"]), (&json!("done"), &json!(["late"])));
    // The row stays where it is, greyed.
    assert_eq!(owner.value("document.querySelector('.voice').matches('.settled')").await, true);
    owner.press_button("Undo").await;
    owner.until_text("Undone.").await;
    assert_eq!(stored(&owner, &ids[0]).await["state"], "open");
    owner.browser.until("!document.querySelector('.settled')").await;
    owner.assert_accessible().await;

    // All of it is in the address.
    owner.browser.reload().await;
    owner.browser.until("document.querySelector('.detail .full')").await;
    until_listed(&owner, "Parcel came late|Tin was dented").await;
    owner.browser.back().await;
    owner.browser.until("!document.querySelector('.detail')").await;
    owner.browser.back().await;
    until_listed(&owner, NEWEST_FIRST).await;
}

in_each_engine!(an_owner_finds_opens_tags_and_finishes_a_comment);

#[tokio::test]
async fn each_filter_is_in_the_address_and_an_empty_list_names_which_to_drop() {
    let (owner, ids) = open(Engine::Chromium, Window::DESKTOP, "").await;
    let change = json!({ "tags": ["odd"] });
    assert_eq!(owner.site.owner_request("PATCH", &format!("responses/{}", ids[3]), change).await.status, 200);
    let change = json!({ "state": "in_progress" });
    assert_eq!(owner.site.owner_request("PATCH", &format!("responses/{}", ids[4]), change).await.status, 200);
    for (query, texts) in [
        ("&category=promoter", "Staff knew exactly which oolong"),
        ("&tag=odd", "Fine"),
        ("&q=oolong+STAFF", "Staff knew exactly which oolong"),
        ("&lang=de", "Porto ist zu hoch"),
        ("&contact=yes", "Parcel came late"),
        ("&consent=quote", "Staff knew exactly which oolong"),
        ("&plan=free", "Staff knew exactly which oolong|Tin was dented"),
        ("&state=in_progress", "Tin was dented"),
        // What is due first is on top, before what is never due.
        ("&state=to_do", "Tin was dented|Parcel came late|Fine|Staff knew exactly which oolong"),
    ] {
        owner.open(&format!("&view=comments{query}")).await;
        until_listed(&owner, texts).await;
    }

    owner.open("&view=comments&category=promoter&plan=team").await;
    owner.until_text("No comments match").await;
    let offered = "[...document.querySelectorAll('.notice .chip')].map((it) => it.ariaLabel).join('|')";
    assert_eq!(owner.value(offered).await, "Drop the filter only promoters|Drop the filter plan: team");
    owner.assert_accessible().await;
    owner.browser.click_page("[aria-label='Drop the filter only promoters']").await;
    until_listed(&owner, "Porto ist zu hoch").await;
    assert_eq!(owner.value("location.search.includes('category')").await, false);

    owner.fill("#search", "nobody says this").await;
    owner.until_text("All of these filters hold at once").await;
    assert_eq!(owner.value("location.search.includes('q=nobody+says+this')").await, true);
}

#[tokio::test]
async fn a_long_list_is_loaded_page_by_page_and_each_comment_is_there_once() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner.import(80, 4, |ago, _| ago % 11).await;
    owner.open("&view=comments").await;
    owner.browser.until("document.querySelectorAll('.voice').length >= 25").await;
    let count = "document.querySelectorAll('.voice').length";
    let begin = owner.value(count).await.as_u64().unwrap();
    assert!(begin < 70, "{begin} at once");
    owner.browser.run("window.scrollTo(0, document.body.scrollHeight);").await;
    owner.browser.until(&format!("{count} > {begin}")).await;
    let more = "[...document.querySelectorAll('button')].find((it) => it.textContent.trim() === 'Show more')";
    owner.browser.until(&format!("{count} === 80 || ({more}?.click(), false)")).await;
    owner.browser.until(&format!("!{more}")).await;
    assert_eq!(owner.value(&format!("new Set({LISTED}.split('|')).size")).await, 80);
    owner.until_text("80 comments from 320 responses").await;
}

#[tokio::test]
async fn a_read_key_is_told_what_it_lacks() {
    let owner = Owner::start(Engine::Chromium, Window::PHONE).await;
    store(&owner).await;
    owner.open_with(&owner.site.read, "&view=comments").await;
    owner.until_text("Comments need an owner key. You are signed in with a read key.").await;
    owner.assert_accessible().await;
    let requests = owner.browser.requests(&owner.collector.url()).await;
    assert!(!requests.iter().any(|path| path.contains("/responses")), "{requests:?}");
}

#[tokio::test]
async fn an_empty_site_and_a_lost_connection_are_explained() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner.open("&view=comments&range=all").await;
    owner.until_text("Nobody has written yet").await;
    owner.assert_accessible().await;
    store(&owner).await;
    owner.browser.reload().await;
    until_listed(&owner, NEWEST_FIRST).await;
    owner.browser.offline(true).await;
    owner.press_button("Reload").await;
    owner.until_text("No connection").await;
    until_listed(&owner, NEWEST_FIRST).await;
    owner.browser.offline(false).await;
    owner.press_button("Try again").await;
    owner.browser.until("!document.querySelector('.notice')").await;
}

#[tokio::test]
async fn texts_of_strangers_are_shown_as_text() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    let id = id_at(now_ms());
    owner
        .site
        .store(json!({
            "id": id, "score": 2, "shown": true, "comment": HOSTILE, "contact": HOSTILE, "user": HOSTILE,
            "properties": { "plan": HOSTILE, "<b>x": "y" }, "page": "/<img src=x onerror='window.hostile=1'>",
            "consents": ["quote"], "answers": { "missing": HOSTILE },
        }))
        .await;
    let change = json!({ "tags": ["<img src=x onerror=hostile=1>"], "note": HOSTILE, "assignee": HOSTILE });
    assert_eq!(owner.site.owner_request("PATCH", &format!("responses/{id}"), change).await.status, 200);
    owner.open(&format!("&view=comments&consent=quote&response={id}")).await;
    owner.browser.until("document.querySelector('.detail .full')").await;
    owner.browser.until("document.querySelector('.detail .chip')").await;
    for place in [".voice .comment", ".detail .full", ".detail .contact bdi"] {
        assert_eq!(owner.value(&format!("document.querySelector('{place}').textContent")).await, HOSTILE);
    }
    assert_eq!(owner.value("document.querySelectorAll('img, .voice script, .detail b').length").await, 0);
    assert_eq!(owner.value("'hostile' in window").await, false);
    assert_eq!(owner.value("document.querySelectorAll('a[href^=mailto]').length").await, 0);
}

#[tokio::test]
async fn quotes_are_copied_as_text_and_html_without_a_name() {
    let (owner, _) = open(Engine::Chromium, Window::DESKTOP, "&consent=quote").await;
    owner.browser.run("navigator.clipboard.writeText = async (text) => { window.copied = text; };").await;
    let month = owner
        .value(
            "new Date(Date.now() - 12e4)
                .toLocaleString('en-GB', { timeZone: 'UTC', month: 'short', year: 'numeric' })
                .replace('Sept', 'Sep')",
        )
        .await;
    let month = month.as_str().unwrap();
    owner.press_button("Copy as text").await;
    let text = format!("“Staff knew exactly which oolong” (9 of 10, {month})");
    owner.browser.until(&format!("window.copied === {}", json!(text))).await;
    owner.press_button("Copy all as HTML").await;
    let html = format!("<p>Staff knew exactly which oolong</p><footer lang=\"en\">9 of 10, {month}</footer>");
    owner.browser.until(&format!("window.copied.includes({})", json!(html))).await;
    owner.assert_accessible().await;
}

//! Notes and alarms that the overview makes itself, and the comments that it leads to.

use serde_json::json;
use tests::ids::iso;
use tests::{DAY_MS, Engine, Window, id_at, key, now_ms};

use super::Owner;

/// A shop whose score has fallen three weeks ago, by one plan.
pub async fn after_a_fall() -> Owner {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner
        .import(84, 6, |ago, nth| {
            let is_pro = (ago + nth) % 3 == 1;
            match (is_pro && ago < 21, nth % 3) {
                (true, _) => [2, 7, 4][(ago % 3) as usize],
                (false, 0) => 7,
                (false, _) => 9,
            }
        })
        .await;
    owner
}

#[tokio::test]
async fn a_move_of_the_score_is_a_note_with_the_group_that_drives_it() {
    let owner = after_a_fall().await;
    owner.open("").await;
    owner.until_text("from this day, more than chance usually explains. Mostly plan: pro (").await;
    owner.browser.until("document.querySelector('.flag.automatic')").await;
    owner.until_text("1 note").await;

    // Filtered by the plan, the move is there and has no groups. Another plan has not moved.
    owner.open("&plan=pro").await;
    owner.until_text("from this day, more than chance usually explains.").await;
    owner.open("&plan=free").await;
    owner.until_text("168 of 504 responses").await;
    owner.browser.until("document.querySelector('.dots li')").await;
    assert_eq!(owner.value("document.querySelector('.flag.automatic')").await, json!(null));

    let survey = json!({ "delay_seconds": 20 });
    assert_eq!(owner.site.owner_request("PUT", "survey", survey).await.status, 200);
    owner.open("").await;
    owner.until_text("The survey was changed (version 2).").await;
    owner.until_text("2 notes").await;
    owner.browser.run("document.querySelector('.notes').closest('details').open = true;").await;
    owner.until_text("Mostly plan: pro").await;
    owner.assert_accessible().await;
}

/// A shop whose tag was last seen four days ago, and whose webhook is paused.
pub async fn with_alarms() -> Owner {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner.import(20, 4, |_, nth| 10 - nth).await;
    let seen = iso(now_ms() - 4 * DAY_MS);
    let usage = json!({ "tag": [
        { "origin": "https://shop.example", "last_seen_at": seen, "listed": true },
    ] });
    let webhooks = json!({ "webhooks": [
        {
            "id": "3v7p1b2qk9r4m8x0y5z6", "name": "<b>Slack</b>", "url": "https://hooks.example/",
            "paused_at": seen, "paused_why": "Deliveries failed for three days.",
        },
    ] });
    let replies = format!(
        "const known = {{ usage: {usage}, webhooks: {webhooks} }}, real = window.fetch;
        window.fetch = (address, options) => {{
            const reply = known[String(address).split('/').pop()];
            return reply ? Promise.resolve(new Response(JSON.stringify(reply))) : real(address, options);
        }};"
    );
    owner.browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": replies })).await;
    owner.open("").await;
    owner
}

#[tokio::test]
async fn a_tag_that_is_gone_and_a_paused_webhook_are_named() {
    let owner = with_alarms().await;
    owner.until_text("The tag was last seen 4 days ago, on shop.example. Is it still on the page?").await;
    owner.until_text("The webhook “<b>Slack</b>” is paused: deliveries failed for three days.").await;
    owner.assert_accessible().await;
    owner.browser.click_page("main a[href*='view=install']").await;
    owner.until_text("Google Tag Manager").await;
}

#[tokio::test]
async fn the_overview_leads_to_the_comments_behind_it() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner.import(60, 3, |ago, nth| (ago + nth) % 11).await;
    let id = id_at(now_ms() - 60_000);
    let message = json!({
        "id": id, "score": 2, "shown": true, "comment": "The tin was dented.", "contact": "ann@shop.example",
    });
    owner.site.store(message).await;

    owner.open("&plan=pro").await;
    owner.until_text("Work through them").await;
    owner.browser.click_page("a[href*='state=to_do']").await;
    // All that is to do, whatever the days and the filter.
    owner.until_text("The tin was dented.").await;
    owner.browser.until("document.querySelectorAll('li.voice').length == 1").await;
    assert_eq!(owner.value("new URLSearchParams(location.search).get('range')").await, "all");

    owner.open("").await;
    owner.browser.until(&format!("document.querySelector('.voices a[href*=\"{id}\"]')")).await;
    owner.browser.click_page(&format!(".voices a[href*='{id}']")).await;
    owner
        .browser
        .until("document.querySelector('.detail .full')?.textContent == 'The tin was dented.'")
        .await;

    // A step of the trend, by keyboard and by a click.
    owner.open("").await;
    owner.browser.until("document.querySelector('.chart svg .line')?.getAttribute('d')").await;
    owner.browser.run("document.querySelector('[role=slider]').focus();").await;
    owner.browser.press([key::END, key::LEFT]).await;
    let step = "document.querySelector('[role=slider]')";
    owner.browser.until(&format!("{step}.ariaValueNow == {step}.ariaValueMax - 1")).await;
    owner.browser.press(['\u{e007}']).await;
    owner.until_text("7 comments from").await;
    let days = "new URLSearchParams(location.search)";
    let from = owner.value(&format!("Date.parse({days}.get('to')) - Date.parse({days}.get('from'))")).await;
    assert_eq!(from, 6 * DAY_MS);
    owner.browser.back().await;
    owner.browser.until("document.querySelector('.chart svg .line')?.getAttribute('d')").await;
    owner.browser.click_page(".chart").await;
    owner.until_text("7 comments from").await;
}

#[tokio::test]
async fn a_chart_is_copied_as_a_picture() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner.import(60, 3, |ago, nth| (ago + nth) % 11).await;
    owner.open("").await;
    owner
        .browser
        .until("document.querySelector('.chart svg .line') && document.querySelector('.dots li')")
        .await;
    let take = "navigator.clipboard.write = async ([item]) => {
        const picture = await createImageBitmap(await item.getType('image/png'));
        const canvas = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
        canvas.drawImage(picture, 0, 0);
        const pixels = canvas.getImageData(0, 0, picture.width, picture.height).data;
        const dark = pixels.filter((value, place) => place % 4 == 0 && value < 128).length;
        window.pictures = [...window.pictures ?? [], [picture.width, pixels[0], dark > 3000]];
    };";
    owner.browser.run(take).await;
    owner.browser.run("for (const it of document.querySelectorAll('.data')) it.open = true;").await;
    let press = "[...document.querySelectorAll('button')].filter((it) => it.textContent == 'Copy as PNG')
        .forEach((it) => it.click());";
    owner.browser.run(press).await;
    owner.browser.until("window.pictures?.length == 3").await;
    assert_eq!(owner.value("window.pictures").await, json!(vec![json!([1920, 255, true]); 3]));

    // Where the browser copies no pictures, it is saved.
    let refuse = "navigator.clipboard.write = async () => { throw new Error('no'); };
        HTMLAnchorElement.prototype.click = function () { window.saved = this.download; };";
    owner.browser.run(refuse).await;
    owner.browser.run(press).await;
    owner.until_text("Saved as chart.png").await;
    assert_eq!(owner.value("window.saved").await, "chart.png");
    assert_eq!(owner.browser.console().await, [""; 0], "the policy allows it");
}

//! The weekly look: the number and whether it has changed, a filter over everything, groups.

use serde_json::json;
use tests::{Engine, Window, in_each_engine, key};

use super::Owner;

/// Scores whose mean depends on the plan.
fn by_plan(ago: u64, nth: u64) -> u64 {
    match (ago + nth) % 3 {
        1 => [10, 9, 9, 10, 8][(ago % 5) as usize],
        _ => [2, 9, 7, 6, 10][(ago % 5) as usize],
    }
}

async fn select(owner: &Owner, label: &str, option: &str) {
    let find = format!(
        "[...document.querySelector('select[aria-label={}]')?.options ?? []]
            .find((it) => it.text.startsWith({}))",
        json!(label),
        json!(option)
    );
    owner.browser.until(&find).await;
    let choose = format!(
        "const option = {find}; const select = option.closest('select'); select.value = option.value;
        select.dispatchEvent(new Event('change', {{ bubbles: true }}));"
    );
    owner.browser.run(&choose).await;
}

async fn the_number_its_range_and_a_filter_over_everything(engine: Engine) {
    let owner = Owner::start(engine, Window::DESKTOP).await;
    owner.import(60, 4, by_plan).await;
    owner.open("&range=30d").await;
    let score = owner.site.score("range=30d&compare=previous").await;
    let shown = |number: &serde_json::Value| {
        let rounded = nps::round(number.as_f64().unwrap(), 0);
        if rounded < 0.0 { format!("−{}", -rounded) } else { format!("{rounded}") }
    };
    let expected = shown(&score["score"]);
    owner
        .browser
        .until(&format!("document.querySelector('.number')?.textContent.trim() == {}", json!(expected)))
        .await;
    let interval = &score["interval95"];
    owner
        .until_text(&format!("{} to {} · 120 responses", shown(&interval["low"]), shown(&interval["high"])))
        .await;
    owner.until_text("the 30 days before").await;
    owner.until_text("Parcel 0 came late").await;
    owner.browser.picture("owner-main-job").await;

    // The filter is in the address and changes the numbers, the comments and the counts alike.
    select(&owner, "Filter by", "plan").await;
    select(&owner, "Value of plan", "pro").await;
    owner.until_text("40 of 120 responses").await;
    owner.browser.until("!document.body.textContent.includes('Parcel 0 came late')").await;
    let filtered = owner.site.score("range=30d&filter[plan]=pro").await;
    let expected = shown(&filtered["score"]);
    owner
        .browser
        .until(&format!("document.querySelector('.number')?.textContent.trim() == {}", json!(expected)))
        .await;
    assert_eq!(owner.value("new URLSearchParams(location.search).get('plan')").await, "pro");
    // WebKit's own button skips what a script has done without a person.
    owner.browser.run("history.back();").await;
    owner.until_text("· 120 responses").await;
    owner.browser.run("history.forward();").await;
    owner.until_text("40 of 120 responses").await;
    owner.browser.reload().await;
    owner.until_text("40 of 120 responses").await;
    owner.browser.click_page(".chip").await;
    owner.until_text("· 120 responses").await;

    // A group that differs is named, and a press on it is a filter.
    owner.until_text("pro (").await;
    owner.until_text("is higher than the others").await;
    owner.press_button("free").await;
    owner.until_text("40 of 120 responses").await;
    assert_eq!(owner.value("new URLSearchParams(location.search).get('plan')").await, "free");
}

in_each_engine!(the_number_its_range_and_a_filter_over_everything);

#[tokio::test]
async fn the_trend_is_read_by_keyboard_and_as_a_table_and_copied() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner.import(60, 3, |ago, nth| (ago + nth) % 11).await;
    owner.open("").await;
    owner.browser.until("document.querySelector('.chart svg .line')?.getAttribute('d')").await;
    owner.browser.run("document.querySelector('[role=slider]').focus();").await;
    let place = async || owner.value("document.querySelector('[role=slider]').ariaValueNow").await;
    owner.browser.press([key::HOME]).await;
    owner.browser.until("document.querySelector('[role=slider]').ariaValueText.startsWith('Week to')").await;
    assert_eq!(place().await, "0");
    owner.browser.press([key::RIGHT, key::RIGHT]).await;
    owner.browser.until("document.querySelector('[role=slider]').ariaValueNow == '2'").await;
    owner.browser.press([key::END, key::LEFT]).await;
    let last = owner.value("document.querySelector('[role=slider]').ariaValueMax - 1").await;
    owner.browser.until(&format!("document.querySelector('[role=slider]').ariaValueNow == '{last}'")).await;
    let readout = owner.value("document.querySelector('.readout').textContent").await;
    assert!(readout.as_str().unwrap().contains("21 responses"), "{readout}");

    let rows = "document.querySelectorAll('.trend .data tbody tr').length";
    assert_eq!(owner.value(rows).await, 0);
    owner.browser.click_page(".trend .data summary").await;
    owner.browser.until(&format!("{rows} > 10")).await;
    owner.browser.run("navigator.clipboard.writeText = async (text) => { window.copied = text; };").await;
    owner.browser.click_page(".trend .data .button").await;
    owner.browser.until("window.copied").await;
    let csv = owner.value("window.copied").await;
    let csv: Vec<&str> = csv.as_str().unwrap().lines().collect();
    assert_eq!(csv[0], "From,To,Responses,Score,Low,High");
    assert_eq!(csv.len() as u64 - 1, owner.value(rows).await.as_u64().unwrap());
    assert!(csv.iter().all(|line| line.split(',').count() == 6 && !line.contains('−')), "{csv:?}");

    // A year of days.
    owner
        .browser
        .goto(&owner.address(&format!("?site={}&from=2024-01-01&to=2024-12-31&interval=day", owner.site.id)))
        .await;
    owner.until_text("No responses in these days").await;
    assert_eq!(owner.value("document.querySelector('[role=slider]').ariaValueMax").await, "365");
}

#[tokio::test]
async fn a_note_is_added_with_its_effect_and_deleted() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner.import(60, 4, |ago, nth| if ago < 20 { 10 - nth } else { nth }).await;
    owner.open("").await;
    let summary =
        "[...document.querySelectorAll('summary')].find((it) => it.textContent == 'Note what you changed')";
    owner.browser.until(summary).await;
    owner.browser.run(&format!("{summary}.click();")).await;
    let day = owner.site.score("range=20d").await["query"]["from"].as_str().unwrap().to_owned();
    owner.fill("[aria-label='Day of the change']", &day).await;
    owner.fill("[aria-label='What you changed']", "New <b>packaging</b>").await;
    owner.browser.click_page("form.row .check input").await;
    owner.press_button("Add").await;
    owner.until_text("New <b>packaging</b>. Up").await;
    owner.until_text("more than chance usually explains").await;
    owner.browser.until("document.querySelector('.flag:not(.automatic)')").await;
    owner.browser.run("document.querySelector('.notes').closest('details').open = true;").await;
    for (button, is_public) in [("Make private", false), ("Make public", true)] {
        assert_eq!(owner.site.owner_get("notes").await["notes"][0]["public"], !is_public);
        owner.press_button(button).await;
        owner.until_text(if is_public { "Make private" } else { "Make public" }).await;
    }
    owner.press_button("×").await;
    owner.browser.until("!document.querySelector('.flag:not(.automatic)')").await;
    assert_eq!(owner.site.owner_get("notes").await["notes"], json!([]));
}

#[tokio::test]
async fn a_response_that_comes_while_the_page_is_open_is_announced() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner.import(10, 4, |_, nth| 10 - nth).await;
    owner.open("").await;
    owner.until_text("· 40 responses").await;
    // Details that the owner has opened stay open.
    owner.browser.run("document.querySelector('.score details').open = true;").await;
    owner.site.store(json!({ "id": tests::new_id(), "score": 8, "shown": true })).await;
    owner.browser.run("window.dispatchEvent(new Event('online'));").await;
    owner.until_text("Just now: an 8").await;
    owner.until_text("· 41 responses").await;
    assert_eq!(owner.value("document.querySelector('.score details').open").await, true);
}

#[tokio::test]
async fn the_exact_time_is_in_the_zone_of_the_site_and_names_it() {
    let mut owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    let settings = json!({ "name": "Everest Tea", "timezone": "Asia/Kathmandu" });
    owner.site = owner.collector.create_site(settings).await;
    let message = json!({ "id": tests::new_id(), "score": 3, "shown": true, "comment": "Late." });
    owner.site.store(message).await;
    owner.open("").await;
    owner.browser.until("document.querySelector('.voices time')?.title.endsWith('GMT+5:45')").await;
}

#[tokio::test]
async fn another_site_is_added_and_switched_to_and_days_without_responses_lead_to_all() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    let other =
        owner.collector.create_site(json!({ "name": "Second shop", "retention": { "months": null } })).await;
    let lines: Vec<String> =
        (1..7).map(|day| json!({ "at": format!("2019-05-0{day}"), "score": 10 }).to_string()).collect();
    other.import(lines.join("\n"), "", "application/x-ndjson").await.ok();
    owner.import(10, 4, |_, nth| 10 - nth).await;
    owner.open("&plan=pro").await;
    owner.until_text("of 40 responses").await;
    select(&owner, "Site", "Add a site").await;
    owner.browser.until("document.querySelector('#key')").await;
    owner.fill("#key", &other.owner).await;
    owner.fill("#site", &other.id).await;
    owner.press_button("Sign in").await;
    owner.until_text("That is not a zero").await;
    assert_eq!(owner.value("new URLSearchParams(location.search).get('plan')").await, json!(null));
    owner.press_button("Show all days").await;
    owner.until_text("responses so far").await;
    select(&owner, "Site", "Kettle Row").await;
    owner.until_text("· 40 responses").await;
}

#[tokio::test]
async fn what_others_write_is_shown_as_text() {
    const HOSTILE: &str =
        "<img src=x onerror=\"window.hacked=1\"></option></script><script>window.hacked=1</script>";
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner.site.patch_settings(json!({ "name": HOSTILE, "properties": ["plan", "<b>x</b>"] })).await;
    for nth in 0..12 {
        let message = json!({
            "id": tests::new_id(), "score": nth % 11, "shown": true, "comment": HOSTILE,
            "properties": { "plan": HOSTILE, "<b>x</b>": HOSTILE },
        });
        owner.site.store(message).await;
    }
    let today = owner.site.score("range=1d").await["query"]["to"].clone();
    let note = owner.site.owner_post("notes", &json!({ "day": today, "text": HOSTILE })).await;
    assert_eq!(note.status, 201, "{note}");
    for query in
        ["", "&group=%3Cb%3Ex%3C%2Fb%3E&plan=%3Cimg+src%3Dx+onerror%3Dwindow.hacked%3D1%3E&q=%3Cimg%3E"]
    {
        owner.open(query).await;
        owner
            .browser
            .until("document.querySelector('.dots li') && document.querySelector('.chart svg')")
            .await;
        let texts = owner.value("document.documentElement.innerHTML").await;
        assert!(texts.as_str().unwrap().contains("&lt;img src"), "{texts}");
        let elements = "document.querySelectorAll('body img, body script, body b > img').length";
        assert_eq!(owner.value(elements).await, 0, "{query}");
        assert_eq!(owner.value("window.hacked ?? null").await, json!(null));
    }
    let switcher = owner.value("document.querySelector('[aria-label=Site]').selectedOptions[0].text").await;
    assert_eq!(switcher, HOSTILE);
}

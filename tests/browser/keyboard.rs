//! Without a mouse, on a small screen, in the dark.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, ServedPage, Site, Window, in_each_engine, key};

use tests::fixture_full_survey as full;

in_each_engine!(
    the_scale_is_one_tab_stop,
    the_survey_can_be_answered_by_keyboard,
    the_survey_can_be_dismissed_by_keyboard,
    the_card_fits_320_pixels_in_light_and_dark,
);

/// A page on an origin of its own, with a link before the survey and the tag.
pub async fn page(site: &Site, tag: &str) -> PageServer {
    PageServer::with_page(ServedPage::html(format!(
        "<!doctype html><html lang=en><meta name=viewport content='width=device-width'><title>A page</title>
         <script>addEventListener('error', (e) => (window.errors ??= []).push(String(e.message)));
         addEventListener('unhandledrejection', (e) => (window.errors ??= []).push(String(e.reason)));</script>
         <script async src='{}' data-view=1 {tag}></script>
         <main><h1>A page</h1><p>Some text and <a id=link href='#'>a link</a></p></main>",
        site.loader_url(),
    )))
    .await
}

/// Returns the element that has the focus, in the survey or in the page.
pub async fn focus(browser: &Browser) -> Value {
    browser
        .survey("const at = survey?.activeElement ?? document.activeElement; return at.value ?? at.id ?? at.tagName;")
        .await
}

async fn tab_back(browser: &Browser) {
    browser.chord([key::SHIFT, key::TAB]).await;
}

async fn the_scale_is_one_tab_stop(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(engine, Window::DESKTOP.still()).await;
    let body = "<main><h1>A page</h1><a id=before href='#'>Before</a><div id=here></div><a id=after href='#'>After</a></main>";
    let tag = "data-delay=0 data-mode=inline data-target='#here'";
    let pages = PageServer::with_page(full::page(&site, "lang=en", tag, body)).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    let chosen = "return [...survey.querySelectorAll('input:checked')].map((it) => it.value).join();";

    // Nothing chosen: into the scale and out of it, both ways, and on in the page.
    for at in ["before", "0", "leave", "after"] {
        browser.press([key::TAB]).await;
        assert_eq!(focus(&browser).await, at);
    }
    tab_back(&browser).await;
    assert_eq!(focus(&browser).await, "leave");
    tab_back(&browser).await;
    let inside = focus(&browser).await;
    assert!(inside == "0" || inside == "10", "backwards it comes to {inside}");
    tab_back(&browser).await;
    assert_eq!(focus(&browser).await, "before");
    assert_eq!(browser.survey(chosen).await, "", "to pass by is not to choose");

    // Space chooses what has focus, arrows go on and choose, round the ends. Focus stays on what is
    // chosen.
    browser.press([key::TAB]).await;
    for (pressed, score) in [
        (key::SPACE, "0"),
        (key::RIGHT, "1"),
        (key::DOWN, "2"),
        (key::LEFT, "1"),
        (key::UP, "0"),
        (key::LEFT, "10"),
        (key::UP, "9"),
        (key::DOWN, "10"),
        (key::RIGHT, "0"),
        (key::UP, "10"),
        (key::DOWN, "0"),
        (key::RIGHT, "1"),
        (key::RIGHT, "2"),
    ] {
        browser.press([pressed]).await;
        let seen = (browser.survey(chosen).await, focus(&browser).await);
        assert_eq!(seen, (json!(score), json!(score)), "after {:?}", pressed.escape_unicode().to_string());
    }
    // The comment is there, and nothing is sent.
    assert_eq!(browser.survey("return survey.querySelector('#comment').checkVisibility();").await, true);
    assert_eq!(browser.run("return events;").await, json!(["ready", "shown", "scored"]));
    for at in ["", "leave", "next", "after"] {
        browser.press([key::TAB]).await;
        assert_eq!(focus(&browser).await, at);
    }
    for at in ["next", "leave", "", "2", "before"] {
        tab_back(&browser).await;
        assert_eq!(focus(&browser).await, at, "backwards");
    }
    browser.press([key::TAB]).await;
    assert_eq!(focus(&browser).await, "2", "it is entered at what is chosen");
    let score = site.score_when("the last one", |score| score["distribution"][2] == 1).await;
    assert_eq!(score["scored"], 1);
    assert_eq!(browser.run("return errors;").await, json!([]));
}

async fn the_survey_can_be_answered_by_keyboard(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(engine, Window::DESKTOP).await;
    let page = page(&site, "data-delay=0").await;
    browser.goto(&page.url("/")).await;
    browser.until_shown().await;

    // The page's own link first, then the scale as one stop.
    browser.press([key::TAB]).await;
    assert_eq!(browser.run("return document.activeElement.id;").await, "link");
    browser.press([key::TAB]).await;
    assert_eq!(focus(&browser).await, "0");
    assert_eq!(browser.survey("return survey.querySelector('input:checked');").await, Value::Null);
    browser.press([key::RIGHT; 8]).await;
    assert_eq!(browser.survey("return survey.querySelector('input:checked').value;").await, "8");
    assert_eq!(focus(&browser).await, "8", "choosing moved the focus");
    browser.press([key::TAB]).await;
    assert_eq!(browser.survey("return survey.activeElement.tagName;").await, "TEXTAREA");
    browser.press("Fine, \"really\".\nBye".chars()).await;
    browser.press([key::TAB, key::TAB]).await;
    assert_eq!(browser.survey("return survey.activeElement.className;").await, "send");
    browser.press([key::ENTER]).await;
    browser.until("survey.activeElement?.id == 'thanks'").await;

    let responses = site.responses().await;
    assert_eq!(responses.len(), 1, "{responses:?}");
    assert_eq!(
        (&responses[0]["score"], &responses[0]["comment"]),
        (&json!(8), &json!("Fine, \"really\".\nBye"))
    );
    assert_eq!(responses[0]["page"], "/", "the path and nothing more");

    // Escape leaves, and focus goes back to where it came from.
    browser.press([key::ESCAPE]).await;
    browser.until("!survey").await;
    assert_eq!(browser.run("return document.activeElement.id;").await, "link");
    assert_eq!(browser.run("return window.errors ?? [];").await, json!([]));
}

async fn the_survey_can_be_dismissed_by_keyboard(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(engine, Window::PHONE.dark()).await;
    let page = page(&site, "data-delay=0").await;
    browser.goto(&page.url("/")).await;
    browser.until_shown().await;
    // Outside the survey Escape is the page's.
    browser.press([key::ESCAPE]).await;
    browser.press([key::TAB, key::TAB, key::TAB]).await;
    assert_eq!(browser.survey("return survey.activeElement.value;").await, "leave");
    browser.press([key::ENTER]).await;
    browser.until("!survey").await;
    let score = site.score_when("one dismissed", |score| score["dismissed"] == 1).await;
    assert_eq!((&score["scored"], &score["shown"], &score["score"]), (&json!(0), &json!(1), &Value::Null));
    assert_eq!(browser.run("return grapevine('why');").await, "dismissed");
}

async fn the_card_fits_320_pixels_in_light_and_dark(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    for window in [Window::PHONE, Window::PHONE.dark()] {
        let name = |step| format!("phone-{}-{step}", if window.dark { "dark" } else { "light" });
        let browser = Browser::open(engine, window).await;
        let page = page(&site, "data-delay=0").await;
        browser.goto(&page.url("/")).await;
        browser.until_shown().await;
        browser.picture(&name("1-question")).await;
        assert_eq!(browser.axe().await, []);
        let sizes = "return [...survey.querySelectorAll('label.choice')].map((choice) => {
            const box = choice.getBoundingClientRect(); return [box.left, box.right, box.width, box.height]; });";
        let choices = browser.survey(sizes).await;
        let choices = choices.as_array().unwrap();
        assert_eq!(choices.len(), 11);
        for choice in choices {
            let [left, right, width, height] = [0, 1, 2, 3].map(|at| choice[at].as_f64().unwrap());
            assert!(left >= 0.0 && right <= 320.0, "beyond the edge: {choice}");
            assert!(width >= 24.0 && height >= 44.0, "too small to hit: {choice}");
        }
        assert_eq!(
            browser.run("return document.documentElement.scrollWidth <= innerWidth;").await,
            true,
            "it scrolls sideways"
        );
        browser.click("input[value='3'] + span").await;
        browser.until("survey.querySelector('textarea').checkVisibility()").await;
        browser.picture(&name("2-comment")).await;
        assert_eq!(browser.axe().await, []);
    }
}

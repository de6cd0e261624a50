//! Eligibility of visitors, and the reason that the page receives when a visitor is not eligible.
//!
//! `tests/time/recontact.rs` tests the same rules for identified users, which the collector
//! applies.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, Site, Window};

use tests::fixture_clock_page::{
    STUB, answer, dismiss, finds, no_errors, opened, shop, stored, tagged, visit, why,
};

/// Creates a site whose survey may show on the first page view. Its delay of an hour keeps it from
/// showing by itself.
async fn site(collector: &Collector, mut recontact: Value) -> Site {
    recontact["first_view"] = json!(1);
    collector
        .create_site(
            json!({ "name": "Tea shop", "survey": { "recontact": recontact, "delay_seconds": 3600 } }),
        )
        .await
}

#[tokio::test]
async fn answers_and_dismissals_block_for_the_configured_days() {
    let collector = Collector::shared();
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    for (rules, answered, dismissed) in
        [(json!({}), 120, 30), (json!({ "answered_days": 400, "dismissed_days": 9 }), 400, 9)]
    {
        let site = site(&collector, rules).await;
        for (reason, days) in [("answered", answered), ("dismissed", dismissed)] {
            let pages = shop(&site, "").await;
            finds(&browser, &pages, 0, "due").await;
            match reason {
                "answered" => answer(&browser, 9).await,
                _ => dismiss(&browser).await,
            }
            for (ahead, expected) in [(0, reason), (1, reason), (days - 1, reason), (days, "due")] {
                finds(&browser, &pages, ahead, expected).await;
            }
            // A clock that was set back neither shortens a block nor extends it for ever.
            for (ahead, expected) in [(-1, reason), (1 - days, reason), (-days, "due")] {
                finds(&browser, &pages, ahead, expected).await;
            }
            no_errors(&browser).await;
        }
    }
}

#[tokio::test]
async fn three_ignored_impressions_block_and_a_dismissal_resets_the_count() {
    let collector = Collector::shared();
    let site = site(&collector, json!({ "per_year": 12, "ignored_days": 0 })).await;
    let pages = shop(&site, "").await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    for _ in 0..2 {
        finds(&browser, &pages, 0, "due").await;
        assert_eq!(opened(&browser, "").await, "open");
    }
    finds(&browser, &pages, 0, "due").await;
    dismiss(&browser).await;
    for _ in 0..3 {
        finds(&browser, &pages, 30, "due").await;
        assert_eq!(opened(&browser, "").await, "open");
    }
    for ahead in [30, 400, 4_000] {
        finds(&browser, &pages, ahead, "ignored").await;
    }
    assert_eq!(browser.run("return grapevine('reset');").await, "due", "forgotten");
}

#[tokio::test]
async fn ignored_impressions_are_the_set_number_of_days_apart() {
    let collector = Collector::shared();
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    for (rules, days) in [(json!({}), 1), (json!({ "ignored_days": 7 }), 7)] {
        let site = site(&collector, rules).await;
        let pages = shop(&site, "").await;
        finds(&browser, &pages, 0, "due").await;
        assert_eq!(opened(&browser, "").await, "open");
        for (ahead, expected) in [(0, "ignored"), (days - 1, "ignored"), (-days - 1, "due"), (days, "due")] {
            finds(&browser, &pages, ahead, expected).await;
        }
    }
}

#[tokio::test]
async fn at_most_four_impressions_in_365_days() {
    let collector = Collector::shared();
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let four = site(&collector, json!({})).await;
    let pages = shop(&four, "").await;
    for ahead in [0, 30, 60, 90] {
        finds(&browser, &pages, ahead, "due").await;
        dismiss(&browser).await;
    }
    for (ahead, expected) in [(120, "year"), (364, "year"), (365, "due")] {
        finds(&browser, &pages, ahead, expected).await;
    }
    // The dates of the highest setting, 12 impressions, are all stored.
    let twelve = site(&collector, json!({ "per_year": 12, "dismissed_days": 7 })).await;
    let pages = shop(&twelve, "").await;
    visit(&browser, &pages, 0).await;
    for days in 0..12 {
        browser.run(&format!("window.ahead = {};", days * 7)).await;
        assert_eq!(why(&browser).await, "due", "after {days} showings");
        dismiss(&browser).await;
    }
    for (ahead, expected) in [(84, "year"), (364, "year"), (365, "due")] {
        finds(&browser, &pages, ahead, expected).await;
    }
}

#[tokio::test]
async fn another_survey_blocks_for_30_days() {
    let mut collector = Collector::start();
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let (tea, books) = (site(&collector, json!({})).await, site(&collector, json!({})).await);
    // Two sites on one origin.
    let pages = shop(&tea, "").await;
    pages.put("/books", tagged(&books, "", "", ""));
    let at_books = |ahead: i32| pages.url(&format!("/books?ahead={ahead}"));
    visit(&browser, &pages, 0).await;
    answer(&browser, 9).await;
    for (ahead, expected) in [(0, "other"), (29, "other"), (30, "due")] {
        browser.goto(&at_books(ahead)).await;
        assert_eq!(why(&browser).await, expected, "after {ahead} days");
    }
    dismiss(&browser).await;
    // Each has its own clock, and there is one for all.
    finds(&browser, &pages, 119, "answered").await;
    browser.goto(&at_books(59)).await;
    assert_eq!(why(&browser).await, "dismissed");
    finds(&browser, &pages, 120, "due").await;

    // Another variant on the same site is another survey. The collector restarts, so that no loader
    // is cached.
    let survey = json!({ "variant": "stay", "question": "Will you stay?", "recontact": { "first_view": 1 }, "delay_seconds": 3600 });
    assert_eq!(tea.owner_request("PUT", "survey", survey).await.status, 200);
    collector.restart();
    let tea = collector.again(&tea);
    pages.put_anywhere(tagged(&tea, "", "", ""));
    for (ahead, expected) in [(59, "other"), (60, "due")] {
        finds(&browser, &pages, ahead, expected).await;
    }
    no_errors(&browser).await;
}

#[tokio::test]
async fn the_first_page_view_is_not_eligible() {
    let collector = Collector::shared();
    let site =
        collector.create_site(json!({ "name": "Tea shop", "survey": { "delay_seconds": 3600 } })).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let pages = shop(&site, "").await;
    finds(&browser, &pages, 0, "view").await;
    finds(&browser, &pages, 0, "due").await;
    finds(&browser, &pages, 0, "due").await;
    assert_eq!(stored(&browser).await, json!({ "grapevine": { "views": 2 } }), "it need not count on");
    // The tag can require a later page view.
    let third = shop(&site, "data-view=3").await;
    for expected in ["view", "view", "due"] {
        finds(&browser, &third, 0, expected).await;
    }
    // A visitor who comes from another page of the same site has had a page view; a visitor from
    // elsewhere has not.
    let link = |to: String| {
        tests::ServedPage::html(format!(
            "<!doctype html><html lang=en><title>A page</title><a href='{to}'>On</a>"
        ))
    };
    let within = shop(&site, "").await;
    within.put("/first", link("/second".into()));
    browser.goto(&within.url("/first")).await;
    browser.click_page("a").await;
    browser.until("window.grapevine?.loaded").await;
    assert_eq!(why(&browser).await, "due");
    let arriving = shop(&site, "").await;
    let elsewhere = PageServer::with_page(link(arriving.url("/"))).await;
    browser.goto(&elsewhere.url("/")).await;
    browser.click_page("a").await;
    browser.until("window.grapevine?.loaded").await;
    assert_eq!(browser.run("return document.referrer;").await, elsewhere.url("/"));
    assert_eq!(why(&browser).await, "view");
    // A referrer that only starts like the origin is another site.
    let from = "<script>Object.defineProperty(document, 'referrer', { value: location.origin + '.example.org/' });</script>";
    let pages = PageServer::with_page(tagged(&site, from, "", "")).await;
    finds(&browser, &pages, 0, "view").await;
}

#[tokio::test]
async fn page_globs_include_and_exclude_paths() {
    let collector = Collector::shared();
    let survey = json!({
        "recontact": { "first_view": 1 }, "delay_seconds": 3600,
        "pages": { "include": ["/shop/**", "/café/*", "/two words"], "exclude": ["/shop/*/cart", "/shop/**/pay"] },
    });
    let site = collector.create_site(json!({ "name": "Tea shop", "survey": survey })).await;
    let pages = shop(&site, "").await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    for (path, expected) in [
        ("/", "page"),
        ("/shop", "due"),
        ("/shop/", "due"),
        ("/shop/tea/green", "due"),
        ("/shop/tea?to=/shop/tea/cart#/pay", "due"),
        ("/shop/tea/cart", "page"),
        ("/shop/a/b/cart", "due"),
        ("/shop/a/b/pay", "page"),
        ("/shops", "page"),
        ("/en/shop", "page"),
        ("/?/shop/tea", "page"),
        ("/caf%C3%A9/x", "due"),
        ("/café/x", "due"),
        ("/caf%C3%A9/x/y", "page"),
        ("/two%20words", "due"),
        ("/two words", "due"),
    ] {
        browser.goto(&pages.url(path)).await;
        assert_eq!(why(&browser).await, expected, "{path}");
    }
    // The longest possible path takes no noticeable time.
    browser.goto(&pages.url(&format!("/shop/{}", "a/".repeat(4_000)))).await;
    assert_eq!(why(&browser).await, "due");
    no_errors(&browser).await;
}

#[tokio::test]
async fn targets_sampling_and_privacy_signals_have_their_own_reasons() {
    let collector = Collector::shared();
    let make = async |survey: Value| {
        let mut survey = survey;
        survey["recontact"] = json!({ "first_view": 1 });
        survey["delay_seconds"] = json!(3600);
        collector.create_site(json!({ "name": "Tea shop", "survey": survey })).await
    };
    let inline = make(json!({ "mode": "inline", "target": "#here" })).await;
    let (nobody, plain) = (make(json!({ "sampling": 0 })).await, make(json!({})).await);
    let (gpc, dnt) = (make(json!({ "respect_gpc": true })).await, make(json!({ "respect_dnt": true })).await);
    let navigator_with = |name: &str, value: &str| {
        format!("<script>Object.defineProperty(navigator, '{name}', {{ value: {value} }});</script>")
    };
    let (wants, tracks_not) =
        (navigator_with("globalPrivacyControl", "true"), navigator_with("doNotTrack", "'1'"));
    let pages = PageServer::start().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    for (site, own, content, expected) in [
        (&inline, "", "", "target"),
        (&inline, "", "<div id=here></div>", "due"),
        (&nobody, "", "", "sample"),
        (&gpc, &*wants, "", "privacy"),
        (&gpc, &*navigator_with("globalPrivacyControl", "false"), "", "due"),
        (&gpc, &*tracks_not, "", "due"),
        (&dnt, &*tracks_not, "", "privacy"),
        (&dnt, &*navigator_with("doNotTrack", "'0'"), "", "due"),
        (&dnt, &*navigator_with("doNotTrack", "null"), "", "due"),
        (&dnt, &*wants, "", "due"),
        (&plain, &*format!("{wants}{tracks_not}"), "", "due"),
        (&plain, &*format!("{STUB}<script>grapevine('hide')</script>"), "", "hidden"),
    ] {
        pages.put_anywhere(tagged(site, own, "", content));
        browser.goto(&pages.url("/")).await;
        assert_eq!(why(&browser).await, expected, "{own} {content}");
    }
    // Hidden is for this page view only; a survey that is open is no reason against itself.
    pages.put_anywhere(tagged(&plain, "", "", ""));
    browser.goto(&pages.url("/")).await;
    assert_eq!(why(&browser).await, "due");
    assert_eq!(opened(&browser, "").await, "open");
    assert_eq!(browser.run("return grapevine('hide');").await, "hidden");
    assert_eq!(browser.run("history.pushState(null, '', '/next'); return grapevine('why');").await, "due");
    no_errors(&browser).await;
}

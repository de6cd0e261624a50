//! Signed users: the proof of the owner's server travels from the page to the collector.

use collector_core::identity::user_hash;
use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, Site, Window, new_id};

use tests::fixture_clock_page::{STUB, no_errors, tagged, until_why};

/// Creates a site with signed identity whose survey shows at once, and returns the hash of a user.
async fn site(collector: &Collector, user: &str) -> (Site, String) {
    let survey = json!({ "delay_seconds": 0, "recontact": { "first_view": 1 } });
    let settings = json!({ "name": "Tea shop", "identity": "signed", "survey": survey });
    let site = collector.create_site(settings).await;
    let identity = site.owner_get("identity").await;
    let hash = user_hash(identity["secret"].as_str().expect("a secret"), user);
    (site, hash)
}

/// Opens a page, waits for the survey, chooses a score and returns the stored user.
async fn scored_user(browser: &Browser, pages: &PageServer, site: &Site) -> Value {
    let before = site.responses().await;
    browser.goto(&pages.url("/")).await;
    until_why(browser, "open").await;
    let is_framed = browser.run("return !document.querySelector('grapevine-survey');").await == true;
    if is_framed {
        browser.frame("iframe").await;
    }
    browser.until_shown().await;
    browser.click("input[value='8'] + span").await;
    site.score_when("one more scored", |score| score["scored"] == before.len() + 1).await;
    if is_framed {
        browser.parent_frame().await;
    }
    let mut stored = site.responses().await;
    stored.retain(|response| before.iter().all(|earlier| earlier["id"] != response["id"]));
    stored.remove(0)["user"].take()
}

#[tokio::test]
async fn the_hash_of_the_tag_or_the_command_proves_the_user_of_a_response() {
    let collector = Collector::shared();
    let (site, hash) = site(&collector, "ann+1").await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let call = |hash: &str| format!("{STUB}<script>grapevine('identify', 'ann+1'{hash})</script>");
    let wrong = format!(", '{}'", hash.replace(['0', '1', '2', '3'], "4"));
    for (script, attribute) in [
        (String::new(), "data-user=ann+1".to_owned()),
        (String::new(), format!("data-user=ann+2 data-user-hash={hash}")),
        (call(""), String::new()),
        (call(&wrong), String::new()),
    ] {
        let pages = PageServer::with_page(tagged(&site, &script, &attribute, "")).await;
        assert_eq!(scored_user(&browser, &pages, &site).await, Value::Null, "{script} {attribute}");
        no_errors(&browser).await;
    }
    for (script, attribute) in [
        (String::new(), format!("data-user=ann+1 data-user-hash={hash}")),
        (call(&format!(", '{hash}'")), String::new()),
        (String::new(), format!("data-user=ann+1 data-user-hash={hash} data-frame")),
    ] {
        let pages = PageServer::with_page(tagged(&site, &script, &attribute, "")).await;
        assert!(scored_user(&browser, &pages, &site).await.is_string(), "{script} {attribute}");
        no_errors(&browser).await;
        // In any other browser the collector knows the user.
        let pages = PageServer::with_page(tagged(&site, &script, &attribute, "")).await;
        browser.goto(&pages.url("/")).await;
        until_why(&browser, "user").await;
        for response in site.responses().await {
            let id = response["id"].as_str().expect("an id");
            site.owner_request("DELETE", &format!("responses/{id}"), Value::Null).await;
        }
        no_errors(&browser).await;
    }
}

#[tokio::test]
async fn the_survey_of_an_invitation_has_its_user() {
    let collector = Collector::shared();
    let (site, _) = site(&collector, "ann").await;
    let made = site.owner_post("links", &json!({ "links": [{ "user": "ann" }] })).await.json();
    let browser = Browser::open(Engine::Chromium, Window::PHONE).await;
    let token = made["links"][0]["token"].as_str().expect("a token");
    browser.goto(&format!("{}/s/{}?t={token}", collector.url(), site.id)).await;
    browser.until_shown().await;
    browser.click("input[value='8'] + span").await;
    site.score_when("one scored", |score| score["scored"] == 1).await;
    assert!(site.responses().await[0]["user"].is_string());
    let unproven = site.post(&json!({ "id": new_id(), "score": 1, "user": "ann" })).await.json();
    assert_eq!(unproven["results"][0]["ignored"], json!(["/user"]));
}

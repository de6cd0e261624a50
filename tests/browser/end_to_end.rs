//! The whole path: a newcomer types `cargo run`, rates the shop in the widget, and sees the number
//! move in the JSON and on the owner's page.

use tempfile::TempDir;
use tests::{Browser, Demo, Engine, PrintedSite, Window, in_each_engine, until};

in_each_engine!(a_rating_in_the_demo_shop_moves_the_score);

async fn a_rating_in_the_demo_shop_moves_the_score(engine: Engine) {
    let folder = TempDir::with_prefix("grapevine-test-").unwrap();
    let data = folder.path().join("data");
    let demo = Demo::start(&data);
    assert!(demo.printed.contains("889 stored, 78 without score"), "{}", demo.printed);
    let survey = demo.readme_score(PrintedSite::Survey);
    assert_eq!((survey["scored"].as_u64(), survey["counts"]["promoters"].as_u64()), (Some(889), Some(501)));
    let before = demo.curl_score();
    assert_eq!((before["scored"].as_u64(), before["counts"]["promoters"].as_u64()), (Some(2100), Some(1249)));

    let browser = Browser::open(engine, Window::DESKTOP).await;
    browser.goto(&demo.shop).await;
    browser.until_shown().await;
    browser.picture("desktop-1-question").await;
    assert_eq!(
        browser.survey("return survey.activeElement;").await,
        serde_json::Value::Null,
        "it took the focus"
    );

    // The JSON counts it before anything else is pressed.
    browser.click("input[value='9'] + span").await;
    until("the choice is counted", async || (demo.score().await["scored"] == 2101).then_some(())).await;
    assert_eq!(demo.score().await["counts"]["promoters"], 1250);

    browser.until("survey.querySelector('textarea').checkVisibility()").await;
    browser.click("textarea").await;
    browser.press("Lovely tea.".chars()).await;
    browser.picture("desktop-2-comment").await;
    browser.click("button.send").await;
    browser.until("survey.activeElement?.id == 'thanks'").await;
    browser.picture("desktop-3-thanks").await;

    // Still one response, now with the comment.
    let responses = demo.responses().await;
    let from_page: Vec<_> = responses.iter().filter(|response| response["channel"] == "web").collect();
    assert_eq!(from_page.len(), 1, "{from_page:?}");
    assert_eq!((&from_page[0]["score"], &from_page[0]["comment"]), (&9.into(), &"Lovely tea.".into()));
    assert_eq!(demo.score().await["scored"], 2101);
    assert_eq!(demo.score().await["response_rate"], 1.0);

    // The owner's page opens signed in from the printed address, with the new response.
    browser.goto(demo.owner_page()).await;
    browser.until("document.body.textContent.includes('2,101 responses')").await;
    browser.until("document.body.textContent.includes('Lovely tea.')").await;
    assert_eq!(browser.run("return location.hash;").await, "");
    browser.goto(&demo.shop).await;

    // Not asked again.
    assert_eq!(browser.run("return grapevine('why');").await, "answered");

    // Ctrl-C ends everything, and the next start has it all.
    let collector = demo.collector.clone();
    assert!(demo.interrupt(), "Ctrl-C did not end it well");
    let port = collector.trim_start_matches("http://").to_owned();
    assert!(std::net::TcpStream::connect(port).is_err(), "the collector still runs");
    let again = Demo::start(&data);
    assert_eq!(again.curl_score()["scored"], 2101);
    assert_eq!(again.readme_score(PrintedSite::Survey), survey);
}

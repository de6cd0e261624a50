//! The form of the hosted page: a response without JavaScript.

use serde_json::{Value, json};
use tests::client::send;
use tests::{Collector, HttpResponse, Site};

use crate::hosted::{page_url, unescaped};
use crate::loader_and_cors::get;

/// Sends a form to the hosted page, as browsers do.
async fn submit(collector: &Collector, site: &Site, query: &str, fields: &[(&str, &str)]) -> HttpResponse {
    let request = collector.http().post(page_url(collector, site, query)).header("origin", "null");
    let request = request.form(fields);
    send(request).await
}

/// Returns the values of the hidden fields of a confirmation page.
fn hidden_fields(page: &HttpResponse) -> Vec<(String, String)> {
    let html = String::from_utf8(page.body.clone()).unwrap();
    let inputs = html.split("<input type=\"hidden\" name=\"").skip(1);
    let field = |input: &str| {
        let (name, rest) = input.split_once("\" value=\"")?;
        Some((name.to_owned(), unescaped(rest.split('"').next()?)))
    };
    inputs.map(|input| field(input).expect("a name and a value")).collect()
}

/// Sends the form of a confirmation page.
async fn confirm(collector: &Collector, site: &Site, query: &str, page: &HttpResponse) -> HttpResponse {
    let fields = hidden_fields(page);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&name[..], &value[..])).collect();
    submit(collector, site, query, &fields).await
}

async fn responses(site: &Site) -> Vec<Value> {
    site.owner_get("responses").await["responses"].as_array().unwrap().clone()
}

#[tokio::test]
async fn the_page_holds_the_scale_as_a_form_for_browsers_without_javascript() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let page = get(&collector, &page_url(&collector, &site, "?score=7&lang=de"), &[]).await;
    let policy = page.header("content-security-policy").to_owned();
    assert!(policy.contains("form-action 'self'"), "{policy}");
    assert_eq!(page.header("referrer-policy"), "same-origin");
    assert_eq!(page.header("vary"), "accept-language");
    let html = String::from_utf8(page.body).unwrap();
    let form = html.split_once("<noscript>").unwrap().1.split_once("</noscript>").unwrap().0;
    assert_eq!(form.matches("type=\"radio\" name=\"score\"").count(), 11, "{form}");
    assert_eq!(form.matches(" checked").count(), 1, "{form}");
    assert!(form.contains("value=\"7\" required checked>"), "{form}");
    assert!(form.contains("<textarea id=\"comment\" name=\"comment\""), "{form}");
    assert!(form.contains("method=\"post\"") && form.contains("dass Sie"), "{form}");
}

#[tokio::test]
async fn only_the_confirmed_form_is_stored_and_counts_once() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let comment = "Grüße,\r\n<b>\"two\"</b> & lines";
    let page = submit(&collector, &site, "?c=email", &[("score", "9"), ("comment", comment)]).await;
    assert_eq!((page.status, page.header("cache-control")), (200, "private, no-store"), "{page}");
    assert_eq!(site.score("").await["scored"], 0, "a program that submits forms has voted");

    for _ in 0..3 {
        let thanks = confirm(&collector, &site, "?c=email", &page).await;
        assert_eq!((thanks.status, thanks.header("cache-control")), (200, "private, no-store"), "{thanks}");
        assert!(String::from_utf8(thanks.body).unwrap().contains("<h1>Thank you</h1>"));
    }
    let score = site.score("").await;
    assert_eq!((&score["scored"], &score["shown"]), (&json!(1), &json!(1)));
    let row = responses(&site).await.remove(0);
    assert_eq!(
        (&row["score"], &row["comment"], &row["lang"]),
        (&json!(9), &json!("Grüße,\n<b>\"two\"</b> & lines"), &json!("en"))
    );
    assert_eq!(row["channel"], "email");

    // A form that is filled in anew is another response.
    let page = submit(&collector, &site, "", &[("score", "2")]).await;
    confirm(&collector, &site, "", &page).await;
    assert_eq!(site.score("").await["scored"], 2);
}

#[tokio::test]
async fn an_invitation_keeps_its_id_and_its_user() {
    let collector = Collector::shared();
    let site = collector.create_site(json!({ "name": "Tea", "origins": ["https://tea.example"] })).await;
    let links = json!({ "links": [{ "user": "ann", "properties": { "plan": "pro" } }] });
    let link = site.owner_post("links", &links).await.json()["links"][0].take();
    let query = format!("?t={}", link["token"].as_str().unwrap());
    for score in ["3", "8"] {
        let page = submit(&collector, &site, &query, &[("score", score)]).await;
        assert_eq!(confirm(&collector, &site, &query, &page).await.status, 200);
    }
    let rows = responses(&site).await;
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!((&rows[0]["id"], &rows[0]["score"]), (&link["id"], &json!(8)));
    assert_eq!(rows[0]["properties"], json!({ "plan": "pro" }));
    assert_eq!(site.owner_get("responses?user=ann").await["responses"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_form_without_a_score_comes_back_with_its_comment() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for score in [None, Some(""), Some("11"), Some("-1"), Some("7.5"), Some("07")] {
        let fields: Vec<(&str, &str)> =
            score.map(|score| ("score", score)).into_iter().chain([("comment", "Kept <words>")]).collect();
        let page = submit(&collector, &site, "?score=4", &fields).await;
        assert_eq!(page.status, 422, "{score:?}");
        let html = String::from_utf8(page.body).unwrap();
        assert!(html.contains(">Kept &lt;words&gt;</textarea>") && !html.contains(" checked"), "{html}");
    }
    assert_eq!(site.score("").await["shown"], 0);
}

#[tokio::test]
async fn a_token_that_is_wrong_or_of_another_site_asks_to_confirm_again() {
    let collector = Collector::shared();
    let (site, other) = (collector.site().await, collector.site().await);
    let page = submit(&collector, &other, "", &[("score", "5")]).await;
    let token = hidden_fields(&page).into_iter().find(|(name, _)| name == "token").unwrap().1;
    for (earlier, wrong) in ["", "x", token.as_str(), &token[1..]].into_iter().enumerate() {
        let again = submit(&collector, &site, "", &[("score", "5"), ("token", wrong)]).await;
        assert_eq!(again.status, 200);
        assert!(hidden_fields(&again).iter().any(|(name, value)| name == "token" && value != wrong));
        assert_eq!(site.score("").await["scored"], earlier, "{wrong}");
        confirm(&collector, &site, "", &again).await;
    }
    assert_eq!(site.score("").await["scored"], 4);
}

#[tokio::test]
async fn problems_of_the_form_are_pages() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let mut unknown = site.clone();
    unknown.id = "0".repeat(site.id.len());
    let page = submit(&collector, &unknown, "", &[("score", "5")]).await;
    assert_eq!((page.status, page.header("content-type")), (404, "text/html; charset=utf-8"));
    let long = "x".repeat(80_000);
    let page = submit(&collector, &site, "", &[("score", "5"), ("comment", &long)]).await;
    assert_eq!((page.status, page.header("content-type")), (413, "text/html; charset=utf-8"));
}

#[tokio::test]
async fn the_owners_texts_and_logo_are_on_the_pages() {
    let collector = Collector::shared();
    let site = collector
        .create_site(json!({
            "name": "Tea shop",
            "survey": {
                "variant": "stay",
                "question": "How likely are you to stay?",
                "texts": { "en": { "detractor_prompt": "What would make you stay?", "detractor_thanks": "We will work on it." } },
                "logo_url": "https://cdn.tea.example:8443/logo.svg",
            },
        }))
        .await;
    let page = get(&collector, &page_url(&collector, &site, "?score=2"), &[]).await;
    let policy = page.header("content-security-policy").to_owned();
    assert!(policy.contains("img-src data: https://cdn.tea.example:8443;"), "{policy}");
    let html = String::from_utf8(page.body).unwrap();
    for part in [
        "<img src=\"https://cdn.tea.example:8443/logo.svg\" alt=\"\" ><h1>Tea shop</h1>",
        "<legend>How likely are you to stay?</legend>",
        ">What would make you stay? ",
        "You chose 2. Send it, or pick another number.",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    let page = submit(&collector, &site, "", &[("score", "2")]).await;
    let thanks = confirm(&collector, &site, "", &page).await;
    assert!(String::from_utf8(thanks.body).unwrap().contains("We will work on it."));
    let plain = collector.site().await;
    let page = get(&collector, &page_url(&collector, &plain, ""), &[]).await;
    let html = String::from_utf8(page.body).unwrap();
    assert!(html.contains("<img src=\"\" alt=\"\" hidden>"), "{html}");
    assert!(html.contains("<p id=\"preset\" hidden></p>"), "{html}");
}

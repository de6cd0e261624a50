//! A tag manager: it inserts HTML as text, and makes each script in it anew.

use serde_json::{Value, json};
use tests::{Browser, Engine, Window};

use super::{Shop, two_pages};

/// Script of a page that inserts HTML as a tag manager does. `keep` has the attributes that its
/// scripts keep, or is `null` for all.
const INSERT: &str = r#"
  (function (html, keep) {
    var holder = document.createElement("div");
    holder.innerHTML = html;
    holder.querySelectorAll("script").forEach(function (given) {
      var script = document.createElement("script");
      Array.prototype.forEach.call(given.attributes, function (it) {
        if (!keep || keep.indexOf(it.name) >= 0) script.setAttribute(it.name, it.value);
      });
      script.text = given.text;
      given.parentNode.replaceChild(script, given);
    });
    holder.style.display = "none";
    document.body.appendChild(holder);
  })
"#;

/// Returns the script that inserts HTML after the page has loaded.
fn inserting(html: &str, keep: &Value) -> String {
    // A script must not contain the end of a script.
    let html = json!(html).to_string().replace("</", "<\\/");
    format!("<script>addEventListener('load', function () {{ {INSERT}({html}, {keep}); }});</script>")
}

#[tokio::test]
async fn a_tag_manager_inserts_the_tag_with_its_attributes() {
    for keep in [Value::Null, json!(["src", "async", "type"])] {
        let shop = Shop::open().await;
        let pages = two_pages("", &inserting(&shop.recipe("Google Tag Manager", "html"), &keep)).await;
        let browser = shop.first_view(&pages).await;
        browser.click_page("a[href='/prices']").await;
        shop.answer(&browser).await;
    }
}

#[tokio::test]
async fn a_plain_tag_works_also_where_its_attributes_are_dropped() {
    let shop = Shop::open().await;
    let tag = format!("<script async src='{}' data-corner='top-left'></script>", shop.site.loader_url());
    let pages = two_pages("", &inserting(&tag, &json!(["src", "async", "type"]))).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    browser.until("window.grapevine?.loaded").await;
    assert_eq!(shop.tags(&browser).await, json!([null]));
    browser.click_page("a[href='/prices']").await;
    shop.answer(&browser).await;
}

#[tokio::test]
async fn a_missing_user_of_a_tag_manager_names_nobody() {
    let shop = Shop::open().await;
    let html = shop.recipe("Google Tag Manager", "html");
    let html = html.replace("tag.async", "tag.setAttribute(\"data-user\", undefined);\n    tag.async");
    let pages = two_pages("", &inserting(&html, &Value::Null)).await;
    let browser = shop.first_view(&pages).await;
    browser.click_page("a[href='/prices']").await;
    shop.answer(&browser).await;
    assert_eq!(shop.site.responses().await[0]["user"], Value::Null);
}

//! The snippet for Shopify, rendered by LiquidJS.

use std::process::Command;

use serde_json::{Value, json};

use super::{Shop, packages, run, two_pages};

/// Program that renders a template with data, both JSON, and prints the result.
const RENDER: &str = r#"
const { Liquid } = require("liquidjs");
const [template, data] = process.argv.slice(1).map((it) => JSON.parse(it));
process.stdout.write(new Liquid({ strictFilters: true }).parseAndRenderSync(template, data));
"#;

/// Renders the snippet as a shop does.
fn rendered(snippet: &str, data: &Value) -> String {
    let given = [json!(snippet).to_string(), data.to_string()];
    run(Command::new("node").arg("-e").arg(RENDER).args(given).env("NODE_PATH", packages()))
}

#[tokio::test]
async fn shopify_sets_the_language_of_the_storefront() {
    let shop = Shop::open().await;
    let german = json!({ "request": { "locale": { "iso_code": "de" } } });
    let tag = rendered(&shop.recipe("Shopify", "liquid"), &german);
    assert!(!tag.contains("data-user"), "{tag}");
    let pages = two_pages(&tag, "").await;
    let browser = shop.first_view(&pages).await;
    browser.click_page("a[href='/prices']").await;
    shop.answer(&browser).await;
    assert_eq!(shop.site.responses().await[0]["lang"], "de");
}

#[tokio::test]
async fn shopify_names_the_customer_who_is_signed_in() {
    let shop = Shop::open().await;
    let data =
        json!({ "request": { "locale": { "iso_code": "pt-PT" } }, "customer": { "id": 6_940_095_564_u64 } });
    let pages = two_pages(&rendered(&shop.recipe("Shopify", "liquid"), &data), "").await;
    let browser = shop.first_view(&pages).await;
    browser.click_page("a[href='/prices']").await;
    shop.answer(&browser).await;
    let found = shop.site.owner_get("responses?user=6940095564").await;
    assert_eq!(found["responses"][0]["lang"], "pt-PT", "{found}");
}

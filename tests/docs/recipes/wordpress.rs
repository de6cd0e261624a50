//! The plugin for WordPress, run by PHP with stand-ins for WordPress' functions.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use super::{Shop, fixture, run, two_pages};

/// Returns the tag that the plugin prints for a user, 0 for nobody.
fn printed(plugin: &str, user: u32) -> String {
    if Command::new("php").arg("--version").output().is_err() {
        xtask::install_packages(&["php-cli"]);
    }
    let folder = TempDir::with_prefix("grapevine-wordpress-").unwrap();
    let path = folder.path().join("grapevine-survey.php");
    fs::write(&path, plugin).unwrap();
    run(Command::new("php").arg("-l").arg(&path));
    run(Command::new("php").arg(fixture("wordpress.php")).arg(&path).arg(user.to_string()))
}

#[tokio::test]
async fn wordpress_prints_the_tag_and_the_survey_is_answered() {
    let shop = Shop::open().await;
    let plugin = shop.recipe("WordPress", "php");
    let tag = printed(&plugin, 0);
    assert!(!tag.contains("data-user"), "{tag}");
    let pages = two_pages(&tag, "").await;
    let browser = shop.first_view(&pages).await;
    browser.click_page("a[href='/prices']").await;
    shop.answer(&browser).await;
}

#[tokio::test]
async fn wordpress_names_the_user_who_is_signed_in() {
    let shop = Shop::open().await;
    let tag = printed(&shop.recipe("WordPress", "php"), 4711);
    let pages = two_pages(&tag, "").await;
    let browser = shop.first_view(&pages).await;
    browser.click_page("a[href='/prices']").await;
    shop.answer(&browser).await;
    let found = shop.site.owner_get("responses?user=4711").await;
    assert_eq!(found["responses"].as_array().map(Vec::len), Some(1), "{found}");
}

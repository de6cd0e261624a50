//! Tests that the documentation names: each exists.

use std::fs;

use crate::document::Document;

/// Pages that name tests as `folder/file::function`.
const PAGES: [&str; 3] = ["threat-model.md", "cost.md", "comparison.md"];

/// Returns what a text names in code font in the form of a test.
fn references(text: &str) -> Vec<(String, String)> {
    let spans = text.split('`').skip(1).step_by(2);
    let pairs = spans.filter_map(|span| span.split_once("::"));
    let is_name =
        |name: &str| name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_/".contains(c));
    pairs
        .filter(|(file, function)| is_name(file) && is_name(function) && !function.is_empty())
        .map(|(file, function)| (file.to_owned(), function.to_owned()))
        .collect()
}

#[test]
fn each_test_that_a_page_names_exists() {
    let (mut count, mut missing) = (0, Vec::new());
    for page in PAGES {
        for (file, function) in references(Document::open(page).text()) {
            count += 1;
            let path = format!("{}/{file}.rs", env!("CARGO_MANIFEST_DIR"));
            let source = fs::read_to_string(path).unwrap_or_default();
            if !source.contains(&format!("fn {function}(")) {
                missing.push(format!("{page}: {file}::{function}"));
            }
        }
    }
    println!("{count} tests are named");
    assert!(count > 50, "only {count} tests were found");
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn a_reference_is_a_path_and_a_function() {
    let text = "See `http/keys::a_b` and `Route::parse`, not `docs recipes::` or http/x::y.";
    assert_eq!(references(text), [("http/keys".to_owned(), "a_b".to_owned())]);
}

//! Links of the documentation: each leads to a file, and to a heading in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Returns every page: those at the root of the repository, and those in `docs/`.
fn pages() -> Vec<PathBuf> {
    let folders = [xtask::root().to_owned(), xtask::root().join("docs")];
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let mut pages: Vec<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| path.extension().is_some_and(|it| it == "md"));
    pages.sort();
    pages
}

/// Returns the anchor that GitHub and others give to a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase().replace(' ', "-");
    kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
}

/// Returns the text without its blocks of code.
fn prose(text: &str) -> String {
    text.split("```").step_by(2).collect()
}

/// Returns the anchors of a page.
fn anchors(path: &Path) -> Vec<String> {
    let text = prose(&fs::read_to_string(path).unwrap());
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let mut seen = BTreeMap::<String, usize>::new();
    let mut numbered = |heading: &str| {
        let anchor = anchor(heading.trim_start_matches('#'));
        let before = seen.entry(anchor.clone()).or_default();
        *before += 1;
        if *before == 1 { anchor } else { format!("{anchor}-{}", *before - 1) }
    };
    headings.map(&mut numbered).collect()
}

/// Returns the targets of the links in a text, as `[text](target)` has them.
fn targets(text: &str) -> Vec<String> {
    let prose = prose(text);
    let parts = prose.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    parts.map(|(target, _)| target.trim().to_owned()).collect()
}

/// Returns what is wrong with a link of a page.
fn broken(page: &Path, target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = if file.is_empty() { page.to_owned() } else { page.parent().unwrap().join(file) };
    let name = page.file_name().unwrap().to_string_lossy();
    if !path.exists() {
        return Some(format!("{name}: no file {target}"));
    }
    let is_missing = !anchor.is_empty() && !anchors(&path).iter().any(|it| it == anchor);
    is_missing.then(|| format!("{name}: no heading {target}"))
}

#[test]
fn each_link_leads_to_a_file_and_a_heading() {
    let (mut count, mut wrong) = (0, Vec::new());
    for page in pages() {
        for target in targets(&fs::read_to_string(&page).unwrap()) {
            count += 1;
            wrong.extend(broken(&page, &target));
        }
    }
    println!("{count} links");
    assert!(count > 40, "only {count} links were found");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_missing_file_or_heading_is_found() {
    let page = xtask::root().join("README.md");
    assert_eq!(targets("[a](b.md) ```sh\n[x](y)\n``` [c](d.md#e)"), ["b.md", "d.md#e"]);
    assert!(broken(&page, "docs/nothing.md").unwrap().contains("no file"));
    assert!(broken(&page, "docs/api.md#nothing").unwrap().contains("no heading"));
    assert_eq!(broken(&page, "docs/api.md#export-and-import"), None);
    assert_eq!(broken(&page, "https://example.org"), None);
}

#[test]
fn each_page_of_the_docs_is_in_the_table_of_the_readme() {
    let readme = targets(&fs::read_to_string(xtask::root().join("README.md")).unwrap());
    let docs = xtask::root().join("docs");
    let all = pages().into_iter().filter(|page| page.starts_with(&docs));
    let names = all.map(|page| format!("docs/{}", page.file_name().unwrap().to_string_lossy()));
    let missing: Vec<String> = names.filter(|name| !readme.iter().any(|it| it.starts_with(name))).collect();
    assert!(missing.is_empty(), "the README names no {missing:?}");
}

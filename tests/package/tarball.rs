//! The tarball with `dist/`, and the bytes of all packages.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;
use tests::Collector;
use xtask::Dist;

use crate::server_package::packages;

/// Runs a program, which has to succeed, and returns its output.
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn the_tarball_is_complete_and_its_build_runs() {
    let folder = TempDir::with_prefix("grapevine-tarball-").unwrap();
    run(Command::new("tar").arg("xzf").arg(&packages().tarball).current_dir(&folder));
    let top = folder.path().join(format!("grapevine-{}", env!("CARGO_PKG_VERSION")));
    let text = |name: &str| fs::read_to_string(top.join(name)).unwrap();
    assert!(text("LICENSE-MIT").contains("Permission is hereby granted"));
    assert!(text("LICENSE-APACHE").contains("Apache License"));
    assert!(text("THIRD_PARTY_NOTICES.txt").contains("leptos "));
    let readme = text("README.md");
    let version = env!("CARGO_PKG_VERSION");
    assert!(readme.contains(&format!("# Grapevine {version}\n")) && !readme.contains("WORKERD"), "{readme}");
    let sbom: Value = serde_json::from_str(&text("sbom.cdx.json")).unwrap();
    assert_eq!(sbom["bomFormat"], "CycloneDX");
    let stamps = run(Command::new("find").arg(&top).args(["-name", ".*"]));
    assert_eq!(stamps, "");

    let dist = Dist { path: top.join("dist") };
    let collector = Collector::from_dist(&dist);
    let site = collector.site().await;
    site.store(serde_json::json!({ "id": tests::new_id(), "score": 10 })).await;
    assert_eq!(site.score("").await["scored"], 1);
}

#[test]
fn the_same_build_gives_the_same_bytes_and_the_checksums_are_theirs() {
    let again = TempDir::with_prefix("grapevine-again-").unwrap();
    let sums = |folder: &Path| fs::read_to_string(folder.join("SHA256SUMS")).unwrap();
    let first = packages();
    xtask::package_into(again.path()).unwrap();
    assert_eq!(sums(again.path()), sums(&first.folder));
    let checked = run(Command::new("sha256sum").args(["--check", "SHA256SUMS"]).current_dir(&first.folder));
    assert_eq!(checked.lines().filter(|line| line.ends_with(": OK")).count(), 3, "{checked}");
}

#[test]
fn the_server_package_has_what_it_needs_and_no_tests() {
    let listed = run(Command::new("tar").arg("tzf").arg(&packages().server));
    let files: Vec<&str> = listed.lines().filter_map(|line| line.strip_prefix("package/")).collect();
    for name in [
        "README.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "sbom.cdx.json",
        "sample.ndjson",
        "dist/THIRD_PARTY_NOTICES.txt",
        "dist/workerd.capnp",
        "dist/wrangler.jsonc",
        "dist/worker/index_bg.wasm",
        "dist/assets/loader.js",
    ] {
        assert!(files.contains(&name), "{name} is missing in:\n{listed}");
    }
    let needless =
        |name: &&str| name.ends_with(".test.js") || name.contains("tsconfig") || name.contains("/.");
    assert_eq!(files.into_iter().filter(needless).collect::<Vec<_>>(), [""; 0]);
}

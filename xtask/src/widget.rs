//! The widget: Leptos to WebAssembly, as small as the tools can make it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::progress::{run, step};
use crate::tools::{Tools, cargo};
use crate::trim::trim;
use crate::{assets, fresh, root, work};

const SOURCES: [&str; 12] = [
    "nps/Cargo.toml",
    "nps/src",
    "widget/Cargo.toml",
    "widget/build.rs",
    "widget/src",
    "widget/locales",
    "Cargo.toml",
    "Cargo.lock",
    "package-lock.json",
    "xtask/src/widget.rs",
    "xtask/src/assets.rs",
    "xtask/src/trim.rs",
];

/// Builds the widget's files into `dist/assets`, with the loader that names them.
pub fn build(tools: &Tools, dist: &Path) -> Result<()> {
    let out = work().join("widget");
    fs::create_dir_all(&out)?;
    let digest = fresh::digest(&SOURCES, &[])?;
    fresh::unless(&out.join(".stamp"), &digest, || {
        step("building the widget (std is built with it, for size)", || compile(tools, &out))
    })?;
    let target = dist.join("assets");
    fresh::unless(&dist.join(".assets"), &digest, || {
        if target.exists() {
            fs::remove_dir_all(&target)?;
        }
        fs::create_dir_all(&target)?;
        publish(&out, &target)
    })
}

/// Leaves the glue, the WebAssembly and the loader in `out`, each as small as it gets.
fn compile(tools: &Tools, out: &Path) -> Result<()> {
    let minify = |from: &Path, to: &str, format: &[&str]| {
        let mut esbuild = Command::new(&tools.esbuild);
        esbuild.arg(from).args(["--minify", "--charset=utf8", "--log-level=warning"]).args(format);
        run(esbuild.arg(format!("--outfile={}", out.join(to).display())))
    };
    let source = root().join("widget/src");
    minify(&source.join("styles.css"), "styles.css", &[])?;

    let target = work().join("widget-target");
    let mut build = cargo("nightly");
    build.args(["build", "--package", "widget", "--profile", "widget", "--target", "wasm32-unknown-unknown"]);
    build
        .args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size", "--target-dir"])
        .arg(&target);
    // A panic traps at once: no message, no unwinding, and none of the code for them.
    build.env("GRAPEVINE_STYLES", out.join("styles.css"));
    build.env("RUSTFLAGS", "-Zunstable-options -Cpanic=immediate-abort").current_dir(root());
    run(&mut build)?;

    let wasm = target.join("wasm32-unknown-unknown/widget/widget.wasm");
    let mut bindgen = Command::new(&tools.wasm_bindgen);
    bindgen.args([
        "--target",
        "web",
        "--no-typescript",
        "--omit-default-module-path",
        "--out-name",
        "widget",
    ]);
    run(bindgen.arg("--out-dir").arg(out).arg(wasm))?;

    let glue = fs::read_to_string(out.join("widget.js"))?;
    let glue = trim(tools, &glue, &out.join("widget_bg.wasm"), &out.join("widget.wasm"))?;
    fs::write(out.join("widget.js"), glue)?;

    minify(&out.join("widget.js"), "glue.js", &["--format=esm"])?;
    minify(&source.join("loader.js"), "loader.js", &[])
}

/// Writes the files for browsers, and the loader with their names in it.
fn publish(out: &Path, target: &Path) -> Result<()> {
    let read = |name: &str| fs::read(out.join(name)).with_context(|| format!("the build left no {name}"));
    let glue = assets::write(target, "widget", "js", &read("glue.js")?)?;
    let wasm = assets::write(target, "widget", "wasm", &read("widget.wasm")?)?;
    let mut texts = BTreeMap::new();
    for entry in fs::read_dir(root().join("widget/locales"))? {
        let path = entry?.path();
        let language = path.file_stem().context("a language without a name")?.to_string_lossy().into_owned();
        let table: Value =
            serde_json::from_slice(&fs::read(&path)?).with_context(|| format!("{language}.json"))?;
        let name = assets::write(target, &language, "json", table.to_string().as_bytes())?;
        texts.insert(language, name);
    }
    let loader = String::from_utf8(read("loader.js")?)?;
    let names = [("__GLUE__", glue), ("__WASM__", wasm), ("__TEXTS__", json!(texts).to_string())];
    let loader = names.iter().try_fold(loader, |loader, (token, name)| {
        ensure!(loader.matches(token).count() == 1, "the loader does not name {token} once");
        Ok(loader.replace(token, name))
    })?;
    fs::write(target.join("loader.js"), loader).context("cannot write the loader")
}

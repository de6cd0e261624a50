//! Build of the widget: Leptos compiled to WebAssembly, as small as possible.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::progress::{run, step};
use crate::shrink_wasm::{SMALLEST, shrink_wasm};
use crate::tools::{Tools, cargo, link_without, npm_tools};
use crate::{assets, build_cache, pages, root, work};

const SOURCES: [&str; 16] = [
    "nps/Cargo.toml",
    "nps/src",
    "api/Cargo.toml",
    "api/src",
    "widget/Cargo.toml",
    "widget/build.rs",
    "xtask/link.sh",
    "widget/js",
    "widget/src",
    "widget/locales",
    "Cargo.toml",
    "Cargo.lock",
    "xtask/src/widget.rs",
    "xtask/src/assets.rs",
    "xtask/src/pages.rs",
    "xtask/src/shrink_wasm.rs",
];

/// Tells V8 to compile all functions of a script while it arrives, beside the main thread. Without
/// it, each is compiled on the main thread when it is called, and opening the survey calls most.
const COMPILE_HINT: &str = "--banner:js=//# allFunctionsCalledOnLoad";

/// Returns the expected time of the widget's build; empty if the build is current.
pub fn pending() -> Result<Vec<Duration>> {
    let current = build_cache::is_current(
        &work().join("widget/.stamp"),
        &build_cache::digest(&SOURCES, &[&npm_tools()?])?,
    );
    Ok(if current { vec![] } else { vec![Duration::from_secs(90)] })
}

/// Builds the widget's files into `dist/assets`, with the loader that names them.
pub fn build(tools: &Tools, dist: &Path) -> Result<()> {
    let out = work().join("widget");
    fs::create_dir_all(&out)?;
    let digest = build_cache::digest(&SOURCES, &[&npm_tools()?])?;
    build_cache::rebuild_if_changed(&out.join(".stamp"), &digest, || {
        step("Building the widget", || compile(tools, &out))
    })?;
    let target = dist.join("assets");
    build_cache::rebuild_if_changed(&dist.join(".assets"), &digest, || {
        if target.exists() {
            fs::remove_dir_all(&target)?;
        }
        fs::create_dir_all(&target)?;
        publish(&out, &target)
    })
}

/// Writes the glue, the WebAssembly and the loader into `out`, each minified.
fn compile(tools: &Tools, out: &Path) -> Result<()> {
    let minify = |from: &Path, to: &str, format: &[&str]| {
        let mut esbuild = Command::new(&tools.esbuild);
        esbuild.arg(from).args(pages::ESBUILD).args(format);
        run(esbuild.arg(format!("--outfile={}", out.join(to).display())))
    };
    minify(&root().join("widget/src/styles/index.css"), "styles.css", &["--bundle"])?;

    let target = work().join("widget-target");
    let mut build = cargo("nightly");
    build.args(["build", "--package", "widget", "--profile", "widget", "--target", "wasm32-unknown-unknown"]);
    build
        .args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size", "--target-dir"])
        .arg(&target);
    // A panic traps at once: no message, no unwinding, and none of the code for them.
    build.env("GRAPEVINE_STYLES", out.join("styles.css"));
    build.env("RUSTFLAGS", "-Zunstable-options -Cpanic=immediate-abort").current_dir(root());
    // Leptos depends on `wasm-streams` for server functions, which the survey does not have.
    link_without(&mut build, "*intounderlying*");
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
    let glue = shrink_wasm(tools, &glue, &out.join("widget_bg.wasm"), &out.join("widget.wasm"), &SMALLEST)?;
    fs::write(out.join("widget.js"), glue)?;

    // The widget entry and the generated glue are one file. The glue's only messages are for
    // developers.
    let source = root().join("widget/js");
    let [names, cache] = short_names(&source, out)?;
    let survey = format!("--alias:survey-wasm={}", out.join("widget.js").display());
    let module = ["--bundle", "--format=esm", "--drop:console", COMPILE_HINT, &survey, &names, &cache];
    minify(&source.join("widget_entry.js"), "glue.js", &module)?;
    minify(&source.join("loader.js"), "loader.js", &["--bundle", "--format=iife", &names, &cache])?;
    pages::compile(tools, out)
}

/// Returns the esbuild options that shorten the property names in `context_names.json`, alike in
/// all scripts.
///
/// The letters were found by trying which make the compressed loader smallest. A loader in a
/// browser's cache meets the widget entry of a newer collector, so they stay once released.
fn short_names(source: &Path, out: &Path) -> Result<[String; 2]> {
    let list = fs::read(source.join("context_names.json")).context("cannot read context_names.json")?;
    let names: BTreeMap<String, String> =
        serde_json::from_slice(&list).context("context_names.json is not an object of names")?;
    let names: Vec<&str> = names.keys().map(String::as_str).collect();
    // esbuild writes the file too, so it gets a copy.
    let cache = out.join("context_names.json");
    fs::write(&cache, &list).with_context(|| format!("cannot write {}", cache.display()))?;
    Ok([format!("--mangle-props=^({})$", names.join("|")), format!("--mangle-cache={}", cache.display())])
}

/// Writes the files for browsers, and the loader with their names in it.
fn publish(out: &Path, target: &Path) -> Result<()> {
    let read = |name: &str| fs::read(out.join(name)).with_context(|| format!("the build left no {name}"));
    let tables = tables()?;
    let (glue, wasm, texts) = (read("glue.js")?, read("widget.wasm")?, texts(&tables));
    // One hash for all: the loader names them, and a name that comes again takes fewer bytes.
    let hash = assets::hash(&[&*glue, &wasm, json!(texts).to_string().as_bytes()].concat());
    let write = |stem: &str, extension: &str, content: &[u8]| {
        // Also without a hash, for loaders of an earlier version, which contain other hashes.
        assets::write_as(target, &format!("{stem}.{extension}"), content)?;
        let name = format!("{stem}-{hash}.{extension}");
        assets::write_as(target, &name, content).map(|()| name)
    };
    for (language, texts) in &texts {
        write(language, "json", json!(texts).to_string().as_bytes())?;
    }
    let (glue, wasm) = (write("widget", "js", &glue)?, write("widget", "wasm", &wasm)?);
    let names = [("__GLUE__", &*glue), ("__WASM__", &wasm), ("__HASH__", &hash)];
    let loader = named(read("loader.js")?, &names)?;
    pages::publish(out, target, &tables, &glue, &wasm)?;
    fs::write(target.join("loader.js"), loader).context("cannot write the loader")
}

/// Replaces placeholders, each of which must occur once.
fn named(script: Vec<u8>, names: &[(&str, &str)]) -> Result<String> {
    names.iter().try_fold(String::from_utf8(script)?, |script, (token, name)| {
        ensure!(script.matches(token).count() == 1, "the script does not name {token} once");
        Ok(script.replace(token, name))
    })
}

/// Returns the texts of each language by tag. All languages have the same keys.
fn tables() -> Result<pages::Tables> {
    let mut tables = pages::Tables::new();
    for entry in fs::read_dir(root().join("widget/locales"))? {
        let path = entry?.path();
        let language = path.file_stem().context("a language without a name")?.to_string_lossy().into_owned();
        let table = serde_json::from_slice(&fs::read(&path)?).with_context(|| format!("{language}.json"))?;
        tables.insert(language, table);
    }
    let keys = |locale: &pages::Locale| {
        let keys = |texts: &BTreeMap<String, String>| texts.keys().cloned().collect::<Vec<_>>();
        [keys(&locale.widget), keys(&locale.hosted)]
    };
    let expected = tables.get("en").map(keys);
    for (language, locale) in &tables {
        ensure!(expected == Some(keys(locale)), "{language}.json has not the texts that en.json has");
    }
    Ok(tables)
}

/// Returns the content of each language's file: its texts in the order of their keys, then its tag.
fn texts(tables: &pages::Tables) -> BTreeMap<&str, Vec<&str>> {
    let texts = tables.iter().map(|(tag, locale)| {
        (tag.as_str(), locale.widget.values().chain([tag]).map(String::as_str).collect())
    });
    texts.collect()
}

//! Build of the owner's page: Leptos compiled to WebAssembly modules, with an entry script and one
//! style sheet.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::progress::{run, step};
use crate::shrink_wasm::shrink_wasm;
use crate::tools::{Tools, cargo, link_without, npm_tools};
use crate::{assets, build_cache, pages, root, work};

const SOURCES: [&str; 21] = [
    "nps/Cargo.toml",
    "nps/src",
    "api/Cargo.toml",
    "api/build.rs",
    "api/src",
    "collector/core/Cargo.toml",
    "collector/core/src",
    "sample/Cargo.toml",
    "sample/src",
    "demo/data/kettle_row_comments.ndjson",
    "dashboard/Cargo.toml",
    "dashboard/index.html",
    "dashboard/js",
    "dashboard/src",
    "widget/js/why.json",
    "Cargo.toml",
    "Cargo.lock",
    "xtask/link.sh",
    "xtask/src/dashboard.rs",
    "xtask/src/assets.rs",
    "xtask/src/shrink_wasm.rs",
];

/// Modules of the page with their views, which are features of the crate. Overview comes first, so
/// that it loads nothing of the others.
const MODULES: [(&str, &[&str]); 3] = [
    ("overview", &["overview", "sample", "sites"]),
    ("comments", &["comments"]),
    ("settings", &["install", "settings"]),
];

/// Crate of the sample data, a module without views that answers requests of the API.
const SAMPLE: &str = "sample";

/// Policy of the page. It loads its own files and calls the API of its own origin.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                      connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// Flags of the compiler. A panic traps at once. Leptos erases the types of elements, so the code
/// of one serves others too, which saves 20 KB.
const FLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort --cfg erase_components";

/// Passes of wasm-opt. Instances of one generic function stay whole and next to each other, where
/// brotli finds what they share: 20 KB less than with the order of the widget. Small functions go
/// into their callers, though: a browser compiles each function when it is first called, so fewer
/// functions are a shorter start.
const PASSES: [&str; 8] = [
    "--one-caller-inline-max-function-size=30",
    "--always-inline-max-function-size=3",
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--reorder-functions-by-name",
];

/// Format of the scripts.
const ESM: [&str; 2] = ["--format=esm", "--target=es2022"];

/// Files in `dist/assets` that a build replaces: those of the page and none of another part.
const PREFIX: &str = "dashboard";

/// Returns the expected time of the build; empty if it is current.
pub fn pending() -> Result<Vec<Duration>> {
    let current = build_cache::is_current(&work().join("dashboard/.stamp"), &digest()?);
    Ok(if current { vec![] } else { vec![Duration::from_secs(160)] })
}

fn digest() -> Result<String> {
    build_cache::digest(&SOURCES, &[&npm_tools()?])
}

/// Builds the page into `dist/assets`, which the widget's build has emptied before.
pub fn build(tools: &Tools, dist: &Path) -> Result<()> {
    let out = work().join("dashboard");
    fs::create_dir_all(&out)?;
    build_cache::rebuild_if_changed(&out.join(".stamp"), &digest()?, || {
        step("Building the owner's page", || compile(tools, &out))
    })?;
    publish(&out, &dist.join("assets"))
}

/// Writes the style sheet, and the script and the WebAssembly of each module into `out`, minified.
/// A module is optimized while the next one is compiled, since both take one processor.
fn compile(tools: &Tools, out: &Path) -> Result<()> {
    minify(tools, &root().join("dashboard/src/styles/index.css"), &out.join("dashboard.css"), &[])?;
    minify(tools, &root().join("dashboard/js/entry.js"), &out.join("entry.js"), &ESM)?;
    thread::scope(|scope| {
        let mut optimized = Vec::new();
        link_module(tools, out, SAMPLE, SAMPLE, &[])?;
        optimized.push(scope.spawn(|| optimize_module(tools, out, SAMPLE)));
        for (name, views) in &MODULES {
            let features = ["--no-default-features".to_owned(), format!("--features={}", views.join(","))];
            link_module(tools, out, name, "dashboard", &features)?;
            optimized.push(scope.spawn(|| optimize_module(tools, out, name)));
        }
        optimized.into_iter().try_for_each(|module| module.join().expect("no panic while optimizing"))
    })
}

fn minify(tools: &Tools, from: &Path, to: &Path, format: &[&str]) -> Result<()> {
    let mut esbuild = Command::new(&tools.esbuild);
    esbuild.arg(from).args(pages::ESBUILD).arg("--bundle").args(format);
    run(esbuild.arg(format!("--outfile={}", to.display())))
}

/// Compiles a crate with some features into the glue and the WebAssembly of a module.
fn link_module(tools: &Tools, out: &Path, name: &str, package: &str, features: &[String]) -> Result<()> {
    let target = work().join("dashboard-target");
    let mut build = cargo("nightly");
    build.args(["build", "--package", package, "--profile", "widget"]);
    build.args(["--target", "wasm32-unknown-unknown"]).args(features);
    build
        .args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size", "--target-dir"])
        .arg(&target);
    build.env("RUSTFLAGS", FLAGS).current_dir(root());
    link_without(&mut build, "*intounderlying*");
    run(&mut build)?;

    let wasm = target.join(format!("wasm32-unknown-unknown/widget/{package}.wasm"));
    let mut bindgen = Command::new(&tools.wasm_bindgen);
    bindgen.args(["--target", "web", "--no-typescript", "--omit-default-module-path"]);
    run(bindgen.args(["--out-name", name, "--out-dir"]).arg(glue_folder(out)).arg(wasm))
}

/// Makes a module that is linked as small as it gets.
fn optimize_module(tools: &Tools, out: &Path, name: &str) -> Result<()> {
    let glue_file = glue_folder(out).join(format!("{name}.js"));
    let linked = glue_folder(out).join(format!("{name}_bg.wasm"));
    let glue = fs::read_to_string(&glue_file)?;
    let glue = shrink_wasm(tools, &glue, &linked, &out.join(format!("{name}.wasm")), &PASSES)?;
    fs::write(&glue_file, glue)?;
    minify(tools, &glue_file, &out.join(format!("{name}.js")), &ESM)
}

fn glue_folder(out: &Path) -> PathBuf {
    out.join("glue")
}

/// Writes the files under hashed names and the page that names them, unless they are current.
fn publish(out: &Path, target: &Path) -> Result<()> {
    let read = |name: &str| fs::read(out.join(name)).with_context(|| format!("the build left no {name}"));
    let name = |content: &[u8], extension: &str| format!("{PREFIX}-{}.{extension}", assets::hash(content));
    let mut files = Vec::new();
    let mut add = |content: Vec<u8>, extension: &str| {
        let name = name(&content, extension);
        files.push((name.clone(), content));
        name
    };
    let mut add_module = |module: &str| -> Result<serde_json::Value> {
        let script = add(read(&format!("{module}.js"))?, "js");
        let wasm = add(read(&format!("{module}.wasm"))?, "wasm");
        Ok(serde_json::json!([script, wasm]))
    };
    let mut of_views = serde_json::Map::new();
    for (module, views) in MODULES {
        let files = add_module(module)?;
        of_views.extend(views.iter().map(|view| ((*view).to_owned(), files.clone())));
    }
    let sample = add_module(SAMPLE)?.to_string();
    let style = add(read("dashboard.css")?, "css");
    let entry = String::from_utf8(read("entry.js")?)?;
    let modules = serde_json::Value::from(of_views).to_string();
    let entry = filled(&entry, &[("__MODULES__", &modules), ("__SAMPLE__", &sample)])?;
    let script = add(entry.into_bytes(), "js");
    let html = fs::read_to_string(root().join("dashboard/index.html"))?;
    let html = filled(&html, &[("__STYLE__", &style), ("__SCRIPT__", &script)])?;
    let page = format!("{POLICY}\n{html}");

    let page_file = target.join(format!("{PREFIX}.page"));
    if fs::read(&page_file).is_ok_and(|current| current == page.as_bytes()) {
        return Ok(());
    }
    for entry in fs::read_dir(target)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            fs::remove_file(entry.path())?;
        }
    }
    for (name, content) in &files {
        assets::write_as(target, name, content)?;
    }
    // Written last, so that an interrupted build starts again.
    fs::write(page_file, page).context("cannot write the owner's page")
}

/// Replaces placeholders, each of which must occur once.
fn filled(text: &str, values: &[(&str, &str)]) -> Result<String> {
    values.iter().try_fold(text.to_owned(), |text, (token, value)| {
        ensure!(text.matches(token).count() == 1, "the owner's page does not name {token} once");
        Ok(text.replace(token, value))
    })
}

//! The collector: `worker-build` compiles it for workerd, with panics that unwind.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::progress::{output, run, step};
use crate::shrink_wasm::ImportExportNames;
use crate::tools::{self, Tools, clean};
use crate::{build_cache, docs, root, work};

/// Flags that leave out the places of panics, which take 8 KB, and what `{:?}` writes.
/// A panic in a destructor ends the isolate instead of the request. So nothing has to be cleaned up
/// where one is called, which takes 20 KB; our few destructors set a flag or forget a cache.
const SMALL_PANICS: &str = "-Zlocation-detail=none -Zfmt-debug=none -Zpanic-in-drop=abort";

const SOURCES: [&str; 14] = [
    "nps/Cargo.toml",
    "nps/src",
    "api/Cargo.toml",
    "api/build.rs",
    "api/src",
    "collector/core/Cargo.toml",
    "collector/core/src",
    "collector/Cargo.toml",
    "collector/js/entry.js",
    "collector/src",
    "Cargo.toml",
    "Cargo.lock",
    "xtask/src/collector.rs",
    "xtask/link.sh",
];

/// Returns the expected time of the collector's build; empty if the build is current.
pub fn pending(dist: &Path, features: &[&str]) -> Result<Vec<Duration>> {
    let current = build_cache::is_current(&dist.join("worker/.stamp"), &digest(features)?);
    Ok(if current { vec![] } else { vec![Duration::from_secs(120)] })
}

fn digest(features: &[&str]) -> Result<String> {
    build_cache::digest(&SOURCES, &[&features.join(","), &tools::npm_tools()?, &locales()?])
}

/// Returns the names of the languages, which `api/build.rs` lists.
fn locales() -> Result<String> {
    let entries = fs::read_dir(root().join("widget/locales"))?;
    let mut names = entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<Vec<_>>>()?;
    names.sort_unstable();
    Ok(names.join(","))
}

/// Builds the modules of the Worker in `dist`, and writes the OpenAPI document
/// beside the assets, as JSON and as a page.
pub fn build(tools: &Tools, dist: &Path, features: &[&str]) -> Result<()> {
    let worker = dist.join("worker");
    fs::create_dir_all(&worker)?;
    // The runtime serves both unchanged.
    let description = fs::read(root().join("collector/openapi.json"))?;
    build_cache::write(&dist.join("assets/openapi.json"), &description)?;
    docs::write(&dist.join("assets"), &description)?;
    build_cache::rebuild_if_changed(&worker.join(".stamp"), &digest(features)?, || {
        step("Building the collector", || compile(tools, &features.join(",")))?;
        let built = root().join("collector/build");
        let names = shorten(tools, &built.join("index_bg.wasm"), &worker.join("index_bg.wasm"))?;
        bundle(tools, &built, &names, &worker.join("index.js"))?;
        fs::remove_dir_all(built).context("cannot remove what worker-build left")
    })
}

fn compile(tools: &Tools, features: &str) -> Result<()> {
    let mut build = Command::new(&tools.worker_build);
    clean(&mut build);
    build.args(["--release", "--panic-unwind", "collector", "--target-dir"]).arg(work().join("collector"));
    build.args(["--features", features]);
    build.current_dir(root());
    // The worker crate's own classes for JavaScript, none of which the collector makes.
    tools::link_without(&mut build, "*intounderlying* *containerstartupoptions* *r2range* *minifyconfig*");
    // std is built anyway, so its parts that trade size for speed can be left out.
    build.env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "panic-unwind optimize_for_size");
    // worker-build asks the default toolchain for the packages, which may not know the flags.
    build.env("RUSTFLAGS", SMALL_PANICS).env("RUSTUP_TOOLCHAIN", "nightly");
    build
        .env("WASM_BINDGEN_BIN", &tools.wasm_bindgen)
        .env("ESBUILD_BIN", &tools.esbuild)
        .env("WASM_OPT_BIN", &tools.wasm_opt);
    run(&mut build)
}

/// Removes the names of functions, which are a tenth of the bundle, and shortens those of imports
/// and exports, most of which end with a hash. worker-build always keeps the names, and Rust's own
/// `strip = true` would remove what unwinding needs.
///
/// Before that it sorts the functions by name: instances of one generic function are next to each
/// other then, where gzip, which looks back 32 KB, finds what they share. And a function with one
/// caller stays whole: the more locals a function has, the more bytes name each. The stack begins
/// at address 0, so nothing lies in the first kilobyte, and offsets can be added to any pointer.
fn shorten(tools: &Tools, from: &Path, to: &Path) -> Result<ImportExportNames> {
    let features =
        tools::WASM_FEATURES.iter().chain(&["exception-handling"]).map(|name| format!("--enable-{name}"));
    let mut optimize = Command::new(&tools.wasm_opt);
    optimize.arg(from).args(["--low-memory-unused", "--gufa", "-Oz"]);
    optimize.args(["--one-caller-inline-max-function-size=0", "--always-inline-max-function-size=3"]);
    optimize.args(["--reorder-locals", "--reorder-functions-by-name", "--strip-debug", "--strip-producers"]);
    optimize.args(["--strip-target-features", "--minify-imports-and-exports-and-modules"]);
    let names = output(optimize.args(features).arg("-o").arg(to)).context("wasm-opt failed")?;
    serde_json::from_str(&names).context("wasm-opt does not list the names as it did")
}

/// Bundles the entry module with the glue of `worker-build`, without the glue's classes that the
/// entry does not use. Their disposal is removed first, since it would keep them.
fn bundle(tools: &Tools, built: &Path, names: &ImportExportNames, to: &Path) -> Result<()> {
    let glue = fs::read_to_string(built.join("index.js")).context("worker-build left no index.js")?;
    fs::write(built.join("collector.js"), rename(&without_disposal(&glue), names)?)?;
    fs::copy(root().join("collector/js/entry.js"), built.join("entry.js"))?;
    run(Command::new(&tools.esbuild)
        .arg(built.join("entry.js"))
        .args(["--bundle", "--minify", "--format=esm", "--log-level=warning"])
        .args(["--external:cloudflare:workers", "--external:./index_bg.wasm"])
        .args(["--pure:Proxy", "--pure:FinalizationRegistry"])
        .arg(format!("--outfile={}", to.display())))
}

/// Removes the statements `Symbol.dispose&&(…);`, which make the objects of a class disposable by
/// `using`.
fn without_disposal(glue: &str) -> String {
    let mut parts = glue.split("Symbol.dispose&&(");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, rest| kept + rest.split_once(".free);").map_or(rest, |(_, after)| after))
}

/// Returns the minified glue with the short names of imports, which are keys, and of exports, which
/// are members.
fn rename(glue: &str, names: &ImportExportNames) -> Result<String> {
    let mut imported: HashSet<&str> = names.imports.iter().map(|[_, name, _]| name.as_str()).collect();
    let mut renamed = String::with_capacity(glue.len());
    let mut rest = glue;
    while let Some(start) = rest.find(is_of_word) {
        let (between, word) = rest.split_at(start);
        let (word, after) = word.split_at(word.find(|c| !is_of_word(c)).unwrap_or(word.len()));
        renamed.push_str(between);
        let short = if after.starts_with(':') && imported.remove(word) {
            names.imports.iter().find(|[_, name, _]| name == word).map(|[_, _, short]| short)
        } else if renamed.ends_with('.') {
            names.exports.iter().find(|[name, _]| name == word).map(|[_, short]| short)
        } else {
            None
        };
        renamed.push_str(short.map_or(word, String::as_str));
        rest = after;
    }
    renamed.push_str(rest);
    ensure!(imported.is_empty(), "the glue does not define {imported:?}");
    // wasm-opt gives all modules one short name.
    let module = "\"./index_bg.js\":{";
    ensure!(renamed.matches(module).count() == 1, "the glue does not name its module once");
    Ok(renamed.replace(module, "\"a\":{"))
}

fn is_of_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '$')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_glue_gets_the_short_names_and_loses_the_disposal() {
        let names = ImportExportNames {
            imports: vec![["./index_bg.js".into(), "__wbg_sync_b1".into(), "b".into()]],
            exports: vec![["memory".into(), "c".into()], ["site_handle".into(), "d".into()]],
        };
        let glue = "var T=class{free(){}};Symbol.dispose&&(T.prototype[Symbol.dispose]=T.prototype.free);\
                    var o={\"./index_bg.js\":{__wbg_sync_b1:function(e){return e.sync()}}};x=i.memory.buffer;i.site_handle(memory)";
        let renamed = rename(&without_disposal(glue), &names).unwrap();
        let expected = "var T=class{free(){}};\
                        var o={\"a\":{b:function(e){return e.sync()}}};x=i.c.buffer;i.d(memory)";
        assert_eq!(renamed, expected);
        rename("var o={\"./index_bg.js\":{}}", &names).unwrap_err();
    }
}

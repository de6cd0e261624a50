//! Prepares what the crate includes: the minified style sheet if `cargo xtask build` has made one,
//! and the enum `TextKey` with the keys of `locales/en.json`.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let styles =
        env::var_os("GRAPEVINE_STYLES").map_or_else(|| manifest.join("src/styles/index.css"), PathBuf::from);
    println!("cargo::rerun-if-env-changed=GRAPEVINE_STYLES");
    println!("cargo::rerun-if-changed={}", styles.display());
    println!("cargo::rustc-env=GRAPEVINE_STYLES={}", styles.display());
    println!("cargo::rerun-if-changed={}", manifest.join("../xtask/link.sh").display());

    let english = manifest.join("locales/en.json");
    println!("cargo::rerun-if-changed={}", english.display());
    let texts: BTreeMap<String, Value> = serde_json::from_slice(&fs::read(&english)?)?;
    // The texts under `hosted` are those of the collector's pages.
    let texts = texts.into_iter().filter_map(|(key, text)| Some((key, text.as_str()?.to_owned()))).collect();
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("text_key.rs"), text_key(&texts))?;
    Ok(())
}

/// Returns the enum with a variant for each key, in the order in which the build writes the texts.
/// The English text is the variant's documentation.
fn text_key(texts: &BTreeMap<String, String>) -> String {
    let variants: String = texts
        .iter()
        .map(|(key, text)| format!("    /// English: `{text}`\n    {},\n", camel_case(key)))
        .collect();
    format!(
        "/// Key of a text in `locales/`. The order is that of the keys' names.\n\
         #[derive(Clone, Copy, PartialEq)]\npub enum TextKey {{\n{variants}}}\n"
    )
}

fn camel_case(key: &str) -> String {
    let capitalized = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    key.split('_').map(capitalized).collect()
}

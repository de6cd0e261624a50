//! Lists the languages of the survey: one for each file in `widget/locales/`.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let locales = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../widget/locales");
    println!("cargo::rerun-if-changed={}", locales.display());
    let mut tags = Vec::new();
    for entry in fs::read_dir(&locales)? {
        let name = entry?.file_name();
        let name = name.to_str().ok_or("a locale file has a name that is no text")?;
        tags.push(name.strip_suffix(".json").ok_or_else(|| format!("{name} is no locale file"))?.to_owned());
    }
    tags.sort_unstable();
    let list = format!("[&str; {}] = {tags:?}", tags.len());
    let doc = "/// The languages of the survey, as BCP 47 tags: one for each file in `widget/locales/`.";
    let out = PathBuf::from(env::var("OUT_DIR")?).join("languages.rs");
    fs::write(out, format!("{doc}\npub const LANGUAGES: {list};\n"))?;
    Ok(())
}

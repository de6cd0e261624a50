//! The style sheet that goes into the module: minified where `cargo xtask build` has done that, else as it is written.

use std::env;
use std::path::PathBuf;

fn main() {
    let written =
        || PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("src/styles.css");
    let styles = env::var_os("GRAPEVINE_STYLES").map_or_else(written, PathBuf::from);
    println!("cargo::rerun-if-env-changed=GRAPEVINE_STYLES");
    println!("cargo::rerun-if-changed={}", styles.display());
    println!("cargo::rustc-env=GRAPEVINE_STYLES={}", styles.display());
}

//! Files that browsers download, named by a hash of their content and compressed once.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::build_cache::hex;

/// Writes a file as `STEM-HASH.EXTENSION` and its brotli form, and returns the name. The name
/// changes with the content, so browsers may cache the file for ever.
pub fn write(folder: &Path, stem: &str, extension: &str, content: &[u8]) -> Result<String> {
    let name = format!("{stem}-{}.{extension}", hash(content));
    write_as(folder, &name, content)?;
    Ok(name)
}

/// Writes a file and its brotli form.
pub fn write_as(folder: &Path, name: &str, content: &[u8]) -> Result<()> {
    fs::write(folder.join(name), content).with_context(|| format!("cannot write {name}"))?;
    fs::write(folder.join(format!("{name}.br")), brotli(content)?)
        .with_context(|| format!("cannot write {name}.br"))
}

/// Returns the hash that distinguishes contents in file names.
pub fn hash(content: &[u8]) -> String {
    hex(&Sha256::digest(content))[..16].to_owned()
}

/// Compresses with brotli at the highest level.
pub fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let best = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: content.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &best).context("brotli failed")?;
    Ok(compressed)
}

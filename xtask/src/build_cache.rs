//! Stamps of built parts. A part is built again only when one of its sources has changed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::root;

/// Returns a digest of all inputs of a part: files and folders below the root, and
/// strings such as versions.
pub fn digest(sources: &[&str], words: &[&str]) -> Result<String> {
    let mut digest = Sha256::new();
    for word in words {
        digest.update(word.len().to_le_bytes());
        digest.update(word);
    }
    for source in sources {
        for file in files(&root().join(source))? {
            let content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            digest.update(file.strip_prefix(root())?.to_string_lossy().as_bytes());
            digest.update(content.len().to_le_bytes());
            digest.update(content);
        }
    }
    Ok(hex(&digest.finalize()))
}

/// Whether the stamp of a part has this digest.
pub fn is_current(stamp: &Path, digest: &str) -> bool {
    fs::read_to_string(stamp).is_ok_and(|built| built == digest)
}

/// Builds a part unless its stamp has this digest already.
pub fn rebuild_if_changed(stamp: &Path, digest: &str, build: impl FnOnce() -> Result<()>) -> Result<()> {
    if is_current(stamp, digest) {
        return Ok(());
    }
    // No stamp exists during the build, so an interrupted build starts again.
    let _ = fs::remove_file(stamp);
    build()?;
    fs::write(stamp, digest).with_context(|| format!("cannot write {}", stamp.display()))
}

/// Writes a file unless it has this content already. A running collector may be reading it.
pub fn write(path: &Path, content: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|there| there == content) {
        return Ok(());
    }
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

/// Formats bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the files below a folder in a fixed order, or the path itself if it is a file.
fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    let entries = fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut entries = entries.collect::<Result<Vec<_>, _>>()?;
    // Unit tests of JavaScript lie beside the modules and do not affect the build.
    entries.retain(|entry| !entry.file_name().to_string_lossy().ends_with(".test.js"));
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        found.extend(files(&entry.path())?);
    }
    Ok(found)
}

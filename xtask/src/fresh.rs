//! Whether a part must be built again.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::root;

/// Returns a digest of everything that a part is made of: files and folders below the root, and
/// words such as versions.
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

/// Whether the stamp beside a part says that this very thing was built.
pub fn is_current(stamp: &Path, digest: &str) -> bool {
    fs::read_to_string(stamp).is_ok_and(|built| built == digest)
}

/// Builds a part unless the stamp beside its output says that this very thing was built.
pub fn unless(stamp: &Path, digest: &str, build: impl FnOnce() -> Result<()>) -> Result<()> {
    if is_current(stamp, digest) {
        return Ok(());
    }
    // Without a stamp while it is built, so that an interrupted build is begun again.
    let _ = fs::remove_file(stamp);
    build()?;
    fs::write(stamp, digest).with_context(|| format!("cannot write {}", stamp.display()))
}

/// Writes a file unless it has this content already: a running collector may be reading it.
pub fn write(path: &Path, content: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|there| there == content) {
        return Ok(());
    }
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The files below a folder in a fixed order; a file is itself.
fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    let entries = fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut entries = entries.collect::<Result<Vec<_>, _>>()?;
    // Unit tests of JavaScript stand beside the modules and are no part of a build.
    entries.retain(|entry| !entry.file_name().to_string_lossy().ends_with(".test.js"));
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        found.extend(files(&entry.path())?);
    }
    Ok(found)
}

//! `.tar.gz` of a folder, with the same bytes for the same files.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

/// Writes the files of a folder, below a folder named after the tarball.
pub fn write(path: &Path, folder: &Path) -> Result<()> {
    let name = path.file_name().context("a tarball has a name")?.to_string_lossy();
    let top = name.strip_suffix(".tar.gz").context("a tarball ends with .tar.gz")?;
    let mut files = Vec::new();
    find(folder, Path::new(""), &mut files)?;
    files.sort_unstable();
    let compressed = GzBuilder::new().mtime(0).write(File::create(path)?, Compression::best());
    let mut tarball = Builder::new(compressed);
    for file in files {
        let content = fs::read(folder.join(&file))?;
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::Regular);
        header.set_size(content.len().try_into()?);
        header.set_mode(0o644);
        header.set_mtime(0);
        tarball.append_data(&mut header, Path::new(top).join(&file), content.as_slice())?;
    }
    tarball.into_inner()?.finish()?;
    Ok(())
}

/// Lists the files of a folder, relative to the first one.
fn find(folder: &Path, below: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        if entry.file_type()?.is_dir() { find(folder, &path, files)? } else { files.push(path) }
    }
    Ok(())
}

//! A library that makes each flush of a file take 5 ms longer, as on a disk that is not an SSD. It
//! is preloaded into workerd.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::progress::output;

/// Source of the library. The numbers are those of the system calls of x86-64 Linux.
const SOURCE: &str = r#"
use std::ffi::{c_int, c_long};
use std::{thread, time::Duration};

unsafe extern "C" {
    fn syscall(number: c_long, ...) -> c_long;
}

fn flush(number: c_long, file: c_int) -> c_int {
    thread::sleep(Duration::from_millis(5));
    unsafe { syscall(number, file) as c_int }
}

#[unsafe(no_mangle)]
pub extern "C" fn fsync(file: c_int) -> c_int {
    flush(74, file)
}

#[unsafe(no_mangle)]
pub extern "C" fn fdatasync(file: c_int) -> c_int {
    flush(75, file)
}
"#;

/// Builds the library in a folder; nothing on another system than x86-64 Linux.
pub fn build(folder: &Path) -> Result<Option<PathBuf>> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Ok(None);
    }
    let (source, library) = (folder.join("slow_disk.rs"), folder.join("libslow_disk.so"));
    fs::write(&source, SOURCE)?;
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition", "2024", "--crate-type", "cdylib", "-O", "-o"]).arg(&library).arg(&source);
    output(&mut rustc).context("rustc cannot build the slow disk")?;
    Ok(Some(library))
}

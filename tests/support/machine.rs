//! A machine whose wall clock and disk obey the test: a library that is preloaded into workerd.
//! Linux only.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;
use xtask::WorkerdOptions;

use crate::ids::now_ms;

/// State of the machine, which each workerd started with [`Machine::apply_to`] follows.
pub struct Machine {
    folder: TempDir,
    state: File,
}

impl Default for Machine {
    fn default() -> Self {
        Self::new()
    }
}

impl Machine {
    /// Compiles the library. The clock is right and the disk has room.
    pub fn new() -> Self {
        let folder = TempDir::with_prefix("grapevine-machine-").expect("a temporary folder");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/support/preload/faults.rs");
        let compiled = Command::new("rustc")
            .args(["--edition=2024", "--crate-type=cdylib", "-O", "-Cpanic=abort", "-o"])
            .args([&folder.path().join("faults.so"), &PathBuf::from(source)])
            .status()
            .expect("rustc");
        assert!(compiled.success(), "the library does not compile");
        let path = folder.path().join("state");
        fs::write(&path, [0; 16]).expect("a file");
        let state = File::options().write(true).open(path).expect("a file");
        Self { folder, state }
    }

    /// Compiles the library, and sets the clock to a time in Unix milliseconds: for a test whose
    /// data is of that time.
    pub fn at(unix_ms: u64) -> Self {
        let machine = Self::new();
        let offset_ms = i128::from(unix_ms) - i128::from(now_ms());
        machine.set_clock_ms(i64::try_from(offset_ms).expect("a time on the calendar"));
        machine
    }

    /// Makes a collector run on this machine.
    pub fn apply_to(&self, options: &mut WorkerdOptions) {
        let path = |name: &str| self.folder.path().join(name).display().to_string();
        options.set("LD_PRELOAD", &path("faults.so"));
        options.set("GRAPEVINE_TEST_MACHINE", &path("state"));
    }

    /// Moves the wall clock away from the right time.
    pub fn set_clock_ms(&self, offset_ms: i64) {
        self.write(0, offset_ms);
    }

    /// Fills the disk, or makes room.
    pub fn set_disk_full(&self, is_full: bool) {
        self.write(8, i64::from(is_full));
    }

    fn write(&self, offset: u64, value: i64) {
        self.state.write_all_at(&value.to_ne_bytes(), offset).expect("a file");
    }
}

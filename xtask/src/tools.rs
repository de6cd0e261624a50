//! Tools of the build, found or installed.
//!
//! You need only rustup and Node. The rest is installed by the usual clients: targets and
//! `rust-src` by rustup, two cargo tools by `cargo install` into their own folder, and workerd,
//! esbuild, wasm-opt and, for the tests, axe, TypeScript and React by `npm ci`.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::apt::install_packages;
use crate::progress::{log, output, run, step};
use crate::{build_cache, root};

const WASM: &str = "wasm32-unknown-unknown";
const WORKER_BUILD: &str = "0.8.7";

/// The packages in the root's `package-lock.json`, for messages.
pub const NPM_PACKAGES: &str = "workerd, esbuild, binaryen, axe-core, TypeScript and React";

/// WebAssembly features that the build may use. Every browser of the last years has all of them.
/// `--all-features` would let wasm-opt write features that Safari does not support.
pub const WASM_FEATURES: [&str; 7] = [
    "bulk-memory",
    "bulk-memory-opt",
    "nontrapping-float-to-int",
    "sign-ext",
    "mutable-globals",
    "reference-types",
    "multivalue",
];

/// Paths of the tools.
pub struct Tools {
    pub wasm_bindgen: PathBuf,
    pub worker_build: PathBuf,
    pub esbuild: PathBuf,
    pub wasm_opt: PathBuf,
    pub wasm_metadce: PathBuf,
}

impl Tools {
    /// Finds every tool and installs the missing ones.
    pub fn ready() -> Result<Self> {
        rust()?;
        npm("", NPM_PACKAGES)?;
        let bindgen = locked_version("wasm-bindgen")?;
        let bin = root().join("node_modules/.bin");
        Ok(Self {
            // The generated code and the tool must have exactly the same version.
            wasm_bindgen: cargo_tool("wasm-bindgen", "wasm-bindgen-cli", &bindgen)?,
            worker_build: cargo_tool("worker-build", "worker-build", WORKER_BUILD)?,
            esbuild: bin.join("esbuild"),
            wasm_opt: bin.join("wasm-opt"),
            wasm_metadce: bin.join("wasm-metadce"),
        })
    }
}

/// Returns the expected time for each missing tool, in the order in which [`Tools::ready`] installs
/// them.
pub fn pending() -> Result<Vec<Duration>> {
    let nightly = Nightly::find()?;
    let npm = build_cache::is_current(&npm_stamp(root()), &npm_digest(root())?);
    let bindgen = find_cargo_tool("wasm-bindgen", "wasm-bindgen-cli", &locked_version("wasm-bindgen")?)?;
    let worker_build = find_cargo_tool("worker-build", "worker-build", WORKER_BUILD)?;
    let steps = [
        (nightly.toolchain, 40),
        (nightly.source, 15),
        (nightly.target, 10),
        (npm, 15),
        (bindgen.is_ok(), 90),
        (worker_build.is_ok(), 150),
    ];
    Ok(steps.into_iter().filter(|(there, _)| !there).map(|(_, s)| Duration::from_secs(s)).collect())
}

/// Installed parts of nightly Rust.
struct Nightly {
    toolchain: bool,
    /// Source of std.
    source: bool,
    /// WebAssembly target.
    target: bool,
}

impl Nightly {
    fn find() -> Result<Self> {
        let missing = "rustup is missing. Install it from https://rustup.rs, then run this again.";
        let toolchains = output(Command::new("rustup").args(["toolchain", "list"])).context(missing)?;
        let toolchain = toolchains.lines().any(|line| line.starts_with("nightly"));
        let list = ["component", "list", "--installed", "--toolchain", "nightly"];
        let parts = output(Command::new("rustup").args(list)).filter(|_| toolchain).unwrap_or_default();
        let source = parts.lines().any(|line| line.starts_with("rust-src"));
        Ok(Self { toolchain, source, target: parts.contains(WASM) })
    }
}

/// Installs nightly Rust.
pub fn nightly() -> Result<()> {
    if Nightly::find()?.toolchain {
        return Ok(());
    }
    step("Installing nightly Rust (rustup)", || {
        run(Command::new("rustup").args(["toolchain", "install", "nightly", "--profile", "minimal"]))
    })
}

/// Installs nightly Rust with the source of std. The build compiles std again: small for the
/// widget, and with unwinding for the collector.
fn rust() -> Result<()> {
    nightly()?;
    let rustup = |arguments: &[&str]| run(Command::new("rustup").args(arguments));
    let nightly = Nightly::find()?;
    if !nightly.source {
        step("Adding the source of std to nightly Rust (rustup)", || {
            rustup(&["component", "add", "rust-src", "--toolchain", "nightly"])
        })?;
    }
    if !nightly.target {
        step("Adding the WebAssembly target to nightly Rust (rustup)", || {
            rustup(&["target", "add", WASM, "--toolchain", "nightly"])
        })?;
    }
    Ok(())
}

/// Installs the packages in the `package-lock.json` of a folder.
pub fn npm(folder: &str, named: &str) -> Result<()> {
    let folder = root().join(folder);
    build_cache::rebuild_if_changed(&npm_stamp(&folder), &npm_digest(&folder)?, || {
        if output(Command::new("npm").arg("--version")).is_none() {
            bail!("Node is missing. Install Node 20 or newer (https://nodejs.org), then run this again.");
        }
        step(&format!("Installing {named} (npm ci)"), || {
            let quiet = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
            run(Command::new("npm").args(quiet).current_dir(&folder))
        })
    })
}

/// Returns the stamp of the packages installed in a folder.
fn npm_stamp(folder: &Path) -> PathBuf {
    folder.join("node_modules/.grapevine")
}

fn npm_digest(folder: &Path) -> Result<String> {
    let files = ["package.json", "package-lock.json"].map(|name| folder.join(name));
    build_cache::digest(&files.each_ref().map(|path| path.to_str().unwrap_or_default()), &[])
}

/// Whether a program has that version.
fn has_version(program: &Path, version: &str) -> bool {
    output(Command::new(program).arg("--version")).is_some_and(|printed| printed.contains(version))
}

/// Returns the path of a tool from crates.io at that version: `Ok` if it is installed, otherwise
/// `Err` with the path to install it to.
fn find_cargo_tool(binary: &str, package: &str, version: &str) -> Result<Result<PathBuf, PathBuf>> {
    let folder = cache()?.join(format!("{package}-{version}"));
    let install_path = folder.join("bin").join(format!("{binary}{}", env::consts::EXE_SUFFIX));
    let found =
        [PathBuf::from(binary), install_path.clone()].into_iter().find(|path| has_version(path, version));
    Ok(found.ok_or(install_path))
}

/// Returns a tool from crates.io at exactly that version, and compiles it if it is missing.
pub fn cargo_tool(binary: &str, package: &str, version: &str) -> Result<PathBuf> {
    let install_path = match find_cargo_tool(binary, package, version)? {
        Ok(path) => return Ok(path),
        Err(path) => path,
    };
    let folder = cache()?.join(format!("{package}-{version}"));
    if binary == "worker-build" {
        openssl()?;
    }
    step(&format!("Compiling {package} {version} (cargo install, once)"), || {
        // `--locked` uses the versions that the author tested. A registry mirror may not have the
        // newest of them yet.
        install(package, version, &folder, binary, &["--locked"]).or_else(|error| {
            log(&format!("{package} cannot be installed with --locked: {}", last_line(&error)));
            install(package, version, &folder, binary, &[])
        })
    })?;
    if !has_version(&install_path, version) {
        bail!("{} was installed but does not say that it is {version}", install_path.display());
    }
    Ok(install_path)
}

fn install(package: &str, version: &str, folder: &Path, binary: &str, flags: &[&str]) -> Result<()> {
    let mut install = cargo("stable");
    install.args(["install", package, "--version", version]).args(flags).arg("--root").arg(folder);
    // A fast build matters more than a fast tool, since the tools have little work.
    let level = if binary == "wasm-bindgen" { "1" } else { "0" };
    install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", level).current_dir(env::temp_dir());
    run(&mut install)
}

/// Returns the line of a `cargo` error that names the reason.
fn last_line(error: &anyhow::Error) -> String {
    let text = error.to_string();
    text.lines().rev().find(|line| line.contains("error")).unwrap_or(&text).trim().to_owned()
}

/// worker-build links to the system's OpenSSL on Linux.
fn openssl() -> Result<()> {
    let there = || output(Command::new("pkg-config").args(["--exists", "openssl"])).is_some();
    if cfg!(target_os = "linux") && !there() {
        install_packages(&["pkg-config", "libssl-dev"]);
        if !there() {
            bail!(
                "OpenSSL's headers are missing. Install the packages pkg-config and libssl-dev, then run this again."
            );
        }
    }
    Ok(())
}

/// Tools outlive one checkout, so they are stored in the user's cache folder.
pub fn cache() -> Result<PathBuf> {
    if let Some(folder) = env::var_os("GRAPEVINE_TOOLS") {
        return Ok(folder.into());
    }
    let base =
        env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cache")));
    Ok(base
        .context("there is no home folder; name one for the tools in GRAPEVINE_TOOLS")?
        .join("grapevine/tools"))
}

/// Returns the version of a package in `Cargo.lock`.
fn locked_version(package: &str) -> Result<String> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).context("Cargo.lock is missing")?;
    let name = format!("name = \"{package}\"");
    let version =
        lock.lines().skip_while(|line| *line != name).nth(1).and_then(|line| line.split('"').nth(1));
    version.map(str::to_owned).with_context(|| format!("{package} is not in Cargo.lock"))
}

/// Returns the npm tools of the build with their versions from `package-lock.json`. Other packages
/// in it do not affect the build.
pub fn npm_tools() -> Result<String> {
    let lock =
        std::fs::read_to_string(root().join("package-lock.json")).context("package-lock.json is missing")?;
    let lock: serde_json::Value = serde_json::from_str(&lock).context("package-lock.json is no JSON")?;
    let tools = ["binaryen", "esbuild"].map(|name| {
        let version = lock["packages"][format!("node_modules/{name}")]["version"].as_str();
        version
            .map(|it| format!("{name} {it}"))
            .with_context(|| format!("{name} is not in package-lock.json"))
    });
    Ok(tools.into_iter().collect::<Result<Vec<_>>>()?.join(", "))
}

/// Returns a command for cargo of that toolchain, without the variables of the outer cargo.
pub fn cargo(toolchain: &str) -> Command {
    let mut cargo = Command::new("rustup");
    clean(&mut cargo).args(["run", toolchain, "cargo"]);
    cargo
}

/// Leaves exports that match one of the patterns out of what a build links to WebAssembly. It is
/// done by a shell script; elsewhere the result is larger, and works.
pub fn link_without(build: &mut Command, patterns: &str) {
    if cfg!(unix) {
        build.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", root().join("xtask/link.sh"));
        build.env("UNUSED_EXPORTS", patterns);
    }
}

/// Removes the variables that cargo and rustup set for their children, so that a nested build
/// starts clean.
pub fn clean(command: &mut Command) -> &mut Command {
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        let is_set_by_cargo = text.starts_with("CARGO_PKG_")
            || text.starts_with("CARGO_MANIFEST_")
            || text.starts_with("CARGO_BIN_");
        if is_set_by_cargo
            || [
                "CARGO",
                "CARGO_CRATE_NAME",
                "CARGO_PRIMARY_PACKAGE",
                "RUSTUP_TOOLCHAIN",
                "RUSTFLAGS",
                "RUSTC",
                "RUSTDOC",
                "CARGO_TARGET_DIR",
            ]
            .contains(&&*text)
        {
            command.env_remove(&name);
        }
    }
    command
}

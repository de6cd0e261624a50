//! Wrangler, Cloudflare's tool, and the collector under `wrangler dev`.
//!
//! `wrangler dev` runs the same build as plain workerd, with what Cloudflare puts around it: static
//! assets, rate limiters, `request.cf`. It also needs a folder of packages of its own, since its
//! workerd is another version than ours.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result, bail};

use crate::workerd::{WorkerdOptions, wait_until_up};
use crate::{Dist, lock, root, tools};

const FOLDER: &str = "xtask/wrangler";
/// Ports where any will do.
const PORTS: Range<u16> = 20_000..30_000;

/// Returns a command that runs wrangler, which is installed first where it is missing.
pub fn wrangler() -> Result<Command> {
    static INSTALLED: Once = Once::new();
    let mut installed = Ok(());
    INSTALLED.call_once(|| installed = lock().and_then(|_lock| tools::npm(FOLDER, "wrangler")));
    installed?;
    let mut command = Command::new(root().join(FOLDER).join("node_modules/.bin/wrangler"));
    // Nothing is sent: neither figures about its use, nor a request for the properties of this
    // machine's address.
    command.env("WRANGLER_SEND_METRICS", "false").env("CLOUDFLARE_CF_FETCH_ENABLED", "false");
    // Nobody is asked anything.
    command.env("CI", "true").stdin(Stdio::null());
    Ok(command)
}

/// A collector under `wrangler dev`. Dropping it ends the process.
#[derive(Debug)]
pub struct WranglerDev {
    child: Child,
    port: u16,
}

impl WranglerDev {
    /// Starts a collector and waits until it responds. Webhooks to private hosts are refused, since
    /// Cloudflare has no way to them.
    pub fn start(dist: &Dist, options: &WorkerdOptions) -> Result<Self> {
        fs::create_dir_all(&options.data)
            .with_context(|| format!("cannot create {}", options.data.display()))?;
        let port = if options.port == 0 { free_port()? } else { options.port };
        let log = options.data.with_file_name("workerd.log");
        let output = File::options().create(true).append(true).open(&log)?;
        let mut command = wrangler()?;
        command.args(["dev", "--local", "--ip=127.0.0.1", "--inspector-port=0", "--log-level=warn"]);
        command.args(["--show-interactive-dev-session=false", &format!("--port={port}")]);
        command.arg("--config").arg(dist.path.join("wrangler.jsonc")).arg("--persist-to").arg(&options.data);
        for (name, value) in options.variables().into_iter().filter(|(_, value)| !value.is_empty()) {
            command.arg(format!("--var={name}:{value}"));
        }
        for (name, value) in &options.environment {
            command.arg(format!("--var={name}:{value}"));
        }
        command.stdout(output.try_clone()?).stderr(output);
        // Its workerd is a process of its own, which ends with the group.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let child = command.spawn().context("cannot start wrangler")?;
        let mut wrangler = Self { child, port };
        wait_until_up(&mut wrangler.child, port, &log)?;
        Ok(wrangler)
    }

    /// Returns its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns the process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Kills it and the workerd that it started.
    pub fn kill(&mut self) {
        // They may have ended already.
        if cfg!(unix) {
            let group = format!("-{}", self.child.id());
            let _ = Command::new("kill").args(["-9", "--", &group]).stderr(Stdio::null()).status();
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for WranglerDev {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Checks that wrangler can deploy `dist/`, without a request to Cloudflare. Writes what it would
/// upload into `out`, and returns what it printed.
pub fn deploy_dry_run(dist: &Path, out: &Path) -> Result<(bool, String)> {
    let config: PathBuf = dist.join("wrangler.jsonc");
    let ran = wrangler()?
        .args(["deploy", "--dry-run", "--config"])
        .arg(config)
        .arg("--outdir")
        .arg(out)
        .output()
        .context("cannot start wrangler")?;
    let printed = [ran.stdout, ran.stderr].concat();
    Ok((ran.status.success(), String::from_utf8_lossy(&printed).into_owned()))
}

/// Returns a free port on 127.0.0.1, never the same twice. It is below those that the system gives
/// to connections, so nothing takes it before wrangler does.
fn free_port() -> Result<u16> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    for _ in 0..PORTS.len() {
        let nth = std::process::id().wrapping_mul(127).wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
        let port = PORTS.start + u16::try_from(nth % 10_000)?;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port from {} to {} is free", PORTS.start, PORTS.end)
}

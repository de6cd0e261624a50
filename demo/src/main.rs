//! Program behind `cargo run`: a shop with the survey, and the collector that stores the responses
//! and serves the owner's page.
//!
//! The program builds what is missing and starts the collector with its data in a folder. The first
//! run creates two sites: the shop's, with sample responses, and one with a real survey. The next
//! run finds all of it again.

mod content;
mod files;
mod greeting;
mod open;
mod saved;
mod server;
mod settings;
mod site;
mod stop;
mod supervisor;

use std::net::{Ipv4Addr, TcpListener};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use xtask::{Dist, WorkerdOptions};

use crate::saved::{Folder, Saved};
use crate::settings::{COLLECTOR_PORT, DATA, DEFAULT_SHOP_PORT, HELP, SHOP_PORT, Settings, display_path};
use crate::site::Collector;
use crate::supervisor::Supervisor;

fn main() -> ExitCode {
    if let Some(argument) = std::env::args().nth(1) {
        if argument == "sample" {
            return finish(content::print_sample());
        }
        let is_help = ["--help", "-h", "help"].contains(&argument.as_str());
        if !is_help {
            eprintln!("error: no argument `{argument}` is known\n");
        }
        print!("{HELP}");
        return if is_help { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    finish(run())
}

fn finish(result: Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let root = files::home().parent().context("the demo is not inside a repository")?;
    let settings = Settings::read(root, |name| std::env::var(name).ok())?;
    let folder = Folder::open(&settings.data)?;
    let saved = folder.load()?;
    let port = shop_port(settings.shop_port, saved.as_ref(), &display_path(folder.path()))?;

    // Both ports are checked before the long build, and the shop's stays open.
    let listener = free(port, "shop", SHOP_PORT)?;
    drop(free(settings.collector_port, "collector", COLLECTOR_PORT)?);
    let saved = match saved {
        Some(saved) => saved,
        None => Saved::fresh(listener.local_addr()?.port())?,
    };
    folder.store(&saved)?;

    let dist = xtask::build()?;
    tokio::runtime::Runtime::new()?.block_on(async {
        let stop = stop::signal()?;
        tokio::select! {
            ended = start_and_serve(dist, settings.collector_port, &folder, saved, listener) => ended,
            () = stop => Ok(()),
        }
    })
}

/// Runs until it fails or is dropped. The collector stops with it.
async fn start_and_serve(
    dist: Dist,
    collector_port: u16,
    folder: &Folder,
    mut saved: Saved,
    listener: TcpListener,
) -> Result<()> {
    let options = WorkerdOptions {
        port: collector_port,
        data: folder.collector()?,
        admin_token: saved.admin_token.clone(),
        secret: saved.secret.clone(),
        webhook_hosts: std::env::var("GRAPEVINE_WEBHOOK_HOSTS").unwrap_or_default(),
        public_url: String::new(),
        environment: Vec::new(),
    };
    let mut supervisor = Supervisor::start(dist, options).await?;
    let url = supervisor.url();
    let collector = Collector::new(url.clone())?;
    let sites = content::prepare(&collector, folder, &mut saved).await?;

    let tag = server::tag(&url, &sites.shop.id);
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let shop = format!("http://127.0.0.1:{}", saved.shop_port);
    greeting::print(&shop, &url, &sites, &saved.admin_token, &display_path(folder.path()));
    open::open(&greeting::owner_page(&url, &sites.shop));
    let serving = axum::serve(listener, server::routes(tag)).into_future();
    tokio::select! {
        served = serving => Ok(served?),
        given_up = supervisor.keep_running() => given_up,
    }
}

/// Returns the shop's port: that of the environment, otherwise that of the last run. The sites
/// accept responses from one port only, so a different port is refused.
fn shop_port(wanted: Option<u16>, saved: Option<&Saved>, folder: &str) -> Result<u16> {
    match (wanted, saved.map(|saved| saved.shop_port)) {
        (Some(wanted), Some(kept)) if wanted != kept && wanted != 0 => bail!(
            "the data in {folder} belongs to a shop on port {kept}, and its sites accept responses from that \
             port only; set {SHOP_PORT}={kept} or choose another folder with {DATA}"
        ),
        (_, Some(kept)) => Ok(kept),
        (wanted, None) => Ok(wanted.unwrap_or(DEFAULT_SHOP_PORT)),
    }
}

/// Binds a port on this machine. The error names the variable that chooses another.
fn free(port: u16, user: &str, variable: &str) -> Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).with_context(|| {
        format!("port {port} for the {user} is not free; choose another with {variable}=PORT")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shop_keeps_the_port_in_its_origins() {
        let saved = Saved::fresh(9000).unwrap();
        assert_eq!(shop_port(None, None, "d").unwrap(), 8788);
        assert_eq!(shop_port(Some(9100), None, "d").unwrap(), 9100);
        assert_eq!(shop_port(None, Some(&saved), "d").unwrap(), 9000);
        assert_eq!(shop_port(Some(0), Some(&saved), "d").unwrap(), 9000);
        let problem = shop_port(Some(9100), Some(&saved), "d").unwrap_err().to_string();
        assert!(problem.contains("GRAPEVINE_SHOP_PORT=9000"), "{problem}");
    }
}

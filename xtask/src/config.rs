//! Configuration that runs the build by plain workerd or on Cloudflare, from the same names.

use std::path::Path;

use anyhow::Result;

use crate::build_cache;

/// Date of the newest runtime behaviour that the collector relies on. Wrangler's own workerd must
/// know this date.
const COMPATIBILITY: &str = "2026-04-01";

/// Writes `workerd.capnp` and `wrangler.jsonc`.
pub fn write(dist: &Path) -> Result<()> {
    build_cache::write(&dist.join("workerd.capnp"), capnp(&dist.join("assets")).as_bytes())?;
    build_cache::write(&dist.join("wrangler.jsonc"), wrangler().as_bytes())
}

fn capnp(assets: &Path) -> String {
    // workerd takes a folder relative to where it is started, so this one is absolute.
    let assets = assets.display().to_string().replace('\\', "\\\\").replace('"', "\\\"");
    format!(
        r#"# Made by `cargo xtask build`. Start it so:
#   GRAPEVINE_ADMIN_TOKEN=… GRAPEVINE_SECRET=… workerd serve workerd.capnp --directory-path data=DIR
# After moving this folder add: --directory-path assets=DIR/assets
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "collector", worker = .collector),
    (name = "assets", disk = "{assets}"),
    (name = "data", disk = (writable = true)),
    # The way to webhooks in your own network, for the hosts in GRAPEVINE_WEBHOOK_HOSTS and no other. All else
    # goes through workerd's own "internet", which reaches public addresses only.
    (name = "intranet", network = (allow = ["private", "local"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [(name = "http", address = "127.0.0.1:8787", http = (), service = "collector")],
);

const collector :Workerd.Worker = (
  modules = [
    (name = "index.js", esModule = embed "worker/index.js"),
    (name = "./index_bg.wasm", wasm = embed "worker/index_bg.wasm"),
  ],
  compatibilityDate = "{COMPATIBILITY}",
  durableObjectNamespaces = [(className = "Site", uniqueKey = "grapevine-site", enableSql = true)],
  durableObjectStorage = (localDisk = "data"),
  bindings = [
    (name = "SITES", durableObjectNamespace = "Site"),
    (name = "ASSETS", service = "assets"),
    (name = "INTRANET", service = "intranet"),
    (name = "GRAPEVINE_WEBHOOK_HOSTS", fromEnvironment = "GRAPEVINE_WEBHOOK_HOSTS"),
    (name = "GRAPEVINE_PUBLIC_URL", fromEnvironment = "GRAPEVINE_PUBLIC_URL"),
    (name = "GRAPEVINE_CLIENT_IP_HEADER", fromEnvironment = "GRAPEVINE_CLIENT_IP_HEADER"),
    (name = "GRAPEVINE_TRUSTED_PROXIES", fromEnvironment = "GRAPEVINE_TRUSTED_PROXIES"),
    (name = "GRAPEVINE_ADMIN_TOKEN", fromEnvironment = "GRAPEVINE_ADMIN_TOKEN"),
    (name = "GRAPEVINE_SECRET", fromEnvironment = "GRAPEVINE_SECRET"),
  ],
);
"#
    )
}

fn wrangler() -> String {
    format!(
        r#"// Made by `cargo xtask build`. In this folder:
//   npx wrangler secret put GRAPEVINE_ADMIN_TOKEN
//   npx wrangler secret put GRAPEVINE_SECRET
//   npx wrangler deploy
{{
  "name": "grapevine",
  "main": "worker/index.js",
  "compatibility_date": "{COMPATIBILITY}",
  "durable_objects": {{ "bindings": [{{ "name": "SITES", "class_name": "Site" }}] }},
  // Stops floods before they reach a site. The exact limits are in the Durable Object. Remove it if your plan has none.
  "ratelimits": [{{ "name": "VISITORS", "namespace_id": "4711", "simple": {{ "limit": 2000, "period": 60 }} }}],
  "migrations": [{{ "tag": "v1", "new_sqlite_classes": ["Site"] }}],
  "assets": {{ "directory": "assets", "binding": "ASSETS", "run_worker_first": true }}
}}
"#
    )
}

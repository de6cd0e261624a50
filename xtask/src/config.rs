//! Configuration that runs the build by plain workerd or on Cloudflare, from the same names.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::build_cache;

/// Date of the newest runtime behaviour that the collector relies on. Wrangler's own workerd must
/// know this date.
const COMPATIBILITY: &str = "2026-04-01";

/// Writes `workerd.capnp`, with the assets that are there by now, and `wrangler.jsonc`.
pub fn write(dist: &Path) -> Result<()> {
    build_cache::write(&dist.join("assets.js"), include_bytes!("../../collector/js/assets.js"))?;
    let mut assets = fs::read_dir(dist.join("assets"))?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<Vec<_>>>()?;
    assets.sort_unstable();
    build_cache::write(&dist.join("workerd.capnp"), capnp(&assets).as_bytes())?;
    build_cache::write(&dist.join("wrangler.jsonc"), wrangler().as_bytes())
}

/// Every path is relative to this file, so the folder can be moved and workerd started anywhere. A
/// `disk` service with the assets would be relative to where workerd is started.
fn capnp(assets: &[String]) -> String {
    let assets: String = assets
        .iter()
        .map(|name| format!("\n    (name = {name:?}, data = embed \"assets/{name}\"),"))
        .collect();
    format!(
        r#"# Made by `cargo xtask build`. Start it so:
#   GRAPEVINE_ADMIN_TOKEN=… GRAPEVINE_SECRET=… workerd serve workerd.capnp --directory-path data=DIR
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "collector", worker = .collector),
    (name = "assets", worker = .assets),
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
  durableObjectNamespaces = [
    (className = "Site", uniqueKey = "grapevine-site", enableSql = true),
    (className = "Registry", uniqueKey = "grapevine-registry", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "data"),
  bindings = [
    (name = "SITES", durableObjectNamespace = "Site"),
    (name = "REGISTRY", durableObjectNamespace = "Registry"),
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

const assets :Workerd.Worker = (
  modules = [(name = "assets.js", esModule = embed "assets.js")],
  compatibilityDate = "{COMPATIBILITY}",
  bindings = [{assets}
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
  "durable_objects": {{
    "bindings": [
      {{ "name": "SITES", "class_name": "Site" }},
      {{ "name": "REGISTRY", "class_name": "Registry" }}
    ]
  }},
  // Stops floods before they reach a site. The exact limits are in the Durable Object.
  // Remove it if your plan has none.
  "ratelimits": [{{ "name": "VISITORS", "namespace_id": "4711", "simple": {{ "limit": 2000, "period": 60 }} }}],
  "migrations": [
    {{ "tag": "v1", "new_sqlite_classes": ["Site"] }},
    {{ "tag": "v2", "new_sqlite_classes": ["Registry"] }}
  ],
  "assets": {{ "directory": "assets", "binding": "ASSETS", "run_worker_first": true }},
  // The collector's own lines, which have no personal data. A line for each request would cost
  // more than the request.
  "observability": {{ "enabled": true, "logs": {{ "enabled": true, "invocation_logs": false }} }}
}}
"#
    )
}

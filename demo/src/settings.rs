//! Environment variables of the demo: two ports and the data folder.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Variable with the port of the collector.
pub const COLLECTOR_PORT: &str = "GRAPEVINE_PORT";
/// Variable with the port of the shop.
pub const SHOP_PORT: &str = "GRAPEVINE_SHOP_PORT";
/// Variable with the folder that keeps keys and responses between runs.
pub const DATA: &str = "GRAPEVINE_DATA";

/// The shop's port when neither the environment nor the data folder names one.
pub const DEFAULT_SHOP_PORT: u16 = 8788;
const DEFAULT_COLLECTOR_PORT: u16 = 8787;

/// Text of `cargo run -- --help`.
pub const HELP: &str = "\
Runs a shop with the survey, and the collector that stores the responses and serves the owner's page.

Usage: cargo run
       cargo run -- sample   Print the sample responses, for the npm package.

Environment variables:
  GRAPEVINE_PORT       port of the collector (8787)
  GRAPEVINE_SHOP_PORT  port of the shop (8788)
  GRAPEVINE_DATA       folder of the data (grapevine-data)
  GRAPEVINE_OPEN       \"no\" does not open the owner's page in the browser

The first run builds everything, which takes some minutes. Ctrl-C stops it; the data stays.
";

/// The demo's settings.
#[derive(Debug)]
pub struct Settings {
    /// The collector's port; 0 takes any free one.
    pub collector_port: u16,
    /// The shop's port where the environment names one; 0 takes any free one.
    pub shop_port: Option<u16>,
    /// The data folder.
    pub data: PathBuf,
}

impl Settings {
    /// Reads the settings through `lookup`, with the data folder in `root` unless it is named.
    pub fn read(root: &Path, lookup: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let port = |name: &str| -> Result<Option<u16>> {
            let Some(text) = lookup(name).filter(|text| !text.is_empty()) else { return Ok(None) };
            let port = text.parse().with_context(|| format!("{name}={text} is not a port number"))?;
            Ok(Some(port))
        };
        Ok(Self {
            collector_port: port(COLLECTOR_PORT)?.unwrap_or(DEFAULT_COLLECTOR_PORT),
            shop_port: port(SHOP_PORT)?,
            data: match lookup(DATA).filter(|text| !text.is_empty()) {
                Some(folder) => PathBuf::from(folder),
                None => root.join("grapevine-data"),
            },
        })
    }
}

/// Formats a path for the terminal, relative if it is below the current directory.
pub fn display_path(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Settings> {
        Settings::read(Path::new("root"), |name| {
            variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn every_setting_has_a_default() {
        let settings = read(&[(SHOP_PORT, "")]).unwrap();
        assert_eq!((settings.collector_port, settings.shop_port), (8787, None));
        assert_eq!(settings.data, Path::new("root").join("grapevine-data"));
    }

    #[test]
    fn an_invalid_port_is_named() {
        let problem = read(&[(SHOP_PORT, "87880")]).unwrap_err();
        assert_eq!(problem.to_string(), "GRAPEVINE_SHOP_PORT=87880 is not a port number");
        assert_eq!(read(&[(COLLECTOR_PORT, "0")]).unwrap().collector_port, 0);
    }
}

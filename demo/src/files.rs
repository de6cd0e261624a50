//! Mapping of URL paths to files and content types.

use std::path::{Path, PathBuf};

/// Returns the folder with `shop/` and `data/`.
pub fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the file for a URL path, relative to [`home`], with its content type.
///
/// `/` is the front page, and a name without an extension is a page. Only paths of plain lower-case
/// names are files. Nothing is decoded, so no path can leave the folder of the shop.
pub fn locate(path: &str) -> Option<(PathBuf, &'static str)> {
    let path = path.strip_prefix('/')?;
    let name = if path.is_empty() { "index.html" } else { path };
    if !name.split('/').all(plain) {
        return None;
    }
    let mut file = Path::new("shop").join(name);
    if file.extension().is_none() {
        file.set_extension("html");
    }
    let kind = match file.extension()?.to_str()? {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => return None,
    };
    Some((file, kind))
}

fn plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
        && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> Option<String> {
        locate(path).map(|(file, _)| file.to_string_lossy().replace('\\', "/"))
    }

    #[test]
    fn pages_and_their_assets_are_found() {
        assert_eq!(file("/").as_deref(), Some("shop/index.html"));
        assert_eq!(file("/about").as_deref(), Some("shop/about.html"));
        assert_eq!(file("/shop.css").as_deref(), Some("shop/shop.css"));
        assert_eq!(file("/tea/tin.svg").as_deref(), Some("shop/tea/tin.svg"));
    }

    #[test]
    fn other_paths_are_not_found() {
        for path in [
            "about",
            "//",
            "/../Cargo.toml",
            "/tea/../../Cargo.toml",
            "/%2e%2e/Cargo.toml",
            "/..",
            "/.env",
            "/tea/./tin.svg",
            "/a\\b",
            "/C:/x.html",
            "/data/x.csv",
            "/src/main.rs",
            "/about/",
        ] {
            assert_eq!(file(path), None, "{path}");
        }
    }
}

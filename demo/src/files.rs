//! Files of the URL paths, and their content types.

use std::path::{Path, PathBuf};

/// The folder with `shop/`, `owner/` and `data/`.
pub fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The file for a URL path, relative to [`home`], with its content type.
///
/// `/` and `/owner` are the two front pages, and a name without an extension is a page. A path that
/// is not made of plain lower-case names is no file: nothing is decoded, so no path can leave the
/// two folders.
pub fn locate(path: &str) -> Option<(PathBuf, &'static str)> {
    let path = path.strip_prefix('/')?;
    let (folder, name) = match path {
        "" => ("shop", "index.html"),
        "owner" | "owner/" => ("owner", "index.html"),
        _ => match path.strip_prefix("owner/") {
            Some(rest) => ("owner", rest),
            None => ("shop", path),
        },
    };
    if !name.split('/').all(plain) {
        return None;
    }
    let mut file = Path::new(folder).join(name);
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
    fn pages_and_their_parts_are_found() {
        assert_eq!(file("/").as_deref(), Some("shop/index.html"));
        assert_eq!(file("/about").as_deref(), Some("shop/about.html"));
        assert_eq!(file("/shop.css").as_deref(), Some("shop/shop.css"));
        assert_eq!(file("/owner").as_deref(), Some("owner/index.html"));
        assert_eq!(file("/owner/owner.js").as_deref(), Some("owner/owner.js"));
    }

    #[test]
    fn nothing_else_is() {
        for path in [
            "about",
            "//",
            "/../Cargo.toml",
            "/owner/../../Cargo.toml",
            "/%2e%2e/Cargo.toml",
            "/..",
            "/.env",
            "/owner/./owner.js",
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

//! QR code of a URL, to print: an SVG that needs no font and no script.

use std::fmt::Write;

use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};

use crate::html::escape_text;

/// Largest version, which holds 331 bytes: a host has at most 253 characters.
const MAX_VERSION: u8 = 13;
/// Modules of white around the code (ISO/IEC 18004).
const QUIET_ZONE: i32 = 4;
/// Pixels of a module, unless the page says otherwise.
const MODULE_PX: i32 = 8;

/// Returns the QR code of a URL, black on white; `None` where the URL is too long. The title, which
/// screen readers read in place of the picture, is the URL itself.
pub fn svg(url: &str) -> Option<String> {
    let segments = [QrSegment::make_bytes(url.as_bytes())];
    // Level M for every URL, not a higher one where it happens to fit.
    let (level, versions) = (QrCodeEcc::Medium, (Version::MIN, Version::new(MAX_VERSION)));
    let code =
        QrCode::encode_segments_advanced(&segments, level, versions.0, versions.1, None, false).ok()?;
    let (total, title) = (code.size() + 2 * QUIET_ZONE, escape_text(url));
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            // Beyond its edge the code is light.
            let run = (x..).take_while(|x| code.get_module(*x, y)).count() as i32;
            if run > 0 {
                // Writing to a string cannot fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET_ZONE, y + QUIET_ZONE);
            }
            x += run + 1;
        }
    }
    let side = total * MODULE_PX;
    Some(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} {total}" width="{side}" height="{side}" role="img" aria-labelledby="t" shape-rendering="crispEdges"><title id="t">{title}</title><path fill="#fff" d="M0 0h{total}v{total}H0z"/><path d="{path}"/></svg>"##
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://nps.example.org/s/c3g9djcng4aa7xjq626e";

    #[test]
    fn the_svg_has_a_quiet_zone_and_a_title() {
        let svg = svg(URL).unwrap();
        assert!(svg.contains(&format!("<title id=\"t\">{URL}</title>")));
        // The three finders begin with a run of seven, four modules from the edges.
        assert!(svg.contains("M4 4h7v1h-7z") && svg.contains("viewBox=\"0 0 41 41\""), "{svg}");
        assert!(svg.contains("M30 4h7v1h-7z") && svg.contains("M4 30h7v1h-7z"), "{svg}");
    }

    #[test]
    fn a_url_that_is_too_long_has_no_code() {
        assert!(svg(&"x".repeat(331)).is_some() && svg(&"x".repeat(332)).is_none());
    }
}

//! Decoder of a file's bytes.
//!
//! A spreadsheet writes UTF-8, with or without a byte order mark, or UTF-16 with one. Text in a
//! code page has nothing that tells which, so it is refused instead of guessed.

use std::borrow::Cow;

use api::ValidationError;

/// Encoding of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a mark.
    Utf8,
    /// UTF-16, little end first.
    Utf16Le,
    /// UTF-16, big end first.
    Utf16Be,
}

impl Encoding {
    /// Returns its name in the IANA registry.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
        }
    }
}

/// Decodes a file and takes off its byte order mark.
pub fn decode(body: &[u8]) -> Result<(Cow<'_, str>, Encoding), ValidationError> {
    match body {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Err(refused("The file is UTF-32")),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes, Encoding::Utf16Le),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes, Encoding::Utf16Be),
        [0, _, ..] | [_, 0, ..] => Err(refused("The file looks like UTF-16 without a byte order mark")),
        _ => {
            let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
            let text = std::str::from_utf8(body).map_err(|error| {
                let valid = body.get(..error.valid_up_to()).unwrap_or_default();
                refused(&format!("Line {} is not UTF-8", last_line(valid)))
            })?;
            Ok((text.into(), Encoding::Utf8))
        }
    }
}

fn utf16(
    body: &[u8],
    unit: fn([u8; 2]) -> u16,
    encoding: Encoding,
) -> Result<(Cow<'_, str>, Encoding), ValidationError> {
    let (pairs, odd) = body.as_chunks::<2>();
    let mut text = String::with_capacity(pairs.len());
    let units = pairs.iter().map(|pair| unit(*pair)).chain(odd.iter().map(|_| 0xdc00));
    for decoded in char::decode_utf16(units) {
        let Ok(decoded) = decoded else {
            return Err(refused(&format!("Line {} is not UTF-16", last_line(text.as_bytes()))));
        };
        text.push(decoded);
    }
    Ok((text.into(), encoding))
}

fn refused(what: &str) -> ValidationError {
    let detail = format!(
        "{what}. In a spreadsheet, save as CSV UTF-8; elsewhere choose UTF-8, or UTF-16 with its mark."
    );
    ValidationError::new("", detail)
}

/// The number of the line on which these bytes end.
fn last_line(bytes: &[u8]) -> u64 {
    1 + line_breaks(bytes)
}

/// Returns the number of line breaks: LF, CR and CRLF.
pub(super) fn line_breaks(bytes: &[u8]) -> u64 {
    let next = bytes.iter().skip(1).chain([&0]);
    let is_break = |(byte, next): &(&u8, &u8)| **byte == b'\n' || (**byte == b'\r' && **next != b'\n');
    bytes.iter().zip(next).filter(is_break).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn code_pages_are_refused_with_the_line() {
        for (body, line) in [
            (&b"score,comment\r\n9,caf\xe9\r\n"[..], "Line 2"),
            (b"score\r9\r8,\x96\r", "Line 3"),
            (b"\xe4,score\n", "Line 1"),
            (b"\xff\xfea\0\n\0\x00\xd8a\0", "Line 2"),
            (b"\xff\xfea\0\n\0b", "Line 2"),
            (b"\xff\xfe\0\0s\0\0\0", "UTF-32"),
            (b"s\0c\0o\0", "without a byte order mark"),
            (b"PK\x03\x04\x14\x00\x06\x00\x08\x80", "Line 1"),
        ] {
            let error = decode(body).unwrap_err();
            assert!(error.detail.contains(line) && error.detail.contains("save as CSV UTF-8"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn every_encoding_reads_back_the_text(text in "[^\u{feff}\0]{2}.{0,40}") {
            let le = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
            let be = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
            let marked = ["\u{feff}", &text].concat();
            for (body, encoding) in [
                (text.as_bytes(), Encoding::Utf8), (marked.as_bytes(), Encoding::Utf8),
                (&le, Encoding::Utf16Le), (&be, Encoding::Utf16Be),
            ] {
                let (decoded, found) = decode(body).unwrap();
                prop_assert_eq!((&*decoded, found), (&*text, encoding));
            }
        }
    }
}

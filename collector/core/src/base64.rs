//! Base64 (RFC 4648): with padding for headers, and in the form for addresses, which has none and is also read.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// With padding (section 4).
pub(crate) fn padded(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits: u32, at| bits << 8 | u32::from(group.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let digit = ALPHABET.get((bits >> (18 - 6 * at)) as usize & 63).copied().unwrap_or(b'=');
            text.push(char::from(if at <= group.len() { digit } else { b'=' }));
        }
    }
    text
}

/// For addresses: `-` and `_` in place of what has a meaning there, and no padding (section 5).
pub(crate) fn in_address(bytes: &[u8]) -> String {
    let mut text = padded(bytes).replace('+', "-").replace('/', "_");
    text.truncate(text.trim_end_matches('=').len());
    text
}

/// Reads the form for addresses; `None` where another character is in it.
pub(crate) fn read_address(text: &str) -> Option<Vec<u8>> {
    let (mut buffer, mut bits) = (0u32, 0);
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for byte in text.bytes() {
        let byte = match byte {
            b'-' => b'+',
            b'_' => b'/',
            b'+' | b'/' => return None,
            other => other,
        };
        let digit = ALPHABET.iter().position(|known| *known == byte)?;
        buffer = buffer << 6 | u32::try_from(digit).ok()?;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((buffer >> bits & 255) as u8);
            buffer &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_is_that_of_the_rfc() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(padded(bytes.as_bytes()), text);
            assert_eq!(in_address(bytes.as_bytes()), text.trim_end_matches('='));
        }
        assert_eq!(padded(&[0xfb, 0xff, 0xfe]), "+//+");
        assert_eq!(in_address(&[0xfb, 0xff, 0xfe]), "-__-");
    }

    #[test]
    fn other_characters_are_not_read() {
        for odd in ["Zg==", "+//+", "Zm 9v", "Zm9v\n", "é", "Zm.9v"] {
            assert_eq!(read_address(odd), None, "{odd}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(bytes in any::<Vec<u8>>()) {
            prop_assert_eq!(read_address(&in_address(&bytes)), Some(bytes));
        }
    }
}

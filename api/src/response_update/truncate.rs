//! Cutting text that is too long, between two characters.

/// The first `max` characters, or a few less where the cut would fall into a percent-encoded
/// character. In an address `%E0%B8%82` is one character (ข), and part of it is none.
pub(super) fn truncate(text: &str, max: usize) -> &str {
    let Some((end, _)) = text.char_indices().nth(max) else { return text };
    let end = outside_of_encoded(text.as_bytes(), end);
    text.get(..end).unwrap_or(text)
}

/// That byte position, or the beginning of the percent-encoded character that it would divide.
fn outside_of_encoded(text: &[u8], end: usize) -> usize {
    // A `%` begins a sequence of three bytes; the cut must not be behind its first or second one.
    let within = (1..=2).find_map(|back| end.checked_sub(back).filter(|at| encoded(text, *at).is_some()));
    let end = within.unwrap_or(end);
    // Up to three bytes that go on (10xxxxxx) follow one that says how many there are (110xxxxx,
    // 1110xxxx, 11110xxx).
    for before in 0..=3 {
        match end.checked_sub(before * 3).map(|at| (at, encoded(text, at))) {
            Some((at, Some(0xc2..=0xf4))) if before > 0 => {
                let divided = encoded(text, at).is_some_and(|lead| before < length(lead));
                return if divided { at } else { end };
            }
            Some((_, Some(0x80..=0xbf))) => {}
            _ => return end,
        }
    }
    end
}

/// The byte that is written as `%XX` there.
fn encoded(text: &[u8], at: usize) -> Option<u8> {
    let [b'%', high, low] = *text.get(at..at.checked_add(3)?)? else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

/// Returns the number of bytes of a character in UTF-8, by its first byte.
const fn length(lead: u8) -> usize {
    match lead {
        0xf0.. => 4,
        0xe0.. => 3,
        0xc0.. => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_percent_encoded_character_is_never_split() {
        for (text, kept) in [
            ("a%E0%B8%82b", [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 10]),
            ("%C3%A9%41%41", [0, 0, 0, 0, 0, 0, 6, 6, 6, 9, 9]),
            ("%f0%9f%8d%b5", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            // No percent-encoding, or none of UTF-8: each sequence stands for itself.
            ("100%ok, 50%", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
            ("%82%82%82%82", [0, 0, 0, 3, 3, 3, 6, 6, 6, 9, 9]),
            ("%E0%41%82%82", [0, 0, 0, 3, 3, 3, 6, 6, 6, 9, 9]),
            ("%C3%A9%A9%A9", [0, 0, 0, 0, 0, 0, 6, 6, 6, 9, 9]),
        ] {
            for (max, kept) in kept.into_iter().enumerate() {
                assert_eq!(truncate(text, max).len(), kept, "{text} at {max}");
            }
        }
        assert_eq!(truncate("ขข", 1), "ข");
        assert_eq!(truncate("%E0", 3), "%E0");
    }

    proptest! {
        #[test]
        fn the_truncated_text_decodes_to_a_prefix(text in "[a-c%/ขé🍵]{0,60}", max in 0_usize..200) {
            let encoded: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
            let left = truncate(&encoded, max);
            prop_assert!(encoded.starts_with(left) && left.len() <= max);
            prop_assert!(left.len() == encoded.len() || left.len() + 12 > max, "{} of {}", left.len(), max);
            let decoded: String = url::form_urlencoded::parse(format!("x={left}").as_bytes()).next().unwrap().1.into();
            prop_assert!(text.starts_with(&decoded), "{} of {}", decoded, text);
        }

        #[test]
        fn no_text_makes_it_panic(text in "[%a-f0-9é]{0,30}", max in 0_usize..40) {
            prop_assert!(text.starts_with(truncate(&text, max)));
        }
    }
}

//! JSON from outside, read so that one flaw costs no more than it must.
//!
//! A text that a program cuts between the two halves of an emoji ends in half of a surrogate pair, which JavaScript writes as
//! `\ud83d`. JSON allows that escape, and no Unicode string can hold it (RFC 8259, section 8.2), so serde_json refuses the whole
//! text. Here the half is read as U+FFFD, the replacement character.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Parses JSON text. An escape of half a surrogate pair is read as U+FFFD; everything else is as serde_json has it.
pub fn parse<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    serde_json::from_str(text).or_else(|error| match with_whole_pairs(text) {
        Cow::Owned(mended) => serde_json::from_str(&mended),
        Cow::Borrowed(_) => Err(error),
    })
}

/// Replaces each escape of half a surrogate pair by that of U+FFFD. A backslash stands in strings only, so the text need not be
/// parsed for that.
fn with_whole_pairs(text: &str) -> Cow<'_, str> {
    let mut mended = String::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('\\')) {
        let escape = at + found;
        at = match code_unit(text, escape) {
            // Whatever is escaped there, it is not the beginning of another escape.
            None => {
                escape
                    + 1
                    + text.get(escape + 1..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
            }
            Some(0xd800..=0xdbff) if matches!(code_unit(text, escape + 6), Some(0xdc00..=0xdfff)) => {
                escape + 12
            }
            Some(0xd800..=0xdfff) => {
                mended.push_str(text.get(copied..escape).unwrap_or_default());
                mended.push_str("\\ufffd");
                copied = escape + 6;
                copied
            }
            Some(_) => escape + 6,
        };
    }
    if copied == 0 {
        return text.into();
    }
    mended.push_str(text.get(copied..).unwrap_or_default());
    mended.into()
}

/// The UTF-16 code unit that is escaped at that byte as `\uXXXX`.
fn code_unit(text: &str, at: usize) -> Option<u16> {
    let digits = text.get(at..at.checked_add(6)?)?.strip_prefix("\\u")?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}

/// Splits an array into the bytes of its elements without reading them, so that an element that is no JSON, or no UTF-8, leaves
/// the others alone. `None` where the body is not one array: brackets and quotes must close.
pub fn elements(body: &[u8]) -> Option<Vec<&[u8]>> {
    let inner = body.trim_ascii().strip_prefix(b"[")?.strip_suffix(b"]")?;
    if inner.trim_ascii().is_empty() {
        return Some(Vec::new());
    }
    let (mut elements, mut begin, mut depth) = (Vec::new(), 0, 0_usize);
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in inner.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.checked_sub(1)?,
            b',' if depth == 0 => {
                elements.push(inner.get(begin..at)?);
                begin = at + 1;
            }
            _ => {}
        }
    }
    elements.push(inner.get(begin..)?);
    (!quoted && depth == 0).then_some(elements)
}

/// Names of the properties of a message.
#[derive(Default, Deserialize)]
pub struct PropertyNames {
    /// The names, in the order of the message.
    #[serde(default)]
    pub properties: Names,
}

/// Names of an object's members in the order of the text. A parsed object has them in the order of the alphabet.
#[derive(Default)]
pub struct Names(pub Vec<String>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Names;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Names, A::Error> {
                let mut names = Vec::new();
                while let Some((name, IgnoredAny)) = members.next_entry()? {
                    names.push(name);
                }
                Ok(Names(names))
            }
        }

        from.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[test]
    fn half_a_pair_is_the_replacement_character() {
        for (written, read) in [
            (r"\ud83d", "\u{fffd}"),
            (r"\uDE00", "\u{fffd}"),
            (r"\ud83d\ude00", "😀"),
            (r"\ud83d\ud83d\ude00\ude00", "\u{fffd}😀\u{fffd}"),
            (r"\\\ud83d", "\\\u{fffd}"),
            (r"\\ud83d\udfff", "\\ud83d\u{fffd}"),
            (r"é\ud83d\né", "é\u{fffd}\né"),
            (r"\ud83d\u0041", "\u{fffd}A"),
            (r"\ud83dé", "\u{fffd}é"),
        ] {
            assert_eq!(parse::<Value>(&format!("\"{written}\"")).unwrap(), json!(read), "{written}");
            let named = parse::<Value>(&format!("{{\"{written}\":[\"{written}\"]}}")).unwrap();
            assert_eq!(named, json!({ read: [read] }));
        }
        for wrong in
            [r#""\ud83d"#, r#""\ud83d\"#, r#""\ud8"#, r#""\u""#, r#""\ud83d\x""#, "\\ud83d", "\\", "\\é"]
        {
            assert!(parse::<Value>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_array_is_split_outside_of_strings_and_brackets() {
        let split = |text: &str| -> Option<Vec<String>> {
            let parts = elements(text.as_bytes())?;
            Some(parts.into_iter().map(|part| String::from_utf8(part.to_vec()).unwrap()).collect())
        };
        assert_eq!(split(" [ ] "), Some(vec![]));
        assert_eq!(split("[1]").unwrap(), ["1"]);
        assert_eq!(
            split(r#"[{"a":[1,2]},",]\"" ,x"\\",]"#).unwrap(),
            [r#"{"a":[1,2]}"#, r#"",]\"" "#, r#"x"\\""#, ""]
        );
        for other in ["", "{}", "[", "]", "[[]", "[]]", "[1] [2]", r#"["]"#, r#"["\"]"#, "[1],", "7"] {
            assert_eq!(split(other), None, "{other}");
        }
    }

    #[test]
    fn names_are_in_the_order_of_the_text() {
        assert_eq!(
            serde_json::from_str::<Names>(r#"{"b":{"z":1},"a":2,"c":[]}"#).unwrap().0,
            ["b", "a", "c"]
        );
        assert!(serde_json::from_str::<Names>("[1]").is_err());
    }

    proptest! {
        #[test]
        fn what_is_json_is_read_as_it_is(texts in prop::collection::vec(any::<String>(), 0..5)) {
            let value = json!(texts);
            let text = value.to_string();
            prop_assert_eq!(&parse::<Value>(&text).unwrap(), &value);
            let parts = elements(text.as_bytes()).unwrap();
            let read: Vec<Value> = parts.into_iter().map(|part| serde_json::from_slice(part).unwrap()).collect();
            prop_assert_eq!(Value::Array(read), value);
        }

        #[test]
        fn no_text_makes_it_panic(text in r#"[\\ud83DcC"é,\[\]{}]{0,40}"#) {
            let _ = parse::<Value>(&text);
            let _ = elements(text.as_bytes());
        }
    }
}

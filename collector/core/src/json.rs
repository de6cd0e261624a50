//! JSON from outside, read so that one flaw costs no more than it must.
//!
//! A text that a program cuts between the two halves of an emoji ends in half of a surrogate pair,
//! which JavaScript writes as `\ud83d`. JSON allows that escape, and no Unicode string can hold it
//! (RFC 8259, section 8.2), so serde_json refuses the whole text. Here the half is read as U+FFFD,
//! the replacement character.

use std::borrow::Cow;

use serde::de::Error;
use serde_json::{Map, Result, Value};

/// Parses JSON text of any shape. An escape of half a surrogate pair is read as U+FFFD; everything
/// else is as serde_json has it.
///
/// It is not generic, since each shape would be another parser in the collector, whose size has a
/// budget.
pub fn parse(text: &str) -> Result<Value> {
    serde_json::from_str(text).or_else(|error| match with_whole_pairs(text) {
        Cow::Owned(mended) => serde_json::from_str(&mended),
        Cow::Borrowed(_) => Err(error),
    })
}

/// Parses JSON text that must be an object.
pub fn parse_object(text: &str) -> Result<Map<String, Value>> {
    match parse(text)? {
        Value::Object(fields) => Ok(fields),
        _ => Err(Error::custom("expected a map")),
    }
}

/// Replaces each escape of half a surrogate pair by that of U+FFFD. A backslash stands in strings
/// only, so the text need not be parsed for that.
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

/// Splits an array into the bytes of its elements without reading them, so that an element that is
/// no JSON, or no UTF-8, leaves the others alone. `None` where the body is not one array: brackets
/// and quotes must close.
pub fn elements(body: &[u8]) -> Option<Vec<&[u8]>> {
    let inner = body.trim_ascii().strip_prefix(b"[")?.strip_suffix(b"]")?;
    if inner.trim_ascii().is_empty() { Some(Vec::new()) } else { pieces(inner, b',') }
}

/// Names of the members of an object's member, in the order of the text. A parsed object has them
/// in the order of the alphabet.
pub fn names_within(object: &[u8], member: &str) -> Vec<String> {
    let found = members(object).into_iter().find(|(name, _)| name == member);
    found.map(|(_, value)| members(value)).unwrap_or_default().into_iter().map(|(name, _)| name).collect()
}

/// The members of an object, each as its name and the bytes of its value.
fn members(object: &[u8]) -> Vec<(String, &[u8])> {
    let inner = object.trim_ascii().strip_prefix(b"{").and_then(|rest| rest.strip_suffix(b"}"));
    let members = inner.and_then(|inner| pieces(inner, b',')).unwrap_or_default();
    let member = |member| match *pieces(member, b':')? {
        [name, value] => match parse(std::str::from_utf8(name).ok()?).ok()? {
            Value::String(name) => Some((name, value)),
            _ => None,
        },
        _ => None,
    };
    members.into_iter().filter_map(member).collect()
}

/// Splits text at a separator outside of strings and brackets.
fn pieces(text: &[u8], separator: u8) -> Option<Vec<&[u8]>> {
    let (mut pieces, mut begin, mut depth) = (Vec::new(), 0, 0_usize);
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.checked_sub(1)?,
            byte if *byte == separator && depth == 0 => {
                pieces.push(text.get(begin..at)?);
                begin = at + 1;
            }
            _ => {}
        }
    }
    pieces.push(text.get(begin..)?);
    (!quoted && depth == 0).then_some(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_lone_surrogate_becomes_the_replacement_character() {
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
            assert_eq!(parse(&format!("\"{written}\"")).unwrap(), json!(read), "{written}");
            let named = parse(&format!("{{\"{written}\":[\"{written}\"]}}")).unwrap();
            assert_eq!(named, json!({ read: [read] }));
        }
        for wrong in
            [r#""\ud83d"#, r#""\ud83d\"#, r#""\ud8"#, r#""\u""#, r#""\ud83d\x""#, "\\ud83d", "\\", "\\é"]
        {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn arrays_are_split_outside_strings_and_brackets() {
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
    fn member_names_keep_their_order() {
        let text =
            r#" {"id":"{:","b\u00e9":{"x":1} , "pro\u0070s" : {"z":{"a":1},"a":":,","\ud83d":[{}],"z":2}} "#;
        assert_eq!(names_within(text.as_bytes(), "props"), ["z", "a", "\u{fffd}", "z"]);
        for other in
            [r#"{"props":null}"#, r#"{"props":[1]}"#, "{}", "[]", "7", r#"{"props":{}}"#, r#"{"props":{"#]
        {
            assert_eq!(names_within(other.as_bytes(), "props"), [""; 0], "{other}");
        }
        assert_eq!(parse_object(r#"{"a":1}"#).unwrap()["a"], 1);
        assert!(parse_object("[1]").is_err());
    }

    proptest! {
        #[test]
        fn valid_json_is_unchanged(texts in prop::collection::vec(any::<String>(), 0..5)) {
            let value = json!(texts);
            let text = value.to_string();
            prop_assert_eq!(&parse(&text).unwrap(), &value);
            let parts = elements(text.as_bytes()).unwrap();
            let read: Vec<Value> = parts.into_iter().map(|part| serde_json::from_slice(part).unwrap()).collect();
            prop_assert_eq!(Value::Array(read), value);
        }

        #[test]
        fn no_text_makes_it_panic(text in r#"[\\ud83DcC"é,\[\]{}]{0,40}"#) {
            let _ = parse(&text);
            let _ = elements(text.as_bytes());
            let _ = names_within(text.as_bytes(), "");
        }
    }
}

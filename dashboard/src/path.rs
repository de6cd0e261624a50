//! Paths of the API with texts that an owner types.

/// Returns a text as one segment of a path; `None` where a URL cannot hold it: a browser takes `.`
/// and `..` for folders, encoded or not, and an empty segment names another resource.
pub fn segment(text: &str) -> Option<String> {
    if matches!(text, "" | "." | "..") {
        return None;
    }
    let mut segment = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            segment.push(char::from(byte));
        } else {
            segment.push_str(&format!("%{byte:02X}"));
        }
    }
    Some(segment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_id_is_one_segment_or_none() {
        for (id, expected) in [
            ("customer-4711", Some("customer-4711")),
            ("ann@shop.example", Some("ann%40shop.example")),
            ("a/b?c#d e+f%", Some("a%2Fb%3Fc%23d%20e%2Bf%25")),
            ("Größe", Some("Gr%C3%B6%C3%9Fe")),
            ("..a", Some("..a")),
            ("..", None),
            (".", None),
            ("", None),
        ] {
            assert_eq!(segment(id).as_deref(), expected, "{id}");
        }
    }
}

//! Slugs: names of variants, keys of follow-up questions and of their options. And names that no
//! owner may give to anything that becomes the key of an object.

use crate::limits::MAX_SLUG;

/// Characters of a slug, as an error names them.
pub const SLUG_CHARACTERS: &str = "1 to 40 characters of a–z, 0–9, - and _";

/// Names that every JavaScript object has (ECMA-262, section 20.1.3) or that its class has. As keys
/// of an object they are lost, or take the place of what every object has.
const OBJECT_NAMES: [&str; 13] = [
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "prototype",
    "toLocaleString",
    "toString",
    "valueOf",
];

/// Returns the error for a name that every JavaScript object has; `None` for any other.
pub fn object_name_error(name: &str) -> Option<String> {
    let is_taken = OBJECT_NAMES.contains(&name);
    is_taken.then(|| format!("Must not be `{name}`, which every JavaScript object has. Choose another name."))
}

/// Whether text is a slug: 1–40 of `a–z 0–9 - _`.
pub fn is_slug(text: &str) -> bool {
    (1..=MAX_SLUG).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_object_are_refused_with_the_name() {
        for name in OBJECT_NAMES {
            let error = object_name_error(name).unwrap();
            assert!(error.contains(&format!("`{name}`")), "{error}");
        }
        assert!(OBJECT_NAMES.is_sorted());
        for name in ["plan", "Constructor", "proto", "__proto", "to_string", "", "prototypes"] {
            assert_eq!(object_name_error(name), None, "{name}");
        }
    }
}

//! What is wrong with an input, in words for the person who sent it.

use std::fmt;

/// One thing wrong with an input: where it is and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// Where: a JSON pointer (`/score`), or the name of a query parameter (`range`). Empty for the whole input.
    pub pointer: String,
    /// What is wrong and what would be right, one sentence, for a person.
    pub detail: String,
}

impl Invalid {
    /// Something wrong at `pointer`.
    pub fn at(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }
}

/// A JSON pointer (RFC 6901) to a member of the object at `parent`, whose name may hold any characters.
pub fn pointer(parent: &str, member: &str) -> String {
    format!("{parent}/{}", member.replace('~', "~0").replace('/', "~1"))
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.is_empty() {
            f.write_str(&self.detail)
        } else {
            write!(f, "{}: {}", self.pointer, self.detail)
        }
    }
}

impl std::error::Error for Invalid {}

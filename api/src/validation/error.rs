//! Errors of an input, and the list of them.

use std::fmt;

/// Error in an input: its place, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidationError {
    /// JSON pointer (`/score`) or name of a query parameter (`range`); empty for the whole input.
    pub pointer: String,
    /// Sentence for a person: what is wrong, and what is allowed.
    pub detail: String,
}

impl ValidationError {
    /// Creates an error at `pointer`.
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }
}

impl fmt::Display for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.is_empty() {
            f.write_str(&self.detail)
        } else {
            write!(f, "{}: {}", self.pointer, self.detail)
        }
    }
}

impl std::error::Error for ValidationError {}

/// Returns the JSON pointer (RFC 6901) to a member of the object at `parent`. The name may hold any
/// characters.
pub fn pointer(parent: &str, member: &str) -> String {
    format!("{parent}/{}", member.replace('~', "~0").replace('/', "~1"))
}

/// Most errors that are collected from one input, so that the response stays small.
pub const MAX_ERRORS: usize = 100;

/// Errors found in an input so far.
#[derive(Default)]
pub struct Errors {
    found: Vec<ValidationError>,
    stored: bool,
}

impl Errors {
    /// Creates an empty list for an input that was stored. Members that this version does not know
    /// are skipped: a newer version wrote them.
    pub fn for_stored() -> Self {
        Self { stored: true, ..Self::default() }
    }

    /// Whether the input was stored. What an earlier version accepted must not fail, or the site
    /// could not be opened.
    pub fn is_stored(&self) -> bool {
        self.stored
    }

    /// Adds an error.
    pub fn push(&mut self, pointer: &str, detail: &str) {
        if !self.is_full() {
            self.found.push(ValidationError::new(pointer, detail));
        }
    }

    /// Returns the number of errors.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether there are no errors.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Whether further errors are dropped.
    pub fn is_full(&self) -> bool {
        self.found.len() >= MAX_ERRORS
    }

    /// Returns `value` if there are no errors.
    pub fn finish<T>(self, value: T) -> Result<T, Vec<ValidationError>> {
        if self.found.is_empty() { Ok(value) } else { Err(self.found) }
    }
}

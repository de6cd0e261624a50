//! Position in the list of responses.

use api::ResponseId;
use serde_json::Value;

use crate::json_object::Field;

/// Digits of the time in the text of a cursor.
const TIME_DIGITS: usize = 12;
/// Digits of a whole cursor.
const DIGITS: usize = TIME_DIGITS + 32;

/// Position in the list of responses, newest first. Whatever follows it is older, or as old with a
/// smaller id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    pub at_ms: i64,
    pub id: ResponseId,
}

impl Cursor {
    /// Returns the position before every response of that time or earlier.
    pub fn before(at_ms: i64) -> Self {
        Self { at_ms, id: ResponseId::from_bytes([0; 16]) }
    }

    /// Returns the position of a row, given its id as SQLite returns it.
    pub fn of_row(at_ms: i64, hex_id: &str) -> Self {
        ResponseId::from_hex(hex_id).map_or(Self::before(at_ms), |id| Self { at_ms, id })
    }

    /// Parses 12 hexadecimal digits of the time and 32 of the id.
    pub fn parse(text: &str) -> Option<Self> {
        // `from_str_radix` would take signs too.
        let is_hex = text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let (at, id) = text.split_at_checked(TIME_DIGITS).filter(|_| is_hex)?;
        Some(Self { at_ms: i64::from_str_radix(at, 16).ok()?, id: ResponseId::from_hex(id)? })
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:012x}{}", self.at_ms, self.id.to_hex())
    }
}

impl Field for Cursor {
    fn to_json(&self) -> Value {
        self.to_string().into()
    }

    fn from_json(value: Value) -> Option<Self> {
        Self::parse(value.as_str()?)
    }
}

//! Digest of a visitor's IP address.

use collector_core::rate_limit::AddressKey;
use serde_json::Value;

use crate::hex::parse_hex_id;
use crate::json_object::Field;

/// Digest of a visitor's IP address, which changes daily. It is 32 hexadecimal digits as text.
#[derive(Debug, Clone, Copy)]
pub struct VisitorKey(pub AddressKey);

impl std::fmt::Display for VisitorKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl Field for VisitorKey {
    fn to_json(&self) -> Value {
        self.to_string().into()
    }

    fn from_json(value: Value) -> Option<Self> {
        value.as_str().map(|digits| Self(*parse_hex_id(digits).bytes()))
    }
}

//! Digest of a visitor's IP address.

use collector_core::rate_limit::AddressKey;
use serde_json::Value;

use crate::json_object::Field;

/// Digest of a visitor's IP address, which changes daily. It is 32 hexadecimal digits as text.
#[derive(Debug, Clone, Copy)]
pub struct VisitorKey(pub AddressKey);

impl std::fmt::Display for VisitorKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl Field for VisitorKey {
    fn to_json(&self) -> Value {
        self.to_string().into()
    }

    fn from_json(value: Value) -> Option<Self> {
        u128::from_str_radix(value.as_str()?, 16).ok().map(|digits| Self(digits.to_be_bytes()))
    }
}

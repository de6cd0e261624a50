//! Response ids as hexadecimal digits, which is how SQLite takes and returns them.

use api::ResponseId;

/// Returns the id as 32 hexadecimal digits.
pub fn hex_id(id: ResponseId) -> String {
    id.bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Parses 32 hexadecimal digits, with hyphens or without. Any other character is skipped.
pub fn parse_hex_id(text: &str) -> ResponseId {
    let mut digits = text.bytes().filter_map(|byte| char::from(byte).to_digit(16));
    let mut bytes = [0; 16];
    for byte in &mut bytes {
        let (high, low) = (digits.next().unwrap_or(0), digits.next().unwrap_or(0));
        *byte = u8::try_from(high * 16 + low).unwrap_or(0);
    }
    ResponseId::from_bytes(bytes)
}

//! Room of a site's object.

/// The most bytes of an object's database on Cloudflare: 10 GB ("Limits", Durable Objects).
pub const MAX_BYTES: u64 = 10_000_000_000;
/// Per cent of the room from which the owner and the operator are warned.
const WARNED_PERCENT: u64 = 70;

/// Whether a database of these bytes has so little room left that something should be done: a
/// shorter retention, or another site.
pub fn is_nearly_full(bytes: u64) -> bool {
    bytes >= MAX_BYTES / 100 * WARNED_PERCENT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_nearly_full_from_seven_gigabytes_on() {
        for (bytes, expected) in
            [(0, false), (6_999_999_999, false), (7_000_000_000, true), (MAX_BYTES, true), (u64::MAX, true)]
        {
            assert_eq!(is_nearly_full(bytes), expected, "{bytes}");
        }
    }
}

//! Secret of the collector, and what is derived from it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The collector's secret, under which ids are issued and names of people hidden.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// The fewest characters a secret may have.
    pub const MIN: usize = 16;

    /// The secret, or `None` where it is too short to be one.
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        (text.len() >= Self::MIN).then_some(Self(text))
    }

    /// HMAC-SHA-256 (RFC 2104) of the text for one purpose; outputs of different purposes have
    /// nothing in common.
    pub(crate) fn mac(&self, purpose: &str, text: &[u8]) -> [u8; 32] {
        // HMAC takes a key of any length, so the error cannot occur; an all-zero tag would still be
        // no valid one.
        let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(self.0.as_bytes()) else {
            return [0; 32];
        };
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text);
        mac.finalize().into_bytes().into()
    }
}

/// Whether two byte strings are equal, in constant time.
pub fn ct_eq(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differs, (x, y)| differs | (x ^ y)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_secrets_are_refused() {
        assert!(Secret::new("fifteen letters").is_none());
    }
}

//! Secret of the collector, and what is derived from it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The collector's secret, under which ids are issued and names of people hidden.
///
/// It is the state of HMAC after the key, which takes as long to compute as the MAC of a short
/// text.
#[derive(Clone)]
pub struct Secret(Hmac<Sha256>);

impl Secret {
    /// The fewest characters a secret may have.
    pub const MIN: usize = 16;

    /// The secret, or `None` where it is too short to be one.
    pub fn new(text: impl AsRef<[u8]>) -> Option<Self> {
        let key = text.as_ref();
        // HMAC takes a key of any length, so there is no error.
        (key.len() >= Self::MIN).then(|| KeyInit::new_from_slice(key).ok().map(Self)).flatten()
    }

    /// HMAC-SHA-256 (RFC 2104) of the text for one purpose; outputs of different purposes have
    /// nothing in common.
    pub(crate) fn mac(&self, purpose: &str, text: &[u8]) -> [u8; 32] {
        let mut mac = self.0.clone();
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

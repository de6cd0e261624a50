//! API keys of a site, and the tokens of the operator.

use api::Role;
use sha2::{Digest, Sha256};

use crate::id::base32;
use crate::secret::ct_eq;

/// A new key: 160 random bits behind a prefix that says what it is, so that a leaked one is
/// recognised.
pub fn new_key(role: Role, random: &[u8; 20]) -> String {
    format!("grapevine_{}_{}", role.as_str(), base32(random, 32))
}

/// Returns the stored form of a key: its SHA-256 in hexadecimal. A key is random, so it needs no
/// slow hash.
pub fn key_digest(key: &str) -> String {
    hex::encode(Sha256::digest(key.as_bytes()))
}

/// Tokens of the operator, of which each may create and delete sites. Only their digests are kept.
///
/// There may be several, so a token is replaced without a gap: put the new one beside the old, then
/// drop the old.
pub struct AdminTokens(Vec<[u8; 32]>);

impl AdminTokens {
    /// The fewest characters of a token: 128 random bits in hexadecimal.
    pub const MIN: usize = 32;

    /// Parses tokens that are parted by white space or commas; `None` where there is none, or where
    /// one is too short.
    pub fn parse(configured: &str) -> Option<Self> {
        let tokens =
            configured.split(|c: char| c.is_whitespace() || c == ',').filter(|token| !token.is_empty());
        let digest = |token: &str| {
            (token.chars().count() >= Self::MIN).then(|| Sha256::digest(token.as_bytes()).into())
        };
        let digests: Vec<[u8; 32]> = tokens.map(digest).collect::<Option<_>>()?;
        (!digests.is_empty()).then_some(Self(digests))
    }

    /// Whether the token that a caller showed is one of these. Each is compared, by its digest, in
    /// a time that does not tell how near the caller came.
    pub fn contains(&self, shown: &str) -> bool {
        let digest = Sha256::digest(shown.as_bytes());
        self.0.iter().fold(false, |known, token| known | ct_eq(token, &digest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_a_role_prefix_and_are_stored_as_digests() {
        assert_eq!(new_key(Role::Read, &[0; 20]), format!("grapevine_read_{}", "0".repeat(32)));
        assert_eq!(key_digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(new_key(Role::Share, &[255; 20]).starts_with("grapevine_share_zzz"));
    }

    #[test]
    fn any_configured_admin_token_is_accepted() {
        let (new, old) = ("n".repeat(32), "ö".repeat(40));
        let parse = |configured: &str| AdminTokens::parse(configured);
        for configured in
            [new.clone(), format!("{new} {old}"), format!("{old},{new}"), format!(" {old},\n\t{new} , ")]
        {
            let tokens = parse(&configured).unwrap();
            assert!(tokens.contains(&new), "{configured:?}");
            assert_eq!(tokens.contains(&old), configured.contains(&old), "{configured:?}");
            for wrong in
                ["", ",", " ", &new[1..], &format!("{new}n"), &new.to_uppercase(), &format!("{new} {old}")]
            {
                assert!(!tokens.contains(wrong), "{wrong:?} {configured:?}");
            }
        }
        for unsafe_setting in ["", " , ,", &new[1..], "short", &format!("{new} short"), &"ö".repeat(31)] {
            assert!(parse(unsafe_setting).is_none(), "{unsafe_setting:?}");
        }
    }
}

//! Ids of sites and the keys that open them.
//!
//! A Durable Object comes into being when somebody asks for its name. A site id therefore carries a MAC under the
//! collector's secret, and nobody can make objects by inventing ids: [`SiteId::verify`] refuses them without a look-up.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Base 32 without the letters that are read as another (Crockford's), lower case.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 60 random bits: a million sites collide with a chance below one in a million.
const NAME: usize = 12;
/// 40 bits of MAC: a forger needs about 10^12 requests for one hit, and wins an empty object by it.
const TAG: usize = 8;

/// The public id of a site that this collector issued. It can only be used to write answers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SiteId(String);

impl SiteId {
    /// A new id from eight random bytes.
    pub fn issue(random: [u8; 8], secret: &Secret) -> Self {
        let mut id = base32(&random, NAME);
        let tag = secret.mac("site", id.as_bytes());
        id.push_str(&base32(&tag, TAG));
        Self(id)
    }

    /// The id that the text is, if it was issued under this secret.
    pub fn verify(text: &str, secret: &Secret) -> Option<Self> {
        if text.len() != NAME + TAG || !text.is_ascii() {
            return None;
        }
        let (name, tag) = text.split_at_checked(NAME)?;
        let right = base32(&secret.mac("site", name.as_bytes()), TAG);
        same(right.as_bytes(), tag.as_bytes()).then(|| Self(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SiteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

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

    /// HMAC-SHA-256 (RFC 2104) of the text for one purpose; outputs of different purposes have nothing in common.
    pub(crate) fn mac(&self, purpose: &str, text: &[u8]) -> [u8; 32] {
        // HMAC takes a key of any length, so the error cannot occur; an all-zero tag would still be no valid one.
        let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(self.0.as_bytes()) else {
            return [0; 32];
        };
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text);
        mac.finalize().into_bytes().into()
    }

    /// What is kept in place of the owner's name for a visitor: the same for the same visitor of one site, and
    /// not to be turned back into the name without the secret.
    pub fn hide_user(&self, site: &SiteId, user: &str) -> String {
        let text = [site.0.as_bytes(), &[0], user.as_bytes()].concat();
        base32(&self.mac("user", &text), 26)
    }

    /// The key that signs what is sent to one endpoint of a site. It is made anew each time from what is known, so
    /// nothing secret is stored; the next generation gives the endpoint another key.
    pub fn webhook_key(&self, site: &SiteId, endpoint: &str, generation: u32) -> [u8; 32] {
        // A site id has one length and a generation too, so no two endpoints share a text.
        let text = [site.0.as_bytes(), &generation.to_be_bytes(), endpoint.as_bytes()].concat();
        self.mac("webhook", &text)
    }
}

/// What a key may do. Each role may do what the one after it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Everything with one site.
    Owner,
    /// Read its score.
    Read,
    /// See its score and public notes, by a link that is passed around.
    Share,
}

impl Role {
    /// The three roles, the most powerful first.
    pub const ALL: [Role; 3] = [Role::Owner, Role::Read, Role::Share];

    /// The word for it, as in a key and in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Read => "read",
            Role::Share => "share",
        }
    }

    /// Whether a key of this role may do what `needed` may.
    pub const fn covers(self, needed: Role) -> bool {
        matches!(
            (self, needed),
            (Role::Owner, _) | (Role::Read, Role::Read | Role::Share) | (Role::Share, Role::Share)
        )
    }

    /// The role of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// A new key: 160 random bits behind a prefix that says what it is, so that a leaked one is recognised.
pub fn new_key(role: Role, random: &[u8; 20]) -> String {
    format!("grapevine_{}_{}", role.word(), base32(random, 32))
}

/// A name for something of a site: a note, a webhook.
pub fn new_name(random: &[u8; 8]) -> String {
    base32(random, NAME)
}

/// What is kept of a key: its SHA-256 in hexadecimal. A key is random, so it needs no slow hash.
pub fn key_digest(key: &str) -> String {
    Sha256::digest(key.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether two secrets are the same, in a time that does not tell where they differ.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differs, (x, y)| differs | (x ^ y)) == 0
}

/// Whether the token that a caller showed is one of those that whoever runs the collector has set, which are parted by
/// white space or commas.
///
/// So a token is replaced without a gap: put the new one beside the old, then drop the old. Each is compared, by its
/// digest, in a time that does not tell how near the caller came. An empty token opens nothing.
pub fn accepts(shown: &str, configured: &str) -> bool {
    let digest = Sha256::digest(shown.as_bytes());
    let tokens = configured.split(|c: char| c.is_whitespace() || c == ',').filter(|token| !token.is_empty());
    let known = tokens.fold(false, |known, token| known | same(&Sha256::digest(token.as_bytes()), &digest));
    known && !shown.is_empty()
}

/// The first `length` base 32 digits of the bytes; as many as the bytes hold.
pub(crate) fn base32(bytes: &[u8], length: usize) -> String {
    let (mut buffer, mut bits) = (0u32, 0);
    let mut digits = String::with_capacity(length);
    for &byte in bytes {
        buffer = (buffer << 8) | u32::from(byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            let digit = (buffer >> bits) as usize & 31;
            digits.push(char::from(ALPHABET.get(digit).copied().unwrap_or(b'0')));
        }
        buffer &= (1 << bits) - 1;
    }
    digits.truncate(length);
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text).unwrap()
    }

    #[test]
    fn an_issued_id_is_known_and_a_forged_one_is_not() {
        let ours = secret("a secret of the collector");
        let id = SiteId::issue(*b"\x01\x02\x03\x04\xff\xfe\xfd\xfc", &ours);
        assert_eq!(id.as_str().len(), 20);
        assert_eq!(SiteId::verify(id.as_str(), &ours), Some(id.clone()));
        assert_eq!(SiteId::verify(id.as_str(), &secret("another secret altogether")), None);
        for at in 0..20 {
            let mut forged = id.as_str().to_owned().into_bytes();
            forged[at] = if forged[at] == b'0' { b'1' } else { b'0' };
            assert_eq!(SiteId::verify(std::str::from_utf8(&forged).unwrap(), &ours), None);
        }
        for odd in ["", "short", "ünfzehnzeichenßßß", &"0".repeat(20), &"0".repeat(4000)] {
            assert_eq!(SiteId::verify(odd, &ours), None);
        }
    }

    #[test]
    fn short_secrets_are_refused() {
        assert!(Secret::new("fifteen letters").is_none());
    }

    #[test]
    fn keys_say_what_they_are_and_are_kept_as_digests() {
        assert_eq!(new_key(Role::Read, &[0; 20]), format!("grapevine_read_{}", "0".repeat(32)));
        assert_eq!(key_digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(new_key(Role::Share, &[255; 20]).starts_with("grapevine_share_zzz"));
    }

    #[test]
    fn each_role_may_do_what_those_after_it_may() {
        for (at, role) in Role::ALL.into_iter().enumerate() {
            assert_eq!(Role::parse(role.word()), Some(role));
            for (needed_at, needed) in Role::ALL.into_iter().enumerate() {
                assert_eq!(role.covers(needed), at <= needed_at, "{role:?} {needed:?}");
            }
        }
        assert_eq!(Role::parse("Owner"), None);
    }

    #[test]
    fn any_of_the_tokens_opens_and_nothing_else() {
        for configured in ["new", "new old", "old,new", " old,\n\tnew , "] {
            assert!(accepts("new", configured), "{configured:?}");
        }
        for (shown, configured) in [
            ("", ""),
            ("", "new"),
            ("", " , ,"),
            ("new", ""),
            ("ne", "new"),
            ("neww", "new"),
            ("New", "new"),
            ("new old", "new old"),
            (",", ","),
            (" ", "new  old"),
        ] {
            assert!(!accepts(shown, configured), "{shown:?} {configured:?}");
        }
    }

    #[test]
    fn each_endpoint_and_generation_signs_with_a_key_of_its_own() {
        let ours = secret("a secret of the collector");
        let (a, b) = (SiteId::issue([1; 8], &ours), SiteId::issue([2; 8], &ours));
        let keys = [
            ours.webhook_key(&a, "e1", 1),
            ours.webhook_key(&a, "e1", 2),
            ours.webhook_key(&a, "e2", 1),
            ours.webhook_key(&b, "e1", 1),
            secret("another secret altogether").webhook_key(&a, "e1", 1),
        ];
        assert_eq!(keys[0], ours.webhook_key(&a, "e1", 1));
        for (at, key) in keys.iter().enumerate() {
            assert!(!keys[..at].contains(key), "{at}");
        }
    }

    #[test]
    fn a_visitor_is_another_on_another_site() {
        let ours = secret("a secret of the collector");
        let (a, b) = (SiteId::issue([1; 8], &ours), SiteId::issue([2; 8], &ours));
        assert_eq!(ours.hide_user(&a, "ann"), ours.hide_user(&a, "ann"));
        assert_ne!(ours.hide_user(&a, "ann"), ours.hide_user(&b, "ann"));
        assert_eq!(ours.hide_user(&a, "ann").len(), 26);
    }

    #[test]
    fn base32_reads_bits_from_the_left() {
        assert_eq!(base32(&[0xff, 0x00], 3), "zw0");
        assert_eq!(base32(b"", 3), "");
    }
}

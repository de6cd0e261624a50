//! Ids of sites.
//!
//! A Durable Object is created by the first request for its name. A site id therefore carries a MAC
//! under the collector's secret, and nobody can create objects by inventing ids: [`SiteId::verify`]
//! refuses them without a look-up.

use std::fmt;

use crate::Secret;
use crate::id::{ID_LEN, base32};
use crate::secret::ct_eq;

/// Length of the MAC, 40 bits: a forger needs about 10^12 requests for one hit, and wins an empty
/// object by it.
const MAC_LEN: usize = 8;

/// Region that a site's object and its data never leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jurisdiction {
    /// The European Union.
    Eu,
}

impl Jurisdiction {
    /// Every jurisdiction.
    pub const ALL: [Self; 1] = [Self::Eu];

    /// Returns the name in the API and in site ids, which is also that of the platform.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Eu => "eu",
        }
    }

    /// Parses a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|jurisdiction| jurisdiction.as_str() == name)
    }
}

/// The public id of a site that this collector issued. It can only be used to write responses.
///
/// The id of a site in a jurisdiction begins with it and a hyphen, which the MAC covers. So a
/// caller cannot move a site, and the id alone says where the object is. A hyphen is no digit of
/// base 32, so no id is the beginning of another.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SiteId(String);

impl SiteId {
    /// A new id from eight random bytes, without a jurisdiction.
    pub fn issue(random: [u8; 8], secret: &Secret) -> Self {
        Self::issue_in(None, random, secret)
    }

    /// A new id from eight random bytes.
    pub fn issue_in(jurisdiction: Option<Jurisdiction>, random: [u8; 8], secret: &Secret) -> Self {
        let mut id = jurisdiction.map_or_else(String::new, |it| format!("{}-", it.as_str()));
        id.push_str(&base32(&random, ID_LEN));
        let mac = secret.mac("site", id.as_bytes());
        id.push_str(&base32(&mac, MAC_LEN));
        Self(id)
    }

    /// The id that the text is, if it was issued under this secret.
    pub fn verify(text: &str, secret: &Secret) -> Option<Self> {
        let digits = match text.split_once('-') {
            Some((jurisdiction, digits)) => Jurisdiction::parse(jurisdiction).and(Some(digits))?,
            None => text,
        };
        if digits.len() != ID_LEN + MAC_LEN || !digits.is_ascii() {
            return None;
        }
        let (name, mac) = text.split_at_checked(text.len() - MAC_LEN)?;
        let right = base32(&secret.mac("site", name.as_bytes()), MAC_LEN);
        ct_eq(right.as_bytes(), mac.as_bytes()).then(|| Self(text.to_owned()))
    }

    /// Returns the jurisdiction of the site; `None` where it may be anywhere.
    pub fn jurisdiction(&self) -> Option<Jurisdiction> {
        self.0.split_once('-').and_then(|(name, _)| Jurisdiction::parse(name))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text).unwrap()
    }

    #[test]
    fn issued_ids_verify_and_forged_ids_do_not() {
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
    fn the_mac_covers_the_jurisdiction() {
        let ours = secret("a secret of the collector");
        let (random, eu) = ([7; 8], Some(Jurisdiction::Eu));
        let (anywhere, inside) = (SiteId::issue(random, &ours), SiteId::issue_in(eu, random, &ours));
        assert_eq!((anywhere.jurisdiction(), inside.jurisdiction()), (None, eu));
        assert_eq!((inside.as_str().len(), inside.as_str().get(..3)), (23, Some("eu-")));
        assert_eq!(SiteId::verify(inside.as_str(), &ours), Some(inside.clone()));
        let bare = inside.as_str().strip_prefix("eu-").unwrap();
        for moved in [
            bare.to_owned(),
            format!("eu-{anywhere}"),
            format!("us-{bare}"),
            format!("EU-{bare}"),
            format!("eu-eu-{bare}"),
            format!("-{bare}"),
            format!("eu-{}", "é".repeat(10)),
        ] {
            assert_eq!(SiteId::verify(&moved, &ours), None, "{moved}");
        }
    }
}

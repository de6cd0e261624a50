//! Consents that a visitor gave, each by itself: no consent follows from another.

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::validation::{Errors, ObjectReader, quoted};

/// Consent that a visitor may give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Consent {
    /// The comment may be published.
    Publish,
    /// The owner may quote the comment, after asking again where it would appear.
    Quote,
    /// The visitor would speak to others who consider to buy.
    Reference,
}

impl Consent {
    /// All consents, in the order of their names.
    const ALL: [Consent; 3] = [Consent::Publish, Consent::Quote, Consent::Reference];

    /// Returns the name, as in an update.
    pub const fn as_str(self) -> &'static str {
        match self {
            Consent::Publish => "publish",
            Consent::Quote => "quote",
            Consent::Reference => "reference",
        }
    }

    /// Returns the consent of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|consent| consent.as_str() == name)
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// Set of consents. In JSON an array of names in alphabetical order, such as
/// `["publish", "quote"]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GivenConsents(u8);

impl GivenConsents {
    /// Whether no consent was given.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether this consent was given.
    pub const fn contains(self, consent: Consent) -> bool {
        self.0 & consent.bit() != 0
    }

    /// Returns the given consents in the order of their names.
    pub fn iter(self) -> impl Iterator<Item = Consent> {
        Consent::ALL.into_iter().filter(move |consent| self.contains(*consent))
    }

    /// Reads the member `consents` of untrusted JSON, if it is there. A consent that stands there
    /// twice is an error: it is a mistake.
    pub(super) fn read(reader: &ObjectReader, errors: &mut Errors) -> Option<Self> {
        let mut consents = Self::default();
        let path = reader.pointer_to("consents");
        let given = match reader.get("consents") {
            None => return None,
            Some(Value::Array(given)) => given,
            Some(other) => {
                errors.push(&path, &format!("Must be an array of names, not {}.", quoted(other)));
                return None;
            }
        };
        for (index, value) in given.iter().enumerate() {
            let path = format!("{path}/{index}");
            match value.as_str().and_then(Consent::parse) {
                None => {
                    let detail = format!("Must be quote, reference or publish, not {}.", quoted(value));
                    errors.push(&path, &detail);
                }
                Some(consent) if consents.contains(consent) => {
                    errors.push(&path, &format!("Repeats {}; give each consent once.", consent.as_str()));
                }
                Some(consent) => consents.0 |= consent.bit(),
            }
        }
        Some(consents)
    }
}

impl FromIterator<Consent> for GivenConsents {
    fn from_iter<I: IntoIterator<Item = Consent>>(consents: I) -> Self {
        Self(consents.into_iter().fold(0, |bits, consent| bits | consent.bit()))
    }
}

impl Serialize for GivenConsents {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter().map(Consent::as_str))
    }
}

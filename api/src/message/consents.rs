//! What a visitor agreed to, each thing by itself: no consent follows from another.

use std::fmt;
use std::ops::BitOr;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::shorten;
use crate::Invalid;

/// One thing that a visitor may agree to.
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
    /// All consents, in the order of their words.
    pub const ALL: [Consent; 3] = [Consent::Publish, Consent::Quote, Consent::Reference];

    /// The word for it in a message.
    pub const fn word(self) -> &'static str {
        match self {
            Consent::Publish => "publish",
            Consent::Quote => "quote",
            Consent::Reference => "reference",
        }
    }

    /// The consent of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|consent| consent.word() == word)
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of consents. In JSON an array of words in alphabetical order, such as `["publish", "quote"]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Consents(u8);

impl Consents {
    /// Whether none was given.
    pub const fn is_empty(&self) -> bool {
        self.0 == 0
    }

    /// Whether this one was given.
    pub const fn contains(self, consent: Consent) -> bool {
        self.0 & consent.bit() != 0
    }

    /// Those that were given, in the order of their words.
    pub fn iter(self) -> impl Iterator<Item = Consent> {
        Consent::ALL.into_iter().filter(move |consent| self.contains(*consent))
    }

    /// Reads the member `consents` of untrusted JSON. A word that stands there twice is refused: it is a mistake.
    pub(super) fn read(fields: &Map<String, Value>) -> Result<Self, Invalid> {
        let given = match fields.get("consents") {
            None | Some(Value::Null) => return Ok(Self::default()),
            Some(Value::Array(given)) => given,
            Some(other) => {
                let detail = format!("Must be an array of words, not {}.", shorten(other));
                return Err(Invalid::at("/consents", detail));
            }
        };
        let mut consents = Self::default();
        for (at, value) in given.iter().enumerate() {
            let wrong = |detail: String| Invalid::at(format!("/consents/{at}"), detail);
            match value.as_str().and_then(Consent::parse) {
                None => {
                    let detail = format!("Must be quote, reference or publish, not {}.", shorten(value));
                    return Err(wrong(detail));
                }
                Some(consent) if consents.contains(consent) => {
                    return Err(wrong(format!("Says {} a second time; once is enough.", consent.word())));
                }
                Some(consent) => consents = consents | consent.into(),
            }
        }
        Ok(consents)
    }
}

/// Those of both.
impl BitOr for Consents {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl From<Consent> for Consents {
    fn from(consent: Consent) -> Self {
        Self(consent.bit())
    }
}

impl FromIterator<Consent> for Consents {
    fn from_iter<I: IntoIterator<Item = Consent>>(consents: I) -> Self {
        consents.into_iter().fold(Self::default(), |all, consent| all | consent.into())
    }
}

impl Serialize for Consents {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter().map(Consent::word))
    }
}

impl<'de> Deserialize<'de> for Consents {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Words;

        impl<'de> Visitor<'de> for Words {
            type Value = Consents;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of quote, reference, publish")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut words: A) -> Result<Consents, A::Error> {
                let mut consents = Consents::default();
                while let Some(word) = words.next_element::<String>()? {
                    let consent = Consent::parse(&word).ok_or_else(|| A::Error::custom("no such consent"))?;
                    consents = consents | consent.into();
                }
                Ok(consents)
            }
        }

        from.deserialize_seq(Words)
    }
}

//! Id of one impression of the survey.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// The UUID of one impression of the survey, made by whoever shows it.
///
/// All that becomes of an impression (score, comment, dismissal) is sent under one id, so a retry
/// or a late message finds its response and counts once. Any UUID but the nil one is taken; version
/// 7 (RFC 9562) is best, because it carries its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResponseId(Uuid);

impl ResponseId {
    /// A version 7 id of that time (milliseconds since 1970 UTC) and ten bytes of randomness, or of
    /// a digest.
    pub fn from_time(unix_ms: u64, random: &[u8; 10]) -> Self {
        Self(uuid::Builder::from_unix_timestamp_millis(unix_ms, random).into_uuid())
    }

    /// A version 4 id of sixteen random bytes. It says nothing of when it was made.
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
    }

    /// The id in its usual text form (36 characters, upper or lower case), or `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let hyphenated = text.len() == 36;
        Uuid::try_parse(text).ok().filter(|id| hyphenated && !id.is_nil()).map(Self)
    }

    /// The time that a version 7 id carries, in milliseconds since 1970 UTC; `None` for any other
    /// version.
    pub fn unix_ms(self) -> Option<u64> {
        let (high, _) = self.0.as_u64_pair();
        (self.0.get_version_num() == 7).then_some(high >> 16)
    }

    /// The sixteen bytes, in the order in which ids of version 7 sort by time.
    pub fn bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// The id of those sixteen bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    /// The id as 32 hexadecimal digits in lower case, which is how SQLite takes and returns it.
    pub fn to_hex(self) -> String {
        self.0.simple().to_string()
    }

    /// The id of 32 hexadecimal digits in upper or lower case, or `None`.
    pub fn from_hex(digits: &str) -> Option<Self> {
        Uuid::try_parse(digits).ok().filter(|_| digits.len() == 32).map(Self)
    }
}

impl fmt::Display for ResponseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl Serialize for ResponseId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.0.hyphenated().encode_lower(&mut Uuid::encode_buffer()))
    }
}

impl<'de> Deserialize<'de> for ResponseId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("an id is a UUID of 36 characters"))
    }
}

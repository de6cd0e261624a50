//! Channel of a response.

use serde::Serialize;

use crate::validation::{Errors, ObjectReader};

/// Channel on which the survey was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// A page of the owner's.
    Page,
    /// The collector's own page, by a link or a QR code.
    Link,
    /// The collector's own page, by one of the links in an email.
    Mail,
}

impl Channel {
    const ALL: [Self; 3] = [Self::Page, Self::Link, Self::Mail];

    /// Returns the name, as in an update and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Link => "link",
            Self::Mail => "mail",
        }
    }

    /// Reads the member `channel`.
    pub(super) fn read(reader: &ObjectReader, errors: &mut Errors) -> Option<Self> {
        let index = reader.one_of(errors, "channel", &Self::ALL.map(Self::as_str))?;
        Self::ALL.get(index).copied()
    }
}

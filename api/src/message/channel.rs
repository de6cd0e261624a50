//! The way on which somebody was asked.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::read::shorten;
use crate::Invalid;

/// Where the survey was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// On a page of the owner's.
    Page,
    /// On the collector's own page, by a link or a QR code.
    Link,
    /// The same, by one of the links in a mail.
    Mail,
}

impl Channel {
    /// The word for it, as in a message and in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Link => "link",
            Self::Mail => "mail",
        }
    }

    /// Reads the member `channel`; absent and `null` are the same.
    pub(super) fn read(fields: &Map<String, Value>) -> Result<Option<Self>, Invalid> {
        let given = fields.get("channel").filter(|given| !given.is_null());
        let channel = given.map(|given| {
            let word = given.as_str().unwrap_or_default();
            let known = [Self::Page, Self::Link, Self::Mail].into_iter().find(|known| known.word() == word);
            known.ok_or_else(|| {
                Invalid::at("/channel", format!("Must be page, link or mail, not {}.", shorten(given)))
            })
        });
        channel.transpose()
    }
}

//! Channel of a response.

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::validation::{Errors, ObjectReader, alternatives, quoted};

/// Channel on which the survey reached the respondent.
///
/// A channel has two names: one in JSON, CSV and URLs, and one in the database. Stored names never
/// change, so that a name in the API can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// A page of the owner's.
    Web,
    /// The collector's own page, by a link or a QR code.
    Link,
    /// The collector's own page, by one of the links in an email.
    Email,
    /// A conversation, in person or by telephone, whose answers somebody entered.
    Interview,
    /// A file of responses from another tool or site.
    Import,
}

impl Channel {
    /// All channels.
    pub const ALL: [Self; 5] = [Self::Web, Self::Link, Self::Email, Self::Interview, Self::Import];
    /// Channels of a message. Only an import makes an imported response.
    const OF_MESSAGES: [Self; 4] = [Self::Web, Self::Link, Self::Email, Self::Interview];

    /// Returns the name in the API and the stored name.
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Web => ("web", "page"),
            Self::Link => ("link", "link"),
            Self::Email => ("email", "mail"),
            Self::Interview => ("interview", "interview"),
            Self::Import => ("import", "import"),
        }
    }

    /// Returns the name in the API.
    pub const fn as_str(self) -> &'static str {
        self.names().0
    }

    /// Returns the stored name.
    pub const fn stored(self) -> &'static str {
        self.names().1
    }

    /// Returns the channel of a stored name.
    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.stored() == name)
    }

    /// Parses the name in the API. The error says which names there are.
    pub fn parse(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == name).ok_or_else(|| {
            let names = alternatives(&Self::ALL.map(Self::as_str));
            format!("Must be {names}, not {}.", quoted(&Value::from(name)))
        })
    }

    /// Reads the member `channel` of a message.
    pub(crate) fn read(reader: &ObjectReader, errors: &mut Errors) -> Option<Self> {
        let index = reader.one_of(errors, "channel", &Self::OF_MESSAGES.map(Self::as_str))?;
        Self::OF_MESSAGES.get(index).copied()
    }
}

impl Serialize for Channel {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn stored_names_are_those_of_rows_that_exist() {
        let names = Channel::ALL.map(|channel| (channel.stored(), channel.as_str()));
        let expected = [
            ("page", "web"),
            ("link", "link"),
            ("mail", "email"),
            ("interview", "interview"),
            ("import", "import"),
        ];
        assert_eq!(names, expected);
    }

    proptest! {
        /// Each name belongs to one channel and each channel has one name, in the API and stored.
        #[test]
        fn names_and_channels_map_one_to_one(
            name in prop_oneof!["[a-z]{0,9}", "web|page|link|e?mail|interview|import"],
            first in 0..Channel::ALL.len(),
            second in 0..Channel::ALL.len(),
        ) {
            let (first, second) = (Channel::ALL[first], Channel::ALL[second]);
            prop_assert_eq!(first == second, first.as_str() == second.as_str());
            prop_assert_eq!(first == second, first.stored() == second.stored());
            prop_assert_eq!(Channel::parse(first.as_str()), Ok(first));
            prop_assert_eq!(Channel::from_stored(first.stored()), Some(first));
            prop_assert!(Channel::parse(&name).map_or(true, |channel| channel.as_str() == name));
            prop_assert!(Channel::from_stored(&name).is_none_or(|channel| channel.stored() == name));
        }
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_list_of_names() {
        let error = Channel::parse("page").unwrap_err();
        assert_eq!(error, r#"Must be web, link, email, interview or import, not "page"."#);
    }
}

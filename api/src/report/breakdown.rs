//! The property that a query is about.
//!
//! The collector keeps its sums once for each property, never for two together: which answers have this plan and come from
//! that country, no sum says. So a query takes one property, either to show all its values or to keep one of them.

use super::Segment;
use crate::{Invalid, message};

/// The property that every answer has: the way it came.
pub const CHANNEL: &str = "channel";

/// The longest value of a filter, in characters: that of a page.
const MAX_FILTER_VALUE: usize = 500;

/// Which property a query is about. Sums are kept for one property at a time, so it is one at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// All answers together.
    Nothing,
    /// All answers, and each value of the property named here.
    Group(String),
    /// Only answers with one value of a property.
    Filter {
        /// The name of the property.
        property: String,
        /// The value, or its absence; never [`Segment::Other`].
        value: Segment,
    },
}

impl By {
    /// The property, if any.
    pub fn property(&self) -> Option<&str> {
        match self {
            Self::Nothing => None,
            Self::Group(property) | Self::Filter { property, .. } => Some(property),
        }
    }

    /// The segment that a filter keeps.
    pub fn filter_value(&self) -> Option<&Segment> {
        if let Self::Filter { value, .. } = self { Some(value) } else { None }
    }

    /// Refuses a property that is neither [`CHANNEL`] nor among those that the site declares.
    pub(super) fn check(&self, declared: &[String]) -> Result<(), Invalid> {
        let Some(property) = self.property() else { return Ok(()) };
        if property == CHANNEL || declared.iter().any(|name| name == property) {
            return Ok(());
        }
        let parameter =
            if self.filter_value().is_some() { format!("filter[{property}]") } else { "group_by".into() };
        let mut names = vec![CHANNEL];
        names.extend(declared.iter().map(String::as_str));
        let names = names.join(", ");
        let detail = format!(
            "The site keeps no sums for this property. Take one of {names}, or declare it in the site's settings."
        );
        Err(Invalid::at(parameter, detail))
    }
}

/// Reads `group_by`, or the name and value of a filter.
pub(super) fn by(group_by: Option<&str>, filter: Option<(&str, &str)>) -> Result<By, Invalid> {
    let check = |parameter: &str, property: &str| {
        let sound = (1..=message::MAX_PROPERTY_NAME).contains(&property.chars().count());
        let detail = || format!("Must name a property with 1 to {} characters.", message::MAX_PROPERTY_NAME);
        if sound { Ok(()) } else { Err(Invalid::at(parameter, detail())) }
    };
    match (group_by, filter) {
        (None, None) => Ok(By::Nothing),
        (Some(_), Some(_)) => {
            let detail = "Cannot go with a filter, since sums are kept for one property at a time. \
                          Give either group_by or one filter.";
            Err(Invalid::at("group_by", detail))
        }
        (Some(property), None) => {
            check("group_by", property)?;
            Ok(By::Group(property.to_owned()))
        }
        (None, Some((property, value))) => {
            let parameter = format!("filter[{property}]");
            check(&parameter, property)?;
            if value.chars().count() > MAX_FILTER_VALUE {
                let detail = format!("Has more than {MAX_FILTER_VALUE} characters, which no value has.");
                return Err(Invalid::at(parameter, detail));
            }
            // As in a message, a value of blanks is none.
            let absent = value.trim().is_empty();
            let value = if absent { Segment::Absent } else { Segment::Value(value.to_owned()) };
            Ok(By::Filter { property: property.to_owned(), value })
        }
    }
}

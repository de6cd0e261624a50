//! The property that a query is about.
//!
//! The collector keeps its sums once for each property, never for two together: which responses
//! have this plan and come from that country, no sum says. So a query takes one property, either to
//! show all its values or to keep one of them.

use super::Segment;
use crate::limits::{MAX_FILTER_VALUE, MAX_PROPERTY_NAME};
use crate::validation::QueryReader;
use crate::{Channel, ValidationError};

/// Name of the property that every response has: its [`Channel`].
pub const CHANNEL: &str = "channel";

/// Which property a query is about. Sums are kept for one property at a time, so it is one at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Breakdown {
    /// All responses together.
    Nothing,
    /// All responses, and each value of the property named here.
    Group(String),
    /// Only responses with one value of a property.
    Filter {
        /// The name of the property.
        property: String,
        /// The value, or its absence; never [`Segment::Other`].
        value: Segment,
    },
}

impl Breakdown {
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
    pub(super) fn check(&self, declared: &[String]) -> Result<(), ValidationError> {
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
            "The site keeps no sums for this property. Take one of {names}, or declare it in the site's \
             settings."
        );
        Err(ValidationError::new(parameter, detail))
    }
}

/// Reads `group_by`, or the name and value of a filter.
pub(super) fn read(query: &mut QueryReader) -> Breakdown {
    let group_by = query.get("group_by");
    let filters = query.bracketed().to_vec();
    let is_name = |property: &str| (1..=MAX_PROPERTY_NAME).contains(&property.chars().count());
    let detail = format!("Must name a property with 1 to {MAX_PROPERTY_NAME} characters.");
    if group_by.is_some_and(|property| !is_name(property)) {
        query.error("group_by", &detail);
    }
    for (index, (property, value)) in filters.iter().enumerate() {
        let parameter = format!("filter[{property}]");
        if !is_name(property) {
            query.error(&parameter, &detail);
        } else if index > 0 {
            let detail =
                "Is a second filter. Totals are kept for one property at a time, so give one filter.";
            query.error(&parameter, detail);
        } else if value.chars().count() > MAX_FILTER_VALUE {
            query.error(
                &parameter,
                &format!("Has more than {MAX_FILTER_VALUE} characters, which no value has."),
            );
        } else if *property == CHANNEL
            && !value.trim().is_empty()
            && let Err(detail) = Channel::parse(value)
        {
            query.error(&parameter, &detail);
        }
    }
    match (group_by, filters.first()) {
        (None, None) => Breakdown::Nothing,
        (Some(property), None) => Breakdown::Group(property.to_owned()),
        (Some(_), Some(_)) => {
            let detail = "Cannot be combined with a filter, since totals are kept for one property at a \
                          time. \
                          Give either group_by or one filter.";
            query.error("group_by", detail);
            Breakdown::Nothing
        }
        (None, Some((property, value))) => {
            // As in an update, a value of blanks is none.
            let absent = value.trim().is_empty();
            let value = if absent { Segment::Absent } else { Segment::Value((*value).to_owned()) };
            Breakdown::Filter { property: (*property).to_owned(), value }
        }
    }
}

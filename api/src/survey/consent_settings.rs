//! Consents that the survey offers.

use super::object_writer::ObjectWriter;
use crate::validation::{Errors, ObjectReader};

/// Consents offered to promoters. Nothing is published without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ConsentSettings {
    /// To be quoted.
    pub quote: bool,
    /// To give a reference.
    pub reference: bool,
}

impl ConsentSettings {
    pub(super) fn read(reader: &ObjectReader, errors: &mut Errors) -> Self {
        let consents = reader.object(errors, "consents", &["quote", "reference"]);
        Self { quote: consents.bool(errors, "quote"), reference: consents.bool(errors, "reference") }
    }

    pub(super) fn write(self, out: &mut ObjectWriter) {
        out.within("consents", |out| {
            out.put("quote", self.quote, false);
            out.put("reference", self.reference, false);
        });
    }
}

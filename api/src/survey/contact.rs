//! Contact field of the survey.

use super::audience::Audience;
use super::object_writer::ObjectWriter;
use crate::validation::{Errors, ObjectReader};

/// Whether a visitor may leave a way to be reached. It is kept apart from the response, and for a
/// shorter time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Contact {
    /// Whether the field is there at all.
    pub ask: bool,
    /// Audience of the field.
    pub audience: Audience,
}

impl Contact {
    pub(super) fn read(reader: &ObjectReader, errors: &mut Errors) -> Self {
        let contact = reader.object(errors, "contact", &["ask", "for"]);
        Self { ask: contact.bool(errors, "ask"), audience: Audience::read(&contact, errors) }
    }

    pub(super) fn write(self, out: &mut ObjectWriter) {
        out.within("contact", |out| {
            out.put("ask", self.ask, false);
            self.audience.write(out);
        });
    }
}

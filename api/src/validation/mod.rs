//! Validation of untrusted input: JSON objects and queries.
//!
//! A reader never stops at what is wrong. It adds an error, goes on with the default and leaves it
//! to [`Errors::finish`] to drop the result. So an owner who sends ten wrong settings gets ten
//! errors at once.
//!
//! None of it is generic over what is read, since it is compiled into the collector, whose size has
//! a budget.

mod error;
mod object;
mod query;

pub use error::{Errors, MAX_ERRORS, ValidationError, pointer};
pub(crate) use object::alternatives;
pub use object::{ObjectReader, Text, integer, quoted, string, text};
pub use query::QueryReader;

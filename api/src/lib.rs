//! JSON that widget, collector and dashboard exchange, as types with their rules.
//!
//! Nothing here knows a Worker, a browser or a clock: times come in as arguments, results go out as values.
//!
//! - A visitor's response: [`Message`], [`ResponseId`], and [`user`] for the owner's name of a visitor.
//! - What the owner decides: [`Survey`], and [`SiteChange`] for the site.
//! - What the owner reads: [`report`], in [`Day`]s and [`Period`]s.
//! - What is wrong with an input: [`Invalid`]. Which [`language`] goes with what a visitor wants.
#![deny(missing_docs)]

pub mod day;
mod fields;
pub mod invalid;
pub mod language;
pub mod message;
mod nps_json;
pub mod report;
pub mod response_id;
pub mod site;
pub mod survey;
pub mod user;

pub use day::{Day, Period};
pub use invalid::Invalid;
pub use message::Message;
pub use response_id::ResponseId;
pub use site::SiteChange;
pub use survey::Survey;

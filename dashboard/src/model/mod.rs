//! Responses of the API, as far as the page reads them.

mod admin;
mod json;
mod note;
mod report;
mod response;
mod settings;

pub use admin::{CreatedKey, CreatedSite, ListedSite, SiteKeys, SiteList};
pub use json::FromJson;
pub(crate) use json::from_json;
pub use note::{Effect, Note, NoteList};
pub use report::{Counts, Group, Interval95, Point, Previous, Query, QueryFilter, Report, Rolling};
pub use response::{Answer, CaseState, Cases, Mark, Response, ResponsePage, TagCount, TagList};
pub use settings::{Property, SiteSettings};

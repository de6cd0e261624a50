//! Responses of the API, as far as the page reads them.

mod admin;
mod audit;
mod import;
mod json;
mod key;
mod note;
mod people;
mod report;
mod response;
mod settings;
mod site;
mod survey;
mod usage;
mod webhook;

pub use api::{CaseState, Mark, Role};

pub use admin::{CreatedKey, CreatedSite, ListedSite, SiteKeys, SiteList};
pub use audit::{AuditEntry, AuditPage};
pub use import::{Cut, Import, ImportList, Imported, ImportedColumn, ImportedFile, ImportedRow, LeftOut};
pub use json::FromJson;
pub(crate) use json::from_json;
pub use key::{CurrentKey, Key, KeyList};
pub use note::{Effect, Note, NoteList};
pub use people::{Erased, UserHistories, UserHistory};
pub use report::{Counts, Group, Interval95, Point, Previous, Query, QueryFilter, Report, Rolling};
pub use response::{Answer, Cases, Response, ResponsePage, TagCount, TagList};
pub use settings::{Property, SiteSettings};
pub use site::{FullSettings, InProgress, Retention, lines};
pub use survey::SurveyVersion;
pub use usage::{Impression, ImpressionPage, TagOrigin, Usage};
pub use webhook::{Webhook, WebhookList};

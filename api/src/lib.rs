//! JSON that widget, collector and dashboard exchange, as types with their rules.
//!
//! Nothing here knows a Worker, a browser or a clock: times come in as arguments, results go out as
//! values.
//!
//! - A visitor's response: [`ResponseUpdate`], [`ResponseId`], its [`Channel`] and [`Mark`], and
//!   [`user`] for the owner's name of a visitor. What the owner does about it: [`CaseState`].
//! - Settings of the owner: [`Survey`], [`SitePatch`] for the site, and [`OriginPattern`] for the
//!   origins of its pages. [`Role`] is that of an API key.
//! - Score of a site: [`report`], in [`Day`]s and [`Period`]s.
//! - Rules for all of them: [`validation`], [`limits`], [`slug`], and [`language`] for the choice
//!   of a language.
#![deny(missing_docs)]

mod case_state;
mod channel;
pub mod day;
pub mod language;
pub mod limits;
mod mark;
mod nps_json;
pub mod origin_pattern;
pub mod report;
mod response_id;
pub mod response_update;
mod role;
pub mod site_patch;
pub mod slug;
pub mod survey;
pub mod user;
pub mod validation;

pub use case_state::CaseState;
pub use channel::Channel;
pub use day::{Day, Period};
pub use mark::Mark;
pub use origin_pattern::OriginPattern;
pub use response_id::ResponseId;
pub use response_update::ResponseUpdate;
pub use role::Role;
pub use site_patch::{Retention, SitePatch};
pub use survey::Survey;
pub use validation::ValidationError;

//! Rules that only the collector needs, pure and tested natively.
//!
//! Nothing here knows a Worker or a clock: times come in as arguments, results go out as values.
//!
//! - Room of a site's object: [`object_size`].
//! - Access: [`SiteId`], [`Secret`], [`api_key`] and [`id`]; quotas in [`rate_limit`] and
//!   [`text_budget`], of a [`ClientAddress`].
//! - Known users: their [`eligibility`], and the proof of who they are, [`identity`].
//! - Responses: their columns in [`stored_response`], the owner's [`Filter`] of them, their
//!   [`case_state`] and [`category`]. Responses from elsewhere: [`import`], and [`json`] for
//!   lenient parsing.
//! - Scores: [`report`], in the days of a [`Zone`].
//! - Other programs: [`webhook`]. The public: [`badge`], and what of scores is [`published`].
//! - Surveys outside of a page: [`Invitation`], [`FormToken`], [`qr`], as [`html`].
#![deny(missing_docs)]

pub mod api_key;
pub mod badge;
pub mod case_state;
pub mod category;
mod client_address;
pub mod eligibility;
pub mod filter;
pub mod form_token;
pub mod html;
pub mod id;
pub mod identity;
pub mod import;
pub mod invitation;
pub mod iso8601;
pub mod json;
pub mod object_size;
pub mod published;
pub mod qr;
pub mod rate_limit;
pub mod report;
pub mod secret;
mod site_id;
mod site_secrets;
pub mod stored_names;
pub mod stored_response;
pub mod text_budget;
pub mod webhook;
pub mod zone;

pub use client_address::{AddressHeader, ClientAddress, TrustedProxies, parse_address};
pub use filter::Filter;
pub use form_token::FormToken;
pub use invitation::Invitation;
pub use secret::Secret;
pub use site_id::{Jurisdiction, SiteId};
pub use zone::Zone;

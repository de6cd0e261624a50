//! Rules that only the collector needs, pure and tested natively.
//!
//! Nothing here knows a Worker or a clock: times come in as arguments, results go out as values.
//!
//! - Who may call: [`SiteId`], keys and secrets in [`site_id`], and how often, [`limit`].
//! - Whom to ask again: [`recontact`].
//! - Responses from elsewhere: [`import`], which reads lenient [`json`]; which of them an owner lists, [`Filter`].
//! - Days of a site: [`Zone`].
//! - What other programs are told: [`webhook`]. What anyone may see: [`badge`].
//! - Asking elsewhere than on a page: [`Link`], [`qr`], as [`html`].
#![deny(missing_docs)]

pub mod badge;
mod base64;
pub mod filter;
pub mod html;
pub mod import;
pub mod json;
pub mod limit;
pub mod link;
pub mod qr;
pub mod recontact;
pub mod report;
pub mod site_id;
pub mod webhook;
pub mod zone;

pub use filter::Filter;
pub use link::Link;
pub use site_id::SiteId;
pub use zone::Zone;

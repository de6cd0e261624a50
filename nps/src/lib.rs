//! The domain of Grapevine: what a Net Promoter Score is, and the words in which its parts speak of it.
//!
//! Nothing here knows a Worker, a browser or a clock: times come in as arguments, results go out as values. Each
//! type carries its rule, so that a value which exists is right: a [`Score`] is 0–10, a [`SiteId`] was issued by us.
//!
//! - What a visitor says: [`Score`], [`Message`], [`ResponseId`]; [`json`] for reading it, and [`user`] for who it may be.
//! - What it adds up to: [`Histogram`], [`Nps`], [`Difference`], [`Share`].
//! - When: [`Day`], [`Period`], [`Zone`] (feature `collector`).
//! - What the owner decides: [`Survey`]; [`SiteChange`] and who may be asked again, [`recontact`] (feature `collector`).
//! - What the owner reads: [`report`], and which responses with [`Filter`]; what other programs are told, [`webhook`] (feature `collector`).
//! - What anyone may see, [`badge`], and how often anyone may ask, [`limit`] (feature `collector`).
//! - Asking elsewhere than on a page: [`Link`], [`qr`], in a [`language`], as [`html`] (feature `collector`).
#![deny(missing_docs)]

mod fields;
pub mod histogram;
pub mod invalid;
pub mod message;
pub mod response_id;
pub mod score;
pub mod survey;
pub mod user;

#[cfg(feature = "collector")]
pub mod badge;
#[cfg(feature = "collector")]
mod base64;
#[cfg(feature = "collector")]
pub mod day;
#[cfg(feature = "collector")]
pub mod elapsed;
#[cfg(feature = "collector")]
pub mod filter;
#[cfg(feature = "collector")]
pub mod html;
#[cfg(feature = "collector")]
pub mod import;
#[cfg(feature = "collector")]
pub mod interval;
#[cfg(feature = "collector")]
pub mod json;
#[cfg(feature = "collector")]
pub mod language;
#[cfg(feature = "collector")]
pub mod limit;
#[cfg(feature = "collector")]
pub mod link;
#[cfg(feature = "collector")]
pub mod qr;
#[cfg(feature = "collector")]
pub mod recontact;
#[cfg(feature = "collector")]
pub mod report;
#[cfg(feature = "collector")]
pub mod share;
#[cfg(feature = "collector")]
pub mod site;
#[cfg(feature = "collector")]
pub mod site_id;
#[cfg(feature = "collector")]
pub mod webhook;
#[cfg(feature = "collector")]
pub mod zone;

pub use histogram::Histogram;
pub use invalid::Invalid;
pub use message::Message;
pub use response_id::ResponseId;
pub use score::{Category, Score};
pub use survey::Survey;

#[cfg(feature = "collector")]
pub use {
    day::{Day, Period},
    elapsed::Elapsed,
    filter::Filter,
    interval::{Difference, Nps},
    link::Link,
    share::Share,
    site::SiteChange,
    site_id::SiteId,
    zone::Zone,
};

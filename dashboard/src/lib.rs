//! The owner's page, compiled to WebAssembly: the score, what people say, and what is to do.
//!
//! It talks to the public API only, with the key of the owner in the `Authorization` header. There
//! is one served path, and everything that can be filtered is in the query ([`url_state`]), so a
//! view can be bookmarked and "back" works.
//!
//! Modules without I/O are at the top level and are tested natively: what the API returns
//! ([`model`]), what a key opens ([`session`]), and what the page says ([`wording`]). What needs a
//! browser is in `ui`. The views are features of the crate, since the page is several WebAssembly
//! modules (`ui/module.rs`).

pub mod api_error;
pub mod automatic;
pub mod charts;
pub mod comments;
pub mod csv;
pub mod format;
pub mod import;
pub mod install;
pub mod markup;
pub mod model;
pub mod path;
pub mod picture;
pub mod range;
pub mod session;
pub mod url_state;
pub mod wording;

#[cfg(target_arch = "wasm32")]
#[cfg_attr(not(feature = "all-views"), allow(dead_code, reason = "each module has some of the views"))]
mod ui;

#[cfg(target_arch = "wasm32")]
pub use ui::module::{start, stop};

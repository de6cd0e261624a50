//! Statistics of the Net Promoter Score, and nothing else.
//!
//! Nothing here reads a clock, a file or JSON: numbers go in as arguments, results come out as values. Each type carries its
//! rule, so that a value which exists is right: a [`Score`] is 0–10.
//!
//! - The scale: [`Score`] and its three [categories](Category).
//! - What answers add up to: [`Histogram`], [`Nps`] with its interval, [`Difference`], [`Share`].
//! - Time to answer: [`Elapsed`].
#![deny(missing_docs)]

pub mod elapsed;
pub mod histogram;
pub mod interval;
pub mod score;
pub mod share;

pub use elapsed::Elapsed;
pub use histogram::Histogram;
pub use interval::{Difference, Nps};
pub use score::{Category, Score};
pub use share::Share;

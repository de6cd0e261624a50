//! Statistics of the Net Promoter Score, and nothing else.
//!
//! Nothing here reads a clock, a file or JSON: numbers go in as arguments, results come out as
//! values. Each type carries its rule, so that a value which exists is right: a [`Score`] is 0–10.
//!
//! - The scale: [`Score`] and its three [categories](Category).
//! - What responses add up to: [`Histogram`], [`Nps`] with its interval, [`Difference`],
//!   [`Proportion`]. [`holm()`] corrects several differences for their number.
//! - Time to answer: [`TimeToAnswer`].
#![deny(missing_docs)]

mod adjusted_wald;
mod difference;
mod histogram;
mod holm;
mod nps;
mod proportion;
mod rounding;
mod score;
pub mod time_to_answer;

pub use difference::Difference;
pub use histogram::Histogram;
pub use holm::holm;
pub use nps::{INTERVAL_METHOD, Nps};
pub use proportion::Proportion;
pub use rounding::round;
pub use score::{Category, Score};
pub use time_to_answer::TimeToAnswer;

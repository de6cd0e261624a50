//! What the black-box tests share: a collector of their own under a real workerd, and a client that speaks to it.
//!
//! Each test starts its own [`Collector`] on a free port, with its data in a temporary folder, and creates its own
//! sites. Nothing outlives the test, and no test sees what another did.

pub mod axe;
mod browser_pool;
pub mod browsers;
pub mod client;
pub mod collector;
pub mod demo;
pub mod ids;
pub mod openapi;
pub mod pages;
pub mod proxy;
pub mod receiver;
pub mod recorder;
pub mod visitor;

pub use axe::Violation;
pub use browsers::{Browser, Engine, Window, key};
pub use client::{Answer, Site, until};
pub use collector::Collector;
pub use demo::Demo;
pub use ids::{id_at, new_id, now_ms};
pub use pages::{Page, Pages};
pub use proxy::{Deed, Proxy};
pub use receiver::{Receiver, Reply};
pub use recorder::{Recorder, Sent};

//! Support of the black-box tests: a collector for each test under a real workerd, and a client for
//! it.
//!
//! Each test starts its own [`Collector`] on a free port, with its data in a temporary folder, and
//! creates its own sites. Nothing outlives the test, and no test sees what another did.

pub mod axe;
pub mod browser;
mod browser_pool;
pub mod client;
pub mod collector;
pub mod counts;
pub mod demo;
pub mod faulty_proxy;
pub mod fixture_clock_page;
pub mod fixture_full_survey;
pub mod fixture_host_page;
pub mod ids;
pub mod machine;
pub mod openapi;
pub mod page_server;
pub mod recording_proxy;
pub mod server;
pub mod threads;
pub mod unreliable_network;
pub mod visitor;
pub mod webhook_receiver;

pub use axe::Violation;
pub use browser::{Browser, Engine, Window, key};
pub use browser_pool::browsers_at_once;
pub use client::{HttpResponse, Site, until};
pub use collector::Collector;
pub use demo::{Demo, PrintedSite};
pub use faulty_proxy::{Fault, FaultyProxy};
pub use ids::{DAY_MS, id_at, new_id, now_ms};
pub use machine::Machine;
pub use page_server::{PageServer, ServedPage};
pub use recording_proxy::{RecordedRequest, RecordingProxy};
pub use webhook_receiver::{ScriptedResponse, WebhookReceiver};

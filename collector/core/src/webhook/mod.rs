//! Telling other programs what happened: which endpoint hears of what, where it may be, how a
//! message is signed, when it is sent again and what it says.
//!
//! - An owner sets an [`Endpoint`]: a URL, the [`Events`] it wants, and whether it speaks plain
//!   JSON or Slack's.
//! - A [`Target`] is a URL that may be sent to. It is parsed when it is set **and** again each time
//!   before sending, so that a rule which is tightened later holds for what was set before. Whoever
//!   sends follows no redirect, or else a public host could point into a private network.
//! - A message is signed as [Standard Webhooks](https://www.standardwebhooks.com) says
//!   ([`headers`]), under a key that is made from the collector's secret each time and stored
//!   nowhere.
//! - A failed delivery is tried again after [`retry_delay_ms`], for three days. Then it is given
//!   up, or its endpoint is paused: a [`Failure`] has the rule.
//! - [`WebhookMessage`] is what happened, as a body in either [`Format`].
//!
//! What no parser can see is where a name leads: a public name may have a private address. On
//! Cloudflare a Worker reaches no private network; under workerd the `network` service allows
//! public addresses only, unless whoever runs it says otherwise. These have the last word, and
//! [`Target`] gives the owner a clear error first.

mod digest;
mod endpoint;
mod events;
mod location;
mod outcome;
mod paused_by;
mod payload;
mod public_ip;
mod retry;
mod sign;
mod slack;
mod summary;
mod target;

pub use digest::{Digest, digest_due};
pub use endpoint::{Endpoint, Format};
pub use events::{Event, Events};
pub use location::location_host;
pub use outcome::{AttemptOutcome, Failure, MAX_FAILING_MS, Verdict, hold_ms};
pub use paused_by::PausedBy;
pub use payload::{EventPayload, WebhookMessage};
pub use retry::retry_delay_ms;
pub use sign::{format_secret, headers, sign};
pub use slack::test as slack_test;
pub use summary::{MAX_CHAT_BACKLOG, Summary};
pub use target::{MAX_URL, Target};

#[cfg(test)]
mod tests;

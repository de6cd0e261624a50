//! Telling other programs what happened: which endpoint hears of what, where it may be, how a
//! message is signed, when it is sent again and what it says.
//!
//! - An owner sets an [`Endpoint`]: a URL, the [`Events`] it wants, and whether it speaks plain
//!   JSON or Slack's.
//! - A [`Target`] is a URL that may be sent to. It is parsed when it is set **and** again each time
//!   before sending, so that a rule which is tightened later holds for what was set before. Whoever
//!   sends follows no redirect: a redirect is a failure, or else a public host could point into a
//!   private network.
//! - A message is signed as [Standard Webhooks](https://www.standardwebhooks.com) says
//!   ([`headers`]), under a key that is made from the collector's secret each time and stored
//!   nowhere.
//! - A failed delivery is tried again after [`retry_delay_ms`], for three days; then the endpoint
//!   is paused.
//! - [`WebhookMessage`] is what happened, as a body in either [`Format`].
//!
//! What no parser can see is where a name leads: a public name may have a private address. On
//! Cloudflare a Worker reaches no private network; under workerd the `network` service allows
//! public addresses only, unless whoever runs it says otherwise. These have the last word, and
//! [`Target`] gives the owner a clear error first.

mod digest;
mod endpoint;
mod events;
mod payload;
mod public_ip;
mod retry;
mod sign;
mod slack;
mod target;

pub use digest::{Digest, digest_due};
pub use endpoint::{Endpoint, Format};
pub use events::{Event, Events};
pub use payload::{EventPayload, WebhookMessage};
pub use retry::{delay_with_retry_after, retry_delay_ms};
pub use sign::{format_secret, headers, sign};
pub use target::{MAX_URL, Target};

#[cfg(test)]
mod tests;

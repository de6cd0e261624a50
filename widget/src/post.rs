//! One request to the collector.
//!
//! It is a simple request (text body, no header of ours), so the browser asks no permission first. It sends no cookie and
//! no address of the page, and outlives the page (`keepalive`).

use js_sys::Reflect;
use nps::Message;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, ReferrerPolicy, RequestCredentials, RequestInit, Response};

use crate::settings::{get, text};

/// How long one request may take before it counts as lost.
const PATIENCE_MS: u32 = 10_000;
/// The longest wait that the collector may ask for.
const LONGEST_WAIT_S: u32 = 30;

/// What became of one request.
pub enum Outcome {
    /// The collector has stored it.
    Stored,
    /// Not now, but worth another try, after at least so many seconds.
    Later(u32),
    /// The collector will never take it.
    Refused,
}

/// Sends one message and says what became of it.
pub async fn post(url: &str, message: &Message) -> Outcome {
    let Ok(body) = serde_json::to_string(message) else { return Outcome::Refused };
    // An error here is the network's: no connection, a hung request, a blocker.
    request(url, &body).await.unwrap_or(Outcome::Later(0))
}

/// Leaves the message with the browser, which sends it even as the page goes away. False: the browser did not take it.
pub fn beacon(url: &str, message: &Message) -> bool {
    let Some(window) = web_sys::window() else { return false };
    serde_json::to_string(message)
        .is_ok_and(|body| window.navigator().send_beacon_with_opt_str(url, Some(&body)).unwrap_or(false))
}

async fn request(url: &str, body: &str) -> Result<Outcome, JsValue> {
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_body(&body.into());
    options.set_credentials(RequestCredentials::Omit);
    options.set_referrer_policy(ReferrerPolicy::Origin);
    options.set_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE_MS)));
    Reflect::set(&options, &"keepalive".into(), &JsValue::TRUE)?;
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let response: Response =
        JsFuture::from(window.fetch_with_str_and_init(url, &options)).await?.unchecked_into();
    Ok(match response.status() {
        // Something between us and the collector may have answered in its place: that is an error, and tried again.
        200..300 => verdict(&JsFuture::from(response.json()?).await?)?,
        429 | 500.. => {
            // Readable where the collector exposes the header (Access-Control-Expose-Headers).
            let asked = response.headers().get("retry-after")?.and_then(|text| text.parse().ok());
            Outcome::Later(asked.unwrap_or(0).min(LONGEST_WAIT_S))
        }
        _ => Outcome::Refused,
    })
}

/// A 200 can still say of the one message in it that it was not stored.
fn verdict(answer: &JsValue) -> Result<Outcome, JsValue> {
    let results = get(answer, "results")?;
    let status = text(&Reflect::get_u32(&results, 0)?, "status")?;
    Ok(match status.as_str() {
        "stored" => Outcome::Stored,
        "invalid" => Outcome::Refused,
        _ => Outcome::Later(0),
    })
}

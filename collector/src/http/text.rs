//! Texts of responses that we receive.

use worker::Error;
use worker::js_sys::JsString;
use worker::wasm_bindgen_futures::JsFuture;

use super::ApiResult;

/// Reads the body of a response as text.
pub async fn read(response: &web_sys::Response) -> ApiResult<String> {
    let text = response.text().map_err(Error::from)?;
    Ok(JsString::from(JsFuture::from(text).await.map_err(Error::from)?).into())
}

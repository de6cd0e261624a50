//! Texts of responses that we receive.

use worker::Error;
use worker::js_sys::JsString;

use super::ApiResult;
use crate::promise;

/// Reads the body of a response as text.
pub async fn read(response: &web_sys::Response) -> ApiResult<String> {
    let text = response.text().map_err(Error::from)?;
    Ok(JsString::from(promise::wait(&text).await.map_err(Error::from)?).into())
}

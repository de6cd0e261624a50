//! Client of the public API. Addresses are relative, so the page works below any path.

use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Blob, Headers, RequestInit, Response};

use super::sample;
use crate::api_error::ApiError;
use crate::model::FromJson;
use crate::session::{SAMPLE_SITE, SignedInSite};

/// Beginning of the path of a site.
const SITES: &str = "v1/sites/";
/// Time after which a request counts as failed.
const TIMEOUT_MS: u32 = 20_000;

/// Request to the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    method: &'static str,
    path: String,
    /// Key or admin token, which goes into the header.
    key: String,
    body: Option<String>,
    /// ETag of the version that is changed.
    if_match: Option<String>,
}

impl Call {
    /// Creates a GET of a path that begins with `v1/`.
    pub fn get(path: impl Into<String>, key: &str) -> Self {
        Self { method: "GET", path: path.into(), key: key.to_owned(), body: None, if_match: None }
    }

    /// Creates a GET of an endpoint of a site, such as `score?range=all`.
    pub fn of_site(site: &SignedInSite, endpoint: &str) -> Self {
        let slash = if endpoint.is_empty() { "" } else { "/" };
        Self::get(format!("{SITES}{}{slash}{endpoint}", site.site), &site.key)
    }

    /// Returns the request with another method.
    pub fn method(self, method: &'static str) -> Self {
        Self { method, ..self }
    }

    /// Returns the request of a list from a cursor on.
    pub fn at_cursor(&self, cursor: Option<&str>) -> Self {
        let path = match cursor {
            Some(cursor) => format!("{}&cursor={cursor}", self.path),
            None => self.path.clone(),
        };
        Self { path, ..self.clone() }
    }

    /// Returns the request of a change that is made to this version only.
    pub fn if_match(self, etag: Option<String>) -> Self {
        Self { if_match: etag, ..self }
    }

    /// Returns the request with a JSON body.
    pub fn body(self, body: &serde_json::Value) -> Self {
        Self { body: Some(body.to_string()), ..self }
    }
}

/// Time that a request may take, and what it sends.
enum Transfer<'a> {
    /// Some kilobytes: a request without a response soon has failed.
    Short,
    /// A file from the collector, which takes as long as it takes.
    Download,
    /// A file of this media type to the collector.
    Upload(&'a Blob, &'a str),
}

/// Returns an endpoint with parameters.
pub fn with_parameters<'a>(
    endpoint: &str,
    parameters: impl IntoIterator<Item = (&'a str, String)>,
) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in parameters {
        query.append_pair(name, &value);
    }
    format!("{endpoint}?{}", query.finish())
}

/// Sends a request and reads the JSON of its response.
pub async fn fetch<T: FromJson>(call: &Call) -> Result<T, ApiError> {
    parse(&send(call).await?)
}

/// Sends a request and returns the JSON of its response.
pub async fn fetch_value(call: &Call) -> Result<Value, ApiError> {
    serde_json::from_str(&send(call).await?).map_err(|_| ApiError::unexpected())
}

/// Sends a request and reads the JSON of its response, with the ETag.
pub async fn fetch_tagged<T: FromJson>(call: &Call) -> Result<(T, Option<String>), ApiError> {
    let (text, etag) = receive(call).await?;
    Ok((parse(&text)?, etag))
}

/// Sends a request and returns the text of its response.
pub async fn send(call: &Call) -> Result<String, ApiError> {
    Ok(receive(call).await?.0)
}

/// Sends a file and reads the JSON of the response.
pub async fn upload<T: FromJson>(call: &Call, file: &Blob, content_type: &str) -> Result<T, ApiError> {
    parse(&read(start(call, Transfer::Upload(file, content_type)).await).await?.0)
}

/// Sends a request and returns its response as a file.
pub async fn download(call: &Call) -> Result<Blob, ApiError> {
    let response = start(call, Transfer::Download).await.map_err(|_| ApiError::offline())?;
    if !response.ok() {
        return Err(read(Ok(response)).await.err().unwrap_or_else(ApiError::offline));
    }
    let body = response.blob().map_err(|_| ApiError::offline())?;
    let blob = JsFuture::from(body).await.map_err(|_| ApiError::offline())?;
    blob.dyn_into().map_err(|_| ApiError::offline())
}

fn parse<T: FromJson>(text: &str) -> Result<T, ApiError> {
    let json: Option<Value> = serde_json::from_str(text).ok();
    json.and_then(|json| T::from_json(&json)).ok_or_else(ApiError::unexpected)
}

/// Sends a request and returns the text of its response, with the ETag.
async fn receive(call: &Call) -> Result<(String, Option<String>), ApiError> {
    read(start(call, Transfer::Short).await).await
}

async fn read(response: Result<Response, JsValue>) -> Result<(String, Option<String>), ApiError> {
    let response = response.map_err(|_| ApiError::offline())?;
    let text = match response.text() {
        Ok(text) => JsFuture::from(text).await.map_err(|_| ApiError::offline())?,
        Err(_) => return Err(ApiError::offline()),
    };
    let text = text.as_string().unwrap_or_default();
    let header = |name| response.headers().get(name).ok().flatten();
    if response.ok() {
        return Ok((text, header("etag")));
    }
    let retry_after = header("retry-after");
    Err(ApiError::from_response(response.status(), retry_after.as_deref(), &text))
}

async fn start(call: &Call, transfer: Transfer<'_>) -> Result<Response, JsValue> {
    // The only place that sends requests, so none of the sample site leaves the browser.
    if let Some(endpoint) = call.path.strip_prefix(SITES).and_then(|path| path.strip_prefix(SAMPLE_SITE)) {
        return sample::respond(call.method, endpoint.strip_prefix('/').unwrap_or(endpoint)).await;
    }
    let headers = Headers::new()?;
    headers.set("authorization", &format!("Bearer {}", call.key))?;
    if let Some(etag) = &call.if_match {
        headers.set("if-match", etag)?;
    }
    let options = RequestInit::new();
    options.set_method(call.method);
    if let Some(body) = &call.body {
        headers.set("content-type", "application/json")?;
        options.set_body(&body.as_str().into());
    }
    match transfer {
        Transfer::Short => options.set_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT_MS))),
        Transfer::Download => {}
        Transfer::Upload(file, content_type) => {
            headers.set("content-type", content_type)?;
            options.set_body(file);
        }
    }
    options.set_headers(&headers);
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    JsFuture::from(window.fetch_with_str_and_init(&call.path, &options)).await?.dyn_into()
}

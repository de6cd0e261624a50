//! A caller's request, as handlers see it.

use api::ValidationError;
use collector_core::json;
use serde_json::Value;

use crate::http::etag::etag_matches;
use crate::http::problem::unknown_parameter;
use crate::http::request_url::query_pairs;
use crate::http::{ApiResult, Problem};
use crate::protocol::ApiCall;

/// Parameter that carries the key of a link. Endpoints that links lead to ignore it.
pub const KEY_PARAMETER: &str = "key";

/// Request of a caller: the call with its body.
pub struct ApiRequest {
    pub call: ApiCall,
    pub body: String,
}

impl ApiRequest {
    /// Returns the names and values of the query.
    pub fn query(&self) -> Vec<(String, String)> {
        query_pairs(&self.call.query)
    }

    /// Reads query parameters that may be given once each, in the order of `names`. Any other
    /// parameter is an error.
    pub fn parameters<const N: usize>(
        &self,
        names: [&str; N],
    ) -> Result<[Option<String>; N], ValidationError> {
        let mut values = [const { None }; N];
        for (name, value) in self.query() {
            let index = names.iter().position(|known| *known == name);
            match index.and_then(|index| values.get_mut(index)) {
                Some(slot) => set_once(slot, &name, value)?,
                None => return Err(unknown_parameter(&name, &names)),
            }
        }
        Ok(values)
    }

    /// Parses the body as JSON of any shape.
    pub fn json(&self) -> ApiResult<Value> {
        json::parse(&self.body).map_err(Problem::not_json)
    }

    /// Returns `If-None-Match`.
    pub fn if_none_match(&self) -> Option<&str> {
        self.call.if_none_match.as_deref()
    }

    /// Refuses a change whose `If-Match` does not list the current tag. Without that header any
    /// change is accepted.
    pub fn check_if_match(&self, etag: &str) -> ApiResult<()> {
        match &self.call.if_match {
            Some(known) if !etag_matches(known, etag) => Err(Problem::changed(etag)),
            _ => Ok(()),
        }
    }
}

/// Sets a parameter that may be given once.
pub fn set_once(slot: &mut Option<String>, name: &str, value: String) -> Result<(), ValidationError> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(ValidationError::new(
            name,
            format!("Parameter `{name}` is given more than once. Give it once."),
        )),
    }
}

/// Parses digits only; a sign is not a digit, though `parse` would take it.
pub fn parse_digits<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

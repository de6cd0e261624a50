//! `GET /v1/sites/SITE/score`: the number, with how sure it is.

use nps::report::ScoreQuery;
use worker::Response;

use super::Call;
use super::object::Ask;
use crate::reply::Outcome;

/// Refuses a wrong query here; what "today" is, only the object knows.
pub async fn get(call: Call, site: &str) -> Outcome<Response> {
    let site = call.site(site)?;
    let pairs: Vec<_> = call.url.query_pairs().collect();
    ScoreQuery::parse(pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref())))?;
    let query = call.url.query().unwrap_or_default();
    Ask::new(&site, format!("score?{query}")).with_key(call.bearer())?.send(&call.env).await
}

//! `GET /v1/sites/SITE/export`: every response as CSV or NDJSON, newest first, in [`Pieces`].

use worker::Response;

use super::Call;
use super::pieces::{Pieces, Question};
use crate::reply::{self, Outcome};

pub async fn get(call: Call, site: &str) -> Outcome<Response> {
    let site = call.site(site)?;
    let question = Question::Own(format!("_export?{}", call.address.query()));
    let ndjson = call.address.pairs().iter().any(|(name, value)| name == "format" && value == "ndjson");
    let name = format!("attachment; filename=\"responses-{site}.{}\"", if ndjson { "ndjson" } else { "csv" });
    let kind = if ndjson { "application/x-ndjson" } else { "text/csv; charset=utf-8; header=present" };
    let headers = reply::open_headers(kind)?;
    headers.set("cache-control", "private, no-store")?;
    headers.set("content-disposition", &name)?;
    Pieces::new(call, site, question).response(headers).await
}

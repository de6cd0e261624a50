//! `GET /v1/sites/SITE/users/USER`: everything that is kept about one person, in [`Pieces`].

use worker::Response;

use super::Call;
use super::pieces::{Pieces, Question};
use crate::reply::{self, Outcome};

pub async fn get(call: Call, site: &str, user: &str) -> Outcome<Response> {
    let site = call.site(site)?;
    let headers = reply::open_headers("application/json")?;
    headers.set("cache-control", "private, no-store")?;
    Pieces::new(call, site, Question::Path(format!("users/{user}"))).response(headers).await
}

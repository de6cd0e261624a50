//! Built files of the deployment, read from the binding `ASSETS`.

use std::cell::RefCell;
use std::rc::Rc;

use worker::{Env, ResponseBody, ResponseBuilder};

use crate::http::{ApiResult, Problem};

thread_local! {
    static TEXTS: RefCell<Vec<(&'static str, Rc<str>)>> = const { RefCell::new(Vec::new()) };
}

/// Returns the text of a file that only the collector reads. It is a part of the deployment, so an
/// isolate reads it once.
pub async fn text(env: &Env, name: &'static str) -> ApiResult<Rc<str>> {
    let matching = |(known, text): &(&str, Rc<str>)| (*known == name).then(|| text.clone());
    if let Some(text) = TEXTS.with_borrow(|texts| texts.iter().find_map(matching)) {
        return Ok(text);
    }
    let body = fetch(env, name).await?.ok_or_else(|| missing(name))?;
    let text: Rc<str> = ResponseBuilder::new().body(body).text().await?.into();
    TEXTS.with_borrow_mut(|texts| texts.push((name, text.clone())));
    Ok(text)
}

/// The problem of a deployment without a file that it needs.
pub fn missing(name: &str) -> Problem {
    Problem::internal(format_args!("{name} is not among the assets"))
}

/// Fetches a file, or returns `None` where there is no such file.
pub async fn fetch(env: &Env, name: &str) -> ApiResult<Option<ResponseBody>> {
    let response = env.service("ASSETS")?.fetch(format!("https://assets/{name}"), None).await?;
    Ok((response.status_code() == 200).then(|| response.body().clone()))
}

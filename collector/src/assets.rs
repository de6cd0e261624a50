//! Files that were built, as they lie in the deployment.

use std::cell::RefCell;
use std::rc::Rc;

use worker::{Env, ResponseBody, ResponseBuilder};

use crate::reply::{Outcome, Problem};

thread_local! {
    static READ: RefCell<Vec<(&'static str, Rc<str>)>> = const { RefCell::new(Vec::new()) };
}

/// The text of a file that only the collector reads. It is a part of the deployment, so an isolate reads it once.
pub async fn text(env: &Env, name: &'static str) -> Outcome<Rc<str>> {
    let known = |(own, text): &(&str, Rc<str>)| (*own == name).then(|| text.clone());
    if let Some(text) = READ.with_borrow(|read| read.iter().find_map(known)) {
        return Ok(text);
    }
    let body = fetch(env, name).await?.ok_or_else(|| missing(name))?;
    let text: Rc<str> = ResponseBuilder::new().body(body).text().await?.into();
    READ.with_borrow_mut(|read| read.push((name, text.clone())));
    Ok(text)
}

/// A fault of the deployment.
pub fn missing(name: &str) -> Problem {
    Problem::internal(format_args!("{name} is not among the assets"))
}

/// A file of the assets as it lies there, or `None`.
pub async fn fetch(env: &Env, name: &str) -> Outcome<Option<ResponseBody>> {
    let response = env.service("ASSETS")?.fetch(format!("https://assets/{name}"), None).await?;
    Ok((response.status_code() == 200).then(|| response.body().clone()))
}

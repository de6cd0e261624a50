//! Built files of the deployment, read from the binding `ASSETS`.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use web_sys::RequestInit;
use worker::{Env, ResponseBody};

use crate::fetch::{self, FetchError, Fetcher};
use crate::http::{ApiResult, Problem, text};

/// Time within which a file has to be there.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

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
    let file = request(env, name).await?.ok_or_else(|| missing(name))?;
    let text: Rc<str> = text::read(&file).await?.into();
    TEXTS.with_borrow_mut(|texts| texts.push((name, text.clone())));
    Ok(text)
}

/// The problem of a deployment without a file that it needs.
pub fn missing(name: &str) -> Problem {
    Problem::internal(format_args!("{name} is not among the assets"))
}

/// Fetches a file, or returns `None` where there is no such file.
pub async fn fetch(env: &Env, name: &str) -> ApiResult<Option<ResponseBody>> {
    Ok(request(env, name).await?.and_then(|file| file.body()).map(ResponseBody::Stream))
}

async fn request(env: &Env, name: &str) -> ApiResult<Option<web_sys::Response>> {
    let assets = env.service("ASSETS")?.into_rpc::<Fetcher>();
    let url = format!("https://assets/{name}");
    match fetch::fetch(&assets, &url, &RequestInit::new(), READ_TIMEOUT).await {
        Ok(response) => Ok(Some(response).filter(|response| response.status() == 200)),
        Err(FetchError::Failed(error)) => Err(error.into()),
        Err(FetchError::TimedOut) => Err(Problem::internal(format_args!("{name} was not read in time"))),
    }
}

//! Public URL of the collector: where browsers reach it, as the operator has set it.
//!
//! Without it, the collector goes by the host of each request. Behind a reverse proxy that changes
//! the host, or that serves the collector below a path, the operator sets `GRAPEVINE_PUBLIC_URL`.

use std::cell::OnceCell;
use std::rc::Rc;

use web_sys::Url;
use worker::Env;

use crate::environment;
use crate::http::{ApiResult, Problem};

const VARIABLE: &str = "GRAPEVINE_PUBLIC_URL";

thread_local! {
    /// The variable of this isolate, which does not change while it runs. `Err` holds nothing: a
    /// value that is not a URL.
    static CONFIGURED: OnceCell<Result<Option<Rc<PublicUrl>>, ()>> = const { OnceCell::new() };
}

/// Origin and path of a public URL.
pub struct PublicUrl {
    origin: String,
    /// Empty, or a path that begins with a slash and does not end with one.
    path: String,
}

impl PublicUrl {
    /// Returns the configured URL, if there is one.
    ///
    /// # Errors
    /// 503 where the variable is set to something else than a URL.
    pub fn configured(env: &Env) -> ApiResult<Option<Rc<Self>>> {
        let configured = CONFIGURED.with(|cell| {
            let read = || match environment::variable(env, VARIABLE) {
                Some(text) => Self::parse(&text).map(|url| Some(Rc::new(url))).ok_or(()),
                None => Ok(None),
            };
            cell.get_or_init(read).clone()
        });
        let condition = " to an http or https URL without a query, for example https://shop.example/feedback, \
                         or leave it out";
        configured.map_err(|()| Problem::unconfigured(VARIABLE, condition))
    }

    fn parse(text: &str) -> Option<Self> {
        let url = Url::new(text.trim()).ok()?;
        let has_others =
            [url.search(), url.hash(), url.username(), url.password()].iter().any(|part| !part.is_empty());
        let is_http = matches!(url.protocol().as_str(), "http:" | "https:");
        let path = url.pathname().trim_end_matches('/').to_owned();
        (is_http && !has_others && !path.contains("//")).then(|| Self { origin: url.origin(), path })
    }

    /// Returns the origin.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Returns the URL, without a slash at its end.
    pub fn as_base(&self) -> String {
        format!("{}{}", self.origin, self.path)
    }

    /// Returns the path of a request below this URL. A proxy may have removed the path of this URL
    /// already; if not, it is removed here, once.
    pub fn strip_path<'a>(&self, path: &'a str) -> &'a str {
        path.strip_prefix(self.path.as_str()).filter(|rest| rest.starts_with('/')).unwrap_or(path)
    }
}

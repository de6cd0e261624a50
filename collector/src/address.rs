//! The address of a request. The runtime has parsed it already, so what is left is to take it apart.

/// The path and the query of a URL.
pub struct Address {
    path: String,
    query: String,
}

impl Address {
    /// Of a URL as the runtime spells it.
    pub fn of(url: &str) -> Self {
        let url = url.split('#').next().unwrap_or_default();
        let (before, query) = url.split_once('?').unwrap_or((url, ""));
        let rest = before.split_once("://").map_or(before, |(_, rest)| rest);
        let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
        Self { path: path.to_owned(), query: query.to_owned() }
    }

    /// The path, which begins with a slash.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query as it was written, without its question mark.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// The names and values of the query, decoded.
    pub fn pairs(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(self.query.as_bytes()).into_owned().collect()
    }
}

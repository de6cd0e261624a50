//! The URL of a request. The runtime has already normalized it, so splitting is enough.

use api::validation::QueryReader;

/// Path and query of a URL.
pub struct RequestUrl {
    path: String,
    query: String,
}

impl RequestUrl {
    /// Splits a URL as the runtime serializes it.
    pub fn parse(url: &str) -> Self {
        let url = url.split('#').next().unwrap_or_default();
        let (before, query) = url.split_once('?').unwrap_or((url, ""));
        let rest = before.split_once("://").map_or(before, |(_, rest)| rest);
        let path = rest.find('/').and_then(|start| rest.get(start..)).unwrap_or("/");
        Self { path: path.to_owned(), query: query.to_owned() }
    }

    /// Replaces the path.
    pub fn set_path(&mut self, path: String) {
        self.path = path;
    }

    /// Returns the path, which begins with a slash.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the query as it was sent, without its question mark.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// Returns the decoded names and values of the query.
    pub fn pairs(&self) -> Vec<(String, String)> {
        query_pairs(&self.query)
    }
}

/// Returns the reader of a decoded query. `names` are all parameters that there are.
pub fn query_reader<'a>(pairs: &'a [(String, String)], names: &'a [&'static str]) -> QueryReader<'a> {
    QueryReader::new(&mut pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())), names)
}

/// Decodes the names and values of a query.
pub fn query_pairs(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

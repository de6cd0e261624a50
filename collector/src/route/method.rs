//! HTTP methods of the endpoints.

use self::Method::{Delete, Get, Patch, Post, Put};

/// HTTP method that at least one endpoint has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    const ALL: [Self; 5] = [Get, Post, Put, Patch, Delete];

    /// Parses the method of a request; `HEAD` counts as `GET`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = if text == "HEAD" { "GET" } else { text };
        Self::ALL.into_iter().find(|method| method.as_str() == text)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Get => "GET",
            Post => "POST",
            Put => "PUT",
            Patch => "PATCH",
            Delete => "DELETE",
        }
    }
}

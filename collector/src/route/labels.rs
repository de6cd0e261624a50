//! Names of endpoints in the log and in the metrics.

use super::{Endpoint, Method};
use crate::metrics::Group;

impl Endpoint {
    /// Returns the method and the path with its parameters as `*`.
    pub fn name(&self) -> String {
        [self.method.as_str(), " /", self.path].concat()
    }

    /// Returns the group in which its requests are counted.
    pub fn group(&self) -> Group {
        match self.path.as_bytes() {
            b"v1/sites/*/responses" if self.method == Method::Post => Group::Ingest,
            [b'v', b'1', ..] => Group::Api,
            [b'e' | b'a', b'/', ..] => Group::Loader,
            [b's' | b'f', b'/', ..] => Group::Hosted,
            _ => Group::Other,
        }
    }
}

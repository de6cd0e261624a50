//! HTTP without a resource: problems, responses, entity tags, URLs, origins and bodies.

pub mod body;
pub mod etag;
pub mod origin;
pub mod problem;
pub mod request_url;
pub mod response;
pub mod text;

pub use problem::{ApiResult, Problem};
pub use response::Response;

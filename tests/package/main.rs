//! The packages that need no Rust, as someone meets them who has only Node.

mod server_package;
mod start;

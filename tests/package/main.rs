//! The packages that need no Rust, as someone meets them who has only Node.

mod deploy;
mod doctor;
mod guard;
mod moves;
mod server_package;
mod start;
mod stops;
mod tarball;
mod widget_browser;
mod widget_package;

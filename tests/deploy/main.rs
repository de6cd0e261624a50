//! Files in `deploy/`: the recipes run in the real proxies, over TLS, and the service and the
//! Dockerfile pass their linters. What is missing is installed from Debian or PyPI.

#![cfg(target_os = "linux")]

mod proxies;
mod proxy;
mod service;

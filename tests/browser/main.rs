//! The widget on a real page, as a visitor meets it.

mod engines;
mod keyboard;
mod loader;
mod story;

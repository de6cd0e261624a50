//! The widget on a real page, as a visitor meets it.

mod keyboard;
mod loader;
mod story;

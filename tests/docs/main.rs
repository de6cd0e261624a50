//! The documentation, as its reader tries it: code that is taken from the pages and run, and links.

mod cost;
mod document;
mod examples;
mod links;
mod moving;
mod recipes;
mod references;

//! The collector over HTTP, under a real workerd: one file for each topic.

mod access;
mod assets;
mod imports;
mod ingest;
mod input;
mod listing;
mod merging;
mod openapi;
mod periods;
mod samples;
mod scores;
mod serving;
mod sites;
mod surveys;

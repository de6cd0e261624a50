//! Import of separated values. The first line of the input has the options, as a query.
#![no_main]

use grapevine_fuzz::Format;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| grapevine_fuzz::check_import(data, Format::Csv));

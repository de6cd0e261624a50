//! Number of tests that run at once.

/// Lets that many tests of this process run at once, unless the caller has said how many. A suite
/// calls it before its `main`, since libtest takes the number from the environment only.
///
/// # Safety
/// No other thread may read the environment.
pub unsafe fn run_at_once(tests: usize) {
    const VARIABLE: &str = "RUST_TEST_THREADS";
    if std::env::var_os(VARIABLE).is_none() {
        // SAFETY: the caller's promise.
        unsafe { std::env::set_var(VARIABLE, tests.to_string()) };
    }
}

/// Returns twice the number of processors: for tests that wait as long as they work.
pub fn twice_the_processors() -> usize {
    2 * std::thread::available_parallelism().map_or(2, usize::from)
}

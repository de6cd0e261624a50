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

#[ctor::ctor(unsafe)]
fn run_more_tests_than_processors() {
    // SAFETY: before `main` there is no other thread.
    unsafe { tests::threads::run_at_once(tests::threads::twice_the_processors()) };
}

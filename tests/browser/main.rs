//! The widget on a real page, as a visitor meets it.

mod api;
mod attributes;
mod axe;
mod background;
mod closing_key;
mod colours;
mod consent_storage;
mod delivery;
mod dialog;
mod driver_contract;
mod eligibility;
mod end_to_end;
mod flow;
mod focus;
mod focus_not_obscured;
mod frames;
mod hosted;
mod hosted_page;
mod hostile;
mod identified_users;
mod idle_cost;
mod inline_redraw;
mod inline_view;
mod keyboard;
mod kiosk;
mod languages;
mod late_conditions;
mod layout;
mod loader;
mod low_window;
mod older_browsers;
mod origins;
mod other_tabs;
mod outbox;
mod own_events;
mod owner_page;
mod placement;
mod policy;
mod privacy;
mod routes;
mod sampling;
mod saving;
mod schemes;
mod signed_users;
mod spa_and_traps;
mod steady_scale;
mod triggers;
mod unsubmitted;
mod visits;
mod wheel;
mod without_storage;
mod zoom_and_forced_colours;

/// A test mostly waits for its page, and `browser_pool` lets no more browsers work than the machine
/// can bear.
#[ctor::ctor(unsafe)]
fn run_more_tests_than_processors() {
    // SAFETY: before `main` there is no other thread.
    unsafe { tests::threads::run_at_once(tests::browsers_at_once() + 2) };
}

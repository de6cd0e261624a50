//! Progress of an installation: loaded, shown, answered.

use crate::format;

/// Facts about an installation. Times are in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Progress {
    /// Origin that requested the tag last, and when.
    pub loaded: Option<(String, f64)>,
    /// Time of the newest impression.
    pub shown: Option<f64>,
    /// Newest score, when, and whether it is marked as a test.
    pub answered: Option<(u8, f64, bool)>,
}

/// Step of an installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Whether it has happened.
    pub is_done: bool,
    /// Text about what has happened, or what is waited for.
    pub text: String,
}

impl Progress {
    /// Returns the three steps at a moment.
    pub fn steps(&self, now_ms: f64) -> [Step; 3] {
        let loaded = self
            .loaded
            .as_ref()
            .map(|(origin, at)| format!("Loaded on {} {}", host(origin), seconds_ago(*at, now_ms)));
        let shown = self.shown.map(|at| format!("Shown {}", seconds_ago(at, now_ms)));
        let answered = self.answered.map(|(score, at, is_test)| {
            let test = if is_test { ", marked as a test" } else { "" };
            format!("Newest response: {score}, {}{test}", seconds_ago(at, now_ms))
        });
        [
            step(loaded, "Waiting for the first request of the tag"),
            step(shown, "Waiting for the first visitor who sees the survey"),
            step(answered, "Waiting for the first response"),
        ]
    }

    /// Whether nothing is waited for.
    pub fn is_complete(&self) -> bool {
        self.loaded.is_some() && self.shown.is_some() && self.answered.is_some()
    }
}

fn step(done: Option<String>, waiting: &str) -> Step {
    Step { is_done: done.is_some(), text: done.unwrap_or_else(|| waiting.to_owned()) }
}

/// Returns the host of an origin.
fn host(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}

/// Returns how long ago a moment is, to the second in the first minute.
pub fn seconds_ago(then_ms: f64, now_ms: f64) -> String {
    let seconds = ((now_ms - then_ms) / 1_000.0).floor();
    match seconds {
        seconds if seconds < 1.0 => "just now".into(),
        1.0 => "1 second ago".into(),
        seconds if seconds < 60.0 => format!("{seconds} seconds ago"),
        _ => format::ago(then_ms, now_ms),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_say_what_has_happened_and_what_is_waited_for() {
        let now = 1_000_000_000.0;
        let texts = |progress: &Progress| progress.steps(now).map(|step| (step.is_done, step.text));
        let first = texts(&Progress::default());
        assert!(first.iter().all(|(is_done, text)| !is_done && text.starts_with("Waiting for the first")));
        let mut progress =
            Progress { loaded: Some(("https://shop.example".into(), now - 12_400.0)), ..Progress::default() };
        assert_eq!(texts(&progress)[0], (true, "Loaded on shop.example 12 seconds ago".into()));
        assert!(!progress.is_complete());
        progress.shown = Some(now - 180_000.0);
        progress.answered = Some((9, now - 1_000.0, true));
        let [_, shown, answered] = texts(&progress);
        assert_eq!(shown.1, "Shown 3 min ago");
        assert_eq!(answered.1, "Newest response: 9, 1 second ago, marked as a test");
        assert!(progress.is_complete());
    }

    #[test]
    fn a_clock_that_is_ahead_is_no_negative_age() {
        for (then, text) in [(5_000.0, "just now"), (0.0, "just now"), (-59_999.0, "59 seconds ago")] {
            assert_eq!(seconds_ago(then, 0.0), text);
        }
        assert_eq!(seconds_ago(-60_000.0, 0.0), "1 min ago");
    }
}

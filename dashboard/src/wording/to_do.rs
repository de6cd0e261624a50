//! Cases that wait for the owner.

use crate::format;
use crate::model::Cases;

/// Returns the sentence about the cases. `overdue` are the minutes since the earliest due time,
/// negative where it is to come.
pub fn to_do(cases: &Cases, overdue: Option<f64>) -> String {
    let waiting = cases.open + cases.in_progress;
    if waiting == 0 {
        return "Nothing to do.".into();
    }
    let mut parts = vec![format!("{} to do", format::count(waiting))];
    if cases.in_progress > 0 {
        parts.push(format!("{} of them in progress", format::count(cases.in_progress)));
    }
    let since = |minutes: f64| format::duration(minutes.abs()).unwrap_or_else(|| "a minute".into());
    match (cases.overdue, overdue) {
        (0, Some(minutes)) if minutes < 0.0 => parts.push(format!("the next due in {}", since(minutes))),
        (0, _) => {}
        (late, Some(minutes)) => {
            parts.push(format!("{} overdue, by up to {}", format::count(late), since(minutes)));
        }
        (late, None) => parts.push(format!("{} overdue", format::count(late))),
    }
    format!("{}.", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cases(open: u64, in_progress: u64, overdue: u64) -> Cases {
        Cases { open, in_progress, done: 4, overdue, next_due_at: None }
    }

    #[test]
    fn cases_are_counted_with_the_oldest_first() {
        assert_eq!(to_do(&cases(0, 0, 0), None), "Nothing to do.");
        assert_eq!(to_do(&cases(3, 0, 1), Some(2.0 * 1_440.0)), "3 to do, 1 overdue, by up to 2 days.");
        assert_eq!(
            to_do(&cases(2, 1, 0), Some(-22.5 * 60.0)),
            "3 to do, 1 of them in progress, the next due in 22 h."
        );
    }
}

//! What of the card changes: one signal for each thing that is shown, hidden or reworded.
//!
//! The signals are counted, not owned by the view: one that changes after the card was closed is read by nobody, and harms
//! nothing.

use leptos::prelude::*;

/// Whether a part is hidden.
pub type Hidden = ArcRwSignal<bool>;
/// What stands in a place.
pub type Line = ArcRwSignal<String>;

/// Everything that changes.
#[derive(Clone)]
pub struct Face {
    /// The button at the side.
    pub tab: Hidden,
    /// The card itself.
    pub card: Hidden,
    /// The steps, the question first and the thanks last.
    pub steps: Vec<Hidden>,
    /// The steps that are not for such a visitor: what stands in them is not said.
    off: Vec<Hidden>,
    pub comment: Hidden,
    pub contact: Hidden,
    pub consents: Hidden,
    pub back: Hidden,
    pub next: Hidden,
    pub link: Hidden,
    pub labelled_by: Line,
    pub announcement: Line,
    pub prompt: Line,
    pub left: Line,
    pub problem: Line,
    pub leave_label: Line,
    pub next_label: Line,
    pub thanks: Line,
    pub link_url: Line,
    pub link_label: Line,
}

impl Face {
    /// A card of so many steps, of which nothing is shown yet.
    pub fn new(steps: usize) -> Self {
        let hidden = || Hidden::new(true);
        let line = || Line::new(String::new());
        Self {
            tab: hidden(),
            card: hidden(),
            steps: (0..steps).map(|_| hidden()).collect(),
            off: (0..steps).map(|_| hidden()).collect(),
            comment: hidden(),
            contact: hidden(),
            consents: hidden(),
            back: hidden(),
            next: hidden(),
            link: hidden(),
            labelled_by: line(),
            announcement: line(),
            prompt: line(),
            left: line(),
            problem: line(),
            leave_label: line(),
            next_label: line(),
            thanks: line(),
            link_url: line(),
            link_label: line(),
        }
    }

    /// Whether a step is hidden; one that there is not always is.
    pub fn step(&self, index: usize) -> Hidden {
        self.steps.get(index).cloned().unwrap_or_else(|| Hidden::new(true))
    }

    /// Whether a step is not for such a visitor.
    pub fn off(&self, index: usize) -> Hidden {
        self.off.get(index).cloned().unwrap_or_else(|| Hidden::new(true))
    }
}

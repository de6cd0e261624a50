//! View state of the card: one signal per element that can be shown, hidden or relabelled.
//!
//! The signals are reference-counted and not owned by the view, so setting one after the card was
//! closed has no effect.

use leptos::prelude::*;

/// Whether an element is hidden.
pub type HiddenSignal = ArcRwSignal<bool>;
/// Text of an element.
pub type TextSignal = ArcRwSignal<String>;

/// The signals of a card.
#[derive(Clone)]
pub struct ViewState {
    /// The button at the side.
    pub tab: HiddenSignal,
    /// The card itself.
    pub card: HiddenSignal,
    /// The steps: the question first, the thanks last.
    pub steps: Vec<HiddenSignal>,
    /// Steps that do not apply to the visitor's category. Their fields are disabled, so that the
    /// form leaves them out.
    disabled_steps: Vec<HiddenSignal>,
    pub comment: HiddenSignal,
    pub contact: HiddenSignal,
    pub consents: HiddenSignal,
    pub back: HiddenSignal,
    pub next: HiddenSignal,
    pub link: HiddenSignal,
    pub labelled_by: TextSignal,
    pub announcement: TextSignal,
    pub prompt: TextSignal,
    /// Number of characters left in the comment, near its limit.
    pub characters_left: TextSignal,
    /// Position of the step and the number of steps, where there are several.
    pub progress: TextSignal,
    pub problem: TextSignal,
    pub leave_label: TextSignal,
    pub next_label: TextSignal,
    pub thanks: TextSignal,
    pub link_url: TextSignal,
    pub link_label: TextSignal,
}

impl ViewState {
    /// Creates the state of a card with that number of steps, all of them hidden.
    pub fn new(steps: usize) -> Self {
        let hidden = || HiddenSignal::new(true);
        let text = || TextSignal::new(String::new());
        Self {
            tab: hidden(),
            card: hidden(),
            steps: (0..steps).map(|_| hidden()).collect(),
            disabled_steps: (0..steps).map(|_| hidden()).collect(),
            comment: hidden(),
            contact: hidden(),
            consents: hidden(),
            back: hidden(),
            next: hidden(),
            link: hidden(),
            labelled_by: text(),
            announcement: text(),
            prompt: text(),
            characters_left: text(),
            progress: text(),
            problem: text(),
            leave_label: text(),
            next_label: text(),
            thanks: text(),
            link_url: text(),
            link_label: text(),
        }
    }

    /// Whether a step is hidden. A step that does not exist always is.
    pub fn step(&self, index: usize) -> HiddenSignal {
        self.steps.get(index).cloned().unwrap_or_else(|| HiddenSignal::new(true))
    }

    /// Whether a step's fields are disabled.
    pub fn disabled(&self, index: usize) -> HiddenSignal {
        self.disabled_steps.get(index).cloned().unwrap_or_else(|| HiddenSignal::new(true))
    }
}

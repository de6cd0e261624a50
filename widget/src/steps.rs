//! Steps of the card, and the categories that each of them applies to.
//!
//! Step 0 is the question. The follow-up questions come next, then the step with contact and
//! consents, then the thanks.

use nps::Category;

use crate::config::ConfigValue;

/// Steps of a survey, by its settings.
pub struct Steps {
    survey: ConfigValue,
    /// Number of steps.
    pub count: usize,
}

impl Steps {
    /// Counts the steps of a survey.
    pub fn new(survey: ConfigValue) -> Self {
        let count = survey.get("follow_ups").array().len() + 3;
        Self { survey, count }
    }

    /// Position of the thanks.
    pub fn last(&self) -> usize {
        self.count - 1
    }

    /// Whether a step applies to a category.
    pub fn applies_to(&self, step: usize, category: Category) -> bool {
        let Some(index) = step.checked_sub(1) else { return true };
        let follow_ups = self.survey.get("follow_ups").array();
        follow_ups.get(index).map_or_else(
            || self.asks_contact(category) || self.asks_consents(category),
            |question| question.applies_to(category),
        )
    }

    /// Returns the next step that applies to a category, the thanks aside.
    pub fn next(&self, step: usize, category: Category) -> Option<usize> {
        (step + 1..self.last()).find(|step| self.applies_to(*step, category))
    }

    /// Returns the previous step that applies to a category.
    pub fn previous(&self, step: usize, category: Category) -> Option<usize> {
        (0..step).rev().find(|step| self.applies_to(*step, category))
    }

    /// Returns the position of a step among those that apply to a category, from 1, and the number
    /// of these steps.
    pub fn progress(&self, step: usize, category: Category) -> (usize, usize) {
        let steps = |end| (0..end).filter(|step| self.applies_to(*step, category)).count();
        (steps(step + 1), steps(self.last()))
    }

    /// Whether the survey asks a category for a contact.
    pub fn asks_contact(&self, category: Category) -> bool {
        let contact = self.survey.get("contact");
        contact.get("ask").is_truthy() && contact.applies_to(category)
    }

    /// Whether the survey asks a category for consents. Only promoters are asked whether others may
    /// read their response.
    pub fn asks_consents(&self, category: Category) -> bool {
        let consents = self.survey.get("consents");
        category == Category::Promoter
            && (consents.get("quote").is_truthy() || consents.get("reference").is_truthy())
    }
}

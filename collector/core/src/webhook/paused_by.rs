//! Cause of a pause.

/// The one that paused an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PausedBy {
    /// The owner, by a request.
    Owner,
    /// The receiver, which wants no more messages.
    Receiver,
    /// The collector, because nothing arrives.
    Collector,
}

impl PausedBy {
    const ALL: [Self; 3] = [Self::Owner, Self::Receiver, Self::Collector];

    /// Returns the stored name, which never changes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Receiver => "receiver",
            Self::Collector => "collector",
        }
    }

    /// Parses a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.as_str() == name)
    }

    /// Whether a delivery that is accepted ends the pause. What an owner or a receiver has stopped
    /// is left alone until the owner resumes it.
    pub const fn ends_with_success(self) -> bool {
        matches!(self, Self::Collector)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_only_a_pause_of_the_collector_ends_by_itself() {
        for cause in PausedBy::ALL {
            assert_eq!(PausedBy::parse(cause.as_str()), Some(cause));
            assert_eq!(cause.ends_with_success(), cause == PausedBy::Collector);
        }
        assert_eq!(PausedBy::parse("nobody"), None);
    }
}

//! Rule by which the users of a site count: by their id alone, or only with a proof.

use collector_core::identity::{oldest_valid, user_hash};
use collector_core::{Secret, SiteId};

use crate::json_object::json_object;
use crate::site::site_settings::SiteSettings;

json_object! {
    /// Generations of a site's identity secret that prove a user.
    IdentityRule {
        /// The oldest; 0 where no proof is needed.
        oldest: u32,
        newest: u32,
    }
}

impl IdentityRule {
    /// Rule of a site of which nothing is known.
    pub const OPEN: Self = Self { oldest: 0, newest: 1 };

    /// Returns the rule that settings make at a time.
    pub fn new(settings: &SiteSettings, now_ms: i64) -> Self {
        let newest = settings.identity_rotations.saturating_add(1);
        let oldest = oldest_valid(newest, settings.identity_rotated_ms, now_ms);
        Self { oldest: if settings.signed_identity { oldest } else { 0 }, newest }
    }

    /// Whether the rules let the same users count.
    pub fn agrees_with(&self, other: &Self) -> bool {
        self.oldest == other.oldest && (self.oldest == 0 || self.newest == other.newest)
    }

    /// Whether users count without a hash.
    pub fn is_open(&self) -> bool {
        self.oldest == 0
    }

    /// Whether a user counts with that hash.
    pub fn admits(&self, (secret, site): (&Secret, &SiteId), user: &str, hash: Option<&str>) -> bool {
        self.is_open() || secret.proves_user(site, (self.oldest, self.newest), user, hash.unwrap_or_default())
    }

    /// Returns the hash of a user whom the collector itself has proven.
    pub fn prove(&self, (secret, site): (&Secret, &SiteId), user: &str) -> String {
        user_hash(&secret.identity_secret(site, self.newest), user)
    }
}

//! Values that are derived from the collector's secret for one site.

use crate::id::base32;
use crate::{Secret, SiteId};

impl Secret {
    /// Returns the stored form of the owner's name for a visitor: the same for the same visitor of
    /// one site, and not to be turned back into the name without the secret.
    pub fn hide_user(&self, site: &SiteId, user: &str) -> String {
        let text = [site.as_str().as_bytes(), &[0], user.as_bytes()].concat();
        base32(&self.mac("user", &text), 26)
    }

    /// The key that signs what is sent to one endpoint of a site. It is made anew each time from
    /// what is known, so nothing secret is stored; the next generation gives the endpoint another
    /// key.
    pub fn webhook_key(&self, site: &SiteId, endpoint: &str, generation: u32) -> [u8; 32] {
        // No site id begins another and a generation has one length, so no two endpoints share a
        // text.
        let text = [site.as_str().as_bytes(), &generation.to_be_bytes(), endpoint.as_bytes()].concat();
        self.mac("webhook", &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text).unwrap()
    }

    #[test]
    fn each_endpoint_and_generation_has_its_own_signing_key() {
        let ours = secret("a secret of the collector");
        let (a, b) = (SiteId::issue([1; 8], &ours), SiteId::issue([2; 8], &ours));
        let keys = [
            ours.webhook_key(&a, "e1", 1),
            ours.webhook_key(&a, "e1", 2),
            ours.webhook_key(&a, "e2", 1),
            ours.webhook_key(&b, "e1", 1),
            secret("another secret altogether").webhook_key(&a, "e1", 1),
        ];
        assert_eq!(keys[0], ours.webhook_key(&a, "e1", 1));
        for (at, key) in keys.iter().enumerate() {
            assert!(!keys[..at].contains(key), "{at}");
        }
    }

    #[test]
    fn user_digests_differ_between_sites() {
        let ours = secret("a secret of the collector");
        let (a, b) = (SiteId::issue([1; 8], &ours), SiteId::issue([2; 8], &ours));
        assert_eq!(ours.hide_user(&a, "ann"), ours.hide_user(&a, "ann"));
        assert_ne!(ours.hide_user(&a, "ann"), ours.hide_user(&b, "ann"));
        assert_eq!(ours.hide_user(&a, "ann").len(), 26);
    }
}

//! Signed identity: the proof of a site's owner that a page names the user who is signed in.
//!
//! The proof is the HMAC-SHA-256 (RFC 2104) of the user id under the site's identity secret, in
//! lower-case hexadecimal. The secret is derived and not stored; each rotation is a new generation.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::secret::ct_eq;
use crate::{Secret, SiteId};

/// Time for which the previous generation stays valid after a rotation, in milliseconds.
const OVERLAP_MS: i64 = api::day::DAY_MS;

/// Returns the oldest generation that is valid.
pub fn oldest_valid(newest: u32, rotated_ms: i64, now_ms: i64) -> u32 {
    let has_overlap = newest > 1 && now_ms.saturating_sub(rotated_ms) < OVERLAP_MS;
    if has_overlap { newest - 1 } else { newest }
}

/// Returns the proof of a user under an identity secret.
pub fn user_hash(identity_secret: &str, user: &str) -> String {
    // HMAC takes a key of any length, so the error cannot occur; an empty proof is never valid.
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(identity_secret.as_bytes()) else {
        return String::new();
    };
    mac.update(user.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

impl Secret {
    /// Returns the identity secret of a generation, as the owner's programs use it: its text is the
    /// key of the HMAC.
    pub fn identity_secret(&self, site: &SiteId, generation: u32) -> String {
        // A generation has one length, so no two sites share a text.
        let text = [site.as_str().as_bytes(), &generation.to_be_bytes()].concat();
        format!("identity_{}", hex::encode(self.mac("identity", &text)))
    }

    /// Whether a hash proves a user under one of the generations.
    pub fn proves_user(&self, site: &SiteId, (oldest, newest): (u32, u32), user: &str, hash: &str) -> bool {
        let mut proofs =
            (oldest..=newest).map(|generation| user_hash(&self.identity_secret(site, generation), user));
        !hash.is_empty() && proofs.any(|proof| ct_eq(proof.as_bytes(), hash.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The vector that docs/identity.md gives for each language.
    const VECTOR: [&str; 3] = [
        "identity_6d1f0c4b7a2e59831f6c0d4e8b3a7295c1e0f4d8a6b2937e5c1d0f8b4a7e6392",
        "käthe-4711",
        "02625e394f448f831dd5550c6dbd07251504c98dedfa4ca934212a23d12fddd2",
    ];

    fn secret(text: &str) -> Secret {
        Secret::new(text).unwrap()
    }

    fn site(nth: u8) -> SiteId {
        SiteId::issue([nth; 8], &secret("a secret of the collector"))
    }

    #[test]
    fn the_proof_is_that_of_the_documented_vector() {
        let [key, user, hash] = VECTOR;
        assert_eq!(user_hash(key, user), hash);
        let docs = include_str!("../../../docs/identity.md");
        for text in VECTOR {
            assert!(docs.contains(text), "{text}");
        }
    }

    #[test]
    fn each_site_generation_and_collector_has_its_own_secret() {
        let ours = secret("a secret of the collector");
        let secrets = [
            ours.identity_secret(&site(1), 1),
            ours.identity_secret(&site(1), 2),
            ours.identity_secret(&site(2), 1),
            secret("another secret altogether").identity_secret(&site(1), 1),
        ];
        for (at, key) in secrets.iter().enumerate() {
            assert!(!secrets[..at].contains(key), "{at}");
        }
    }

    #[test]
    fn the_previous_generation_is_valid_for_a_day() {
        for (newest, age_ms, oldest) in
            [(1, 0, 1), (2, 0, 1), (2, OVERLAP_MS - 1, 1), (2, OVERLAP_MS, 2), (7, 1, 6), (7, i64::MAX, 7)]
        {
            assert_eq!(oldest_valid(newest, 0, age_ms), oldest, "{newest} after {age_ms} ms");
        }
    }

    proptest! {
        #[test]
        fn only_the_whole_proof_of_a_valid_generation_proves(
            user in any::<String>(), other in any::<String>(),
            oldest in 1u32..9, more in 0u32..2, generation in 1u32..12,
        ) {
            let ours = secret("a secret of the collector");
            let generations = (oldest, oldest + more);
            let proof = user_hash(&ours.identity_secret(&site(1), generation), &user);
            let is_valid = (oldest..=oldest + more).contains(&generation);
            prop_assert_eq!(ours.proves_user(&site(1), generations, &user, &proof), is_valid);
            prop_assert!(!ours.proves_user(&site(2), generations, &user, &proof));
            let proves_other = ours.proves_user(&site(1), generations, &other, &proof);
            prop_assert_eq!(proves_other, is_valid && other == user);
            for wrong in ["", &proof[1..], &proof.to_uppercase(), &format!("{proof} ")] {
                let is_same = wrong == proof;
                prop_assert_eq!(ours.proves_user(&site(1), generations, &user, wrong), is_same && is_valid);
            }
        }
    }
}

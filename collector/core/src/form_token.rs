//! Token of the form on the hosted page.
//!
//! The form works without JavaScript, so no browser makes the id of its response. The confirmation
//! page carries the id in this token. A form that is sent twice has the same id and counts once.
//! Programs that scan links may submit a form, but do not go on to confirm it.

use api::ResponseId;
use base64ct::{Base64UrlUnpadded, Encoding};

use crate::secret::ct_eq;
use crate::{Secret, SiteId};

/// Time for which a token is valid, in milliseconds.
const LIFETIME_MS: i64 = 30 * 60_000;
const ID_LEN: usize = 16;
const TIME_LEN: usize = 8;
const MAC_LEN: usize = 16;

/// Id of a response that awaits confirmation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormToken {
    id: ResponseId,
    expires_ms: i64,
}

/// Reason why a token does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormTokenError {
    /// The collector did not make it for this site.
    Invalid,
    /// The token was made more than 30 minutes ago.
    Expired(ResponseId),
}

impl FormToken {
    /// Creates the token of a response, valid for 30 minutes.
    pub fn new(id: ResponseId, now_ms: i64) -> Self {
        Self { id, expires_ms: now_ms.saturating_add(LIFETIME_MS) }
    }

    /// Returns the token as text for one site.
    pub fn to_text(self, site: &SiteId, secret: &Secret) -> String {
        let payload = [&self.id.bytes()[..], &self.expires_ms.to_be_bytes()].concat();
        let mac = mac(&payload, site, secret);
        Base64UrlUnpadded::encode_string(&[payload, mac].concat())
    }

    /// Verifies a text and returns the id in it.
    pub fn verify(
        text: &str,
        site: &SiteId,
        secret: &Secret,
        now_ms: i64,
    ) -> Result<ResponseId, FormTokenError> {
        let bytes = Base64UrlUnpadded::decode_vec(text).map_err(|_| FormTokenError::Invalid)?;
        let (payload, given_mac) =
            bytes.split_at_checked(ID_LEN + TIME_LEN).ok_or(FormTokenError::Invalid)?;
        if !ct_eq(&mac(payload, site, secret), given_mac) {
            return Err(FormTokenError::Invalid);
        }
        let (id, time) = payload.split_at_checked(ID_LEN).ok_or(FormTokenError::Invalid)?;
        let id = id.try_into().map(ResponseId::from_bytes).map_err(|_| FormTokenError::Invalid)?;
        let expires_ms = time.try_into().map(i64::from_be_bytes).map_err(|_| FormTokenError::Invalid)?;
        if now_ms < expires_ms { Ok(id) } else { Err(FormTokenError::Expired(id)) }
    }
}

fn mac(payload: &[u8], site: &SiteId, secret: &Secret) -> Vec<u8> {
    let mac = secret.mac("form", &[site.as_str().as_bytes(), payload].concat());
    mac.get(..MAC_LEN).unwrap_or(&mac).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_790_000_000_000;

    fn secret() -> Secret {
        Secret::new("a secret of the collector").unwrap()
    }

    fn site(nth: u8) -> SiteId {
        SiteId::issue([nth; 8], &secret())
    }

    #[test]
    fn a_token_is_valid_for_30_minutes_and_for_its_site() {
        let id = ResponseId::from_bytes([7; 16]);
        let text = FormToken::new(id, NOW_MS).to_text(&site(1), &secret());
        let verify = |site, now_ms| FormToken::verify(&text, &site, &secret(), now_ms);
        assert_eq!(verify(site(1), NOW_MS), Ok(id));
        assert_eq!(verify(site(1), NOW_MS + 30 * 60_000 - 1), Ok(id));
        assert_eq!(verify(site(1), NOW_MS + 30 * 60_000), Err(FormTokenError::Expired(id)));
        assert_eq!(verify(site(2), NOW_MS), Err(FormTokenError::Invalid));
        let other = Secret::new("another secret altogether").unwrap();
        assert_eq!(FormToken::verify(&text, &site(1), &other, NOW_MS), Err(FormTokenError::Invalid));
    }

    #[test]
    fn a_changed_or_cut_token_is_invalid() {
        let text = FormToken::new(ResponseId::from_bytes([7; 16]), NOW_MS).to_text(&site(1), &secret());
        for index in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            for wrong in [&changed[..], &text[..index]] {
                let verified = FormToken::verify(wrong, &site(1), &secret(), NOW_MS);
                assert_eq!(verified, Err(FormTokenError::Invalid), "{wrong}");
            }
        }
    }
}

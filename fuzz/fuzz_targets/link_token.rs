//! Invitations: the claims that an owner sends, and the token in a link. The first line of the
//! input is a token, the rest are claims.
#![no_main]

use api::ResponseId;
use collector_core::Invitation;
use collector_core::invitation::MAX_TOKEN;
use grapevine_fuzz::{secret, site};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (token, claims) = text.split_once('\n').unwrap_or((text, text));
    let secret = secret();
    assert_eq!(Invitation::verify(token, &site(1), &secret), None, "a token that nobody signed");
    let Ok(claims) = collector_core::json::parse(claims) else { return };
    // serde_json may read a number of many digits as a neighbour of the one that it wrote.
    if collector_core::json::parse(&claims.to_string()).ok().as_ref() != Some(&claims) {
        return;
    }
    let mut next = 0;
    let mut id = || {
        next += 1;
        ResponseId::from_random([next; 16])
    };
    let invitations = match Invitation::read_all(&claims, &mut id) {
        Ok(invitations) => invitations,
        Err(errors) => return assert!(!errors.is_empty()),
    };
    for invitation in invitations {
        let token = invitation.token(&site(1), &secret);
        assert!(token.len() <= MAX_TOKEN, "{} characters", token.len());
        assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)), "{token}");
        assert_eq!(Invitation::verify(&token, &site(1), &secret).as_ref(), Some(&invitation));
        assert_eq!(Invitation::verify(&token, &site(2), &secret), None, "of another site");
        assert!(invitation.into_claims().contains_key("id"));
    }
});

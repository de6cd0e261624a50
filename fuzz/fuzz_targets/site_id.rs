//! Site id in a URL: only what this collector issued is one.
#![no_main]

use collector_core::{Jurisdiction, SiteId};
use grapevine_fuzz::{secret, site};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, [u8; 8], bool, u8, char)| {
    let (text, random, is_european, position, letter) = input;
    let secret = secret();
    let jurisdiction = is_european.then_some(Jurisdiction::Eu);
    let issued = SiteId::issue_in(jurisdiction, random, &secret);
    assert_eq!(SiteId::verify(issued.as_str(), &secret), Some(issued.clone()));
    assert_eq!(issued.jurisdiction(), jurisdiction);
    // 40 bits are not guessed in a minute.
    assert!(SiteId::verify(text, &secret).is_none() || text == site(1).as_str(), "{text}");
    let mut letters: Vec<char> = issued.as_str().chars().collect();
    let position = usize::from(position) % letters.len();
    let changed = letters[position] != letter;
    letters[position] = letter;
    let forged: String = letters.into_iter().collect();
    assert_eq!(SiteId::verify(&forged, &secret).is_none(), changed, "{forged} for {issued}");
    for forged in [format!("{issued}{text}"), format!("{text}{issued}")] {
        assert!(text.is_empty() || SiteId::verify(&forged, &secret).is_none(), "{forged}");
    }
});

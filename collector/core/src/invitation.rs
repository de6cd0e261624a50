//! Links that say who responds: the owner's program has one made for each person, and puts it into
//! an email.
//!
//! What a link says stands in its token, signed under the collector's secret for one site, so
//! nothing is stored before somebody responds, and nobody can make or change one. It can be read by
//! whoever has it: base 64 hides nothing. Each carries the id of the response that it leads to, so
//! a link that is opened twice, or on two devices, still counts once.

use api::limits::{MAX_LANG, MAX_USER};
use api::response_update::properties;
use api::user::is_placeholder;
use api::validation::{Errors, ObjectReader};
use api::{ResponseId, ValidationError, language};
use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Map, Value};

use crate::secret::ct_eq;
use crate::{Secret, SiteId};

/// The most links that one request may ask for.
const MAX_LINKS: usize = 1_000;
/// The longest token, in characters: URLs that are much longer do not survive email programs.
pub const MAX_TOKEN: usize = 4_000;
/// Bytes of the MAC in a token.
const MAC_LEN: usize = 16;

/// Claims of an invitation, and their short names in the token.
const CLAIMS: [(&str, &str); 4] = [("id", "i"), ("user", "u"), ("properties", "p"), ("lang", "l")];

/// Signed invitation. Its claims are an `id` and any of `user`, `properties` and `lang`.
#[derive(Debug, Clone, PartialEq)]
pub struct Invitation(Map<String, Value>);

impl Invitation {
    /// Reads `{"links": […]}` from untrusted JSON; `id` makes an id for each. All errors are
    /// returned.
    pub fn read_all(
        given: &Value,
        id: &mut dyn FnMut() -> ResponseId,
    ) -> Result<Vec<Self>, Vec<ValidationError>> {
        let mut errors = Errors::default();
        let reader = ObjectReader::new(Some(given), "", &["links"], &mut errors);
        let wanted = reader.get("links").and_then(Value::as_array);
        let wanted = wanted.filter(|wanted| (1..=MAX_LINKS).contains(&wanted.len()));
        if wanted.is_none() {
            let detail = format!("Must be an array of 1 to {MAX_LINKS} objects, one for each link.");
            reader.error(&mut errors, "links", &detail);
        }
        let mut invitations = Vec::new();
        for (index, wanted) in wanted.into_iter().flatten().enumerate() {
            invitations.push(Self::read(wanted, &format!("/links/{index}"), id(), &mut errors));
            if errors.is_full() {
                break;
            }
        }
        errors.finish(invitations)
    }

    fn read(wanted: &Value, at: &str, id: ResponseId, errors: &mut Errors) -> Self {
        let mut invitation = Self(Map::new());
        invitation.0.insert("id".into(), id.to_string().into());
        let reader = ObjectReader::new(Some(wanted), at, &["user", "properties", "lang"], errors);
        reader.text(errors, "user", MAX_USER);
        properties(&reader, errors);
        if reader.text(errors, "lang", MAX_LANG).is_some_and(|lang| !language::is_tag(&lang)) {
            reader.error(errors, "lang", "Must be a language tag, for example de or pt-BR.");
        }
        let Value::Object(fields) = wanted else { return invitation };
        let blank =
            |value: &Value| value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
        let nobody = |name: &str, value: &Value| name == "user" && value.as_str().is_some_and(is_placeholder);
        let claims = fields.iter().filter(|(name, value)| !blank(value) && !nobody(name, value));
        invitation.0.extend(claims.map(|(name, value)| (name.clone(), value.clone())));
        let length = invitation.payload().len() + 1 + (MAC_LEN * 4).div_ceil(3);
        if length > MAX_TOKEN {
            let detail = format!(
                "Makes a token of {length} characters; at most {MAX_TOKEN} survive email programs. \
                 Give it fewer or shorter properties."
            );
            errors.push(at, &detail);
        }
        invitation
    }

    /// The token for a link of that site.
    pub fn token(&self, site: &SiteId, secret: &Secret) -> String {
        let payload = self.payload();
        let mac = mac(&payload, site, secret);
        format!("{payload}.{mac}")
    }

    /// Returns the invitation of a token if the token was made for that site and not changed.
    pub fn verify(token: &str, site: &SiteId, secret: &Secret) -> Option<Self> {
        let (payload, shown) = token.split_once('.')?;
        if token.len() > MAX_TOKEN || !ct_eq(mac(payload, site, secret).as_bytes(), shown.as_bytes()) {
            return None;
        }
        // As text, which is parsed elsewhere too: for bytes there would be another parser.
        match serde_json::from_str(std::str::from_utf8(&Base64UrlUnpadded::decode_vec(payload).ok()?).ok()?)
            .ok()?
        {
            Value::Object(said) => Some(Self(renamed(said, |(long, short)| (short, long)))),
            _ => None,
        }
    }

    /// All that it says, as members of an object.
    pub fn into_claims(self) -> Map<String, Value> {
        self.0
    }

    /// All that it says, in short names.
    fn payload(&self) -> String {
        let claims = renamed(self.0.clone(), |names| names);
        Base64UrlUnpadded::encode_string(Value::Object(claims).to_string().as_bytes())
    }
}

/// Renames the members of an object.
fn renamed(
    mut claims: Map<String, Value>,
    order: fn((&'static str, &'static str)) -> (&'static str, &'static str),
) -> Map<String, Value> {
    let mut other = Map::new();
    for (from, to) in CLAIMS.map(order) {
        if let Some(value) = claims.remove(from) {
            other.insert(to.to_owned(), value);
        }
    }
    other
}

/// No site id is the beginning of another, so no two sites share a text.
fn mac(payload: &str, site: &SiteId, secret: &Secret) -> String {
    let mac = secret.mac("link", [site.as_str(), payload].concat().as_bytes());
    Base64UrlUnpadded::encode_string(mac.get(..MAC_LEN).unwrap_or(&mac))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn secret() -> Secret {
        Secret::new("a secret of the collector").unwrap()
    }

    fn site(nth: u8) -> SiteId {
        SiteId::issue([nth; 8], &secret())
    }

    fn id() -> ResponseId {
        ResponseId::parse("01936b3e-7c1d-4a52-b0f3-5d4b0a0f9c11").unwrap()
    }

    fn read(given: Value) -> Result<Vec<Invitation>, Vec<ValidationError>> {
        Invitation::read_all(&given, &mut id)
    }

    fn link() -> Invitation {
        let claims = json!({ "user": "käthe@tea.example", "properties": { "plan": "pro", "seats": 5 }, "lang": "de-AT" });
        read(json!({ "links": [claims] })).unwrap().remove(0)
    }

    #[test]
    fn a_token_verifies_for_its_own_site_only() {
        let link = link();
        let token = link.token(&site(1), &secret());
        assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)), "{token}");
        assert_eq!(Invitation::verify(&token, &site(1), &secret()), Some(link.clone()));
        assert_eq!(
            Value::Object(link.clone().into_claims()),
            json!({ "id": id(), "user": "käthe@tea.example", "properties": { "plan": "pro", "seats": 5 }, "lang": "de-AT" })
        );
        assert_eq!(Invitation::verify(&token, &site(2), &secret()), None);
        assert_eq!(
            Invitation::verify(&token, &site(1), &Secret::new("another secret altogether").unwrap()),
            None
        );
        let bare = read(json!({ "links": [{}] })).unwrap().remove(0);
        let token = bare.token(&site(1), &secret());
        assert!(token.len() < 100, "{token}");
        assert_eq!(Invitation::verify(&token, &site(1), &secret()), Some(bare));
    }

    #[test]
    fn a_tampered_token_does_not_verify() {
        let token = link().token(&site(1), &secret());
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(
                Invitation::verify(std::str::from_utf8(&changed).unwrap(), &site(1), &secret()),
                None,
                "at {at}"
            );
            assert_eq!(Invitation::verify(&token[..at], &site(1), &secret()), None, "cut at {at}");
        }
        let longer = [&format!("{token}A"), &format!("A{token}"), &format!("{token}."), &format!("{token}=")];
        for odd in longer.into_iter().map(String::as_str).chain(["", ".", "..", "é.é", &"A".repeat(5_000)])
        {
            assert_eq!(Invitation::verify(odd, &site(1), &secret()), None, "{odd}");
        }
    }

    /// A signature for another purpose is no token.
    #[test]
    fn a_mac_of_another_purpose_does_not_verify() {
        let payload = link().payload();
        let text = [site(1).as_str(), &payload].concat();
        for purpose in ["site", "user", "webhook"] {
            let other = Base64UrlUnpadded::encode_string(&secret().mac(purpose, text.as_bytes())[..MAC_LEN]);
            assert_eq!(Invitation::verify(&format!("{payload}.{other}"), &site(1), &secret()), None);
        }
    }

    #[test]
    fn each_invalid_field_is_named() {
        for (wrong, pointers) in [
            (json!([]), &["", "/links"][..]),
            (json!({}), &["/links"]),
            (json!({ "links": [] }), &["/links"]),
            (json!({ "links": {}, "more": 1 }), &["/more", "/links"]),
            (json!({ "links": vec![json!({}); MAX_LINKS + 1] }), &["/links"]),
            (json!({ "links": [{}, "x", null] }), &["/links/1", "/links/2"]),
            (
                json!({ "links": [{ "user": 7, "lang": [] , "a/b": 1 }] }),
                &["/links/0/a~1b", "/links/0/user", "/links/0/lang"],
            ),
            (
                json!({ "links": [{ "user": "é".repeat(1_001) }, { "lang": "de_AT" }] }),
                &["/links/0/user", "/links/1/lang"],
            ),
            (json!({ "links": [{ "properties": { "a/b": [] } }] }), &["/links/0/properties/a~1b"]),
            (
                json!({ "links": [{ "properties": { "plan": "x".repeat(201) } }] }),
                &["/links/0/properties/plan"],
            ),
        ] {
            let found = read(wrong.clone()).unwrap_err();
            let found: Vec<&str> = found.iter().map(|wrong| wrong.pointer.as_str()).collect();
            assert_eq!(found, pointers, "{wrong}");
        }
        let many = read(json!({ "links": vec![json!(7); 1_000] })).unwrap_err();
        assert_eq!(many.len(), api::validation::MAX_ERRORS);
    }

    #[test]
    fn claims_too_long_for_an_email_link_are_refused() {
        let long = |values: usize| {
            let properties: Map<String, Value> =
                (0..values).map(|nth| (format!("p{nth}"), json!("x".repeat(200)))).collect();
            read(json!({ "links": [{ "properties": properties }] }))
        };
        let link = long(13).unwrap().remove(0);
        let token = link.token(&site(1), &secret());
        assert!((3_500..=MAX_TOKEN).contains(&token.len()), "{}", token.len());
        assert_eq!(Invitation::verify(&token, &site(1), &secret()), Some(link));
        assert_eq!(long(15).unwrap_err()[0].pointer, "/links/0");
    }

    #[test]
    fn blank_and_placeholder_users_are_ignored() {
        let links =
            read(json!({ "links": [{}, { "user": " ", "lang": null, "properties": null }, { "user": "Undefined" }] })).unwrap();
        assert_eq!((&links[0], &links[0]), (&links[1], &links[2]));
        assert_eq!(Value::Object(links[0].clone().into_claims()), json!({ "id": id() }));
    }
}

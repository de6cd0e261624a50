//! Keys that the page holds, and the text from which an owner signs in.

use crate::model::{FromJson, Role, from_json};
use serde_json::{Value, json};

/// Site with the key that opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedInSite {
    /// Id.
    pub site: String,
    /// Name, once a request has returned it.
    pub name: Option<String>,
    /// Key.
    pub key: String,
    /// Role of the key.
    pub role: Role,
    /// Whether the browser keeps the key when the tab is closed.
    pub remember: bool,
}

from_json!(SignedInSite { site, name, key, role, remember });

/// Id of the site of the sample data, which no site of a collector can have.
pub const SAMPLE_SITE: &str = "sample";

impl FromJson for Role {
    fn from_json(json: &Value) -> Option<Self> {
        Self::parse(json.as_str()?)
    }
}

impl SignedInSite {
    /// Returns the site of the sample data. It has no key, and nothing of it can be changed.
    pub fn sample() -> Self {
        Self {
            site: SAMPLE_SITE.into(),
            name: Some("Kettle Row (sample data)".into()),
            key: String::new(),
            role: Role::Read,
            remember: false,
        }
    }

    /// Whether this is the site of the sample data.
    pub fn is_sample(&self) -> bool {
        self.site == SAMPLE_SITE
    }

    /// Whether the page may read the settings.
    pub fn has_settings(&self) -> bool {
        self.role == Role::Owner || self.is_sample()
    }

    /// Whether the page may read comments.
    pub fn has_comments(&self) -> bool {
        self.has_settings()
    }

    /// Returns the text by which the switcher lists the site.
    pub fn label(&self) -> &str {
        let unnamed = if self.role == Role::Share { "Shared snapshot" } else { &self.site };
        self.name.as_deref().unwrap_or(unnamed)
    }
}

/// Keys that the page holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Session {
    /// Sites, in the order in which they were added. Each id occurs once.
    pub sites: Vec<SignedInSite>,
    /// Admin token of the collector, which is never remembered.
    pub admin: Option<String>,
}

from_json!(Session { sites, admin });

impl Session {
    /// Returns the JSON that [`FromJson`] reads.
    pub fn to_json(&self) -> Value {
        let site = |site: &SignedInSite| {
            json!({
                "site": site.site, "name": site.name, "key": site.key, "role": site.role.as_str(),
                "remember": site.remember,
            })
        };
        json!({ "sites": self.sites.iter().map(site).collect::<Vec<_>>(), "admin": self.admin })
    }

    /// Divides the keys into those that the browser keeps and those of the tab.
    pub fn split(&self) -> (Self, Self) {
        let (kept, of_tab) = self.sites.iter().cloned().partition(|site| site.remember);
        (Self { sites: kept, admin: None }, Self { sites: of_tab, admin: self.admin.clone() })
    }

    /// Whether the page holds no key.
    pub fn is_empty(&self) -> bool {
        self.sites.is_empty() && self.admin.is_none()
    }

    /// Returns the site with this id, or the first one where none is named.
    pub fn site(&self, id: Option<&str>) -> Option<&SignedInSite> {
        match id {
            Some(id) => self.sites.iter().find(|site| site.site == id),
            None => self.sites.first(),
        }
    }

    /// Adds a site, or replaces its key.
    pub fn add(&mut self, added: SignedInSite) {
        match self.sites.iter_mut().find(|site| site.site == added.site) {
            Some(site) => *site = added,
            None => self.sites.push(added),
        }
    }

    /// Adds what another session holds.
    pub fn merge(&mut self, other: Self) {
        other.sites.into_iter().for_each(|site| self.add(site));
        self.admin = other.admin.or(self.admin.take());
    }
}

/// Keys and site ids that occur in a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pasted {
    /// Id of the site.
    pub site: Option<String>,
    /// Key with the most rights.
    pub key: Option<String>,
    /// Admin token of the collector.
    pub admin: Option<String>,
}

impl Pasted {
    /// Reads a key, or lines such as `export SITE=… OWNER_KEY=…`, a JSON response to the creation
    /// of a site, or a share link.
    pub fn parse(text: &str) -> Self {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let words: Vec<&str> = text.split(|c| !is_part(c)).filter(|word| !word.is_empty()).collect();
        let keys = words.iter().filter_map(|word| Some((Role::of_key(word)?, *word)));
        let key = keys.min_by_key(|(role, _)| *role as u8).map(|(_, key)| key.to_owned());
        let after = |name: &str| {
            let place = words.iter().position(|word| word.eq_ignore_ascii_case(name))?;
            words.get(place + 1).map(|word| (*word).to_owned())
        };
        let looks_like_site = |word: &&&str| is_site_id(word) && word.contains(|c: char| c.is_ascii_digit());
        let site = after("site")
            .filter(|site| is_site_id(site))
            .or_else(|| words.iter().find(looks_like_site).map(|site| (*site).to_owned()));
        let admin = after("grapevine_admin_token").filter(|token| token.len() >= 32);
        Self { site, key, admin }
    }
}

/// Whether a word has the form of a site id: 20 digits of base 32 in lower case, after a region or
/// not.
pub fn is_site_id(word: &str) -> bool {
    let id = word.split_once('-').filter(|(region, _)| region.len() == 2).map_or(word, |(_, id)| id);
    id.len() == 20 && id.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNER: &str = "grapevine_owner_sgztxk45stvajktzr0tg0mmxszg4ybf3";
    const READ: &str = "grapevine_read_sgztxk45stvajktzr0tg0mmxszg4ybf3";
    const SITE: &str = "3v7p1b2qk9r4m8x0y5z6";
    const TOKEN: &str = "demo-admin-token-of-at-least-32-characters";

    #[test]
    fn the_lines_of_the_demo_hold_all_that_is_needed() {
        let lines = format!(
            "export HOST=http://127.0.0.1:8787 SITE={SITE}\nexport OWNER_KEY={OWNER} READ_KEY={READ}\n\
             export GRAPEVINE_ADMIN_TOKEN={TOKEN}"
        );
        let pasted = Pasted::parse(&lines);
        let expected = Pasted { site: Some(SITE.into()), key: Some(OWNER.into()), admin: Some(TOKEN.into()) };
        assert_eq!(pasted, expected);
        assert_eq!(Pasted::parse(&format!("OWNER_KEY={OWNER}")).site, None);
    }

    #[test]
    fn keys_are_found_in_json_and_links_and_alone() {
        let json = format!(r#"{{"site":"eu-{SITE}","keys":{{"owner":"{OWNER}","read":"{READ}"}}}}"#);
        let from_json = Pasted::parse(&json);
        assert_eq!((from_json.site, from_json.key), (Some(format!("eu-{SITE}")), Some(OWNER.into())));
        let link = format!("https://nps.example/?site={SITE}#share={}", READ.replace("read", "share"));
        assert_eq!(Pasted::parse(&link).key, Some(READ.replace("read", "share")));
        assert_eq!(Pasted::parse(&format!("  {READ}\n")).key, Some(READ.into()));
        assert_eq!(Pasted::parse("what is this?"), Pasted::default());
    }

    #[test]
    fn a_site_is_held_once_with_its_newest_key() {
        let site = |key: &str| SignedInSite {
            site: SITE.into(),
            name: None,
            key: key.into(),
            role: Role::of_key(key).unwrap(),
            remember: key == OWNER,
        };
        let mut session = Session::default();
        session.add(site(READ));
        session.add(site(OWNER));
        assert_eq!((session.sites.len(), session.site(None).unwrap().role), (1, Role::Owner));
        assert!(!is_site_id(SAMPLE_SITE) && !session.sites.iter().any(SignedInSite::is_sample));
        assert_eq!(session.site(Some("another")), None);
        assert_eq!(Session::from_json(&session.to_json()), Some(session.clone()));
        session.admin = Some(TOKEN.into());
        let (kept, of_tab) = session.split();
        assert_eq!((kept.sites.len(), kept.admin), (1, None));
        assert_eq!((of_tab.sites.len(), of_tab.admin), (0, Some(TOKEN.into())));
    }
}

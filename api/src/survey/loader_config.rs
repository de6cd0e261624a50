//! The survey as the loader has it.
//!
//! Every page view of a customer's site downloads the loader and runs it, so whatever can be worked
//! out beforehand is: the rules are numbers under the names by which the loader (and a `data-…`
//! attribute of the tag) calls them, the pages are globs that are percent-encoded already, and the
//! theme is a style sheet with colours whose contrast is right. What only the survey itself needs is in the member
//! `survey`, as little as differs from the defaults.

use serde_json::{Map, Value, json};

use super::follow_ups;
use super::object_writer::ObjectWriter;
use super::{Storage, Survey, Trigger};

impl Survey {
    /// Returns the settings that the loader of a site of that name carries. Nothing in it is
    /// secret.
    ///
    /// `declared` are the names of the site's declared properties. A page may have more properties
    /// than a message may carry, and the widget then sends the declared ones first.
    pub fn to_loader_config(&self, name: &str, declared: &[String]) -> Value {
        let rules = self.recontact;
        let mut own = Map::new();
        let mut put = |name: &str, value: Value| own.insert(name.to_owned(), value);
        put("name", name.into());
        put("variant", self.variant.as_str().into());
        // In the order in which the loader takes them.
        let when = [
            rules.answered_days,
            rules.dismissed_days,
            rules.ignored_times,
            rules.per_year,
            rules.ignored_days,
        ];
        put("when", json!(when));
        put("view", rules.first_view.into());
        if self.storage != Storage::default() {
            put("storage", self.storage.as_str().into());
        }
        match &self.trigger {
            Trigger::Delay => put("delay", self.delay_seconds.into()),
            Trigger::Scroll { percent } => put("scroll", (*percent).into()),
            Trigger::Exit => put("exit", 1.into()),
            Trigger::Event { name } => put("event", name.as_str().into()),
            Trigger::Manual => None,
        };
        if self.sampling < 1.0 {
            put("sample", json!(self.sampling));
        }
        for (name, globs) in [("include", &self.pages.include), ("exclude", &self.pages.exclude)] {
            if !globs.is_empty() {
                put(name, json!(globs.iter().map(super::Glob::as_str).collect::<Vec<_>>()));
            }
        }
        // As the browser calls them.
        let signals = [("globalPrivacyControl", self.respect_gpc), ("doNotTrack", self.respect_dnt)];
        let signals: Vec<&str> =
            signals.into_iter().filter(|(_, heeded)| *heeded).map(|(name, _)| name).collect();
        if !signals.is_empty() {
            put("signals", json!(signals));
        }
        // The page and the language are no properties of a message, though scores can be grouped by
        // them.
        let declared: Vec<&str> =
            declared.iter().map(String::as_str).filter(|name| !matches!(*name, "page" | "lang")).collect();
        if !declared.is_empty() {
            put("properties", json!(declared));
        }
        let mut members = ObjectWriter::new(false);
        self.mode.write(&mut members);
        members.put("corner", self.corner.as_str(), super::Corner::default().as_str());
        members.put("scheme", self.theme.scheme.as_str(), super::Scheme::default().as_str());
        members.put("look", self.theme.rules(), "");
        members.within("survey", |out| self.write_words(out));
        own.extend(members.into_list().into_iter().map(|(name, value)| (name.to_owned(), value)));
        own.into()
    }

    /// Writes the texts and questions of the survey.
    fn write_words(&self, out: &mut ObjectWriter) {
        out.text("question", self.question.as_deref());
        self.texts.write(out);
        follow_ups::write(&self.follow_ups, out);
        self.thanks.write(out);
        self.consents.write(out);
        self.contact.write(out);
        out.text("privacy_url", self.privacy_url.as_deref());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loader(given: Value) -> Value {
        Survey::read(&given, "").unwrap().to_loader_config("Tea shop", &[])
    }

    #[test]
    fn the_default_config_contains_only_numbers() {
        assert_eq!(
            loader(json!({})),
            json!({ "name": "Tea shop", "variant": "standard", "when": [120, 30, 3, 4, 1], "view": 2, "delay": 10 })
        );
    }

    #[test]
    fn each_trigger_has_its_own_field() {
        for (trigger, name, value) in [
            (json!({ "kind": "scroll", "percent": 40 }), "scroll", json!(40)),
            (json!({ "kind": "exit" }), "exit", json!(1)),
            (json!({ "kind": "event", "name": "paid" }), "event", json!("paid")),
        ] {
            let config = loader(json!({ "trigger": trigger }));
            assert_eq!((&config[name], config.get("delay")), (&value, None));
        }
        let by_hand = loader(json!({ "trigger": { "kind": "manual" } }));
        assert!(["delay", "scroll", "exit", "event"].iter().all(|name| by_hand.get(name).is_none()));
    }

    #[test]
    fn declared_properties_keep_their_order() {
        let declared = ["plan", "page", "lang", "country"].map(str::to_owned);
        let config = Survey::default().to_loader_config("Tea shop", &declared);
        assert_eq!(config["properties"], json!(["plan", "country"]));
        let config = Survey::default().to_loader_config("Tea shop", &declared[1..3]);
        assert_eq!(config.get("properties"), None, "the page and the language are sent in any case");
    }

    #[test]
    fn page_rules_are_lists_of_globs() {
        let config = loader(json!({ "pages": { "include": ["/shop/**", "/é"], "exclude": ["/*/cart"] } }));
        assert_eq!(config["include"], json!(["/shop/**", "/%C3%A9"]));
        assert_eq!(config["exclude"], json!(["/*/cart"]));
        let config = loader(json!({ "pages": { "exclude": ["/cart"] } }));
        assert_eq!((config.get("include"), &config["exclude"]), (None, &json!(["/cart"])));
    }

    #[test]
    fn page_rules_are_combined_as_in_the_shared_table() {
        let table = include_str!("../../tests/cases/pages.json");
        let table: Vec<Value> = serde_json::from_str(table).unwrap();
        for case in table {
            let pages = json!({ "include": case["include"], "exclude": case["exclude"] });
            let pages = Survey::read(&json!({ "pages": pages }), "").unwrap().pages;
            let shown = |path: &Value| {
                let any = |globs: &[crate::survey::Glob]| {
                    globs.iter().any(|glob| glob.matches(path.as_str().unwrap()))
                };
                (pages.include.is_empty() || any(&pages.include)) && !any(&pages.exclude)
            };
            assert!(case["shown"].as_array().unwrap().iter().all(shown), "{case}");
            assert!(!case["hidden"].as_array().unwrap().iter().any(shown), "{case}");
        }
    }

    #[test]
    fn changed_settings_are_in_the_config() {
        let config = loader(json!({
            "sampling": 0.25, "respect_gpc": true, "storage": "none", "mode": "inline", "target": "#here",
            "corner": "top-left", "theme": { "radius": 4, "scheme": "dark" }, "texts": { "de": { "intro": "Hallo" } },
            "contact": { "ask": true },
        }));
        assert_eq!(config["sample"], 0.25);
        assert_eq!(
            (&config["signals"], &config["storage"]),
            (&json!(["globalPrivacyControl"]), &json!("none"))
        );
        assert_eq!(
            (&config["mode"], &config["target"], &config["corner"]),
            (&json!("inline"), &json!("#here"), &json!("top-left"))
        );
        assert_eq!(
            (&config["scheme"], &config["look"]),
            (&json!("dark"), &json!(":host{--radius:4px!important}"))
        );
        assert_eq!(
            config["survey"],
            json!({ "texts": { "de": { "intro": "Hallo" } }, "contact": { "ask": true } })
        );
    }
}

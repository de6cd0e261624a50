//! The survey as the loader has it.
//!
//! Every page view of a customer's site downloads the loader and runs it. So everything is computed
//! beforehand: rules are numbers, pages are globs in percent encoding, and the theme is a style
//! sheet with colours of sufficient contrast. `survey` has only the settings that the survey itself
//! needs and that differ from the defaults.

use serde_json::{Map, Value, json};

use super::follow_ups;
use super::object_writer::ObjectWriter;
use super::{Corner, Mode, Scheme, Storage, Survey, Trigger};

/// Declares the configuration: a struct, its JSON, and the names of its members.
macro_rules! loader_config {
    ($($(#[$doc:meta])* $field:ident: $type:ty,)+) => {
        /// Settings that the loader of a site carries. Nothing in it is secret. The names are those
        /// of `SiteConfig` in `widget/js/types.d.ts`. A `data-…` attribute of the tag overrides the
        /// member of its name.
        #[derive(Debug, Clone, PartialEq)]
        pub struct LoaderConfig<'a> {
            $($(#[$doc])* pub $field: $type,)+
        }

        impl LoaderConfig<'_> {
            /// Names of the members.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($field)),+];

            /// Returns the members as JSON. A member that is null or empty is left out.
            pub fn into_json(self) -> Map<String, Value> {
                let members = [$((stringify!($field), json!(self.$field))),+];
                let is_empty = |value: &Value| match value {
                    Value::Null => true,
                    Value::Array(items) => items.is_empty(),
                    Value::Object(members) => members.is_empty(),
                    _ => false,
                };
                let present = members.into_iter().filter(|(_, value)| !is_empty(value));
                present.map(|(name, value)| (name.to_owned(), value)).collect()
            }
        }
    };
}

loader_config! {
    /// Id of the site.
    site: &'a str,
    /// Name of the site.
    name: &'a str,
    /// Variant of the question.
    variant: &'a str,
    /// Days after a response, days after "Not now", impressions without a response, impressions a
    /// year, days after an ignored impression.
    when: [u16; 5],
    /// Number of the first page view on which the survey may show.
    view: u16,
    /// Storage allowed in the browser, if it is restricted.
    storage: Option<&'static str>,
    /// Seconds until the survey shows, if that is its trigger.
    delay: Option<u32>,
    /// Percentage of the page, if scrolling is the trigger.
    scroll: Option<u16>,
    /// 1 if leaving the page is the trigger.
    exit: Option<u8>,
    /// Name of the event, if one is the trigger.
    event: Option<&'a str>,
    /// Share of visitors in the sample, below 1.
    sample: Option<f64>,
    /// Globs, one of which a path must match.
    include: Vec<&'a str>,
    /// Globs, none of which a path may match.
    exclude: Vec<&'a str>,
    /// Patterns of the origins whose pages may ask; empty for all.
    origins: Vec<String>,
    /// Properties of `navigator` that opt out.
    signals: Vec<&'static str>,
    /// Declared properties, which are sent first if a page sets too many.
    properties: Vec<&'a str>,
    /// Mode, unless it is a card.
    mode: Option<&'static str>,
    /// Selector of the element that an inline survey goes into.
    target: Option<&'a str>,
    /// Corner, unless it is the default.
    corner: Option<&'static str>,
    /// `light` or `dark`; missing where the survey follows the page.
    scheme: Option<&'static str>,
    /// Style sheet of the theme.
    look: Option<String>,
    /// Texts and questions.
    survey: Value,
}

impl Survey {
    /// Returns the settings that the loader of a site carries.
    pub fn loader_config<'a>(
        &'a self,
        (site, name): (&'a str, &'a str),
        declared: &'a [String],
        origins: Vec<String>,
    ) -> LoaderConfig<'a> {
        let rules = self.recontact;
        let globs = |globs: &'a [super::Glob]| globs.iter().map(super::Glob::as_str).collect();
        // As browsers call them.
        let signals = [("globalPrivacyControl", self.respect_gpc), ("doNotTrack", self.respect_dnt)];
        // Messages have page and language in members of their own, though scores can be grouped by
        // them.
        let is_property = |name: &&str| !matches!(*name, "page" | "lang");
        let (mode, target) = match &self.mode {
            Mode::Card => (None, None),
            Mode::Bar => (Some("bar"), None),
            Mode::Inline { target } => (Some("inline"), Some(target.as_str())),
            Mode::Tab => (Some("tab"), None),
        };
        let mut survey = ObjectWriter::new(false);
        self.write_texts(&mut survey);
        let mut config = LoaderConfig {
            site,
            name,
            variant: &self.variant,
            when: [
                rules.answered_days,
                rules.dismissed_days,
                rules.ignored_times,
                rules.per_year,
                rules.ignored_days,
            ],
            view: rules.first_view,
            storage: (self.storage != Storage::default()).then(|| self.storage.as_str()),
            delay: None,
            scroll: None,
            exit: None,
            event: None,
            sample: (self.sampling < 1.0).then_some(self.sampling),
            include: globs(&self.pages.include),
            exclude: globs(&self.pages.exclude),
            origins,
            signals: signals.into_iter().filter(|(_, respected)| *respected).map(|(name, _)| name).collect(),
            properties: declared.iter().map(String::as_str).filter(is_property).collect(),
            mode,
            target,
            corner: (self.corner != Corner::default()).then(|| self.corner.as_str()),
            scheme: (self.theme.scheme != Scheme::Auto).then(|| self.theme.scheme.as_str()),
            look: Some(self.theme.rules()).filter(|rules| !rules.is_empty()),
            survey: survey.into_value(),
        };
        match &self.trigger {
            Trigger::Delay => config.delay = Some(self.delay_seconds),
            Trigger::Scroll { percent } => config.scroll = Some(*percent),
            Trigger::Exit => config.exit = Some(1),
            Trigger::Event { name } => config.event = Some(name),
            Trigger::Manual => {}
        }
        config
    }

    /// Writes the texts and questions of the survey.
    fn write_texts(&self, out: &mut ObjectWriter) {
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
    use std::collections::BTreeSet;

    use super::*;

    fn loader(given: Value) -> Value {
        let survey = Survey::read(&given, "").unwrap();
        survey.loader_config(("abc", "Tea shop"), &[], vec![]).into_json().into()
    }

    #[test]
    fn the_default_config_contains_only_numbers() {
        assert_eq!(
            loader(json!({})),
            json!({ "site": "abc", "name": "Tea shop", "variant": "standard", "when": [120, 30, 3, 4, 1], "view": 2, "delay": 10 })
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
        let survey = Survey::default();
        let config = |declared| survey.loader_config(("abc", "Tea shop"), declared, vec![]).into_json();
        assert_eq!(config(&declared)["properties"], json!(["plan", "country"]));
        assert_eq!(config(&declared[1..3]).get("properties"), None, "messages have page and language anyway");
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

    #[test]
    fn the_scripts_declare_the_same_members() {
        let types = include_str!("../../../widget/js/types.d.ts");
        let (_, body) = types.split_once("export interface SiteConfig {").unwrap();
        let (body, _) = body.split_once("\n}\n").unwrap();
        let member = |line: &str| {
            let (name, _) = line.strip_prefix("  ")?.split_once(':')?;
            let name = name.trim_end_matches('?');
            name.bytes().all(|byte| byte.is_ascii_alphanumeric()).then(|| name.to_owned())
        };
        let declared: BTreeSet<String> = body.lines().filter_map(member).collect();
        // Only attributes of the tag set these.
        let attributes = ["frame", "lang", "test"];
        let expected = LoaderConfig::NAMES.iter().chain(&attributes).map(|name| (*name).to_owned());
        assert_eq!(declared, expected.collect());
    }
}

//! axe, which checks a page for accessibility problems.
//!
//! `npm ci` installs it with the other tools. Its source runs in the page, so it works in every
//! engine and under any Content Security Policy. It checks open shadow roots too.

use std::fmt;
use std::sync::LazyLock;

use serde_json::Value;

use crate::browser::Browser;

/// Rules to check: WCAG 2.2 A and AA, and what axe calls best practice.
const TAGS: &str = r#"["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]"#;

static SOURCE: LazyLock<String> = LazyLock::new(|| {
    // The build installs the packages in `package-lock.json`.
    crate::server::dist();
    let path = xtask::root().join("node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
});

/// A violation that axe found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Name of the rule, such as `color-contrast`.
    pub rule: String,
    /// Requirement of the rule.
    pub help: String,
    /// Violations of the rule: the start of each element, and the problem with it.
    pub places: Vec<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.help)?;
        self.places.iter().try_for_each(|place| write!(f, "\n  {place}"))
    }
}

impl Browser {
    /// Returns the violations that axe finds in the page, or in the frame that receives the
    /// commands, once nothing moves in the survey. Empty without violations. axe examines the
    /// survey and every other open shadow root, but frames only one by one.
    pub async fn axe(&self) -> Vec<Violation> {
        self.until_still().await;
        if self.run("return Boolean(window.axe);").await != true {
            self.run(&SOURCE).await;
        }
        let script = format!(
            "return window.axe.run(document, {{ runOnly: {{ type: 'tag', values: {TAGS} }}, resultTypes: ['violations'], iframes: false }})
                .then((found) => found.violations.map((it) => [it.id, it.help, it.nodes.map((node) =>
                    node.html.slice(0, 200) + ' — ' + node.failureSummary.replace(/\\s+/g, ' '))]));"
        );
        let found = self.run(&script).await;
        found.as_array().expect("a list").iter().map(violation).collect()
    }
}

fn violation(found: &Value) -> Violation {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let places = found[2].as_array().into_iter().flatten().map(text).collect();
    Violation { rule: text(&found[0]), help: text(&found[1]), places }
}

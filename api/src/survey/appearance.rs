//! Appearance of the survey: its place on the page and its theme.

use super::colour::{Colour, Derived};
use super::object_writer::ObjectWriter;
use super::selector;
use super::string_enum::{choose, string_enum};
use crate::limits::{MAX_RADIUS, MAX_SELECTOR};
use crate::validation::{Errors, ObjectReader, quoted};

/// Mode of the survey on the page. None of them covers the page or blocks it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Mode {
    /// A card in a corner.
    #[default]
    Card,
    /// A bar along the edge to which the corner belongs, the upper or the lower.
    Bar,
    /// Inside an element of the page, in its flow.
    Inline {
        /// The CSS selector of that element; the first that matches is taken, and without one
        /// nothing shows.
        target: String,
    },
    /// A button at the side to which the corner belongs; it opens the card.
    Tab,
}

impl Mode {
    const NAMES: [&'static str; 4] = ["card", "bar", "inline", "tab"];

    /// Reads the members `mode` and `target`.
    pub(super) fn read(reader: &ObjectReader, errors: &mut Errors) -> Self {
        let before = errors.len();
        let target = reader.string(errors, "target", MAX_SELECTOR);
        if let Some(target) = target.as_deref().filter(|_| !errors.is_stored())
            && let Some(problem) = selector::problem(target)
        {
            let detail = format!("Must be a CSS selector, not {}: {problem}.", quoted(&target.into()));
            reader.error(errors, "target", &detail);
        }
        let target_is_wrong = errors.len() > before;
        let mode = match reader.one_of(errors, "mode", &Self::NAMES) {
            Some(1) => Self::Bar,
            Some(2) => {
                if target.is_none() && !target_is_wrong {
                    let detail = "The mode inline needs the CSS selector of the element that holds the \
                                  survey, \
                                  for example \"#survey\".";
                    reader.error(errors, "target", detail);
                }
                return Self::Inline { target: target.unwrap_or_default() };
            }
            Some(3) => Self::Tab,
            _ => Self::Card,
        };
        if target.is_some() && errors.len() == before {
            let detail = "Belongs to the mode inline; leave it out, or set \"mode\": \"inline\".";
            reader.error(errors, "target", detail);
        }
        mode
    }

    /// Writes the members `mode` and `target`.
    pub(super) fn write(&self, out: &mut ObjectWriter) {
        let (word, target) = match self {
            Self::Card => ("card", None),
            Self::Bar => ("bar", None),
            Self::Inline { target } => ("inline", Some(target.as_str())),
            Self::Tab => ("tab", None),
        };
        out.put("mode", word, "card");
        out.text("target", target);
    }
}

string_enum! {
    /// The corner in which the survey stands. Left and right are those of a survey in a language
    /// written from left to right; in one written from right to left the survey stands in the
    /// mirrored corner, as the rest of such a page does. Of the corner, a bar takes only top or
    /// bottom. Inline it has no meaning.
    #[derive(Default)]
    Corner {
        /// Below, where lines end. The default.
        #[default]
        BottomRight = "bottom-right",
        /// Below, where lines begin.
        BottomLeft = "bottom-left",
        /// Above, where lines end.
        TopRight = "top-right",
        /// Above, where lines begin.
        TopLeft = "top-left",
    }
}

string_enum! {
    /// Light or dark.
    #[derive(Default)]
    Scheme {
        /// As the page is, or as the visitor's system is set where the page does not say.
        #[default]
        Auto = "auto",
        /// Light for everybody.
        Light = "light",
        /// Dark for everybody.
        Dark = "dark",
    }
}

string_enum! {
    /// The typeface.
    #[derive(Default)]
    Font {
        /// The visitor's system's.
        #[default]
        System = "system",
        /// The page's.
        Inherit = "inherit",
    }
}

/// Theme of the survey. Text and outlines keep their contrast for every accent, which itself stays
/// as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// The colour of what is chosen and of the button, as `#rrggbb` in lower case; without it the
    /// survey's own, one for light and one for dark.
    pub accent: Option<String>,
    /// The radius of the card's corners in CSS pixels, at most
    /// [`MAX_RADIUS`].
    pub radius: u16,
    /// Light or dark.
    pub scheme: Scheme,
    /// The typeface.
    pub font: Font,
}

/// Accent of a survey whose owner has chosen none, on a light card: as in the widget's style sheet.
const DEFAULT_ACCENT: Colour = Colour([0x5b, 0x3c, 0xc4]);

/// Colours of what the accent fills on a white background, as `#rrggbb`, for places without a style
/// sheet such as an email.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledColours {
    /// The accent.
    pub fill: String,
    /// Colour of text on the accent: black or white.
    pub text: String,
    /// Outline: the accent, or a darker colour where that is too close to white.
    pub rim: String,
}

impl Default for Theme {
    fn default() -> Self {
        Self { accent: None, radius: 20, scheme: Scheme::default(), font: Font::default() }
    }
}

impl Theme {
    pub(super) fn read(reader: &ObjectReader, errors: &mut Errors) -> Self {
        let theme = reader.object(errors, "theme", &["accent", "radius", "scheme", "font"]);
        let accent = theme.string(errors, "accent", 100).filter(|accent| {
            let right = is_colour(accent);
            if !right {
                theme.error(errors, "accent", "Must be a colour of the form #rrggbb, for example #5b3cc4.");
            }
            right
        });
        Self {
            accent: accent.map(|accent| accent.to_ascii_lowercase()),
            radius: theme.integer_or(
                errors,
                "radius",
                (0..=MAX_RADIUS, " of pixels"),
                Self::default().radius,
            ),
            scheme: choose(&theme, errors, "scheme", (Scheme::NAMES, Scheme::ALL)),
            font: choose(&theme, errors, "font", (Font::NAMES, Font::ALL)),
        }
    }

    /// Returns the colours of what the accent fills on a white background.
    pub fn filled_colours(&self) -> FilledColours {
        let accent = self.accent.as_deref().and_then(Colour::parse).unwrap_or(DEFAULT_ACCENT);
        let [on_light, _] = accent.derived();
        FilledColours {
            fill: accent.long_hex(),
            text: accent.text().long_hex(),
            rim: on_light.rim.long_hex(),
        }
    }

    /// Returns the rules that follow the widget's style sheet: no more than what differs from it.
    /// The widget marks a dark card with the attribute `data-dark`.
    pub(super) fn rules(&self) -> String {
        let (mut both, mut dark) = (Vec::new(), String::new());
        if let Some(accent) = self.accent.as_deref().and_then(Colour::parse) {
            let [on_light, on_dark] = accent.derived();
            both.push(format!("--fill:{}!important", accent.hex()));
            both.push(format!("--on-fill:{}!important", accent.text().hex()));
            let derived = |derived: Derived| {
                format!("--ink:{}!important;--rim:{}!important", derived.ink.hex(), derived.rim.hex())
            };
            both.push(derived(on_light));
            if on_dark != on_light {
                dark = format!(":host([data-dark]){{{}}}", derived(on_dark));
            }
        }
        if self.radius != Self::default().radius {
            both.push(format!("--radius:{}px!important", self.radius));
        }
        if self.font == Font::Inherit {
            both.push("font-family:var(--page-font)!important".into());
        }
        if both.is_empty() {
            return String::new();
        }
        // The sheet sets the accent of a dark card with the second selector.
        let hosts = if self.accent.is_some() { ":host,:host([data-dark])" } else { ":host" };
        format!("{hosts}{{{}}}{dark}", both.join(";"))
    }

    pub(super) fn write(&self, out: &mut ObjectWriter) {
        let default = Self::default();
        out.within("theme", |out| {
            out.text("accent", self.accent.as_deref());
            out.put("radius", self.radius, default.radius);
            out.put("scheme", self.scheme.as_str(), default.scheme.as_str());
            out.put("font", self.font.as_str(), default.font.as_str());
        });
    }
}

fn is_colour(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

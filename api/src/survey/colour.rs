//! Colours of the survey for the accent that the owner has chosen.
//!
//! The accent itself is never changed: it fills the chosen score and the button, with black or
//! white text. Only the colours around it are derived: an outline where the accent alone is too
//! close to the card, and an ink for links, ticks and focus. Contrast is that of WCAG 2.2
//! ("relative luminance", "contrast ratio"): 4.5 : 1 for text (success criterion 1.4.3) and 3 : 1
//! for the outline of a control (1.4.11).

/// Contrast that text needs against its background.
const TEXT: f64 = 4.5;
/// Contrast that the outline of a control needs against its background.
const OUTLINE: f64 = 3.0;

/// The cards of the widget's style sheet, light and dark.
const LIGHT_CARD: Colour = Colour([0xff, 0xff, 0xff]);
const DARK_CARD: Colour = Colour([0x1f, 0x1f, 0x1f]);
const WHITE: Colour = Colour([0xff, 0xff, 0xff]);
const BLACK: Colour = Colour([0, 0, 0]);

/// A colour of the sRGB space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colour(pub(super) [u8; 3]);

/// Colours derived from an accent for one of the two cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Derived {
    /// Colour of links, ticks and focus: at least 4.5 : 1 against the card.
    pub(super) ink: Colour,
    /// Outline of what the accent fills, at least 3 : 1 against the card. It is the accent where
    /// that is enough.
    pub(super) rim: Colour,
}

impl Colour {
    /// Reads `#rrggbb`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = u32::from_str_radix(text.strip_prefix('#').filter(|hex| hex.len() == 6)?, 16).ok()?;
        let [_, red, green, blue] = digits.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// As `#rrggbb`, or `#rgb` where that is the same colour.
    pub(super) fn hex(self) -> String {
        let [red, green, blue] = self.0;
        if self.0.iter().all(|part| part % 17 == 0) {
            return format!("#{:x}{:x}{:x}", red / 17, green / 17, blue / 17);
        }
        self.long_hex()
    }

    /// As `#rrggbb`, the only form that every email program reads.
    pub(super) fn long_hex(self) -> String {
        let [red, green, blue] = self.0;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// Returns the colour of text on this one, black or white: at least 4.5 : 1 for every colour.
    pub(super) fn text(self) -> Self {
        if self.contrast(WHITE) >= self.contrast(BLACK) { WHITE } else { BLACK }
    }

    /// Returns the colours derived from the accent for a light card, and for a dark one.
    pub(super) fn derived(self) -> [Derived; 2] {
        [(LIGHT_CARD, BLACK), (DARK_CARD, WHITE)].map(|(card, far)| Derived {
            ink: self.towards(far, card, TEXT),
            rim: self.towards(far, card, OUTLINE),
        })
    }

    /// Mixes with the far end only as much as the contrast with the card needs.
    fn towards(self, far: Self, card: Self, contrast: f64) -> Self {
        (0..=20)
            .map(|step| self.mix(far, f64::from(step) / 20.0))
            .find(|colour| colour.contrast(card) >= contrast)
            .unwrap_or(far)
    }

    fn mix(self, other: Self, share: f64) -> Self {
        let mut mixed = self.0;
        for (part, other) in mixed.iter_mut().zip(other.0) {
            *part = (f64::from(*part) * (1.0 - share) + f64::from(other) * share).round() as u8;
        }
        Self(mixed)
    }

    /// WCAG 2.2: from 1, the same, to 21, black on white.
    fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { to_power_of_2_4((part + 0.055) / 1.055) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

/// The power 2.4 of a number from 0.04 to 1, by Newton's method for the fifth root of its square.
/// The function for any power takes 2 KB of the Worker.
fn to_power_of_2_4(number: f64) -> f64 {
    let square = number * number;
    let mut root = number.sqrt();
    for _ in 0..8 {
        root = (4.0 * root + square / (root * root * root * root)) / 5.0;
    }
    square * root
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn colour(hex: &str) -> Colour {
        Colour::parse(hex).unwrap()
    }

    #[test]
    fn the_power_is_exact_for_every_part_of_a_colour() {
        for part in 11..=255_u8 {
            let number = (f64::from(part) / 255.0 + 0.055) / 1.055;
            assert!((to_power_of_2_4(number) - number.powf(2.4)).abs() < 1e-14, "{part}");
        }
    }

    #[test]
    fn contrast_matches_wcag() {
        assert_eq!(WHITE.contrast(BLACK), 21.0);
        assert_eq!(WHITE.contrast(WHITE), 1.0);
        // The usual example of a grey that is just enough on white.
        let grey = colour("#767676");
        assert!((grey.contrast(WHITE) - 4.54).abs() < 0.005, "{}", grey.contrast(WHITE));
    }

    #[test]
    fn a_colour_with_enough_contrast_is_unchanged() {
        let violet = colour("#5b3cc4");
        assert_eq!(violet.derived()[0], Derived { ink: violet, rim: violet });
        assert_eq!((violet.text(), violet.hex().as_str()), (WHITE, "#5b3cc4"));
        let yellow = colour("#ffd500");
        assert_eq!(yellow.derived()[1], Derived { ink: yellow, rim: yellow });
        assert_eq!(yellow.text(), BLACK);
        let [on_light, _] = yellow.derived();
        assert!(on_light.ink != yellow && on_light.rim != yellow);
    }

    #[test]
    fn a_red_between_the_two_thresholds_needs_no_outline_and_a_darker_ink() {
        let red = colour("#e5484d");
        let [on_light, _] = red.derived();
        assert_eq!(on_light.rim, red);
        assert_ne!(on_light.ink, red);
    }

    #[test]
    fn white_on_light_and_black_on_dark_have_an_outline() {
        assert_ne!(WHITE.derived()[0].rim, WHITE);
        assert_ne!(BLACK.derived()[1].rim, BLACK);
        assert_eq!((WHITE.text(), BLACK.text()), (BLACK, WHITE));
    }

    #[test]
    fn short_forms_are_the_same_colour() {
        assert_eq!((WHITE.hex().as_str(), colour("#ffdd00").hex().as_str()), ("#fff", "#fd0"));
        assert_eq!(colour("#ffd400").hex(), "#ffd400");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn every_colour_reaches_the_minimum_contrast(red: u8, green: u8, blue: u8) {
            let accent = Colour([red, green, blue]);
            prop_assert!(accent.contrast(accent.text()) >= TEXT, "text on {}", accent.hex());
            for (derived, card) in accent.derived().into_iter().zip([LIGHT_CARD, DARK_CARD]) {
                let Derived { ink, rim } = derived;
                prop_assert!(ink.contrast(card) >= TEXT, "{} on {}", ink.hex(), card.hex());
                prop_assert!(rim.contrast(card) >= OUTLINE, "{} on {}", rim.hex(), card.hex());
                prop_assert!(rim == accent || accent.contrast(card) < OUTLINE, "{} keeps its edge", accent.hex());
            }
        }
    }
}

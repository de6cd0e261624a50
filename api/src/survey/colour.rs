//! Colours whose contrast is right, whatever colour the owner has chosen.
//!
//! Contrast is that of WCAG 2.2 ("relative luminance", "contrast ratio"); text wants 4.5 : 1
//! (success criterion 1.4.3).

/// Contrast that text and marks need against their background.
const ENOUGH: f64 = 4.5;

/// The card's own colours, as in the widget's style sheet: the card in light and in dark, and what
/// stands on the accent.
const LIGHT_CARD: Colour = Colour([0xff, 0xff, 0xff]);
const DARK_CARD: Colour = Colour([0x21, 0x1e, 0x2b]);
const WHITE: Colour = Colour([0xff, 0xff, 0xff]);
const BLACK: Colour = Colour([0, 0, 0]);

/// A colour of the sRGB space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colour(pub(super) [u8; 3]);

/// Accent adapted to one of the two cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Accent {
    /// At least 4.5 : 1 against the card.
    pub(super) colour: Colour,
    /// Colour with more contrast, for the element under the pointer.
    pub(super) deep: Colour,
}

impl Colour {
    /// Reads `#rrggbb`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = u32::from_str_radix(text.strip_prefix('#').filter(|hex| hex.len() == 6)?, 16).ok()?;
        let [_, red, green, blue] = digits.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// As `#rrggbb`.
    pub(super) fn hex(self) -> String {
        let [red, green, blue] = self.0;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// The accent on a light card, and on a dark one. What stands on it has the colour of a light
    /// card or is darker than a dark one, so it is as readable there.
    pub(super) fn accents(self) -> [Accent; 2] {
        [self.against(LIGHT_CARD, BLACK), self.against(DARK_CARD, WHITE)]
    }

    /// Mixed with the far end only as much as the contrast wants.
    fn against(self, card: Self, far: Self) -> Accent {
        let colour = (0..=20)
            .map(|step| self.mix(far, f64::from(step) / 20.0))
            .find(|colour| colour.contrast(card) >= ENOUGH)
            .unwrap_or(far);
        Accent { colour, deep: colour.mix(far, 0.2) }
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
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Colour of text on the accent in the widget's style sheet.
    const ON_LIGHT: Colour = WHITE;
    const ON_DARK: Colour = Colour([0x1a, 0x15, 0x28]);

    #[test]
    fn contrast_matches_wcag() {
        assert_eq!(WHITE.contrast(BLACK), 21.0);
        assert_eq!(WHITE.contrast(WHITE), 1.0);
        // The usual example of a grey that is just enough on white.
        let grey = Colour::parse("#767676").unwrap();
        assert!((grey.contrast(WHITE) - 4.54).abs() < 0.005, "{}", grey.contrast(WHITE));
    }

    #[test]
    fn a_colour_with_enough_contrast_is_unchanged() {
        let violet = Colour::parse("#5b3cc4").unwrap();
        assert_eq!(violet.accents()[0].colour, violet);
        assert_eq!(violet.hex(), "#5b3cc4");
        let yellow = Colour::parse("#ffd500").unwrap();
        assert_eq!(yellow.accents()[1].colour, yellow);
        assert_ne!(yellow.accents()[0].colour, yellow);
    }

    proptest! {
        #[test]
        fn every_colour_reaches_the_minimum_contrast(red: u8, green: u8, blue: u8) {
            let [light, dark] = Colour([red, green, blue]).accents();
            for (accent, card, on) in [(light, LIGHT_CARD, ON_LIGHT), (dark, DARK_CARD, ON_DARK)] {
                for colour in [accent.colour, accent.deep] {
                    prop_assert!(colour.contrast(card) >= ENOUGH, "{} on the card", colour.hex());
                    prop_assert!(colour.contrast(on) >= ENOUGH, "{} under what stands on it", colour.hex());
                }
            }
        }
    }
}

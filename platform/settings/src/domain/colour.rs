//! Colours that can be read: shades of a chosen colour with the contrast that WCAG 2.2 asks of text.

use std::{fmt, str::FromStr};

/// What text needs at least (WCAG 2.2, success criterion 1.4.3).
pub const READABLE: f64 = 4.5;

/// The grounds of the light scheme: cards, the canvas, what the pointer is on; as in `web/src/platform/design/theme.ts`.
pub const LIGHT: [Colour; 3] = [Colour::of(0xffffff), Colour::of(0xf5f7fa), Colour::of(0xedf0f4)];
/// The grounds of the dark scheme.
pub const DARK: [Colour; 3] = [Colour::of(0x1c232c), Colour::of(0x151b22), Colour::of(0x28313b)];
/// The faint text of both schemes: it stands on tints too.
pub const FAINT: [Colour; 2] = [Colour::of(0x586473), Colour::of(0x97a3b1)];

const WHITE: Colour = Colour::of(0xffffff);
const BLACK: Colour = Colour::of(0);

/// A colour of sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

/// A text that is no colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a colour as #rrggbb")]
pub struct NotAColour;

impl FromStr for Colour {
    type Err = NotAColour;

    /// Reads `#rrggbb`, capital letters too.
    fn from_str(text: &str) -> Result<Self, NotAColour> {
        let digits = text.trim().strip_prefix('#').ok_or(NotAColour)?;
        if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(NotAColour);
        }
        u32::from_str_radix(digits, 16).map(Self::of).map_err(|_| NotAColour)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl Colour {
    const fn of(rgb: u32) -> Self {
        let [_, red, green, blue] = rgb.to_be_bytes();
        Self { red, green, blue }
    }

    /// Relative luminance, 0 to 1 (WCAG 2.2, definition of relative luminance).
    #[must_use]
    pub fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// Contrast with another, 1 to 21 (WCAG 2.2, definition of contrast ratio).
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// So many hundredths of another colour in this one.
    fn mixed(self, other: Self, hundredths: u16) -> Self {
        let mix = |from: u8, to: u8| {
            let sum = u16::from(from) * (100 - hundredths) + u16::from(to) * hundredths;
            u8::try_from((sum + 50) / 100).unwrap_or(u8::MAX)
        };
        Self {
            red: mix(self.red, other.red),
            green: mix(self.green, other.green),
            blue: mix(self.blue, other.blue),
        }
    }

    /// The nearest mixture with another colour that fits; the other colour itself when none does.
    fn until(self, other: Self, fits: impl Fn(Self) -> bool) -> Self {
        (0..=100).map(|hundredths| self.mixed(other, hundredths)).find(|&mixed| fits(mixed)).unwrap_or(other)
    }

    fn reads_on(self, grounds: &[Self]) -> bool {
        grounds.iter().all(|ground| self.contrast(*ground) >= READABLE)
    }
}

/// What is made of a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shades {
    /// From light to dark: 0 is a ground for 9, 3 is text of the dark scheme, 8 is text of the light one and a ground for
    /// white text in both.
    pub steps: [Colour; 10],
    /// A ground for text of the dark scheme.
    pub dark_tint: Colour,
}

impl Shades {
    /// The shades of a colour. What can be read as it is stays as it is.
    #[must_use]
    pub fn of(chosen: Colour) -> Self {
        let on_light = chosen.until(BLACK, |shade| {
            shade.reads_on(&LIGHT) && shade.contrast(shade.mixed(WHITE, 92)) >= READABLE
        });
        let ground = |hundredths| on_light.mixed(WHITE, hundredths);
        let (zero, one, two) = (ground(92), ground(86), ground(78));
        let darkest = on_light.mixed(BLACK, 22).until(BLACK, |shade| shade.reads_on(&[zero, one, two]));
        // Dark enough that faint text stands on it.
        let dark_tint = on_light.mixed(DARK[0], 55).until(BLACK, |tint| FAINT[1].reads_on(&[tint]));
        let on_dark = chosen.until(WHITE, |shade| shade.reads_on(&DARK) && shade.reads_on(&[dark_tint]));
        let between = |hundredths| on_light.mixed(on_dark, hundredths);
        Self {
            steps: [
                zero,
                one,
                two,
                on_dark,
                on_dark,
                between(75),
                between(50),
                between(25),
                on_light,
                darkest,
            ],
            dark_tint,
        }
    }

    /// The shade of text in the light scheme, and under white text.
    #[must_use]
    pub fn on_light(&self) -> Colour {
        self.steps[8]
    }

    /// The shade of text in the dark scheme.
    #[must_use]
    pub fn on_dark(&self) -> Colour {
        self.steps[3]
    }

    /// As they are kept: the steps, and the dark tint.
    #[must_use]
    pub fn kept(&self) -> Vec<String> {
        self.steps.iter().chain([&self.dark_tint]).map(Colour::to_string).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn colour(text: &str) -> Colour {
        text.parse().expect("a colour")
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert!((BLACK.contrast(WHITE) - 21.0).abs() < 1e-9);
        assert!((WHITE.contrast(WHITE) - 1.0).abs() < 1e-9);
        // Known from the standard's own examples: #767676 is the lightest gray that can be read on white.
        assert!(colour("#767676").contrast(WHITE) >= READABLE);
        assert!(colour("#777777").contrast(WHITE) < READABLE);
    }

    #[test]
    fn what_can_be_read_stays_as_it_was_chosen() {
        assert_eq!(Shades::of(colour("#1d4a7d")).on_light(), colour("#1d4a7d"));
        assert_eq!(Shades::of(colour("#ffcc00")).on_dark(), colour("#ffcc00"));
        assert_ne!(Shades::of(colour("#ffcc00")).on_light(), colour("#ffcc00"));
    }

    #[test]
    fn only_six_digits_are_a_colour() {
        assert_eq!("#AbCdEf".parse::<Colour>().map(|one| one.to_string()), Ok("#abcdef".to_owned()));
        for wrong in
            ["", "#", "abcdef", "#abc", "#abcdeg", "#abcdef0", "#+12345", "red", "#аbcdef", "#abcdef;}"]
        {
            assert_eq!(wrong.parse::<Colour>(), Err(NotAColour), "{wrong}");
        }
    }

    #[test]
    fn the_grounds_are_those_of_the_app() {
        let theme = include_str!("../../../../web/src/platform/design/theme.ts");
        for ground in LIGHT.iter().skip(1).chain(&DARK).chain(&FAINT) {
            assert!(theme.contains(&format!("'{ground}'")), "{ground} is not in the app's theme");
        }
    }

    /// Every pair of text and ground that the app makes of the shades.
    fn pairs(shades: &Shades) -> Vec<(&'static str, Colour, Colour)> {
        let step = |at: usize| shades.steps[at];
        let mut pairs = vec![
            ("white on a button", WHITE, step(8)),
            ("white on a button under the pointer", WHITE, step(9)),
            ("text on a tint", step(9), step(0)),
            ("a link on a tint", step(8), step(0)),
            ("text on a light button", step(9), step(1)),
            ("text on a light button under the pointer", step(9), step(2)),
            ("faint text on a tint", FAINT[0], step(0)),
            ("text on the dark tint", step(1), shades.dark_tint),
            ("a link on the dark tint", step(3), shades.dark_tint),
            ("faint text on the dark tint", FAINT[1], shades.dark_tint),
            // Mantine darkens the last shade for light buttons of the dark scheme, by a half and by 30 hundredths.
            ("text on a light button, dark", step(0), step(9).mixed(BLACK, 50)),
            ("text on a light button under the pointer, dark", step(0), step(9).mixed(BLACK, 30)),
        ];
        pairs.extend(LIGHT.iter().map(|ground| ("a link", step(8), *ground)));
        pairs.extend(DARK.iter().map(|ground| ("a link, dark", step(3), *ground)));
        pairs.extend(DARK.iter().map(|ground| ("an outline, dark", step(4), *ground)));
        pairs
    }

    proptest! {
        #[test]
        fn whatever_is_chosen_can_be_read(red: u8, green: u8, blue: u8) {
            let chosen = Colour { red, green, blue };
            for (what, text, ground) in pairs(&Shades::of(chosen)) {
                let contrast = text.contrast(ground);
                prop_assert!(contrast >= READABLE, "{chosen}: {what}: {text} on {ground} is {contrast:.2}");
            }
        }

        #[test]
        fn a_shade_of_a_shade_is_itself(red: u8, green: u8, blue: u8) {
            let shades = Shades::of(Colour { red, green, blue });
            prop_assert_eq!(Shades::of(shades.on_light()).on_light(), shades.on_light());
        }

        #[test]
        fn contrast_is_the_same_from_both_sides(one: (u8, u8, u8), two: (u8, u8, u8)) {
            let [one, two] = [one, two].map(|(red, green, blue)| Colour { red, green, blue });
            prop_assert_eq!(one.contrast(two), two.contrast(one));
            prop_assert!((1.0..=21.0).contains(&one.contrast(two)));
        }

        #[test]
        fn what_is_written_reads_back(red: u8, green: u8, blue: u8) {
            let colour = Colour { red, green, blue };
            prop_assert_eq!(colour.to_string().parse(), Ok(colour));
            prop_assert_eq!(Shades::of(colour).kept().len(), 11);
        }

        #[test]
        fn no_other_text_is_a_colour(text in "\\PC{0,12}") {
            if let Ok(colour) = text.parse::<Colour>() {
                prop_assert_eq!(colour.to_string(), text.trim().to_lowercase());
            }
        }
    }
}

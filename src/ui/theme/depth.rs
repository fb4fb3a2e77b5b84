//! How many colours a terminal has, and the nearest of them to a given one. It does not know what a colour is used for. (The crate
//! `termprofile` maps to the sixteen with a fixed table, by way of the 256; here the hue is preserved.)

use palette::color_difference::{Ciede2000, Wcag21RelativeContrast};
use palette::white_point::D65;
use palette::{IntoColor, Lab, Oklch, Srgb};
use ratatui::style::Color;

/// How many colours a terminal shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// None, because it cannot or because the user does not want any.
    None,
    /// The terminal's own sixteen, whatever they look like there.
    Sixteen,
    TwoFiftySix,
    /// Any red, green and blue.
    True,
}

/// The first sixteen colours and the values that the usual table of 256 colours gives them. Terminals differ.
const SIXTEEN: [(Color, [u8; 3]); 16] = [
    (Color::Black, [0, 0, 0]),
    (Color::Red, [128, 0, 0]),
    (Color::Green, [0, 128, 0]),
    (Color::Yellow, [128, 128, 0]),
    (Color::Blue, [0, 0, 128]),
    (Color::Magenta, [128, 0, 128]),
    (Color::Cyan, [0, 128, 128]),
    (Color::Gray, [192, 192, 192]),
    (Color::DarkGray, [128, 128, 128]),
    (Color::LightRed, [255, 0, 0]),
    (Color::LightGreen, [0, 255, 0]),
    (Color::LightYellow, [255, 255, 0]),
    (Color::LightBlue, [0, 0, 255]),
    (Color::LightMagenta, [255, 0, 255]),
    (Color::LightCyan, [0, 255, 255]),
    (Color::White, [255, 255, 255]),
];

/// Below this Oklab chroma a colour is seen as a grey.
const GREY: f32 = 0.04;

impl Depth {
    /// What the environment says.
    pub(super) fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
        let terminal = variable("TERM").unwrap_or_default();
        let colours = variable("COLORTERM").unwrap_or_default().to_lowercase();
        if is_set("NO_COLOR") || terminal == "dumb" {
            Self::None
        } else if colours == "truecolor" || colours == "24bit" {
            Self::True
        } else if terminal.contains("256color") {
            Self::TwoFiftySix
        } else {
            Self::Sixteen
        }
    }

    /// The nearest colour that a terminal of this depth shows. The sixteen are names, not values, and stay what they are.
    pub fn nearest(self, colour: Color) -> Color {
        match (self, colour) {
            (Self::None, _) => Color::Reset,
            (Self::TwoFiftySix, Color::Rgb(..)) => value(colour).map_or(colour, nearest_of_256),
            (Self::Sixteen, Color::Rgb(..) | Color::Indexed(_)) => value(colour).map_or(colour, nearest_of_16),
            _ => colour,
        }
    }
}

/// How a colour looks; of the first sixteen, how they usually do. None for the terminal's own foreground and background.
fn value(colour: Color) -> Option<Srgb<f32>> {
    let value = match colour {
        Color::Reset => return None,
        Color::Rgb(red, green, blue) => [red, green, blue],
        Color::Indexed(index) => indexed(index),
        named => SIXTEEN.iter().find(|(known, _)| *known == named)?.1,
    };
    Some(Srgb::from(value).into_format())
}

/// The table of 256 colours: the sixteen, a cube of six steps a side, and 24 greys.
fn indexed(index: u8) -> [u8; 3] {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let step = |place: u8| STEPS[usize::from((index - 16) / place % 6)];
    match index {
        0..=15 => SIXTEEN[usize::from(index)].1,
        16..=231 => [step(36), step(6), step(1)],
        232..=255 => [8 + 10 * (index - 232); 3],
    }
}

/// The smallest CIEDE2000 difference. The first sixteen are left out: nobody knows how they look on a given terminal.
fn nearest_of_256(wanted: Srgb<f32>) -> Color {
    let lab = |colour: Srgb<f32>| -> Lab<D65, f32> { colour.into_color() };
    let wanted = lab(wanted);
    let difference = |index: &u8| wanted.difference(lab(Srgb::from(indexed(*index)).into_format()));
    (16..=255).min_by(|a, b| difference(a).total_cmp(&difference(b))).map_or(Color::Reset, Color::Indexed)
}

/// Of sixteen colours none is near, and the plain distance makes most pale colours grey. What has to survive is what a colour
/// is taken for: a grey becomes the grey of the nearest lightness, any other the one nearest in hue and lightness. Chroma is
/// not compared, since the sixteen have no choice of it.
fn nearest_of_16(wanted: Srgb<f32>) -> Color {
    let seen = |colour: Srgb<f32>| -> Oklch<f32> { colour.into_color() };
    let wanted = seen(wanted);
    let is_grey = |colour: &Oklch<f32>| colour.chroma < GREY;
    let distance = |colour: &Oklch<f32>| {
        let lightness = colour.l - wanted.l;
        let chord = 2.0 * ((colour.hue - wanted.hue).into_radians() / 2.0).sin();
        lightness * lightness + if is_grey(&wanted) { 0.0 } else { chord * chord }
    };
    SIXTEEN
        .iter()
        .map(|(name, value)| (*name, seen(Srgb::from(*value).into_format())))
        .filter(|(_, colour)| is_grey(colour) == is_grey(&wanted))
        .min_by(|a, b| distance(&a.1).total_cmp(&distance(&b.1)))
        .map_or(Color::Reset, |(name, _)| name)
}

/// The contrast ratio of WCAG 2.1, from 1 to 21; none where one of the colours is the terminal's own.
pub fn contrast(one: Color, other: Color) -> Option<f32> {
    Some(value(one)?.relative_contrast(value(other)?))
}

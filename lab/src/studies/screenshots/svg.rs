//! A terminal's cells as an SVG image: a window frame, backgrounds, runs of text. The same cells give the same image, byte for byte. Knows
//! no program and writes no file.
//!
//! Every run is stretched to the columns it takes in the terminal, so the columns stand under each other whatever font a viewer has.

use std::fmt::Write;

use vt100::{Cell, Color, Screen};

/// A cell's size and the text's, in pixels. A monospace character is about 0.6 as wide as its font is high.
const CELL_WIDTH: u32 = 9;
const CELL_HEIGHT: u32 = 18;
const FONT_SIZE: u32 = 15;
/// From a cell's top to the line its letters stand on.
const BASELINE: u32 = 14;
/// Between the window's edge and the cells, and the height of its title bar.
const MARGIN: u32 = 12;
const TITLE_BAR: u32 = 30;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rgb(u8, u8, u8);

const TEXT: Rgb = Rgb(0xd4, 0xd9, 0xe1);
const BACKGROUND: Rgb = Rgb(0x17, 0x1b, 0x22);
const EDGE: Rgb = Rgb(0x3a, 0x42, 0x4f);

/// The sixteen colours that a terminal's palette has names for.
const PALETTE: [Rgb; 16] = [
    Rgb(0x10, 0x13, 0x18),
    Rgb(0xd0, 0x5a, 0x5a),
    Rgb(0x7d, 0xb4, 0x6c),
    Rgb(0xd9, 0xb0, 0x4a),
    Rgb(0x6a, 0x9c, 0xe6),
    Rgb(0xb9, 0x84, 0xd8),
    Rgb(0x58, 0xb5, 0xbe),
    Rgb(0xb4, 0xba, 0xc4),
    Rgb(0x7a, 0x84, 0x93),
    Rgb(0xf0, 0x7f, 0x7a),
    Rgb(0x9b, 0xd1, 0x88),
    Rgb(0xf0, 0xcc, 0x70),
    Rgb(0x8f, 0xb8, 0xf5),
    Rgb(0xd2, 0xa5, 0xee),
    Rgb(0x7f, 0xd3, 0xdb),
    Rgb(0xf4, 0xf6, 0xf9),
];

/// The image of what the screen shows, in a window with this title.
#[must_use]
pub fn render(screen: &Screen, title: &str) -> String {
    let (rows, columns) = screen.size();
    let width = u32::from(columns.get()) * CELL_WIDTH + 2 * MARGIN;
    let height = u32::from(rows.get()) * CELL_HEIGHT + TITLE_BAR + 2 * MARGIN;
    let mut image = frame(width, height, title);
    for row in 0..rows.get() {
        for run in runs(screen, row) {
            image.push_str(&background(&run, row));
        }
    }
    for row in 0..rows.get() {
        for run in runs(screen, row) {
            image.push_str(&text(&run, row));
        }
    }
    image.push_str("</g>\n</svg>\n");
    image
}

/// The window; the group for its cells is left open.
fn frame(width: u32, height: u32, title: &str) -> String {
    let (title, middle) = (escaped(title), width / 2);
    let (text, dim, background, edge) = (hex(TEXT), hex(PALETTE[8]), hex(BACKGROUND), hex(EDGE));
    let fonts = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace";
    let (right, bottom) = (width - 1, height - 1);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
         <title>{title}</title>\n\
         <rect x=\"0.5\" y=\"0.5\" width=\"{right}\" height=\"{bottom}\" rx=\"8\" fill=\"{background}\" stroke=\"{edge}\"/>\n\
         <path d=\"M1 {TITLE_BAR}.5H{right}\" stroke=\"{edge}\"/>\n\
         <g font-family=\"{fonts}\" font-size=\"{FONT_SIZE}\" fill=\"{text}\" xml:space=\"preserve\" style=\"white-space:pre\">\n\
         <text x=\"{middle}\" y=\"20\" text-anchor=\"middle\" fill=\"{dim}\">{title}</text>\n"
    )
}

/// How a cell looks, with everything that only swaps or mixes colours worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    text: Rgb,
    background: Rgb,
    bold: bool,
    italic: bool,
    underline: bool,
}

impl Look {
    fn of(cell: &Cell) -> Self {
        let (mut text, mut background) = (colour(cell.fgcolor(), TEXT), colour(cell.bgcolor(), BACKGROUND));
        if cell.inverse() {
            (text, background) = (background, text);
        }
        if cell.dim() {
            text = between(text, background);
        }
        Self { text, background, bold: cell.bold(), italic: cell.italic(), underline: cell.underline() }
    }
}

/// Cells of a row that are drawn together.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Run {
    column: u16,
    columns: u16,
    text: String,
    look: Look,
}

/// The row's runs from left to right: cells of one look, and of plain letters or of one symbol only. A symbol that a viewer takes from
/// another font has a width of its own, and would move the letters that share its run.
fn runs(screen: &Screen, row: u16) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for column in 0..screen.size().1.get() {
        let Some(cell) = screen.cell(row, column).filter(|cell| !cell.is_wide_continuation()) else { continue };
        let (look, shown) = (Look::of(cell), if cell.has_contents() { cell.contents() } else { " " });
        let columns = if cell.is_wide() { 2 } else { 1 };
        match runs.last_mut() {
            Some(run) if run.look == look && goes_on(&run.text, shown) => {
                run.text.push_str(shown);
                run.columns += columns;
            }
            _ => runs.push(Run { column, columns, text: shown.to_owned(), look }),
        }
    }
    runs
}

/// Whether a run of `text` takes this in.
fn goes_on(text: &str, shown: &str) -> bool {
    if shown.is_ascii() { text.is_ascii() } else { text.ends_with(shown) }
}

fn background(run: &Run, row: u16) -> String {
    if run.look.background == BACKGROUND {
        return String::new();
    }
    let (x, y, width) = place(run, row);
    let fill = hex(run.look.background);
    format!("<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{CELL_HEIGHT}\" fill=\"{fill}\"/>\n")
}

/// Spaces at the ends are not drawn, unless they are underlined.
fn text(run: &Run, row: u16) -> String {
    let mut run = run.clone();
    if !run.look.underline {
        let shown = run.text.trim_start_matches(' ');
        // A space takes one column and one byte.
        let before = u16::try_from(run.text.len() - shown.len()).unwrap_or(u16::MAX);
        let after = u16::try_from(shown.len() - shown.trim_end_matches(' ').len()).unwrap_or(u16::MAX);
        if shown.is_empty() {
            return String::new();
        }
        run = Run {
            column: run.column + before,
            columns: run.columns - before - after,
            text: run.text.trim_matches(' ').to_owned(),
            ..run
        };
    }
    let (x, y, width) = place(&run, row);
    let mut attributes = String::new();
    if run.look.text != TEXT {
        // Writing to a string cannot fail.
        let _ = write!(attributes, " fill=\"{}\"", hex(run.look.text));
    }
    for (has, attribute) in [
        (run.look.bold, " font-weight=\"bold\""),
        (run.look.italic, " font-style=\"italic\""),
        (run.look.underline, " text-decoration=\"underline\""),
    ] {
        if has {
            attributes.push_str(attribute);
        }
    }
    format!(
        "<text x=\"{x}\" y=\"{}\" textLength=\"{width}\" lengthAdjust=\"spacingAndGlyphs\"{attributes}>{}</text>\n",
        y + BASELINE,
        escaped(&run.text)
    )
}

/// Left, top and width of the run.
fn place(run: &Run, row: u16) -> (u32, u32, u32) {
    let x = MARGIN + u32::from(run.column) * CELL_WIDTH;
    let y = TITLE_BAR + MARGIN + u32::from(row) * CELL_HEIGHT;
    (x, y, u32::from(run.columns) * CELL_WIDTH)
}

fn colour(colour: Color, default: Rgb) -> Rgb {
    match colour {
        Color::Default => default,
        Color::Rgb(red, green, blue) => Rgb(red, green, blue),
        Color::Idx(index @ 0..=15) => PALETTE[usize::from(index)],
        // Terminals agree on these: a cube of six levels a side, then greys.
        Color::Idx(index @ 16..=231) => {
            let level = |place: u8| match (index - 16) / place % 6 {
                0 => 0,
                step => 55 + 40 * step,
            };
            Rgb(level(36), level(6), level(1))
        }
        Color::Idx(index) => {
            let grey = 8 + 10 * (index - 232);
            Rgb(grey, grey, grey)
        }
    }
}

/// Halfway from one to the other.
fn between(Rgb(red, green, blue): Rgb, other: Rgb) -> Rgb {
    Rgb(red.midpoint(other.0), green.midpoint(other.1), blue.midpoint(other.2))
}

fn hex(Rgb(red, green, blue): Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU16;

    use super::*;

    const BOLD_CYAN: &str = "\x1b[1;36m";
    const RESET: &str = "\x1b[0m";

    fn screen(written: &str) -> Screen {
        let (rows, columns) = (NonZeroU16::new(2).unwrap(), NonZeroU16::new(20).unwrap());
        let mut parser = vt100::Parser::new(rows, columns, 0);
        parser.process(written.as_bytes());
        parser.screen().clone()
    }

    /// (column, columns, text) of the first row's runs that are not blank.
    fn first_row(written: &str) -> Vec<(u16, u16, String)> {
        let runs = runs(&screen(written), 0).into_iter().filter(|run| !run.text.trim().is_empty());
        runs.map(|run| (run.column, run.columns, run.text.trim_end().to_owned())).collect()
    }

    #[test]
    fn runs_end_where_the_look_or_the_kind_of_character_changes() {
        let found = first_row(&format!("ab{BOLD_CYAN}cd{RESET}──●x"));
        let expected = [(0, 2, "ab"), (2, 2, "cd"), (4, 2, "──"), (6, 1, "●"), (7, 13, "x")];
        assert_eq!(found, expected.map(|(column, columns, text)| (column, columns, text.to_owned())));
    }

    #[test]
    fn wide_characters_take_two_columns() {
        let found = first_row("a日日b");
        let expected = [(0, 1, "a"), (1, 4, "日日"), (5, 15, "b")];
        assert_eq!(found, expected.map(|(column, columns, text)| (column, columns, text.to_owned())));
        let x = MARGIN + 5 * CELL_WIDTH;
        assert!(render(&screen("a日日b"), "").contains(&format!("<text x=\"{x}\"")), "b stands in the sixth column");
    }

    #[test]
    fn colours_and_bold_are_those_of_the_cells() {
        let image = render(&screen(&format!("{BOLD_CYAN}Hi{RESET} \x1b[48;2;1;2;3mx\x1b[49m\x1b[38;5;196my")), "");
        let hi = format!("fill=\"{}\" font-weight=\"bold\">Hi</text>", hex(PALETTE[6]));
        assert!(image.contains(&hi), "{image}");
        assert!(image.contains("fill=\"#010203\"/>"), "a background");
        assert!(image.contains("fill=\"#ff0000\">y"), "a colour of the cube");
        assert_eq!(colour(Color::Idx(255), TEXT), Rgb(238, 238, 238));
    }

    #[test]
    fn reversed_cells_swap_and_dim_ones_fade() {
        let look = |written| Look::of(screen(written).cell(0, 0).unwrap());
        let reversed = look("\x1b[7mx");
        assert_eq!((reversed.text, reversed.background), (BACKGROUND, TEXT));
        assert_eq!(look("\x1b[2mx").text, between(TEXT, BACKGROUND));
    }

    #[test]
    fn text_cannot_become_markup() {
        let image = render(&screen("<b> & \"c\""), "a < b");
        assert!(image.contains("&lt;b&gt; &amp; \"c\"</text>") && image.contains("<title>a &lt; b</title>"), "{image}");
    }

    #[test]
    fn blank_cells_are_left_out_and_blanks_between_words_are_not() {
        let image = render(&screen("  a  b  "), "t");
        let (x, width) = (MARGIN + 2 * CELL_WIDTH, 4 * CELL_WIDTH);
        assert!(image.contains(&format!("<text x=\"{x}\" y=\"56\" textLength=\"{width}\"")), "{image}");
        assert!(image.contains(">a  b</text>"));
        assert_eq!(image.matches("<text").count(), 2, "the title and the row");
    }

    #[test]
    fn the_same_cells_give_the_same_image() {
        // Drawn in another order.
        let (at_once, in_parts) = (screen("one\r\ntwo"), screen("\x1b[2;1Htwo\x1b[1;1Hone"));
        assert_eq!(render(&at_once, "t"), render(&in_parts, "t"));
    }
}

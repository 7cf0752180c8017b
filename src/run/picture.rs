use std::fmt::Write as _;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Size;
use ratatui::style::{Color, Modifier};

use crate::cli::{self, Output, ThemeName};
use crate::event::{Moment, RequestId, Stage};
use crate::model::Model;
use crate::ui::{Focus, State, Theme, draw};

/// The width and height of a cell, in pixels.
const CELL: (f32, f32) = (9.6, 20.0);

/// The screen at the end of a run as an SVG picture, with the request selected that waited longest.
pub(super) fn svg(model: &Model, size: Size, theme: Theme) -> String {
    let mut state = State::new(size, "");
    state.focus = Focus::Table;
    state.selected = longest_waiting(model);
    state.settle(model);
    drawn(model, &state, model.latest(), theme)
}

/// The screen as somebody looks at it, as an SVG picture.
pub(super) fn drawn(model: &Model, state: &State, now: Moment, theme: Theme) -> String {
    let size = state.size();
    let now = state.pace.held().map_or(now, |held| held.at);
    // A test backend is a screen in memory: it cannot fail.
    let Ok(mut terminal) = Terminal::new(TestBackend::new(size.width, size.height));
    let Ok(drawn) = terminal.draw(|frame| draw(frame, model, state, now, &theme));
    let paper = if theme.is_light() { LIGHT } else { DARK };
    document(drawn.buffer, paper)
}

/// The colours that are asked for; a picture has no terminal that could be asked for its own.
pub(super) const fn theme(output: &Output) -> Theme {
    match (output.color, output.theme) {
        (cli::Color::Never, _) | (_, ThemeName::Mono) => Theme::mono(),
        (_, ThemeName::Night) => Theme::night(),
        (_, ThemeName::Day) => Theme::day(),
        (_, ThemeName::Ansi | ThemeName::Auto) => Theme::ansi(),
    }
}

/// The request that stood in line longest.
pub(super) fn longest_waiting(model: &Model) -> Option<RequestId> {
    let waited =
        |request: &&crate::model::Request| request.timeline.spent(Stage::Queue, model.latest());
    model
        .requests()
        .iter()
        .max_by_key(waited)
        .map(|request| request.id)
}

fn document(buffer: &Buffer, sheet: Sheet) -> String {
    let (cell, line) = CELL;
    let (width, height) = (
        f32::from(buffer.area.width) * cell,
        f32::from(buffer.area.height) * line,
    );
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-12 -12 {} {}\" \
         font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace\" \
         font-size=\"15.5\">\n<rect x=\"-12\" y=\"-12\" width=\"100%\" height=\"100%\" rx=\"8\" \
         fill=\"{}\"/>\n",
        width + 24.0,
        height + 24.0,
        sheet.paper
    );
    let columns = usize::from(buffer.area.width).max(1);
    for (cells, row) in buffer.content().chunks(columns).zip(0_u16..) {
        let mut rest = cells;
        let mut column = 0_u16;
        while let Some(first) = rest.first() {
            let run = rest.iter().take_while(|cell| is_alike(first, cell)).count();
            let (now, later) = rest.split_at(run);
            piece(&mut svg, now, (column, row), sheet);
            column += u16::try_from(run).unwrap_or(u16::MAX);
            rest = later;
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// Whether two cells can be drawn in one stroke.
fn is_alike(a: &Cell, b: &Cell) -> bool {
    a.style() == b.style()
        && shape(a.symbol()).is_some() == shape(b.symbol()).is_some()
        && (shape(a.symbol()).is_none() || a.symbol() == b.symbol())
}

/// Draws a run of cells that are alike.
fn piece(svg: &mut String, run: &[Cell], (column, row): (u16, u16), sheet: Sheet) {
    let Some(first) = run.first() else { return };
    let (cell, line) = CELL;
    let (x, y) = (f32::from(column) * cell, f32::from(row) * line);
    let width = f32::from(u16::try_from(run.len()).unwrap_or(u16::MAX)) * cell;
    let is_reversed = first.modifier.contains(Modifier::REVERSED);
    let (ink, paper) = (hex(first.fg, sheet.ink), hex(first.bg, sheet.paper));
    let (ink, paper) = if is_reversed {
        (paper, ink)
    } else {
        (ink, paper)
    };
    if paper != sheet.paper {
        rect(svg, (x, y), (width, line), &paper, 1.0);
    }
    match shape(first.symbol()) {
        Some(Shape::Whole(strength)) => rect(svg, (x, y), (width, line), &ink, strength),
        Some(Shape::Rule) => rect(svg, (x, y + line / 2.0), (width, 1.0), &ink, 1.0),
        Some(Shape::Part {
            left,
            top,
            right,
            bottom,
        }) => {
            for place in 0..u16::try_from(run.len()).unwrap_or(u16::MAX) {
                let corner = (x + (f32::from(place) + left) * cell, y + top * line);
                rect(
                    svg,
                    corner,
                    ((right - left) * cell, (bottom - top) * line),
                    &ink,
                    1.0,
                );
            }
        }
        None => text(svg, run, (x, y), &ink),
    }
}

/// Writes each word at its own column, so that columns are straight whatever the font.
fn text(svg: &mut String, run: &[Cell], (x, y): (f32, f32), ink: &str) {
    let is_bold = run
        .first()
        .is_some_and(|cell| cell.modifier.contains(Modifier::BOLD));
    let weight = if is_bold { " font-weight=\"bold\"" } else { "" };
    let mut rest = run;
    let mut at = 0_u16;
    while !rest.is_empty() {
        let is_blank = |cell: &&Cell| cell.symbol() == " ";
        let blanks = rest.iter().take_while(is_blank).count();
        let (_, words) = rest.split_at(blanks);
        let (word, later) = words.split_at(words.iter().take_while(|c| !is_blank(c)).count());
        let columns = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
        at += columns(blanks);
        let said: String = word.iter().map(Cell::symbol).collect();
        let said = said.replace('&', "&amp;").replace('<', "&lt;");
        let (left, length) = (
            x + f32::from(at) * CELL.0,
            f32::from(columns(word.len())) * CELL.0,
        );
        if !said.is_empty() {
            // Writing to a String cannot fail.
            let _ = writeln!(
                svg,
                "<text x=\"{left:.1}\" y=\"{:.1}\" textLength=\"{length:.1}\" \
                 fill=\"{ink}\"{weight}>{said}</text>",
                y + 15.0
            );
        }
        at += columns(word.len());
        rest = later;
    }
}

fn rect(svg: &mut String, (x, y): (f32, f32), (w, h): (f32, f32), fill: &str, strength: f32) {
    let opacity = if strength < 1.0 {
        format!(" fill-opacity=\"{strength}\"")
    } else {
        String::new()
    };
    let _ = writeln!(
        svg,
        "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" fill=\"{fill}\"{opacity}/>"
    );
}

/// A sign that is drawn as a rectangle, so that bars join whatever the font.
enum Shape {
    /// All of the cell, so dark.
    Whole(f32),
    /// A part of it, in fractions of the cell.
    Part {
        left: f32,
        top: f32,
        right: f32,
        bottom: f32,
    },
    /// A line across.
    Rule,
}

fn shape(symbol: &str) -> Option<Shape> {
    let sign = symbol.chars().next()?;
    let eighths =
        |from: char| f32::from(u8::try_from(u32::from(sign) - u32::from(from)).unwrap_or(0)) / 8.0;
    let part = |left, top, right, bottom| {
        Some(Shape::Part {
            left,
            top,
            right,
            bottom,
        })
    };
    match sign {
        '█' => Some(Shape::Whole(1.0)),
        '▓' => Some(Shape::Whole(0.75)),
        '▒' => Some(Shape::Whole(0.55)),
        '░' => Some(Shape::Whole(0.35)),
        '─' => Some(Shape::Rule),
        '│' => part(0.45, 0.0, 0.55, 1.0),
        '▕' => part(0.875, 0.0, 1.0, 1.0),
        '▐' => part(0.5, 0.0, 1.0, 1.0),
        '▀' => part(0.0, 0.0, 1.0, 0.5),
        '▉'..='▏' => part(0.0, 0.0, 0.875 - eighths('▉'), 1.0),
        '▁'..='▇' => part(0.0, 0.875 - eighths('▁'), 1.0, 1.0),
        _ => None,
    }
}

/// What is drawn on, and in which colour if nobody said another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sheet {
    paper: &'static str,
    ink: &'static str,
}

const DARK: Sheet = Sheet {
    paper: "#0d1117",
    ink: "#e6edf3",
};
const LIGHT: Sheet = Sheet {
    paper: "#ffffff",
    ink: "#1f2328",
};

/// A colour as SVG has it; the sixteen named ones look good on dark paper.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "themes use few of the named colours"
)]
fn hex(color: Color, default: &str) -> String {
    let named = match color {
        Color::DarkGray => "#6e7681",
        Color::Red => "#ff7b72",
        Color::Green => "#3fb950",
        Color::Yellow => "#d29922",
        Color::Blue => "#388bfd",
        Color::Magenta => "#a371f7",
        Color::Cyan => "#39c5cf",
        Color::LightYellow => "#f2cc60",
        Color::Rgb(red, green, blue) => return format!("#{red:02x}{green:02x}{blue:02x}"),
        Color::Indexed(number @ 16..) => return indexed(number),
        _ => default,
    };
    named.to_owned()
}

/// One of xterm's 256 colours behind the first sixteen: a cube of six steps, then greys.
fn indexed(number: u8) -> String {
    let step = |place: u8| if place == 0 { 0 } else { 55 + 40 * place };
    let cube = number.saturating_sub(16);
    let [red, green, blue] = number.checked_sub(232).map_or_else(
        || [cube / 36, cube / 6 % 6, cube % 6].map(step),
        |grey| [8 + 10 * grey; 3],
    );
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::read_record;
    use crate::run::reckoning::folded;
    use crate::ui::{Held, Pace};

    #[test]
    fn the_moment_that_is_held_is_drawn_in_the_colours_of_the_theme() {
        let run = include_bytes!("../../tests/fixtures/runs/queue.ndjson");
        let model = folded(&read_record(run).unwrap().events);
        let mut state = State::new(Size::new(100, 24), "");
        state.focus = Focus::Table;
        state.settle(&model);
        let now = model.latest();
        let live = drawn(&model, &state, now, Theme::night());
        assert!(live.contains("#5fafff") && live.contains(DARK.paper));
        let day = drawn(&model, &state, now, Theme::day());
        assert!(day.contains("#0000af") && day.contains(LIGHT.paper));
        state.pace = Pace::Held(Held {
            at: Moment::from_millis(50),
            place: 9,
            count: 10,
            words: String::new(),
        });
        let held = drawn(&model, &state, now, Theme::night());
        assert!(
            held.contains(">held<") && !live.contains(">held<"),
            "{held}"
        );
    }

    #[test]
    fn colours_are_those_of_a_terminal() {
        for (color, expected) in [
            (Color::Indexed(16), "#000000"),
            (Color::Indexed(116), "#87d7d7"),
            (Color::Indexed(231), "#ffffff"),
            (Color::Indexed(232), "#080808"),
            (Color::Indexed(255), "#eeeeee"),
            (Color::Rgb(1, 2, 254), "#0102fe"),
            (Color::Reset, "#123456"),
        ] {
            assert_eq!(hex(color, "#123456"), expected);
        }
    }
}

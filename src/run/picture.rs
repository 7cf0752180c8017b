use std::fmt::Write as _;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Size;
use ratatui::style::{Color, Modifier};

use crate::event::{RequestId, Stage};
use crate::model::Model;
use crate::ui::{Focus, State, Theme, draw};

/// The width and height of a cell, in pixels.
const CELL: (f32, f32) = (9.6, 20.0);

/// The screen at the end of a run as an SVG picture, with the request selected that waited longest.
pub(super) fn svg(model: &Model, size: Size) -> String {
    let mut state = State::new(size, "");
    state.focus = Focus::Table;
    state.selected = longest_waiting(model);
    state.settle(model);
    drawn(model, &state, Theme::ansi())
}

/// The screen as somebody looks at it, as an SVG picture.
pub(super) fn drawn(model: &Model, state: &State, theme: Theme) -> String {
    let size = state.size();
    // A test backend is a screen in memory: it cannot fail.
    let Ok(mut terminal) = Terminal::new(TestBackend::new(size.width, size.height));
    let Ok(drawn) = terminal.draw(|frame| draw(frame, model, state, model.latest(), &theme));
    document(drawn.buffer)
}

fn longest_waiting(model: &Model) -> Option<RequestId> {
    let waited =
        |request: &&crate::model::Request| request.timeline.spent(Stage::Queue, model.latest());
    model
        .requests()
        .iter()
        .max_by_key(waited)
        .map(|request| request.id)
}

fn document(buffer: &Buffer) -> String {
    let (cell, line) = CELL;
    let (width, height) = (
        f32::from(buffer.area.width) * cell,
        f32::from(buffer.area.height) * line,
    );
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-12 -12 {} {}\" \
         font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace\" \
         font-size=\"15.5\">\n<rect x=\"-12\" y=\"-12\" width=\"100%\" height=\"100%\" rx=\"8\" \
         fill=\"{PAPER}\"/>\n",
        width + 24.0,
        height + 24.0
    );
    let columns = usize::from(buffer.area.width).max(1);
    for (cells, row) in buffer.content().chunks(columns).zip(0_u16..) {
        let mut rest = cells;
        let mut column = 0_u16;
        while let Some(first) = rest.first() {
            let run = rest.iter().take_while(|cell| is_alike(first, cell)).count();
            let (now, later) = rest.split_at(run);
            piece(&mut svg, now, (column, row));
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
fn piece(svg: &mut String, run: &[Cell], (column, row): (u16, u16)) {
    let Some(first) = run.first() else { return };
    let (cell, line) = CELL;
    let (x, y) = (f32::from(column) * cell, f32::from(row) * line);
    let width = f32::from(u16::try_from(run.len()).unwrap_or(u16::MAX)) * cell;
    let is_reversed = first.modifier.contains(Modifier::REVERSED);
    let (ink, paper) = (hex(first.fg, INK), hex(first.bg, PAPER));
    let (ink, paper) = if is_reversed {
        (paper, ink)
    } else {
        (ink, paper)
    };
    if paper != PAPER {
        rect(svg, (x, y), (width, line), paper, 1.0);
    }
    match shape(first.symbol()) {
        Some(Shape::Whole(strength)) => rect(svg, (x, y), (width, line), ink, strength),
        Some(Shape::Rule) => rect(svg, (x, y + line / 2.0), (width, 1.0), ink, 1.0),
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
                    ink,
                    1.0,
                );
            }
        }
        None => text(svg, run, (x, y), ink),
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
        '▉'..='▏' => part(0.0, 0.0, 0.875 - eighths('▉'), 1.0),
        '▁'..='▇' => part(0.0, 0.875 - eighths('▁'), 1.0, 1.0),
        _ => None,
    }
}

const PAPER: &str = "#0d1117";
const INK: &str = "#e6edf3";

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the theme uses the sixteen named colours"
)]
const fn hex(color: Color, default: &'static str) -> &'static str {
    match color {
        Color::DarkGray => "#6e7681",
        Color::Red => "#ff7b72",
        Color::Green => "#3fb950",
        Color::Yellow => "#d29922",
        Color::Blue => "#388bfd",
        Color::Magenta => "#a371f7",
        Color::Cyan => "#39c5cf",
        Color::LightYellow => "#f2cc60",
        _ => default,
    }
}

use std::ops::Range;

use crate::event::{Moment, Stage, Tone};

use super::{Scale, Stretch};

/// One column of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The sign to draw.
    pub glyph: char,
    /// Its colour role.
    pub tone: Tone,
    /// The colour role behind it, where two stages share the column.
    pub under: Option<Tone>,
    /// The sign where colours cannot be drawn: the stage that has most of the column.
    pub plain: char,
}

/// Left blocks from one eighth to seven.
const LEFT: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/// The bar of some stretches, column by column; nothing where nothing happened.
///
/// To scale, always: a stretch is as long as its time, at least one eighth of a column, and
/// neighbours never overlap.
pub fn bar(stretches: &[Stretch], scale: &Scale) -> Vec<Option<Cell>> {
    let mut pieces = Pieces::default();
    for stretch in stretches {
        pieces.push(stretch.stage, (stretch.from, stretch.to), scale);
    }
    // The cache's own sign says that it answered; a look-up in passing is a line like any other.
    let is_answer = stretches
        .iter()
        .all(|stretch| stretch.stage == Stage::Cache);
    let drawn = pieces.cells(0..scale.columns());
    drawn
        .map(|drawn| drawn.map(|cell| if is_answer { cell } else { in_passing(cell) }))
        .collect()
}

/// A bar in eighths of a column, its pieces in order and apart.
#[derive(Debug, Default)]
pub(super) struct Pieces(Vec<Piece>);

impl Pieces {
    /// Begins another bar, in the same room.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Adds a stretch behind the others, as far as it is on the axis.
    pub(super) fn push(&mut self, stage: Stage, (from, to): (Moment, Moment), scale: &Scale) {
        let (start, end) = scale.range();
        if to < start || from > end {
            return;
        }
        let edge = u32::from(scale.columns()) * 8;
        let after = self.0.last().map_or(0, |last| last.to);
        let from = scale.eighths(from).max(after).min(edge.saturating_sub(1));
        let to = scale.eighths(to).max(from + 1).min(edge.max(1));
        if from < to && from >= after {
            self.0.push(Piece { stage, from, to });
        }
    }

    /// The columns that it reaches.
    pub(super) fn columns(&self) -> Range<u16> {
        let column = |eighths: u32| u16::try_from(eighths).unwrap_or(u16::MAX);
        match (self.0.first(), self.0.last()) {
            (Some(first), Some(last)) => column(first.from / 8)..column(last.to.div_ceil(8)),
            _ => 0..0,
        }
    }

    /// What is drawn of it in some columns; nothing where nothing happened.
    pub(super) fn cells(&self, columns: Range<u16>) -> impl Iterator<Item = Option<Cell>> {
        let mut next = self.0.as_slice();
        columns.map(u32::from).map(move |column| {
            while let [first, rest @ ..] = next
                && first.to <= column * 8
            {
                next = rest;
            }
            cell(next, column * 8)
        })
    }
}

/// A cell of a look-up that found nothing, if it is one.
const fn in_passing(cell: Cell) -> Cell {
    let sign = Stage::Cache.card().glyph;
    Cell {
        glyph: if cell.glyph == sign {
            '▏'
        } else {
            cell.glyph
        },
        plain: if cell.plain == sign { ' ' } else { cell.plain },
        ..cell
    }
}

/// A stretch in eighths of a column.
#[derive(Debug)]
struct Piece {
    stage: Stage,
    from: u32,
    to: u32,
}

/// What the column that begins at eighth `left` shows of `pieces`, the first of which reaches it.
fn cell(pieces: &[Piece], left: u32) -> Option<Cell> {
    let right = left + 8;
    let mut here = [(Stage::Queue, 0, 0); 9];
    let mut count = 0;
    for piece in pieces.iter().take_while(|piece| piece.from < right) {
        let (from, to) = (piece.from.max(left) - left, piece.to.min(right) - left);
        if let Some(slot) = here.get_mut(count) {
            *slot = (piece.stage, from, to);
            count += 1;
        }
    }
    let here = here.get(..count)?;
    let most = here.iter().max_by_key(|(_, from, to)| to - from)?.0;
    let plain = most.card().glyph;
    let mut blocks = here.iter().filter(|(stage, ..)| is_block(*stage));
    let Some(&(first, from, to)) = blocks.next() else {
        return Some(Cell {
            glyph: plain,
            tone: most.card().tone,
            under: None,
            plain,
        });
    };
    let tone = first.card().tone;
    // What lies under a block shows from the block's end to the end of the column.
    let under = blocks
        .next_back()
        .filter(|(_, from, to)| *to == 8 && from + 2 < 8);
    let (glyph, under) = match under {
        Some((other, from, _)) => (left_block(*from), Some(other.card().tone)),
        None => (alone(first, from, to), None),
    };
    Some(Cell {
        glyph,
        tone,
        under,
        plain,
    })
}

/// Whether a stage is drawn as a block, whose eighths can be told, or as a thin line.
const fn is_block(stage: Stage) -> bool {
    match stage {
        Stage::Dns | Stage::Connect | Stage::Proxy | Stage::Tls | Stage::Send | Stage::Receive => {
            true
        }
        Stage::Cache | Stage::Queue | Stage::Wait | Stage::Close => false,
    }
}

/// The sign of a block that has a column, or a part of it, to itself.
fn alone(stage: Stage, from: u32, to: u32) -> char {
    match (from, to) {
        (0, 8) => stage.card().glyph,
        (0, to) => left_block(to),
        (from, 8) => match 8 - from {
            1 | 2 => '▕',
            3..=5 => '▐',
            _ => stage.card().glyph,
        },
        (from, to) if to - from >= 4 => stage.card().glyph,
        (_, to) if to <= 4 => left_block(to.min(2)),
        _ => '▕',
    }
}

fn left_block(eighths: u32) -> char {
    let index = usize::try_from(eighths.clamp(1, 7) - 1).unwrap_or(0);
    LEFT.get(index).copied().unwrap_or('▏')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stretch(stage: Stage, from: u64, to: u64) -> Stretch {
        let (from, to) = (Moment::from_millis(from), Moment::from_millis(to));
        Stretch {
            stage,
            from,
            to,
            connection: None,
            failure: None,
        }
    }

    fn drawn(stretches: &[Stretch]) -> String {
        let scale = Scale::new(Moment::START, Moment::from_millis(100), 10);
        let cells = bar(stretches, &scale);
        cells
            .iter()
            .map(|cell| cell.map_or(' ', |cell| cell.glyph))
            .collect()
    }

    #[test]
    fn a_bar_is_as_long_as_its_time() {
        let full = [stretch(Stage::Dns, 0, 20), stretch(Stage::Wait, 20, 60)];
        assert_eq!(drawn(&full), "░░╌╌╌╌    ");
        assert_eq!(drawn(&[stretch(Stage::Receive, 30, 45)]), "   █▌     ");
    }

    #[test]
    fn the_shortest_stretch_is_one_eighth() {
        assert_eq!(drawn(&[stretch(Stage::Receive, 50, 50)]), "     ▏    ");
        assert_eq!(drawn(&[stretch(Stage::Receive, 100, 100)]), "         ▕");
    }

    #[test]
    fn only_an_answer_from_the_cache_has_its_sign() {
        let asked = stretch(Stage::Cache, 0, 0);
        assert_eq!(drawn(std::slice::from_ref(&asked)), "◆         ");
        assert_eq!(drawn(&[asked, stretch(Stage::Wait, 20, 40)]), "▏ ╌╌      ");
    }

    proptest! {
        #[test]
        fn bars_never_overlap_and_stay_in_their_columns(
            times in proptest::collection::vec(0_u64..200, 2..12), columns in 0_u16..50,
        ) {
            let mut times = times;
            times.sort_unstable();
            let stretches: Vec<_> =
                times.windows(2).map(|pair| stretch(Stage::Wait, pair[0], pair[1])).collect();
            let scale = Scale::new(Moment::START, Moment::from_millis(100), columns);
            let mut all = Pieces::default();
            for stretch in &stretches {
                all.push(stretch.stage, (stretch.from, stretch.to), &scale);
            }
            let pieces = &all.0;
            prop_assert!(pieces.windows(2).all(|pair| pair[0].to <= pair[1].from));
            prop_assert!(pieces.iter().all(|piece| piece.from < piece.to));
            prop_assert_eq!(bar(&stretches, &scale).len(), usize::from(columns));
        }
    }
}

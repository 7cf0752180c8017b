use crate::event::{Ending, Moment, RequestId, Stage, Tone};

use super::bar::Pieces;
use super::blocked::own_stretches;
use super::{Carried, Cell, Connection, Model, Request, Scale};

/// One column of a connection's lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LaneCell {
    /// What is drawn.
    pub cell: Option<Cell>,
    /// The request that runs there.
    pub request: Option<RequestId>,
    /// Whether the sign is part of that request's number.
    pub is_label: bool,
}

/// A connection's life on the time axis: its opening, each request with its number, the idle time
/// between as a line, its close.
pub fn lane(connection: &Connection, model: &Model, scale: &Scale, now: Moment) -> Vec<LaneCell> {
    let mut lane = Lane {
        cells: vec![LaneCell::default(); usize::from(scale.columns())],
        pieces: Pieces::default(),
        scale,
    };
    lane.idle(connection, now);
    lane.opening(connection, now);
    for carried in seen(connection, scale, now) {
        if let Some(request) = model.request(carried.request) {
            lane.exchange(carried, request, now);
        }
    }
    lane.end(connection);
    lane.cells
}

/// What can be told apart on the axis: of more exchanges than columns, the one in the middle of each.
fn seen<'a>(
    connection: &'a Connection,
    scale: &'a Scale,
    now: Moment,
) -> impl Iterator<Item = &'a Carried> {
    let all = connection.carried.as_slice();
    let (from, to) = scale.range();
    let first = all.partition_point(|carried| carried.until.unwrap_or(now) < from);
    let behind = all.partition_point(|carried| carried.from <= to);
    let count = behind.saturating_sub(first);
    let few = (count <= usize::from(scale.columns())).then_some(first..behind);
    // They come at much the same pace: the next is found near where this pace leads.
    let stride = count / usize::from(scale.columns()).max(1);
    let mut place = first;
    let at_column = move |column: u16| {
        let (left, right) = (scale.moment(column), scale.moment(column + 1));
        let middle = Moment(left.0.midpoint(right.0));
        place = partition_near(all, place + stride, |carried| carried.from <= middle);
        place.checked_sub(1)
    };
    let many = few.is_none().then_some(0..scale.columns());
    let mut last = None;
    let many = many.into_iter().flatten().filter_map(at_column);
    let many = many.filter(move |place| last.replace(*place) != Some(*place));
    few.into_iter()
        .flatten()
        .chain(many)
        .filter_map(|place| all.get(place))
}

/// How many of `all` stand before the first that is not so any more, looked for from `guess` on.
///
/// Far from each other in memory, few of them are looked at where the guess is good.
fn partition_near<T>(all: &[T], guess: usize, is_before: impl Fn(&T) -> bool) -> usize {
    let guess = guess.min(all.len());
    let (mut low, mut high, mut step) = (0, all.len(), 1);
    if all.get(guess).is_some_and(&is_before) {
        low = guess + 1;
        while let Some(next) = all.get(low + step) {
            if !is_before(next) {
                high = low + step;
                break;
            }
            low += step + 1;
            step *= 2;
        }
    } else {
        high = guess;
        while let Some(place) = high.checked_sub(step) {
            if all.get(place).is_some_and(&is_before) {
                low = place + 1;
                break;
            }
            high = place;
            step *= 2;
        }
    }
    let between = all.get(low..high).unwrap_or_default();
    low + between.partition_point(is_before)
}

/// When a connection began to close, and the sign for who closed it.
fn end(connection: &Connection) -> Option<(Moment, Cell)> {
    let (ended, ending) = connection.ended.as_ref()?;
    let parted = connection.timeline.of(Stage::Close).next();
    let at = parted.map_or(*ended, |span| span.began);
    let (glyph, plain, tone) = match ending {
        Ending::ByUs { .. } => ('┤', '|', Tone::Idle),
        Ending::ByServer { .. } => ('╡', '!', Tone::Idle),
        Ending::Unopened { .. } => ('✕', 'x', Tone::Failed),
    };
    let cell = Cell {
        glyph,
        plain,
        tone,
        under: None,
    };
    Some((at, cell))
}

/// A lane as it is drawn, one thing over the other.
struct Lane<'a> {
    cells: Vec<LaneCell>,
    /// Room for the bar that is drawn at the time.
    pieces: Pieces,
    scale: &'a Scale,
}

impl Lane<'_> {
    /// While it is open and not yet over: a thin line, drawn over by whatever happens.
    fn idle(&mut self, connection: &Connection, now: Moment) {
        let mut opened = connection.timeline.spans().iter();
        let Some(last) = opened.rfind(|span| span.stage < Stage::Close) else {
            return;
        };
        let from = last.until(now);
        let to = connection.ended.as_ref().map_or(now, |(at, _)| *at);
        if connection.ends.is_none() || to <= from {
            return;
        }
        let line = Cell {
            glyph: '─',
            tone: Tone::Idle,
            under: None,
            plain: '-',
        };
        self.pieces.clear();
        self.pieces.push(Stage::Close, (from, to), self.scale);
        let columns = self.pieces.columns();
        let slots = self.cells.iter_mut().skip(usize::from(columns.start));
        for slot in slots.take(columns.len()) {
            slot.cell = Some(line);
        }
    }

    fn opening(&mut self, connection: &Connection, now: Moment) {
        self.pieces.clear();
        for span in connection.timeline.spans() {
            if span.stage < Stage::Close {
                let times = (span.began, span.until(now));
                self.pieces.push(span.stage, times, self.scale);
            }
        }
        self.lay(None);
    }

    /// What a request did on the connection, and its number where there is room.
    ///
    /// A lane may have one for each of its columns, each time that it is drawn.
    fn exchange(&mut self, carried: &Carried, request: &Request, now: Moment) {
        let until = carried.until.unwrap_or(now);
        self.pieces.clear();
        for (stage, from, to) in own_stretches(request, now) {
            if stage > Stage::Tls && from >= carried.from && from <= until {
                self.pieces.push(stage, (from, to), self.scale);
            }
        }
        self.lay(Some(carried.request));
        self.label(carried.request);
    }

    /// Draws the bar over what is there.
    fn lay(&mut self, request: Option<RequestId>) {
        let columns = self.pieces.columns();
        let slots = self.cells.iter_mut().skip(usize::from(columns.start));
        for (slot, drawn) in slots.zip(self.pieces.cells(columns)) {
            if drawn.is_some() {
                *slot = LaneCell {
                    cell: drawn,
                    request,
                    is_label: false,
                };
            }
        }
    }

    /// Writes the request's number into its bar, where it fits with a sign to spare.
    fn label(&mut self, request: RequestId) {
        let columns = self.pieces.columns();
        let digits = usize::try_from(request.0.max(1).ilog10()).unwrap_or(0) + 1;
        if columns.len() <= digits {
            return;
        }
        let is_its = |slot: &LaneCell| slot.request == Some(request);
        let slots = self.cells.iter().skip(usize::from(columns.start));
        if slots.take_while(|slot| is_its(slot)).count() <= digits {
            return;
        }
        let number = request.0.to_string();
        let slots = self.cells.iter_mut().skip(usize::from(columns.start));
        for (slot, digit) in slots.zip(number.chars()) {
            if let Some(cell) = &mut slot.cell {
                (cell.glyph, cell.plain, cell.under) = (digit, digit, None);
                cell.tone = Tone::Label;
                slot.is_label = true;
            }
        }
    }

    /// The sign for who closed it, where that is.
    fn end(&mut self, connection: &Connection) {
        let Some((at, sign)) = end(connection) else {
            return;
        };
        let (from, to) = self.scale.range();
        let is_seen = at >= from && at <= to;
        let place = usize::from(self.scale.column(at));
        let slot = self.cells.get_mut(place);
        if let Some(slot) = slot.filter(|slot| is_seen && !slot.is_label) {
            slot.cell = Some(sign);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_for_is_found_from_any_guess() {
        for count in [0, 1, 2, 7, 40] {
            let all: Vec<_> = (0..count).collect();
            for found in 0..=count {
                for guess in 0..=count + 3 {
                    let near = partition_near(&all, guess, |one| *one < found);
                    assert_eq!(near, found, "of {count} from {guess}");
                }
            }
        }
    }
}

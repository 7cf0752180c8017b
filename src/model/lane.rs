use crate::event::{Ending, Moment, RequestId, Stage, Tone};

use super::bar::bar_within;
use super::{Carried, Cell, Connection, Model, Scale, Stretch, stretches};

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
    let mut cells = vec![LaneCell::default(); usize::from(scale.columns())];
    lay(&mut cells, &idle(connection, now), scale, None);
    lay(&mut cells, &opening(connection, now), scale, None);
    for carried in seen(connection, scale, now) {
        let Some(request) = model.request(carried.request) else {
            continue;
        };
        let until = carried.until.unwrap_or(now);
        let mut run = stretches(request, model, now);
        run.retain(|stretch| {
            let is_its_own = stretch.connection.is_none() && stretch.stage > Stage::Tls;
            is_its_own && stretch.from >= carried.from && stretch.from <= until
        });
        lay(&mut cells, &run, scale, Some(carried.request));
        label(&mut cells, carried.request, scale.column(carried.from));
    }
    if let Some((at, sign)) = end(connection) {
        let place = usize::from(scale.column(at));
        let is_seen = at >= scale.range().0 && at <= scale.range().1;
        let slot = cells
            .get_mut(place)
            .filter(|slot| is_seen && !slot.is_label);
        if let Some(slot) = slot {
            slot.cell = Some(sign);
        }
    }
    cells
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
    let at_column = move |column: u16| {
        let (left, right) = (scale.moment(column), scale.moment(column + 1));
        let middle = Moment(left.0.midpoint(right.0));
        all.partition_point(|carried| carried.from <= middle)
            .checked_sub(1)
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

/// While it is open and not yet over: a thin line, drawn over by whatever happens.
fn idle(connection: &Connection, now: Moment) -> Vec<Stretch> {
    let opened = connection
        .timeline
        .spans()
        .iter()
        .filter(|span| span.stage < Stage::Close);
    let Some(from) = opened.map(|span| span.until(now)).next_back() else {
        return vec![];
    };
    let to = connection.ended.as_ref().map_or(now, |(at, _)| *at);
    if connection.ends.is_none() || to <= from {
        return vec![];
    }
    vec![Stretch {
        stage: Stage::Close,
        from,
        to,
        connection: None,
        failure: None,
    }]
}

fn opening(connection: &Connection, now: Moment) -> Vec<Stretch> {
    let spans = connection
        .timeline
        .spans()
        .iter()
        .filter(|span| span.stage < Stage::Close);
    spans
        .map(|span| Stretch {
            stage: span.stage,
            from: span.began,
            to: span.until(now),
            connection: None,
            failure: None,
        })
        .collect()
}

fn lay(cells: &mut [LaneCell], run: &[Stretch], scale: &Scale, request: Option<RequestId>) {
    let (Some(first), Some(last)) = (run.first(), run.last()) else {
        return;
    };
    // A stretch at the edge is drawn within it.
    let start = scale.column(first.from);
    let end = scale.column(last.to).saturating_add(1).min(scale.columns());
    let drawn = bar_within(run, scale, start..end);
    for (slot, drawn) in cells.iter_mut().skip(usize::from(start)).zip(drawn) {
        let Some(mut drawn) = drawn else { continue };
        if run
            .first()
            .is_some_and(|stretch| stretch.stage == Stage::Close)
        {
            drawn = Cell {
                glyph: '─',
                tone: Tone::Idle,
                under: None,
                plain: '-',
            };
        }
        *slot = LaneCell {
            cell: Some(drawn),
            request,
            is_label: false,
        };
    }
}

/// Writes the request's number into its stretch from `column` on, where it fits with a sign to spare.
fn label(cells: &mut [LaneCell], request: RequestId, column: u16) {
    let is_its = |slot: &LaneCell| slot.request == Some(request);
    let column = usize::from(column);
    let Some(start) = cells.iter().skip(column).position(is_its) else {
        return;
    };
    let start = column + start;
    let number = request.0.to_string();
    let room = cells
        .iter()
        .skip(start)
        .take_while(|slot| is_its(slot))
        .count();
    if room <= number.len() {
        return;
    }
    for (slot, digit) in cells.iter_mut().skip(start).zip(number.chars()) {
        if let Some(cell) = &mut slot.cell {
            (cell.glyph, cell.plain, cell.under) = (digit, digit, None);
            cell.tone = Tone::Label;
            slot.is_label = true;
        }
    }
}

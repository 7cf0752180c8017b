use std::fmt::Write as _;

use crate::event::{Moment, Replacement};
use crate::message::{clip, visible, width};
use crate::model::{
    Model, Request, Scale, Standing, bar, bytes, duration, kind, remarks, standing, stretches,
};

/// The run as a table with bars to scale, `columns` wide, then its failures and a summary.
///
/// Made of text alone, without colour: fit for a log, a mail or a diff.
pub fn table(model: &Model, columns: u16) -> String {
    let now = model.latest();
    let layout = Layout::of(model, columns);
    let mut page = String::new();
    if !model.requests().is_empty() {
        page.push_str(&layout.head());
        for request in model.requests() {
            page.push_str(&layout.row(request, model, now));
        }
        page.push('\n');
    }
    page.push_str(&failures(model));
    page.push_str(&remarked(model));
    for remark in remarks(model) {
        line(&mut page, &remark.to_string());
    }
    line(&mut page, &summary(model));
    page
}

/// A line for each request that failed: which, from where, at which stage and why.
pub fn failures(model: &Model) -> String {
    let mut page = String::new();
    let failed = model
        .requests()
        .iter()
        .filter_map(|r| r.failure().map(|why| (r, why)));
    for (request, why) in failed {
        let url = visible(request.url.as_str()).into_owned();
        let why = visible(&why.to_string()).into_owned();
        line(
            &mut page,
            &format!("{} {} {url}  {why}", request.id, request.method),
        );
    }
    if !page.is_empty() {
        page.push('\n');
    }
    page
}

/// A line for each thing that is worth knowing about a request, though it did not make it fail.
fn remarked(model: &Model) -> String {
    let mut page = String::new();
    for request in model.requests() {
        let url = visible(request.url.as_str()).into_owned();
        for words in &request.remarks {
            let (id, method, words) = (request.id, &request.method, visible(words));
            line(&mut page, &format!("{id} {method} {url}  {words}"));
        }
    }
    if !page.is_empty() {
        page.push('\n');
    }
    page
}

/// The run in a line: counts, bytes, connections, time.
pub fn summary(model: &Model) -> String {
    let totals = model.totals();
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let answered = totals.done - totals.failed - totals.stored;
    let mut parts = vec![format!(
        "{} request{}",
        totals.requests,
        plural(totals.requests)
    )];
    parts.push(format!("{answered} answered"));
    if totals.stored > 0 {
        parts.push(format!("{} from cache", totals.stored));
    }
    parts.push(format!("{} failed", totals.failed));
    if totals.unfinished() > 0 {
        parts.push(format!("{} unfinished", totals.unfinished()));
    }
    let connections = totals.connections;
    parts.push(format!("{connections} connection{}", plural(connections)));
    parts.push(format!("{} reused", totals.reused));
    if totals.hits.is_mixed() {
        parts.push(format!("cache: {}", totals.hits));
    }
    parts.push(bytes(totals.bytes));
    parts.push(duration(totals.last_end.since(Moment::START)));
    parts.join(" · ")
}

fn line(page: &mut String, text: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(page, "{}", text.trim_end());
}

/// How wide each column is.
struct Layout {
    number: usize,
    name: usize,
    host: usize,
    scale: Scale,
}

const STATUS: usize = 9;
const METHOD: usize = 7;
const KIND: usize = 6;
const AMOUNT: usize = 8;

impl Layout {
    fn of(model: &Model, columns: u16) -> Self {
        let widest = |text: fn(&Request) -> String, least: usize, most: usize| {
            let widths = model.requests().iter().map(|request| width(&text(request)));
            widths.max().unwrap_or(0).clamp(least, most)
        };
        let number = model.requests().len().max(1).ilog10() as usize + 1;
        let name = widest(Request::path, 4, 28);
        let host = widest(host, 4, 20);
        let fixed = number + STATUS + METHOD + name + host + KIND + 2 * AMOUNT + 10;
        let left = usize::from(columns).saturating_sub(fixed).max(20);
        let room = u16::try_from(left).unwrap_or(u16::MAX);
        let scale = Scale::new(Moment::START, model.horizon(model.latest()), room);
        Self {
            number,
            name,
            host,
            scale,
        }
    }

    fn head(&self) -> String {
        let mut axis = vec![' '; usize::from(self.scale.columns())];
        for tick in self.scale.ticks(8) {
            let start = usize::from(tick.column);
            let end = start + tick.label.chars().count();
            // Half a label would be another time.
            if let Some(room) = axis.get_mut(start..end) {
                let signs = room.iter_mut().zip(tick.label.chars());
                signs.for_each(|(slot, c)| *slot = c);
            }
        }
        let axis: String = axis.into_iter().collect();
        self.put(
            [
                "#", "Status", "Method", "Name", "Host", "Type", "Size", "Time",
            ],
            &axis,
        )
    }

    fn row(&self, request: &Request, model: &Model, now: Moment) -> String {
        let id = request.id.0.to_string();
        let status = status(request, model, now);
        let path = request.path();
        let media = request
            .head
            .as_ref()
            .and_then(crate::message::ResponseHead::media_type);
        let size = match &request.head {
            Some(_) if !request.has_no_size() => bytes(request.bytes),
            Some(_) | None => "–".to_owned(),
        };
        let time = duration(request.until(now).since(request.planned));
        let media = media.as_deref().map_or("–", kind);
        let method = request.method.as_str();
        let host = host(request);
        let cells = [&id, &status, method, &path, &host, media, &size, &time];
        self.put(cells, &self.drawn(request, model, now))
    }

    fn drawn(&self, request: &Request, model: &Model, now: Moment) -> String {
        let cells = bar(&stretches(request, model, now), &self.scale);
        let mut drawn: String = cells
            .iter()
            .map(|cell| cell.map_or(' ', |c| c.plain))
            .collect();
        drawn.truncate(drawn.trim_end().len());
        if request.failure().is_some() {
            drawn.push('✕');
        }
        drawn
    }

    fn put(&self, cells: [&str; 8], bar: &str) -> String {
        let [id, status, method, name, host, kind, size, time] = cells;
        let mut row = String::new();
        let mut left = |text: &str, columns: usize| {
            let safe = visible(text).into_owned();
            let shown = clip(&safe, columns);
            let pad = columns.saturating_sub(width(&shown));
            let _ = write!(row, "{shown}{:pad$} ", "");
        };
        left(&format!("{id:>number$}", number = self.number), self.number);
        left(status, STATUS);
        left(method, METHOD);
        left(name, self.name);
        left(host, self.host);
        left(kind, KIND);
        left(&format!("{size:>AMOUNT$}"), AMOUNT);
        left(&format!("{time:>AMOUNT$}"), AMOUNT);
        let mut row = format!("{row}│{bar}");
        row.truncate(row.trim_end().len());
        row.push('\n');
        row
    }
}

fn host(request: &Request) -> String {
    request
        .origin
        .as_ref()
        .map(crate::message::Origin::authority)
        .unwrap_or_default()
}

/// The status code, or in a word what there is instead of one.
fn status(request: &Request, model: &Model, now: Moment) -> String {
    match (standing(request, model, now), request.status()) {
        (Standing::Failed(stage), _) => format!("✕ {}", stage.card().name),
        (Standing::Cancelled, _) => "cancelled".to_owned(),
        (Standing::Replaced(Replacement::GatewayTimeout), Some(code)) => format!("{code} cache"),
        (_, Some(status)) => request.marked(status),
        (_, None) => "…".to_owned(),
    }
}

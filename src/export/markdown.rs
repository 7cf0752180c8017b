use std::cmp::Reverse;
use std::fmt::Write as _;
use std::time::Duration;

use url::Url;

use crate::event::{Moment, Stage};
use crate::message::clip;
use crate::model::{Connection, Model, Request, bytes, duration, remarks, standing, timings};
use crate::query::Judgement;

use super::escaped::{code, prose};
use super::report::summary;

/// So many requests and connections have a row: a comment has its limits, and a reader too.
const ROWS: usize = 200;
/// So many requests are among the slowest.
const SLOWEST: usize = 10;
/// So many columns of a URL are shown.
const WIDEST: usize = 120;
/// A longer table is folded.
const FOLDED: usize = 20;

/// The run as a report in Markdown, for the comment of a change or for an issue.
///
/// Tables are GitHub's; what servers said is shown word for word and is never markup.
pub fn markdown(model: &Model, judgements: &[Judgement]) -> String {
    let now = model.latest();
    let mut page = format!("## {}\n\n{}\n", heading(model), prose(&summary(model)));
    remarked(&mut page, model);
    asserted(&mut page, judgements);
    failed(&mut page, model);
    slowest(&mut page, model, now);
    requests(&mut page, model, now);
    connections(&mut page, model);
    page
}

/// What it came to, in a few words.
fn heading(model: &Model) -> String {
    let totals = model.totals();
    let s = if totals.requests == 1 { "" } else { "s" };
    let came = match (totals.failed, totals.unfinished()) {
        (0, 0) => "none failed".to_owned(),
        (failed, 0) => format!("{failed} failed"),
        (failed, unfinished) => format!("{failed} failed, {unfinished} unfinished"),
    };
    let recorded = model
        .archive()
        .map(|archive| format!(", recorded by {}", prose(&archive.creator)));
    let recorded = recorded.unwrap_or_default();
    format!("{} request{s}, {came}{recorded}", totals.requests)
}

fn line(page: &mut String, text: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(page, "{}", text.trim_end_matches(' '));
}

fn row(page: &mut String, cells: &[String]) {
    line(page, &format!("| {} |", cells.join(" | ")));
}

fn remarked(page: &mut String, model: &Model) {
    let all = remarks(model);
    if !all.is_empty() {
        page.push('\n');
    }
    for remark in all {
        line(page, &format!("- {}", prose(&remark.to_string())));
    }
}

/// What was claimed, and whether it holds.
fn asserted(page: &mut String, judgements: &[Judgement]) {
    if !judgements.is_empty() {
        line(page, "\n### What was asserted\n");
    }
    for judgement in judgements {
        let sign = if judgement.holds { '✓' } else { '✗' };
        let (claim, words) = (code(&judgement.claim), prose(&judgement.words));
        line(page, &format!("- {sign} {claim}: {words}"));
    }
}

/// What failed and why, and what is worth knowing of what did not.
fn failed(page: &mut String, model: &Model) {
    let failed = model.requests().iter().filter_map(|request| {
        let why = request.failure()?.to_string();
        Some((request, why))
    });
    told(page, "What failed", failed);
    let remarked = model.requests().iter().flat_map(|request| {
        let words = request.remarks.iter();
        words.map(move |words| (request, words.clone()))
    });
    told(page, "Worth knowing", remarked);
}

fn told<'a>(page: &mut String, title: &str, all: impl Iterator<Item = (&'a Request, String)>) {
    let mut count = 0;
    for (request, words) in all {
        count += 1;
        if count == 1 {
            line(page, &format!("\n### {title}\n"));
        }
        if count <= ROWS {
            let (id, asked) = (number(request), asked(request));
            line(page, &format!("- {id} {asked}: {}", prose(&words)));
        }
    }
    if let Some(more) = count.checked_sub(ROWS).filter(|more| *more > 0) {
        line(page, &format!("- and {more} more"));
    }
}

/// Which took longest, and where the time went.
fn slowest(page: &mut String, model: &Model, now: Moment) {
    let mut all: Vec<&Request> = model.requests().iter().collect();
    all.sort_by_key(|request| Reverse(time(request, now)));
    all.truncate(SLOWEST);
    all.retain(|request| !time(request, now).is_zero());
    if all.len() < 2 {
        return;
    }
    line(page, &format!("\n### The slowest {}\n", all.len()));
    line(page, "| | Request | Time | Where it went |");
    line(page, "|--:|:--|--:|:--|");
    for request in all {
        let parts = stages(request, model, now);
        let parts = parts.iter().map(|(stage, took)| {
            let share = share(*took, time(request, now));
            format!("{} {} ({share} %)", stage.card().name, duration(*took))
        });
        let parts: Vec<_> = parts.take(4).collect();
        let cells = [
            number(request),
            asked(request),
            duration(time(request, now)),
            or_dash(parts.join(", ")),
        ];
        row(page, &cells);
    }
}

fn requests(page: &mut String, model: &Model, now: Moment) {
    let all = model.requests();
    if all.is_empty() {
        return;
    }
    let head = "| | Status | Method | URL | Size | Time | Slowest stage |";
    let rule = "|--:|:--|:--|:--|--:|--:|:--|";
    let rows = all.iter().take(ROWS).map(|request| {
        let stages = stages(request, model, now);
        let slowest = stages.first().map(|(stage, took)| {
            let name = stage.card().name;
            format!("{name} {}", duration(*took))
        });
        let size = match &request.head {
            Some(_) if !request.has_no_size() => bytes(request.bytes),
            Some(_) | None => "–".to_owned(),
        };
        [
            number(request),
            status(request, model, now),
            code(request.method.as_str()),
            code(&address(&request.url)),
            size,
            duration(time(request, now)),
            or_dash(slowest.unwrap_or_default()),
        ]
    });
    table(page, ("Requests", all.len()), [head, rule], rows);
}

fn connections(page: &mut String, model: &Model) {
    let all = model.connections();
    if all.is_empty() {
        return;
    }
    let head = "| | To | Opened in | TLS | Requests | Ended |";
    let rule = "|--:|:--|--:|:--|--:|:--|";
    let rows = all.iter().take(ROWS).map(|connection| {
        let security = connection.security.as_ref();
        let ended = connection
            .ended
            .as_ref()
            .map(|(_, ending)| ending.to_string());
        [
            connection.id.to_string(),
            code(&connection.group.to_string()),
            or_dash(opening(connection).map(duration).unwrap_or_default()),
            or_dash(
                security
                    .map(|security| prose(&security.version))
                    .unwrap_or_default(),
            ),
            connection.carried.len().to_string(),
            or_dash(prose(&ended.unwrap_or_default())),
        ]
    });
    table(page, ("Connections", all.len()), [head, rule], rows);
}

/// A table under its title; a long one is folded.
fn table<const N: usize>(
    page: &mut String,
    (title, count): (&str, usize),
    head: [&str; 2],
    rows: impl Iterator<Item = [String; N]>,
) {
    let is_folded = count > FOLDED;
    line(page, &format!("\n### {title}\n"));
    if is_folded {
        let title = title.to_lowercase();
        line(
            page,
            &format!("<details><summary>{count} {title}</summary>\n"),
        );
    }
    for text in head {
        line(page, text);
    }
    for cells in rows {
        row(page, &cells);
    }
    if let Some(more) = count.checked_sub(ROWS).filter(|more| *more > 0) {
        let rest = format!("\nAnd {more} more, left out here: `--format json` has them all.");
        line(page, &rest);
    }
    if is_folded {
        line(page, "\n</details>");
    }
}

/// Its number, without the `#` that would name an issue.
fn number(request: &Request) -> String {
    request.id.0.to_string()
}

fn asked(request: &Request) -> String {
    code(&format!("{} {}", request.method, address(&request.url)))
}

/// The URL without name and password: reports are shown around.
fn address(url: &Url) -> String {
    let mut shown = url.clone();
    // Where there can be none, there is none.
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    clip(shown.as_str(), WIDEST).into_owned()
}

fn status(request: &Request, model: &Model, now: Moment) -> String {
    match request.status() {
        Some(status) if request.failure().is_none() && !request.is_stored() => status.to_string(),
        Some(status) => format!(
            "{status}, {}",
            prose(&standing(request, model, now).to_string())
        ),
        None => prose(&standing(request, model, now).to_string()),
    }
}

fn time(request: &Request, now: Moment) -> Duration {
    request.until(now).since(request.planned)
}

/// Its stages, the longest first.
fn stages(request: &Request, model: &Model, now: Moment) -> Vec<(Stage, Duration)> {
    let lived = timings(request, model, now).into_iter();
    let lived = lived.filter_map(|timing| Some((timing.stage, timing.took?)));
    let mut lived: Vec<_> = lived.filter(|(_, took)| !took.is_zero()).collect();
    lived.sort_by_key(|(_, took)| Reverse(*took));
    lived
}

/// How long it took until something could be asked over it.
fn opening(connection: &Connection) -> Option<Duration> {
    connection.ends?;
    let spans = connection.timeline.spans().iter();
    let opening = spans.filter(|span| span.stage < Stage::Close);
    let took = opening.filter_map(|span| Some(span.ended.as_ref()?.0.since(span.began)));
    took.reduce(|a, b| a + b)
}

/// Hundredths, rounded.
fn share(part: Duration, whole: Duration) -> u128 {
    (part.as_nanos() * 200 + whole.as_nanos()) / (whole.as_nanos() * 2).max(1)
}

fn or_dash(text: String) -> String {
    if text.is_empty() {
        "–".to_owned()
    } else {
        text
    }
}

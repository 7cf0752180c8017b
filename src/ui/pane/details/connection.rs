use std::fmt::Write as _;

use ratatui::text::Line;

use crate::event::Moment;
use crate::message::visible;
use crate::model::{Carried, Connection, Request, duration};
use crate::ui::folds::Sheet;

use super::page::{Page, linked_pair, pair, pairs, remark, said};
use super::{ladder, names, race, security};

/// How the request got to its server, and what became of the way.
pub(super) fn sheet(request: &Request, page: &Page<'_>) -> Sheet {
    let mut sheet = Sheet::default();
    names::names(request, page, &mut sheet);
    match request.connection.and_then(|id| page.model.connection(id)) {
        Some(connection) => {
            of(connection, request, page, &mut sheet);
            security::security(connection, page, &mut sheet);
            ladder::rungs(connection, page, &mut sheet);
        }
        None if request.is_stored() => {
            sheet.line(remark(
                page,
                "no connection was needed: answered from the cache",
            ));
        }
        None if request.entry.is_some() => {
            sheet.line(remark(
                page,
                "the HAR does not say on which connection it ran",
            ));
        }
        None if request.ended.is_some() => sheet.line(remark(page, "it got no connection")),
        None => sheet.line(remark(page, "it has no connection yet")),
    }
    sheet
}

fn of(connection: &Connection, request: &Request, page: &Page<'_>, sheet: &mut Sheet) {
    let title = format!("Connection {} to {}", connection.id, connection.group);
    if !sheet.section(
        "connection",
        vec![said(&title, page.theme.strong())],
        page.folds,
    ) {
        return;
    }
    let since_start = |at: Moment| duration(at.since(Moment::START));
    sheet.line(pair(
        page,
        "dialled",
        &format!("{} into the run", since_start(connection.planned)),
    ));
    road(connection, page, sheet);
    race::race(connection, page, sheet);
    if let Some((local, peer)) = connection.ends {
        let from_to = if local.ip().is_unspecified() {
            format!("{peer}; the HAR does not say from where")
        } else {
            format!("{local} → {peer}")
        };
        sheet.line(pair(page, "from, to", &from_to));
    }
    ladder::tcp(connection, page, sheet);
    sheet.lines(linked_pair(
        page,
        "carried",
        &named(&connection.carried, connection.place_of(request)),
    ));
    sheet.lines(ending(connection, page));
    ladder::states(connection, page, sheet);
    let promise = request
        .head
        .as_ref()
        .and_then(|head| head.headers.first("keep-alive"));
    if let Some(promise) = promise {
        sheet.line(pair(page, "keep-alive", &promised(promise)));
    }
}

/// Of more requests than fit, so many are named at each end, and before and behind the selected.
const NAMED: usize = 10;

/// The requests that a connection carried, in order; of many those at the ends, and near the one at
/// `selected`.
fn named(carried: &[Carried], selected: Option<usize>) -> String {
    let (count, selected) = (carried.len(), selected.unwrap_or(0));
    let (mut words, mut next) = (String::new(), 0);
    for (begin, end) in [
        (0, NAMED),
        (selected.saturating_sub(NAMED), selected + NAMED + 1),
        (count.saturating_sub(NAMED), count),
    ] {
        let (begin, end) = (begin.max(next), end.min(count));
        if begin > next {
            let _ = write!(words, "… {} more … ", begin - next);
        }
        for one in carried.get(begin..end).unwrap_or_default() {
            let _ = write!(words, "{} ", one.request);
        }
        next = end.max(begin);
    }
    words.truncate(words.trim_end().len());
    words
}

/// The way, where it is not the straight one.
fn road(connection: &Connection, page: &Page<'_>, sheet: &mut Sheet) {
    if let Some(end) = &connection.road.to {
        sheet.line(pair(page, "instead to", &format!("{end} (--connect-to)")));
    }
    let Some(proxy) = &connection.road.via else {
        return;
    };
    sheet.line(pair(page, "through", &format!("the proxy {proxy}")));
    if let Some((asked, answer)) = &connection.passed {
        sheet.line(pair(page, "asked it", &format!("{asked} → {answer}")));
    }
}

/// What `Keep-Alive` promises, in words; browsers pass it over, and so does this program.
fn promised(promise: &str) -> String {
    let parameter = |name: &str| {
        let mut members = promise.split(',').map(str::trim);
        let value = members.find_map(|member| {
            let (known, value) = member.split_once('=')?;
            known
                .trim()
                .eq_ignore_ascii_case(name)
                .then_some(value.trim())
        })?;
        value.parse::<u64>().ok()
    };
    let idle = parameter("timeout").map(|seconds| format!("{seconds} s idle"));
    let more = parameter("max").map(|max| format!("{max} more requests"));
    let words: Vec<String> = idle.into_iter().chain(more).collect();
    if words.is_empty() {
        return format!("{} (the server's promise)", visible(promise));
    }
    format!("the server promises {}", words.join(" and "))
}

fn ending(connection: &Connection, page: &Page<'_>) -> Vec<Line<'static>> {
    let Some((at, ending)) = &connection.ended else {
        let words = match connection.carries() {
            Some(request) => format!("carrying {request}"),
            None if connection.is_opening() => "being opened".to_owned(),
            None if page.model.archive().is_some() => {
                let words = "the HAR does not say when it was closed, and by whom";
                return pairs(page, "end", words);
            }
            None => "idle, kept for the next request".to_owned(),
        };
        return linked_pair(page, "now", &words);
    };
    let at = duration(at.since(Moment::START));
    pairs(page, "closed", &format!("{ending} ({at} into the run)"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::RequestId;

    #[test]
    fn of_many_requests_the_ends_are_named_and_those_near_the_selected() {
        let named = |count: u32, selected| {
            let carried = |id| Carried {
                request: RequestId(id),
                from: Moment::START,
                until: None,
            };
            named(&(1..=count).map(carried).collect::<Vec<_>>(), selected)
        };
        assert_eq!(named(0, None), "");
        assert_eq!(named(3, Some(2)), "#1 #2 #3");
        assert!(!named(20, Some(10)).contains('…'));
        let words = named(1_000, Some(499));
        for part in [
            "#1 ",
            "#10 … 479 more … #490",
            "#500",
            "#510 … 480 more … #991",
            " #1000",
        ] {
            assert!(words.contains(part), "{part}: {words}");
        }
    }
}

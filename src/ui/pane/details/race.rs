use crate::event::{Moment, Stage};
use crate::model::{Connection, Scale, Try, duration};
use crate::ui::folds::Sheet;

use super::page::{Page, bar_columns, drawn};

/// The addresses that were tried, to one scale, and what became of each.
pub(super) fn race(connection: &Connection, page: &Page<'_>, sheet: &mut Sheet) {
    let Some(first) = connection.tried.first() else {
        return;
    };
    let end = |tried: &Try| over(tried, connection, page.now);
    let last = connection.tried.iter().map(end).max();
    let scale = Scale::new(first.began, last.unwrap_or(first.began), bar_columns(page));
    for tried in &connection.tried {
        let took = duration(end(tried).since(tried.began));
        let after = tried.began.since(first.began);
        let start = if after.is_zero() {
            String::new()
        } else {
            format!(", {} after the first", duration(after))
        };
        let outcome = match &tried.failed {
            Some((_, failure)) => format!("{} after {took}", failure.words),
            None if is_winner(tried, connection) => format!("open in {took}"),
            None if connection.ended.is_some() => format!("given up after {took}"),
            None => format!("trying for {took}"),
        };
        let words = format!("{}: {outcome}{start}", tried.address);
        let stretch = (Stage::Connect, tried.began, end(tried));
        sheet.lines(drawn(page, "tried", stretch, &scale, &words));
    }
}

/// Whether it is the address that the connection is to.
fn is_winner(tried: &Try, connection: &Connection) -> bool {
    let last = connection.tried.iter().rfind(|one| one.failed.is_none());
    connection.ends.is_some() && last.is_some_and(|last| last == tried)
}

/// When it was over: it failed, or the connection was open or given up.
fn over(tried: &Try, connection: &Connection, now: Moment) -> Moment {
    let failed = tried.failed.as_ref().map(|(at, _)| *at);
    let mut stages = connection.timeline.of(Stage::Connect);
    let connected = stages
        .next()
        .and_then(|span| span.ended.as_ref())
        .map(|(at, _)| *at);
    failed.or(connected).unwrap_or(now).max(tried.began)
}

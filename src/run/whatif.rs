use std::fmt::Write as _;
use std::io::{self, Write as _};

use anyhow::Result;

use crate::cli::{Changed, Format, Limits, Output};
use crate::event::Event;
use crate::forecast::{Change, Difference, PerHost, forecast};
use crate::model::{Model, duration};

use super::asserting::Claims;
use super::exit::Exit;
use super::headless;
use super::reckoning::folded;

/// Prints what a recorded run would have been.
///
/// With nothing said, a line for each usual change; else the run as it would have been.
pub(super) fn print(
    events: &[Event],
    changed: Changed,
    limits: &Limits,
    output: &Output,
) -> Result<Exit> {
    let before = folded(events);
    let change = Change {
        per_host: limits.per_host.map(PerHost::from),
        is_keep_alive_off: changed.no_keep_alive,
        is_dns_warm: changed.warm_dns,
        is_tls_free: changed.no_tls,
        is_multiplexed: changed.multiplexed,
    };
    if change == Change::default() && output.format == Format::Table {
        say(&comparison(&before))?;
        return Ok(Exit::of(&before));
    }
    let facts = forecast(&before, change);
    if output.format == Format::Table {
        let difference = Difference::between(change, &before, &folded(&facts));
        say(&format!("{difference}\n\n"))?;
    }
    Ok(headless::print(&facts, output, &Claims::default()))
}

/// A line for each change that is usually asked for.
fn comparison(before: &Model) -> String {
    let mut page = String::new();
    let mut row = |what: &str, figures: &Difference, verdict: &str| {
        let after = figures.after;
        let _ = writeln!(
            page,
            "{what:<38} {:>9}  {verdict:<16} {:>4} {:>9} {:>5}",
            duration(after.total),
            after.waiting,
            duration(after.waited),
            after.connections
        );
    };
    let same = Difference::between(Change::default(), before, before);
    row("as it was", &same, "");
    for change in Change::usual() {
        let after = folded(&forecast(before, change));
        let difference = Difference::between(change, before, &after);
        row(&change.to_string(), &difference, &difference.verdict());
    }
    let head = format!(
        "{:<38} {:>9}  {:<16} {:>4} {:>9} {:>5}\n",
        "with", "total", "difference", "wait", "in all", "conns"
    );
    head + &page
}

fn say(text: &str) -> Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        // A reader who went away has seen enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

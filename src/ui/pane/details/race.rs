use crate::model::{Connection, duration};
use crate::ui::folds::Sheet;

use super::page::{Page, pair};

/// The addresses that were tried, and what became of each.
pub(super) fn race(connection: &Connection, page: &Page<'_>, sheet: &mut Sheet) {
    for tried in &connection.tried {
        let outcome = match &tried.failed {
            Some((at, failure)) => {
                format!(
                    "{} after {}",
                    failure.words,
                    duration(at.since(tried.began))
                )
            }
            None if connection.ends.is_some() => "open".to_owned(),
            None => "trying".to_owned(),
        };
        sheet.line(pair(
            page,
            "tried",
            &format!("{}: {outcome}", tried.address),
        ));
    }
}

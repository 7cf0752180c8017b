use std::time::Duration;

use crate::event::Event;
use crate::forecast::{Change, Difference, PerHost, forecast};
use crate::model::{Model, waits};
use crate::ui::Imagined;

/// Runs with more requests than this are not scheduled again without being asked.
const MANY: usize = 20_000;

/// Whether it is reckoned unasked what could have been saved.
pub(super) fn is_worth(model: &Model) -> bool {
    model.requests().len() <= MANY
}

/// What one more connection per host would have saved; nothing where nobody waited.
pub(super) fn saving(model: &Model) -> Option<Duration> {
    let was_waited = is_worth(model) && !waits(model, model.latest()).is_empty();
    if !was_waited {
        return None;
    }
    let change = Change::per_host(PerHost::Some(model.run().per_host.saturating_add(1)));
    let after = folded(&forecast(model, change));
    let difference = Difference::between(change, model, &after);
    Some(
        difference
            .before
            .total
            .saturating_sub(difference.after.total),
    )
}

/// The run, with note taken of what one more connection would have saved.
pub(super) fn reckoned(model: &Model) -> Model {
    let mut model = model.clone();
    model.note_saving(saving(&model));
    model
}

/// The run with the `nth` of the usual changes, from 0; they go round.
pub(super) fn imagined(model: &Model, nth: usize) -> Imagined {
    let changes = Change::usual();
    let change = changes
        .get(nth % changes.len())
        .copied()
        .unwrap_or_default();
    let after = folded(&forecast(model, change));
    Imagined {
        words: Difference::between(change, model, &after).to_string(),
        model: after,
    }
}

/// Facts folded.
pub(super) fn folded(events: &[Event]) -> Model {
    let mut model = Model::default();
    for event in events {
        model.apply(event);
    }
    model
}

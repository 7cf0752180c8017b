use std::time::Duration;

use serde_json::Value;

use crate::event::{Moment, Stage};

use super::entry::Entry;

/// A stretch of a request's bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) stage: Stage,
    pub(super) from: Moment,
    pub(super) to: Moment,
}

/// What an entry says of the stages of its request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Phases {
    pub(super) pieces: Vec<Piece>,
    /// The stage that failed, if the request did.
    pub(super) failed: Option<Stage>,
    /// Stages with -1.
    pub(super) not_lived: Vec<Stage>,
    /// Stages with 0, of those that happen seldom.
    pub(super) in_no_time: Vec<Stage>,
    /// What is odd about the figures, a sentence each.
    pub(super) remarks: Vec<String>,
}

/// The phases in the order in which HAR has them, and the stages that they are.
const ORDER: [(&str, Stage); 7] = [
    ("blocked", Stage::Queue),
    ("dns", Stage::Dns),
    ("connect", Stage::Connect),
    ("ssl", Stage::Tls),
    ("send", Stage::Send),
    ("wait", Stage::Wait),
    ("receive", Stage::Receive),
];

/// A figure as it is written.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Figure {
    Unsaid,
    /// -1: it did not happen.
    Never,
    Millis(f64),
}

/// Lays the phases of an entry one behind the other, from `start` on.
pub(super) fn phases(entry: &Entry<'_>, start: Moment) -> Phases {
    let mut phases = Phases::default();
    let lived = entry.stages();
    let has_stages = lived.is_some();
    if let Some(lived) = &lived {
        let failed = lived.iter().rfind(|lived| lived.failed);
        phases.failed = failed.map(|lived| lived.stage);
        let piece = |lived: &super::entry::Lived| {
            let from = start + span(lived.began);
            Piece {
                stage: lived.stage,
                from,
                to: from + span(lived.took),
            }
        };
        phases.pieces = lived.iter().map(piece).collect();
    }
    let figures = ORDER.map(|(name, _)| figure(&entry.written.timings, name));
    let is_from_cache = entry.is_from_cache();
    let mut at = start;
    let own = own_connect(entry, &figures, &mut phases.remarks);
    for ((_, stage), figure) in ORDER.into_iter().zip(figures) {
        let is_seldom = stage <= Stage::Tls;
        match figure {
            Figure::Unsaid => {}
            Figure::Never => phases.not_lived.push(stage),
            Figure::Millis(0.0) if is_seldom => phases.in_no_time.push(stage),
            Figure::Millis(_) if has_stages => {}
            Figure::Millis(millis) => {
                let millis = if stage == Stage::Connect { own } else { millis };
                let to = at + span(millis);
                phases.pieces.push(Piece {
                    stage,
                    from: at,
                    to,
                });
                at = to;
            }
        }
    }
    if entry.status().is_none() && !has_stages {
        // Tools write 0 for what it did not come to.
        let is_lived = |piece: &Piece| piece.to > piece.from;
        let lived = phases.pieces.iter().rposition(is_lived);
        phases.pieces.truncate(lived.map_or(0, |last| last + 1));
    }
    if is_from_cache && !has_stages {
        // Whatever it is divided into, it was the tool's own time.
        phases.pieces = vec![Piece {
            stage: Stage::Cache,
            from: start,
            to: at,
        }];
    }
    if phases.pieces.is_empty() {
        phases.whole(entry, start);
    }
    if !has_stages {
        phases.failed = phases.pieces.last().map(|piece| piece.stage);
    }
    phases
}

impl Phases {
    /// An entry that says how long it took, and no more.
    fn whole(&mut self, entry: &Entry<'_>, start: Moment) {
        let Some(whole) = entry.written.time.as_f64().filter(|whole| *whole > 0.0) else {
            return;
        };
        let words =
            "the HAR says how long it took, and not for what: all of it is drawn as waiting";
        self.remarks.push(words.to_owned());
        self.pieces.push(Piece {
            stage: Stage::Wait,
            from: start,
            to: start + span(whole),
        });
    }
}

/// Milliseconds of TCP alone: `connect` has `ssl` in it (HAR 1.2), but not with every tool.
fn own_connect(entry: &Entry<'_>, figures: &[Figure; 7], remarks: &mut Vec<String>) -> f64 {
    let [_, _, Figure::Millis(connect), Figure::Millis(ssl), ..] = *figures else {
        let [_, _, Figure::Millis(connect), ..] = *figures else {
            return 0.0;
        };
        return connect;
    };
    let lived = figures.iter().map(|figure| match figure {
        Figure::Millis(millis) => *millis,
        Figure::Unsaid | Figure::Never => 0.0,
    });
    let with_both: f64 = lived.sum();
    let whole = entry.written.time.as_f64().unwrap_or_default();
    let is_counted_twice = (whole - with_both).abs() < 0.01 * ssl.max(1.0);
    if ssl > connect || (is_counted_twice && ssl > 0.0) {
        remarks.push(
            "in this HAR, connect is without ssl, which HAR 1.2 has in it: both are drawn"
                .to_owned(),
        );
        return connect;
    }
    connect - ssl
}

fn figure(timings: &Value, name: &str) -> Figure {
    let Some(value) = timings.get(name) else {
        return Figure::Unsaid;
    };
    let number = value.as_f64();
    let number = number.or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()));
    match number {
        Some(millis) if millis < 0.0 => Figure::Never,
        Some(millis) if millis.is_finite() => Figure::Millis(millis.abs()),
        Some(_) | None => Figure::Unsaid,
    }
}

/// Milliseconds as a duration, within a year: more is nobody's measurement.
pub(super) fn span(millis: f64) -> Duration {
    const YEAR: f64 = 366.0 * 24.0 * 3_600_000.0;
    let millis = if millis.is_finite() { millis } else { 0.0 };
    Duration::from_secs_f64(millis.clamp(0.0, YEAR) / 1000.0)
}

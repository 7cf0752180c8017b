use crate::event::{Failure, FailureKind, Moment, Stage, Verdict};
use crate::message::{Origin, ResponseHead, cookie_pairs};
use crate::model::{Model, Request, kind, stretches};

use super::column::Column;

/// By what the rows are sorted, and whether the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) by: By,
    pub(super) is_reversed: bool,
}

/// What can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// What a column shows, whether it is shown or not.
    Column(Column),
    /// How long a stage took.
    Stage(Stage),
}

/// What the waterfall itself is sorted by.
pub(super) const OF_WATERFALL: [Column; 5] = [
    Column::Start,
    Column::Response,
    Column::End,
    Column::Time,
    Column::Latency,
];

/// What stands behind the name of a stage that is sorted by.
const STAGE: &str = "stage-";

impl Default for Order {
    fn default() -> Self {
        Self {
            by: By::Column(Column::Number),
            is_reversed: false,
        }
    }
}

impl Order {
    /// Whether rows are as they were planned.
    pub(super) fn is_usual(self) -> bool {
        self == Self::default()
    }
}

impl By {
    pub(super) fn named(name: &str) -> Option<Self> {
        if let Some(column) = Column::named(name) {
            return Some(Self::Column(column));
        }
        let stage = name.strip_prefix(STAGE)?;
        let mut all = Stage::ALL.iter().copied();
        all.find(|known| known.card().name == stage)
            .map(Self::Stage)
    }

    pub(super) fn name(self) -> String {
        match self {
            Self::Column(column) => column.card().name.to_owned(),
            Self::Stage(stage) => format!("{STAGE}{}", stage.card().name),
        }
    }

    /// As it is said.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Column(Column::Time) => "duration",
            Self::Column(column) => column.card().name,
            Self::Stage(stage) => stage.card().name,
        }
    }
}

/// What a row is sorted by; what is not known yet comes last, whichever way round.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Number(u64),
    Text(Box<str>),
    Unknown,
}

impl Key {
    pub(super) fn of(by: By, request: &Request, model: &Model) -> Self {
        let column = match by {
            By::Column(column) => column,
            By::Stage(stage) => return Self::number(spent(stage, request, model)),
        };
        match column {
            Column::Number => Self::Number(u64::from(request.id.0)),
            Column::Status => Self::number(rank(request)),
            Column::Method => Self::text(Some(request.method.as_str())),
            Column::Name => Self::text(Some(request.name())),
            Column::Host => Self::text(request.origin.as_ref().map(Origin::authority)),
            Column::Type => {
                let media = request.given_head().and_then(ResponseHead::media_type);
                Self::text(media.as_deref().map(kind))
            }
            Column::Size => Self::number(request.head.as_ref().map(|_| request.bytes)),
            Column::Time => Self::span(ended(request), request.planned),
            Column::Url => Self::text(Some(request.url.as_str())),
            Column::Scheme => Self::text(Some(request.url.scheme())),
            Column::Protocol => {
                Self::text(request.head.as_ref().map(|head| head.version.to_string()))
            }
            Column::Address => {
                let connection = request.connection.and_then(|id| model.connection(id));
                let ends = connection.and_then(|connection| connection.ends);
                Self::text(ends.map(|(_, theirs)| theirs.to_string()))
            }
            Column::Connection => Self::number(request.connection.map(|id| u64::from(id.0))),
            Column::Priority => Self::Number(request.priority as u64),
            Column::Initiator => Self::text(Some(super::cell::initiator(request))),
            Column::Cookies => Self::number(cookies(request)),
            Column::SetCookies => Self::number(set_cookies(request)),
            Column::Coding => Self::text(coding(request)),
            Column::Start => Self::Number(request.planned.0),
            Column::Response => Self::number(request.answered().map(|at| at.0)),
            Column::End => Self::number(ended(request).map(|at| at.0)),
            Column::Latency => Self::span(request.answered(), request.planned),
        }
    }

    fn number(number: Option<u64>) -> Self {
        number.map_or(Self::Unknown, Self::Number)
    }

    fn span(to: Option<Moment>, from: Moment) -> Self {
        Self::number(to.map(|to| to.0.saturating_sub(from.0)))
    }

    fn text(text: Option<impl AsRef<str>>) -> Self {
        text.map_or(Self::Unknown, |text| {
            Self::Text(text.as_ref().to_lowercase().into())
        })
    }
}

/// When it ended, if it has.
pub(super) fn ended(request: &Request) -> Option<Moment> {
    request.ended.as_ref().map(|(at, _)| *at)
}

/// Cookies that went along, once it was sent.
pub(super) fn cookies(request: &Request) -> Option<u64> {
    let (head, _) = request.sent.as_ref()?;
    let lines = head.headers.all("cookie");
    Some(lines.flat_map(cookie_pairs).count() as u64)
}

/// Cookies that its answer set, once there is one.
pub(super) fn set_cookies(request: &Request) -> Option<u64> {
    let head = request.head.as_ref()?;
    Some(head.headers.all("set-cookie").count() as u64)
}

/// The content codings of its answer, if it has any.
pub(super) fn coding(request: &Request) -> Option<String> {
    let codings: Vec<&str> = request.head.as_ref()?.codings().collect();
    (!codings.is_empty()).then(|| codings.join(", "))
}

/// Failures behind every status code, by stage, and what was given up last.
fn rank(request: &Request) -> Option<u64> {
    match &request.ended {
        Some((_, Verdict::Failed(Failure { kind, stage, .. }))) => {
            Some(if *kind == FailureKind::Cancelled {
                2_000
            } else {
                1_000 + *stage as u64
            })
        }
        _ => request.status().map(u64::from),
    }
}

/// How long it spent in a stage, once it is over; nothing if it never was in it.
fn spent(stage: Stage, request: &Request, model: &Model) -> Option<u64> {
    let until = ended(request)?;
    let its = stretches(request, model, until).into_iter();
    let its = its.filter(|stretch| stretch.stage == stage);
    let lengths = its.map(|stretch| stretch.to.0.saturating_sub(stretch.from.0));
    lengths.reduce(|sum, more| sum + more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_can_be_sorted_by_is_found_by_its_name() {
        let columns = Column::ALL.iter().map(|column| By::Column(*column));
        let stages = Stage::ALL.iter().map(|stage| By::Stage(*stage));
        for by in columns.chain(stages) {
            assert_eq!(By::named(&by.name()), Some(by));
        }
        assert_eq!(By::named("stage-"), None);
    }

    #[test]
    fn what_is_not_known_is_behind_all_that_is() {
        assert!(Key::Number(u64::MAX) < Key::Unknown);
        assert!(Key::text(Some("z")) < Key::Unknown);
        assert!(Key::text(Some("A")) < Key::text(Some("b")));
    }
}

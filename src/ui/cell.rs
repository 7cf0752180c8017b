use std::borrow::Cow;

use ratatui::style::Style;

use crate::event::{Because, Moment, Replacement};
use crate::message::ResponseHead;
use crate::model::{Request, Standing, bytes, duration, kind};

use super::column::Column;
use super::order::{coding, cookies, ended, set_cookies};
use super::screen::View;

/// What a column shows of a request, and in which style.
pub(super) fn cell<'a>(
    column: Column,
    request: &'a Request,
    stands: &Standing,
    view: &View<'_>,
) -> (Cow<'a, str>, Style) {
    let theme = view.theme;
    if column == Column::Status {
        let (text, style) = status(request, stands, view);
        return (text.into(), style);
    }
    let is_quiet = matches!(column, Column::Number | Column::Host | Column::Type);
    let style = if is_quiet || !column.is_usual() {
        theme.quiet()
    } else {
        theme.plain()
    };
    (text(column, request, view), style)
}

fn text<'a>(column: Column, request: &'a Request, view: &View<'_>) -> Cow<'a, str> {
    let since = |at: Moment, from: Moment| Cow::from(duration(at.since(from)));
    let start = view.model.began();
    let moment = |at: Option<Moment>, from: Moment| at.map(|at| since(at, from));
    let known = match column {
        Column::Status => None,
        Column::Number => Some(request.id.0.to_string().into()),
        Column::Method => Some(request.method.as_str().into()),
        Column::Name => Some(request.name().into()),
        Column::Host => request
            .origin
            .as_ref()
            .map(|origin| origin.authority().into()),
        Column::Type => {
            let media = request.given_head().and_then(ResponseHead::media_type);
            media.map(|media| kind(&media).to_owned().into())
        }
        Column::Size => Some(size(request).into()),
        Column::Time => Some(since(request.until(view.now), request.planned)),
        Column::Url => Some(request.url.as_str().into()),
        Column::Scheme => Some(request.url.scheme().into()),
        Column::Protocol => request
            .head
            .as_ref()
            .map(|head| head.version.to_string().into()),
        Column::Address => {
            let connection = request.connection.and_then(|id| view.model.connection(id));
            let ends = connection.and_then(|connection| connection.ends);
            ends.map(|(_, theirs)| theirs.to_string().into())
        }
        Column::Connection => request.connection.map(|id| id.to_string().into()),
        Column::Priority => Some(request.priority.name().into()),
        Column::Initiator => Some(initiator(request).into()),
        Column::Cookies => cookies(request).map(|count| count.to_string().into()),
        Column::SetCookies => set_cookies(request).map(|count| count.to_string().into()),
        Column::Coding => coding(request).map(Cow::from),
        Column::Start => Some(since(request.planned, start)),
        Column::Response => moment(request.answered(), start),
        Column::End => moment(ended(request), start),
        Column::Latency => moment(request.answered(), request.planned),
    };
    known.unwrap_or(Cow::Borrowed("–"))
}

/// Why it was made, in a word or two.
pub(super) fn initiator(request: &Request) -> String {
    match request.because {
        Because::Typed => "typed".to_owned(),
        Because::Listed { line } => format!("line {line}"),
        Because::Piped { line } => format!("pipe {line}"),
        Because::Redirected { from } => format!("{from} led"),
        Because::Resumed { from } => format!("{from} cut"),
        Because::Refreshing { of } => format!("{of} stale"),
        Because::Again { of } => format!("{of} again"),
        Because::Archived {
            entry,
            ref initiator,
        } => {
            let known = initiator.as_deref().map(crate::message::visible);
            known.map_or_else(|| format!("entry {entry}"), Cow::into_owned)
        }
    }
}

/// The status code, or in a word what there is instead of one.
fn status(request: &Request, stands: &Standing, view: &View<'_>) -> (String, Style) {
    let theme = view.theme;
    match (stands, request.status()) {
        (Standing::Failed(stage), _) => (format!("✕ {}", stage.card().name), theme.bad()),
        (Standing::Cancelled, _) => ("cancelled".to_owned(), theme.warning()),
        (Standing::Replaced(Replacement::GatewayTimeout), Some(code)) => {
            (format!("{code} cache"), theme.bad())
        }
        (_, Some(code @ 400..)) => (request.marked(code), theme.bad()),
        (_, Some(code @ 300..)) => (request.marked(code), theme.warning()),
        (_, Some(code)) => (request.marked(code), theme.good()),
        (Standing::Waiting { .. } | Standing::Sharing(_), None) => {
            ("waiting".to_owned(), theme.quiet())
        }
        (Standing::Connecting(stage), None) => (stage.card().name.to_owned(), theme.plain()),
        (Standing::LookingUp, None) => ("dns".to_owned(), theme.plain()),
        (Standing::Sent, None) => ("sent".to_owned(), theme.plain()),
        (_, None) => ("…".to_owned(), theme.quiet()),
    }
}

fn size(request: &Request) -> String {
    match &request.head {
        None => "–".to_owned(),
        Some(_) if request.has_no_size() => "–".to_owned(),
        Some(_) if request.is_stored() => format!("({})", bytes(request.bytes)),
        Some(_) => bytes(request.bytes),
    }
}

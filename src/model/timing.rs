use std::time::Duration;

use crate::event::{Moment, Names, Stage, Verdict};
use crate::message::{Scheme, span as lifetime, visible};

use super::amount::duration;
use super::{Model, Request, Span, Stretch, stretches};

/// A line of a request's timing table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Which stage.
    pub stage: Stage,
    /// When it began, if it was lived.
    pub began: Option<Moment>,
    /// How long it took, if it was lived.
    pub took: Option<Duration>,
    /// Where the figure comes from, or why there is none.
    pub source: String,
}

/// The timing table of `request`: every stage that a request can live, in order.
///
/// What did not happen has no figure, never a zero.
pub fn timings(request: &Request, model: &Model, now: Moment) -> Vec<Timing> {
    let lived = stretches(request, model, now);
    let is_lived = |stage: Stage| lived.iter().any(|stretch| stretch.stage == stage);
    // Who asks no proxy need not hear of one.
    let is_told = |stage: &&Stage| {
        let is_lived = **stage != Stage::Proxy || is_lived(Stage::Proxy);
        **stage != Stage::Close && is_lived
    };
    let lines = Stage::ALL.iter().filter(is_told);
    lines
        .map(|stage| line(*stage, &lived, request, model))
        .collect()
}

fn line(stage: Stage, lived: &[Stretch], request: &Request, model: &Model) -> Timing {
    let of_stage = || lived.iter().filter(|stretch| stretch.stage == stage);
    let took = of_stage()
        .map(|stretch| stretch.to.since(stretch.from))
        .reduce(|a, b| a + b);
    let source = match took {
        _ if request.entry.is_some() => archived(stage, took, request, model),
        Some(_) => measured(stage, of_stage(), request, model),
        None => absent(stage, request, model),
    };
    Timing {
        stage,
        began: of_stage().next().map(|stretch| stretch.from),
        took,
        source,
    }
}

fn measured<'a>(
    stage: Stage,
    mut lived: impl Iterator<Item = &'a Stretch>,
    request: &Request,
    model: &Model,
) -> String {
    let on = lived.next().and_then(|stretch| stretch.connection);
    let whose = match on.and_then(|id| model.connection(id)) {
        Some(connection) => clock(connection.timeline.of(stage).last()),
        None => clock(request.timeline.of(stage).last()),
    };
    match (stage, on, &request.names) {
        (Stage::Connect | Stage::Proxy | Stage::Tls, Some(connection), _) => {
            format!("measured, {whose}: {connection} was opened meanwhile")
        }
        (Stage::Dns, _, Some((_, Names::Shared { .. }))) => {
            "measured, our clock: shared the look-up of an earlier request".to_owned()
        }
        (Stage::Dns, _, Some((_, Names::Asked { ttl_ms }))) => {
            let ttl = lifetime(*ttl_ms / 1000);
            let whom = asked(request, model).unwrap_or_else(|| "the name server".to_owned());
            format!("measured, our clock: asked {whom}; good for {ttl}")
        }
        _ => format!("measured, {whose}"),
    }
}

/// What the archive that the request was read from says of a stage.
fn archived(stage: Stage, took: Option<Duration>, request: &Request, model: &Model) -> String {
    let Some(entry) = &request.entry else {
        return String::new();
    };
    if took.is_some() {
        let creator = model.archive().map(|archive| archive.creator.as_str());
        let whose = creator.unwrap_or("another tool");
        return format!("from the HAR: {}'s figure", visible(whose));
    }
    if entry.not_lived.contains(&stage) {
        return "the HAR says that it did not happen (-1)".to_owned();
    }
    if entry.in_no_time.contains(&stage) {
        return "the HAR says 0".to_owned();
    }
    if stage == Stage::Cache {
        return "a HAR has no figure for it; it is part of queue".to_owned();
    }
    "the HAR does not say".to_owned()
}

/// Whose clock said when a stage began and ended.
fn clock(span: Option<&Span>) -> &'static str {
    let timed = span.map(|span| span.timed).unwrap_or_default();
    match (span.map(|span| span.stage), timed.began, timed.ended) {
        (Some(Stage::Connect), _, Some(_)) => "the kernel's round trip",
        (_, Some(_), Some(_)) => "the kernel's clock",
        (_, None, Some(_)) => "our clock until the kernel's stamp",
        (_, Some(_), None) => "the kernel's stamp until our clock",
        (_, None, None) => "our clock",
    }
}

/// Who answered the look-up of the request's name, and over what.
fn asked(request: &Request, model: &Model) -> Option<String> {
    let (look_up, _) = request.sought?;
    let (query, _) = model.look_up(look_up)?.answers().last()?;
    let question = &query.question;
    Some(format!("{} over {}", question.server, question.over))
}

fn absent(stage: Stage, request: &Request, model: &Model) -> String {
    let is_over = request.ended.is_some();
    if matches!(request.ended, Some((_, Verdict::Stored))) {
        return "not needed: answered from the cache".to_owned();
    }
    match (stage, &request.names) {
        (Stage::Dns, Some((_, names))) => without_question(names),
        (Stage::Queue, _) if request.timeline.of(Stage::Queue).next().is_some() => {
            "not in line: its connection was opened meanwhile".to_owned()
        }
        (Stage::Connect | Stage::Proxy | Stage::Tls, _) => {
            without_opening(stage, request, model, is_over)
        }
        _ if is_over => "did not come to it".to_owned(),
        _ => "not yet".to_owned(),
    }
}

fn without_question(names: &Names) -> String {
    match names {
        Names::Literal => "not needed: the URL has an address".to_owned(),
        Names::Localhost => "not needed: localhost is this machine".to_owned(),
        Names::Given => "not needed: --resolve gave the address".to_owned(),
        Names::Hosts => "not needed: the hosts file has the address".to_owned(),
        Names::Kept { age_ms, ttl_ms } => {
            let age = duration(Duration::from_millis(*age_ms));
            let ttl = lifetime(*ttl_ms / 1000);
            format!("reused: an answer {age} old, good for {ttl}")
        }
        Names::ByProxy => "left to the proxy".to_owned(),
        Names::Asked { .. } | Names::Shared { .. } => "not recorded".to_owned(),
    }
}

fn without_opening(stage: Stage, request: &Request, model: &Model, is_over: bool) -> String {
    let is_clear = request
        .origin
        .as_ref()
        .is_some_and(|origin| origin.scheme == Scheme::Http);
    if stage == Stage::Tls && is_clear {
        return "not applicable: http is in clear".to_owned();
    }
    match request.connection.and_then(|id| model.connection(id)) {
        Some(connection) if request.granted.is_some() => {
            let id = connection.id;
            match connection.place_of(request) {
                Some(before) if before > 0 => {
                    format!("reused: {} request on {id}", super::ordinal(before + 1))
                }
                _ => format!("not waited for: {id} was open already"),
            }
        }
        _ if is_over => "did not come to it".to_owned(),
        _ => "not yet".to_owned(),
    }
}

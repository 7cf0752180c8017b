use std::time::Duration;

use crate::event::{Moment, Names, Stage};
use crate::message::{NameAnswer, NameLine, Reply, span};
use crate::model::{LookUp, Query, Request, Scale, duration};
use crate::ui::folds::Sheet;

use super::page::{Page, bar_columns, drawn, pairs, remark, said};

/// Where the host is, and who said so.
pub(super) fn names(request: &Request, page: &Page<'_>, sheet: &mut Sheet) {
    let title = vec![said("Name", page.theme.strong())];
    if !sheet.section("name", title, page.folds) {
        return;
    }
    match &request.names {
        Some((addresses, names)) => {
            let list: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            sheet.lines(pairs(page, "addresses", &list.join(", ")));
            sheet.lines(pairs(page, "known how", &how(names, request, page)));
        }
        None => sheet.line(remark(page, "its addresses are not known")),
    }
    let look_up = request.sought.and_then(|(id, _)| page.model.look_up(id));
    if let Some(look_up) = look_up {
        story(look_up, request, page, sheet);
    }
}

fn how(names: &Names, request: &Request, page: &Page<'_>) -> String {
    let words = match names {
        Names::Literal => "the URL has the address",
        Names::Localhost => "localhost is this machine; nobody is asked",
        Names::ByProxy => "the rest of the way is left to the proxy; these are its own",
        Names::Given => "--resolve gave the address; nobody is asked",
        Names::Hosts => "the hosts file of the system has the address; nobody is asked",
        Names::Asked { .. } => "a name server was asked",
        Names::Shared { .. } => match sharer(request, page) {
            Some(words) => return words,
            None => "shared the look-up of an earlier request",
        },
        Names::Kept { age_ms, ttl_ms } => {
            let [age, ttl] = [age_ms, ttl_ms].map(|ms| span(ms / 1000));
            return format!("an earlier answer was still good: {age} old, good for {ttl}");
        }
    };
    words.to_owned()
}

/// Whose look-up was shared.
fn sharer(request: &Request, page: &Page<'_>) -> Option<String> {
    let (look_up, _) = request.sought?;
    let first = page.model.look_up(look_up)?.asker?;
    Some(format!("shared the look-up of {first}"))
}

/// Each question to a name server, to one scale.
fn story(look_up: &LookUp, request: &Request, page: &Page<'_>, sheet: &mut Sheet) {
    let end = |query: &Query| over(query, look_up, request, page);
    let last = look_up.queries.iter().map(end).max();
    let last = last.unwrap_or(look_up.began);
    let scale = Scale::new(look_up.began, last, bar_columns(page));
    for query in &look_up.queries {
        let question = &query.question;
        let took = duration(end(query).since(query.sent));
        let what = match &query.ended {
            Some((_, Reply::Answered(answer))) => said_of(answer),
            Some((_, Reply::Unanswered { words })) => words.clone(),
            None if request.ended.is_some() => "no answer came".to_owned(),
            None => "asked".to_owned(),
        };
        let server = question.asked();
        let mut words = format!("{took} · {server} over {} · {what}", question.over);
        if let Some(line) = &query.line {
            words = format!("{words} · {}", opened(line));
        }
        if !question.name.eq_ignore_ascii_case(&look_up.host) {
            words = format!("{words} · for {}", question.name);
        }
        let stretch = (Stage::Dns, query.sent, end(query));
        let record = question.record.record();
        sheet.lines(drawn(page, record, stretch, &scale, &words));
    }
    let mut known = Vec::new();
    for alias in look_up.answers().flat_map(|(_, answer)| answer.aliases()) {
        let ttl = span(u64::from(alias.ttl));
        let words = format!("{} is {}, good for {ttl}", alias.name, alias.value);
        if !known.contains(&words) {
            sheet.lines(pairs(page, "alias", &words));
            known.push(words);
        }
    }
}

/// How much of a question's time went into the line that it went over.
fn opened(line: &NameLine) -> String {
    let [tcp, tls] = [line.connect_us, line.tls_us].map(Duration::from_micros);
    if line.version.is_empty() {
        return format!("of it {} to open the line · TCP, then TLS", duration(tcp));
    }
    let whole = duration(tcp + tls);
    let [tcp, tls] = [tcp, tls].map(duration);
    format!(
        "of it {whole} to open the line · TCP {tcp}, {} {tls}",
        line.version
    )
}

/// What an answer said, in a few words.
fn said_of(answer: &NameAnswer) -> String {
    let addresses = answer
        .records
        .iter()
        .filter(|record| record.kind != "CNAME");
    let addresses: Vec<_> = addresses.collect();
    let mut words = match addresses.len() {
        0 => answer.words(),
        1 => "1 address".to_owned(),
        n => format!("{n} addresses"),
    };
    let ttl = addresses.iter().map(|record| record.ttl).min();
    if let Some(ttl) = ttl.or(answer.negative_ttl) {
        words = format!("{words}, good for {}", span(u64::from(ttl)));
    }
    if answer.flags.is_empty() {
        return words;
    }
    format!("{words} · {}", answer.flags.join(" "))
}

/// When a question was over, or until when it went on.
fn over(query: &Query, look_up: &LookUp, request: &Request, page: &Page<'_>) -> Moment {
    let given_up = || {
        let mut stages = request.timeline.of(Stage::Dns);
        let dns = stages.next().and_then(|span| span.ended.as_ref());
        dns.map(|(at, _)| *at)
    };
    let ended = query.ended.as_ref().map(|(at, _)| *at);
    let at = ended.or_else(given_up).unwrap_or(page.now);
    at.max(query.sent).max(look_up.began)
}

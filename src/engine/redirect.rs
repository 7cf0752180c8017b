use std::fmt::Write as _;
use std::rc::Rc;

use url::Url;

use crate::event::{Because, Failure, FailureKind, Stage, Wanted};
use crate::message::{Method, Origin, RedirectMode, ResponseHead, Scheme};

use super::engine::Engine;
use super::fetch::Request;

/// As many redirects in a row as browsers follow.
const MAX_HOPS: usize = 20;

/// Plans the request that `head` leads to, if it leads anywhere (RFC 9110 §15.4); whether it does.
pub(super) fn follow(
    request: &Request,
    head: &ResponseHead,
    engine: &Rc<Engine>,
) -> Result<bool, Failure> {
    let Some(location) = head.location() else {
        return Ok(false);
    };
    let trouble = |words: String| Failure::new(Stage::Receive, FailureKind::Redirect, words);
    match request.redirect {
        RedirectMode::Follow => {}
        RedirectMode::Manual => return Ok(false),
        RedirectMode::Error => {
            let words = "the answer leads elsewhere, and redirects were to be errors";
            return Err(trouble(words.to_owned()));
        }
    }
    if head.headers.all("location").any(|other| other != location) {
        let words = "the answer leads to several places, and nobody can tell which is meant";
        return Err(trouble(words.to_owned()));
    }
    let mut url = request.url.join(&escaped(location)).map_err(|error| {
        trouble(format!(
            "the redirect leads to {location:?}, which is no URL: {error}"
        ))
    })?;
    if Origin::of(&url).is_none() {
        let scheme = url.scheme();
        return Err(trouble(format!(
            "the redirect leads to {scheme}:, which is not fetched"
        )));
    }
    inherit_fragment(&mut url, &request.url);
    let trail = request.trail.after(request.id, &request.url);
    let circle = trail.with(&url);
    if request.trail.len() >= MAX_HOPS {
        let where_to = circle.map_or_else(
            || "led to yet another".to_owned(),
            |request| format!("led back to what {request} asked for: they go round in a circle"),
        );
        return Err(trouble(format!(
            "the {MAX_HOPS}th redirect in a row {where_to}"
        )));
    }
    // Once is enough: it goes round until it stops.
    let is_news = request.trail.with(&request.url).is_none();
    if let Some(known) = circle.filter(|_| is_news) {
        let words = format!("it leads back to what {known} asked for: the redirects may go round");
        request.remark(words, engine);
    }
    let wanted = Wanted {
        method: method_after(head.status, &request.head.method),
        url,
        because: Because::Redirected { from: request.id },
        saying: request.saying.clone(),
        cache: request.cache,
        redirect: request.redirect,
        credentials: request.credentials,
        priority: request.priority,
    };
    if request.origin().scheme == Scheme::Https && wanted.url.scheme() == "http" {
        let words = "it leads from https to http: what follows can be read on the way";
        request.remark(words.to_owned(), engine);
    }
    engine.plan(without_secrets(wanted, request, engine), trail);
    Ok(true)
}

/// What of a request goes along: nothing secret to another origin, and no body where it became GET
/// (Fetch standard, HTTP-redirect fetch).
fn without_secrets(mut wanted: Wanted, request: &Request, engine: &Engine) -> Wanted {
    let is_elsewhere = Origin::of(&wanted.url).as_ref() != Some(request.origin());
    let is_bare = wanted.method != request.head.method;
    if is_bare {
        wanted.saying.payload = None;
    }
    if is_elsewhere {
        wanted.saying.cookies = None;
    }
    let is_dropped = |name: &str| {
        let name = name.to_ascii_lowercase();
        let is_secret = matches!(
            name.as_str(),
            "authorization" | "cookie" | "proxy-authorization" | "host"
        );
        let is_of_body =
            name.starts_with("content-") || matches!(name.as_str(), "transfer-encoding" | "expect");
        (is_elsewhere && is_secret) || (is_bare && is_of_body)
    };
    let given = wanted.saying.headers;
    let (dropped, kept): (Vec<_>, Vec<_>) = given.iter().partition(|(name, _)| is_dropped(name));
    if !dropped.is_empty() {
        let names: Vec<&str> = dropped.iter().map(|(name, _)| *name).collect();
        let because = if is_elsewhere {
            "it leads to another origin"
        } else {
            "GET has no body"
        };
        request.remark(
            format!("{} stays behind: {because}", names.join(", ")),
            engine,
        );
    }
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    wanted.saying.headers = kept.into_iter().map(owned).collect();
    wanted
}

/// The bytes of a `Location` that are not ASCII go out as they came in, as `%NN`.
fn escaped(location: &str) -> String {
    let mut text = String::with_capacity(location.len());
    for c in location.chars() {
        if c.is_ascii() {
            text.push(c);
        } else {
            // Header values are isomorphic: the character's number is the byte.
            let _ = write!(text, "%{:02X}", u32::from(c));
        }
    }
    text
}

/// A redirect keeps the fragment that was asked for, unless it has its own (RFC 9110 §10.2.2).
fn inherit_fragment(url: &mut Url, from: &Url) {
    if url.fragment().is_none() {
        url.set_fragment(from.fragment());
    }
}

/// As browsers do: 303 turns all but HEAD into GET, 301 and 302 turn POST into GET.
fn method_after(status: u16, method: &Method) -> Method {
    match (status, method.as_str()) {
        (303, name) if name != "HEAD" => Method::get(),
        (301 | 302, "POST") => Method::get(),
        _ => method.clone(),
    }
}

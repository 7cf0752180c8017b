use std::fmt::Write as _;
use std::rc::Rc;

use url::Url;

use crate::event::{Because, Failure, FailureKind, Stage, Wanted};
use crate::message::{Method, Origin, ResponseHead};

use super::engine::Engine;
use super::fetch::Request;

/// As many redirects in a row as browsers follow.
const MAX_HOPS: u32 = 20;

/// Plans the request that `head` leads to, if it leads anywhere (RFC 9110 §15.4).
pub(super) fn follow(
    request: &Request,
    head: &ResponseHead,
    engine: &Rc<Engine>,
) -> Result<(), Failure> {
    let Some(location) = head.location() else {
        return Ok(());
    };
    let trouble = |words: String| Failure::new(Stage::Receive, FailureKind::Redirect, words);
    if request.hops >= MAX_HOPS {
        return Err(trouble(format!(
            "the {MAX_HOPS}th redirect in a row led to yet another"
        )));
    }
    let mut url = request.url.join(&escaped(location)).map_err(|error| {
        trouble(format!(
            "the redirect leads to {location:?}, which is no URL: {error}"
        ))
    })?;
    if Origin::of(&url).is_none() {
        let scheme = url.scheme();
        return Err(trouble(format!(
            "the redirect leads to a {scheme} URL, which is not fetched"
        )));
    }
    inherit_fragment(&mut url, &request.url);
    let method = method_after(head.status, &request.head.method);
    let because = Because::Redirected { from: request.id };
    engine.plan(
        Wanted {
            method,
            url,
            because,
        },
        request.hops + 1,
    );
    Ok(())
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

use crate::coding::{Limits, decode};
use crate::export::har;
use crate::model::{Model, Request};

/// The run as an HTTP archive, with its secrets and its bodies or without.
pub(super) fn archive(model: &Model, has_secrets: bool, has_bodies: bool) -> String {
    let contents = |request: &Request| has_bodies.then(|| decoded(request)).flatten();
    har(model, has_secrets, &contents)
}

/// A body as somebody reads it; what is coded and broken, or was not kept whole, is nobody's text.
fn decoded(request: &Request) -> Option<Vec<u8>> {
    let body = request.given_body().filter(|body| !body.is_cut())?;
    let codings = request.codings_left();
    let wire = &body.content.as_ref()?.0;
    let decoded = decode(&codings, wire, Limits::default()).ok()?;
    Some(decoded.bytes)
}

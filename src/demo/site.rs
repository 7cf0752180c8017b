use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{
    ACCEPT_ENCODING, ACCEPT_LANGUAGE, HOST, HeaderName, HeaderValue, IF_NONE_MATCH, RANGE, SERVER,
};
use hyper::http::Error;
use hyper::{Request, Response};
use tokio::time::sleep;

use super::line::Orders;
use super::page::{Page, Parting};
use super::trickle::Trickle;

/// What is asked for, as far as the answer depends on it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) host: &'a str,
    pub(super) path: &'a str,
    /// What the client has already.
    pub(super) tag: Option<&'a str>,
    /// The part that it wants.
    pub(super) range: Option<&'a str>,
    /// The language that it wants.
    pub(super) language: Option<&'a str>,
}

/// Answers one request, in its own time; `orders` say what becomes of its line.
pub(super) async fn answer(
    request: Request<Incoming>,
    orders: Arc<Orders>,
) -> Result<Response<Trickle>, Error> {
    let page = page(&request);
    sleep(page.wait).await;

    let mut head = Response::builder()
        .status(page.status)
        .header(SERVER, "netwaterfall-demo");
    for (name, value) in page.fields {
        head = head.header(name, value.as_ref());
    }
    let body = Trickle::new(page.content, page.pieces, page.every, page.promised);
    let body = match page.parting {
        Parting::Keep => body,
        Parting::Leave => {
            orders.leave();
            body
        }
        Parting::Reset => body.cut(orders),
    };
    head.body(body)
}

/// The page that is asked for, or word that it has not changed.
fn page(request: &Request<Incoming>) -> Page {
    let host = said(request, &HOST).unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    let page = Page::at(&Asked {
        host: &host.to_ascii_lowercase(),
        path: request.uri().path(),
        tag: said(request, &IF_NONE_MATCH),
        range: said(request, &RANGE),
        language: said(request, &ACCEPT_LANGUAGE),
    });
    match (page.tag(), said(request, &IF_NONE_MATCH)) {
        (Some(tag), Some(known)) if known.split(',').any(|one| one.trim() == tag) => {
            page.unchanged()
        }
        _ if takes_gzip(request) => page.clone().coded().unwrap_or(page),
        _ => page,
    }
}

fn takes_gzip(request: &Request<Incoming>) -> bool {
    let taken = said(request, &ACCEPT_ENCODING).unwrap_or_default();
    taken.split(',').any(|one| one.trim() == "gzip")
}

fn said<'a>(request: &'a Request<Incoming>, name: &HeaderName) -> Option<&'a str> {
    request.headers().get(name).map(HeaderValue::to_str)?.ok()
}

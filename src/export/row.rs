use crate::event::Moment;
use crate::message::visible;
use crate::model::{Model, Request, bytes, duration, standing};

/// A request in a line of text, a tab between its parts, as a spreadsheet takes them.
pub fn row(request: &Request, model: &Model, now: Moment) -> String {
    let status = request.status().map_or_else(
        || standing(request, model, now).to_string(),
        |status| status.to_string(),
    );
    let time = duration(request.until(now).since(request.planned));
    let parts = [
        request.id.to_string(),
        status,
        request.method.to_string(),
        request.url.to_string(),
        bytes(request.bytes),
        time,
    ];
    parts.map(|part| visible(&part).into_owned()).join("\t")
}

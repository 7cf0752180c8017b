use serde::Serialize;

use crate::event::{Failure, Stage};

/// An HTTP archive as it is written.
#[derive(Serialize)]
pub(super) struct Archive {
    pub(super) log: Log,
}

#[derive(Serialize)]
pub(super) struct Log {
    pub(super) version: &'static str,
    pub(super) creator: Creator,
    /// When the run began, which was before its first request.
    #[serde(rename = "_started")]
    pub(super) started: String,
    pub(super) entries: Vec<Entry>,
}

#[derive(Serialize)]
pub(super) struct Creator {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    pub(super) started_date_time: String,
    pub(super) time: f64,
    pub(super) request: Asked,
    pub(super) response: Answered,
    pub(super) cache: Nothing,
    pub(super) timings: Timings,
    #[serde(rename = "serverIPAddress", skip_serializing_if = "Option::is_none")]
    pub(super) server_ip_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) connection: Option<String>,
    #[serde(rename = "_priority")]
    pub(super) priority: crate::message::Priority,
    #[serde(rename = "_fromCache", skip_serializing_if = "Option::is_none")]
    pub(super) from_cache: Option<&'static str>,
    /// What HAR has no phases for: each stage as it was lived, so that the bar is drawn again as it was.
    #[serde(rename = "_stages", skip_serializing_if = "Vec::is_empty")]
    pub(super) stages: Vec<Lived>,
    /// From plan to end, which may be more than the phases are.
    #[serde(rename = "_took")]
    pub(super) took: f64,
    #[serde(rename = "_failure", skip_serializing_if = "Option::is_none")]
    pub(super) failure: Option<Failure>,
    #[serde(rename = "_remarks", skip_serializing_if = "Vec::is_empty")]
    pub(super) remarks: Vec<String>,
}

/// A stretch of the bar, in milliseconds since the request was planned.
#[derive(Serialize)]
pub(super) struct Lived {
    pub(super) stage: Stage,
    pub(super) began: f64,
    pub(super) took: f64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) failed: bool,
}

/// What HAR wants to be there though there is nothing to say.
#[derive(Serialize)]
pub(super) struct Nothing {}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) http_version: &'static str,
    pub(super) cookies: Vec<Crumb>,
    pub(super) headers: Vec<Pair>,
    pub(super) query_string: Vec<Pair>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) post_data: Option<Posted>,
    pub(super) headers_size: i64,
    pub(super) body_size: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answered {
    pub(super) status: u16,
    pub(super) status_text: String,
    pub(super) http_version: String,
    pub(super) cookies: Vec<Crumb>,
    pub(super) headers: Vec<Pair>,
    pub(super) content: Contained,
    #[serde(rename = "redirectURL")]
    pub(super) redirect_url: String,
    pub(super) headers_size: i64,
    pub(super) body_size: i64,
    #[serde(rename = "_transferSize")]
    pub(super) transfer_size: u64,
    #[serde(rename = "_error", skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Contained {
    pub(super) size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) compression: Option<i64>,
    pub(super) mime_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) encoding: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Posted {
    pub(super) mime_type: String,
    pub(super) text: String,
}

#[derive(Serialize)]
pub(super) struct Pair {
    pub(super) name: String,
    pub(super) value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Crumb {
    pub(super) name: String,
    pub(super) value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) domain: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) http_only: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) secure: Option<bool>,
}

/// Milliseconds of each phase; -1 for what did not happen.
#[derive(Serialize)]
pub(super) struct Timings {
    pub(super) blocked: f64,
    pub(super) dns: f64,
    pub(super) connect: f64,
    pub(super) ssl: f64,
    pub(super) send: f64,
    pub(super) wait: f64,
    pub(super) receive: f64,
}

impl Timings {
    /// All of it; `ssl` is in `connect` already.
    pub(super) fn sum(&self) -> f64 {
        let phases = [
            self.blocked,
            self.dns,
            self.connect,
            self.send,
            self.wait,
            self.receive,
        ];
        let sum: f64 = phases.into_iter().filter(|phase| *phase > 0.0).sum();
        (sum * 1000.0).round() / 1000.0
    }
}

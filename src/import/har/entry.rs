use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use url::Url;

use crate::event::{Failure, Stage};
use crate::message::{Method, Priority};

use super::date::since_1970;

/// An entry of an archive, with what no request is without.
pub(super) struct Entry<'a> {
    /// Which of the file, from 1.
    pub(super) number: u32,
    pub(super) method: Method,
    pub(super) url: Url,
    /// When it began, since 1970, where that can be read.
    pub(super) began: Option<Duration>,
    pub(super) written: Written<'a>,
}

/// The parts of an entry as they are written; what is not there is null.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an entry")]
pub(super) struct Written<'a> {
    #[serde(default)]
    pub(super) started_date_time: Value,
    #[serde(default)]
    pub(super) time: Value,
    #[serde(default)]
    pub(super) request: Value,
    #[serde(default)]
    pub(super) response: Value,
    #[serde(default)]
    pub(super) timings: Value,
    #[serde(default)]
    cache: Value,
    #[serde(default, rename = "serverIPAddress")]
    pub(super) server: Value,
    #[serde(default)]
    connection: Value,
    #[serde(default, rename = "_connectionId")]
    connection_id: Value,
    #[serde(default, rename = "_priority")]
    priority: Value,
    #[serde(default, rename = "_fromCache")]
    from_cache: Value,
    /// It may be deeper than is read.
    #[serde(borrow, default, rename = "_initiator")]
    initiator: Option<&'a RawValue>,
    #[serde(default, rename = "_remarks")]
    pub(super) remarks: Value,
    #[serde(default, rename = "_stages")]
    stages: Value,
    #[serde(default, rename = "_took")]
    pub(super) took: Value,
    #[serde(default, rename = "_failure")]
    failure: Value,
}

/// A stretch of a request's bar, as our own archives have it beside what HAR knows.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Lived {
    pub(super) stage: Stage,
    /// Milliseconds since the request was planned.
    pub(super) began: f64,
    pub(super) took: f64,
    #[serde(default)]
    pub(super) failed: bool,
}

impl<'a> Entry<'a> {
    /// Reads the entry; the error is what is wrong with it, to be said behind "it has".
    pub(super) fn read(text: &'a str, number: u32) -> Result<Self, String> {
        let written = serde_json::from_str(text);
        let written: Written<'a> = written.map_err(|error: serde_json::Error| {
            let words = error.to_string();
            // The line is told anyway, and of the whole file.
            let words = words.split(" at line ").next().unwrap_or_default();
            format!("something odd: {words}")
        })?;
        let Some(url) = written.request.get("url").and_then(Value::as_str) else {
            return Err("no request.url".to_owned());
        };
        let url =
            Url::parse(url).map_err(|error| format!("a request.url that is none: {error}"))?;
        let Some(method) = written.request.get("method").and_then(Value::as_str) else {
            return Err("no request.method".to_owned());
        };
        let method = method.parse();
        let method = method.map_err(|error| format!("a request.method that is none: {error}"))?;
        let began = written.started_date_time.as_str().and_then(since_1970);
        Ok(Self {
            number,
            method,
            url,
            began,
            written,
        })
    }

    /// Whether the answer came from the tool's own cache: `_fromCache`, or as Firefox has it.
    pub(super) fn is_from_cache(&self) -> bool {
        let has_none = |key: &str| self.written.response.get(key).and_then(Value::as_f64);
        let is_told = self
            .written
            .cache
            .get("afterRequest")
            .is_some_and(Value::is_object);
        self.written.from_cache.is_string()
            || (is_told
                && self.written.server.is_null()
                && has_none("bodySize").is_none_or(|n| n <= 0.0))
    }

    /// The connection that it ran on, by the name that the tool has for it.
    ///
    /// Firefox and newer Chromes write the port of the server where HAR wants the connection.
    pub(super) fn connection(&self) -> Option<String> {
        if let Some(id) = name(&self.written.connection_id) {
            return Some(id).filter(|id| id != "0");
        }
        let port = self
            .url
            .port_or_known_default()
            .map(|port| port.to_string());
        name(&self.written.connection).filter(|id| Some(id) != port.as_ref())
    }

    /// How soon it was wanted, where a word says so.
    pub(super) fn priority(&self) -> Priority {
        let word = self.written.priority.as_str().unwrap_or_default();
        match word.to_ascii_lowercase().as_str() {
            "high" | "veryhigh" | "highest" => Priority::High,
            "low" | "verylow" | "lowest" => Priority::Low,
            _ => Priority::Auto,
        }
    }

    /// What made it, in the tool's words.
    pub(super) fn initiator(&self) -> Option<String> {
        let told: Value = serde_json::from_str(self.written.initiator?.get()).ok()?;
        let word = |key: &str| told.get(key).and_then(Value::as_str);
        let (kind, url) = (word("type"), word("url").or_else(|| told.as_str()));
        let file = url.map(|url| url.rsplit('/').find(|part| !part.is_empty()).unwrap_or(url));
        match (kind, file) {
            (Some(kind), Some(file)) => Some(format!("{kind} {file}")),
            (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
            (None, None) => None,
        }
        .filter(|words| words != "other" && !words.is_empty())
    }

    /// Each stage as it was lived, where the archive is one of ours.
    pub(super) fn stages(&self) -> Option<Vec<Lived>> {
        Vec::deserialize(&self.written.stages).ok()
    }

    /// The status of its answer, if there was one.
    pub(super) fn status(&self) -> Option<u16> {
        let status = self.written.response.get("status").and_then(Value::as_u64);
        let status = status.and_then(|status| u16::try_from(status).ok());
        status.filter(|status| *status > 0)
    }

    /// Why it failed, where the archive is one of ours.
    pub(super) fn failure(&self) -> Option<Failure> {
        Failure::deserialize(&self.written.failure).ok()
    }
}

/// A name, or a number as one; nothing for an empty one.
fn name(value: &Value) -> Option<String> {
    match value {
        Value::String(name) => Some(name.clone()).filter(|name| !name.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

use std::fmt::Write as _;

use serde::Serialize;

use crate::message::{span, visible};
use crate::model::bytes;

use super::ndjson::written;

/// A stored answer, as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// What it is stored for.
    pub url: String,
    /// The site on whose pages it is used, where it is not for all.
    pub page: Option<String>,
    /// Its status code.
    pub status: u16,
    /// Bytes of its body that are stored.
    pub bytes: u64,
    /// Bytes of its whole body, where that is known.
    pub total: Option<u64>,
    /// For how many seconds it has been stored.
    pub stored_s: u64,
    /// How often the server said that it is still good.
    pub validated: u32,
    /// Whether it may be used without asking.
    pub is_fresh: bool,
    /// For how many seconds it has been so, or will be.
    pub for_s: u64,
    /// The request headers that chose it.
    pub chosen_by: Vec<String>,
}

/// What is stored, as a table for people, with what it comes to below.
pub fn listing(listed: &[Listed]) -> String {
    let mut page = String::new();
    let mut row = |cells: [&str; 5]| {
        let [status, size, stored, good, url] = cells;
        let _ = writeln!(page, "{status:<7}{size:>9}  {stored:<15}{good:<24}{url}");
    };
    if !listed.is_empty() {
        row(["Status", "Size", "Stored", "Good", "URL"]);
    }
    for one in listed {
        let whole = one.total.is_none_or(|total| total == one.bytes);
        let part = if whole { "" } else { " part" };
        let status = format!("{}{part}", one.status);
        let stored = format!("{} ago", span(one.stored_s));
        row([&status, &bytes(one.bytes), &stored, &good(one), &named(one)]);
    }
    if !listed.is_empty() {
        page.push('\n');
    }
    let count = listed.len();
    let s = if count == 1 { "" } else { "s" };
    let all = listed.iter().map(|one| one.bytes).sum();
    let _ = writeln!(page, "{count} answer{s}, {}", bytes(all));
    page
}

fn good(one: &Listed) -> String {
    let time = span(one.for_s);
    match one.is_fresh {
        true if one.for_s > FOR_GOOD => "for good".to_owned(),
        true => format!("for {time}"),
        false => format!("stale since {time}"),
    }
}

/// Ten years; what says to be fresh for longer means for good.
const FOR_GOOD: u64 = 10 * 365 * 86_400;

fn named(one: &Listed) -> String {
    let mut name = visible(&one.url).into_owned();
    if !one.chosen_by.is_empty() {
        let _ = write!(name, "  (Vary: {})", visible(&one.chosen_by.join(", ")));
    }
    if let Some(page) = &one.page {
        let _ = write!(name, "  (on pages of {})", visible(page));
    }
    name
}

/// What is stored, as one JSON array, for scripts.
pub fn listing_json(listed: &[Listed]) -> String {
    written(&listed)
}

/// What is stored, a JSON object a line.
pub fn listing_ndjson(listed: &[Listed]) -> String {
    listed.iter().map(written).collect()
}

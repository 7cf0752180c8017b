//! The selected request, a file for each tab.

mod attribute;
mod body;
mod cache;
mod connection;
mod cookies;
mod details;
mod glossary;
mod headers;
mod ladder;
mod names;
mod page;
mod race;
mod redirects;
mod security;
mod server_timing;
mod tail;
mod timing;

pub(in crate::ui) use details::{Details, sheet, tab_at};
pub(super) use page::{VEIL, read};

//! One file for each thing on the screen; each draws and changes nothing.

mod address;
mod axis;
mod columns;
mod completion;
mod cursor_line;
mod details;
mod footer;
mod found;
mod header;
mod help;
mod jar;
mod legend;
mod menu;
mod popup;
mod slots;
mod waterfall;
mod welcome;
mod whatif;

pub(super) use address::AddressBar;
pub(super) use axis::Axis;
pub(super) use columns::{ColumnList, top_of_columns};
pub(super) use completion::CompletionList;
pub(super) use cursor_line::CursorLine;
pub(super) use details::{Details, sheet, tab_at};
pub(super) use footer::Footer;
pub(super) use found::FoundMarks;
pub(super) use header::Header;
pub(super) use help::Help;
pub(super) use jar::Jar;
pub(super) use legend::{Legend, lines_of_legend, stage_of_line};
pub(super) use menu::{MenuPane, row_at};
pub(super) use popup::line_at;
pub(super) use slots::Slots;
pub(super) use waterfall::Waterfall;
pub(super) use welcome::Welcome;
pub(super) use whatif::WhatIf;

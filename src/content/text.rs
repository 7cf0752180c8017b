use std::ops::Range;
use std::sync::Arc;

use super::charset::Charset;
use super::ink::{Stroke, strokes};
use super::language::Language;

/// A longer text has no colours: to find them would take longer than a person waits.
const MOST_COLOURED: usize = 1 << 20;

/// A text, its lines and its colours found, so that any line of it can be drawn at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text.
    pub text: Arc<str>,
    /// In which charset it came.
    pub charset: Charset,
    /// What it is written in.
    pub language: Language,
    /// Where each line begins.
    starts: Vec<u32>,
    strokes: Vec<Stroke>,
}

impl Text {
    pub(super) fn new(text: Arc<str>, charset: Charset, language: Language) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let behind = breaks.map(|(at, _)| at + 1).filter(|at| *at < text.len());
        let first = (!text.is_empty()).then_some(0);
        let starts = first.into_iter().chain(behind);
        let starts = starts.filter_map(|at| u32::try_from(at).ok()).collect();
        let strokes = if text.len() < MOST_COLOURED {
            strokes(&text, language)
        } else {
            Vec::new()
        };
        Self {
            text,
            charset,
            language,
            starts,
            strokes,
        }
    }

    /// Whether it is too long to be coloured.
    pub fn is_uncoloured(&self) -> bool {
        self.text.len() >= MOST_COLOURED && self.language != Language::Plain
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether there is no line.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// A line without its end, and where it is in the text.
    pub fn line(&self, place: usize) -> Option<(&str, Range<usize>)> {
        let start = *self.starts.get(place)? as usize;
        let next = self.starts.get(place + 1).map(|next| *next as usize);
        let line = self.text.get(start..next.unwrap_or(self.text.len()))?;
        let line = line.strip_suffix('\n').unwrap_or(line);
        let line = line.strip_suffix('\r').unwrap_or(line);
        Some((line, start..start + line.len()))
    }

    /// The strokes that touch a stretch of the text, in order.
    pub fn strokes(&self, within: Range<usize>) -> impl Iterator<Item = Stroke> + '_ {
        let first = self
            .strokes
            .partition_point(|stroke| stroke.range().end <= within.start);
        let rest = self.strokes.iter().skip(first).copied();
        rest.take_while(move |stroke| stroke.range().start < within.end)
    }
}

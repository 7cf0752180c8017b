use std::collections::BTreeSet;

use ratatui::text::Line;

use super::tail::Tail;

/// Sections of the details that a person folded; they stay so from request to request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Folds(BTreeSet<&'static str>);

impl Folds {
    /// Whether `section` is folded.
    pub(super) fn is_folded(&self, section: &str) -> bool {
        self.0.contains(section)
    }

    /// Folds or unfolds `section`.
    pub(super) fn set(&mut self, section: &'static str, is_folded: bool) {
        if is_folded {
            self.0.insert(section);
        } else {
            self.0.remove(section);
        }
    }
}

/// The lines of a tab, with the sections that can be folded.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) lines: Vec<Line<'static>>,
    /// The section of each line, by its place.
    sections: Vec<(usize, &'static str)>,
    /// What there is to say about a line when the cursor is on it, by its place.
    notes: Vec<(usize, String)>,
    /// What stands below the lines.
    pub(super) tail: Option<Tail>,
}

impl Sheet {
    /// Adds a line.
    pub(super) fn line(&mut self, line: impl Into<Line<'static>>) {
        self.lines.push(line.into());
    }

    /// Adds lines that belong together.
    pub(super) fn lines(&mut self, lines: Vec<Line<'static>>) {
        self.lines.extend(lines);
    }

    /// Says something about the line that was added last.
    pub(super) fn note(&mut self, words: String) {
        self.notes.push((self.lines.len().saturating_sub(1), words));
    }

    /// What there is to say about the line at `place`.
    pub(super) fn note_at(&self, place: usize) -> Option<String> {
        let found = self.notes.iter().find(|(line, _)| *line == place);
        let words = found.map(|(_, words)| words.clone());
        words.or_else(|| match (&self.tail, self.behind(place)) {
            (Some(tail @ Tail::Tree(tree, _)), Some(line)) => Some(tree.path(tail.thing(line))),
            _ => None,
        })
    }

    /// How many lines there are, the tail's too.
    pub(super) fn len(&self) -> usize {
        self.lines.len() + self.tail.as_ref().map_or(0, Tail::len)
    }

    /// Which line of the tail stands at `place`.
    pub(super) fn behind(&self, place: usize) -> Option<usize> {
        let line = place.checked_sub(self.lines.len())?;
        self.tail.as_ref().filter(|tail| line < tail.len())?;
        Some(line)
    }

    /// Begins a section under `title`; whether its lines are to be added.
    pub(super) fn section(
        &mut self,
        name: &'static str,
        title: Vec<ratatui::text::Span<'static>>,
        folds: &Folds,
    ) -> bool {
        let is_folded = folds.is_folded(name);
        self.sections.push((self.lines.len(), name));
        let mut spans = vec![if is_folded {
            "▸ ".into()
        } else {
            "▾ ".into()
        }];
        spans.extend(title);
        self.lines.push(Line::from(spans));
        !is_folded
    }

    /// The section that the line at `place` is in.
    pub(super) fn section_at(&self, place: usize) -> Option<&'static str> {
        self.sections
            .iter()
            .rev()
            .find(|(start, _)| *start <= place)
            .map(|(_, name)| *name)
    }

    /// The place of the title of the section that the line at `place` is in.
    pub(super) fn title_of(&self, place: usize) -> Option<usize> {
        self.sections
            .iter()
            .rev()
            .find(|(start, _)| *start <= place)
            .map(|(start, _)| *start)
    }
}

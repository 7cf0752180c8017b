use std::fmt;

use super::column::Column;
use super::order::{By, Order};

/// Which columns are shown, in which order, how wide, and by what the rows are sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    columns: Vec<Placed>,
    pub(super) order: Order,
}

/// A column in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) column: Column,
    pub(super) is_shown: bool,
    /// As wide as a person made it.
    pub(super) width: Option<u16>,
}

/// Why columns that somebody wants cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadColumn {
    /// No column is called so.
    #[error("there is no column {0}")]
    Unknown(String),
    /// One is named twice.
    #[error("the column {0} is there already")]
    Twice(String),
    /// What stands behind a name is no width.
    #[error(
        "write a name, and behind it a width from 2 to 200 if it is not to be the usual one: {0}"
    )]
    Width(String),
    /// None is named.
    #[error("a table needs a column at least")]
    None,
}

/// The narrowest and the widest that a person can make a column.
const WIDTHS: std::ops::RangeInclusive<u16> = 2..=200;

impl Default for Layout {
    fn default() -> Self {
        let placed = |column: &Column| Placed {
            column: *column,
            is_shown: column.is_usual(),
            width: None,
        };
        Self {
            columns: Column::ALL.iter().map(placed).collect(),
            order: Order::default(),
        }
    }
}

impl Layout {
    /// Reads what [`fmt::Display`] wrote; the error says which line makes no sense.
    ///
    /// Columns that are not named keep their places behind those that are, and are not shown.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut layout = Self {
            columns: Vec::new(),
            order: Order::default(),
        };
        let lines = text.lines().zip(1..).map(|(line, n)| (line.trim(), n));
        for (line, n) in lines.filter(|(line, _)| !line.is_empty() && !line.starts_with('#')) {
            let bad = |why: &str| format!("line {n}: {why}: {line}");
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                ["sort", by, rest @ ..] => {
                    let by = By::named(by).ok_or_else(|| bad("nothing to sort by"))?;
                    let is_reversed = *rest == ["reversed"];
                    layout.order = Order { by, is_reversed };
                }
                [verb @ ("show" | "hide"), name, rest @ ..] => {
                    let column = Column::named(name).ok_or_else(|| bad("no such column"))?;
                    let width = match rest {
                        [] => None,
                        [width] => Some(width.parse().map_err(|_| bad("no width"))?),
                        _ => return Err(bad("too many words")),
                    };
                    layout.place(column, *verb == "show", width);
                }
                _ => return Err(bad("neither show, hide nor sort")),
            }
        }
        layout.place_others();
        if layout.shown().next().is_none() {
            return Err("no column is shown".to_owned());
        }
        Ok(layout)
    }

    /// The columns as a person wrote them in the preferences: a name each, and a width behind it if it is
    /// not the usual one. What is wrong is told with its place.
    pub fn chosen<'a>(
        written: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, (usize, BadColumn)> {
        let mut layout = Self {
            columns: Vec::new(),
            order: Order::default(),
        };
        for (place, text) in written.into_iter().enumerate() {
            let bad = |bad: BadColumn| (place, bad);
            let mut words = text.split_whitespace();
            let name = words.next().unwrap_or_default();
            let column = Column::named(name);
            let column = column.ok_or_else(|| bad(BadColumn::Unknown(name.to_owned())))?;
            if layout.columns.iter().any(|known| known.column == column) {
                return Err(bad(BadColumn::Twice(name.to_owned())));
            }
            let no_width = || bad(BadColumn::Width(text.to_owned()));
            let width = words.next().map(|word| {
                let width = word.parse().ok().filter(|width| WIDTHS.contains(width));
                width.ok_or_else(no_width)
            });
            if words.next().is_some() {
                return Err(no_width());
            }
            layout.place(column, true, width.transpose()?);
        }
        if layout.columns.is_empty() {
            return Err((0, BadColumn::None));
        }
        layout.place_others();
        Ok(layout)
    }

    /// The shown columns as [`Self::chosen`] reads them.
    pub fn written(&self) -> Vec<String> {
        let word = |(column, width): (Column, Option<u16>)| {
            let name = column.card().name;
            width.map_or_else(|| name.to_owned(), |width| format!("{name} {width}"))
        };
        self.shown().map(word).collect()
    }

    /// The names of all columns that there are.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Column::ALL.iter().map(|column| column.card().name)
    }

    /// The same columns, the rows sorted as in another layout.
    #[must_use]
    pub fn sorted_as(self, other: &Self) -> Self {
        Self {
            order: other.order,
            ..self
        }
    }

    /// All columns in their places.
    pub(super) fn columns(&self) -> &[Placed] {
        &self.columns
    }

    /// Those that are shown, with the widths that a person gave them.
    pub(super) fn shown(&self) -> impl Iterator<Item = (Column, Option<u16>)> {
        let shown = self.columns.iter().filter(|placed| placed.is_shown);
        shown.map(|placed| (placed.column, placed.width))
    }

    pub(super) fn width_of(&self, column: Column) -> Option<u16> {
        let mut all = self.columns.iter();
        all.find(|placed| placed.column == column)?.width
    }

    /// Shows a column, or shows it no more; the last one stays.
    pub(super) fn toggle(&mut self, column: Column) -> bool {
        let is_last = self.shown().nth(1).is_none();
        let Some(placed) = self.placed(column) else {
            return false;
        };
        if placed.is_shown && is_last {
            return false;
        }
        placed.is_shown = !placed.is_shown;
        true
    }

    pub(super) fn resize(&mut self, column: Column, width: u16) {
        if let Some(placed) = self.placed(column) {
            placed.width = Some(width.clamp(*WIDTHS.start(), *WIDTHS.end()));
        }
    }

    /// Makes it as wide as it is if nobody chose.
    pub(super) fn unsize(&mut self, column: Column) {
        if let Some(placed) = self.placed(column) {
            placed.width = None;
        }
    }

    /// Moves the column at a place by one; tells its place.
    pub(super) fn carry(&mut self, place: usize, by: isize) -> usize {
        let to = place.saturating_add_signed(by);
        if place < self.columns.len() && to < self.columns.len() {
            self.columns.swap(place, to);
            return to;
        }
        place
    }

    fn placed(&mut self, column: Column) -> Option<&mut Placed> {
        let mut all = self.columns.iter_mut();
        all.find(|placed| placed.column == column)
    }

    /// Columns that were not named keep their places behind those that were, and are not shown.
    fn place_others(&mut self) {
        for column in Column::ALL {
            if self.columns.iter().all(|placed| placed.column != *column) {
                self.place(*column, false, None);
            }
        }
    }

    fn place(&mut self, column: Column, is_shown: bool, width: Option<u16>) {
        self.columns.retain(|placed| placed.column != column);
        self.columns.push(Placed {
            column,
            is_shown,
            width: width.map(|width: u16| width.clamp(*WIDTHS.start(), *WIDTHS.end())),
        });
    }
}

/// A line a column, and how the rows are sorted.
impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for placed in &self.columns {
            let verb = if placed.is_shown { "show" } else { "hide" };
            write!(f, "{verb} {}", placed.column.card().name)?;
            if let Some(width) = placed.width {
                write!(f, " {width}")?;
            }
            writeln!(f)?;
        }
        let reversed = if self.order.is_reversed {
            " reversed"
        } else {
            ""
        };
        writeln!(f, "sort {}{reversed}", self.order.by.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_is_read_as_it_was_written() {
        let mut layout = Layout::default();
        layout.toggle(Column::Url);
        layout.toggle(Column::Method);
        layout.resize(Column::Name, 31);
        layout.carry(0, 1);
        layout.order = Order {
            by: By::Column(Column::Latency),
            is_reversed: true,
        };
        assert_eq!(Layout::read(&layout.to_string()), Ok(layout));
    }

    #[test]
    fn columns_that_are_not_named_are_not_shown() {
        let layout = Layout::read("# mine\nshow time\nshow name 20\nsort stage-wait").unwrap();
        let shown: Vec<_> = layout.shown().collect();
        assert_eq!(shown, [(Column::Time, None), (Column::Name, Some(20))]);
        assert_eq!(layout.columns().len(), Column::ALL.len());
    }

    #[test]
    fn what_makes_no_sense_is_named_with_its_line() {
        for (text, words) in [
            ("show nonsense", "line 1: no such column: show nonsense"),
            ("\nshow name x", "line 2: no width: show name x"),
            ("sort by", "line 1: nothing to sort by: sort by"),
            ("name", "line 1: neither show, hide nor sort: name"),
            ("hide name", "no column is shown"),
        ] {
            assert_eq!(Layout::read(text).unwrap_err(), words);
        }
    }

    #[test]
    fn columns_that_were_written_are_read_and_written_again() {
        let written = ["time 12", "name 40", "set-cookies"];
        let layout = Layout::chosen(written).unwrap();
        assert_eq!(layout.written(), written);
        assert_eq!(layout.columns().len(), Column::ALL.len());
        let usual = Layout::default();
        let again = Layout::chosen(usual.written().iter().map(String::as_str));
        assert_eq!(again, Ok(usual));
    }

    #[test]
    fn columns_that_cannot_be_had_are_told_with_their_place() {
        for (written, place, words) in [
            (&["time", "nam"][..], 1, "there is no column nam"),
            (
                &["time", "name", "time 9"],
                2,
                "the column time is there already",
            ),
            (&["name x"], 0, "write a name, and behind it a width"),
            (&["name 1"], 0, "write a name, and behind it a width"),
            (&["name 20 30"], 0, "write a name, and behind it a width"),
            (&[""], 0, "there is no column ;"),
            (&[], 0, "a table needs a column at least"),
        ] {
            let (at, bad) = Layout::chosen(written.iter().copied()).unwrap_err();
            assert_eq!(at, place);
            let bad = format!("{bad};");
            assert!(bad.starts_with(words), "{bad}");
        }
    }

    #[test]
    fn the_last_column_stays() {
        let mut layout = Layout::read("show name").unwrap();
        assert!(!layout.toggle(Column::Name));
        assert_eq!(layout.shown().count(), 1);
    }
}

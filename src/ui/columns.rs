use super::column::Column;
use super::layout::Layout;

/// The columns of the table as they fit, the bar at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Columns(Vec<(Column, u16)>);

/// How wide the contents of some columns are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Contents {
    pub(super) rows: usize,
    pub(super) path: usize,
    pub(super) host: usize,
}

/// The first to go where there is little room.
const DROPS: [Column; 4] = [Column::Type, Column::Host, Column::Method, Column::Size];

/// Columns left of the first: the mark of the selected.
const MARK: u16 = 2;

impl Columns {
    /// What fits into `width`.
    ///
    /// Under 120 columns those that a person added go, the last first, then Type, Host, Method and
    /// Size, until the bar has two fifths; under 80 the name and the bar remain.
    pub(super) fn fit(width: u16, contents: Contents, layout: &Layout) -> Self {
        let columns = |wide: usize| u16::try_from(wide).unwrap_or(u16::MAX);
        if width < 80 {
            let most = (width / 2).clamp(6, 24).min(width.saturating_sub(4));
            let name = columns(contents.path).clamp(4, 24).min(most);
            return Self(vec![(Column::Name, name)]);
        }
        let shown = layout.shown();
        let list = shown.map(|(column, chosen)| {
            let usual = || usual(column, contents);
            (column, chosen.unwrap_or_else(usual))
        });
        let mut fitted = Self(list.collect());
        let most = if width >= 120 {
            width * 2 / 3
        } else {
            width * 3 / 5
        };
        while fitted.total() > most && fitted.drop_one() {}
        fitted.shrink(most);
        if layout.width_of(Column::Name).is_none() {
            fitted.grow_name((width * 3 / 5).saturating_sub(fitted.total()), contents);
        }
        fitted
    }

    /// Everything left of the bar: the mark, the columns and a blank behind each.
    pub(super) fn total(&self) -> u16 {
        MARK + self.0.iter().map(|(_, width)| width + 1).sum::<u16>()
    }

    /// Each column, where it begins and how wide it is.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Column, u16, u16)> {
        let mut x = MARK;
        self.0.iter().map(move |(column, width)| {
            let start = x;
            x += width + 1;
            (*column, start, *width)
        })
    }

    /// Whether it is there.
    pub(super) fn has(&self, column: Column) -> bool {
        self.0.iter().any(|(known, _)| *known == column)
    }

    /// The column at `x`, the blank behind it left out.
    pub(super) fn at(&self, x: u16) -> Option<Column> {
        let mut all = self.iter();
        let found = all.find(|(_, start, width)| (*start..start + width).contains(&x));
        found.map(|(column, ..)| column)
    }

    /// The column whose right border is at `x`, and where that column begins.
    pub(super) fn border_at(&self, x: u16) -> Option<(Column, u16)> {
        let mut all = self.iter();
        let found = all.find(|(_, start, width)| start + width == x);
        found.map(|(column, start, _)| (column, start))
    }

    fn drop_one(&mut self) -> bool {
        let added = self.0.iter().rposition(|(column, _)| !column.is_usual());
        let usual = || {
            let place = |column: &Column| self.0.iter().position(|(known, _)| known == column);
            DROPS.iter().find_map(place)
        };
        let Some(place) = added.or_else(usual) else {
            return false;
        };
        // One column at least: a table without any tells nothing.
        self.0.len() > 1 && {
            self.0.remove(place);
            true
        }
    }

    /// Takes from the widest what a person made too wide for this screen.
    fn shrink(&mut self, most: u16) {
        while self.total() > most {
            let widest = self.0.iter_mut().max_by_key(|(_, width)| *width);
            match widest {
                Some((_, width)) if *width > 4 => *width -= 1,
                Some(_) | None => return,
            }
        }
    }

    fn grow_name(&mut self, spare: u16, contents: Contents) {
        let path = u16::try_from(contents.path).unwrap_or(u16::MAX);
        let name = self
            .0
            .iter_mut()
            .find(|(column, _)| *column == Column::Name);
        if let Some((_, width)) = name {
            *width += spare.min(path.saturating_sub(*width));
        }
    }
}

/// How wide a column is that nobody made wider.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the columns whose contents are counted are few"
)]
fn usual(column: Column, contents: Contents) -> u16 {
    let columns = |wide: usize| u16::try_from(wide).unwrap_or(u16::MAX);
    match column {
        Column::Number => columns(contents.rows.max(1).ilog10() as usize + 1).clamp(2, 7),
        Column::Name => columns(contents.path).clamp(8, 14),
        Column::Host => columns(contents.host).clamp(4, 15),
        other => other.card().width,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTENTS: Contents = Contents {
        rows: 40,
        path: 30,
        host: 13,
    };

    fn fit(width: u16) -> Columns {
        Columns::fit(width, CONTENTS, &Layout::default())
    }

    #[test]
    fn columns_go_in_their_order() {
        let kept = |width| {
            let fitted = fit(width);
            let all = [
                Column::Type,
                Column::Host,
                Column::Method,
                Column::Size,
                Column::Name,
            ];
            all.map(|column| fitted.has(column))
        };
        assert_eq!(kept(120), [true, true, true, true, true]);
        assert_eq!(kept(119), [false, true, true, true, true]);
        assert_eq!(kept(110), [false, false, true, true, true]);
        assert_eq!(kept(40), [false, false, false, false, true]);
    }

    #[test]
    fn columns_that_were_added_go_first_and_wide_ones_give_way() {
        let mut layout = Layout::default();
        layout.toggle(Column::Url);
        layout.toggle(Column::Coding);
        layout.resize(Column::Name, 300);
        let fitted = Columns::fit(120, CONTENTS, &layout);
        assert!(!fitted.has(Column::Url) && !fitted.has(Column::Coding));
        assert!(fitted.total() <= 80, "{}", fitted.total());
        let fitted = Columns::fit(500, CONTENTS, &layout);
        assert!(fitted.has(Column::Url) && fitted.has(Column::Coding));
    }

    #[test]
    fn the_bar_always_has_room() {
        let mut odd = Layout::default();
        for column in Column::ALL {
            odd.resize(*column, 40);
        }
        for layout in [Layout::default(), odd] {
            for width in 0..300 {
                let total = Columns::fit(width, CONTENTS, &layout).total();
                assert!(total <= (width * 7 / 10).max(10), "{width}: {total}");
            }
        }
    }

    #[test]
    fn a_place_is_a_column_or_the_border_behind_one() {
        let fitted = fit(132);
        for (column, start, width) in fitted.iter() {
            assert_eq!(fitted.at(start), Some(column));
            assert_eq!(fitted.at(start + width), None);
            assert_eq!(fitted.border_at(start + width), Some((column, start)));
        }
        assert_eq!(fitted.at(0), None);
    }
}

/// The columns of the table, the bar at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) number: u16,
    pub(super) status: u16,
    pub(super) method: u16,
    pub(super) name: u16,
    pub(super) host: u16,
    pub(super) kind: u16,
    pub(super) size: u16,
    pub(super) time: u16,
}

/// How wide the contents of some columns are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Contents {
    pub(super) rows: usize,
    pub(super) path: usize,
    pub(super) host: usize,
}

impl Columns {
    /// What fits into `width`.
    ///
    /// Under 120 columns Type, Host, Method and Size go, in that order, until the bar has two
    /// fifths; under 80 the name and the bar remain.
    pub(super) fn fit(width: u16, contents: Contents) -> Self {
        let columns = |wide: usize| u16::try_from(wide).unwrap_or(u16::MAX);
        let number = columns(contents.rows.max(1).ilog10() as usize + 1).clamp(2, 7);
        let none = Self {
            number: 0,
            status: 0,
            method: 0,
            name: 0,
            host: 0,
            kind: 0,
            size: 0,
            time: 0,
        };
        if width < 80 {
            let most = (width / 2).clamp(6, 24).min(width.saturating_sub(4));
            return Self {
                name: columns(contents.path).clamp(4, 24).min(most),
                ..none
            };
        }
        let host = columns(contents.host).clamp(4, 15);
        let name = columns(contents.path).clamp(8, 14);
        let mut fitted = Self {
            number,
            status: 9,
            method: 6,
            name,
            host,
            kind: 6,
            size: 8,
            time: 8,
        };
        let most = if width >= 120 {
            width * 2 / 3
        } else {
            width * 3 / 5
        };
        let drops: [fn(&mut Self); 4] = [
            |c| c.kind = 0,
            |c| c.host = 0,
            |c| c.method = 0,
            |c| c.size = 0,
        ];
        for drop in drops {
            if fitted.total() <= most {
                break;
            }
            drop(&mut fitted);
        }
        let spare = (width * 3 / 5).saturating_sub(fitted.total());
        fitted.name += spare.min(columns(contents.path).saturating_sub(fitted.name));
        fitted
    }

    /// Everything left of the bar: the mark, the columns and a blank before each.
    pub(super) fn total(&self) -> u16 {
        let widths = [
            self.number,
            self.status,
            self.method,
            self.name,
            self.host,
            self.kind,
            self.size,
            self.time,
        ];
        2 + widths
            .iter()
            .filter(|width| **width > 0)
            .map(|width| width + 1)
            .sum::<u16>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(width: u16) -> Columns {
        Columns::fit(
            width,
            Contents {
                rows: 40,
                path: 30,
                host: 13,
            },
        )
    }

    #[test]
    fn columns_go_in_their_order() {
        let kept = |width| {
            let c = fit(width);
            [c.kind, c.host, c.method, c.size, c.name].map(|width| width > 0)
        };
        assert_eq!(kept(120), [true, true, true, true, true]);
        assert_eq!(kept(119), [false, true, true, true, true]);
        assert_eq!(kept(110), [false, false, true, true, true]);
        assert_eq!(kept(40), [false, false, false, false, true]);
    }

    #[test]
    fn the_bar_always_has_room() {
        for width in 0..300 {
            assert!(fit(width).total() <= (width * 7 / 10).max(10), "{width}");
        }
    }
}

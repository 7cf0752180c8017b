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

impl Columns {
    /// What fits into `width`, for numbers of so many digits.
    ///
    /// Under 120 columns Type, Host, Method and Size go, in that order, as soon as the bar would
    /// have less than two fifths; under 80 the name and the bar remain.
    pub(super) fn fit(width: u16, digits: u16) -> Self {
        let number = digits.clamp(2, 7);
        let mut columns = Self {
            number,
            status: 9,
            method: 6,
            name: 20,
            host: 15,
            kind: 6,
            size: 8,
            time: 8,
        };
        if width < 80 {
            let name = (width / 2).clamp(6, 24).min(width.saturating_sub(4));
            return Self {
                number: 0,
                status: 0,
                method: 0,
                name,
                host: 0,
                kind: 0,
                size: 0,
                time: 0,
            };
        }
        let drops: [fn(&mut Self); 4] = [
            |c| c.kind = 0,
            |c| c.host = 0,
            |c| c.method = 0,
            |c| c.size = 0,
        ];
        for drop in drops {
            if width >= 120 || columns.total() <= width * 3 / 5 {
                break;
            }
            drop(&mut columns);
        }
        let spare = (width * 3 / 5).saturating_sub(columns.total());
        columns.name += (spare / 2).min(24);
        if columns.host > 0 {
            columns.host += (spare / 4).min(14);
        }
        columns
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

    #[test]
    fn columns_go_in_their_order() {
        let kept = |width| {
            let c = Columns::fit(width, 2);
            [c.kind, c.host, c.method, c.size, c.name].map(|width| width > 0)
        };
        assert_eq!(kept(120), [true, true, true, true, true]);
        assert_eq!(kept(110), [false, true, true, true, true]);
        assert_eq!(kept(100), [false, false, true, true, true]);
        assert_eq!(kept(40), [false, false, false, false, true]);
        for width in 0..300 {
            assert!(Columns::fit(width, 2).total() <= width.max(10), "{width}");
        }
    }
}

use crate::model::Model;

use super::action::TableAct;
use super::column::Column;
use super::columns::Columns;
use super::layers::Overlay;
use super::layout::Layout;
use super::order::{By, OF_WATERFALL, Order};
use super::screen::columns;
use super::state::State;

/// Sorting the rows, and choosing columns.
impl State {
    /// Which columns there are, and by what the rows are sorted.
    pub const fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Takes a layout, such as that of the last session, and what it is when it is reset.
    pub fn lay_out(&mut self, layout: Layout, usual: Layout) {
        (self.layout, self.usual_layout) = (layout, usual);
    }

    pub(super) fn act_on_table(&mut self, act: TableAct, model: &Model) {
        let is_choosing = self.overlay == Some(Overlay::Columns);
        match act {
            TableAct::SortNext => self.sort_by_next(),
            TableAct::Reverse => self.reverse(),
            TableAct::Columns => {
                self.toggle(Overlay::Columns);
                self.choosing = 0;
            }
            _ if !is_choosing => {}
            TableAct::Show => {
                let column = self.chosen_column();
                if !self.layout.toggle(column) {
                    self.warn("one column stays: a table without any tells nothing");
                }
            }
            TableAct::Carry(by) => self.choosing = self.layout.carry(self.choosing, by),
            TableAct::Widen(by) => self.widen(by, model),
            TableAct::Usual => {
                let column = self.chosen_column();
                self.layout.unsize(column);
            }
            TableAct::SortThis => self.sort_by(By::Column(self.chosen_column())),
            TableAct::Reset => {
                self.layout = self.usual_layout.clone();
                self.choosing = 0;
                self.tell("the columns are as they were at first");
            }
        }
    }

    /// The columns as they fit the screen.
    pub(super) fn fitted(&self, model: &Model) -> Columns {
        columns(self.size(), model, self)
    }

    /// The column that is looked at where columns are chosen.
    pub(super) fn chosen_column(&self) -> Column {
        let placed = self.layout.columns().get(self.choosing);
        placed.map_or(Column::Name, |placed| placed.column)
    }

    pub(super) fn go_in_columns(&mut self, by: isize) {
        let last = self.layout.columns().len().saturating_sub(1);
        self.choosing = self.choosing.saturating_add_signed(by).min(last);
    }

    fn widen(&mut self, by: i16, model: &Model) {
        let column = self.chosen_column();
        let fitted = self.fitted(model);
        let drawn = fitted.iter().find(|(known, ..)| *known == column);
        let usual = drawn.map_or_else(|| column.card().width, |(_, _, width)| width);
        let now = self.layout.width_of(column).unwrap_or(usual);
        self.layout.resize(column, now.saturating_add_signed(by));
    }

    /// By the next column, and behind the last by what the waterfall shows.
    fn sort_by_next(&mut self) {
        let shown: Vec<Column> = self.layout.shown().map(|(column, _)| column).collect();
        let more = OF_WATERFALL.into_iter();
        let more = more.filter(|column| !shown.contains(column));
        let all: Vec<By> = shown.iter().copied().chain(more).map(By::Column).collect();
        let place = all.iter().position(|by| *by == self.layout.order.by);
        let next = place.map_or(0, |place| (place + 1) % all.len().max(1));
        if let Some(by) = all.get(next) {
            self.layout.order = Order {
                by: *by,
                is_reversed: false,
            };
        }
        self.tell_order();
    }

    /// By this; once more, the other way round; then as they were planned.
    pub(super) fn sort_by(&mut self, by: By) {
        let order = self.layout.order;
        self.layout.order = match (order.by == by, order.is_reversed) {
            (false, _) => Order {
                by,
                is_reversed: false,
            },
            (true, false) => Order {
                by,
                is_reversed: true,
            },
            (true, true) => Order::default(),
        };
        self.tell_order();
    }

    fn reverse(&mut self) {
        self.layout.order.is_reversed = !self.layout.order.is_reversed;
        self.tell_order();
    }

    fn tell_order(&mut self) {
        let Order { by, is_reversed } = self.layout.order;
        let way = if is_reversed {
            ", the other way round"
        } else {
            ""
        };
        self.tell(format!("sorted by {}{way}", by.words()));
    }
}

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

use crate::event::{Ending, RequestId};
use crate::message::Scheme;
use crate::model::{Connection, Host, lane, next_free};
use crate::ui::lanes::{LaneRow, below};
use crate::ui::screen::View;
use crate::ui::state::Focus;
use crate::ui::widget::{cells, fill, put, put_linked, rule};

/// The connections of each host on the time axis, and the line that waits for them.
pub(in crate::ui) struct Slots<'a> {
    pub(in crate::ui) view: &'a View<'a>,
}

impl Widget for Slots<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        if area.height == 0 {
            return;
        }
        let state = self.view.state;
        let model = self.view.model;
        let below = below(state.lane_count(model), state.lanes_top, area.height);
        let seen = state.lane_rows(state.lanes_top, usize::from(area.height), model);
        for (row, y) in seen.into_iter().zip(area.top()..area.bottom()) {
            let line = Rect::new(area.x, y, area.width, 1);
            match row {
                LaneRow::Title(host) => self.title(host, line, buffer),
                LaneRow::Lane(connection) => self.lane(connection, line, buffer),
                LaneRow::Line(host) => self.line(host, line, buffer),
            }
        }
        if below > 0 {
            let words = format!(" … {below} more: the wheel, or Tab and ↓");
            let (left, bottom) = (area.x + 2, area.bottom() - 1);
            fill_blank(buffer, Rect::new(area.x, bottom, area.width, 1));
            let room = area.width.saturating_sub(2);
            put(buffer, (left, bottom), room, &words, self.quiet());
        }
    }
}

impl Slots<'_> {
    fn quiet(&self) -> Style {
        self.view.theme.quiet()
    }

    fn title(&self, host: &Host, area: Rect, buffer: &mut Buffer) {
        let theme = self.view.theme;
        rule(buffer, area, self.quiet());
        let split = area.x + self.view.columns.total();
        put(buffer, (split, area.y), 1, "┼", self.quiet());
        let scheme = host.group.origin.scheme.name();
        let is_folded = self.view.state.folded.contains(&host.group);
        let fold = if is_folded { '▸' } else { '▾' };
        let mut x = area.x + 1;
        x += put(
            buffer,
            (x, area.y),
            area.width,
            &format!(" {fold} {} ", host.group),
            theme.strong(),
        );
        let of_limit = match self.view.model.run().per_host {
            0 => String::new(),
            limit => format!(" of {limit}"),
        };
        let mut words = if host.open == 0 && !host.connections.is_empty() {
            format!("{scheme} · all closed ")
        } else {
            format!("{scheme} · {}{of_limit} busy ", host.busy)
        };
        if host.crowd > 0 {
            words = format!("{words}· {} waiting ", host.crowd);
        }
        let style = if host.crowd == 0 {
            self.quiet()
        } else {
            theme.warning()
        };
        put(
            buffer,
            (x, area.y),
            area.right().saturating_sub(x),
            &words,
            style,
        );
    }

    fn lane(&self, connection: &Connection, area: Rect, buffer: &mut Buffer) {
        let view = self.view;
        let left = view.columns.total();
        let state = state_of(connection);
        let selected = view.state.current(view.model);
        let carries_selected = selected.is_some_and(|request| request.ran_on(connection.id));
        let is_here = view.state.focus == Focus::Lanes && view.state.lane == Some(connection.id);
        let style = if carries_selected || is_here {
            view.theme.accent()
        } else if state.is_lit {
            view.theme.good()
        } else {
            self.quiet()
        };
        let mut x = area.x + 3;
        let name = format!("{:<4}{} ", connection.id.to_string(), state.sign);
        x += put(buffer, (x, area.y), left, &name, style);
        let room = (area.x + left).saturating_sub(x);
        let told = story(connection, room);
        put(buffer, (x, area.y), room, &told, self.quiet());
        if is_here {
            put(buffer, (area.x, area.y), 1, "▸", view.theme.accent());
            let name = Rect::new(area.x + 1, area.y, left.saturating_sub(1), 1);
            fill(buffer, name, view.theme.selected());
        }
        put(buffer, (area.x + left, area.y), 1, "│", self.quiet());
        let drawn = lane(connection, view.model, &view.scale, view.now);
        let start = area.x + left + 1;
        cells(
            buffer,
            (start, area.y),
            drawn.iter().map(|slot| slot.cell),
            *view.theme,
        );
        for (slot, x) in drawn.iter().zip(start..) {
            let is_selected = slot.request.is_some() && slot.request == view.state.selected;
            let style = match (slot.is_label, is_selected) {
                (true, true) => view.theme.selected(),
                (true, false) => view.theme.strong(),
                (false, _) => continue,
            };
            fill(buffer, Rect::new(x, area.y, 1, 1), style);
        }
    }

    /// How many waited when, as heights on the time axis, and who waits now.
    fn line(&self, host: &Host, area: Rect, buffer: &mut Buffer) {
        let view = self.view;
        let left = view.columns.total();
        let most = host.most_waited().max(1);
        let is_crowded = |id: &&RequestId| {
            let request = view.model.request(**id);
            request.is_some_and(|request| request.is_crowded)
        };
        let words = match host.waiting.iter().find(is_crowded) {
            Some(first) => {
                let likely = next_free(host, view.model);
                let likely = likely.map(|words| format!(", {words}")).unwrap_or_default();
                let others = host.waiting.iter().filter(is_crowded).skip(1).take(NAMED);
                let others: Vec<_> = others.map(|id| format!(" {id}")).collect();
                let others = others.concat();
                let more = if host.crowd > NAMED + 1 { " …" } else { "" };
                format!(
                    "in line: {} now, {first} is next{likely};{others}{more}",
                    host.crowd
                )
                .trim_end_matches(';')
                .to_owned()
            }
            None => format!("in line: {most} at most"),
        };
        let said = (words.as_str(), self.quiet());
        let room = left.saturating_sub(3);
        put_linked(buffer, (area.x + 3, area.y), room, said, view.theme);
        put(buffer, (area.x + left, area.y), 1, "│", self.quiet());
        for column in 0..view.scale.columns() {
            let until = view.scale.moment(column + 1);
            if view.scale.moment(column) > view.now {
                break;
            }
            let count = host.waited_at(until);
            if count > 0 {
                let height = (count * 8).div_ceil(most).clamp(1, 8);
                let glyph = char::from_u32(0x2580 + height).unwrap_or('█').to_string();
                put(
                    buffer,
                    (area.x + left + 1 + column, area.y),
                    1,
                    &glyph,
                    self.quiet(),
                );
            }
        }
    }
}

/// So many of those in line are named behind the next.
const NAMED: usize = 6;

/// How a connection stands, as a sign.
struct Sign {
    sign: char,
    is_lit: bool,
}

const fn sign(sign: char, is_lit: bool) -> Sign {
    Sign { sign, is_lit }
}

fn state_of(connection: &Connection) -> Sign {
    match &connection.ended {
        Some((_, Ending::Unopened { .. })) => sign('✕', false),
        Some(_) => sign('·', false),
        None if connection.is_opening() => sign('◌', true),
        None if connection.carries().is_some() => sign('●', true),
        None => sign('○', true),
    }
}

/// What is worth knowing of a connection, as much as there is room for.
fn story(connection: &Connection, room: u16) -> String {
    let wire = match (&connection.security, connection.group.origin.scheme) {
        (Some(security), _) => security.version.clone(),
        (None, Scheme::Https) => "tls".to_owned(),
        (None, Scheme::Http) => "clear".to_owned(),
    };
    let served = match connection.carried.len() {
        0 => String::new(),
        1 => "1 request".to_owned(),
        count => format!("{count} requests"),
    };
    let end = match &connection.ended {
        None => String::new(),
        Some((_, Ending::Unopened { failure })) => failure.words.clone(),
        Some((_, Ending::ByUs { .. })) => "closed by us".to_owned(),
        Some((_, Ending::ByServer { .. })) => "closed by the server".to_owned(),
    };
    let parts = [wire, served, end];
    let parts = parts.iter().filter(|part| !part.is_empty());
    let all = parts.cloned().collect::<Vec<_>>().join(" · ");
    if usize::from(room) < 12 {
        parts_short(connection)
    } else {
        all
    }
}

fn parts_short(connection: &Connection) -> String {
    format!("×{}", connection.carried.len())
}

fn fill_blank(buffer: &mut Buffer, area: Rect) {
    for x in area.left()..area.right() {
        if let Some(cell) = buffer.cell_mut((x, area.y)) {
            cell.reset();
        }
    }
}

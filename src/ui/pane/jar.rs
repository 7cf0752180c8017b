use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::{Block, BorderType, Clear, Widget};

use crate::event::Moment;
use crate::message::{Cookie, CookieKey, SameSite, visible};
use crate::model::{Kept, Model};
use crate::ui::jar_view::{JarOrder, life};
use crate::ui::screen::View;
use crate::ui::secrets::Secrets;
use crate::ui::state::State;
use crate::ui::widget::{fill, put};

use super::details::{VEIL, read};

/// The cookies of the run, on top of everything.
pub(in crate::ui) struct Jar<'a> {
    pub(in crate::ui) view: &'a View<'a>,
}

/// A line of the jar.
enum Row<'a> {
    Site(&'a str, usize),
    Cookie(&'a Kept, bool),
}

impl Widget for Jar<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let (state, theme) = (self.view.state, self.view.theme);
        let area = Self::area(area);
        Clear.render(area, buffer);
        let count = self.view.model.jar().kept().len();
        let title = format!(" Cookies ({count}) by {} ", state.jar.order.name());
        let block = Block::bordered()
            .border_type(BorderType::Rounded)
            .border_style(theme.quiet())
            .title(title)
            .title_style(theme.strong());
        let inner = block.inner(area);
        block.render(area, buffer);
        if inner.height < 2 {
            return;
        }
        let list = list(area);
        let foot = Rect {
            y: inner.bottom() - 1,
            height: 1,
            ..inner
        };
        self.list(list, buffer);
        self.last_line(foot, buffer);
    }
}

impl Jar<'_> {
    fn list(&self, area: Rect, buffer: &mut Buffer) {
        let (state, model) = (self.view.state, self.view.model);
        let rows = rows(state, model);
        if rows.is_empty() {
            let words = "no cookies yet: answers with Set-Cookie fill the jar; a adds one";
            put(
                buffer,
                (area.x + 1, area.y),
                area.width.saturating_sub(2),
                words,
                self.view.theme.quiet(),
            );
            return;
        }
        let top = top(&rows, area);
        for (row, y) in rows.iter().skip(top).zip(area.top()..area.bottom()) {
            self.row(
                row,
                Rect {
                    y,
                    height: 1,
                    ..area
                },
                buffer,
            );
        }
    }

    fn row(&self, row: &Row<'_>, area: Rect, buffer: &mut Buffer) {
        let theme = self.view.theme;
        match row {
            Row::Site(site, count) => {
                let words = format!("{site} ({count})");
                put(
                    buffer,
                    (area.x + 1, area.y),
                    area.width.saturating_sub(1),
                    &words,
                    theme.strong(),
                );
            }
            Row::Cookie(kept, is_chosen) => {
                self.cookie(&kept.cookie, area, buffer);
                if *is_chosen {
                    put(buffer, (area.x, area.y), 1, "▸", theme.accent());
                    fill(
                        buffer,
                        Rect {
                            x: area.x + 1,
                            width: area.width.saturating_sub(1),
                            ..area
                        },
                        theme.selected(),
                    );
                }
            }
        }
    }

    fn cookie(&self, cookie: &Cookie, area: Rect, buffer: &mut Buffer) {
        let theme = self.view.theme;
        let room = area.width.saturating_sub(3);
        let (place, life_room, flags) = match room {
            100.. => (30, 15, 26),
            70.. => (24, 14, 0),
            50.. => (18, 0, 0),
            _ => (0, 0, 0),
        };
        let name = (room / 5).clamp(8, 24);
        let gaps = u16::from(place > 0) + u16::from(life_room > 0) + u16::from(flags > 0) + 1;
        let value = room.saturating_sub(name + place + life_room + flags + gaps);
        let mut x = area.x + 2;
        let mut cell = |columns: u16, text: &str, style| {
            if columns > 0 {
                let safe = visible(text).into_owned();
                put(buffer, (x, area.y), columns, &safe, style);
                x += columns + 1;
            }
        };
        cell(name, &named(cookie), theme.accent());
        cell(value, &self.value(cookie), theme.plain());
        cell(
            place,
            &format!("{}{}", cookie.hosts(), read(&cookie.path)),
            theme.quiet(),
        );
        cell(life_room, &life(cookie, self.wall_ms()), theme.plain());
        cell(flags, &said(cookie), theme.quiet());
    }

    fn value(&self, cookie: &Cookie) -> String {
        let veiled = VEIL.cookie(&cookie.name, &cookie.value);
        let veiled = veiled.filter(|_| self.view.state.secrets == Secrets::Hidden);
        veiled.unwrap_or_else(|| read(&cookie.value))
    }

    fn wall_ms(&self) -> u64 {
        let run = self.view.now.since(Moment::START).as_millis();
        let run = u64::try_from(run).unwrap_or(u64::MAX);
        self.view.model.run().wall_ms.saturating_add(run)
    }

    /// What is typed of a cookie.
    fn last_line(&self, area: Rect, buffer: &mut Buffer) {
        let (state, theme) = (self.view.state, self.view.theme);
        let Some(editing) = &state.jar.editing else {
            return;
        };
        let at = (area.x + 1, area.y);
        let room = area.width.saturating_sub(4);
        put(buffer, at, 1, "›", theme.accent());
        let text = visible(editing.input.value()).into_owned();
        let scrolled = editing.input.visual_scroll(usize::from(room));
        let shown: String = text.chars().skip(scrolled).collect();
        put(buffer, (at.0 + 2, at.1), room, &shown, theme.plain());
    }

    /// The whole screen but a margin, where there is room for one.
    pub(in crate::ui) fn area(screen: Rect) -> Rect {
        let (dx, dy) = (
            if screen.width >= 80 { 3 } else { 0 },
            if screen.height >= 20 { 2 } else { 0 },
        );
        Rect {
            x: screen.x + dx,
            y: screen.y + dy,
            width: screen.width - 2 * dx,
            height: screen.height - 2 * dy,
        }
    }

    /// The cookie at a place of the screen.
    pub(in crate::ui) fn cookie_at(
        state: &State,
        model: &Model,
        screen: Rect,
        at: Position,
    ) -> Option<CookieKey> {
        let list = list(Self::area(screen));
        if !list.contains(at) {
            return None;
        }
        let rows = rows(state, model);
        match rows.get(top(&rows, list) + usize::from(at.y - list.y))? {
            Row::Cookie(kept, _) => Some(kept.cookie.key()),
            Row::Site(..) => None,
        }
    }

    /// Where the cursor is while a cookie is typed.
    pub(in crate::ui) fn cursor(state: &State, area: Rect) -> Option<Position> {
        let editing = state.jar.editing.as_ref()?;
        let area = Self::area(area);
        let room = usize::from(area.width.saturating_sub(7));
        let scrolled = editing.input.visual_scroll(room);
        let column = editing
            .input
            .visual_cursor()
            .saturating_sub(scrolled)
            .min(room);
        let x = area.x + 4 + u16::try_from(column).unwrap_or(0);
        (area.height > 3).then(|| Position::new(x, area.bottom() - 2))
    }
}

/// The lines, the sites above their cookies.
fn rows<'a>(state: &State, model: &'a Model) -> Vec<Row<'a>> {
    let kept = state.jar_rows(model);
    let chosen = state.jar_place(&kept);
    let mut rows = Vec::new();
    let mut site = None;
    for (place, one) in kept.iter().enumerate() {
        if state.jar.order == JarOrder::Site && site != Some(&one.site) {
            site = Some(&one.site);
            let count = kept.iter().filter(|other| other.site == one.site).count();
            rows.push(Row::Site(&one.site, count));
        }
        rows.push(Row::Cookie(one, place == chosen));
    }
    rows
}

/// The first line that is seen, so that the chosen cookie is.
fn top(rows: &[Row<'_>], list: Rect) -> usize {
    let is_chosen = |row: &Row<'_>| matches!(row, Row::Cookie(_, true));
    let chosen = rows.iter().position(is_chosen).unwrap_or(0);
    let room = usize::from(list.height);
    (chosen + 1)
        .saturating_sub(room.saturating_sub(1))
        .min(rows.len().saturating_sub(room))
}

/// Where the lines are within the frame; the last line is for keys.
const fn list(area: Rect) -> Rect {
    Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(3),
    }
}

fn named(cookie: &Cookie) -> String {
    if cookie.name.is_empty() {
        "(no name)".to_owned()
    } else {
        read(&cookie.name)
    }
}

/// What a cookie says of itself besides its place and time.
fn said(cookie: &Cookie) -> String {
    let mut parts = Vec::new();
    parts.extend(cookie.secure.then_some("Secure"));
    parts.extend(cookie.http_only.then_some("HttpOnly"));
    parts.extend(cookie.same_site.map(|same_site| match same_site {
        SameSite::None => "SameSite=None",
        SameSite::Strict | SameSite::Lax => same_site.name(),
    }));
    parts.extend(cookie.partition.as_ref().map(|_| "Partitioned"));
    parts.join(" ")
}

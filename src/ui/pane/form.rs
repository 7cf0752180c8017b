use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::{Block, BorderType, Clear, Widget};

use crate::ui::form::{FIELDS, Form};
use crate::ui::screen::View;
use crate::ui::widget::put;

/// A request as it is changed, on top of everything.
pub(in crate::ui) struct FormPane<'a> {
    pub(in crate::ui) view: &'a View<'a>,
    pub(in crate::ui) form: &'a Form,
}

/// Columns of the names of fields.
const NAMES: u16 = 9;

impl Widget for FormPane<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let theme = self.view.theme;
        let area = frame(area);
        Clear.render(area, buffer);
        let block = Block::bordered()
            .border_type(BorderType::Rounded)
            .border_style(theme.quiet())
            .title(" Edit and fetch again ")
            .title_style(theme.strong());
        let inner = block.inner(area);
        block.render(area, buffer);
        for (place, (field, name)) in fields(inner).into_iter().zip(FIELDS).enumerate() {
            if field.height == 0 {
                continue;
            }
            let is_here = place == self.form.at;
            let style = if is_here {
                theme.accent()
            } else {
                theme.quiet()
            };
            let mark = if is_here { "▸" } else { " " };
            put(buffer, (inner.x, field.y), 1, mark, theme.accent());
            put(buffer, (inner.x + 1, field.y), NAMES - 1, name, style);
            let text = Rect {
                x: field.x + NAMES,
                width: field.width.saturating_sub(NAMES),
                ..field
            };
            if let Some(editor) = self.form.fields().get(place) {
                editor.render(text, buffer);
            }
        }
    }
}

/// The field at a place of the screen.
pub(in crate::ui) fn field_at(screen: Rect, at: Position) -> Option<usize> {
    let area = frame(screen);
    let inner = Block::bordered().inner(area);
    fields(inner).iter().position(|field| field.contains(at))
}

/// Whether a place of the screen is within the form.
pub(in crate::ui) fn is_in_form(screen: Rect, at: Position) -> bool {
    frame(screen).contains(at)
}

/// The whole screen but a margin, where there is room for one.
fn frame(screen: Rect) -> Rect {
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

/// A line for method and URL each, and what is left for headers and body.
fn fields(inner: Rect) -> [Rect; 4] {
    let room = inner.height.saturating_sub(2);
    let headers = room.div_ceil(2);
    let mut y = inner.y;
    [1, 1, headers, room - headers].map(|height| {
        let height = height.min(inner.bottom().saturating_sub(y));
        let field = Rect { y, height, ..inner };
        y += height;
        field
    })
}

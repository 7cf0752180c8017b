use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::ui::screen::View;
use crate::ui::state::Focus;
use crate::ui::widget::{put, put_right};

/// The keys of the moment, or something to tell.
pub(in crate::ui) struct Footer<'a> {
    pub(in crate::ui) view: &'a View<'a>,
}

const TABLE: &[(&str, &str)] = &[
    ("o", "open"),
    ("↑↓", "select"),
    ("Enter", "details"),
    ("/", "filter"),
    ("C", "cookies"),
    ("r", "again"),
    ("?", "help"),
    ("q", "quit"),
    ("x", "cancel"),
    ("F", "follow"),
    ("L", "legend"),
];
const DETAILS: &[(&str, &str)] = &[
    ("1-6", "tab"),
    ("↑↓", "move"),
    ("←→", "fold"),
    ("v", "secrets"),
    ("Tab", "table"),
    ("Esc", "close"),
    ("?", "help"),
];
const ADDRESS: &[(&str, &str)] = &[
    ("Enter", "fetch"),
    ("↑↓", "earlier"),
    ("Esc", "to the table"),
    ("Ctrl-C", "quit"),
];
const FILTER: &[(&str, &str)] = &[
    ("Enter", "keep"),
    ("Esc", "as before"),
    ("Ctrl-U", "clear"),
    ("-", "not"),
];

impl Widget for Footer<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        if area.height == 0 {
            return;
        }
        let (state, theme) = (self.view.state, self.view.theme);
        if let Some(notice) = &state.notice {
            let style = if notice.is_bad {
                theme.bad()
            } else {
                theme.accent()
            };
            put(
                buffer,
                (area.x + 1, area.y),
                area.width.saturating_sub(2),
                &notice.words,
                style,
            );
            return;
        }
        let keys = match state.focus {
            Focus::Table => TABLE,
            Focus::Details => DETAILS,
            Focus::Address => ADDRESS,
            Focus::Filter => FILTER,
        };
        let mut x = area.x + 1;
        for (key, words) in keys {
            let room = area.right().saturating_sub(x);
            if usize::from(room) < key.len() + words.len() + 3 {
                break;
            }
            x += put(buffer, (x, area.y), room, key, theme.accent()) + 1;
            x += put(buffer, (x, area.y), room, words, theme.quiet()) + 3;
        }
        if state.is_following && area.width >= 60 {
            put_right(
                buffer,
                (x, area.y),
                area.right().saturating_sub(x + 1),
                "following",
                theme.accent(),
            );
        }
    }
}

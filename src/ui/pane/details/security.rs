use ratatui::text::Line;

use crate::event::Security;
use crate::ui::folds::Sheet;

use super::page::{Page, pair, said};

/// What TLS agreed on.
pub(super) fn secured(security: &Security, page: &Page<'_>, sheet: &mut Sheet) {
    let session = if security.resumed {
        "an earlier session resumed"
    } else {
        "a full handshake"
    };
    let words = format!("{}, {}, {session}", security.version, security.cipher);
    sheet.line(pair(page, "tls", &words));
    let group = security.group.as_deref().unwrap_or("–");
    let alpn = security.alpn.as_deref().unwrap_or("–");
    sheet.line(pair(page, "group, alpn", &format!("{group}, {alpn}")));
    if !security.verified {
        let words = format!("  {:<14} not checked (-k)", "certificate");
        sheet.line(Line::from(said(&words, page.theme.warning())));
    }
}

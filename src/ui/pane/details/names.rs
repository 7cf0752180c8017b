use crate::event::Names;
use crate::model::Request;
use crate::ui::folds::Sheet;

use super::page::{Page, pair, remark, said};

/// Where the host is, and who said so.
pub(super) fn names(request: &Request, page: &Page<'_>, sheet: &mut Sheet) {
    let title = vec![said("Name", page.theme.strong())];
    if !sheet.section("name", title, page.folds) {
        return;
    }
    let Some((addresses, names)) = &request.names else {
        sheet.line(remark(page, "its addresses are not known"));
        return;
    };
    let list: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    let how = match names {
        Names::Literal => "the URL has the address",
        Names::Localhost => "localhost is this machine; nobody is asked",
        Names::Given => "--resolve gave the address; nobody is asked",
        Names::Asked { .. } => "a name server was asked",
        Names::Shared { .. } => "shared the look-up of an earlier request",
        Names::Kept { .. } => "an earlier answer was still good",
    };
    sheet.line(pair(page, "addresses", &list.join(", ")));
    sheet.line(pair(page, "known how", how));
}

use super::page::{HTML, JSON, Page};

/// Page `NN-WHAT.KIND`: 150 to 450 ms until it begins, then in pieces; `N.json` beside it is quicker.
pub(super) fn page(path: &str) -> Option<Page> {
    let name = path.strip_prefix('/')?;
    let digits = name.find(|c: char| !c.is_ascii_digit())?;
    let number: u64 = name.get(..digits)?.parse().ok()?;
    let kind = match name.rsplit_once('.')?.1 {
        "html" => HTML,
        "css" => "text/css",
        "js" => "text/javascript",
        "jpg" => "image/jpeg",
        "json" => JSON,
        _ => return None,
    };
    let length = usize::try_from(2_000 + number * 1_913 % 9_001).ok()?;
    let page = Page::new(kind, vec![b' '; length].into()).uncached();
    Some(page.wait(150 + number * 97 % 301).pieces(4, 50))
}

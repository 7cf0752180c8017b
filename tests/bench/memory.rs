//! What a run on the screen keeps: memory for each request.

use std::fs;
use std::time::Duration;

use crate::origin::{serve, urls};
use crate::stopwatch::note;
use crate::terminal::Shown;

const FEW: usize = 2_000;
const MANY: usize = 22_000;

/// Every fact of a run is kept for the record that can be written, and folded into the picture.
pub(crate) fn bench() {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let port = serve(0, Duration::ZERO);
    let [few, many] = [FEW, MANY].map(|count| {
        let list = folder.path().join("urls.txt");
        fs::write(&list, urls(port, count)).unwrap_or_else(|error| panic!("{error}"));
        let mut shown = Shown::start(&["-f", &list.display().to_string()]);
        shown.until(&format!("{count} done"));
        let taken = shown.memory();
        shown.quit();
        taken
    });
    note(&format!("{FEW} requests: {} MB", few / 1_000_000));
    note(&format!("{MANY} requests: {} MB", many / 1_000_000));
    let each = many.saturating_sub(few) / (MANY - FEW) as u64;
    note(&format!("a request more, without its body: {each} bytes"));
}

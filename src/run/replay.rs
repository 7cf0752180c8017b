use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::import::{Record, read_record};

/// Reads a recorded run; lines that make no sense are named on standard error.
pub(super) fn read(path: &Path) -> Result<Record> {
    let name = path.display();
    let text = fs::read(path).with_context(|| format!("{name}: cannot be read"))?;
    let record = read_record(&text).with_context(|| format!("{name}: cannot be replayed"))?;
    for (line, why) in record.bad.iter().take(20) {
        super::headless::complain(&format!("{name}:{line}: left out, it is no fact: {why}"));
    }
    if let Some(more) = record.bad.len().checked_sub(20).filter(|more| *more > 0) {
        super::headless::complain(&format!("{name}: and {more} more lines like these"));
    }
    Ok(record)
}

use std::sync::Arc;

use redb::{Database, Error, ReadTransaction, ReadableTable as _, TableDefinition};

use super::row::{self, Row, SUM, seal, unseal};
use super::waiting::Batch;

/// All but the bodies, by their places.
const HEADS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("heads");
/// The bodies.
const BODIES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("bodies");
/// As which use of the cache each was used last.
const USED: TableDefinition<'_, u64, u64> = TableDefinition::new("used");
/// What the tables above are like.
const ABOUT: TableDefinition<'_, &str, u64> = TableDefinition::new("about");

/// The version of what is in the tables.
pub(super) const VERSION: u64 = 1;

/// Makes the tables, if there are none; the version of those that there are.
pub(super) fn begin(database: &Database) -> Result<u64, Error> {
    let writing = database.begin_write()?;
    {
        let mut about = writing.open_table(ABOUT)?;
        let known = about.get("version")?.map(|version| version.value());
        if let Some(known) = known.filter(|known| *known != VERSION) {
            // What its tables are like, only that version knows.
            return Ok(known);
        }
        about.insert("version", VERSION)?;
        writing.open_table(HEADS)?;
        writing.open_table(BODIES)?;
        writing.open_table(USED)?;
    }
    writing.commit()?;
    Ok(VERSION)
}

/// The version of what is in the tables.
pub(super) fn version(reading: &ReadTransaction) -> Result<u64, Error> {
    let about = reading.open_table(ABOUT)?;
    Ok(about.get("version")?.map_or(0, |version| version.value()))
}

/// All rows, in the order of their use, and the places of those that are none any more.
pub(super) fn rows(reading: &ReadTransaction) -> Result<(Vec<Row>, Vec<u64>), Error> {
    let (heads, used) = (reading.open_table(HEADS)?, reading.open_table(USED)?);
    let (mut rows, mut bad) = (Vec::new(), Vec::new());
    for entry in heads.iter()? {
        let (place, sealed) = entry?;
        let place = place.value();
        let used = used.get(place)?.map_or(0, |used| used.value());
        let good = unseal(place, sealed.value());
        match good.and_then(|bytes| row::read(bytes, place, used)) {
            Some(row) => rows.push(row),
            None => bad.push(place),
        }
    }
    rows.sort_by_key(|row| row.used);
    Ok((rows, bad))
}

/// The body at `place`; nothing if it is not there, or not as it was.
pub(super) fn body(reading: &ReadTransaction, place: u64) -> Result<Option<Arc<[u8]>>, Error> {
    let bodies = reading.open_table(BODIES)?;
    let sealed = bodies.get(place)?;
    let bytes = sealed
        .as_ref()
        .and_then(|sealed| unseal(place, sealed.value()));
    Ok(bytes.map(Arc::from))
}

/// Writes a batch: all of it or nothing.
pub(super) fn commit(database: &Database, batch: &Batch) -> Result<(), Error> {
    let mut writing = database.begin_write()?;
    // Whoever opens it after a crash does not read all of it first.
    writing.set_quick_repair(true);
    {
        let mut heads = writing.open_table(HEADS)?;
        let mut bodies = writing.open_table(BODIES)?;
        let mut uses = writing.open_table(USED)?;
        for place in &batch.drops {
            heads.remove(place)?;
            bodies.remove(place)?;
            uses.remove(place)?;
        }
        for (place, put) in &batch.puts {
            let head = row::written(&put.key, &put.stored);
            let mut room = heads.insert_reserve(place, SUM + head.len())?;
            seal(*place, &head, room.as_mut());
            drop(room);
            if let Some(body) = &put.body {
                let mut room = bodies.insert_reserve(place, SUM + body.len())?;
                seal(*place, body, room.as_mut());
            }
        }
        for (place, used) in &batch.used {
            uses.insert(place, used)?;
        }
    }
    writing.commit()?;
    Ok(())
}

//! Whatever is taken for an archive becomes facts that make sense, or is refused in words.

use netwaterfall::event::{Fact, Moment};
use netwaterfall::export::{har, table};
use netwaterfall::import::read_record;
use netwaterfall::model::Model;

pub(super) fn law(bytes: &[u8]) {
    let record = match read_record(bytes) {
        Ok(record) => record,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let is_archive = |fact: &Fact| matches!(fact, Fact::ArchiveRead(_));
    if !record.events.iter().any(|event| is_archive(&event.fact)) {
        return;
    }
    let mut model = Model::default();
    let mut last = Moment::START;
    for event in &record.events {
        assert!(event.at >= last, "facts are out of order");
        last = event.at;
        model.apply(event);
    }
    assert_eq!(model.oddities(), 0, "a fact makes no sense");
    assert_eq!(model.totals().unfinished(), 0, "a request has no end");
    let again = read_record(har(&model, true, &|_| None).as_bytes()).expect("our own archive");
    assert_eq!(again.bad, []);
    assert!(!table(&model, 80).is_empty());
}

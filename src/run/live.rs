use std::path::Path;

use anyhow::Result;

use crate::cli::{Output, Problem, Settings};
use crate::event::Event;

use super::exit::Exit;
use super::feed::Feed;
use super::recorder::Recorder;
use super::world::Ground;

pub(super) fn run(
    _ground: Ground,
    _feed: Feed,
    _settings: &Settings,
    _recorder: Option<Recorder>,
    _problems: &[Problem],
) -> Result<Exit> {
    Ok(Exit::Broken)
}

pub(super) fn replay(_events: Vec<Event>, _path: &Path, _output: &Output) -> Result<Exit> {
    Ok(Exit::Broken)
}

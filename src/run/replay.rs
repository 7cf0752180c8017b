use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use tokio::runtime;
use tokio::task::yield_now;

use crate::cli::Output;
use crate::event::Event;
use crate::import::{Record, read_record};
use crate::ui::{Effect, Focus};

use super::exit::Exit;
use super::inputs::Inputs;
use super::screen::{Ended, Endings, Screen};

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

/// Shows a recorded run on a screen.
pub(super) fn show(events: Vec<Event>, path: &Path, output: &Output) -> Result<Exit> {
    let title = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy();
    let mut screen = Screen::new(output, title.into_owned())?;
    for event in events {
        screen.apply(event);
    }
    screen.state.settle(&screen.model);
    screen.state.focus = Focus::Table;
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let ended = runtime.block_on(watch(&mut screen))?;
    let exit = Exit::of(&screen.model);
    screen.end(ended)?;
    Ok(exit)
}

/// A screen on which nothing goes on but what a person does.
async fn watch(screen: &mut Screen) -> Result<Ended> {
    let mut inputs = Inputs::start()?;
    let mut endings = Endings::new()?;
    loop {
        screen.draw(screen.model.latest())?;
        let input = tokio::select! {
            () = endings.come() => return Ok(Ended::Quit),
            input = inputs.next() => input,
            arrival = screen.come() => {
                screen.show(arrival);
                continue;
            }
            () = yield_now(), if screen.state.is_behind(&screen.model) => {
                screen.state.settle(&screen.model);
                continue;
            }
        };
        let Some(input) = input else {
            return Ok(Ended::Quit);
        };
        let Some(effect) = screen.hear(input)? else {
            continue;
        };
        match screen.obey(effect)? {
            Some(Effect::Quit) => return Ok(Ended::Quit),
            Some(Effect::QuitLeaving) => return Ok(Ended::Leaving),
            Some(_) => screen
                .state
                .warn("this is a recorded run: nothing can be fetched"),
            None => {}
        }
        if screen.drafted.is_some() {
            // What is typed now is the other program's.
            inputs.stop();
            screen.edit_elsewhere()?;
            inputs = Inputs::start()?;
        }
    }
}

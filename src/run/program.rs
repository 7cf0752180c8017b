use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use anyhow::Result;

use crate::cli::{
    BadConfig, Format, Problem, Settings, Task, Typed, UsageError, completions, manual,
};
use crate::demo::{Demo, waves};
use crate::event::{Because, Wanted};

use super::address::wanted;
use super::exit::Exit;
use super::feed::Feed;
use super::headless::complain;
use super::recorder::Recorder;
use super::unpacking::Unpacking;
use super::world::Ground;
use super::{cached, headless, live, pipe, preferences, replay, whatif};

/// Bad lines that are named one by one.
const NAMED: usize = 20;

/// Runs the program: arguments in, exit code out.
pub fn main() -> ExitCode {
    super::panic::hush();
    let exit = understand_and_go().unwrap_or_else(|error| {
        complain(&format!("{error:#}"));
        let is_usage = error.is::<UsageError>() || error.is::<BadConfig>();
        if is_usage { Exit::Usage } else { Exit::Broken }
    });
    exit.into()
}

fn understand_and_go() -> Result<Exit> {
    let typed = Typed::read()?;
    let keys = preferences::keys(&typed.config)?;
    if typed.args.output.print_config {
        print(preferences::text(&typed, &keys).as_bytes())?;
        return Ok(Exit::Answered);
    }
    go(&typed.settings()?)
}

/// Prints what was asked for; a reader who went away has seen enough.
fn print(text: &[u8]) -> io::Result<()> {
    match io::stdout().write_all(text) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

fn go(settings: &Settings) -> Result<Exit> {
    let has_screen = !settings.output.headless && io::stdout().is_terminal();
    if let Task::Replay { run, speed } = &settings.task {
        let record = replay::read(run)?;
        replay::record(&record.events, settings)?;
        if has_screen {
            return replay::show(record.events, run, *speed, settings);
        }
        if speed.is_some() {
            return Err(UsageError::NoScreen { option: "--speed" }.into());
        }
        return Ok(headless::print(&record.events, &settings.output));
    }
    if let Task::Whatif { run, changed } = &settings.task {
        let record = replay::read(run)?;
        return whatif::print(&record.events, *changed, &settings.limits, &settings.output);
    }
    if let Task::Cache(act) = &settings.task {
        return cached::run(act, &settings.output);
    }
    if settings.task == Task::Man {
        print(&manual()?)?;
        return Ok(Exit::Answered);
    }
    if let Task::Completions(shell) = settings.task {
        print(&completions(shell))?;
        return Ok(Exit::Answered);
    }
    if let Task::Pipe { raw_bodies } = settings.task {
        let recorder = Recorder::of(settings)?;
        let unpacking = Unpacking::new(raw_bodies);
        let ground = Ground::prepare(settings, None)?;
        ground.cache_notes().iter().for_each(|note| complain(note));
        return pipe::run(ground, recorder, unpacking);
    }
    let (feed, problems) = feed(settings, has_screen)?;
    let Some(feed) = feed else {
        name(&problems);
        return Ok(Exit::Usage);
    };
    let demo = (settings.task == Task::Demo)
        .then(Demo::start)
        .transpose()?;
    let ground = Ground::prepare(settings, demo.as_ref())?;
    let recorder = Recorder::of(settings)?;
    if has_screen {
        let exit = live::run(ground, feed, settings, recorder, &problems)?;
        return Ok(exit.with(&problems));
    }
    name(&problems);
    // The table has them among its remarks.
    if settings.output.format != Format::Table {
        ground.cache_notes().iter().for_each(|note| complain(note));
    }
    let exit = headless::run(ground, feed, &settings.output, recorder)?;
    Ok(exit.with(&problems))
}

/// What to fetch; nothing if all that was given is wrong.
fn feed(settings: &Settings, has_screen: bool) -> Result<(Option<Feed>, Vec<Problem>)> {
    if settings.task == Task::Demo {
        let listed = |(url, line)| Wanted::get(url, Because::Listed { line });
        let wave = |urls: Vec<_>| urls.into_iter().zip(1..).map(listed).collect();
        return Ok((Some(Feed::new(waves().into_iter().map(wave))), Vec::new()));
    }
    let list = settings.list();
    if list.is_empty() && !has_screen {
        return Err(UsageError::NothingToFetch.into());
    }
    let is_hopeless = list.wanted.is_empty() && !list.problems.is_empty();
    let mut spoken = settings.speech.read()?;
    spoken.saying.cookies = settings.cookies.typed()?;
    let listed = list.wanted.into_iter();
    let wave: Vec<_> = listed.map(|listed| wanted(listed, &spoken)).collect();
    Ok(((!is_hopeless).then(|| Feed::new([wave])), list.problems))
}

/// Names the bad lines of a list, the first of them one by one.
fn name(problems: &[Problem]) {
    for problem in problems.iter().take(NAMED) {
        complain(&problem.to_string());
    }
    if let Some(more) = problems.len().checked_sub(NAMED).filter(|more| *more > 0) {
        complain(&format!("and {more} more like these"));
    }
}

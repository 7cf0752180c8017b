use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use crate::cli::{
    BadConfig, Format, Look, Problem, Settings, Speed, Task, Typed, UsageError, completions, manual,
};
use crate::demo::Demo;
use crate::event::Moment;

use super::address::wanted;
use super::asserting::Claims;
use super::exit::Exit;
use super::feed::Feed;
use super::headless::complain;
use super::picture::theme;
use super::pose::{self, Pose};
use super::reckoning::folded;
use super::recorder::Recorder;
use super::typed_lines::TypedLines;
use super::unpacking::Unpacking;
use super::world::Ground;
use super::{asserting, cached, headless, lessons, live, pipe, preferences, replay, whatif};

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
    let columns = preferences::columns(&typed.config)?.unwrap_or_default();
    if typed.args.output.print_config {
        print(preferences::text(&typed, &keys, &columns).as_bytes())?;
        return Ok(Exit::Answered);
    }
    let mut settings = typed.settings()?;
    // On such a terminal nothing can be drawn.
    settings.output.plain |= io::stdout().is_terminal() && is_dumb();
    lessons::prepare(&mut settings);
    go(&settings)
}

fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// Prints what was asked for; a reader who went away has seen enough.
fn print(text: &[u8]) -> io::Result<()> {
    match io::stdout().write_all(text) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

fn go(settings: &Settings) -> Result<Exit> {
    let claims = Claims::read(&settings.output.asserts)?;
    let is_drawn = !settings.output.headless && !settings.output.plain;
    let has_screen = is_drawn && io::stdout().is_terminal();
    if let Task::Replay { run, speed, look } = &settings.task {
        return play(run, (*speed, look), settings, &claims, has_screen);
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
        ground.note().into_iter().for_each(complain);
        ground.cache_notes().iter().for_each(|note| complain(note));
        return pipe::run(ground, recorder, unpacking);
    }
    let (feed, problems) = feed(settings, has_screen)?;
    let Some(feed) = feed else {
        name(&problems);
        return Ok(Exit::Usage);
    };
    let is_demo = matches!(settings.task, Task::Demo(_));
    let demo = is_demo.then(Demo::start).transpose()?;
    let ground = Ground::prepare(settings, demo.as_ref())?;
    let recorder = Recorder::of(settings)?;
    if has_screen {
        let exit = live::run(ground, feed, settings, recorder, (&problems, &claims))?;
        return Ok(exit.with(&problems));
    }
    name(&problems);
    ground.note().into_iter().for_each(complain);
    // The table has them among its remarks.
    if settings.output.format != Format::Table {
        ground.cache_notes().iter().for_each(|note| complain(note));
    }
    let typed = if is_listening(settings) {
        listen()?
    } else {
        TypedLines::none()
    };
    let exit = headless::run(ground, feed, (&settings.output, &claims), recorder, typed)?;
    Ok(exit.with(&problems))
}

/// Whether URLs are read as they are typed: told in lines, and none were given.
const fn is_listening(settings: &Settings) -> bool {
    let is_bare = settings.urls.is_empty() && settings.inputs.is_empty();
    settings.output.plain && is_bare && matches!(settings.task, Task::Screen)
}

/// Begins to read what is typed, and says how that goes where a person sits there.
fn listen() -> Result<TypedLines> {
    if TypedLines::is_terminal() {
        print(b"Type a URL and press Enter; Ctrl-D on a line of its own ends the run.\n")?;
    }
    Ok(TypedLines::start()?)
}

/// Shows a recorded run on the screen, or prints it.
fn play(
    run: &Path,
    (speed, look): (Option<Speed>, &Look),
    settings: &Settings,
    claims: &Claims,
    has_screen: bool,
) -> Result<Exit> {
    let presses = pose::presses(look)?;
    let record = replay::read(run)?;
    replay::record(&record.events, settings)?;
    if has_screen {
        return replay::show(record, run, (speed, look.at, &presses), settings, claims);
    }
    let no_screen = |option| Err(UsageError::NoScreen { option }.into());
    if speed.is_some() {
        return no_screen("--speed");
    }
    let events = pose::until(record.events, look);
    if settings.output.format != Format::Svg {
        if look.keys.is_some() {
            return no_screen("--keys, but for --format svg,");
        }
        return Ok(headless::print(&events, &settings.output, claims));
    }
    let model = folded(&events);
    let pose = Pose {
        size: headless::size(),
        keys: preferences::keys(&settings.config)?,
        now: look.at.map_or_else(|| model.latest(), Moment::from),
        theme: theme(&settings.output),
    };
    print(
        pose.picture(&model, &replay::title(run, &events), &presses)
            .as_bytes(),
    )?;
    Ok(asserting::tell(&claims.judge(&model), Exit::of(&model)))
}

/// What to fetch; nothing if all that was given is wrong.
fn feed(settings: &Settings, has_screen: bool) -> Result<(Option<Feed>, Vec<Problem>)> {
    if let Task::Demo(lesson) = settings.task {
        return Ok((Some(lessons::feed(lesson)), Vec::new()));
    }
    let list = settings.list();
    if list.is_empty() && !has_screen && !is_listening(settings) {
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

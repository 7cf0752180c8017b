use std::io;
use std::thread::{Builder, JoinHandle};

use tokio::runtime;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::clock::Clock;
use crate::event::{Command, Event};

use super::engine::{World, run};

/// An engine at work on its own thread, so that drawing can never delay a stamp.
pub struct Handle {
    /// Where it is told what to do.
    pub commands: UnboundedSender<Command>,
    /// What it tells.
    pub facts: UnboundedReceiver<Event>,
    thread: JoinHandle<()>,
}

/// Starts an engine; `world` is made on its thread.
pub fn start(world: impl FnOnce() -> World + Send + 'static, clock: Clock) -> io::Result<Handle> {
    let (commands, told) = unbounded_channel();
    let (tell, facts) = unbounded_channel();
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let work = move || runtime.block_on(run(world(), clock, told, tell));
    let thread = Builder::new().name("engine".to_owned()).spawn(work)?;
    Ok(Handle {
        commands,
        facts,
        thread,
    })
}

impl Handle {
    /// Whether the engine broke down, rather than ending.
    pub fn has_panicked(self) -> bool {
        self.thread.join().is_err()
    }
}

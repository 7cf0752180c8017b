use std::io::{self, PipeReader, PipeWriter, pipe};
use std::os::fd::AsFd;
use std::thread::{Builder, JoinHandle};

use crossterm::event::{Event as Input, EventStream};
use futures_util::StreamExt as _;
use rustix::event::{PollFd, PollFlags, poll};
use tokio::runtime;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

/// What a person does at the terminal; it listens until it goes away.
///
/// The terminal is read on a thread of its own, as reading a terminal that is gone never ends:
/// crossterm reads on and on at its end. That must not keep the run from ending.
pub(super) struct Inputs {
    heard: UnboundedReceiver<Input>,
    keys: JoinHandle<()>,
    hung_up: oneshot::Receiver<()>,
    /// Closed with this, so that nobody watches the line any more.
    _watch: PipeWriter,
}

impl Inputs {
    /// Begins to listen; the screen has to be a terminal.
    pub(super) fn start() -> io::Result<Self> {
        let (tell, heard) = unbounded_channel();
        let runtime = runtime::Builder::new_current_thread().build()?;
        // From here on a change of size is heard, before the first frame is drawn.
        let stream = EventStream::new();
        let listening = move || runtime.block_on(listen(stream, &tell));
        let keys = Builder::new().name("keys".to_owned()).spawn(listening)?;
        let (tell, hung_up) = oneshot::channel();
        let (watched, watch) = pipe()?;
        let watching = move || {
            if has_hung_up(&watched) {
                // Whoever is gone needs not be told.
                let _ = tell.send(());
            }
        };
        Builder::new().name("line".to_owned()).spawn(watching)?;
        Ok(Self {
            heard,
            keys,
            hung_up,
            _watch: watch,
        })
    }

    /// Stops listening: what is typed from now on is for another program.
    pub(super) fn stop(self) {
        let Self { heard, keys, .. } = self;
        drop(heard);
        // It has nothing to tell but that it ended.
        let _ = keys.join();
    }

    /// The next thing done; nothing once the terminal is gone.
    pub(super) async fn next(&mut self) -> Option<Input> {
        tokio::select! {
            biased;
            input = self.heard.recv() => input,
            _ = &mut self.hung_up => None,
        }
    }
}

async fn listen(mut stream: EventStream, tell: &UnboundedSender<Input>) {
    loop {
        let input = tokio::select! {
            () = tell.closed() => return,
            input = stream.next() => input,
        };
        let Some(Ok(input)) = input else { return };
        if tell.send(input).is_err() {
            return;
        }
    }
}

/// Waits until nobody is at the other end of the line, or until nobody wants to know.
///
/// Most programs are told by SIGHUP, but not one whose controlling terminal is another.
fn has_hung_up(watched: &PipeReader) -> bool {
    let out = io::stdout();
    // Nothing is asked for: that the other end is gone is told unasked.
    let mut ends = [&out as &dyn AsFd, watched]
        .map(|end| PollFd::from_borrowed_fd(end.as_fd(), PollFlags::empty()));
    while poll(&mut ends, None) == Err(rustix::io::Errno::INTR) {}
    ends.first()
        .is_some_and(|line| line.revents().contains(PollFlags::HUP))
}

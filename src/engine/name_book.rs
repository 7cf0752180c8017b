use std::collections::HashMap;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::spawn_local;

use crate::event::{Moment, Names};
use crate::net::{Answer, NetError};

use super::engine::Engine;

/// The answers of name servers: those still good, and those under way.
#[derive(Default)]
pub(super) struct NameBook {
    known: HashMap<String, (Answer, Moment)>,
    /// Who waits for each answer under way, in the order they asked: they go on in that order.
    asking: HashMap<String, Vec<oneshot::Sender<Found>>>,
}

type Found = Result<Answer, NetError>;

impl NameBook {
    /// An earlier answer that is still good at `now`.
    pub(super) fn kept(&self, host: &str, now: Moment) -> Option<(Answer, Names)> {
        let (answer, asked) = self.known.get(host)?;
        let age = now.since(*asked);
        let names = Names::Kept {
            age_ms: millis(age),
            ttl_ms: millis(answer.ttl),
        };
        (age < answer.ttl).then(|| (answer.clone(), names))
    }
}

/// Asks for `host`, or joins whoever is asking already.
pub(super) async fn ask(host: &str, engine: &Rc<Engine>) -> Result<(Answer, Names), NetError> {
    let (tell, told) = oneshot::channel();
    let is_shared = {
        let mut book = engine.names.borrow_mut();
        let is_shared = book.asking.contains_key(host);
        book.asking.entry(host.to_owned()).or_default().push(tell);
        is_shared
    };
    if !is_shared {
        // In a task of its own: whoever asked first may go away, and others wait for the answer.
        spawn_local(find_out(host.to_owned(), Rc::clone(engine)));
    }
    let answer = told.await.unwrap_or_else(|_| Err(given_up()))?;
    let ttl_ms = millis(answer.ttl);
    let names = if is_shared {
        Names::Shared { ttl_ms }
    } else {
        Names::Asked { ttl_ms }
    };
    Ok((answer, names))
}

async fn find_out(host: String, engine: Rc<Engine>) {
    let result = tokio::select! {
        result = engine.network.resolve(&host) => result,
        () = nobody_waits(&host, &engine) => Err(given_up()),
    };
    let mut book = engine.names.borrow_mut();
    if let Ok(answer) = &result {
        book.known
            .insert(host.clone(), (answer.clone(), engine.reporter.now()));
    }
    for tell in book.asking.remove(&host).unwrap_or_default() {
        // Who has gone away meanwhile needs no answer.
        let _ = tell.send(result.clone());
    }
}

/// Ends when everyone who asked has gone away.
async fn nobody_waits(host: &str, engine: &Engine) {
    let gone = |tell: &oneshot::Sender<Found>| tell.is_closed();
    poll_fn(|context| {
        let mut book = engine.names.borrow_mut();
        let waiting = book.asking.entry(host.to_owned()).or_default();
        for tell in waiting.iter_mut() {
            // Asks to be woken when this one goes; those who come later are seen at the next wake.
            let _ = tell.poll_closed(context);
        }
        if waiting.iter().all(gone) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

fn given_up() -> NetError {
    NetError::new(
        crate::net::NetErrorKind::NameServer,
        "the look-up was given up",
    )
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

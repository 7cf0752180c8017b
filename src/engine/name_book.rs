use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use tokio::sync::watch::{self, Receiver, Sender};

use crate::event::{Moment, Names};
use crate::net::{Answer, NetError};

use super::engine::Engine;

/// The answers of name servers: those still good, and those under way.
#[derive(Default)]
pub(super) struct NameBook {
    known: HashMap<String, (Answer, Moment)>,
    /// Senders, not receivers: a question that nobody waits for any more is given up.
    asking: HashMap<String, Rc<Sender<Coming>>>,
}

type Coming = Option<Result<Answer, NetError>>;

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
    let under_way = engine.names.borrow().asking.get(host).cloned();
    let is_shared = under_way.is_some();
    let mut coming = under_way.map_or_else(|| begin(host, engine), |asked| asked.subscribe());
    let answered = coming.wait_for(Option::is_some).await;
    let result = answered.ok().and_then(|result| result.clone());
    let answer = result.unwrap_or_else(|| Err(given_up()))?;
    let ttl_ms = millis(answer.ttl);
    let names = if is_shared {
        Names::Shared { ttl_ms }
    } else {
        Names::Asked { ttl_ms }
    };
    Ok((answer, names))
}

/// Asks in a task of its own: whoever asked first may go away, and others wait for the answer too.
fn begin(host: &str, engine: &Rc<Engine>) -> Receiver<Coming> {
    let (tell, coming) = watch::channel(None);
    let tell = Rc::new(tell);
    engine
        .names
        .borrow_mut()
        .asking
        .insert(host.to_owned(), Rc::clone(&tell));
    let (host, engine) = (host.to_owned(), Rc::clone(engine));
    tokio::task::spawn_local(async move {
        let result = tokio::select! {
            biased;
            result = engine.network.resolve(&host) => result,
            () = tell.closed() => Err(given_up()),
        };
        note(&engine.names, &host, &result, engine.reporter.now());
        let _ = tell.send(Some(result));
    });
    coming
}

fn note(book: &RefCell<NameBook>, host: &str, result: &Result<Answer, NetError>, now: Moment) {
    let mut book = book.borrow_mut();
    book.asking.remove(host);
    if let Ok(answer) = result {
        book.known.insert(host.to_owned(), (answer.clone(), now));
    }
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

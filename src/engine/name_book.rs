use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{LocalBoxFuture, Shared, WeakShared};

use crate::event::{Moment, Names};
use crate::net::{Answer, NetError};

use super::engine::Engine;

/// The answers of name servers: those still good, and those under way.
#[derive(Default)]
pub(super) struct NameBook {
    known: HashMap<String, (Answer, Moment)>,
    /// Weakly held: a question that nobody waits for any more is given up.
    asking: HashMap<String, WeakShared<Question>>,
}

/// A question under way: whoever waits for it moves it along, and all hear the answer in the
/// order in which they began to wait.
type Question = LocalBoxFuture<'static, Result<Answer, NetError>>;

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
    let under_way = under_way.and_then(|question| question.upgrade());
    let is_shared = under_way.is_some();
    let answer = under_way.unwrap_or_else(|| begin(host, engine)).await?;
    let ttl_ms = millis(answer.ttl);
    let names = if is_shared {
        Names::Shared { ttl_ms }
    } else {
        Names::Asked { ttl_ms }
    };
    Ok((answer, names))
}

/// Whoever asked first may go away, and others wait for the answer too: it belongs to them all.
fn begin(host: &str, engine: &Rc<Engine>) -> Shared<Question> {
    let (name, world) = (host.to_owned(), Rc::clone(engine));
    let asking = async move {
        let result = world.network.resolve(&name).await;
        note(&world.names, &name, &result, world.reporter.now());
        result
    };
    let question = asking.boxed_local().shared();
    if let Some(weak) = question.downgrade() {
        let mut book = engine.names.borrow_mut();
        book.asking.insert(host.to_owned(), weak);
    }
    question
}

fn note(book: &RefCell<NameBook>, host: &str, result: &Result<Answer, NetError>, now: Moment) {
    let mut book = book.borrow_mut();
    book.asking.remove(host);
    if let Ok(answer) = result {
        book.known.insert(host.to_owned(), (answer.clone(), now));
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

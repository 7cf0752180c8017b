use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{LocalBoxFuture, Shared, WeakShared};

use crate::event::{Fact, LookUpId, Moment, Names, RequestId, Sought};
use crate::net::NetError;

use super::engine::Engine;
use super::look_up::{Located, Place, look_up};

/// What name servers answered: what is still good, and what is under way.
#[derive(Default)]
pub(super) struct NameBook {
    known: HashMap<String, Known>,
    /// Weakly held: a look-up that nobody waits for any more is given up.
    asking: HashMap<String, (LookUpId, WeakShared<LookingUp>)>,
    numbered: u32,
}

/// What a look-up found out.
#[derive(Clone)]
struct Known {
    lookup: LookUpId,
    result: Result<Rc<Place>, NetError>,
    ttl: Duration,
    at: Moment,
}

/// A look-up under way: whoever waits for it moves it along, and all hear the answer in the
/// order in which they began to wait.
type LookingUp = LocalBoxFuture<'static, Result<Rc<Place>, NetError>>;

/// Where a host is, and how that became known.
pub(super) type Resolved = Result<(Rc<Place>, Names), NetError>;

/// What an earlier look-up found out, if that is still good.
pub(super) fn kept(request: RequestId, host: &str, engine: &Engine) -> Option<Resolved> {
    let now = engine.reporter.now();
    let known = engine.names.borrow().known.get(host).cloned()?;
    let age = now.since(known.at);
    let ttl = match &known.result {
        Ok(place) => place.ttl(),
        Err(_) => known.ttl,
    };
    if age >= ttl {
        return None;
    }
    say_sought(request, known.lookup, host, Sought::Kept, engine);
    let names = Names::Kept {
        age_ms: millis(age),
        ttl_ms: millis(ttl),
    };
    Some(known.result.map(|place| (place, names)).map_err(|error| {
        let [age, ttl] = [age, ttl].map(|time| crate::message::span(time.as_secs()));
        let words = format!("{}; so said {age} ago, and good for {ttl}", error.words);
        NetError::new(error.kind, words)
    }))
}

/// Asks for `host`, or joins whoever is asking already.
pub(super) async fn ask(request: RequestId, host: &str, engine: &Rc<Engine>) -> Resolved {
    let under_way = engine.names.borrow().asking.get(host).cloned();
    let under_way = under_way.and_then(|(id, looking)| Some((id, looking.upgrade()?)));
    let how = if under_way.is_some() {
        Sought::Shared
    } else {
        Sought::Asked
    };
    let (id, looking) = under_way.unwrap_or_else(|| begin(host, engine));
    say_sought(request, id, host, how, engine);
    let place = looking.await?;
    let ttl_ms = millis(place.ttl());
    let names = if how == Sought::Shared {
        Names::Shared { ttl_ms }
    } else {
        Names::Asked { ttl_ms }
    };
    Ok((place, names))
}

/// Whoever asked first may go away, and others wait for the answer too: it belongs to them all.
fn begin(host: &str, engine: &Rc<Engine>) -> (LookUpId, Shared<LookingUp>) {
    let mut book = engine.names.borrow_mut();
    book.numbered += 1;
    let id = LookUpId(book.numbered);
    let (name, world) = (host.to_owned(), Rc::clone(engine));
    let looking = async move {
        let located = look_up(id, name.clone(), Rc::clone(&world)).await;
        note(&world.names, id, &name, located, world.reporter.now())
    };
    let looking = looking.boxed_local().shared();
    if let Some(weak) = looking.downgrade() {
        book.asking.insert(host.to_owned(), (id, weak));
    }
    (id, looking)
}

fn note(
    book: &RefCell<NameBook>,
    lookup: LookUpId,
    host: &str,
    (result, ttl): Located,
    at: Moment,
) -> Result<Rc<Place>, NetError> {
    let mut book = book.borrow_mut();
    book.asking.remove(host);
    let known = Known {
        lookup,
        result: result.clone(),
        ttl,
        at,
    };
    book.known.insert(host.to_owned(), known);
    result
}

fn say_sought(request: RequestId, lookup: LookUpId, host: &str, how: Sought, engine: &Engine) {
    engine.reporter.say(Fact::NameSought {
        request,
        lookup,
        host: host.to_owned(),
        how,
    });
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

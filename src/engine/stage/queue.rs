use std::rc::Rc;

use tokio::sync::oneshot;

use crate::engine::dispatch::carry_out;
use crate::engine::engine::Engine;
use crate::engine::fetch::Request;
use crate::engine::lease::Lease;
use crate::event::{Failure, FailureKind, RequestId, Stage};

/// Gets in line for a connection to the request's origin, and waits for its turn.
pub(in crate::engine) async fn wait_turn(
    request: &Request,
    engine: &Rc<Engine>,
) -> Result<Lease, Failure> {
    let (turn, mine) = oneshot::channel();
    engine.turns.borrow_mut().insert(request.id, turn);
    let place = Place {
        request: request.id,
        engine,
    };
    let now = engine.reporter.now();
    if let Some(proxy) = engine.settings.proxies.of(request.origin()) {
        let mut pools = engine.pools.borrow_mut();
        pools.goes_through(&request.group, proxy);
    }
    let moves = engine
        .pools
        .borrow_mut()
        .wanted(&request.group, request.id, request.priority, now);
    carry_out(moves, None, engine);
    let turn = mine.await;
    drop(place);
    turn.unwrap_or_else(|_| {
        Err(Failure::new(
            Stage::Queue,
            FailureKind::Cancelled,
            "the run ended while it waited",
        ))
    })
}

/// A place in the line; it is given up when the request goes away.
struct Place<'a> {
    request: RequestId,
    engine: &'a Rc<Engine>,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let engine = self.engine;
        if engine.turns.borrow_mut().remove(&self.request).is_some() {
            let now = engine.reporter.now();
            let moves = engine.pools.borrow_mut().withdrawn(self.request, now);
            carry_out(moves, None, engine);
        }
    }
}

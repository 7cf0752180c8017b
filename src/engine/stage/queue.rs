use std::rc::Rc;

use tokio::sync::oneshot;

use crate::engine::dispatch::carry_out;
use crate::engine::engine::Engine;
use crate::engine::fetch::Request;
use crate::engine::lease::Lease;
use crate::event::{Fact, Failure, FailureKind, Stage};

/// Gets in line for a connection to the request's origin, and waits for its turn.
pub(in crate::engine) async fn wait_turn(
    request: &Request,
    engine: &Rc<Engine>,
) -> Result<Lease, Failure> {
    let (turn, mine) = oneshot::channel();
    engine.turns.borrow_mut().insert(request.id, turn);
    let place = Place { request, engine };
    let moves = engine.pools.borrow_mut().wanted(&request.group, request.id);
    carry_out(moves, None, engine);
    let queued = engine.pools.borrow().queued(&request.group, request.id);
    if let Some((ahead, reason)) = queued {
        let ahead = u32::try_from(ahead).unwrap_or(u32::MAX);
        engine.reporter.say(Fact::RequestQueued {
            request: request.id,
            ahead,
            reason,
        });
    }
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
    request: &'a Request,
    engine: &'a Engine,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if self
            .engine
            .turns
            .borrow_mut()
            .remove(&self.request.id)
            .is_some()
        {
            let mut pools = self.engine.pools.borrow_mut();
            pools.withdrawn(&self.request.group, self.request.id);
        }
    }
}

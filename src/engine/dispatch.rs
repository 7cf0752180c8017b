use std::rc::Rc;

use tokio::sync::mpsc::unbounded_channel;
use tokio::task::spawn_local;

use crate::event::{ConnectionId, Fact, Failure, FailureKind, RequestId, Stage};
use crate::message::Group;
use crate::pool::Move;

use super::connection::{self, Order};
use super::engine::Engine;

/// Carries out what the pool decided; `failure` is why a request is refused, if one is.
pub(super) fn carry_out(moves: Vec<Move>, failure: Option<&Failure>, engine: &Rc<Engine>) {
    for decided in moves {
        match decided {
            Move::Dial(connection, group, beside) => dial(connection, group, beside, engine),
            Move::Grant(request, connection, choice) => {
                order(connection, Order::Serve(request, choice), engine);
            }
            Move::Queue(request, ahead, reason) => {
                let ahead = u32::try_from(ahead).unwrap_or(u32::MAX);
                engine.reporter.say(Fact::RequestQueued {
                    request,
                    ahead,
                    reason,
                });
            }
            Move::Retire(connection, reason) => {
                engine
                    .reporter
                    .say(Fact::ConnectionRetired { connection, reason });
                order(connection, Order::Retire(reason), engine);
            }
            Move::Refuse(request, connection) => {
                engine.reporter.say(Fact::ConnectionDenied {
                    request,
                    connection,
                });
                refuse(request, failure, engine);
            }
        }
    }
    engine.alarm.set(engine.pools.borrow().due());
}

fn dial(connection: ConnectionId, group: Group, beside: Option<ConnectionId>, engine: &Rc<Engine>) {
    engine.reporter.say(Fact::ConnectionPlanned {
        connection,
        group: Box::new(group.clone()),
        beside,
        road: engine.settings.road(&group.origin),
    });
    let (orders, heard) = unbounded_channel();
    if engine.is_over() {
        // The pool does not know that the requests in its line have been given up this moment.
        let _ = orders.send(Order::Stop);
    }
    engine.orders.borrow_mut().insert(connection, orders);
    let engine = Rc::clone(engine);
    spawn_local(async move { connection::live(connection, group, heard, &engine).await });
}

fn order(connection: ConnectionId, order: Order, engine: &Engine) {
    if let Some(orders) = engine.orders.borrow().get(&connection) {
        // A connection that no longer listens has told the pool that it is closed.
        let _ = orders.send(order);
    }
}

fn refuse(request: RequestId, failure: Option<&Failure>, engine: &Engine) {
    let unknown = || {
        Failure::new(
            Stage::Connect,
            FailureKind::System,
            "no connection was opened",
        )
    };
    if let Some(turn) = engine.turns.borrow_mut().remove(&request) {
        // The request may have been given up in this very moment.
        let _ = turn.send(Err(failure.cloned().unwrap_or_else(unknown)));
    }
}

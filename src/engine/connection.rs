use std::rc::Rc;

use futures_util::FutureExt as _;
use tokio::io::AsyncReadExt as _;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::event::{
    Choice, ConnectionId, Ending, Fact, Failure, FailureKind, RequestId, Retirement, Stage, Subject,
};
use crate::http1::Fate;
use crate::message::{Group, Proxy, Scheme};
use crate::net::{NetError, Opened, Wire};
use crate::pool::Wear;

use super::dispatch::carry_out;
use super::engine::Engine;
use super::kernel;
use super::lease::{Lease, Outcome, Returned};
use super::stage;

/// What a connection is told to do.
#[derive(Clone, Copy, Debug)]
pub(super) enum Order {
    /// Lend yourself to this request, which chose you so.
    Serve(RequestId, Choice),
    /// Close: the pool has no use for you.
    Retire(Retirement),
    /// Close: the run is over.
    Stop,
}

/// The life of one connection, from dial to goodbye.
pub(super) async fn live(
    connection: ConnectionId,
    group: Group,
    mut orders: UnboundedReceiver<Order>,
    engine: &Rc<Engine>,
) {
    let opened = tokio::select! {
        biased;
        failure = told_to_stop(&mut orders) => Err(failure),
        opened = open(connection, &group, engine) => opened,
    };
    let ending = match opened {
        Ok((line, doubt)) => {
            let remarks = remarks(doubt, &group, engine);
            let (line, ending) = serve(connection, line, &remarks, &mut orders, engine).await;
            // It leaves its place as it closes: whoever counts never sees one too many.
            let parting = async {
                leave(connection, engine);
                stage::close::part(connection, line, &ending, engine).await
            };
            let subject = Subject::Connection(connection);
            // However the parting goes, it is over: what happened is in the stage's own fact.
            let _ = engine.stage(subject, Stage::Close, parting).await;
            ending
        }
        Err(failure) => {
            engine.orders.borrow_mut().remove(&connection);
            let now = engine.reporter.now();
            let moves = engine.pools.borrow_mut().failed(connection, now);
            carry_out(moves, Some(&failure), engine);
            Ending::Unopened { failure }
        }
    };
    engine
        .reporter
        .say(Fact::ConnectionEnded { connection, ending });
}

async fn open(
    connection: ConnectionId,
    group: &Group,
    engine: &Rc<Engine>,
) -> Result<(Opened, Option<String>), Failure> {
    let subject = Subject::Connection(connection);
    let proxy = engine.settings.proxies.of(&group.origin);
    let hop = engine.settings.first_hop(&group.origin);
    let dialling = async {
        let dialled = stage::connect::dial(connection, &hop, engine).await;
        let (opened, at) = dialled.map_err(|failure| unreached(failure, proxy))?;
        let connected = kernel::opened(connection, &opened, at, engine);
        Ok((opened, connected))
    };
    let dialling = engine.stage(subject, Stage::Connect, dialling);
    let (mut opened, mut connected) = dialling.await?;
    engine.pools.borrow_mut().connected(connection);
    let scheme = group.origin.scheme;
    if let Some(proxy) = engine.settings.asked_for_the_way(&group.origin) {
        let end = engine.settings.end_of(&group.origin);
        let (wire, tap) = (opened.wire, opened.tap.as_ref());
        let passing = async {
            let wire = stage::proxy::pass(connection, &end, proxy, wire, engine).await?;
            // What follows begins when the proxy has answered, and not when it was reached.
            let passed = tap.and_then(|tap| kernel::passed(connection, tap, connected, engine));
            Ok((wire, passed))
        };
        (opened.wire, connected) = engine.stage(subject, Stage::Proxy, passing).await?;
    }
    if scheme == Scheme::Http {
        return Ok((opened, None));
    }
    let securing = async {
        let tap = opened.tap.as_ref();
        let secured = stage::tls::secure(connection, group, opened.wire, tap, engine).await?;
        if let Some(tap) = tap {
            kernel::secured(connection, tap, connected, engine);
        }
        Ok(secured)
    };
    let secured = engine.stage(subject, Stage::Tls, securing).await?;
    let wire = secured.wire;
    Ok((Opened { wire, ..opened }, secured.doubt))
}

/// Who could not be reached may be a proxy, and not the server.
fn unreached(failure: Failure, proxy: Option<&Proxy>) -> Failure {
    let Some(proxy) = proxy else {
        return failure;
    };
    let words = format!("the proxy {proxy} cannot be reached: {}", failure.words);
    Failure { words, ..failure }
}

async fn told_to_stop(orders: &mut UnboundedReceiver<Order>) -> Failure {
    let words = loop {
        match orders.recv().await {
            Some(Order::Serve(..)) => {}
            Some(Order::Retire(reason)) => break reason.to_string(),
            Some(Order::Stop) | None => break "the run ended before it was open".to_owned(),
        }
    };
    Failure::new(Stage::Connect, FailureKind::Cancelled, words)
}

/// Lends the connection to one request after another, until it can serve no more.
async fn serve(
    connection: ConnectionId,
    mut line: Opened,
    remarks: &[String],
    orders: &mut UnboundedReceiver<Order>,
    engine: &Rc<Engine>,
) -> (Opened, Ending) {
    let mut served = 0_u32;
    loop {
        let wear = if served > 0 { Wear::Used } else { Wear::Fresh };
        let now = engine.reporter.now();
        let moves = engine.pools.borrow_mut().ready(connection, wear, now);
        carry_out(moves, None, engine);
        // Whoever waited for the connection gets it as it is: what the server said is for them.
        let is_fresh = served == 0 && !orders.is_empty();
        let (request, choice) = match idle(&mut line.wire, orders).await {
            Ok(order) => order,
            Err(ending) => {
                leave_waiting(connection, orders, engine);
                return (line, ending);
            }
        };
        if !is_fresh && let Some(ending) = died_meanwhile(&mut line.wire) {
            leave_stale(connection, request, engine);
            return (line, ending);
        }
        let Some(turn) = engine.turns.borrow_mut().remove(&request) else {
            continue;
        };
        let is_reused = served > 0;
        let (lease, returned) = Lease::new(connection, is_reused, line);
        engine.reporter.say(Fact::ConnectionGranted {
            request,
            connection,
            reused: is_reused,
            choice: Some(choice),
        });
        for words in remarks.iter().cloned() {
            engine.reporter.say(Fact::Remarked { request, words });
        }
        // If the request is gone, the lease comes back by itself.
        let _ = turn.send(Ok(lease));
        let Ok(Returned {
            line: back,
            outcome,
        }) = returned.await
        else {
            unreachable!("a lease gives its wire back when it is dropped")
        };
        line = back;
        match outcome {
            Outcome::Untouched => {}
            Outcome::Complete(Fate::Reuse) => {
                served += 1;
                kernel::exchanged(connection, &line, engine);
            }
            outcome @ (Outcome::Abandoned | Outcome::Complete(_) | Outcome::Lost(_)) => {
                kernel::exchanged(connection, &line, engine);
                return (line, after(outcome));
            }
        }
    }
}

/// What there is to be said of the connection to each request that it carries.
fn remarks(doubt: Option<String>, group: &Group, engine: &Engine) -> Vec<String> {
    let doubt = doubt.map(|doubt| format!("{doubt}; accepted all the same (-k)"));
    let elsewhere = engine.settings.road(&group.origin).to;
    let elsewhere = elsewhere.map(|end| format!("spoken to at {end} instead (--connect-to)"));
    doubt.into_iter().chain(elsewhere).collect()
}

/// Waits, unused, for a request to serve; the error is why the connection ends instead.
async fn idle(
    wire: &mut Wire,
    orders: &mut UnboundedReceiver<Order>,
) -> Result<(RequestId, Choice), Ending> {
    let mut byte = [0; 1];
    let by_us = |words: String| Ending::ByUs { words };
    tokio::select! {
        biased;
        order = orders.recv() => match order {
            Some(Order::Serve(request, choice)) => Ok((request, choice)),
            Some(Order::Retire(reason)) => Err(by_us(reason.to_string())),
            Some(Order::Stop) | None => Err(by_us(Ending::RUN_OVER.to_owned())),
        },
        read = wire.read(&mut byte) => Err(heard_while_idle(&read)),
    }
}

/// A last look before use: has the server closed it, or said something unasked?
fn died_meanwhile(wire: &mut Wire) -> Option<Ending> {
    let read = wire.read(&mut [0; 1]).now_or_never()?;
    Some(heard_while_idle(&read))
}

fn heard_while_idle(read: &std::io::Result<usize>) -> Ending {
    match read {
        Ok(0) => Ending::ByServer {
            words: Ending::WHILE_IDLE.to_owned(),
        },
        Ok(_) => Ending::ByUs {
            words: Ending::UNASKED.to_owned(),
        },
        Err(error) => Ending::ByServer {
            words: format!(
                "{}: {}",
                Ending::WHILE_IDLE,
                NetError::of_socket(error).words
            ),
        },
    }
}

/// Tells the pool that the connection is gone.
fn leave(connection: ConnectionId, engine: &Rc<Engine>) {
    if engine.orders.borrow_mut().remove(&connection).is_some() {
        let now = engine.reporter.now();
        let moves = engine.pools.borrow_mut().closed(connection, now);
        carry_out(moves, None, engine);
    }
}

/// A request may have been sent here in the moment in which the connection ended.
fn leave_waiting(
    connection: ConnectionId,
    orders: &mut UnboundedReceiver<Order>,
    engine: &Rc<Engine>,
) {
    match orders.try_recv() {
        Ok(Order::Serve(request, _)) => leave_stale(connection, request, engine),
        Ok(Order::Retire(_) | Order::Stop) | Err(_) => leave(connection, engine),
    }
}

/// Tells the pool that the connection was dead when it was granted; its request is the next.
fn leave_stale(connection: ConnectionId, request: RequestId, engine: &Rc<Engine>) {
    if !engine.turns.borrow().contains_key(&request) {
        return leave(connection, engine);
    }
    engine.orders.borrow_mut().remove(&connection);
    let now = engine.reporter.now();
    let moves = engine.pools.borrow_mut().stale(connection, now);
    carry_out(moves, None, engine);
}

/// Why a connection ends after an exchange, and by whom.
fn after(outcome: Outcome) -> Ending {
    match outcome {
        Outcome::Complete(Fate::EndedByClose) => Ending::ByServer {
            words: Fate::EndedByClose.to_string(),
        },
        Outcome::Complete(fate) => Ending::ByUs {
            words: fate.to_string(),
        },
        Outcome::Lost(failure) => {
            let is_theirs = matches!(failure.kind, FailureKind::CutShort | FailureKind::Reset);
            let words = failure.words;
            if is_theirs {
                Ending::ByServer { words }
            } else {
                Ending::ByUs { words }
            }
        }
        Outcome::Untouched | Outcome::Abandoned => Ending::ByUs {
            words: "its request was given up half-way".to_owned(),
        },
    }
}

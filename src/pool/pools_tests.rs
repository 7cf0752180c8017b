//! What the pools decide, case by case; what always holds is a law of the fuzzers.

use super::{Limits, Move, Pools, Wear};
use crate::event::{Choice, ConnectionId, Moment, QueueReason, RequestId, Retirement};
use crate::message::{Credentials, Group, Origin, Priority, Scheme};

fn group(n: u8) -> Group {
    let origin = Origin {
        scheme: Scheme::Http,
        host: format!("h{}.test", n / 2),
        port: 80,
    };
    // Two groups to a host: with credentials, and without.
    let credentials = [Credentials::Include, Credentials::Omit];
    Group::new(origin, credentials[usize::from(n % 2)])
}

fn limits(per_host: usize, all: usize) -> Limits {
    Limits {
        per_host,
        all,
        low: 3,
        low_per_host: 2,
        ..Limits::default()
    }
}

const A: u8 = 0;
const B: u8 = 2;
const START: Moment = Moment(0);

fn millis(millis: u64) -> Moment {
    Moment::from_millis(millis)
}

fn want(pools: &mut Pools, to: u8, request: u32, at: u64) -> Vec<Move> {
    let request = RequestId(request);
    pools.wanted(&group(to), request, Priority::Auto, millis(at))
}

fn ready(pools: &mut Pools, connection: u32, wear: Wear, at: u64) -> Vec<Move> {
    pools.ready(ConnectionId(connection), wear, millis(at))
}

#[test]
fn the_seventh_waits_and_is_told_why() {
    let mut pools = Pools::new(Limits::default());
    let told: Vec<_> = (1..=8).map(|n| want(&mut pools, A, n, 0).pop()).collect();
    let queued = |n, ahead, reason| Some(Move::Queue(RequestId(n), ahead, reason));
    assert_eq!(told[5], queued(6, 5, QueueReason::Opening));
    let full = QueueReason::HostFull { limit: 6 };
    assert_eq!(told[7], queued(8, 7, full));
}

#[test]
fn the_connection_used_last_is_used_again_and_of_the_unused_the_oldest() {
    let mut pools = Pools::new(Limits::default());
    for n in 1..=3 {
        want(&mut pools, A, n, 0);
    }
    for n in 1..=3 {
        ready(&mut pools, n, Wear::Fresh, u64::from(n));
    }
    for (n, at) in [(2, 10), (1, 11), (3, 12)] {
        ready(&mut pools, n, Wear::Used, at);
    }
    let moves = want(&mut pools, A, 4, 20);
    let choice = Choice::Idle { idle_ms: 8 };
    let granted = Move::Grant(RequestId(4), ConnectionId(3), choice);
    assert_eq!(moves, [granted]);
    let mut pools = Pools::new(Limits::default());
    for n in 1..=3 {
        want(&mut pools, A, n, 0);
    }
    for n in 2..=3 {
        pools.withdrawn(RequestId(n), START);
    }
    for n in 1..=3 {
        ready(&mut pools, n, Wear::Fresh, u64::from(n));
    }
    let moves = want(&mut pools, A, 4, 20);
    let choice = Choice::Unused { idle_ms: 18 };
    assert_eq!(moves, [Move::Grant(RequestId(4), ConnectionId(2), choice)]);
}

#[test]
fn at_the_limit_of_all_an_idle_connection_elsewhere_gives_way() {
    let mut pools = Pools::new(limits(6, 1));
    want(&mut pools, A, 1, 0);
    ready(&mut pools, 1, Wear::Fresh, 1);
    let full = QueueReason::AllFull { limit: 1 };
    let moves = want(&mut pools, B, 2, 1);
    assert_eq!(moves, [Move::Queue(RequestId(2), 0, full)]);
    let evicted = Retirement::Evicted {
        request: RequestId(2),
    };
    let wanted = [
        Move::Retire(ConnectionId(1), evicted),
        Move::Dial(ConnectionId(2), group(B), None),
    ];
    assert_eq!(ready(&mut pools, 1, Wear::Used, 2), wanted);
}

#[test]
fn at_the_limit_of_all_a_connection_that_nobody_waits_for_is_given_up() {
    let mut pools = Pools::new(limits(6, 1));
    want(&mut pools, A, 1, 0);
    want(&mut pools, B, 2, 0);
    let moves = pools.withdrawn(RequestId(1), millis(5));
    let wanted = [
        Move::Retire(ConnectionId(1), Retirement::Unneeded),
        Move::Dial(ConnectionId(2), group(B), None),
    ];
    assert_eq!(moves, wanted);
}

#[test]
fn a_first_connection_that_takes_long_is_tried_again_beside_itself() {
    let mut pools = Pools::new(Limits::default());
    want(&mut pools, A, 1, 0);
    assert_eq!(pools.due(), Some(millis(250)));
    assert_eq!(pools.overdue(millis(249)), []);
    let beside = Some(ConnectionId(1));
    let moves = pools.overdue(millis(250));
    assert_eq!(moves, [Move::Dial(ConnectionId(2), group(A), beside)]);
    assert_eq!(pools.due(), None);
    let moves = ready(&mut pools, 2, Wear::Fresh, 270);
    let granted = Move::Grant(RequestId(1), ConnectionId(2), Choice::Opened);
    assert_eq!(moves, [granted]);
    // The first goes on, and is idle when it is open.
    assert_eq!(ready(&mut pools, 1, Wear::Fresh, 1_020), []);
    assert_eq!(pools.connections(), 2);
}

#[test]
fn only_tcp_is_tried_twice_and_only_where_there_is_room() {
    let mut pools = Pools::new(Limits::default());
    want(&mut pools, A, 1, 0);
    pools.connected(ConnectionId(1));
    assert_eq!(pools.overdue(millis(250)), []);
    assert_eq!(pools.due(), None);
    let mut pools = Pools::new(limits(6, 1));
    want(&mut pools, A, 1, 0);
    assert_eq!(pools.overdue(millis(250)), []);
    assert_eq!(pools.due(), Some(millis(500)));
}

#[test]
fn idle_connections_have_their_time_and_are_looked_at_when_one_is_wanted() {
    let mut pools = Pools::new(Limits::default());
    for n in 1..=2 {
        want(&mut pools, A, n, 0);
    }
    pools.withdrawn(RequestId(2), START);
    ready(&mut pools, 1, Wear::Fresh, 0);
    ready(&mut pools, 2, Wear::Fresh, 0);
    ready(&mut pools, 1, Wear::Used, 0);
    let retired =
        |n, used, idle_ms| Move::Retire(ConnectionId(n), Retirement::Idle { idle_ms, used });
    let moves = want(&mut pools, B, 3, 60_000);
    assert_eq!(moves[0], retired(2, false, 60_000));
    assert_eq!(pools.connections(), 2);
    let moves = want(&mut pools, A, 4, 300_000);
    assert_eq!(moves[0], retired(1, true, 300_000));
    assert!(matches!(moves[1], Move::Dial(..)), "{moves:?}");
}

#[test]
fn ten_of_low_priority_go_at_a_time_and_one_more_for_each_that_ends() {
    let mut pools = Pools::new(Limits::default());
    let mut held = vec![];
    for n in 1..=14 {
        let request = RequestId(n);
        let to = group(u8::try_from(n % 3).unwrap() * 2);
        let moves = pools.wanted(&to, request, Priority::Low, START);
        let is_held = |order: &&Move| {
            let reason = QueueReason::LowFull { limit: 10 };
            matches!(order, Move::Queue(_, _, why) if *why == reason)
        };
        held.extend(moves.iter().filter(is_held).cloned());
    }
    assert_eq!(held.len(), 4);
    let moves = ready(&mut pools, 1, Wear::Fresh, 20);
    assert_eq!(moves.len(), 1, "a grant, and no more: {moves:?}");
    let moves = ready(&mut pools, 1, Wear::Used, 100);
    let let_in = |order: &Move| matches!(order, Move::Dial(_, to, None) if *to == group(4));
    assert!(moves.iter().any(let_in), "{moves:?}");
    // Others do not wait for them.
    let moves = want(&mut pools, A, 99, 100);
    assert!(!held.contains(&moves[0]), "{moves:?}");
}

/// Wants a connection through `proxy`.
fn want_through(pools: &mut Pools, proxy: &str, to: u8, request: u32, at: u64) -> Vec<Move> {
    pools.goes_through(&group(to), &proxy.parse().unwrap());
    want(pools, to, request, at)
}

fn dials(moves: &[Move]) -> usize {
    let is_dial = |decided: &&Move| matches!(decided, Move::Dial(..));
    moves.iter().filter(is_dial).count()
}

#[test]
fn a_proxy_has_a_limit_of_its_own_and_keeps_nobody_else_waiting() {
    let limits = Limits {
        per_proxy: 2,
        ..Limits::default()
    };
    let mut pools = Pools::new(limits);
    let mut dialled = 0;
    for n in 1..=2 {
        let group = u8::try_from(n).unwrap() * 2;
        dialled += dials(&want_through(&mut pools, "one", group, n, 0));
    }
    assert_eq!(dialled, 2);
    let third = want_through(&mut pools, "one", 6, 3, 0);
    let full = QueueReason::ProxyFull { limit: 2 };
    assert_eq!(third, [Move::Queue(RequestId(3), 0, full)]);
    assert_eq!(dials(&want_through(&mut pools, "two", 8, 4, 0)), 1);
    assert_eq!(dials(&want(&mut pools, 10, 5, 0)), 1, "who goes directly");
    // One through the same proxy that is idle makes room.
    ready(&mut pools, 1, Wear::Fresh, 1);
    let moves = ready(&mut pools, 1, Wear::Used, 2);
    let evicted = Retirement::Evicted {
        request: RequestId(3),
    };
    assert_eq!(moves[0], Move::Retire(ConnectionId(1), evicted));
    assert_eq!(dials(&moves), 1);
}

#[test]
fn an_idle_connection_on_another_way_makes_room_for_all_but_a_full_proxy() {
    let limits = Limits {
        per_proxy: 1,
        all: 2,
        ..Limits::default()
    };
    let mut pools = Pools::new(limits);
    want(&mut pools, A, 1, 0);
    ready(&mut pools, 1, Wear::Fresh, 1);
    ready(&mut pools, 1, Wear::Used, 2);
    assert_eq!(dials(&want_through(&mut pools, "one", 4, 2, 3)), 1);
    let moves = want_through(&mut pools, "one", 6, 3, 4);
    let full = QueueReason::ProxyFull { limit: 1 };
    assert_eq!(moves, [Move::Queue(RequestId(3), 0, full)]);
    let moves = want_through(&mut pools, "two", 8, 4, 5);
    let evicted = Retirement::Evicted {
        request: RequestId(4),
    };
    assert_eq!(moves[0], Move::Retire(ConnectionId(1), evicted));
    assert_eq!(dials(&moves), 1);
}

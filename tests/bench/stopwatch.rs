//! How long something takes, and how that is printed.
#![expect(clippy::print_stdout, reason = "a bench is read on standard output")]

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Turns of each subject, of which the median counts.
const TURNS: usize = 41;
/// Rounds, of which the median counts.
const ROUNDS: usize = 11;

/// The median time of one call of `work`, called `calls` times a round.
#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
pub(crate) fn median<T>(calls: u32, mut work: impl FnMut() -> T) -> Duration {
    let mut rounds: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..calls {
                black_box(work());
            }
            start.elapsed() / calls
        })
        .collect();
    rounds.sort();
    rounds.get(ROUNDS / 2).copied().unwrap_or_default()
}

/// The median times of `work` with each of `subjects`, taken in turns: a busy moment of the machine
/// falls on all of them.
#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
pub(crate) fn in_turns<S, const N: usize>(
    calls: u32,
    subjects: &mut [S; N],
    work: impl Fn(&mut S),
) -> [Duration; N] {
    let mut rounds = [const { Vec::new() }; N];
    for _ in 0..TURNS {
        for (subject, rounds) in subjects.iter_mut().zip(&mut rounds) {
            let start = Instant::now();
            for _ in 0..calls {
                work(subject);
            }
            rounds.push(start.elapsed() / calls);
        }
    }
    rounds.map(|mut rounds| {
        rounds.sort();
        rounds.get(TURNS / 2).copied().unwrap_or_default()
    })
}

/// The name of a bench.
pub(crate) fn title(name: &str) {
    println!("\n{name}");
}

/// A line of the table: what was measured, how long it took, and how that compares with `base`.
pub(crate) fn line(what: &str, took: Duration, base: Option<(Duration, &str)>) {
    let took_words = format!("{took:.2?}");
    match base {
        Some((base, name)) => {
            let ratio = took.as_secs_f64() / base.as_secs_f64().max(f64::MIN_POSITIVE);
            println!("  {what:<44} {took_words:>10}   {ratio:>7.2} × {name}");
        }
        None => println!("  {what:<44} {took_words:>10}"),
    }
}

/// The time of one call of `work`, and what it comes to.
#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
pub(crate) fn once<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = black_box(work());
    (start.elapsed(), result)
}

/// A line of words.
pub(crate) fn note(words: &str) {
    println!("  {words}");
}

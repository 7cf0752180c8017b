//! Whether drawing changes what is measured: the same run with the screen and without.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use netwaterfall::event::Stage;
use netwaterfall::import::read_record;
use netwaterfall::model::Model;

use crate::origin::{serve, urls};
use crate::stopwatch::note;
use crate::terminal::{PROGRAM, Shown};

const REQUESTS: usize = 2_000;
/// Runs of each kind, taken in turns.
const TURNS: usize = 9;

/// The figures of a run by their names: the whole, and the medians of requests and of their stages.
fn medians(record: &Path) -> Vec<(String, Duration)> {
    let text = fs::read(record).unwrap_or_else(|error| panic!("{error}"));
    let read = read_record(&text).unwrap_or_else(|error| panic!("{error}"));
    let mut model = Model::default();
    for event in &read.events {
        model.apply(event);
    }
    let now = model.latest();
    let requests = model.requests().iter();
    let whole: Vec<_> = requests.map(|r| r.until(now).since(r.planned)).collect();
    let mut figures = vec![
        ("the whole run".to_owned(), model.total(now)),
        ("a request".to_owned(), middle(whole)),
    ];
    for stage in Stage::ALL {
        let requests = model.requests().iter();
        let spent = requests.filter_map(|r| r.timeline.spent(*stage, now));
        let spent: Vec<_> = spent.collect();
        if !spent.is_empty() {
            figures.push((stage.card().name.to_owned(), middle(spent)));
        }
    }
    figures
}

fn middle(mut all: Vec<Duration>) -> Duration {
    all.sort();
    all.get(all.len() / 2).copied().unwrap_or_default()
}

fn without(list: &str, record: &Path) {
    let mut command = Command::new(PROGRAM);
    command
        .args(["--config", "none", "--headless", "-f", list, "--events"])
        .arg(record);
    let _ = command.stdout(Stdio::null()).status();
}

/// The same on a screen, quit when it says that all is done.
fn with(list: &str, record: &Path) {
    let record = record.display().to_string();
    let mut shown = Shown::start(&["-f", list, "--events", &record]);
    shown.until(&format!("{REQUESTS} done"));
    shown.quit();
}

/// One figure of each run of a kind, sorted.
fn of_all(runs: &[Vec<(String, Duration)>], place: usize) -> Vec<Duration> {
    let mut all: Vec<Duration> = runs
        .iter()
        .filter_map(|run| run.get(place))
        .map(|(_, took)| *took)
        .collect();
    all.sort();
    all
}

pub(crate) fn bench() {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let port = serve(1_000, Duration::ZERO);
    let path = folder.path().join("urls.txt");
    fs::write(&path, urls(port, REQUESTS)).unwrap_or_else(|error| panic!("{error}"));
    let list = path.display().to_string();
    let mut runs: [Vec<_>; 2] = [Vec::new(), Vec::new()];
    for _ in 0..TURNS {
        for (kind, runs) in [without, with].iter().zip(&mut runs) {
            let record = folder.path().join("run.ndjson");
            kind(&list, &record);
            runs.push(medians(&record));
        }
    }
    let [without, with] = runs;
    note("medians of runs without a screen and with one; what two runs without differ by, mostly");
    let names = without.first().into_iter().flatten();
    for (place, (name, _)) in names.enumerate() {
        let (off, on) = (of_all(&without, place), of_all(&with, place));
        let (off_middle, on_middle) = (middle(off.clone()), middle(on));
        let differs = on_middle.abs_diff(off_middle);
        let noise = noise(&off);
        let verdict = if differs <= noise { "less" } else { "MORE" };
        note(&format!(
            "{name:<14} {off_middle:>10.2?} {on_middle:>10.2?}   differ by {differs:>9.2?}: \
             {verdict} than the noise of {noise:.2?}"
        ));
    }
}

/// What two runs of one kind differ by: the median over all pairs of them.
fn noise(runs: &[Duration]) -> Duration {
    let pairs = runs.iter().enumerate().flat_map(|(place, one)| {
        let others = runs.iter().skip(place + 1);
        others.map(move |other| one.abs_diff(*other))
    });
    middle(pairs.collect())
}

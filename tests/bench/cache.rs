//! What a look-up and its decision cost among 100,000 stored answers, and what a disk adds.

use std::path::Path;
use std::sync::mpsc::channel;
use std::time::Duration;

use netwaterfall::cache::{self, Ask, Cache, Came, Decision, FILE, Reach, Times};
use netwaterfall::message::{
    CacheMode, Method, Origin, RequestHead, ResponseHead, Saying, Version,
};
use url::Url;

use crate::stopwatch::{line, median, note, once};

const MEMORY: usize = 100_000;
const DISK: usize = 10_000;
const BODY: usize = 10_000;

/// A question for a URL of its own.
struct Question {
    url: Url,
    head: RequestHead,
}

impl Question {
    fn new(number: usize) -> Option<Self> {
        let url = format!("https://a.test/assets/{number}/script.js");
        let url: Url = url.parse().ok()?;
        let (origin, mode) = (Origin::of(&url)?, CacheMode::Default);
        let head = RequestHead::composed(Method::get(), &url, &origin, &Saying::default(), mode);
        Some(Self { url, head })
    }

    fn ask(&self) -> Ask<'_> {
        Ask {
            url: &self.url,
            key: self.url.as_str(),
            head: &self.head,
            mode: CacheMode::Default,
            reach: Reach::Online,
        }
    }
}

const NOW: Duration = Duration::from_secs(1_700_000_000);

fn answer(body: usize) -> Came {
    let lines = [
        ("Date", "Tue, 14 Nov 2023 22:13:20 GMT"),
        ("Content-Type", "text/javascript; charset=utf-8"),
        ("Cache-Control", "public, max-age=3600"),
        ("ETag", "\"5f3c-1a2b3c4d5e6f\""),
        ("Last-Modified", "Mon, 13 Nov 2023 10:00:00 GMT"),
        ("Vary", "Accept-Encoding"),
    ];
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    Came {
        head: ResponseHead {
            version: Version::Http11,
            status: 200,
            reason: "OK".to_owned(),
            headers: lines.into_iter().map(owned).collect(),
        },
        bytes: vec![7; body].into(),
        is_whole: true,
        times: Times {
            asked: NOW,
            came: NOW,
        },
        former: None,
    }
}

fn fill(cache: &mut Cache, questions: &[Question], body: usize) -> usize {
    let kept = questions.iter();
    kept.filter(|question| cache.keep(&question.ask(), &answer(body)).is_ok())
        .count()
}

pub(crate) fn bench() {
    in_memory();
    for work in [on_disk, many_on_disk] {
        match tempfile::tempdir() {
            Ok(folder) => work(folder.path()),
            Err(error) => note(&format!("no folder for the disk: {error}")),
        }
    }
}

fn in_memory() {
    let questions: Vec<Question> = (0..MEMORY).filter_map(Question::new).collect();
    let mut cache = Cache::new(1 << 30);
    let (took, kept) = once(|| fill(&mut cache, &questions, 0));
    line(
        &format!("{kept} answers stored in memory, each"),
        took / 100_000,
        None,
    );
    let mut hits = 0_u32;
    let mut places = (0..MEMORY).cycle().step_by(7_919);
    let mut look_up = |now: Duration| {
        let question = places.next().and_then(|place| questions.get(place));
        let decision = question.map(|question| cache.look_up(&question.ask(), now));
        hits += u32::from(matches!(decision, Some(Decision::Use { .. })));
    };
    let fresh = median(20_000, || look_up(NOW + Duration::from_mins(1)));
    line("look-up and decision: fresh", fresh, None);
    let stale = median(20_000, || look_up(NOW + Duration::from_hours(2)));
    line(
        "look-up and decision: stale, to be validated",
        stale,
        Some((fresh, "fresh")),
    );
    let Some(other) = Question::new(MEMORY + 1) else {
        return;
    };
    let missing = median(20_000, || cache.look_up(&other.ask(), NOW));
    line("look-up: nothing stored", missing, Some((fresh, "fresh")));
    let mut places = (0..MEMORY).cycle().step_by(7_919);
    let words = median(20_000, || {
        let question = questions.get(places.next()?)?;
        match cache.look_up(&question.ask(), NOW) {
            Decision::Use { verdict, .. } => Some(verdict.to_string()),
            Decision::Ask { .. } | Decision::Refuse { .. } => None,
        }
    });
    line(
        "look-up and decision, in words",
        words,
        Some((fresh, "fresh")),
    );
}

fn opened(folder: &Path) -> Option<Cache> {
    let opened = cache::open(folder).ok()?;
    Some(Cache::on_disk(opened, 1 << 30))
}

/// How long a run waits for what earlier ones stored.
fn many_on_disk(folder: &Path) {
    let questions: Vec<Question> = (0..MEMORY).filter_map(Question::new).collect();
    let Some(mut cache) = opened(folder) else {
        return note("the disk cannot be used");
    };
    let mut kept = 0;
    for some in questions.chunks(10_000) {
        kept += fill(&mut cache, some, 100);
        // The next ones find the disk at rest.
        drop(cache);
        let Some(again) = opened(folder) else {
            return note("the disk cannot be used again");
        };
        cache = again;
    }
    drop(cache);
    let (took, cache) = once(|| opened(folder));
    let found = cache.map_or(0, |cache| cache.len());
    line(&format!("loaded: {found} of {kept} answers"), took, None);
}

fn on_disk(folder: &Path) {
    let questions: Vec<Question> = (0..DISK).filter_map(Question::new).collect();
    let open = || opened(folder);
    let Some(mut cache) = open() else {
        return note("the disk cannot be used");
    };
    let (took, kept) = once(|| fill(&mut cache, &questions, BODY));
    line(
        &format!("{kept} answers of 10 kB handed over, each"),
        took / 10_000,
        None,
    );
    let (home, ()) = once(|| drop(cache));
    line("and brought home, all of them", took + home, None);
    let (took, cache) = once(open);
    let Some(mut cache) = cache else {
        return note("the disk cannot be used again");
    };
    line(&format!("reopened: {} answers", cache.len()), took, None);
    let (took, read) = once(|| {
        let read = |question: &Question| -> Option<usize> {
            let Decision::Use { stored, .. } = cache.look_up(&question.ask(), NOW) else {
                return None;
            };
            let (tell, told) = channel();
            // Whoever asked is still here.
            cache.read(&stored, move |bytes| drop(tell.send(bytes)));
            Some(told.recv().ok()??.len())
        };
        questions.iter().filter_map(read).sum::<usize>()
    });
    line("a body looked up and read, each", took / 10_000, None);
    let size = folder.join(FILE).metadata().map_or(0, |about| about.len());
    note(&format!("{read} bytes read out of a file of {size} bytes"));
}

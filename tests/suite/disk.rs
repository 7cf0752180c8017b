//! The cache on a disk: what was stored comes back as it was, or not at all.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use netwaterfall::cache::{self, Ask, Cache, Came, Decision, FILE, Reach, Stored, Times};
use netwaterfall::message::{
    CacheMode, Method, Origin, RequestHead, ResponseHead, Saying, Version,
};
use tempfile::{TempDir, tempdir};
use url::Url;

use crate::sockets::serve_all;

/// Room for all that a test stores, unless it is about room.
const LIMIT: u64 = 64 << 20;

/// A plain question for a URL.
struct Question {
    url: Url,
    head: RequestHead,
}

impl Question {
    fn new(path: &str) -> Self {
        Self::saying(path, &[])
    }

    fn saying(path: &str, lines: &[(&str, &str)]) -> Self {
        let url: Url = format!("http://a.test/{path}").parse().unwrap();
        let origin = Origin::of(&url).unwrap();
        let mut saying = Saying::default();
        for (name, value) in lines {
            saying.say(name, value).unwrap();
        }
        let mode = CacheMode::Default;
        let head = RequestHead::composed(Method::get(), &url, &origin, &saying, mode);
        Self { url, head }
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

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(1_700_000_000 + seconds)
}

/// A body that only this path has.
fn body_of(path: &str, bytes: usize) -> Vec<u8> {
    let seed = path.bytes().fold(7_u32, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u32::from(byte))
    });
    let byte =
        |at: u32| u8::try_from((seed.wrapping_add(at.wrapping_mul(at)) >> 3) & 0x7f).unwrap();
    (0..u32::try_from(bytes).unwrap()).map(byte).collect()
}

fn came(lines: &[(&str, &str)], body: &[u8]) -> Came {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Came {
        head: ResponseHead {
            version: Version::Http11,
            status: 200,
            reason: "OK".to_owned(),
            headers: lines.iter().map(owned).collect(),
        },
        bytes: body.into(),
        is_whole: true,
        times: Times {
            asked: seconds(0),
            came: seconds(0),
        },
        former: None,
    }
}

const FRESH: &[(&str, &str)] = &[("Cache-Control", "max-age=100"), ("ETag", "\"a\"")];

fn keep(cache: &mut Cache, path: &str, bytes: usize) {
    let question = Question::new(path);
    cache
        .keep(&question.ask(), &came(FRESH, &body_of(path, bytes)))
        .unwrap();
}

/// The stored answer that would be used.
fn used(cache: &mut Cache, path: &str) -> Option<Arc<Stored>> {
    match cache.look_up(&Question::new(path).ask(), seconds(50)) {
        Decision::Use { stored, .. } => Some(stored),
        Decision::Ask { .. } | Decision::Refuse { .. } => None,
    }
}

/// The bytes of a stored answer, wherever they are.
fn bytes(cache: &Cache, stored: &Stored) -> Option<Arc<[u8]>> {
    let (tell, told) = channel();
    cache.read(stored, move |bytes| tell.send(bytes).unwrap());
    told.recv_timeout(PATIENCE).unwrap()
}

fn open(folder: &Path) -> Cache {
    Cache::on_disk(cache::open(folder).unwrap(), LIMIT)
}

#[test]
fn what_was_stored_comes_back_in_the_next_run() {
    let folder = tempdir().unwrap();
    let mut first = open(folder.path());
    keep(&mut first, "x", 100_000);
    keep(&mut first, "empty", 0);
    let before = used(&mut first, "x").unwrap();
    assert_eq!(&*bytes(&first, &before).unwrap(), body_of("x", 100_000));
    drop(first);

    let mut second = open(folder.path());
    assert!(second.notes.is_empty() && second.len() == 2);
    let after = used(&mut second, "x").unwrap();
    assert_eq!(after, before);
    assert_eq!(&*bytes(&second, &after).unwrap(), body_of("x", 100_000));
    let empty = used(&mut second, "empty").unwrap();
    assert_eq!(&*bytes(&second, &empty).unwrap(), b"");
    assert!(used(&mut second, "y").is_none());
}

#[test]
fn variants_and_what_was_validated_come_back_and_what_was_forgotten_does_not() {
    let folder = tempdir().unwrap();
    let mut cache = open(folder.path());
    let lines = [FRESH, &[("Vary", "Accept-Language")]].concat();
    for language in ["de", "en"] {
        let question = Question::saying("x", &[("Accept-Language", language)]);
        let came = came(&lines, language.as_bytes());
        cache.keep(&question.ask(), &came).unwrap();
    }
    keep(&mut cache, "gone", 10);
    cache.forget("http://a.test/gone");
    drop(cache);

    let mut cache = open(folder.path());
    let german = Question::saying("x", &[("Accept-Language", "de")]);
    let Decision::Ask { against, .. } = cache.look_up(&german.ask(), seconds(200)) else {
        panic!("stale");
    };
    let mut news = came(FRESH, b"").head;
    news.status = 304;
    let times = Times {
        asked: seconds(200),
        came: seconds(200),
    };
    let renewed = cache.validated(&german.ask(), &against, &news, times);
    assert_eq!(&*bytes(&cache, &renewed.unwrap()).unwrap(), b"de");
    drop(cache);

    let mut cache = open(folder.path());
    assert_eq!(cache.len(), 1);
    let Decision::Use { stored, .. } = cache.look_up(&german.ask(), seconds(250)) else {
        panic!("validated, and fresh since");
    };
    assert_eq!(stored.record.validated, 1);
    assert_eq!(&*bytes(&cache, &stored).unwrap(), b"de");
}

#[test]
fn a_part_from_an_earlier_run_is_completed() {
    let folder = tempdir().unwrap();
    let mut cache = open(folder.path());
    let question = Question::new("x");
    let lines = [FRESH, &[("Content-Length", "10")]].concat();
    let half = Came {
        is_whole: false,
        ..came(&lines, b"01234")
    };
    cache.keep(&question.ask(), &half).unwrap();
    drop(cache);

    let mut cache = open(folder.path());
    let Decision::Ask { against, .. } = cache.look_up(&question.ask(), seconds(5)) else {
        panic!("half of it is missing");
    };
    let stored = &against[0];
    let read = stored.with_bytes(bytes(&cache, stored).unwrap()).unwrap();
    let mut rest = came(
        &[("Content-Range", "bytes 5-9/10"), ("ETag", "\"a\"")],
        b"56789",
    );
    rest.head.status = 206;
    let whole = cache.completed(&question.ask(), &read, &rest).unwrap();
    assert_eq!(&*bytes(&cache, &whole).unwrap(), b"0123456789");
    drop(cache);

    let mut cache = open(folder.path());
    let whole = used(&mut cache, "x").unwrap();
    assert_eq!(&*bytes(&cache, &whole).unwrap(), b"0123456789");
}

#[test]
fn what_was_not_used_for_longest_gives_way_and_the_file_stays_small() {
    let folder = tempdir().unwrap();
    let limit = 1 << 20;
    let mut cache = Cache::on_disk(cache::open(folder.path()).unwrap(), limit);
    keep(&mut cache, "kept", 10_000);
    for round in 0..1_000 {
        keep(&mut cache, &format!("{round}"), 10_000);
        assert!(
            used(&mut cache, "kept").is_some(),
            "it is used all the time"
        );
        assert!(cache.bytes() <= limit);
        if round % 100 == 0 {
            drop(cache);
            cache = Cache::on_disk(cache::open(folder.path()).unwrap(), limit);
        }
    }
    drop(cache);
    let file = folder.path().join(FILE).metadata().unwrap().len();
    assert!(file < 4 * limit, "{file} bytes for {limit}");

    let mut cache = Cache::on_disk(cache::open(folder.path()).unwrap(), limit);
    assert!(used(&mut cache, "kept").is_some(), "its use is remembered");
    assert!(used(&mut cache, "999").is_some() && used(&mut cache, "0").is_none());
    drop(cache);

    let cache = Cache::on_disk(cache::open(folder.path()).unwrap(), limit / 8);
    assert!(cache.bytes() <= limit / 8 && !cache.is_empty());
}

#[test]
fn the_file_is_for_its_owner_alone() {
    let folder = tempdir().unwrap();
    let inner = folder.path().join("deep/netwaterfall");
    drop(open(&inner));
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&inner), mode(&inner.join(FILE))), (0o700, 0o600));
}

// Damage.

#[test]
fn what_is_no_cache_is_set_aside_and_said() {
    for content in [&b"no database at all"[..], &[0; 8192], &[0xff; 10_000]] {
        let folder = tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), content).unwrap();
        let opened = cache::open(folder.path()).unwrap();
        let aside = folder.path().join("cache.aside.redb");
        assert!(
            opened.notes[0].contains("is set aside as"),
            "{:?}",
            opened.notes
        );
        assert_eq!(std::fs::read(aside).unwrap(), content);
        let mut cache = Cache::on_disk(opened, LIMIT);
        keep(&mut cache, "x", 10);
        drop(cache);
        assert_eq!(open(folder.path()).len(), 1, "and a new one is begun");
    }
}

#[test]
fn a_cache_of_another_version_is_set_aside_and_said() {
    let folder = tempdir().unwrap();
    let about: redb::TableDefinition<'_, &str, u64> = redb::TableDefinition::new("about");
    let database = redb::Database::create(folder.path().join(FILE)).unwrap();
    let writing = database.begin_write().unwrap();
    let mut table = writing.open_table(about).unwrap();
    table.insert("version", 99).unwrap();
    drop(table);
    writing.commit().unwrap();
    drop(database);
    let opened = cache::open(folder.path()).unwrap();
    let note = opened.notes.first().unwrap();
    assert!(
        note.contains("is of version 99, and this program writes 1"),
        "{note}"
    );
}

/// Whatever bytes of the file change, it opens, and every body is as it was or is not there.
#[test]
fn a_damaged_file_never_gives_a_wrong_body() {
    let pristine = tempdir().unwrap();
    let mut cache = open(pristine.path());
    let paths: Vec<String> = (0..20).map(|number| format!("p{number}")).collect();
    for path in &paths {
        keep(&mut cache, path, 3_000);
    }
    drop(cache);
    let file = std::fs::read(pristine.path().join(FILE)).unwrap();
    let (mut lost, mut kept) = (0, 0);
    let mut random = 12_345_u64;
    for _ in 0..60 {
        let mut damaged = file.clone();
        let mut next = || {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            usize::try_from(random >> 33).unwrap()
        };
        match next() % 3 {
            0 => damaged.truncate(next() % file.len()),
            1 => {
                let at = next() % file.len();
                let end = (at + 4096).min(file.len());
                damaged[at..end].fill(0);
            }
            _ => {
                let at = next() % file.len();
                damaged[at] ^= 1 << (next() % 8);
            }
        }
        let folder = tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), &damaged).unwrap();
        let mut cache = open(folder.path());
        for path in &paths {
            let stored = used(&mut cache, path);
            match stored.and_then(|stored| bytes(&cache, &stored)) {
                Some(bytes) => {
                    assert_eq!(&*bytes, body_of(path, 3_000));
                    kept += 1;
                }
                None => lost += 1,
            }
        }
    }
    assert!(lost > 0 && kept > 0, "{lost} lost, {kept} kept");
}

// Real processes.

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server whose every path has a body of its own, good for long: `/NAME/BYTES`.
fn server() -> SocketAddr {
    serve_all(|line| {
        serve(line);
    })
}

fn serve(mut line: TcpStream) -> Option<()> {
    let mut from = BufReader::new(line.try_clone().unwrap());
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if from.read_line(&mut head).ok()? == 0 {
                return None;
            }
        }
        let path = head.split(' ').nth(1).unwrap().trim_start_matches('/');
        let bytes = path.rsplit('/').next().unwrap().parse().unwrap();
        let said = "Cache-Control: max-age=100000\r\nETag: \"a\"\r\nSet-Cookie: sid=secret";
        let head = format!("HTTP/1.1 200 OK\r\n{said}\r\nContent-Length: {bytes}\r\n\r\n");
        let body = body_of(path, bytes);
        line.write_all(&[head.as_bytes(), &body].concat()).ok()?;
    }
}

fn program(caches: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netwaterfall"));
    command.env("XDG_CACHE_HOME", caches);
    command.env("no_proxy", "*");
    command.args(args).stdin(Stdio::null());
    command
}

fn ran(caches: &Path, args: &[&str]) -> (Output, String, String) {
    let output = program(caches, args).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, errors) = (text(&output.stdout), text(&output.stderr));
    (output, out, errors)
}

fn folder_in(caches: &TempDir) -> PathBuf {
    caches.path().join("netwaterfall")
}

#[test]
fn whoever_is_killed_at_any_moment_leaves_a_cache_that_opens_and_has_no_torn_body() {
    let (caches, server) = (tempdir().unwrap(), server());
    let folder = folder_in(&caches);
    let mut most = 0;
    // The last one is killed when all of it is brought home.
    for (round, line) in [1, 20, 35, 50, 65, 80, 0].into_iter().enumerate() {
        let urls: Vec<_> = (0..80)
            .map(|number| format!("http://{server}/{round}-{number}/131072"))
            .collect();
        let mut args = vec!["--format", "ndjson", "--cache", "disk"];
        args.extend(urls.iter().map(String::as_str));
        let mut child = program(caches.path(), &args)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let fact = if line > 0 {
            "cache_stored"
        } else {
            "run_ended"
        };
        let fact = format!("\"fact\":\"{fact}\"");
        let told = lines.map_while(Result::ok);
        let seen = told.filter(|line| line.contains(&fact)).take(line.max(1));
        assert_eq!(seen.count(), line.max(1));
        child.kill().unwrap();
        child.wait().unwrap();

        let listed = ran(caches.path(), &["cache", "ls", "--format", "ndjson"]).1;
        let cache = open(&folder);
        assert_eq!(
            listed.lines().count(),
            cache.len(),
            "looking puts it in order"
        );
        assert!(cache.notes.is_empty(), "{:?}", cache.notes);
        for (key, variants) in cache.iter() {
            let path = key.split_once("//").unwrap().1.split_once('/').unwrap().1;
            let body = bytes(&cache, &variants[0]).expect("a body that is listed is there");
            assert_eq!(&*body, body_of(path, 131_072), "{key}");
        }
        assert!(cache.len() >= most, "what was there stays there");
        most = cache.len();
    }
    assert!(most >= 80, "{most}: the last ones are all there");
}

#[test]
fn a_second_run_uses_what_the_first_one_stored_and_offline_asks_nobody() {
    let (caches, server) = (tempdir().unwrap(), server());
    let url = format!("http://{server}/x/5000");
    let run = |more: &[&str]| {
        let args = [&["--format", "json", "--cache", "disk", &url], more].concat();
        let (output, out, errors) = ran(caches.path(), &args);
        let report: serde_json::Value = serde_json::from_str(&out).expect(&errors);
        (
            output.status.code(),
            report["totals"]["from_cache"].as_u64(),
        )
    };
    assert_eq!(run(&[]), (Some(0), Some(0)));
    assert_eq!(run(&[]), (Some(0), Some(1)));
    assert_eq!(run(&["--offline"]), (Some(0), Some(1)));
    let other = format!("http://{server}/y/5");
    assert_eq!(run(&["--offline", &other]), (Some(1), Some(1)));
    // Another site's pages have answers of their own.
    assert_eq!(run(&["--site", "https://b.test"]), (Some(0), Some(0)));
    assert_eq!(run(&["--site", "https://b.test"]), (Some(0), Some(1)));
}

/// A process that has the cache until its input ends.
fn owner(caches: &Path) -> Child {
    let mut child = program(caches, &["pipe", "--cache", "disk"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let input = child.stdin.as_mut().unwrap();
    input.write_all(b"{\"flush\":true}\n").unwrap();
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.as_mut().unwrap());
    out.read_line(&mut line).unwrap();
    assert!(line.contains("flushed"), "{line}");
    child
}

#[test]
fn of_two_at_once_the_second_says_so_and_uses_memory() {
    let (caches, server) = (tempdir().unwrap(), server());
    let url = format!("http://{server}/x/5");
    let first = ["--cache", "disk", "--format", "json", &url];
    assert!(ran(caches.path(), &first).0.status.success());
    let mut owner = owner(caches.path());
    let folder = folder_in(&caches).display().to_string();
    let words = format!(
        "another netwaterfall has the cache in {folder}: this run keeps its answers in memory"
    );
    let (output, _, errors) = ran(caches.path(), &first);
    assert_eq!(errors, format!("netwaterfall: {words}\n"));
    assert!(output.status.success());
    let (_, table, errors) = ran(caches.path(), &["--cache", "disk", &url]);
    assert!(
        table.contains(&words) && errors.is_empty(),
        "{table}{errors}"
    );
    // Looking is free; clearing is not.
    let (_, listed, _) = ran(caches.path(), &["cache", "ls"]);
    assert!(listed.contains(&url), "{listed}");
    let (output, _, errors) = ran(caches.path(), &["cache", "clear"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(errors.contains("end that one first"), "{errors}");
    drop(owner.stdin.take());
    assert!(owner.wait().unwrap().success());
}

#[test]
fn what_is_stored_can_be_listed_shown_and_cleared() {
    let (caches, server) = (tempdir().unwrap(), server());
    let (one, two) = (format!("{server}/one/5000"), format!("{server}/two/70"));
    let none = ran(caches.path(), &["cache", "ls"]).1;
    assert_eq!(none, "0 answers, 0 B\n");
    let stored = ran(caches.path(), &["--cache", "disk", &one, &two]);
    assert!(stored.0.status.success());

    let (_, listed, _) = ran(caches.path(), &["cache", "ls"]);
    let lines: Vec<_> = listed.lines().collect();
    assert!(
        lines[0].starts_with("Status") && lines.len() == 5,
        "{listed}"
    );
    assert!(
        lines[1].contains("5.0 kB") || lines[2].contains("5.0 kB"),
        "{listed}"
    );
    assert_eq!(lines[4], "2 answers, 5.1 kB");
    let (_, json, _) = ran(caches.path(), &["cache", "ls", "--format", "json", "/two/"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let [only] = json.as_array().unwrap().as_slice() else {
        panic!("{json}");
    };
    assert_eq!(only["url"], format!("http://{two}"));
    assert_eq!(
        (&only["bytes"], &only["is_fresh"]),
        (&70.into(), &true.into())
    );

    let (_, shown, _) = ran(caches.path(), &["cache", "show", &two]);
    assert!(shown.contains("lifetime      max-age 100000"), "{shown}");
    assert!(shown.contains("Set-Cookie: sid=***"), "{shown}");
    let (_, bare, _) = ran(caches.path(), &["cache", "show", &two, "--secrets"]);
    assert!(bare.contains("Set-Cookie: sid=secret"), "{bare}");
    let body = program(caches.path(), &["cache", "show", &two, "--body"]).output();
    assert_eq!(body.unwrap().stdout, body_of("two/70", 70));

    let (_, cleared, _) = ran(caches.path(), &["cache", "clear", &two, "b.test"]);
    assert_eq!(
        cleared,
        format!("forgot 1 answer for http://{two}\nforgot 0 answers for https://b.test/\n")
    );
    let (output, _, errors) = ran(caches.path(), &["cache", "show", &two]);
    assert_eq!(output.status.code(), Some(3));
    assert!(errors.contains("nothing is stored for"), "{errors}");
    assert!(
        ran(caches.path(), &["cache", "clear"])
            .1
            .starts_with("forgot everything")
    );
    assert_eq!(ran(caches.path(), &["cache", "ls"]).1, none);
}

#[test]
fn where_nothing_can_be_written_the_run_goes_on_in_memory() {
    let (caches, server) = (tempdir().unwrap(), server());
    std::fs::write(folder_in(&caches), "a file where the folder would be").unwrap();
    let url = format!("{server}/x/5");
    let (output, _, errors) = ran(
        caches.path(),
        &["--cache", "disk", "--format", "json", &url],
    );
    assert!(output.status.success());
    assert!(
        errors.contains("this run keeps its answers in memory"),
        "{errors}"
    );
}

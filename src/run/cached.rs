use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, anyhow, bail};
use url::Url;

use crate::cache::{self, Cache, Row, Unopened, Watched};
use crate::cli::{CacheAct, Format, Output, read_arguments};
use crate::clock::Clock;
use crate::export::{Listed, listing, listing_json, listing_ndjson};
use crate::message::{Hidden, visible};
use crate::model::bytes;

use super::cache_folder::{NO_FOLDER, folder, refused};
use super::exit::Exit;

/// Lists, shows or forgets what is in the cache on disk.
pub(super) fn run(act: &CacheAct, output: &Output) -> Result<Exit> {
    let folder = folder().ok_or_else(|| anyhow!(NO_FOLDER))?;
    let now = Duration::from_millis(Clock::start().wall_ms());
    match act {
        CacheAct::Ls { text } => list(&folder, text.as_deref(), output, now),
        CacheAct::Show { url, body } => show(&folder, url, *body, output, now),
        CacheAct::Clear { urls } if urls.is_empty() => clear(&folder),
        CacheAct::Clear { urls } => forget(&folder, urls),
    }
}

/// What there is to look at; nothing if there is no cache.
fn watched(folder: &Path) -> Result<Option<Watched>> {
    match cache::watch(folder) {
        Ok(watched) => Ok(Some(watched)),
        Err(Unopened::Missing(_)) => Ok(None),
        Err(error) => Err(anyhow!(refused(&error))),
    }
}

fn list(folder: &Path, text: Option<&str>, output: &Output, now: Duration) -> Result<Exit> {
    let rows = watched(folder)?.map_or_else(Vec::new, |watched| watched.rows);
    let is_meant = |row: &&Row| text.is_none_or(|text| row.key.contains(text));
    let listed: Vec<_> = rows
        .iter()
        .filter(is_meant)
        .map(|row| listed(row, now))
        .collect();
    say(&match output.format {
        Format::Json => listing_json(&listed),
        Format::Ndjson => listing_ndjson(&listed),
        Format::Table => listing(&listed),
        Format::Svg | Format::Har | Format::Markdown => {
            bail!("a list is no picture and no run: --format table, json or ndjson")
        }
    })?;
    Ok(Exit::Answered)
}

fn listed(row: &Row, now: Duration) -> Listed {
    let (page, url) = cache::shown(&row.key);
    let stored = &row.stored;
    let freshness = stored.freshness(now);
    let is_fresh = stored.is_fresh(now);
    let time = if is_fresh {
        freshness.left()
    } else {
        freshness.stale_for()
    };
    Listed {
        url: url.to_owned(),
        page: page.map(str::to_owned),
        status: stored.head.status,
        bytes: stored.content.len(),
        total: stored.content.total,
        stored_s: now.saturating_sub(stored.record.first).as_secs(),
        validated: stored.record.validated,
        is_fresh,
        for_s: time.as_secs(),
        chosen_by: stored.chosen().map(|(name, _)| name.to_owned()).collect(),
    }
}

fn show(folder: &Path, typed: &str, body: bool, output: &Output, now: Duration) -> Result<Exit> {
    let url = meant(typed)?;
    let watched = watched(folder)?;
    let bare = cache::key(&url, None).into_owned();
    let rows = watched.as_ref().map_or(&[][..], |watched| &watched.rows);
    let of_url = |row: &&Row| cache::shown(&row.key).1 == bare;
    let rows: Vec<&Row> = rows.iter().filter(of_url).collect();
    let (Some(watched), Some(first)) = (&watched, rows.first()) else {
        bail!("nothing is stored for {bare} in {}", folder.display());
    };
    if body {
        let Some(bytes) = watched.body(first) else {
            bail!("the body that is stored for {bare} cannot be read any more");
        };
        write(&bytes)?;
        return Ok(Exit::Answered);
    }
    let pages = rows.iter().map(|row| told(row, output, now));
    say(&pages.collect::<Vec<_>>().join("\n"))?;
    Ok(Exit::Answered)
}

/// All that is known of an answer, and its head.
fn told(row: &Row, output: &Output, now: Duration) -> String {
    let (page, url) = cache::shown(&row.key);
    let mut text = format!("{}\n", visible(url));
    let mut line = |name: &str, words: &str| {
        let _ = writeln!(text, "  {name:<13} {}", visible(words));
    };
    if let Some(page) = page {
        line("page", &format!("of {page}; other sites have their own"));
    }
    for (name, words) in row.stored.story(now) {
        line(&name, &words);
    }
    let head = &row.stored.head;
    let _ = writeln!(
        text,
        "\n  {} {} {}",
        head.version,
        head.status,
        visible(&head.reason)
    );
    for (name, value) in head.headers.iter() {
        let hidden = Hidden::All("***").header(name, value);
        let hidden = hidden.filter(|_| !output.secrets);
        let value = visible(hidden.as_deref().unwrap_or(value)).into_owned();
        let _ = writeln!(text, "  {}: {value}", visible(name));
    }
    text
}

/// Removes all of it; what was set aside too.
fn clear(folder: &Path) -> Result<Exit> {
    let removed = cache::remove(folder).map_err(|error| anyhow!(refused(&error)))?;
    say(&match removed {
        Some(size) => format!(
            "forgot everything: {} in {}\n",
            bytes(size),
            folder.display()
        ),
        None => format!("there is no cache in {}\n", folder.display()),
    })?;
    Ok(Exit::Answered)
}

fn forget(folder: &Path, typed: &[String]) -> Result<Exit> {
    let urls: Vec<Url> = typed
        .iter()
        .map(|typed| meant(typed))
        .collect::<Result<_>>()?;
    if watched(folder)?.is_none() {
        say(&format!("there is no cache in {}\n", folder.display()))?;
        return Ok(Exit::Answered);
    }
    let opened = cache::open(folder).map_err(|error| anyhow!(refused(&error)))?;
    let mut cache = Cache::on_disk(opened, u64::MAX);
    for url in &urls {
        let bare = cache::key(url, None);
        let is_its = |key: &str| cache::shown(key).1 == bare;
        let keys = cache.iter().map(|(key, _)| key.to_owned());
        let keys: Vec<_> = keys.filter(|key| is_its(key)).collect();
        let count: usize = keys.iter().map(|key| cache.forget(key)).sum();
        let s = if count == 1 { "" } else { "s" };
        say(&format!("forgot {count} answer{s} for {bare}\n"))?;
    }
    Ok(Exit::Answered)
}

/// The URL that is meant, its scheme filled in.
fn meant(typed: &str) -> Result<Url> {
    let list = read_arguments(&[typed.to_owned()]);
    match (list.wanted.into_iter().next(), list.problems.first()) {
        (Some(listed), None) => Ok(listed.url),
        (_, Some(problem)) => bail!("{problem}"),
        (None, None) => bail!("{typed:?} is no URL"),
    }
}

fn say(text: &str) -> Result<()> {
    write(text.as_bytes())
}

fn write(bytes: &[u8]) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        // A reader who went away has seen enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::cache::{Ask, Bypass, Decision, Ground, Reach, Rescue, Stored, Verdict, Why, instead};
use crate::engine::engine::Engine;
use crate::engine::fetch::Request;
use crate::engine::stage::keep::give;
use crate::engine::writers::{Pen, Wait, Waited};
use crate::event::{
    self, Because, Body, CacheUse, Content, Fact, Failure, FailureKind, Hit, Replacement, Stage,
    StoredVerdict, Wanted,
};
use crate::message::{RedirectMode, ResponseHead, Version};

/// What is done for a request, once the cache was asked.
pub(in crate::engine) enum Plan {
    /// It is answered, with what is stored or with a 504.
    Answered(ResponseHead, event::Verdict),
    /// The server is asked.
    Ask(Asking),
}

/// How the server is asked, and what the answer may be about.
#[derive(Default)]
pub(in crate::engine) struct Asking {
    /// Said in place of the request's own fields of these names.
    pub(in crate::engine) fields: Vec<(String, String)>,
    /// What is stored and may be validated, completed or chosen.
    pub(in crate::engine) against: Vec<Arc<Stored>>,
    /// What is done if the server fails.
    pub(in crate::engine) rescue: Option<Rescue>,
    /// The turn to write; others wait for it.
    pub(in crate::engine) pen: Option<Pen>,
}

/// For as long as browsers do, a request waits for the answer to another.
const PATIENCE: Duration = Duration::from_secs(20);

/// Asks the cache; a stored answer that may be used is told as if it came, without a byte.
pub(in crate::engine) async fn look_up(
    request: &Request,
    engine: &Rc<Engine>,
) -> Result<Plan, Failure> {
    if request.caching == CacheUse::Off {
        let told = verdict_told(&Verdict::Bypassed(Bypass::Off), None, (None, None), engine);
        say(request, told, engine);
        return Ok(Plan::Ask(Asking::default()));
    }
    let mut shared = None;
    let mut is_patient = true;
    loop {
        let now = engine.wall();
        let decision = engine.cache.borrow_mut().look_up(&ask(request), now);
        let browsers = instead(&ask(request), &decision);
        match decision {
            Decision::Use { stored, verdict } => {
                let Some(stored) = with_bytes(request, &stored, engine).await else {
                    continue;
                };
                let how = how(&verdict, shared.is_some());
                let told = verdict_told(&verdict, Some(how), (Some(&stored), browsers), engine);
                say(request, told, engine);
                return used(request, &stored, &verdict, engine);
            }
            Decision::Refuse {
                verdict,
                is_forbidden,
            } => {
                let told = verdict_told(&verdict, None, (None, browsers), engine);
                say(request, told, engine);
                return refused(request, &verdict, is_forbidden, engine);
            }
            Decision::Ask {
                fields,
                against,
                rescue,
                verdict,
            } => {
                let is_common = is_patient && is_common(request, &verdict);
                if is_common && let Some(wait) = engine.writers.wait(&request.key) {
                    shared = Some(wait.of);
                    let waited = wait_for(request, wait, engine).await;
                    is_patient = waited == Some(Waited::Over);
                    continue;
                }
                let told = verdict_told(&verdict, None, (against.first(), browsers), engine);
                say(request, told, engine);
                let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
                let pen = can_share(request)
                    .then(|| engine.writers.begin(&request.key, request.id))
                    .flatten();
                return Ok(Plan::Ask(Asking {
                    fields: fields.iter().map(owned).collect(),
                    against,
                    rescue: Some(rescue),
                    pen,
                }));
            }
        }
    }
}

/// The stored answer with its bytes, read from the disk where they are there.
///
/// One that cannot be read any more, or is not as it was, is forgotten.
pub(in crate::engine) async fn with_bytes(
    request: &Request,
    stored: &Arc<Stored>,
    engine: &Engine,
) -> Option<Arc<Stored>> {
    if stored.content.held().is_some() || request.head.method.is_head() {
        return Some(Arc::clone(stored));
    }
    let (tell, told) = oneshot::channel();
    let then = move |bytes| drop(tell.send(bytes));
    engine.cache.borrow().read(stored, then);
    let bytes = told.await.ok().flatten();
    let read = bytes.and_then(|bytes| stored.with_bytes(bytes));
    if read.is_none() {
        engine.cache.borrow_mut().forget(&request.key);
        let words = "what was stored cannot be read from the disk any more: forgotten";
        request.remark(words.to_owned(), engine);
    }
    read.map(Arc::new)
}

/// The question to the cache.
pub(in crate::engine) fn ask(request: &Request) -> Ask<'_> {
    let reach = match (request.caching, request.is_refreshing) {
        (CacheUse::Offline, _) => Reach::Offline,
        (CacheUse::On | CacheUse::Off, true) => Reach::Refreshing,
        (CacheUse::On | CacheUse::Off, false) => Reach::Online,
    };
    Ask {
        url: &request.url,
        key: &request.key,
        head: &request.head,
        mode: request.cache,
        reach,
    }
}

/// Whether the answer to another request may be the answer to this one.
fn is_common(request: &Request, verdict: &Verdict) -> bool {
    let is_plain = match verdict {
        Verdict::Missing | Verdict::Varies { .. } | Verdict::Incomplete(_) => true,
        Verdict::Validated(_, why, _) | Verdict::Again(_, why) => {
            matches!(why, Why::Stale | Why::MustRevalidate)
        }
        Verdict::Bypassed(_) | Verdict::Used(..) | Verdict::Completed { .. } => false,
    };
    is_plain && can_share(request)
}

/// Whether what comes may be shared: the whole of what is at the URL.
fn can_share(request: &Request) -> bool {
    request.head.method.is_get() && request.head.headers.first("range").is_none()
}

async fn wait_for(request: &Request, wait: Wait, engine: &Engine) -> Option<Waited> {
    engine.reporter.say(Fact::CacheWaited {
        request: request.id,
        of: wait.of,
    });
    let differs = |stored: &Stored| stored.difference(&request.head.headers).is_some();
    timeout(PATIENCE, wait.end(differs)).await.ok()
}

const fn how(verdict: &Verdict, was_shared: bool) -> Hit {
    let is_fresh = matches!(verdict, Verdict::Used(_, Ground::Fresh | Ground::Immutable));
    match (was_shared, is_fresh) {
        (true, _) => Hit::Shared,
        (false, true) => Hit::Fresh,
        (false, false) => Hit::Stale,
    }
}

fn verdict_told(
    verdict: &Verdict,
    how: Option<Hit>,
    (stored, browsers): (Option<&Arc<Stored>>, Option<&str>),
    engine: &Engine,
) -> StoredVerdict {
    StoredVerdict {
        hit: how.is_some(),
        how,
        words: verdict.to_string(),
        browsers: browsers.map(str::to_owned),
        entry: stored.map_or_else(Vec::new, |stored| stored.story(engine.wall())),
    }
}

fn say(request: &Request, verdict: StoredVerdict, engine: &Engine) {
    engine.reporter.say(Fact::CacheAnswered {
        request: request.id,
        verdict,
    });
}

/// Tells a stored answer as if it came; one that is used stale on the way is brought up to date.
fn used(
    request: &Request,
    stored: &Stored,
    verdict: &Verdict,
    engine: &Rc<Engine>,
) -> Result<Plan, Failure> {
    let (method, headers) = (&request.head.method, &request.head.headers);
    let served = stored.serve(method, headers, engine.wall());
    let (head, bytes) = served.ok_or_else(|| {
        let words = "what is stored cannot be read";
        Failure::new(Stage::Cache, FailureKind::NotStored, words)
    })?;
    let (id, length) = (request.id, bytes.len() as u64);
    engine.reporter.say(Fact::HeadReceived {
        request: id,
        head: head.clone(),
        bytes: 0,
        length: Some(length),
    });
    let body = Body {
        bytes: length,
        kept: length,
        content: Some(Content(bytes)),
        ..Body::default()
    };
    engine.reporter.say(Fact::BodyKept { request: id, body });
    if matches!(verdict, Verdict::Used(_, Ground::WhileRevalidate(_))) {
        refresh(request, engine);
    }
    Ok(Plan::Answered(head, event::Verdict::Stored))
}

/// Asks behind the scenes, in a request of its own that everybody can see (RFC 5861 §3).
fn refresh(request: &Request, engine: &Rc<Engine>) {
    if !engine.writers.begin_refreshing(&request.key) {
        return;
    }
    let because = Because::Refreshing { of: request.id };
    let wanted = Wanted {
        saying: request.saying.clone(),
        redirect: RedirectMode::Manual,
        credentials: request.credentials,
        priority: request.priority,
        ..Wanted::get(request.url.clone(), because)
    };
    engine.plan(wanted, request.trail.clone());
}

/// Nothing may be used, and nobody may be asked: a 504 if something is stored, else a failure.
fn refused(
    request: &Request,
    verdict: &Verdict,
    is_forbidden: bool,
    engine: &Engine,
) -> Result<Plan, Failure> {
    let words = if request.caching == CacheUse::Offline {
        format!("offline: {verdict}")
    } else {
        verdict.to_string()
    };
    if is_forbidden {
        let head = give_timeout(request, words, engine);
        return Ok(Plan::Answered(head, event::Verdict::Answered));
    }
    Err(Failure::new(Stage::Cache, FailureKind::NotStored, words))
}

/// Gives the request what a cache says that may not use what it has and cannot ask
/// (RFC 9111 §5.2.2.2), with the reason as its body: an answer like any other.
pub(in crate::engine) fn give_timeout(
    request: &Request,
    words: String,
    engine: &Engine,
) -> ResponseHead {
    let head = ResponseHead {
        version: Version::Http11,
        status: 504,
        reason: "Gateway Timeout".to_owned(),
        headers: [("Content-Type".to_owned(), "text/plain".to_owned())]
            .into_iter()
            .collect(),
    };
    let given = (head.clone(), Arc::from(words.as_bytes()));
    give(request, Replacement::GatewayTimeout, words, given, engine);
    head
}

use std::rc::Rc;
use std::sync::Arc;

use crate::cache::{Came, Rescue, Stored, Times, Unstored};
use crate::engine::engine::Engine;
use crate::engine::fetch::Request;
use crate::engine::stage::cache::{Asking, ask, give_timeout, with_bytes};
use crate::engine::stage::exchange::Answer;
use crate::engine::writers::Writing;
use crate::event::{Body, CacheUse, Content, Fact, Failure, FailureKind, Replacement, Verdict};
use crate::message::{CacheMode, ResponseHead};

/// What a request comes to with what the server said.
pub(in crate::engine) enum Outcome {
    /// What came is its answer.
    AsItCame,
    /// This is its answer, in place of what came.
    Replaced(ResponseHead),
    /// What came is about something else than what is stored; it is to be asked for anew.
    Unrelated(String),
}

/// Makes of what came what the request gets, and stores what may be stored.
pub(in crate::engine) async fn conclude(
    request: &Request,
    asking: &Asking,
    answer: &Answer,
    engine: &Engine,
) -> Outcome {
    let has_asked = |name: &str| asking.fields.iter().any(|(field, _)| field == name);
    match (answer.head.status, asking.against.first()) {
        (304, Some(_)) if has_asked("If-None-Match") || has_asked("If-Modified-Since") => {
            validated(request, asking, answer, engine).await
        }
        (206, Some(stored)) if has_asked("If-Range") => {
            completed(request, stored, answer, engine).await
        }
        (500 | 502 | 503 | 504, Some(stored)) if is_for_errors(asking) => {
            let status = answer.head.status;
            let words = format!(
                "stale, used in place of the {status}: stale-if-error (browsers show the {status})"
            );
            let stale = stale(request, stored, words, engine).await;
            stale.map_or(Outcome::AsItCame, Outcome::Replaced)
        }
        _ => {
            keep(request, answer, engine).await;
            Outcome::AsItCame
        }
    }
}

const fn is_for_errors(asking: &Asking) -> bool {
    matches!(
        asking.rescue,
        Some(Rescue::Stale {
            is_for_errors: true,
            ..
        })
    )
}

async fn validated(
    request: &Request,
    asking: &Asking,
    answer: &Answer,
    engine: &Engine,
) -> Outcome {
    let times = times(request, engine);
    let (ask, head) = (ask(request), &answer.head);
    let renewed = engine
        .cache
        .borrow_mut()
        .validated(&ask, &asking.against, head, times);
    let Ok(stored) = renewed else {
        return Outcome::Unrelated("the 304 is about another version than the stored".to_owned());
    };
    let words = format!("still good: 304, and {} are not sent again", stored.content);
    let Some(stored) = with_bytes(request, &stored, engine).await else {
        return Outcome::Unrelated("what is stored cannot be read".to_owned());
    };
    renewed_told(request, &stored, Replacement::Validated, words, engine)
}

async fn completed(
    request: &Request,
    stored: &Arc<Stored>,
    answer: &Answer,
    engine: &Engine,
) -> Outcome {
    let unrelated = "the part is of another version than the stored one".to_owned();
    let Some(came) = came(request, answer, engine) else {
        return Outcome::Unrelated(unrelated);
    };
    let Some(stored) = with_bytes(request, stored, engine).await else {
        return Outcome::Unrelated("what is stored cannot be read".to_owned());
    };
    let ask = ask(request);
    let joined = engine.cache.borrow_mut().completed(&ask, &stored, &came);
    let Ok(joined) = joined else {
        return Outcome::Unrelated(unrelated);
    };
    let (before, now) = (stored.content.len(), came.bytes.len());
    let words = format!("put together: {before} bytes stored before, {now} bytes came now");
    renewed_told(request, &joined, Replacement::Completed, words, engine)
}

fn renewed_told(
    request: &Request,
    stored: &Stored,
    replacement: Replacement,
    words: String,
    engine: &Engine,
) -> Outcome {
    let (method, headers) = (&request.head.method, &request.head.headers);
    match stored.serve_validated(method, headers) {
        Some((head, bytes)) => {
            let given = (head.clone(), bytes);
            give(request, replacement, words, given, engine);
            Outcome::Replaced(head)
        }
        None => Outcome::Unrelated("what is stored cannot be read".to_owned()),
    }
}

/// Tells the request what it gets in place of what came.
pub(in crate::engine) fn give(
    request: &Request,
    replacement: Replacement,
    words: String,
    (head, bytes): (ResponseHead, Arc<[u8]>),
    engine: &Engine,
) {
    let length = bytes.len() as u64;
    let body = Body {
        bytes: length,
        kept: length,
        content: Some(Content(bytes)),
        ..Body::default()
    };
    engine.reporter.say(Fact::AnswerReplaced {
        request: request.id,
        replacement,
        words,
        head,
        body,
    });
}

/// The stored answer, stale as it is.
async fn stale(
    request: &Request,
    stored: &Arc<Stored>,
    words: String,
    engine: &Engine,
) -> Option<ResponseHead> {
    let stored = with_bytes(request, stored, engine).await?;
    let (method, headers) = (&request.head.method, &request.head.headers);
    let (head, bytes) = stored.serve(method, headers, engine.wall())?;
    let given = (head.clone(), bytes);
    give(request, Replacement::Stale, words, given, engine);
    Some(head)
}

/// What a request gets whose server failed it: a stale answer, a 504, or the failure as it is.
pub(in crate::engine) async fn rescue(
    request: &Request,
    asking: &Asking,
    failure: Failure,
    engine: &Engine,
) -> Result<(ResponseHead, Verdict), Failure> {
    let Some(stored) = asking.against.first().filter(|_| is_absence(failure.kind)) else {
        return Err(failure);
    };
    match asking.rescue {
        Some(Rescue::Stale { freshness, .. }) => {
            let since = freshness.stale_for().as_secs();
            let words = format!(
                "stale since {since} s, used as the server cannot be asked (browsers fail): {failure}"
            );
            let stale = stale(request, stored, words, engine).await;
            stale.map(|head| (head, Verdict::Stored)).ok_or(failure)
        }
        Some(Rescue::Forbidden(rule)) => {
            let words = format!(
                "{rule}: what is stored may not be used unasked, and the server cannot be asked \
                 (browsers show the failure): {failure}"
            );
            let head = give_timeout(request, words, engine);
            Ok((head, Verdict::Answered))
        }
        Some(Rescue::No) | None => Err(failure),
    }
}

/// Whether the server was not there, rather than there and wrong, or not waited for.
const fn is_absence(kind: FailureKind) -> bool {
    match kind {
        FailureKind::NameServer
        | FailureKind::Refused
        | FailureKind::Unreachable
        | FailureKind::TimedOut
        | FailureKind::CutShort
        | FailureKind::Reset
        | FailureKind::System => true,
        FailureKind::NoSuchName
        | FailureKind::Certificate
        | FailureKind::Tls
        | FailureKind::Proxy
        | FailureKind::Protocol
        | FailureKind::UnsafePort
        | FailureKind::TooBig
        | FailureKind::Redirect
        | FailureKind::NotStored
        | FailureKind::Cancelled => false,
    }
}

/// Stores the answer if it may be stored, and says which.
async fn keep(request: &Request, answer: &Answer, engine: &Engine) {
    let (method, head) = (&request.head.method, &answer.head);
    let ask = ask(request);
    let forgotten = engine.cache.borrow_mut().invalidate(&ask, head);
    let former = former(request, head, engine).await;
    let kept = offer(request, answer, former, true, engine);
    let words = kept.unwrap_or_else(|why| why.to_string());
    let words = match forgotten {
        0 => words,
        1 => format!("{words}; what was stored for the URL is forgotten: {method}"),
        many => format!(
            "{words}; what was stored for {many} URLs is forgotten: {method} (browsers forget the first)"
        ),
    };
    engine.reporter.say(Fact::CacheStored {
        request: request.id,
        words,
    });
}

/// The part that an answer may join, if it is on the disk only, with its bytes.
async fn former(request: &Request, head: &ResponseHead, engine: &Engine) -> Option<Arc<Stored>> {
    let unread = engine.cache.borrow().unread_former(&ask(request), head)?;
    with_bytes(request, &unread, engine).await
}

fn offer(
    request: &Request,
    answer: &Answer,
    former: Option<Arc<Stored>>,
    is_whole: bool,
    engine: &Engine,
) -> Result<String, Unstored> {
    if request.cache == CacheMode::NoStore {
        return Err(Unstored::Mode);
    }
    if request.caching == CacheUse::Off {
        return Err(Unstored::Off);
    }
    let has = |name: &&str| request.saying.has(name);
    let conditions = ["if-none-match", "if-modified-since", "if-match", "if-range"];
    if conditions.iter().any(has) {
        return Err(Unstored::Condition);
    }
    let bytes = if is_whole { &answer.body } else { &answer.came };
    let bytes = bytes.as_ref().ok_or(Unstored::Unread)?;
    let came = Came {
        head: answer.head.clone(),
        bytes: Arc::clone(bytes),
        is_whole,
        times: times(request, engine),
        former,
    };
    let kept = engine.cache.borrow_mut().keep(&ask(request), &came);
    kept.map(|kept| kept.to_string())
}

/// Keeps what came of an answer that broke off, so that it can be completed.
pub(in crate::engine) async fn keep_incomplete(
    request: &Request,
    answer: &Answer,
    engine: &Engine,
) {
    let former = former(request, &answer.head, engine).await;
    if let Ok(words) = offer(request, answer, former, false, engine) {
        engine.reporter.say(Fact::CacheStored {
            request: request.id,
            words,
        });
    }
}

/// The head of an answer is here: those who wait hear whether it will be theirs.
pub(in crate::engine) fn head_came(request: &Request, head: &ResponseHead, engine: &Engine) {
    if head.status == 304 {
        return;
    }
    let times = times(request, engine);
    let cache = engine.cache.borrow();
    let ask = ask(request);
    let coming = cache.would_keep(&ask, head, times);
    let is_kept = request.cache != CacheMode::NoStore && request.caching != CacheUse::Off;
    let fresh = coming.filter(|stored| is_kept && stored.is_fresh(engine.wall()));
    let state = fresh.map_or(Writing::Alone, |stored| Writing::Coming(Rc::new(stored)));
    engine.writers.tell(&request.key, request.id, state);
}

fn came(request: &Request, answer: &Answer, engine: &Engine) -> Option<Came> {
    Some(Came {
        head: answer.head.clone(),
        bytes: Arc::clone(answer.body.as_ref()?),
        is_whole: true,
        times: times(request, engine),
        former: None,
    })
}

fn times(request: &Request, engine: &Engine) -> Times {
    let (asked, came) = request.times();
    Times {
        asked: engine.reporter.wall_at(asked),
        came: engine.reporter.wall_at(came),
    }
}

use std::sync::Arc;

use crate::cache::{Cache, Stored};
use crate::engine::engine::Engine;
use crate::engine::fetch::Request;
use crate::engine::stage::exchange::Answer;
use crate::event::{Body, Content, Fact, Failure, FailureKind, Moment, Stage, StoredVerdict};
use crate::message::{CacheMode, ResponseHead};

/// Asks the cache; a stored answer that may be used is told as if it came, without a byte.
pub(in crate::engine) fn look_up(
    request: &Request,
    engine: &Engine,
) -> Result<Option<ResponseHead>, Failure> {
    let cache = engine.cache.borrow();
    let (words, stored) = decide(request, &cache, engine.reporter.now());
    let verdict = StoredVerdict {
        hit: stored.is_some(),
        words: words.clone(),
    };
    engine.reporter.say(Fact::CacheAnswered {
        request: request.id,
        verdict,
    });
    match stored {
        Some(stored) => Ok(Some(tell(request, stored, engine))),
        None if request.cache == CacheMode::OnlyIfCached => {
            Err(Failure::new(Stage::Cache, FailureKind::NotStored, words))
        }
        None => Ok(None),
    }
}

/// What the cache says as the request may use it, and the answer where it is used.
fn decide<'a>(request: &Request, cache: &'a Cache, now: Moment) -> (String, Option<&'a Stored>) {
    let unused = |words: &str| (words.to_owned(), None);
    match request.cache {
        CacheMode::Default => {
            let now = now.since(Moment::START);
            let (verdict, stored) = cache.look_up(&request.url, &request.head, now);
            (verdict.to_string(), stored)
        }
        CacheMode::NoStore => unused("not asked: no-store"),
        CacheMode::Reload => unused("not asked: reload"),
        CacheMode::NoCache => {
            unused("not used: no-cache, and stored answers are not validated yet")
        }
        CacheMode::ForceCache | CacheMode::OnlyIfCached => {
            match cache.stored(&request.url, &request.head) {
                Some(stored) => ("used, however old it is".to_owned(), Some(stored)),
                None => unused("nothing stored for this request"),
            }
        }
    }
}

fn tell(request: &Request, stored: &Stored, engine: &Engine) -> ResponseHead {
    let (id, length) = (request.id, stored.body.len() as u64);
    engine.reporter.say(Fact::HeadReceived {
        request: id,
        head: stored.head.clone(),
        bytes: 0,
        length: Some(length),
    });
    let content = Some(Content(Arc::clone(&stored.body)));
    let body = Body {
        bytes: length,
        kept: length,
        content,
        ..Body::default()
    };
    engine.reporter.say(Fact::BodyKept { request: id, body });
    stored.head.clone()
}

/// Stores the answer if it may be stored, and says which.
pub(in crate::engine) fn keep(request: &Request, answer: &Answer, engine: &Engine) {
    let mut cache = engine.cache.borrow_mut();
    let is_safe = matches!(
        request.head.method.as_str(),
        "GET" | "HEAD" | "OPTIONS" | "TRACE"
    );
    if !is_safe && answer.head.status < 400 {
        cache.forget(&request.url);
    }
    if request.cache == CacheMode::NoStore {
        engine.reporter.say(Fact::CacheStored {
            request: request.id,
            words: "not stored: the request is no-store".to_owned(),
        });
        return;
    }
    let Some(body) = &answer.body else { return };
    let now = engine.reporter.now().since(Moment::START);
    let kept = cache.keep(&request.url, &request.head, &answer.head, body, now);
    let words = match kept {
        Ok(()) => "stored".to_owned(),
        Err(why) => why.to_string(),
    };
    engine.reporter.say(Fact::CacheStored {
        request: request.id,
        words,
    });
}

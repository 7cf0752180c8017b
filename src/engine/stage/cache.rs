use std::sync::Arc;

use crate::engine::engine::Engine;
use crate::engine::fetch::Request;
use crate::engine::stage::exchange::Answer;
use crate::event::{Body, Content, Fact, Moment, StoredVerdict};
use crate::message::ResponseHead;

/// Asks the cache; a stored answer that may be used is told as if it came, without a byte.
pub(in crate::engine) fn look_up(request: &Request, engine: &Engine) -> Option<ResponseHead> {
    let now = engine.reporter.now().since(Moment::START);
    let cache = engine.cache.borrow();
    let (verdict, stored) = cache.look_up(&request.url, &request.head, now);
    let words = StoredVerdict {
        hit: verdict.is_hit(),
        words: verdict.to_string(),
    };
    let id = request.id;
    engine.reporter.say(Fact::CacheAnswered {
        request: id,
        verdict: words,
    });
    stored.map(|stored| {
        let length = stored.body.len() as u64;
        let head = stored.head.clone();
        engine.reporter.say(Fact::HeadReceived {
            request: id,
            head: head.clone(),
            bytes: 0,
            length: Some(length),
        });
        let content = Some(Content(Arc::clone(&stored.body)));
        let body = Body {
            bytes: length,
            kept: length,
            content,
        };
        engine.reporter.say(Fact::BodyKept { request: id, body });
        head
    })
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

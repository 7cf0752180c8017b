use std::borrow::Cow;

use crate::event::{Event, Fact};
use crate::message::{Cookie, Headers, Hidden};

/// What stands for a value in what is written.
const ALL: Hidden<'_> = Hidden::All("***");

/// A fact without secrets: no value of a cookie is told, no credentials
/// and no body of a request.
///
/// What is left can be replayed. `pipe` is not told so: it is the other program's own traffic.
pub fn masked(event: &Event) -> Cow<'_, Event> {
    if !has_secrets(&event.fact) {
        return Cow::Borrowed(event);
    }
    let mut event = event.clone();
    hide(&mut event.fact);
    Cow::Owned(event)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "few facts have headers or cookies"
)]
fn has_secrets(fact: &Fact) -> bool {
    match fact {
        Fact::RequestSent { head, content, .. } => content.is_some() || are_hidden(&head.headers),
        Fact::HeadReceived { head, .. }
        | Fact::InterimReceived { head, .. }
        | Fact::AnswerReplaced { head, .. } => are_hidden(&head.headers),
        Fact::CookiesChosen { sent, .. } => !sent.is_empty(),
        Fact::CookieJudged { .. } | Fact::CookieKept { .. } => true,
        Fact::EntryRead(entry) => entry.cookie.is_some() || !entry.set_cookies.is_empty(),
        _ => false,
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "few facts have headers or cookies"
)]
fn hide(fact: &mut Fact) {
    match fact {
        // A form may hold a password, and nothing tells it from the rest.
        Fact::RequestSent { head, content, .. } => {
            *content = None;
            hide_fields(&mut head.headers);
        }
        Fact::HeadReceived { head, .. }
        | Fact::InterimReceived { head, .. }
        | Fact::AnswerReplaced { head, .. } => hide_fields(&mut head.headers),
        Fact::CookiesChosen { sent, .. } => sent.iter_mut().for_each(hide_cookie),
        Fact::CookieJudged { line, .. } => {
            if let Some(told) = ALL.line(line) {
                *line = told;
            }
        }
        Fact::CookieKept { cookie, .. } => hide_cookie(cookie),
        Fact::EntryRead(entry) => {
            let pairs = entry.cookie.as_deref();
            if let Some(told) = pairs.and_then(|pairs| ALL.header("cookie", pairs)) {
                entry.cookie = Some(told);
            }
            for line in &mut entry.set_cookies {
                *line = ALL.line(line).unwrap_or_else(|| line.clone());
            }
        }
        _ => {}
    }
}

fn are_hidden(headers: &Headers) -> bool {
    headers
        .iter()
        .any(|(name, value)| ALL.header(name, value).is_some())
}

fn hide_fields(headers: &mut Headers) {
    let told = |(name, value): (&str, &str)| {
        let value = ALL.header(name, value).unwrap_or_else(|| value.to_owned());
        (name.to_owned(), value)
    };
    *headers = headers.iter().map(told).collect();
}

fn hide_cookie(cookie: &mut Cookie) {
    if let Some(told) = ALL.cookie(&cookie.name, &cookie.value) {
        cookie.value = told;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{CookieFate, Moment, RequestId};
    use crate::message::{Method, RequestHead};

    fn told(fact: Fact) -> String {
        let at = Moment::START;
        let event = Event { at, fact };
        let masked = masked(&event);
        assert_eq!(
            super::masked(&masked),
            masked,
            "masked twice is masked once"
        );
        crate::export::line(&masked, crate::export::Bodies::Kept)
    }

    #[test]
    fn no_fact_tells_a_secret() {
        let request = RequestId(1);
        let url = "http://a.test/".parse().unwrap();
        let origin = crate::message::Origin::of(&url).unwrap();
        let mut head = RequestHead::plain(Method::get(), &url, &origin);
        head.add("Cookie", "a=GEHEIM; GEHEIM".into(), false);
        head.add("Authorization", "Bearer GEHEIM".into(), false);
        let cookie = Cookie::new("a", "GEHEIM", "a.test");
        for fact in [
            Fact::RequestSent {
                request,
                head,
                bytes: 1,
                content: Some(crate::event::Content(b"password=GEHEIM"[..].into())),
            },
            Fact::CookiesChosen {
                request,
                sent: vec![cookie.clone()],
                withheld: Vec::new(),
            },
            Fact::CookieJudged {
                request,
                line: "a=GEHEIM; Path=/".into(),
                fate: CookieFate::Stored,
                words: "stored".into(),
                expires: None,
            },
            Fact::CookieKept {
                cookie: Box::new(cookie),
                site: "a.test".into(),
            },
        ] {
            let line = told(fact);
            assert!(!line.contains("GEHEIM") && line.contains("***"), "{line}");
        }
    }
}

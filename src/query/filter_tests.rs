use super::filter::Filter;
use crate::event::{Because, CookieFate, Event, Fact, Moment, RequestId};
use crate::message::{Headers, Method, ResponseHead, Version};
use crate::model::Model;

fn request() -> Model {
    let mut model = Model::default();
    let at = Moment::START;
    let request = RequestId(1);
    let mut headers = Headers::new();
    headers.push("Content-Type", "text/html; charset=utf-8");
    headers.push("Set-Cookie", "sid=a b; Domain=.a.test");
    let judged = Fact::CookieJudged {
        request,
        line: "sid=1".into(),
        fate: CookieFate::Refused,
        words: String::new(),
        expires: None,
    };
    let planned = serde_json::json!({
        "fact": "request_planned", "at": 0, "request": 1, "method": "GET",
        "url": "https://www.a.test/Path?q=x:y", "because": Because::Typed,
    });
    model.apply(&serde_json::from_value(planned).unwrap());
    let head = ResponseHead {
        version: Version::Http11,
        status: 404,
        reason: String::new(),
        headers,
    };
    for fact in [
        Fact::HeadReceived {
            request,
            head,
            bytes: 0,
            length: None,
        },
        judged,
        Fact::BodyGrew {
            request,
            bytes: 12_000,
        },
    ] {
        model.apply(&Event { at, fact });
    }
    assert_eq!(model.request(request).unwrap().method, Method::get());
    model
}

#[test]
fn a_request_has_to_be_all_that_is_said() {
    let model = request();
    let request = model.request(RequestId(1)).unwrap();
    for (text, is_shown) in [
        ("", true),
        ("path", true),
        ("-path", false),
        ("path elsewhere", false),
        ("x:y", true),
        ("domain:*.a.test method:get", true),
        ("domain:a.test", false),
        ("status-code:404 -status-code:200", true),
        ("status-code:4xx", true),
        ("mime-type:text/*", true),
        ("scheme:http", false),
        ("/PATH.q=[xy]/", true),
        ("-/path/", false),
        ("set-cookie-name:sid", true),
        ("set-cookie-value:\"a b\"", true),
        ("set-cookie-domain:A.test", true),
        ("cookie-name:sid", false),
        ("is:cookie-blocked is:running", true),
        ("is:failed", false),
        ("larger-than:10k -larger-than:1M", true),
        ("has-response-header:content-type", true),
        ("url:*q=x*", true),
        ("url:PATH?q", true),
        ("url:elsewhere", false),
        ("priority:auto -priority:high", true),
        ("resource-type:document", true),
        ("response-header-set-cookie:sid=a", true),
        ("has-request-header:cookie", false),
        ("has-overrides:no -has-overrides:yes", true),
        ("mixed-content:all", false),
        ("is:service-worker-intercepted", false),
        ("larger-than:12k larger-than:0.5k", true),
        ("larger-than:12001", false),
        ("\"larger-than:1\"", true),
        ("a.test/Path", true),
        ("a?test", false),
        ("-", true),
    ] {
        let filter = Filter::read(text).unwrap();
        assert_eq!(filter.lets_through(request), is_shown, "{text}");
    }
}

#[test]
fn what_is_wrong_is_said_with_how_to_mend_it() {
    for (text, words) in [
        ("status-code:", "status-code: say what, after the colon"),
        (
            "is:odd",
            "is: takes cookie-blocked, failed, from-cache, running, \
             service-worker-initiated, service-worker-intercepted",
        ),
        ("larger-than:much", "larger-than: takes bytes: 100, 10k, 1M"),
    ] {
        assert_eq!(Filter::read(text).unwrap_err(), words);
    }
    let words = Filter::read("/(/").unwrap_err();
    assert!(
        words.starts_with("/(/ is no regular expression: "),
        "{words}"
    );
}

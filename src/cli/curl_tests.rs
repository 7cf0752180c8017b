use super::curl::{is_curl, read_curl};
use super::line::Listed;

fn one(text: &str) -> Listed {
    let mut all = read_curl(text).unwrap();
    assert_eq!(all.len(), 1, "{text}");
    all.remove(0)
}

fn told(text: &str) -> String {
    let listed = one(text);
    let saying = listed.saying.unwrap();
    let mut parts = vec![format!("{} {}", listed.method, listed.url)];
    let fields = saying.headers.iter();
    parts.extend(fields.map(|(name, value)| format!("{name}: {value}")));
    parts.extend(saying.without.iter().map(|name| format!("no {name}")));
    parts.extend(saying.cookies.iter().map(|pairs| format!("+ {pairs}")));
    parts.extend(saying.payload.iter().map(|payload| {
        let text = String::from_utf8_lossy(&payload.bytes).into_owned();
        format!("{} {text}", payload.media_type.as_deref().unwrap_or("–"))
    }));
    parts.join("|")
}

#[test]
fn what_a_browser_copied_is_asked_for() {
    let chrome = r#"curl 'https://a.test/api?x=1&y=2' \
  -X 'PUT' \
  -H 'accept: */*' \
  -H 'content-type: application/json' \
  -b 'sid=1; lang=en' \
  --data-raw $'{"name":"it\'s","n":1}' \
  --compressed"#;
    assert_eq!(
        told(chrome),
        "PUT https://a.test/api?x=1&y=2|accept: */*|content-type: application/json|\
         + sid=1; lang=en|application/x-www-form-urlencoded {\"name\":\"it's\",\"n\":1}"
    );
    let cmd = "curl ^\"https://a.test/?x=1^&y=2^\" ^\r\n  -H ^\"accept: */*^\" ^\r\n  --data-raw ^\"a=b^%^20c^\"";
    assert_eq!(
        told(cmd),
        "POST https://a.test/?x=1&y=2|accept: */*|application/x-www-form-urlencoded a=b%20c"
    );
}

#[test]
fn options_mean_what_curls_mean() {
    let form = "application/x-www-form-urlencoded";
    for (text, expected) in [
        ("curl a.test", "GET http://a.test/".to_owned()),
        ("curl.exe -sSLI http://a.test", "HEAD http://a.test/".into()),
        (
            "/usr/bin/curl -XDELETE --url a.test/x",
            "DELETE http://a.test/x".into(),
        ),
        (
            "curl a.test -da=1 --data-raw @x -o /dev/null",
            format!("POST http://a.test/|{form} a=1&@x"),
        ),
        (
            "curl -G a.test/?q=0 --data-urlencode 'a=ü 1' -d b",
            "GET http://a.test/?q=0&a=%C3%BC%201&b".into(),
        ),
        (
            "curl --json '{}' a.test",
            "POST http://a.test/|Accept: application/json|application/json {}".into(),
        ),
        (
            "curl -u me:x -A '' -e http://b.test a.test",
            "GET http://a.test/|Referer: http://b.test|Authorization: Basic bWU6eA==|no User-Agent"
                .into(),
        ),
        (
            "curl -H 'X-a;' -H 'Accept:' a.test",
            "GET http://a.test/|X-a: |no Accept".into(),
        ),
        (
            "curl -r 0-4 --oauth2-bearer t -- a.test",
            "GET http://a.test/|Range: bytes=0-4|Authorization: Bearer t".into(),
        ),
    ] {
        assert_eq!(told(text), expected, "{text}");
    }
    assert_eq!(
        read_curl("curl a.test b.test; curl c.test").unwrap().len(),
        3
    );
}

#[test]
fn what_is_not_known_is_refused_in_a_sentence() {
    for (text, words) in [
        ("curl", "this curl command names no URL"),
        ("curl -k https://a.test", "-k: start netwaterfall with -k"),
        (
            "curl --proxy x a.test",
            "--proxy: it is for the whole run: start netwaterfall with it",
        ),
        (
            "curl --frob a.test",
            "--frob: this option of curl is not known here",
        ),
        ("curl -Z a.test", "-Z: this option"),
        ("curl a.test -H", "-H: its value is missing"),
        ("curl -X 'G T' a.test", "-X G T: a method is made of"),
        ("curl -H 'a b: c' a.test", "the name of a header is made of"),
        ("curl -d @- a.test", "standard input is not read"),
        ("curl http://a.test/?b=1&c=2", "c=2 is no curl command"),
        ("curl a.test | jq", "what stands behind | is for the shell"),
        ("curl 'a.test", "a quote is not closed"),
        (
            "curl -b jar.txt a.test",
            "-b jar.txt: start netwaterfall with -b",
        ),
        ("curl ftp://a.test/", "ftp"),
    ] {
        let error = read_curl(text).unwrap_err();
        assert!(error.reason.contains(words), "{text}: {error}");
    }
}

#[test]
fn curls_name_begins_a_command() {
    for line in [
        "curl a",
        " curl\ta",
        "$ curl a",
        "CURL.EXE a",
        "/bin/curl a",
        "curl \\",
    ] {
        assert!(is_curl(line), "{line}");
    }
    for line in [
        "curl",
        "curly a",
        "curl.test/x",
        "GET curl",
        "https://a.test/curl x",
    ] {
        assert!(!is_curl(line), "{line}");
    }
}

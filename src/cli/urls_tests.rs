use proptest::prelude::*;

use crate::message::Priority;

use super::{LONGEST_LINE, UrlList, read_arguments, read_line, read_text};

/// What a list says, a line each, and what is wrong with it.
fn read(bytes: &[u8]) -> (Vec<String>, Vec<String>) {
    let UrlList { wanted, problems } = read_text("urls.txt", bytes);
    let wanted = wanted.iter().map(|listed| {
        let line = listed.line.unwrap();
        format!("{line} {} {}", listed.method, listed.url)
    });
    (
        wanted.collect(),
        problems.iter().map(ToString::to_string).collect(),
    )
}

#[test]
fn a_priority_stands_behind_the_url() {
    let of = |line: &str| read_line(line).map(|listed| listed.priority);
    assert_eq!(of("POST a.test !high # soon"), Ok(Priority::High));
    assert_eq!(of("a.test\t!low"), Ok(Priority::Low));
    assert_eq!(of("a.test/!high"), Ok(Priority::Auto));
    let (wanted, problems) = read(b"a.test !soon\n!low\na.test !high !low\n");
    assert_eq!(wanted, [""; 0]);
    assert_eq!(
        problems,
        [
            "urls.txt:1:8: !soon is no priority: write !high or !low, or leave it away",
            "urls.txt:2:1: there is no URL before the priority: write both",
            "urls.txt:3:8: two priorities in a line: leave one away",
        ]
    );
}

#[test]
fn urls_are_filled_in() {
    for (typed, url) in [
        ("a.test", "https://a.test/"),
        ("  a.test/x\t", "https://a.test/x"),
        ("name", "https://name/"),
        ("http://a.test", "http://a.test/"),
        ("HTTPS://A.test/X", "https://a.test/X"),
        ("//a.test/x", "https://a.test/x"),
        ("example.com:8080/x", "https://example.com:8080/x"),
        ("example.com:443", "https://example.com/"),
        ("example.com:", "https://example.com/"),
        ("localhost", "http://localhost/"),
        ("localhost:3000", "http://localhost:3000/"),
        ("LocalHost:3000/x?y#z", "http://localhost:3000/x?y#z"),
        ("app.localhost/x", "http://app.localhost/x"),
        ("notlocalhost", "https://notlocalhost/"),
        ("https://localhost", "https://localhost/"),
        ("127.0.0.1", "http://127.0.0.1/"),
        ("127.0.0.1:81/x", "http://127.0.0.1:81/x"),
        ("10.0.0.1:443", "http://10.0.0.1:443/"),
        ("[::1]", "http://[::1]/"),
        ("[::1]:8080/x", "http://[::1]:8080/x"),
        ("user:password@a.test/x", "https://user:password@a.test/x"),
        ("https://u:p@a.test:1/", "https://u:p@a.test:1/"),
        (
            "a.test/?to=http://b.test/",
            "https://a.test/?to=http://b.test/",
        ),
        (
            "a.test?to=http://b.test/",
            "https://a.test/?to=http://b.test/",
        ),
        ("a.test#x", "https://a.test/#x"),
        ("a.test/#x # said", "https://a.test/#x"),
        ("a.test\t# said \u{7} anything", "https://a.test/"),
        ("data:8080/x", "https://data:8080/x"),
        ("bücher.test/ü", "https://xn--bcher-kva.test/%C3%BC"),
        ("a.test:080", "https://a.test:80/"),
        ("\u{feff}a.test", "https://a.test/"),
    ] {
        let read = read_line(typed).unwrap_or_else(|error| panic!("{typed:?}: {error}"));
        assert_eq!((read.url.as_str(), read.method.as_str()), (url, "GET"));
    }
}

#[test]
fn a_method_may_stand_before_the_url() {
    for (typed, method) in [
        ("POST a.test", "POST"),
        ("head \t http://a.test/ # c", "HEAD"),
        ("patch a.test", "PATCH"),
        ("PROPFIND a.test", "PROPFIND"),
        ("PropFind a.test", "PropFind"),
        ("M-SEARCH localhost", "M-SEARCH"),
    ] {
        assert_eq!(read_line(typed).unwrap().method.as_str(), method);
    }
}

#[rustfmt::skip]
const WRONG: &[(&str, usize, &str)] = &[
    ("", 1, "there is no URL: type one, such as https://example.com/"),
    ("# only", 1, "there is no URL: type one, such as https://example.com/"),
    ("ftp://a.test/", 1, "ftp is not fetched here: only http and https"),
    ("  ftp:a.test", 3, "ftp is not fetched here: only http and https"),
    ("GET mailto:a@b.test", 5, "mailto is not fetched here: only http and https"),
    ("file:///etc/passwd", 1, "file is not fetched here: only http and https"),
    ("<http://a.test>", 1, "a URL begins with http:// or https://, or with the name of a host"),
    ("http:/a.test", 1, "http: needs two slashes: write http://"),
    ("https:a.test", 1, "https: needs two slashes: write https://"),
    ("http://a.test:99999/", 15, "the port 99999 is too large: 65535 is the highest"),
    ("a.test:99999", 8, "the port 99999 is too large: 65535 is the highest"),
    ("localhost:abc", 11, "the port abc is no number: leave it away or give 1 to 65535"),
    ("ü@ü.test:+1", 10, "the port +1 is no number: leave it away or give 1 to 65535"),
    ("a.test:0", 8, "nobody answers at port 0: give 1 to 65535"),
    ("http://[::1", 8, "the bracket [ is not closed: write the address as [::1]"),
    ("[::1]x", 6, "behind the bracket ] only a port can stand, as in [::1]:8080"),
    ("http://[::1]:x", 14, "the port x is no number: leave it away or give 1 to 65535"),
    ("[1.2.3.4]", 1, "1.2.3.4 is no IPv6 address: write it as [::1]"),
    ("[fe80::1%25eth0]", 1, "fe80::1%25eth0 has a zone, which a URL cannot have: leave it away"),
    ("::1", 1, "an IPv6 address needs brackets: write [::1]"),
    ("http://256.1.1.1/", 8, "256.1.1.1 is no IPv4 address: it needs four numbers from 0 to 255"),
    ("http://a<b/", 8, "a<b is no name of a host: a character in it cannot stand there"),
    ("http://a b/", 9, "a blank cannot stand in the name of a host: take it away"),
    ("GET http://a b/", 13, "a blank cannot stand in the name of a host: take it away"),
    ("http://a.test/ü b", 16, "a blank cannot stand in a URL: write it as %20"),
    ("http://", 8, "the host is missing: write it as in https://example.com/"),
    ("http:///x", 8, "the host is missing: write it as in https://example.com/"),
    ("/x", 1, "the host is missing: write it as in https://example.com/"),
    ("http://u@:80/", 10, "the host is missing: write it as in https://example.com/"),
    ("http://a/ http://b/", 11, "two URLs in a line: put each on a line of its own"),
    ("GET a.test https://b/", 12, "two URLs in a line: put each on a line of its own"),
    ("a.test b.test", 8, "two URLs in a line: put each on a line of its own"),
    ("G(T a.test", 1, "G(T is no method: a method is made of letters, digits and !#$%&'*+-.^_`|~ only"),
    ("POST", 1, "POST is a method and its URL is missing: write both together, with a blank between"),
    ("CONNECT a.test", 1, "CONNECT asks for a tunnel and fetches nothing: use another method"),
    ("curl -s a.test", 1, "a command for curl is read in lists and in the address bar, and not here"),
    ("a.test/\0", 8, "the control character U+0000 (NUL) cannot stand in a URL: take it away"),
    ("ü\u{1b}[2J", 2, "the control character U+001B (escape) cannot stand in a URL: take it away"),
    ("a\u{9b}", 2, "the control character U+009B cannot stand in a URL: take it away"),
    ("a.test\nb.test", 7, "the control character U+000A (line feed) cannot stand in a URL: take it away"),
];

#[test]
fn what_is_wrong_is_said_with_its_column_and_how_to_mend_it() {
    for (typed, column, reason) in WRONG {
        let error = read_line(typed).expect_err(typed);
        assert_eq!(
            (error.column, error.reason.as_str()),
            (*column, *reason),
            "{typed:?}"
        );
    }
}

#[test]
fn a_bad_line_does_not_lose_the_others() {
    let (wanted, problems) = read(
        b"\xef\xbb\xbf# a list\r\n\r\na.test\r\n  POST b.test/x  # why\r\n http://[::1\r\nb\xc3\xbc\xff\n# \xff\n\t\nc.test",
    );
    assert_eq!(
        wanted,
        [
            "3 GET https://a.test/",
            "4 POST https://b.test/x",
            "9 GET https://c.test/"
        ]
    );
    assert_eq!(
        problems,
        [
            "urls.txt:5:9: the bracket [ is not closed: write the address as [::1]",
            "urls.txt:6:3: byte 0xff is not UTF-8 text: save the list as UTF-8",
        ]
    );
}

#[test]
fn a_paste_may_end_its_lines_as_terminals_do() {
    let (wanted, problems) = read(b"a.test\rb.test\r");
    assert_eq!(wanted, ["1 GET https://a.test/", "2 GET https://b.test/"]);
    assert_eq!(problems, [""; 0]);
}

#[test]
fn a_list_of_another_kind_is_told_in_one_problem() {
    let (wanted, problems) = read(b"\xff\xfeh\0t\0t\0p\0\n\0");
    assert_eq!(wanted, [""; 0]);
    assert_eq!(
        problems,
        ["urls.txt:1:1: this is UTF-16 text: save it as UTF-8"]
    );
}

#[test]
fn a_line_may_have_64_kib_and_no_more() {
    let line = |bytes: usize| format!("a.test/{}", "x".repeat(bytes - 7));
    assert!(read_line(&line(LONGEST_LINE)).is_ok());
    let (wanted, problems) = read(format!("{}\nb.test", line(100_000)).as_bytes());
    assert_eq!(wanted, ["2 GET https://b.test/"]);
    assert_eq!(
        problems,
        ["urls.txt:1:1: the line has 100000 bytes; a URL may have 65536 at most"]
    );
}

#[test]
fn arguments_are_counted_and_lists_are_joined() {
    let mut list = read_arguments(&["a.test".into(), "ftp://b".into(), String::new()]);
    list.join(read_text("standard input", b"c.test\nd:x\n"));
    let problems: Vec<_> = list.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "argument 2:1: ftp is not fetched here: only http and https",
            "argument 3:1: there is no URL: type one, such as https://example.com/",
            "standard input:2:3: the port x is no number: leave it away or give 1 to 65535",
        ]
    );
    let lines: Vec<_> = list.wanted.iter().map(|listed| listed.line).collect();
    assert_eq!(lines, [None, Some(1)]);
}

/// Bytes that are often near what a list says.
fn near_a_list() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        proptest::sample::select(vec![
            "http://",
            "https:",
            "//",
            "[",
            "]",
            "::1",
            ":",
            "@",
            "#",
            " ",
            "\t",
            "\r",
            "\n",
            "a.test",
            "localhost",
            "POST",
            "99999",
            "%",
            "\u{feff}",
            "\u{202e}",
            "\u{85}",
            "\\",
            "?",
            "xn--",
            "ü",
            "\0",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 0..4),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_bytes_are_too_odd(bytes in near_a_list(), source in any::<String>()) {
        let list = read_text(&source, &bytes);
        for problem in &list.problems {
            let words = problem.to_string();
            prop_assert!(!words.contains(char::is_control), "{words:?}");
            prop_assert!(problem.column.is_some_and(|column| column >= 1));
        }
        for listed in &list.wanted {
            prop_assert!(matches!(listed.url.scheme(), "http" | "https"));
            prop_assert!(listed.url.host_str().is_some_and(|host| !host.is_empty()));
            prop_assert!(listed.url.as_str().is_ascii());
        }
        let _ = read_line(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn commands_for_curl_stand_among_addresses_and_over_several_lines() {
    let text = "a.test\ncurl 'http://b.test/?x=1&y=2' \\\n  -H 'A: b' \\\n  --data-raw $'{\\n}' ;\n\
                curl 'http://c.test/\nd.test\ncurl e.test f.test # both\n";
    let list = read_text("urls.txt", text.as_bytes());
    let found: Vec<_> = list
        .wanted
        .iter()
        .map(|one| format!("{} {} {:?}", one.method, one.url, one.line.unwrap()))
        .collect();
    assert_eq!(
        found,
        [
            "GET https://a.test/ 1",
            "POST http://b.test/?x=1&y=2 2",
            "GET https://d.test/ 6",
            "GET http://e.test/ 7",
            "GET http://f.test/ 7",
        ]
    );
    let payload = list.wanted[1].saying.as_ref().unwrap().payload.clone();
    assert_eq!(&*payload.unwrap().bytes, b"{\n}");
    let [problem] = list.problems.as_slice() else {
        panic!("{:?}", list.problems);
    };
    let words = problem.to_string();
    assert!(
        words.starts_with("urls.txt:5:1: a quote is not closed"),
        "{words}"
    );
}

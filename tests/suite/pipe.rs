//! The real binary's `pipe` over a loopback server: what another program would see.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::spawn;
use std::time::Duration;

use serde_json::{Value, json};

use crate::sockets::serve_all;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server that is never joined; `/slow` is never answered.
fn server() -> SocketAddr {
    serve_all(|line| {
        serve(line);
    })
}

fn serve(mut line: TcpStream) -> Option<()> {
    let mut from = BufReader::new(line.try_clone().unwrap());
    loop {
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"\r\n\r\n") {
            if from.read_until(b'\n', &mut bytes).ok()? == 0 {
                return None;
            }
        }
        let head = String::from_utf8_lossy(&bytes).into_owned();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("Content-Length: "));
        let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        from.read_exact(&mut body).ok()?;
        let path = head.split(' ').nth(1).unwrap();
        let (status, extra, body): (_, _, Vec<u8>) = match path {
            "/slow" => {
                let _ = from.read_to_end(&mut Vec::new());
                return None;
            }
            "/away" => ("302 Found", "Location: /echo\r\n", vec![]),
            "/bytes" => ("200 OK", "", vec![0xff, 0]),
            "/early" => {
                let hint = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
                line.write_all(hint).ok()?;
                ("200 OK", "Set-Cookie: a=1; Path=/\r\n", vec![])
            }
            "/echo" => ("200 OK", "", [bytes, body].concat()),
            path => ("200 Fine", "", path.as_bytes().to_vec()),
        };
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\n{extra}Content-Length: {length}\r\n\r\n");
        line.write_all(&[head.as_bytes(), &body].concat()).ok()?;
    }
}

/// The program, and what it says.
struct Pipe {
    child: Child,
    said: Receiver<Value>,
}

impl Pipe {
    fn start(options: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_netwaterfall"))
            .env("XDG_CONFIG_HOME", "/nonexistent")
            .arg("pipe")
            .args(["--resolve", "*.test:*:127.0.0.1"])
            .args(options)
            .env("no_proxy", "*")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (tell, said) = channel();
        spawn(move || {
            for line in out.lines() {
                let _ = tell.send(serde_json::from_str(&line.unwrap()).unwrap());
            }
        });
        Self { child, said }
    }

    fn ask(&mut self, line: &impl ToString) {
        let text = format!("{}\n", line.to_string());
        let input = self.child.stdin.as_mut().unwrap();
        input.write_all(text.as_bytes()).unwrap();
    }

    /// The next line of one of these events.
    fn hear(&self, events: &[&str]) -> Value {
        loop {
            let said = self.said.recv_timeout(PATIENCE).unwrap();
            if events.contains(&said["event"].as_str().unwrap()) {
                return said;
            }
        }
    }

    /// Ends the input; all that was still said, and the exit code.
    fn end(mut self) -> (Vec<Value>, Option<i32>) {
        drop(self.child.stdin.take());
        let mut all = Vec::new();
        loop {
            match self.said.recv_timeout(PATIENCE) {
                Ok(said) => all.push(said),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it hangs"),
            }
        }
        (all, self.child.wait().unwrap().code())
    }
}

#[test]
fn a_request_is_answered_with_its_stages_and_a_result() {
    let port = server().port();
    let mut pipe = Pipe::start(&[]);
    let url = format!("http://b.a.test:{port}/echo");
    pipe.ask(&json!({"id": "x", "url": url, "method": "POST", "headers": {"X-B": "\u{e9}"}, "body": "é"}));
    let (said, code) = pipe.end();
    assert_eq!(code, Some(0));
    let stages = said.iter().filter(|said| said["event"] == "stage");
    let stages: Vec<_> = stages.map(|said| said["stage"].as_str().unwrap()).collect();
    assert_eq!(
        stages,
        ["cache", "queue", "connect", "send", "wait", "receive"]
    );
    let mut before = 0.0;
    for stage in said.iter().filter(|said| said["event"] == "stage") {
        let (start, end) = (&stage["start_us"], &stage["end_us"]);
        assert!(start.as_f64().unwrap() >= before && end.as_f64() >= start.as_f64());
        before = start.as_f64().unwrap();
    }
    let result = said.last().unwrap();
    assert_eq!(result["id"], "x");
    assert_eq!(result["ok"], true);
    assert_eq!(result["status"], 200);
    assert_eq!(result["reason"], "OK");
    assert_eq!(result["version"], "HTTP/1.1");
    assert_eq!(result["url"], url);
    assert_eq!(result["from_cache"], false);
    assert_eq!(result["connection"], 1);
    assert_eq!(result["reused"], false);
    // The server's bytes are no UTF-8: the header's byte is not.
    assert!(result["body"].is_null() && result["body_b64"].is_string());
}

#[test]
fn redirects_hints_bytes_and_limits_are_told() {
    let port = server().port();
    let mut pipe = Pipe::start(&["--max-body", "1"]);
    let url = |path: &str| format!("http://a.test:{port}/{path}");
    pipe.ask(&json!({"id": "1", "url": url("away"), "redirect": "follow"}));
    let redirect = pipe.hear(&["redirect"]);
    assert_eq!(
        redirect,
        json!({"id": "1", "event": "redirect", "status": 302, "url": url("echo")})
    );
    let result = pipe.hear(&["result"]);
    assert_eq!(
        (&result["body"], &result["cut"]),
        (&json!("G"), &json!(true))
    );
    pipe.ask(&json!({"id": "1", "url": url("away"), "redirect": "manual"}));
    assert_eq!(pipe.hear(&["result", "redirect"])["status"], 302);
    pipe.ask(&json!({"id": "1", "url": url("away"), "redirect": "error"}));
    assert_eq!(pipe.hear(&["result"])["error"]["kind"], "redirect");
    pipe.ask(&json!({"id": "1", "url": url("early")}));
    let interim = pipe.hear(&["interim"]);
    assert_eq!(interim["headers"], json!([["Link", "</a>"]]));
    assert_eq!(pipe.hear(&["result"])["cookies"]["set"][0][0], "a=1");
    pipe.ask(&json!({"id": "1", "url": url("bytes")}));
    assert_eq!(pipe.hear(&["result"])["body_b64"], "/w==");
    pipe.ask(&json!({"id": "1", "url": url("new"), "cache": "only-if-cached"}));
    assert_eq!(pipe.hear(&["result"])["error"]["kind"], "cache");
    assert_eq!(pipe.end().1, Some(0));
}

#[test]
fn cancel_time_out_and_flush_are_obeyed() {
    let port = server().port();
    let mut pipe = Pipe::start(&[]);
    let slow = format!("http://a.test:{port}/slow");
    pipe.ask(&json!({"id": "late", "url": slow, "timeout_ms": 30}));
    pipe.ask(&json!({"id": "gone", "url": slow}));
    pipe.ask(&json!({"flush": true}));
    pipe.ask(&json!({"id": "after", "url": format!("http://a.test:{port}/x")}));
    pipe.ask(&json!({"cancel": "nobody"}));
    let both = ["result", "flushed"];
    let mut kinds = vec![];
    for _ in 0..2 {
        let said = pipe.hear(&both);
        kinds.push((said["id"].clone(), said["error"]["kind"].clone()));
    }
    kinds.sort_by_key(|(id, _)| id.to_string());
    assert_eq!(
        kinds,
        [
            (json!("after"), Value::Null),
            (json!("late"), json!("timeout"))
        ]
    );
    pipe.ask(&json!({"cancel": "gone"}));
    let said = pipe.hear(&both);
    assert_eq!(
        (&said["id"], &said["error"]["kind"]),
        (&json!("gone"), &json!("cancelled"))
    );
    assert_eq!(pipe.hear(&both), json!({"event": "flushed"}));
    assert_eq!(pipe.end().1, Some(0));
}

#[test]
fn bad_lines_are_named_and_the_rest_goes_on() {
    let port = server().port();
    let mut pipe = Pipe::start(&[]);
    let slow = format!("http://a.test:{port}/slow");
    pipe.ask(&"no json");
    pipe.ask(&"");
    pipe.ask(&json!({"id": "1", "url": "mailto:a@b"}));
    pipe.ask(&json!({"id": "2", "url": slow}));
    pipe.ask(&json!({"id": "2", "url": slow}));
    pipe.ask(&json!({"cancel": "2"}));
    let both = ["error", "result"];
    let first = pipe.hear(&both);
    assert_eq!(
        (&first["line"], first["message"].is_string()),
        (&json!(1), true)
    );
    let second = pipe.hear(&both);
    assert_eq!(
        (&second["id"], &second["error"]["kind"]),
        (&json!("1"), &json!("usage"))
    );
    assert_eq!(pipe.hear(&both)["line"], 5);
    assert_eq!(pipe.hear(&both)["error"]["kind"], "cancelled");
    assert_eq!(pipe.end().1, Some(0));
}

#[test]
fn two_thousand_written_at_once_are_each_answered_once() {
    let port = server().port();
    let mut pipe = Pipe::start(&[]);
    for n in 0..2_000 {
        let url = format!("http://h{}.test:{port}/{n}", n % 7);
        pipe.ask(&json!({"id": n.to_string(), "url": url}));
    }
    let (said, code) = pipe.end();
    assert_eq!(code, Some(0));
    let mut results: Vec<usize> = Vec::new();
    for result in said.iter().filter(|said| said["event"] == "result") {
        let id = result["id"].as_str().unwrap();
        assert_eq!(result["body"], format!("/{id}"), "{result}");
        results.push(id.parse().unwrap());
    }
    results.sort_unstable();
    assert_eq!(results, (0..2_000).collect::<Vec<_>>());
}

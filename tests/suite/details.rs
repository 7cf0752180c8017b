//! The selected request from nearby: its tabs, and what is copied, written and changed.

use expect_test::expect_file;
use netwaterfall::event::{
    Because, Body, Command, Content, Event, Fact, Moment, RequestId, Verdict, Wanted,
};
use netwaterfall::export::curl;
use netwaterfall::message::{Headers, ResponseHead, Version};
use netwaterfall::model::Model;
use netwaterfall::ui::{Effect, Focus, Overlay, Paper, Piece, State};
use ratatui::crossterm::event::MouseEventKind;
use ratatui::layout::Size;

use crate::screens::{LARGE, SMALL, Scene, USUAL};

/// Snapshots at five sizes: a small terminal, a usual one, a tall and narrow one, one that is wide
/// and low, a large one.
macro_rules! at_five_sizes {
    ($($test:ident: $run:literal at $millis:literal, $keys:literal;)*) => {$(
        #[test]
        fn $test() {
            let tall = Size::new(60, 50);
            let wide = Size::new(200, 20);
            for (size, expected) in [
                (SMALL, expect_file![concat!("snapshots/", stringify!($test), "_40x12.txt")]),
                (USUAL, expect_file![concat!("snapshots/", stringify!($test), "_80x24.txt")]),
                (tall, expect_file![concat!("snapshots/", stringify!($test), "_60x50.txt")]),
                (wide, expect_file![concat!("snapshots/", stringify!($test), "_200x20.txt")]),
                (LARGE, expect_file![concat!("snapshots/", stringify!($test), "_132x43.txt")]),
            ] {
                Scene::new($run, $millis, size).keys($keys).is(&expected);
            }
        }
    )*};
}

at_five_sizes! {
    what_can_be_copied: "mixed" at 60_000, "j y j j";
    what_can_be_written: "mixed" at 60_000, "w j";
    a_cookie_that_is_added: "cookies" at 60_000, "C a";
}

/// A request that was answered so.
fn answered(size: Size, content_type: &str, content: &[u8]) -> Scene {
    let mut headers = Headers::new();
    let mut lines = content_type.split("\r\n");
    headers.push("Content-Type", lines.next().unwrap_or_default());
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        headers.push(name, value);
    }
    headers.push("Vary", "Accept-Encoding");
    let head = ResponseHead {
        version: Version::Http11,
        status: 200,
        reason: "OK".to_owned(),
        headers,
    };
    let bytes = content.len() as u64;
    let body = Body {
        bytes,
        kept: bytes,
        content: Some(Content(content.into())),
        ..Body::default()
    };
    let request = RequestId(1);
    let url = "http://a.test/api".parse().unwrap();
    let facts = [
        Fact::planned(request, &Wanted::get(url, Because::Typed)),
        Fact::HeadReceived {
            request,
            head,
            bytes: 60,
            length: Some(bytes),
        },
        Fact::BodyGrew {
            request,
            bytes: bytes / 4,
        },
        Fact::BodyGrew {
            request,
            bytes: bytes / 2,
        },
        Fact::BodyKept { request, body },
        Fact::RequestEnded {
            request,
            verdict: Verdict::Answered,
        },
    ];
    let mut scene = Scene::new("queue", 0, size);
    let mut model = Model::default();
    for (fact, millis) in facts.into_iter().zip([0, 10, 20, 30, 70, 80]) {
        let at = Moment::from_millis(millis);
        model.apply(&Event { at, fact });
    }
    scene.model = model;
    scene.state = State::new(size, "one request");
    scene.state.focus = Focus::Table;
    scene.state.settle(&scene.model);
    scene
}

const USERS: &[u8] = r#"{"users": [{"name": "Ada \"Countess\"", "born": 1815, "notes": null},
  {"name": "日本語 👩‍🚀 עברית", "full name": "Grace", "tags": ["a", "b"]}], "next": {}}"#
    .as_bytes();

macro_rules! bodies {
    ($($test:ident: $scene:expr;)*) => {$(
        #[test]
        fn $test() {
            $scene.is(&expect_file![concat!("snapshots/", stringify!($test), ".txt")]);
        }
    )*};
}

bodies! {
    json_is_a_tree: answered(USUAL, "application/json", USERS).keys("4");
    json_folded_and_found: answered(LARGE, "application/json", USERS).keys("4 / g r a c e Enter h h");
    json_as_text: answered(USUAL, "application/json", USERS).keys("4 V");
    json_that_is_broken: answered(USUAL, "application/json", b"{\"a\": [1, 2}").keys("4");
    a_page_in_colours: answered(USUAL, "text/html", b"<!-- x -->\n<p class=\"a\">one &amp; two</p>\n<script>let a = 'b'; // c</script>\n").keys("4");
    text_in_another_charset: answered(USUAL, "text/plain; charset=Shift_JIS", b"\x93\xfa\x96\x7b\x8c\xea").keys("4");
    a_body_in_hex: answered(USUAL, "text/plain", b"some text\x01, byte by byte, over two lines").keys("4 V");
    a_picture_without_colour: answered(USUAL, "image/png", include_bytes!("../fixtures/pictures/chequer.png")).keys("4").plain();
    what_the_server_measured: answered(LARGE, "text/html\r\nServer-Timing: db;dur=53.2, cache;desc=\"a hit\";dur=0.4, miss", b"x").keys("3");
    a_chain_of_redirects: Scene::new("mixed", 60_000, LARGE).keys("j 3");
    what_a_header_does: answered(USUAL, "text/html", b"").keys("1 G");
    headers_as_they_were_said: Scene::new("mixed", 60_000, LARGE).keys("j Enter V");
}

at_five_sizes! {
    headers_with_what_they_do: "mixed" at 60_000, "j Enter j j j j j";
    headers_in_every_script: "hostile" at 60_000, "j j j j Enter V";
}

at_five_sizes! {
    a_request_that_is_edited: "cookies" at 60_000, "j j R Tab X - a : b";
}

#[test]
fn what_is_changed_in_the_form_is_fetched_and_leaving_it_asks_once() {
    let mut scene = Scene::new("cookies", 60_000, LARGE).keys("j j R / x Tab Enter X : 1");
    let Some(Effect::Send(draft)) = scene.press("Ctrl-S") else {
        panic!("it is fetched");
    };
    assert_eq!(draft.of, RequestId(3));
    assert_eq!(
        (draft.method.as_str(), draft.url.as_str()),
        ("GET", "http://www.a.test/again/x")
    );
    assert!(draft.headers.ends_with("X:1"), "{}", draft.headers);
    assert_eq!(scene.state.overlay, None);
    let scene = scene.keys("R x Esc");
    assert!(
        scene.text().contains("Esc again leaves it"),
        "{}",
        scene.text()
    );
    let scene = scene.keys("Esc");
    assert_eq!(scene.state.overlay, None);
    let scene = scene.keys("R Esc");
    assert_eq!(scene.state.overlay, None, "nothing was changed");
}

#[test]
fn text_is_pasted_into_the_field_where_the_cursor_is() {
    let mut scene = Scene::new("cookies", 60_000, LARGE).keys("R Tab Tab");
    assert_eq!(scene.state.paste("{\r\n\x1b[31m1}"), None);
    let Some(Effect::Send(draft)) = scene.press("Ctrl-S") else {
        panic!("it is fetched");
    };
    assert_eq!(draft.body, "{\n[31m1}");
}

#[test]
fn a_picture_has_two_pixels_in_a_cell() {
    let picture = include_bytes!("../fixtures/pictures/chequer.png");
    let text = answered(LARGE, "image/png", picture).keys("4").text();
    assert!(text.contains("PNG, 48 × 24 pixels, Rgb8"), "{text}");
    let row = text.lines().find(|line| line.contains('▀')).unwrap();
    assert!(row.matches('▀').count() >= 20, "{text}");
}

#[test]
fn values_are_folded_found_and_copied_with_their_path() {
    let mut scene = answered(LARGE, "application/json", USERS).keys("4 / g r a c Enter y");
    let Some(Effect::Copy { text, .. }) = scene.press("p") else {
        panic!("the path is copied");
    };
    assert_eq!(text, "$.users[1]['full name']");
    let mut scene = scene.keys("y");
    let Some(Effect::Copy { text, what }) = scene.press("v") else {
        panic!("the value is copied");
    };
    assert_eq!(
        (text.as_str(), what.as_str()),
        ("\"Grace\"", "the value of $.users[1]['full name']")
    );
    let scene = scene.keys("h h");
    assert!(scene.text().contains("▸ {3 members}"), "{}", scene.text());
    assert!(!scene.text().contains("full name"), "{}", scene.text());
    let scene = scene.keys("n");
    assert!(
        scene.text().contains("full name"),
        "what is found is unfolded:\n{}",
        scene.text()
    );
    let scene = scene.keys("/ z z z");
    assert!(
        scene.text().contains("zzz does not stand in this tab"),
        "{}",
        scene.text()
    );
}

#[test]
fn a_large_tree_and_a_large_text_are_drawn_at_once() {
    let numbers: Vec<String> = (0..200_000).map(|number| format!("[{number}]")).collect();
    let json = format!("{{\"all\": [{}]}}", numbers.join(","));
    let scene = answered(LARGE, "application/json", json.as_bytes()).keys("4 G");
    assert!(scene.text().contains("[1 item]"), "{}", scene.text());
    let scene = scene.keys("V");
    assert!(
        scene
            .text()
            .contains("a text of 1 MiB or more has no colours"),
        "{}",
        scene.text()
    );
    let scene = scene.keys("G l l");
    assert!(
        scene.text().contains("],["),
        "it is moved to the side:\n{}",
        scene.text()
    );
}

#[test]
fn a_letter_an_arrow_or_a_click_takes_a_row_of_a_menu() {
    let mut scene = Scene::new("mixed", 60_000, USUAL).keys("j y");
    let url = Effect::Yank(Piece::Url, RequestId(2));
    assert_eq!(scene.press("u"), Some(url.clone()));
    assert_eq!(scene.state.overlay, None, "the menu is closed");
    let mut scene = scene.keys("y j ↓ k k k");
    assert_eq!(scene.press("Enter"), Some(url));
    let mut scene = scene.keys("w");
    let row = scene.row("table of the run");
    let effect = scene.clicked(30, row);
    assert_eq!(
        effect,
        Some(Effect::Write(Paper::Table, Some(RequestId(2))))
    );
    let mut scene = scene.keys("w");
    assert_eq!(scene.clicked(1, 1), None, "beside the menu");
    assert_eq!(scene.state.overlay, None);
}

#[test]
fn without_a_request_nothing_can_be_copied_and_that_is_said() {
    let mut scene = Scene::new("queue", 0, USUAL);
    scene.model = Model::default();
    scene.state = State::new(USUAL, "");
    scene.state.focus = Focus::Table;
    let scene = scene.keys("y");
    assert!(
        scene.text().contains("there is no request to copy"),
        "{}",
        scene.text()
    );
}

#[test]
fn a_request_is_a_command_that_says_the_same() {
    let scene = Scene::new("cookies", 60_000, LARGE);
    let commands: Vec<_> = scene.model.requests().iter().map(curl).collect();
    expect_file!["snapshots/curl_commands.txt"].assert_eq(&commands.join("\n\n"));
}

#[test]
fn the_mouse_chooses_and_changes_cookies() {
    let scene = Scene::new("cookies", 60_000, LARGE).keys("C s");
    let scene = scene.mouse(MouseEventKind::ScrollDown, 20, 10);
    let mut scene = scene.mouse(MouseEventKind::ScrollDown, 20, 10);
    let Some(Effect::Copy { text: third, .. }) = scene.press("y") else {
        panic!("the third is copied");
    };
    let row = 2 + 1 + 1;
    let mut scene = scene.click(20, row);
    let Some(Effect::Copy { text: second, .. }) = scene.press("y") else {
        panic!("the second is copied");
    };
    assert_ne!(second, third);
    scene.state.notice = None;
    let scene = scene.click(20, row);
    assert!(
        scene.text().contains("› "),
        "it is changed:\n{}",
        scene.text()
    );
    assert_eq!(scene.state.overlay, Some(Overlay::Jar));
    let scene = scene.keys("Esc").click(0, 0);
    assert_eq!(scene.state.overlay, None, "a click beside it closes it");
}

#[test]
fn a_cookie_can_be_added() {
    let mut scene = Scene::new("cookies", 60_000, LARGE).keys("C a");
    let Some(Effect::KeepCookie { of: None, line }) = scene.press("Enter") else {
        panic!("what is typed is kept");
    };
    let cookie = netwaterfall::cookies::read_typed(&line, 0).unwrap();
    let request = scene.model.requests().first().unwrap();
    let host = request.url.host_str();
    assert_eq!(Some(cookie.domain.as_str()), host);
    assert!(cookie.host_only);
}

#[test]
fn fetching_again_says_the_same_again() {
    let mut scene = Scene::new("cookies", 60_000, LARGE);
    let Some(Effect::Tell(Command::Fetch(wanted))) = scene.press("r") else {
        panic!("it is fetched");
    };
    let first = &scene.model.requests()[0];
    let (head, _) = first.sent.as_ref().unwrap();
    let saying = &wanted[0].saying;
    for (name, value) in saying.headers.iter() {
        assert_eq!(head.headers.first(name), Some(value));
    }
    assert_eq!(saying.without, Vec::<String>::new());
}

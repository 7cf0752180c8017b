//! The selected request from nearby: its tabs, and what is copied, written and changed.

use expect_test::expect_file;
use netwaterfall::event::{Command, RequestId};
use netwaterfall::export::curl;
use netwaterfall::ui::{Effect, Overlay, Paper, Piece};
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
    scene.model = netwaterfall::model::Model::default();
    scene.state = netwaterfall::ui::State::new(USUAL, "");
    scene.state.focus = netwaterfall::ui::Focus::Table;
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
    let host = scene.model.requests()[0].url.host_str();
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

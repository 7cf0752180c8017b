//! The table and its time axis, as key scripts over recorded runs at five sizes.

use expect_test::expect_file;
use netwaterfall::event::Command;
use netwaterfall::ui::Effect;
use ratatui::layout::Size;

use crate::screens::Scene;

const SIZES: [Size; 5] = [
    Size::new(40, 12),
    Size::new(60, 16),
    Size::new(80, 24),
    Size::new(132, 43),
    Size::new(200, 60),
];

/// A snapshot for each of the five sizes.
macro_rules! at_five_sizes {
    ($($test:ident: $run:literal at $millis:literal, $keys:literal;)*) => {$(
        #[test]
        fn $test() {
            let at = |size| Scene::new($run, $millis, size).keys($keys);
            let [tiny, small, usual, large, huge] = SIZES;
            at(tiny).is(&expect_file![concat!("snapshots/table/", stringify!($test), "_40x12.txt")]);
            at(small).is(&expect_file![concat!("snapshots/table/", stringify!($test), "_60x16.txt")]);
            at(usual).is(&expect_file![concat!("snapshots/table/", stringify!($test), "_80x24.txt")]);
            at(large).is(&expect_file![concat!("snapshots/table/", stringify!($test), "_132x43.txt")]);
            at(huge).is(&expect_file![concat!("snapshots/table/", stringify!($test), "_200x60.txt")]);
        }
    )*};
}

at_five_sizes! {
    the_time_of_one_request: "queue" at 60_000, "j j j z";
    a_part_of_the_time_under_way: "queue" at 180, "+ + ] ]";
    a_line_through_a_moment: "queue" at 60_000, "| l l l l l l l l";
    the_whole_run_of_two_bursts: "mixed" at 60_000, "0";
}

#[test]
fn a_line_tells_what_went_on_in_all_rows_and_esc_takes_it_away() {
    let scene = Scene::new("queue", 60_000, Size::new(80, 24)).keys("|");
    let text = scene.text();
    assert!(text.contains("at 0: 20 dns"), "{text}");
    let scene = scene.keys("l l l l l l l l l l l l");
    assert!(
        scene.text().contains("5 wait · 8 queue"),
        "{}",
        scene.text()
    );
    let scene = scene.keys("Esc");
    assert!(!scene.text().contains("8 queue"), "{}", scene.text());
}

#[test]
fn zoom_ends_at_the_run_and_before_nothing_can_be_told() {
    let scene = Scene::new("queue", 60_000, Size::new(80, 24));
    let before = scene.text();
    let mut scene = scene.keys("+ + + - - - -");
    assert_eq!(scene.text(), before);
    for _ in 0..40 {
        scene.press("+");
        let axis = scene.row("│");
        let text = scene.text();
        let marks = text.lines().nth(usize::from(axis)).unwrap();
        let marks = marks.split_once('│').unwrap().1;
        assert!(marks.contains('s') && !marks.contains('…'), "{text}");
    }
    assert!(scene.text().contains("as close as it gets"));
}

#[test]
fn giving_all_up_asks_once() {
    let mut scene = Scene::new("queue", 180, Size::new(80, 24));
    assert_eq!(scene.press("X"), None);
    assert!(
        scene.text().contains("X once more gives"),
        "{}",
        scene.text()
    );
    assert_eq!(scene.press("j"), None);
    assert_eq!(scene.press("X"), None, "another key took it back");
    assert_eq!(scene.press("X"), Some(Effect::Tell(Command::CancelAll)));
    let mut over = Scene::new("queue", 60_000, Size::new(80, 24));
    over.press("X");
    assert!(
        over.text().contains("nothing to give up"),
        "{}",
        over.text()
    );
}

#[test]
fn the_list_again_is_what_was_asked_for() {
    let mut scene = Scene::new("mixed", 60_000, Size::new(80, 24));
    let Some(Effect::Tell(Command::Fetch(wanted))) = scene.press("Ctrl-R") else {
        panic!("nothing was asked for");
    };
    let asked_for = scene.model.requests().iter();
    let asked_for = asked_for.filter(|request| request.because.led_by().is_none());
    assert_eq!(wanted.len(), asked_for.count());
}

//! The table and its time axis, as key scripts over recorded runs at five sizes.

use netwaterfall::event::{Command, RequestId};
use netwaterfall::ui::{Effect, Focus};
use ratatui::crossterm::event::{MouseButton, MouseEventKind};
use ratatui::layout::Size;

use crate::screens::{Scene, at_five_sizes};

at_five_sizes! { "table";
    the_time_of_one_request: "queue" at 60_000, "j j j z";
    a_part_of_the_time_under_way: "queue" at 180, "+ + ] ]";
    a_line_through_a_moment: "queue" at 60_000, "| l l l l l l l l";
    the_whole_run_of_two_bursts: "mixed" at 60_000, "0";
    lanes_that_keys_go_to: "mixed" at 60_000, "Tab Tab j j j";
    rows_sorted_by_a_column: "mixed" at 60_000, "s s S";
    rows_sorted_by_latency: "mixed" at 60_000, "s s s s s s s s s s s S";
    columns_are_chosen: "mixed" at 60_000, "c j j x G x K K > > s";
    columns_that_were_chosen: "mixed" at 60_000, "c j j x G x K K K K K K K K K K K K K K K K > > s Esc";
    a_key_of_the_filter_is_completed: "mixed" at 60_000, "f - c o o";
    a_value_of_the_filter_is_completed: "mixed" at 60_000, "f s t a t Tab ↓";
    a_filter_made_of_what_was_offered: "mixed" at 60_000, "f - m i m Tab Tab s t a t Tab Tab Enter";
    a_search_that_is_typed: "mixed" at 60_000, "/ h t m l", found "";
    a_hit_in_the_table: "mixed" at 60_000, "/ a p p", found "Enter n";
    a_hit_in_the_headers: "mixed" at 60_000, "Enter / h t m l", found "Enter n n";
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

#[test]
fn hits_are_gone_through_in_the_order_of_the_rows() {
    let scene = Scene::new("mixed", 60_000, Size::new(132, 43)).keys("S / a p p . j s");
    let mut scene = scene.searched().keys("Enter");
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(scene.state.selected.unwrap().0);
        scene.press("n");
    }
    scene.press("N");
    assert_eq!(
        seen,
        [11, 3, 11, 3],
        "the later one is above, and round it goes"
    );
    assert!(scene.text().contains("/2: #"), "{}", scene.text());
}

#[test]
fn a_search_goes_on_as_requests_end_and_esc_takes_it_back() {
    let scene = Scene::new("mixed", 100, Size::new(132, 43)).keys("/ h t t p");
    let scene = scene.searched();
    let early = scene.text();
    assert!(
        early.contains(" in ") && !early.contains("in 15 requests"),
        "{early}"
    );
    let scene = scene.later(60_000).searched();
    assert!(scene.text().contains("in 15 requests"), "{}", scene.text());
    let scene = scene.keys("Esc n");
    assert!(
        scene.text().contains("nothing is searched for"),
        "{}",
        scene.text()
    );
}

#[test]
fn a_search_that_is_wrong_is_said_and_nothing_found_too() {
    let scene = Scene::new("mixed", 60_000, Size::new(132, 43)).keys("/ / ( /");
    assert!(
        scene.text().contains("is no regular expression"),
        "{}",
        scene.text()
    );
    let scene = Scene::new("mixed", 60_000, Size::new(80, 24)).keys("/ z q z q");
    let scene = scene.searched().keys("Enter n");
    assert!(scene.text().contains("not found: zqzq"), "{}", scene.text());
}

#[test]
fn sorting_and_filtering_keep_the_selected_selected() {
    let mut scene = Scene::new("mixed", 60_000, Size::new(80, 24)).keys("j j j");
    let chosen = scene.state.selected;
    for name in ["s", "s", "s", "S", "f", ".", "Enter", "S", "s", "s", "s"] {
        scene.press(name);
        assert_eq!(scene.state.selected, chosen, "after {name}");
        assert!(
            scene.text().contains('▸'),
            "after {name}:\n{}",
            scene.text()
        );
    }
}

#[test]
fn rows_move_to_their_places_as_facts_come() {
    let scene = Scene::new("queue", 180, Size::new(132, 43)).keys("s s s s s s s S");
    let scene = scene.later(60_000);
    let text = scene.text();
    let rows = text.lines().filter(|line| line.contains("/1"));
    let times: Vec<u32> = rows
        .filter_map(|line| line.split(" ms ").next()?.rsplit(' ').next()?.parse().ok())
        .collect();
    assert!(
        times.len() > 8 && times.is_sorted_by(|a, b| a >= b),
        "{times:?}\n{text}"
    );
}

/// The column in which `words` begin on a row of the screen.
fn column(scene: &Scene, row: u16, words: &str) -> u16 {
    let text = scene.text();
    let line = text.lines().nth(usize::from(row)).unwrap();
    let (before, _) = line.split_once(words).unwrap();
    u16::try_from(netwaterfall::message::width(before)).unwrap()
}

const DRAG: MouseEventKind = MouseEventKind::Drag(MouseButton::Left);
const UP: MouseEventKind = MouseEventKind::Up(MouseButton::Left);

#[test]
fn a_click_on_a_head_sorts_and_a_second_turns_it_round() {
    let scene = Scene::new("mixed", 60_000, Size::new(132, 43));
    let x = column(&scene, 2, "Time");
    let scene = scene.click(x, 2).mouse(UP, x, 2);
    assert!(scene.text().contains("Time▲"), "{}", scene.text());
    let scene = scene.click(x, 2).mouse(UP, x, 2);
    assert!(scene.text().contains("Time▼"), "{}", scene.text());
    let scene = scene.click(x, 2).mouse(UP, x, 2);
    assert!(!scene.text().contains(['▲', '▼']), "{}", scene.text());
}

#[test]
fn the_border_of_a_column_is_dragged() {
    let scene = Scene::new("mixed", 60_000, Size::new(132, 43));
    let host = column(&scene, 2, "Host");
    let scene = scene.click(host - 1, 2).mouse(DRAG, host - 5, 2);
    let scene = scene.mouse(UP, host - 5, 2);
    assert_eq!(column(&scene, 2, "Host"), host - 4);
    assert!(scene.state.layout().to_string().contains("show name "));
}

#[test]
fn a_stretch_of_the_axis_is_dragged_and_a_place_of_it_clicked() {
    let scene = Scene::new("queue", 60_000, Size::new(132, 43));
    let start = column(&scene, 2, "│") + 1;
    let scene = scene.click(start + 20, 2).mouse(UP, start + 20, 2);
    assert!(scene.text().contains("at 2"), "{}", scene.text());
    let scene = scene.keys("Esc").click(start + 10, 2);
    let scene = scene.mouse(DRAG, start + 20, 2).mouse(UP, start + 30, 2);
    let axis = scene.text().lines().nth(2).unwrap().to_owned();
    assert!(axis.contains("│") && !axis.contains("│0"), "{axis}");
    assert!(!scene.text().contains("no line"), "{}", scene.text());
}

#[test]
fn lanes_and_rows_lead_to_each_other() {
    let size = Size::new(132, 43);
    let mut scene = Scene::new("queue", 60_000, size).keys("j Shift-Tab");
    assert_eq!(scene.state.focus, Focus::Lanes);
    let request = scene.state.selected;
    assert_eq!(request, Some(RequestId(2)), "the lane is that of the row");
    scene.press("→");
    let next = scene.state.selected;
    assert_ne!(next, request, "the next on the same lane");
    scene.press("←");
    assert_eq!(scene.state.selected, request);
    scene.press("j");
    let other = scene.state.selected.and_then(|id| scene.model.request(id));
    let connection = other.unwrap().connection;
    assert_ne!(
        connection,
        scene.model.request(RequestId(2)).unwrap().connection
    );
    scene.press("Esc");
    assert_eq!(scene.state.focus, Focus::Table);
}

#[test]
fn more_lanes_than_rows_are_scrolled_through() {
    let size = Size::new(80, 24);
    let mut scene = Scene::new("mixed", 60_000, size).keys("Shift-Tab");
    let mut seen = Vec::new();
    for _ in 0..scene.model.connections().len() {
        let text = scene.text();
        let mark = text
            .lines()
            .find(|line| line.starts_with("▸  c") || line.starts_with("▸   c"));
        let line = mark
            .unwrap_or_else(|| panic!("no lane is marked:\n{text}"))
            .to_owned();
        let name = line.split_whitespace().nth(1).unwrap().to_owned();
        seen.push(name);
        scene.press("j");
    }
    seen.dedup();
    assert_eq!(seen.len(), scene.model.connections().len(), "{seen:?}");
}

#[test]
fn a_stage_of_the_legend_is_sorted_by() {
    let scene = Scene::new("mixed", 60_000, Size::new(132, 43)).keys("L");
    let row = scene.row("Reading the answer");
    let scene = scene.click(60, row);
    assert!(scene.text().contains("by receive ▼"), "{}", scene.text());
    let text = scene.text();
    let first = text.lines().nth(3).unwrap();
    assert!(first.contains("/app.js"), "{text}");
}

#[test]
fn the_details_are_as_large_as_they_are_dragged() {
    let scene = Scene::new("mixed", 60_000, Size::new(132, 43)).keys("Enter");
    let row = scene.row(" Headers ");
    let scene = scene
        .click(120, row)
        .mouse(DRAG, 120, row - 5)
        .mouse(UP, 120, row - 5);
    assert_eq!(scene.row(" Headers "), row - 5);
    let scene = scene
        .click(120, row - 5)
        .mouse(DRAG, 120, 0)
        .mouse(UP, 120, 0);
    assert!(scene.text().contains('▸'), "{}", scene.text());
}

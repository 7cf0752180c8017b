//! The palette of actions and help, as key scripts over recorded runs at five sizes.

use netwaterfall::event::Command;
use netwaterfall::model::Model;
use netwaterfall::ui::{Effect, Focus, Menu, Overlay, State, Tab};
use ratatui::crossterm::event::MouseEventKind;

use crate::pty::Screen;
use crate::screens::{LARGE, Scene, USUAL, at_five_sizes};

at_five_sizes! { "palette";
    the_palette_as_it_opens: "mixed" at 1_000, ": ↓ ↓";
    the_palette_with_what_was_typed: "mixed" at 60_000, ": c a n c";
    the_palette_scrolled: "mixed" at 60_000, "Enter : PgDn PgDn ↓ PgUp";
    help_for_the_details: "mixed" at 60_000, "Enter ?";
    help_that_is_searched: "mixed" at 60_000, "? c o o k i e";
    details_on_the_whole_screen: "mixed" at 60_000, "3 Z";
}

#[test]
fn the_palette_does_what_is_found_in_it() {
    let scene = Scene::new("queue", 180, LARGE).keys(": l e g e n Enter");
    assert_eq!(scene.state.overlay, Some(Overlay::Legend));
    let scene = Scene::new("queue", 180, LARGE).keys(": w h a t Space g l y p h s Enter");
    assert_eq!(scene.state.overlay, Some(Overlay::Legend));
    let scene = Scene::new("queue", 180, LARGE).keys(": t i m i n g Enter");
    assert_eq!(
        (scene.state.tab, scene.state.focus),
        (Tab::Timing, Focus::Details)
    );
    let mut scene = Scene::new("queue", 180, LARGE).keys(": q u i t");
    assert!(matches!(
        scene.press("Enter"),
        Some(Effect::Quit | Effect::QuitLeaving)
    ));
    let mut scene = Scene::new("queue", 180, LARGE).keys(": z z z z");
    assert!(
        scene.text().contains("nothing that can be done"),
        "{}",
        scene.text()
    );
    assert_eq!(scene.press("Enter"), None);
    assert_eq!(scene.keys("Esc").state.overlay, None);
}

#[test]
fn rows_of_menus_are_in_the_palette() {
    let mut scene = Scene::new("queue", 180, LARGE).keys(": c o p y Space c u r l");
    let effect = scene.press("Enter");
    assert!(
        matches!(effect, Some(Effect::Yank(netwaterfall::ui::Piece::Curl, _))),
        "{effect:?}"
    );
    assert_eq!(scene.state.overlay, None);
    let scene = Scene::new("queue", 180, LARGE).keys(": c o p y : Enter");
    assert_ne!(
        scene.state.overlay,
        Some(Overlay::Menu(Menu::Yank)),
        "a row, not the menu"
    );
}

#[test]
fn a_key_that_is_typed_finds_its_action_first() {
    let scene = Scene::new("queue", 180, USUAL).keys(": F Enter");
    assert!(scene.state.is_following, "{}", scene.text());
    let scene = Scene::new("queue", 180, USUAL).keys(": | Enter");
    assert!(
        scene.text().contains('┊') || scene.text().contains("no line"),
        "{}",
        scene.text()
    );
}

#[test]
fn what_was_done_last_comes_first() {
    let scene =
        Scene::new("queue", 180, USUAL).keys(": l e g e n d Enter Esc : f o l l o w Enter :");
    let text = scene.text();
    let (follow, legend) = (
        scene.row("follow the newest"),
        scene.row("what glyphs and colours"),
    );
    assert_eq!(follow + 1, legend, "{text}");
    assert!(scene.row("go to the address bar") > legend, "{text}");
}

#[test]
fn what_would_do_nothing_says_why_and_is_not_done() {
    let mut scene = Scene::new("mixed", 60_000, LARGE).keys(": g i v e Space t h e");
    assert!(
        scene
            .text()
            .contains("give the selected up · #1 is over already"),
        "{}",
        scene.text()
    );
    assert_eq!(scene.press("Enter"), None);
    assert_eq!(
        scene.state.overlay,
        Some(Overlay::Palette),
        "another can be taken"
    );
    assert_eq!(
        scene.state.notice.as_ref().unwrap().words,
        "#1 is over already"
    );
    let mut scene = Scene::new("queue", 180, LARGE).keys("G : g i v e Space t h e");
    assert!(matches!(
        scene.press("Enter"),
        Some(Effect::Tell(Command::Cancel(_)))
    ));
    let mut scene = Scene::new("mixed", 60_000, LARGE);
    scene.state.is_recorded = true;
    let scene = scene.keys(": a g a i n");
    assert!(
        scene.text().contains("this is a recorded run"),
        "{}",
        scene.text()
    );
    let mut scene = Scene::new("queue", 0, USUAL);
    (scene.model, scene.state) = (Model::default(), State::new(USUAL, ""));
    let scene = scene.keys("Esc : c o p y Space U R L");
    assert!(
        scene.text().contains("there is no request yet"),
        "{}",
        scene.text()
    );
    let scene = Scene::new("mixed", 60_000, LARGE).keys(": a d d Space a Space c o o");
    assert!(
        scene.text().contains("only in the jar of cookies"),
        "{}",
        scene.text()
    );
}

#[test]
fn the_palette_of_the_jar_goes_back_to_the_jar() {
    let scene = Scene::new("cookies", 60_000, LARGE).keys("C :");
    assert!(
        scene.text().contains("delete all cookies"),
        "{}",
        scene.text()
    );
    let scene = scene.keys("a d d Enter x = 1");
    assert_eq!(scene.state.overlay, Some(Overlay::Jar));
    assert!(scene.text().contains("x=1"), "{}", scene.text());
    let scene = Scene::new("cookies", 60_000, LARGE).keys("C : Esc");
    assert_eq!(scene.state.overlay, Some(Overlay::Jar));
    let scene = Scene::new("cookies", 60_000, LARGE).keys("C : F1 Esc Esc Esc");
    assert_eq!(scene.state.overlay, None);
}

#[test]
fn a_click_does_what_is_drawn_there_and_beside_it_closes() {
    let scene = Scene::new("queue", 180, USUAL).keys(": c h o o s e").mouse(
        MouseEventKind::ScrollDown,
        30,
        10,
    );
    let row = scene.row("choose columns");
    let scene = scene.click(30, row);
    assert_eq!(
        scene.state.overlay,
        Some(Overlay::Columns),
        "{}",
        scene.text()
    );
    let scene = Scene::new("queue", 180, LARGE).keys(":").click(1, 1);
    assert_eq!(scene.state.overlay, None);
}

#[test]
fn help_begins_with_where_one_is() {
    for (keys, words) in [
        ("o F1", "in the address bar"),
        ("?", "in the table and the details"),
        ("Enter ?", "in the details"),
        ("f F1", "in the filter"),
        ("/ F1", "in the search"),
        ("c ?", "where columns are chosen"),
        ("C ?", "in the jar of cookies"),
        ("C a F1", "in a cookie that is typed"),
        ("y ?", "in a menu"),
        (": F1", "in the palette of actions"),
        ("Enter / F1", "in what is looked for"),
    ] {
        let scene = Scene::new("cookies", 60_000, USUAL).keys(keys);
        let text = scene.text();
        let first = text
            .lines()
            .skip_while(|line| !line.contains("Keys /"))
            .nth(1)
            .unwrap();
        assert!(first.contains(words), "{keys}:\n{text}");
        let before = (scene.state.focus, scene.model.requests().len());
        let scene = scene.keys("z z Esc");
        assert_eq!(
            scene.state.overlay,
            Some(Overlay::Help),
            "the search goes first"
        );
        let scene = scene.keys("F1");
        assert_ne!(scene.state.overlay, Some(Overlay::Help));
        assert_eq!((scene.state.focus, scene.model.requests().len()), before);
    }
}

#[test]
fn what_is_typed_in_help_is_searched_for() {
    let scene = Scene::new("queue", 180, USUAL).keys("? f o l l o w");
    let text = scene.text();
    assert!(
        text.contains("follow the newest") && !text.contains("half a page"),
        "{text}"
    );
    let scene = Scene::new("queue", 180, USUAL).keys("? C t r l - d");
    assert!(
        scene.text().contains("half a page down"),
        "{}",
        scene.text()
    );
    let scene = Scene::new("queue", 180, USUAL).keys("? j a r Space d e l e t e");
    assert!(
        scene.text().contains("delete all cookies"),
        "{}",
        scene.text()
    );
    let scene = Scene::new("queue", 180, USUAL).keys("? z z z z");
    assert!(scene.text().contains("is called so"), "{}", scene.text());
    assert_eq!(scene.keys("Esc Esc").state.overlay, None);
    assert_eq!(
        Scene::new("queue", 180, USUAL).keys("? ?").state.overlay,
        None
    );
}

#[test]
fn help_scrolls_to_its_end_and_at_once_back() {
    let scene = Scene::new("queue", 180, USUAL)
        .keys("? PgDn PgDn PgDn PgDn PgDn PgDn PgDn PgDn PgDn PgDn PgDn PgDn");
    let end = scene.text();
    assert!(
        end.contains("stop, until fg") && !end.contains("more: ↓"),
        "{end}"
    );
    assert_ne!(scene.keys("↑").text(), end);
}

#[test]
fn details_that_have_the_keys_are_the_larger_part_of_a_small_screen() {
    let scene = Scene::new("mixed", 60_000, USUAL).keys("3");
    let rows = |scene: &Scene| {
        let areas = netwaterfall::ui::areas(USUAL, &scene.state);
        (areas.table.height, areas.details.height)
    };
    assert_eq!(rows(&scene), (6, 14));
    let scene = scene.keys("Tab");
    assert_eq!(rows(&scene), (11, 9));
    let scene = scene.keys("Z");
    assert_eq!((rows(&scene), scene.state.focus), ((0, 21), Focus::Details));
    let scene = scene.keys("Tab");
    assert_eq!(
        rows(&scene),
        (11, 9),
        "the table is seen once it has the keys"
    );
    let scene = scene.keys("Tab Z");
    assert_eq!(rows(&scene), (6, 14));
}

#[test]
fn palette_and_help_are_searched_on_a_real_terminal() {
    let run = "tests/fixtures/runs/mixed.ndjson";
    let mut screen = Screen::run(&["replay", run], 24, 80);
    screen.until("15 requests");
    screen.send(b":");
    screen.until("What to do");
    screen.send(b"glyph");
    screen.until("what glyphs and colours mean");
    screen.send(b"\r");
    screen.until("Legend");
    screen.send(b"\x1b");
    screen.until("15 requests");
    screen.send(b"?");
    screen.until("Keys / type to search");
    screen.send(b"fiftieth later");
    screen.until("Keys / fiftieth later");
    screen.until("the screen a fiftieth of the run later");
    screen.send(b"\x03");
    screen.wait();
    assert!(screen.restored(), "{}", screen.text());
}

//! A click on a hint of the footer does what its key does, and one on a word that the filter offers takes it.

use netwaterfall::ui::Focus;
use ratatui::layout::Size;

use crate::screens::{LARGE, Scene, USUAL};

/// The screen after a click on `words` of its last row.
fn clicked(mut scene: Scene, words: &str) -> (Scene, bool) {
    let text = scene.text();
    let last = text.lines().last().unwrap();
    let parts = last.split_once(words);
    let (before, _) = parts.unwrap_or_else(|| panic!("no {words:?} in {last:?}"));
    let column = before.chars().count();
    let row = text.lines().count() - 1;
    let place = |number: usize| u16::try_from(number).unwrap();
    let effect = scene.clicked(place(column), place(row));
    (scene, effect.is_some())
}

#[test]
fn a_click_on_a_hint_does_what_its_key_does() {
    let scene = |before: &str| Scene::new("mixed", 60_000, LARGE).keys(before);
    for (before, words, key) in [
        ("", "open", "o"),
        ("", "details", "Enter"),
        ("", "filter", "f"),
        ("", "search", "/"),
        ("", "cookies", "C"),
        ("", "help", "?"),
        ("", "all", ":"),
        ("", "copy", "y"),
        ("", "write", "w"),
        ("", "↓", "↓"),
        ("j j", "↑", "↑"),
        ("j", "select", "j"),
        ("Enter", "table", "Tab"),
        ("Enter", "6 tab", "6"),
        ("Enter 3", "1-", "1"),
        ("Enter", "close", "Esc"),
        ("o", "to the table", "Esc"),
        ("f", "as before", "Esc"),
        ("|", "no line", "Esc"),
        (":", "close", "Esc"),
        ("Enter 4", "look", "V"),
        ("Shift-Tab", "lane", "↓"),
    ] {
        let (by_click, _) = clicked(scene(before), words);
        let by_key = scene(before).keys(key);
        assert_eq!(by_click.text(), by_key.text(), "{before:?} {words:?}");
        assert_ne!(by_click.text(), scene(before).text(), "{words:?}");
    }
    assert!(clicked(scene(""), "quit").1, "the program has to do it");
}

#[test]
fn beside_the_hints_and_on_a_notice_a_click_does_nothing() {
    let scene = Scene::new("mixed", 60_000, LARGE);
    let before = scene.text();
    let between = u16::try_from(before.lines().last().unwrap().find("open").unwrap() + 5).unwrap();
    assert_eq!(scene.click(between, 42).text(), before);
    // Beside a menu a click closes it, and no more.
    let menu = Scene::new("mixed", 60_000, LARGE).keys("y");
    assert_eq!(clicked(menu, "open").0.text(), before);
    let told = Scene::new("mixed", 60_000, LARGE).keys("m");
    let before = told.text();
    assert_eq!(told.click(2, 42).text(), before);
    // Nothing is hit on a screen without room.
    for size in [Size::new(1, 1), Size::new(3, 30), Size::new(0, 0)] {
        let scene = Scene::new("mixed", 60_000, size);
        scene.click(0, size.height.saturating_sub(1));
    }
}

#[test]
fn a_word_that_the_filter_offers_is_taken_by_a_click() {
    let scene = Scene::new("mixed", 60_000, USUAL).keys("f m e t");
    let row = scene.row("method:");
    assert_eq!(row, 2, "under the line");
    let scene = scene.click(5, row);
    assert_eq!(scene.state.focus, Focus::Filter);
    assert!(scene.text().contains("method:"), "{}", scene.text());
    let row = scene.row("method:GET");
    let scene = scene.click(5, row).keys("Enter");
    assert!(scene.text().contains("method:GET"), "{}", scene.text());
}

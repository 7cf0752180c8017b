//! What can be clicked: the hints of the footer, words that the filter offers, links.

use netwaterfall::event::{ConnectionId, RequestId};
use netwaterfall::ui::{Focus, Overlay, Tab};
use ratatui::crossterm::event::{MouseButton, MouseEventKind};
use ratatui::layout::Size;
use ratatui::style::Modifier;

use crate::screens::{LARGE, SMALL, Scene, USUAL};

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
        ("C", "close", "Esc"),
        ("C", "sort", "s"),
        ("C", "add", "a"),
        ("y", "close", "Esc"),
        ("y", "select", "↓"),
        ("c", "sort", "s"),
        ("c", "close", "Esc"),
        ("R", "leave it", "Esc"),
        ("R", "field", "Shift-Tab"),
        ("L", "close", "Esc"),
        ("Enter /", "go back", "Esc"),
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
    assert_eq!(menu.click(2, 5).text(), before);
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

/// What is underlined on the screen: the words, and where they begin.
fn links(scene: &Scene) -> Vec<(String, u16, u16)> {
    let buffer = scene.buffer();
    let mut found: Vec<(String, u16, u16)> = Vec::new();
    for y in 0..buffer.area.height {
        let mut is_within = false;
        for x in 0..buffer.area.width {
            let cell = buffer.cell((x, y)).unwrap();
            let is_link = cell.modifier.contains(Modifier::UNDERLINED);
            match found.last_mut() {
                Some((words, ..)) if is_link && is_within => words.push_str(cell.symbol()),
                _ if is_link => found.push((cell.symbol().to_owned(), x, y)),
                _ => {}
            }
            is_within = is_link;
        }
    }
    found
}

/// Where `words` are underlined.
fn link(scene: &Scene, words: &str) -> (u16, u16) {
    let found = links(scene);
    let named = found.iter().find(|(link, ..)| link == words);
    let (_, x, y) = named.unwrap_or_else(|| panic!("no {words}: {found:?}\n{}", scene.text()));
    (*x, *y)
}

/// The screen as it is looked at, for each of the places where links stand.
const WITH_LINKS: &[(&str, u64, &str)] = &[
    ("mixed", 60_000, ""),
    ("mixed", 60_000, "Enter"),
    ("mixed", 60_000, "G Enter"),
    ("mixed", 60_000, "Enter 3 G"),
    ("mixed", 60_000, "j j j j j j j j j j Enter 5"),
    ("mixed", 60_000, "G Enter 6"),
    ("queue", 60_000, "G Enter 3"),
    ("queue", 60_000, "G Enter 5"),
    ("queue", 180, "G Enter 3"),
    ("queue", 180, ""),
    ("queue", 180, "Space"),
];

#[test]
fn whatever_is_underlined_leads_to_what_it_names() {
    let mut seen = 0;
    for (run, millis, keys) in WITH_LINKS {
        for size in [LARGE, USUAL] {
            let scene = || Scene::new(run, *millis, size).keys(keys);
            for (words, x, y) in links(&scene()) {
                let at = format!("{run} {millis} {keys:?} {words} at {x},{y}");
                let last = x + u16::try_from(words.len()).unwrap() - 1;
                for x in [x, last] {
                    let scene = scene().click(x, y);
                    if let Some(number) = words.strip_prefix('#') {
                        let number = number.parse().unwrap();
                        assert_eq!(scene.state.selected, Some(RequestId(number)), "{at}");
                    } else {
                        let number = words.strip_prefix('c').unwrap().parse().unwrap();
                        let id = ConnectionId(number);
                        let request = scene.state.selected.unwrap();
                        let connection = scene.model.connection(id).unwrap();
                        let mut carried = connection.carried.iter();
                        assert!(carried.any(|carried| carried.request == request), "{at}");
                        assert_eq!(scene.state.tab, Tab::Connection, "{at}");
                    }
                }
                seen += 1;
            }
        }
    }
    assert!(seen > 50, "{seen}");
}

#[test]
fn a_redirect_is_followed_by_a_click_and_backspace_goes_back() {
    let mut scene = Scene::new("mixed", 60_000, LARGE).keys("j");
    let before = scene.text();
    let row = scene.row("→ #");
    let (words, x, y) = links(&scene)
        .into_iter()
        .find(|(_, _, y)| *y == row)
        .unwrap();
    scene.clicked(x, y);
    assert!(
        scene.text().contains("Backspace goes back"),
        "{}",
        scene.text()
    );
    assert_ne!(scene.text(), before);
    assert!(scene.text().contains(&words));
    scene.press("Backspace");
    assert_eq!(scene.text(), before);
    scene.press("Backspace");
    assert!(
        scene.text().contains("no link was followed"),
        "{}",
        scene.text()
    );
}

#[test]
fn keys_follow_what_a_line_names_and_choose_among_several() {
    let scene = || Scene::new("queue", 60_000, LARGE).keys("G Enter 5");
    let mut scene = scene();
    let row = scene.row("carried");
    for _ in 0..40 {
        let text = scene.text();
        if text.lines().nth(usize::from(row)).unwrap().starts_with('▸') {
            break;
        }
        scene.press("j");
    }
    let text = scene.text();
    let line = text.lines().nth(usize::from(row)).unwrap();
    let named: Vec<_> = line
        .split_whitespace()
        .filter(|word| word.starts_with('#'))
        .collect();
    assert!(named.len() > 2, "{line}");
    assert!(text.contains(&format!("Enter to {}", named[0])), "{text}");
    scene.press("→");
    assert!(
        scene.text().contains(&format!("Enter to {}", named[1])),
        "{}",
        scene.text()
    );
    let here = scene.state.selected;
    scene.press("Enter");
    let there = scene.state.selected.unwrap();
    assert_eq!(there.to_string(), named[1]);
    assert_eq!(scene.state.tab, Tab::Connection);
    scene.press("Ctrl-O");
    assert_eq!(scene.state.selected, here);
    let text = scene.text();
    assert!(
        text.lines().nth(usize::from(row)).unwrap().starts_with('▸'),
        "{text}"
    );
}

#[test]
fn a_request_of_what_if_is_gone_to_and_one_that_is_hidden_is_told_of() {
    let scene = Scene::new("queue", 60_000, LARGE).imagining(1).keys("W");
    let (x, y) = link(&scene, "#3");
    let scene = scene.click(x, y);
    assert_eq!(scene.state.selected, Some(RequestId(3)));
    assert_eq!(scene.state.overlay, None);
    let scene = Scene::new("mixed", 60_000, LARGE).keys("f s t a t u s - c o d e : 3 x x Enter");
    let (words, x, y) = links(&scene).first().unwrap().clone();
    let before = scene.state.selected;
    let scene = scene.click(x, y);
    let told = format!("the filter hides {words}");
    assert!(scene.text().contains(&told), "{}", scene.text());
    assert_eq!(scene.state.selected, before);
}

/// A click on `words`, wherever they stand first.
fn click_on(scene: Scene, words: &str) -> (Scene, bool) {
    let mut scene = scene;
    let text = scene.text();
    let row = scene.row(words);
    let line = text.lines().nth(usize::from(row)).unwrap();
    let (before, _) = line.split_once(words).unwrap();
    let column = u16::try_from(netwaterfall::message::width(before)).unwrap();
    let effect = scene.clicked(column, row);
    (scene, effect.is_some())
}

#[test]
fn the_figures_of_the_header_filter_and_its_sign_holds_the_run() {
    let scene = Scene::new("mixed", 60_000, LARGE);
    let rows = |scene: &Scene| {
        scene
            .text()
            .lines()
            .filter(|line| line.contains("GET"))
            .count()
    };
    let all = rows(&scene);
    let (scene, _) = click_on(scene, "3 failed");
    assert_eq!(rows(&scene), 3, "{}", scene.text());
    let (scene, _) = click_on(scene.keys("g"), "3 failed");
    assert_eq!(rows(&scene), all, "{}", scene.text());
    let (scene, _) = click_on(scene.keys("g"), "1 from cache");
    assert_eq!(rows(&scene), 1, "{}", scene.text());
    assert!(click_on(scene, "● done").1, "the program holds it");
    let (waiting, _) = click_on(Scene::new("queue", 180, LARGE), "waiting");
    assert!(
        waiting.text().contains("f is:running"),
        "{}",
        waiting.text()
    );
}

#[test]
fn what_the_address_bar_tells_at_its_end_can_be_clicked() {
    let scene = || Scene::new("mixed", 60_000, LARGE);
    let (filter, _) = click_on(scene().keys("f i s : f a i l e d Enter"), "f is:failed");
    assert_eq!(filter.state.focus, Focus::Filter);
    let (search, _) = click_on(scene().keys("/ h t m l").searched().keys("Enter"), "/ html");
    assert_eq!(search.state.focus, Focus::Search);
    let (legend, _) = click_on(scene(), "L legend");
    assert_eq!(legend.state.overlay, Some(Overlay::Legend));
    let (typed, _) = click_on(scene(), "o to type");
    assert_eq!(typed.state.focus, Focus::Address);
}

#[test]
fn more_lanes_are_shown_by_a_click_on_how_many_there_are() {
    let (scene, _) = click_on(Scene::new("mixed", 60_000, LARGE), "more: the wheel");
    assert!(
        !scene.text().contains("more: the wheel"),
        "{}",
        scene.text()
    );
    assert!(
        scene.text().contains("localhost:80 http"),
        "{}",
        scene.text()
    );
}

#[test]
fn a_row_of_help_does_what_it_tells_of() {
    let help = || Scene::new("mixed", 60_000, LARGE).keys("? c o o k i e s");
    let (jar, _) = click_on(help(), "the cookies of the run");
    assert_eq!(jar.state.overlay, Some(Overlay::Jar));
    let (other, _) = click_on(help(), "delete all cookies");
    assert_eq!(other.state.overlay, Some(Overlay::Help));
    assert!(
        other.text().contains("for another place: in the jar"),
        "{}",
        other.text()
    );
    assert_eq!(help().click(0, 5).state.overlay, None);
}

#[test]
fn the_box_of_a_column_shows_it_at_once() {
    let scene = Scene::new("mixed", 60_000, LARGE).keys("c");
    let row = scene.row("[x] method");
    let text = scene.text();
    let line = text.lines().nth(usize::from(row)).unwrap();
    let column = line.split_once("[x]").unwrap().0.chars().count();
    let scene = scene.click(u16::try_from(column + 1).unwrap(), row);
    assert!(scene.text().contains("[ ] method"), "{}", scene.text());
}

#[test]
fn rows_that_are_not_seen_have_a_thumb_that_can_be_dragged() {
    let scene = Scene::new("mixed", 60_000, USUAL);
    let first = scene.row("┃");
    let text = scene.text();
    let line = text.lines().nth(usize::from(first)).unwrap();
    let x = u16::try_from(line.split_once('┃').unwrap().0.chars().count()).unwrap();
    let bottom = scene.row("┼") - 1;
    let scene = scene.click(x, bottom);
    assert_eq!(
        scene.state.selected,
        Some(RequestId(15)),
        "{}",
        scene.text()
    );
    assert_eq!(scene.row("┃"), first + 1, "{}", scene.text());
    let drag = MouseEventKind::Drag(MouseButton::Left);
    let scene = scene.mouse(drag, x, 0);
    assert_eq!(scene.state.selected, Some(RequestId(1)), "{}", scene.text());
    assert!(
        !Scene::new("mixed", 60_000, LARGE).text().contains('┃'),
        "all are seen"
    );
}

#[test]
fn the_details_say_where_in_a_tab_one_is() {
    let scene = Scene::new("mixed", 60_000, USUAL).keys("Enter");
    assert!(scene.text().contains(" 1 of "), "{}", scene.text());
    let scene = scene.keys("j j");
    assert!(scene.text().contains(" 3 of "), "{}", scene.text());
    let whole = Scene::new("mixed", 60_000, LARGE).keys("Enter 6");
    assert!(!whole.text().contains(" 1 of "), "{}", whole.text());
}

#[test]
fn a_narrow_screen_tells_tabs_by_their_keys_which_can_be_clicked() {
    let scene = Scene::new("mixed", 60_000, SMALL).keys("Enter 5");
    assert!(
        scene.text().contains("1  2  3  4  Connection  6"),
        "{}",
        scene.text()
    );
    let (scene, _) = click_on(scene, "6 ─");
    assert_eq!(scene.state.tab, Tab::Cache);
    assert!(scene.text().contains("4  5  Cache"), "{}", scene.text());
}

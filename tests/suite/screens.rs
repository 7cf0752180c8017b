//! What is on the screen: recorded runs up to a moment, keys pressed, and the cells that come out.
//!
//! A snapshot has the symbols, and under them a letter for the tone of each cell:
//! `.` default, `d` dark gray, `c` cyan, `y` yellow, `m` magenta, `o` light yellow, `g` green,
//! `b` blue, `r` red, `,` dim; the same in capitals, and `*`, where it is bold; `#` reversed.
//! Where there is a colour behind a symbol, the digit tells which: 1 dark gray, 2 cyan, 3 yellow,
//! 4 magenta, 5 light yellow, 6 green, 7 blue, 8 red.

use std::fmt::Write as _;

use expect_test::{ExpectFile, expect_file};
use netwaterfall::event::{Because, Command, Event, Fact, Moment, RequestId};
use netwaterfall::forecast::{Change, Difference, PerHost, forecast};
use netwaterfall::model::Model;
use netwaterfall::ui::{Effect, Focus, Found, Imagined, State, Tab, Theme, Unpacked, draw};
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::crossterm::event::{
    KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use ratatui::layout::Size;
use ratatui::style::{Color, Modifier};

use crate::runs::{RUNS, folded, recorded, until};

pub(crate) const SMALL: Size = Size::new(40, 12);
pub(crate) const USUAL: Size = Size::new(80, 24);
pub(crate) const LARGE: Size = Size::new(132, 43);

/// A recorded run at a moment, and a person who looks at it.
pub(crate) struct Scene {
    events: Vec<Event>,
    pub(crate) model: Model,
    pub(crate) state: State,
    pub(crate) now: Moment,
    size: Size,
    theme: Theme,
}

impl Scene {
    pub(crate) fn new(name: &str, millis: u64, size: Size) -> Self {
        let mut scene = Self::of(recorded(name), Moment::from_millis(millis), size);
        scene.state.title = format!("{name}.ndjson");
        scene
    }

    /// A run of these facts.
    pub(crate) fn of(events: Vec<Event>, now: Moment, size: Size) -> Self {
        let model = folded(until(&events, now));
        let mut state = State::new(size, "");
        state.focus = Focus::Table;
        state.settle(&model);
        Self {
            events,
            model,
            state,
            now,
            size,
            theme: Theme::ansi(),
        }
    }

    /// The run as it would have been with so many connections per host.
    pub(crate) fn imagining(mut self, per_host: u32) -> Self {
        let change = Change::per_host(PerHost::Some(per_host));
        let model = folded(&forecast(&self.model, change));
        let words = Difference::between(change, &self.model, &model).to_string();
        self.state.imagined = Some(Imagined { model, words });
        self
    }

    /// Presses keys, written as the help has them, a blank between.
    pub(crate) fn keys(mut self, keys: &str) -> Self {
        for name in keys.split_whitespace() {
            self.press(name);
        }
        self
    }

    pub(crate) fn press(&mut self, name: &str) -> Option<Effect> {
        let effect = self.state.key(&key(name), &self.model);
        self.read_body();
        effect
    }

    /// What the program has a thread for; coded bodies stay as they are.
    pub(crate) fn read_body(&mut self) {
        let packed = self.state.packed(&self.model);
        if let Some(packed) = packed.filter(|packed| packed.codings.is_empty()) {
            let plain = packed.read(packed.content.0.clone(), Vec::new());
            self.state.open_body(Unpacked {
                request: packed.request,
                outcome: Ok(plain),
            });
        }
    }

    /// Searches all there is to search, as the thread does.
    pub(crate) fn searched(mut self) -> Self {
        while let Some(quest) = self.state.quest(&self.model) {
            let hits = quest.haystacks.iter().map(|haystack| {
                let body = haystack.body.as_ref().map_or(&[][..], |body| &body.0);
                (haystack.request, quest.needle.hits(haystack, body))
            });
            let (number, hits) = (quest.number, hits.collect());
            self.state.found(Found { number, hits }, &self.model);
        }
        self
    }

    /// Time goes on, and facts come as they do in the run.
    pub(crate) fn later(mut self, millis: u64) -> Self {
        let later = Moment::from_millis(millis);
        let known = until(&self.events, self.now).len();
        for event in until(&self.events, later).iter().skip(known) {
            self.model.apply(event);
            self.state.settle(&self.model);
        }
        self.now = later;
        self
    }

    pub(crate) fn mouse(mut self, kind: MouseEventKind, column: u16, row: u16) -> Self {
        self.used(kind, column, row);
        self
    }

    /// The effect of a click.
    pub(crate) fn clicked(&mut self, column: u16, row: u16) -> Option<Effect> {
        self.used(MouseEventKind::Down(MouseButton::Left), column, row)
    }

    fn used(&mut self, kind: MouseEventKind, column: u16, row: u16) -> Option<Effect> {
        let event = MouseEvent {
            kind,
            column,
            row,
            modifiers: KeyModifiers::NONE,
        };
        self.state.mouse(event, &self.model)
    }

    pub(crate) fn click(self, column: u16, row: u16) -> Self {
        self.mouse(MouseEventKind::Down(MouseButton::Left), column, row)
    }

    pub(crate) fn plain(mut self) -> Self {
        self.theme = Theme::mono();
        self
    }

    pub(crate) fn buffer(&self) -> Buffer {
        let backend = TestBackend::new(self.size.width, self.size.height);
        let mut terminal = Terminal::new(backend).unwrap();
        let frame = |frame: &mut ratatui::Frame<'_>| {
            draw(frame, &self.model, &self.state, self.now, &self.theme);
        };
        terminal.draw(frame).unwrap();
        terminal.backend().buffer().clone()
    }

    /// The symbols, a line a row.
    pub(crate) fn text(&self) -> String {
        symbols(&self.buffer())
    }

    /// The row on which `words` are.
    pub(crate) fn row(&self, words: &str) -> u16 {
        let text = self.text();
        let row = text.lines().position(|line| line.contains(words));
        u16::try_from(row.unwrap_or_else(|| panic!("no {words:?} in\n{text}"))).unwrap()
    }

    pub(crate) fn is(&self, expected: &ExpectFile) {
        let buffer = self.buffer();
        lawful(&buffer);
        expected.assert_eq(&format!("{}\n{}", symbols(&buffer), tones(&buffer)));
    }
}

pub(crate) fn key(name: &str) -> KeyEvent {
    let code = match name {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "Shift-Tab" => KeyCode::BackTab,
        "↓" => KeyCode::Down,
        "↑" => KeyCode::Up,
        "→" => KeyCode::Right,
        "←" => KeyCode::Left,
        "PgDn" => KeyCode::PageDown,
        "PgUp" => KeyCode::PageUp,
        "Backspace" => KeyCode::Backspace,
        "F1" => KeyCode::F(1),
        "Space" => KeyCode::Char(' '),
        other => {
            let (modifiers, letter) = match other.strip_prefix("Ctrl-") {
                Some(letter) => (KeyModifiers::CONTROL, letter.to_lowercase()),
                None => (KeyModifiers::NONE, other.to_owned()),
            };
            let letter = letter.chars().next().unwrap();
            return KeyEvent::new(KeyCode::Char(letter), modifiers);
        }
    };
    KeyEvent::new(code, KeyModifiers::NONE)
}

fn rows(buffer: &Buffer) -> impl Iterator<Item = &[Cell]> {
    buffer.content.chunks(usize::from(buffer.area.width).max(1))
}

pub(crate) fn symbols(buffer: &Buffer) -> String {
    let mut text = String::new();
    for row in rows(buffer) {
        let mut line = String::new();
        let mut hidden = 0;
        for cell in row {
            if hidden == 0 {
                line.push_str(cell.symbol());
                hidden = wide(cell);
            } else {
                hidden -= 1;
            }
        }
        writeln!(text, "{}", line.trim_end()).unwrap();
    }
    text
}

/// How many cells after this one its symbol lies over.
fn wide(cell: &Cell) -> usize {
    netwaterfall::message::width(cell.symbol()).saturating_sub(1)
}

pub(crate) fn tones(buffer: &Buffer) -> String {
    let mut text = String::new();
    for row in rows(buffer) {
        let line: String = row.iter().map(tone).collect();
        writeln!(text, "{}", line.trim_end()).unwrap();
    }
    text
}

fn tone(cell: &Cell) -> char {
    let style = cell.style();
    let has = |modifier| style.add_modifier.contains(modifier);
    let behind = style
        .bg
        .map(letter)
        .and_then(|letter| "dcymogbr".find(letter));
    if has(Modifier::REVERSED) {
        return '#';
    }
    if let Some(place) = behind {
        return char::from_digit(u32::try_from(place).unwrap() + 1, 10).unwrap();
    }
    let letter = style.fg.map_or('.', letter);
    match letter {
        '.' if has(Modifier::BOLD) => '*',
        '.' if has(Modifier::DIM) => ',',
        '.' if cell.symbol() == " " => ' ',
        _ if has(Modifier::BOLD) => letter.to_ascii_uppercase(),
        _ => letter,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "themes use few colours")]
fn letter(colour: Color) -> char {
    match colour {
        Color::Reset => '.',
        Color::Indexed(_) => 'i',
        Color::DarkGray => 'd',
        Color::Cyan => 'c',
        Color::Yellow => 'y',
        Color::Magenta => 'm',
        Color::LightYellow => 'o',
        Color::Green => 'g',
        Color::Blue => 'b',
        Color::Red => 'r',
        other => panic!("no letter for {other:?}"),
    }
}

/// What holds for every screen: nothing acts on the terminal, and nothing lies over half a symbol.
pub(crate) fn lawful(buffer: &Buffer) {
    for row in rows(buffer) {
        for (place, cell) in row.iter().enumerate() {
            let symbol = cell.symbol();
            assert!(!symbol.chars().any(char::is_control), "{symbol:?}");
            for hidden in row.iter().skip(place + 1).take(wide(cell)) {
                assert_eq!(hidden.symbol(), " ", "under {symbol:?}");
            }
        }
    }
}

/// A snapshot for each of five sizes of what a key script leads to; with `found`, of what is searched
/// for in it, too.
macro_rules! at_five_sizes {
    ($folder:literal; $($test:ident: $run:literal at $millis:literal, $keys:literal
        $(, found $then:literal)?;)*) => {$(
        #[test]
        fn $test() {
            let at = |columns, rows| {
                let size = ratatui::layout::Size::new(columns, rows);
                $crate::screens::Scene::new($run, $millis, size)
                    .keys($keys)$(.searched().keys($then))?
            };
            macro_rules! expected {
                ($size:literal) => {
                    &expect_test::expect_file![concat!(
                        "snapshots/", $folder, "/", stringify!($test), "_", $size, ".txt"
                    )]
                };
            }
            at(40, 12).is(expected!("40x12"));
            at(60, 16).is(expected!("60x16"));
            at(80, 24).is(expected!("80x24"));
            at(132, 43).is(expected!("132x43"));
            at(200, 60).is(expected!("200x60"));
        }
    )*};
}
pub(crate) use at_five_sizes;

/// A snapshot for each size.
macro_rules! at_all_sizes {
    ($($test:ident: $run:literal at $millis:literal, $keys:literal;)*) => {$(
        #[test]
        fn $test() {
            let at = |size| Scene::new($run, $millis, size).keys($keys);
            at(SMALL).is(&expect_file![concat!("snapshots/", stringify!($test), "_40x12.txt")]);
            at(USUAL).is(&expect_file![concat!("snapshots/", stringify!($test), "_80x24.txt")]);
            at(LARGE).is(&expect_file![concat!("snapshots/", stringify!($test), "_132x43.txt")]);
        }
    )*};
}

at_all_sizes! {
    a_line_before_the_first_connection: "queue" at 50, "";
    a_line_for_six_connections: "queue" at 180, "j j j j j j j";
    a_line_that_is_gone: "queue" at 60_000, "G";
    all_sorts_in_their_first_second: "mixed" at 100, "j j";
    all_sorts_of_ends: "mixed" at 1_000, "";
    a_second_burst_has_its_own_axis: "mixed" at 60_000, "G";
    a_first_burst_while_a_second_runs: "mixed" at 5_040, "";
    hostile_rows: "hostile" at 60_000, "j j";
    headers: "mixed" at 1_000, "j Enter";
    hostile_headers: "hostile" at 60_000, "j j j j Enter";
}

/// A snapshot of one size.
macro_rules! at_one_size {
    ($($test:ident: $scene:expr;)*) => {$(
        #[test]
        fn $test() {
            $scene.is(&expect_file![concat!("snapshots/", stringify!($test), ".txt")]);
        }
    )*};
}

at_one_size! {
    cookies_that_were_set: Scene::new("mixed", 1_000, LARGE).keys("j 2");
    cookies_and_their_values: Scene::new("mixed", 60_000, LARGE).keys("j 2 v");
    cookies_that_were_sent: Scene::new("mixed", 60_000, USUAL).keys("j j j j j j j j j 2");
    cookies_in_a_small_terminal: Scene::new("mixed", 60_000, SMALL).keys("j 2");
    verdicts_of_what_was_set: Scene::new("cookies", 1_000, LARGE).keys("2");
    verdicts_of_what_was_withheld: Scene::new("cookies", 60_000, LARGE).keys("j j j 2");
    the_jar: Scene::new("cookies", 1_000, LARGE).keys("C j");
    the_jar_in_a_usual_terminal: Scene::new("cookies", 60_000, USUAL).keys("C s j j v");
    the_jar_in_a_small_terminal: Scene::new("cookies", 60_000, SMALL).keys("C s s");
    an_empty_jar: Scene::new("queue", 60_000, USUAL).keys("C");
    a_cookie_that_is_asked_about: Scene::new("cookies", 60_000, USUAL).keys("C G d");
    a_cookie_that_is_changed: Scene::new("cookies", 60_000, USUAL).keys("C e Ctrl-A x");
    a_filter_that_is_typed: Scene::new("mixed", 60_000, USUAL).keys("f - d o m a i n : a . t e s t");
    a_filter_that_is_wrong: Scene::new("mixed", 60_000, LARGE).keys("f i s : x");
    a_filter_that_is_kept: Scene::new("cookies", 60_000, LARGE).keys("f i s : c o o k i e - b l o c k e d Enter");
    a_filter_that_nothing_fits: Scene::new("mixed", 60_000, SMALL).keys("f z z z Enter");
    timing_of_one_that_waited: Scene::new("queue", 60_000, LARGE).keys("j j j j j j j 3");
    timing_of_one_that_opened: Scene::new("mixed", 60_000, LARGE).keys("3");
    timing_of_one_under_way: Scene::new("mixed", 100, LARGE).keys("3");
    timing_of_one_from_the_cache: Scene::new("mixed", 60_000, LARGE).keys("j j j j j j j j j j 3");
    a_body_of_text: Scene::new("mixed", 60_000, LARGE).keys("4");
    a_body_of_bytes: Scene::new("mixed", 60_000, USUAL).keys("j j j j 4");
    a_hostile_body: Scene::new("hostile", 60_000, USUAL).keys("j j j j j j j j 4");
    hostile_cookies: Scene::new("hostile", 60_000, USUAL).keys("j j j j 2");
    a_connection_over_tls: Scene::new("mixed", 60_000, LARGE).keys("5");
    a_connection_that_was_refused: Scene::new("mixed", 60_000, USUAL).keys("j j j j j j 5");
    what_the_cache_said: Scene::new("mixed", 60_000, LARGE).keys("j j 6");
    what_the_cache_saved: Scene::new("mixed", 60_000, USUAL).keys("j j j j j j j j j j 6");
    help: Scene::new("queue", 180, LARGE).keys("?");
    help_in_a_usual_terminal: Scene::new("queue", 180, USUAL).keys("?");
    legend: Scene::new("queue", 180, USUAL).keys("L");
    what_if: Scene::new("queue", 700, LARGE).imagining(2).keys("W");
    what_if_small: Scene::new("queue", 700, SMALL).imagining(2).keys("W j j");
    folded_lanes: Scene::new("mixed", 7_000, LARGE).keys("H");
    legend_over_wide_symbols: Scene::new("hostile", 60_000, USUAL).keys("j j j j Enter Tab L");
    help_in_a_small_terminal: Scene::new("queue", 180, SMALL).keys("?");
    a_notice: Scene::new("mixed", 1_000, USUAL).keys("x");
    a_section_folded: Scene::new("mixed", 1_000, USUAL).keys("j Enter ←");
    without_colour: Scene::new("queue", 180, USUAL).keys("j j").plain();
    without_colour_at_the_end: Scene::new("mixed", 1_000, LARGE).plain();
    an_address_half_typed: Scene::new("mixed", 1_000, USUAL).keys("o b . t e s t");
    following: Scene::new("mixed", 100, USUAL).keys("F").later(5_040);
    an_empty_screen: {
        let mut scene = Scene::new("queue", 0, USUAL);
        scene.model = Model::default();
        scene.state = State::new(USUAL, "");
        scene
    };
}

#[test]
fn new_rows_never_steal_the_selection() {
    let scene = Scene::new("mixed", 100, USUAL).keys("j j j");
    let chosen = scene.state.selected;
    assert_eq!(chosen, Some(RequestId(4)));
    let scene = scene.later(60_000);
    assert_eq!(scene.model.requests().len(), 15);
    assert_eq!(scene.state.selected, chosen);
    assert!(scene.text().contains("▸"), "{}", scene.text());
}

#[test]
fn the_selected_row_stays_in_sight_whatever_is_opened() {
    let mut scene = Scene::new("queue", 180, USUAL).keys("G");
    for name in ["Enter", "Esc", "3", "Tab", "k", "k", "Esc", "L", "Esc"] {
        scene.press(name);
        assert!(
            scene.text().contains('▸'),
            "after {name}:\n{}",
            scene.text()
        );
    }
}

#[test]
fn following_keeps_to_the_newest_and_moving_stops_it() {
    let scene = Scene::new("mixed", 100, USUAL).keys("F").later(60_000);
    assert_eq!(scene.state.selected, Some(RequestId(15)));
    let scene = scene.keys("k");
    assert_eq!(scene.state.selected, Some(RequestId(14)));
    assert!(!scene.state.is_following);
}

#[test]
fn details_that_follow_begin_at_their_first_line() {
    let scene = Scene::new("mixed", 1_000, USUAL).keys("F Enter j j j j j j j j j j j j j");
    let scene = scene.later(60_000);
    assert!(scene.text().contains("▾ General"), "{}", scene.text());
}

#[test]
fn a_click_selects_a_row_and_turns_to_a_tab() {
    let scene = Scene::new("mixed", 1_000, USUAL);
    let row = scene.row("/missing");
    let scene = scene.click(10, row);
    assert_eq!(scene.state.selected, Some(RequestId(4)));
    let scene = scene.keys("Enter");
    let tabs = scene.row("Connection");
    let text = scene.text();
    let line = text.lines().nth(usize::from(tabs)).unwrap();
    let (before, _) = line.split_once("Timing").unwrap();
    let column = u16::try_from(netwaterfall::message::width(before)).unwrap();
    let scene = scene.click(column, tabs);
    assert_eq!(scene.state.tab, Tab::Timing);
    assert!(scene.text().contains("where the figure comes from"));
}

#[test]
fn a_click_on_a_lane_selects_the_request_that_is_drawn_there() {
    let scene = Scene::new("queue", 60_000, LARGE);
    let row = scene.row("c1 ");
    let buffer = scene.buffer();
    let lane: Vec<_> = (0..LARGE.width)
        .map(|x| buffer.cell((x, row)).unwrap().symbol().to_owned())
        .collect();
    let axis = lane.iter().position(|symbol| symbol == "│").unwrap();
    let on_it = scene.model.connections().first().unwrap().carried.clone();
    assert!(on_it.len() > 1);
    for carried in on_it {
        let number = carried.request.0.to_string();
        let (first, rest) = number.split_at(1);
        let is_it = |place: &usize| {
            lane.get(*place).unwrap() == first
                && (rest.is_empty() || lane.get(place + 1).unwrap() == rest)
        };
        let place = (axis + 1..lane.len() - 1).find(is_it);
        let column = u16::try_from(place.expect("its number")).unwrap();
        let clicked = Scene::new("queue", 60_000, LARGE).click(column, row);
        assert_eq!(clicked.state.selected, Some(carried.request));
    }
}

#[test]
fn the_wheel_moves_what_is_under_it() {
    let scene = Scene::new("queue", 180, USUAL).mouse(MouseEventKind::ScrollDown, 5, 5);
    assert_eq!(scene.state.selected, Some(RequestId(4)));
    let scene = scene.mouse(MouseEventKind::ScrollUp, 5, 5);
    assert_eq!(scene.state.selected, Some(RequestId(1)));
    let scene = scene.keys("Enter Tab");
    let before = scene.text();
    let row = scene.row("▾ General");
    let mut scene = scene;
    for _ in 0..9 {
        scene = scene.mouse(MouseEventKind::ScrollDown, 5, row);
    }
    assert_eq!(scene.state.selected, Some(RequestId(1)));
    assert_ne!(scene.text(), before, "the details scrolled");
}

#[test]
fn a_terminal_that_shrinks_keeps_the_keys_where_something_is_seen() {
    let mut scene = Scene::new("queue", 180, USUAL).keys("Enter");
    scene.size = Size::new(80, 8);
    scene.state.resize(scene.size, &scene.model);
    let scene = scene.keys("j");
    assert_eq!(scene.state.selected, Some(RequestId(2)), "{}", scene.text());
}

#[test]
fn a_long_address_of_wide_symbols_shows_its_end_and_the_cursor() {
    let mut scene = Scene::new("queue", 180, SMALL);
    scene
        .state
        .put_address(&format!("http://{}/end", "日本".repeat(20)));
    assert!(scene.text().contains("/end"), "{}", scene.text());
}

/// The same facts, every word in them replaced by one that would act on a terminal.
fn poisoned(events: &[Event]) -> Vec<Event> {
    let poison = |event: &Event| {
        let mut value = serde_json::to_value(event).unwrap();
        poison_words(&mut value, "");
        serde_json::from_value(value).unwrap()
    };
    events.iter().map(poison).collect()
}

const POISON: &str = "\x1b[2J\u{9b}31m日本⚠️\u{202e}x\u{0}\u{7f}\te\u{301}\r\n";

fn poison_words(value: &mut serde_json::Value, key: &str) {
    use serde_json::Value;
    match value {
        Value::String(text) => {
            let is_free = [
                "words", "reason", "cipher", "group", "alpn", "target", "text",
            ];
            let is_free = is_free.contains(&key) || key == "headers";
            let is_name =
                ["Content-Type", "Set-Cookie", "Keep-Alive", "opening"].contains(&text.as_str());
            if is_free && !is_name {
                text.push_str(POISON);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| poison_words(item, key)),
        Value::Object(fields) => {
            for (key, field) in fields {
                poison_words(field, key);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn what_is_said_in_a_record_never_acts_on_the_terminal() {
    for name in RUNS {
        let mut scene = Scene::new(name, 60_000, LARGE);
        scene.model = folded(&poisoned(&scene.events));
        scene.state.title = POISON.to_owned();
        scene.state.settle(&scene.model);
        for _ in 0..scene.model.requests().len() {
            for tab in ["1", "2", "3", "4", "5", "6", "Esc"] {
                scene.press(tab);
                lawful(&scene.buffer());
            }
            scene.press("j");
        }
    }
}

const KEYS: &[&str] = &[
    "j", "k", "g", "G", "Enter", "Esc", "Tab", "1", "2", "3", "4", "5", "6", "[", "]", "h", "l",
    "F", "L", "?", ":", "Z", "C", "x", "r", "o", "PgDn", "PgUp", "Ctrl-D", "Ctrl-U", "↑", "↓",
    "日", "q", "m",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is pressed on whatever screen.
    #[test]
    fn every_screen_can_be_drawn(
        run in 0..RUNS.len(),
        is_poisoned: bool,
        share in 0_usize..=100,
        (width, height) in prop_oneof![1 => (1_u16..=300, 1_u16..=100), 3 => (1_u16..=90, 1_u16..=30)],
        script in proptest::collection::vec((0..KEYS.len(), 0_u16..=300, 0_u16..=100), 0..16),
        is_plain: bool,
    ) {
        let mut scene = Scene::new(RUNS[run], 0, Size::new(width, height));
        if is_poisoned {
            scene.events = poisoned(&scene.events);
        }
        let count = scene.events.len() * share / 100;
        let facts = scene.events.split_off(0);
        let (first, rest) = facts.split_at(count);
        scene.model = folded(first);
        scene.now = scene.model.latest();
        scene.state.settle(&scene.model);
        if is_plain {
            scene.theme = Theme::mono();
        }
        let mut rest = rest.chunks(5);
        for (key, column, row) in script {
            match (key + usize::from(column)) % 8 {
                0 => scene = scene.click(column % width, row % height),
                1 => scene = scene.mouse(MouseEventKind::ScrollDown, column % width, row % height),
                2 => for event in rest.next().unwrap_or_default() {
                    scene.model.apply(event);
                    scene.now = scene.model.latest();
                    scene.state.settle(&scene.model);
                },
                3 => {
                    scene.size = Size::new(1 + column, 1 + row);
                    scene.state.resize(scene.size, &scene.model);
                    scene.size = Size::new(width, height);
                    scene.state.resize(scene.size, &scene.model);
                }
                _ => { scene.press(KEYS[key]); }
            }
            if width < 100 {
                lawful(&scene.buffer());
            }
        }
        let buffer = scene.buffer();
        lawful(&buffer);
        prop_assert_eq!(&buffer, &scene.buffer());
    }
}

/// Wherever its edges fall.
#[test]
fn a_frame_never_covers_half_a_symbol() {
    for width in 60..120 {
        for overlay in ["L", "?", ":"] {
            let scene = Scene::new("hostile", 60_000, Size::new(width, 24));
            lawful(&scene.keys("j j j j Enter Tab").keys(overlay).buffer());
        }
    }
}

#[test]
fn following_is_said_at_any_width() {
    for width in 1..150 {
        let mut scene = Scene::new("queue", 180, Size::new(width, 24)).keys("F");
        scene.state.notice = None;
        lawful(&scene.buffer());
    }
}

/// A fact's time may be anything, in a file.
#[test]
fn the_end_of_time_can_be_drawn() {
    let mut scene = Scene::new("queue", 60_000, LARGE);
    for event in &mut scene.events {
        event.at = Moment(u64::MAX - 3 + event.at.0 % 4);
        if let Fact::RequestPlanned { because, .. } = &mut event.fact {
            *because = Because::Typed;
        }
    }
    scene.model = folded(&scene.events);
    scene.now = Moment(u64::MAX);
    lawful(&scene.buffer());
}

#[test]
fn a_filter_keeps_the_selected_request_where_it_can_and_esc_takes_it_back() {
    let scene = Scene::new("mixed", 60_000, USUAL).keys("j j j f 4 0 4 Ctrl-U");
    assert_eq!(scene.state.selected, Some(RequestId(4)));
    let scene = scene.keys("s t a t u s - c o d e : 4 0 4 Enter");
    assert_eq!(scene.state.selected, Some(RequestId(4)));
    let scene = scene.keys("j j");
    assert_eq!(scene.state.selected, Some(RequestId(13)), "the next 404");
    let scene = scene.keys("f Ctrl-U Esc g");
    assert_eq!(
        scene.state.selected,
        Some(RequestId(4)),
        "the filter is back"
    );
    let scene = scene.keys("f Ctrl-U Enter g");
    assert_eq!(
        scene.state.selected,
        Some(RequestId(1)),
        "all are shown again"
    );
}

#[test]
fn the_jar_asks_once_before_it_deletes() {
    let mut scene = Scene::new("cookies", 60_000, LARGE).keys("C s");
    assert_eq!(scene.press("d"), None);
    assert_eq!(scene.press("j"), None);
    assert_eq!(scene.press("d"), None, "another cookie, another question");
    let Some(Effect::Tell(Command::DropCookies(keys))) = scene.press("d") else {
        panic!("the second press deletes");
    };
    assert_eq!(keys.len(), 1);
    assert_eq!(scene.press("D"), None);
    let Some(Effect::Tell(Command::DropCookies(keys))) = scene.press("D") else {
        panic!("the second press deletes all");
    };
    assert_eq!(keys.len(), scene.model.jar().cookies().len());
}

#[test]
fn a_cookie_is_changed_and_copied_as_it_is() {
    let mut scene = Scene::new("cookies", 60_000, LARGE).keys("C s e");
    let Some(Effect::KeepCookie { of: Some(of), line }) = scene.press("Enter") else {
        panic!("what is typed is kept");
    };
    let cookie = scene.model.jar().cookie(&of).unwrap().clone();
    let read = netwaterfall::cookies::read_typed(&line, scene.model.run().wall_ms).unwrap();
    assert_eq!(read.key(), cookie.key(), "{line}");
    assert_eq!(
        (read.value, read.secure),
        (cookie.value.clone(), cookie.secure)
    );
    let Some(Effect::Copy { text, .. }) = scene.press("y") else {
        panic!("it is copied");
    };
    assert_eq!(text, cookie.pair());
    assert_eq!(scene.press("Esc"), None);
    assert_eq!(scene.state.overlay, None);
}

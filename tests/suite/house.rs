//! The source keeps to its own map, `src/README.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::source::{SourceFile, files, root};

const MOST_LINES: usize = 400;
const DEEPEST: usize = 3;
const EMPTY_NAMES: &[&str] = &[
    "util", "utils", "common", "helpers", "misc", "types", "manager", "handler", "data", "info",
    "base", "core",
];

/// A row of the import table.
struct Room {
    floor: u8,
    imports: BTreeSet<String>,
    crates: BTreeSet<String>,
}

/// What `src/README.md` says.
struct Map {
    files: Vec<String>,
    rooms: BTreeMap<String, Room>,
    free_crates: BTreeSet<String>,
}

impl Map {
    fn read() -> Self {
        let text = fs::read_to_string(root().join("src/README.md")).unwrap();
        let tree = text.split("```").nth(1).expect("a fenced block, the tree");
        let path = |line: &str| line.split_whitespace().next().map(str::to_owned);
        let free = text
            .lines()
            .find_map(|line| line.strip_prefix("Every room may name: "));
        Self {
            files: tree.lines().skip(1).filter_map(path).collect(),
            rooms: rooms(&text),
            free_crates: words(free.expect("a line of crates that every room may name")),
        }
    }

    fn named_crates(&self) -> BTreeSet<&String> {
        self.rooms.values().flat_map(|room| &room.crates).collect()
    }
}

fn rooms(text: &str) -> BTreeMap<String, Room> {
    let mut rooms = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        let [_, floor, name, imports, crates, _] = cells.as_slice() else {
            panic!("src/README.md: a row of the import table has four cells: {line}");
        };
        // The head and the rule below it have no floor.
        if let Ok(floor) = floor.parse() {
            let imports = words(imports);
            let crates = words(crates);
            let name = name.trim_matches('`').to_owned();
            let room = Room {
                floor,
                imports,
                crates,
            };
            rooms.insert(name, room);
        }
    }
    let floors: BTreeMap<String, u8> = rooms.iter().map(|(n, r)| (n.clone(), r.floor)).collect();
    for room in rooms
        .values_mut()
        .filter(|room| room.imports.contains("below"))
    {
        let below = floors.iter().filter(|(_, floor)| **floor < room.floor);
        room.imports = below.map(|(name, _)| name.clone()).collect();
    }
    rooms
}

fn words(cell: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let words = cell.split(|c| !is_part(c)).filter(|word| !word.is_empty());
    words.map(|word| word.replace('-', "_")).collect()
}

/// The names that stand right behind `path` (such as `crate::`), groups in braces included.
///
/// A name within a longer path (`other::path`) or a longer word does not count.
fn names_behind<'a>(line: &'a str, path: &str) -> Vec<&'a str> {
    let mut names = Vec::new();
    for (at, _) in line.match_indices(path) {
        let (before, rest) = line.split_at(at);
        if before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
            continue;
        }
        let rest = rest.strip_prefix(path).unwrap();
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        names.push(rest.split(|c| !is_part(c)).next().unwrap());
    }
    names
}

fn complain(what: &str, faults: &[String]) {
    assert!(faults.is_empty(), "{what}:\n  {}\n", faults.join("\n  "));
}

/// What is wrong with the rooms that `file` imports.
fn import_faults(map: &Map, file: &SourceFile) -> Vec<String> {
    let mut faults = Vec::new();
    let Some(room) = map.rooms.get(file.room()) else {
        return vec![format!(
            "src/{}: the room `{}` is not in the import table",
            file.path,
            file.room()
        )];
    };
    for (number, line) in file.lines_of_code() {
        let mut fault = |words: String| faults.push(format!("src/{}:{number}: {words}", file.path));
        let mut imported = names_behind(line, "crate::");
        if file.path == "main.rs" {
            imported.extend(names_behind(line, "netwaterfall::"));
        }
        for name in imported {
            if !map.rooms.contains_key(name) {
                fault(format!(
                    "`crate::{name}` is no room: import from a room, one path each"
                ));
            } else if name != file.room() && !room.imports.contains(name) {
                fault(format!("`{}` may not import `{name}`", file.room()));
            }
        }
        let is_front = file.path.ends_with("mod.rs") || !file.path.contains('/');
        if line.contains("super::super")
            || (is_front && file.path.matches('/').count() <= 1 && line.contains("super::"))
        {
            fault("`super::` leads out of the room: write `crate::room`".to_owned());
        }
    }
    faults
}

#[test]
fn rooms_import_only_what_the_table_allows() {
    let map = Map::read();
    let files = files();
    let faults: Vec<_> = files
        .iter()
        .filter(|file| file.path != "lib.rs")
        .flat_map(|file| import_faults(&map, file))
        .collect();
    complain("imports that src/README.md does not allow", &faults);
}

#[test]
fn the_table_has_no_circles() {
    let map = Map::read();
    let mut faults = Vec::new();
    for (name, room) in &map.rooms {
        for import in &room.imports {
            match map.rooms.get(import) {
                None => faults.push(format!("`{name}` imports `{import}`, which is no room")),
                Some(below) if below.floor >= room.floor => faults.push(format!(
                    "`{name}` on floor {} imports `{import}` on floor {}: only lower floors",
                    room.floor, below.floor
                )),
                Some(_) => {}
            }
        }
    }
    complain("the import table of src/README.md", &faults);
}

#[test]
fn the_library_names_rooms_and_nothing_else() {
    let map = Map::read();
    let files = files();
    let front = files.iter().find(|file| file.path == "lib.rs").unwrap();
    let mut faults = Vec::new();
    for (number, line) in front.lines_of_code() {
        let line = line.trim();
        let room = line
            .strip_prefix("pub mod ")
            .and_then(|it| it.strip_suffix(';'));
        let is_fine = line.is_empty()
            || line.starts_with("#!")
            || room.is_some_and(|room| map.rooms.contains_key(room));
        if !is_fine {
            faults.push(format!(
                "src/lib.rs:{number}: `{line}` is no room of the table"
            ));
        }
    }
    complain("lib.rs", &faults);
}

#[test]
fn outside_crates_are_named_only_in_their_rooms() {
    let map = Map::read();
    let none = BTreeSet::new();
    let mut faults = Vec::new();
    for file in files() {
        let own = map
            .rooms
            .get(file.room())
            .map_or(&none, |room| &room.crates);
        for (number, line) in file.lines_of_code() {
            for outside in map.named_crates().difference(&own.iter().collect()) {
                let in_path = !names_behind(line, &format!("{outside}::")).is_empty();
                let whole = |name: &&str| *name == outside.as_str();
                let in_use = names_behind(line, "use ").iter().any(whole);
                if in_path || in_use {
                    let room = file.room();
                    let at = format!("src/{}:{number}", file.path);
                    faults.push(format!("{at}: `{outside}` may not be named in `{room}`"));
                }
            }
        }
    }
    complain("outside crates away from their rooms", &faults);
}

#[test]
fn every_dependency_has_its_place_on_the_map() {
    let map = Map::read();
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let dependencies = manifest.split("[dependencies]").nth(1).unwrap();
    let dependencies = dependencies
        .lines()
        .take_while(|line| !line.starts_with('['));
    let named = map.named_crates();
    let faults: Vec<_> = dependencies
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name.trim().replace('-', "_"))
        .filter(|name| !named.contains(name) && !map.free_crates.contains(name))
        .map(|name| format!("`{name}` of Cargo.toml is not in src/README.md"))
        .collect();
    complain("dependencies without a room", &faults);
}

#[test]
fn every_file_is_on_the_map_and_every_line_of_the_map_is_a_file() {
    let on_map = |line: &String| match line.strip_suffix('/') {
        Some(folder) => format!("{folder}/mod.rs"),
        None => line.clone(),
    };
    let map = Map::read();
    let mut lines = BTreeSet::new();
    let mut faults = Vec::new();
    for line in map.files.iter().map(on_map) {
        if !root().join("src").join(&line).is_file() {
            faults.push(format!("src/README.md: there is no src/{line}"));
        }
        if !lines.insert(line.clone()) {
            faults.push(format!("src/README.md: src/{line} stands there twice"));
        }
    }
    let missing = files().iter().filter(|file| !lines.contains(&file.path));
    faults.extend(
        missing.map(|file| format!("src/{}: it is not on the map in src/README.md", file.path)),
    );
    complain("the map and the source differ", &faults);
}

#[test]
fn files_are_short_and_near_the_top() {
    let mut faults = Vec::new();
    for file in files() {
        let SourceFile { path, lines, .. } = &file;
        if *lines > MOST_LINES {
            faults.push(format!(
                "src/{path}:{MOST_LINES}: {lines} lines above the tests, {MOST_LINES} at most"
            ));
        }
        if path.matches('/').count() > DEEPEST {
            faults.push(format!("src/{path}: more than {DEEPEST} folders deep"));
        }
    }
    complain("files too long or too deep", &faults);
}

#[test]
fn clocks_are_read_in_one_place() {
    let mut faults = Vec::new();
    for file in files().iter().filter(|file| file.path != "clock.rs") {
        for (number, line) in file.lines_of_code() {
            for clock in ["Instant::now", "SystemTime::now"] {
                if line.contains(clock) {
                    faults.push(format!(
                        "src/{}:{number}: {clock} belongs in src/clock.rs",
                        file.path
                    ));
                }
            }
        }
    }
    complain("clocks away from src/clock.rs", &faults);
}

#[test]
fn names_say_what_is_inside() {
    let is_empty = |part: &str| EMPTY_NAMES.contains(&part.strip_suffix(".rs").unwrap_or(part));
    let faults: Vec<_> = files()
        .iter()
        .filter(|file| file.path.split('/').any(is_empty))
        .map(|file| format!("src/{}: the name says nothing", file.path))
        .collect();
    complain("names", &faults);
}

#[test]
fn a_forbidden_import_is_found_where_it_stands() {
    let map = Map::read();
    let faults = |path: &str, text: &str| import_faults(&map, &SourceFile::new(path, text));
    assert_eq!(
        faults(
            "model/model.rs",
            "use crate::event::Fact;\nuse crate::engine::Engine;\n"
        ),
        ["src/model/model.rs:2: `model` may not import `engine`"]
    );
    assert_eq!(faults("model/a.rs", "use crate::{engine, event};").len(), 1);
    assert_eq!(faults("model/a.rs", "use crate::Model;").len(), 1);
    assert_eq!(
        faults("model/mod.rs", "pub(super) use super::engine;").len(),
        1
    );
    assert_eq!(faults("main.rs", "netwaterfall::run::main()").len(), 0);
    assert_eq!(faults("main.rs", "netwaterfall::other()").len(), 1);
    assert_eq!(
        faults("ui/pane/mod.rs", "use super::Screen; // crate::run").len(),
        0
    );
    assert_eq!(
        faults(
            "model/a.rs",
            "#[cfg(test)]\nmod tests { use crate::run::a; }"
        )
        .len(),
        0
    );
    assert_eq!(
        names_behind("a::clap::x clap::y myclap::z", "clap::"),
        ["y"]
    );
}

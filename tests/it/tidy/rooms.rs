//! Who may import whom, and what a pure room may not name.

use super::source::{Source, root, sources};
use std::collections::BTreeSet;

/// The rooms, and the rooms that each may import.
const ROOMS: &[(&str, &[&str])] = &[
    ("version", &[]),
    ("spawn", &[]),
    ("process", &["version"]),
    ("release", &["version", "process"]),
    ("screen", &["release", "process"]),
    ("turn", &["release", "screen", "process"]),
    ("view", &["release", "screen", "process", "version"]),
    ("git", &["release", "version", "spawn", "process"]),
    ("announce", &["release", "version", "spawn"]),
    ("tracker", &["release", "version", "spawn"]),
    ("journal", &["release", "version"]),
    ("forge", &["release", "version"]),
    ("probe", &["release", "version"]),
    ("config", &["process", "screen", "view"]),
    ("demo", &["release", "version", "process", "git", "spawn"]),
    (
        "engine",
        &[
            "version", "spawn", "process", "release", "screen", "turn", "view", "git", "announce", "tracker",
            "journal", "forge", "probe", "config",
        ],
    ),
];

/// Rooms that may import all others.
const TOP: &[&str] = &["cli", "main", "lib", "build"];

/// What every room may use, and what uses no room.
const FLOOR: &[&str] = &["order"];

/// Rooms that read no clock, touch nothing outside and hide no state.
const PURE: &[&str] = &["version", "process", "release", "screen", "turn", "view"];

/// What a pure room does not name.
const IMPURE: &[&str] = &[
    "tokio",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "Utc::now",
    "Local::now",
    "Instant",
    "SystemTime",
    "git2",
    "octocrab",
    "reqwest",
    "RefCell",
    "Cell<",
    "Mutex",
    "RwLock",
    "Atomic",
    "getrandom",
    "static mut",
    "thread_local",
];

/// Imports and names that are to go: a room, and the one that it must stop importing.
const OWED: &[(&str, &str)] = &[];

fn edges(source: &Source) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let code = source.code.join("\n");
    for rest in code.split("crate::").skip(1) {
        let names = match rest.strip_prefix('{') {
            // `use crate::{git, view::theme};`: the first word of each part at the outer level.
            Some(list) => {
                let mut depth = 0;
                let end = list.find(|c| {
                    depth += i32::from(c == '{') - i32::from(c == '}');
                    depth < 0
                });
                outer(&list[..end.unwrap_or(list.len())])
            }
            None => vec![word(rest)],
        };
        found.extend(names);
    }
    found
}

fn word(text: &str) -> String {
    text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn outer(list: &str) -> Vec<String> {
    let mut depth = 0;
    let parts = list.split(|c: char| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    parts.map(word).filter(|it| !it.is_empty()).collect()
}

#[test]
fn rooms_import_only_what_they_may() {
    let mut owed: BTreeSet<(&str, &str)> = OWED.iter().copied().collect();
    let mut wrong = vec![];
    for source in sources("src") {
        let room = source.room().to_owned();
        if TOP.contains(&&*room) {
            continue;
        }
        if FLOOR.contains(&&*room) {
            wrong
                .extend(edges(&source).first().map(|edge| format!("{}: may not import {edge}", source.path)));
            continue;
        }
        let Some((_, may)) = ROOMS.iter().find(|(name, _)| *name == room) else {
            wrong.push(format!("{}: {room} is a room that the table does not have", source.path));
            continue;
        };
        for edge in edges(&source) {
            let is_room = ROOMS.iter().any(|(name, _)| *name == edge) || TOP.contains(&&*edge);
            if edge == room || may.contains(&&*edge) || !is_room {
                continue;
            }
            let known = OWED.iter().find(|(from, to)| *from == room && *to == edge);
            match known {
                Some(known) => drop(owed.remove(known)),
                None => wrong.push(format!("{}: {room} may not import {edge}", source.path)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(owed.is_empty(), "these are paid, take them out of the list: {owed:?}");
}

#[test]
fn the_table_of_rooms_has_no_circle() {
    fn reaches(from: &str, to: &str, seen: &mut BTreeSet<String>) -> bool {
        let Some((_, next)) = ROOMS.iter().find(|(name, _)| *name == from) else { return false };
        next.iter().any(|it| *it == to || (seen.insert((*it).to_owned()) && reaches(it, to, seen)))
    }
    for (room, _) in ROOMS {
        assert!(!reaches(room, room, &mut BTreeSet::new()), "{room} reaches itself");
    }
}

#[test]
fn pure_rooms_name_nothing_of_the_outside() {
    let mut wrong = vec![];
    for source in sources("src").into_iter().filter(|it| PURE.contains(&it.room())) {
        for (at, line) in source.code.iter().enumerate() {
            for word in IMPURE.iter().filter(|word| line.contains(**word)) {
                wrong.push(format!("{}:{}: {word}", source.path, at + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_engine_waits() {
    let mut wrong = vec![];
    for source in sources("src") {
        for (at, line) in source.code.iter().enumerate() {
            if line.contains("select!") && source.room() != "engine" && source.room() != "spawn" {
                wrong.push(format!("{}:{}", source.path, at + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "select! outside the engine:\n{}", wrong.join("\n"));
}

#[test]
fn imports_are_found_in_all_their_forms() {
    let text =
        "use crate::git::run;\nuse crate::{forge, view::{theme, ink}, turn as t};\ncrate::spawn::go();\n";
    let source = Source { path: "src/x/y.rs".into(), text: text.into(), code: super::source::code(text) };
    let found: Vec<_> = edges(&source).into_iter().collect();
    assert_eq!(found, ["forge", "git", "spawn", "turn", "view"]);
}

/// A path that is no module any more would keep nothing apart, and nobody would notice.
#[test]
fn what_is_kept_apart_in_the_program_is_there() {
    let list = std::fs::read_to_string(root().join("src/later.txt")).unwrap();
    // A name with a capital is a type of the module before it.
    let module = |line: &str| {
        line.split("::").take_while(|it| !it.starts_with(char::is_uppercase)).collect::<Vec<_>>().join("::")
    };
    let ours: Vec<_> = list.lines().filter_map(|line| Some(module(line.strip_prefix("gonogo")?))).collect();
    let wrong: Vec<_> = ours
        .iter()
        .filter(|path| {
            let (src, path) = match path.strip_prefix("_core::") {
                Some(path) => ("src/core", path),
                None => ("src", path.trim_start_matches("::")),
            };
            let path = root().join(src).join(path.replace("::", "/"));
            !path.is_dir() && !path.with_extension("rs").is_file()
        })
        .collect();
    assert!(wrong.is_empty(), "src/later.txt names what is no module: {wrong:?}");
}

//! Files, functions and words.

use super::source::{functions, root, sources};
use std::collections::BTreeSet;

/// Files of `src` that are longer than they may be, until they are split. The list only gets shorter.
const LONG_FILES: &[&str] = &[];

/// Functions of `src` that are longer than they may be, until they are split. The list only gets shorter.
const LONG_FUNCTIONS: &[(&str, &str)] = &[];

/// What the code of `src` does not hold.
const FORBIDDEN: &[&str] =
    &[".unwrap()", "todo!(", "unimplemented!(", "panic!(", "#[allow(", "#![allow(", "dbg!(", "unsafe "];

/// What the attributes of a wire format do not hold.
const LOOSE: &[&str] = &["serde(flatten", "serde(untagged", ", flatten", ", untagged"];

/// Names that say nothing.
const WORDS: &[&str] = &["manager", "handler", "helper", "util", "utils", "common", "misc"];

#[test]
fn each_file_says_on_its_first_line_what_it_is_for() {
    let without: Vec<_> =
        sources("src").into_iter().filter(|it| !it.text.starts_with("//! ")).map(|it| it.path).collect();
    assert!(without.is_empty(), "no `//!` on line one: {without:?}");
}

#[test]
fn files_are_no_longer_than_400_lines() {
    let mut owed: BTreeSet<&str> = LONG_FILES.iter().copied().collect();
    let mut wrong = vec![];
    for source in sources("src") {
        let count = source.text.lines().count();
        let known = LONG_FILES.iter().find(|it| **it == source.path);
        if count > 400 && !known.is_some_and(|known| owed.remove(known)) {
            wrong.push(format!("{}: {count} lines", source.path));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(owed.is_empty(), "these are short enough now, take them out of the list: {owed:?}");
}

#[test]
fn functions_are_no_longer_than_50_lines() {
    let mut owed: BTreeSet<(&str, &str)> = LONG_FUNCTIONS.iter().copied().collect();
    let mut wrong = vec![];
    for source in sources("src") {
        for (name, at, count) in functions(&source) {
            let known = LONG_FUNCTIONS.iter().find(|it| **it == (&*source.path, &*name));
            if count > 50 && !known.is_some_and(|known| owed.remove(known)) {
                wrong.push(format!("{}:{at}: {name} has {count} lines", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(owed.is_empty(), "these are short enough now, take them out of the list: {owed:?}");
}

#[test]
fn the_code_holds_nothing_that_gives_up() {
    let mut wrong = vec![];
    for source in sources("src") {
        for (at, line) in source.code.iter().enumerate() {
            for word in FORBIDDEN.iter().filter(|word| line.contains(**word)) {
                wrong.push(format!("{}:{}: {word}", source.path, at + 1));
            }
            if line.contains("serde(") {
                for word in LOOSE.iter().filter(|word| line.contains(**word)) {
                    wrong.push(format!("{}:{}: {word}", source.path, at + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_left_for_later_in_a_comment() {
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];
    let mut wrong = vec![];
    for source in sources("src").into_iter().chain(sources("tests")) {
        for (at, line) in source.text.lines().enumerate() {
            let comment = line.split_once("//").map_or("", |(_, comment)| comment);
            if words.iter().any(|word| comment.contains(word)) {
                wrong.push(format!("{}:{}", source.path, at + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Splits a name at its underscores and capitals.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for c in name.chars() {
        if c == '_' || c.is_uppercase() {
            parts.push(String::new());
        }
        if c != '_' {
            parts.last_mut().unwrap().extend(c.to_lowercase());
        }
    }
    parts
}

#[test]
fn modules_and_types_have_names_of_the_trade() {
    let mut wrong = vec![];
    for source in sources("src") {
        let file = source.path.rsplit('/').next().unwrap().trim_end_matches(".rs").to_owned();
        let mut names = vec![(0, file)];
        for (at, line) in source.code.iter().enumerate() {
            for word in ["struct ", "enum ", "trait ", "type ", "mod "] {
                let Some((before, rest)) = line.split_once(word) else { continue };
                if before.chars().next_back().is_none_or(|c| c.is_whitespace() || c == ')') {
                    let name = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                    names.push((at + 1, name));
                }
            }
        }
        for (at, name) in names {
            if parts(&name).iter().any(|part| WORDS.contains(&&**part)) {
                wrong.push(format!("{}:{at}: {name}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every file that is committed: those that git lists, or the folders themselves where there is no git.
fn tracked() -> Vec<std::path::PathBuf> {
    let mut paths = vec![];
    let mut folders = vec![root().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_symlink() || [".git", "target", "node_modules"].contains(&&*name) {
                continue;
            }
            if path.is_dir() { folders.push(path) } else { paths.push(path) }
        }
    }
    paths
}

#[test]
fn no_file_names_this_machine_or_where_its_packages_came_from() {
    // Put together here, so that this file does not hold what it looks for.
    let words = [
        ["/wo", "rk/"].concat(),
        ["/ro", "ot/"].concat(),
        ["/home", "/"].concat(),
        ["index.", "crates.io"].concat(),
        ["static.", "crates.io"].concat(),
        ["registry.", "npmjs"].concat(),
        ["files.", "pythonhosted"].concat(),
    ];
    // Paths that a test makes up are no paths of a machine.
    let invented = ["/home/ann", "/home/me", "/home/user", "/home/alice", "/home/x"];
    let mut wrong = vec![];
    for path in tracked() {
        let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        if name == "Cargo.lock" {
            continue;
        }
        for (at, line) in text.lines().enumerate() {
            let line = invented.iter().fold(line.to_owned(), |line, it| line.replace(it, ""));
            for word in words.iter().filter(|word| line.contains(&***word)) {
                wrong.push(format!("{name}:{}: {word}", at + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

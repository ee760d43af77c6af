//! Whatever a forge and a repository say, the terminal gets gonogo's own sequences alone.

use super::pty::{ENTER, Term, gonogo};
use crate::demo::repository::git;
use gonogo::demo::{FULL, Options};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// What a terminal would obey, hide or turn round, after a word by which it is found on the screen.
fn evil(word: &str) -> String {
    format!(
        "{word}\u{1b}[7777m\u{9b}7777m\u{1b}]52;c;aGk=\u{7}\u{202e}\u{2066}\u{200f}\u{85}\r\nX\u{1b}P7777\u{1b}\\"
    )
}

/// The same for what git takes as a name: no control character of ASCII, no blank, no bracket.
const BRANCH: &str = "release-9.9.x\u{9b}7777m\u{202e}\u{2066}";

/// Everything of a saved forge that its users may name is called by something evil, the same thing the same way.
fn spoil(forge: &mut Value) {
    let mut called = BTreeMap::new();
    let mut call = |name: &Value, word: &str| {
        let name = name.as_str().unwrap_or_default();
        if !name.is_empty() {
            called.insert(name.to_owned(), format!("{}{name}", evil(word)));
        }
    };
    let repository = &mut forge["repositories"][0];
    for issue in repository["issues"].as_object_mut().unwrap().values_mut() {
        call(&issue["author"], "EvLogin");
        issue["assignees"].as_array().unwrap().iter().for_each(|login| call(login, "EvLogin"));
        issue["title"] = format!("{}{}", evil("EvTitle"), issue["title"].as_str().unwrap()).into();
        if let Some(head) = issue["pull"].get_mut("head") {
            *head = BRANCH.into();
        }
    }
    call(&"bug".into(), "EvLabel");
    for workflow in repository["workflows"].as_array().unwrap() {
        workflow["jobs"].as_array().unwrap().iter().for_each(|job| call(&job["name"], "EvCheck"));
    }
    rename(repository, &called);
}

/// Renames wherever a name stands alone.
fn rename(value: &mut Value, called: &BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(name) = called.get(text) {
                name.clone_into(text);
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|it| rename(it, called)),
        Value::Object(all) => {
            let before = std::mem::take(all);
            for (key, mut it) in before {
                rename(&mut it, called);
                all.insert(called.get(&key).cloned().unwrap_or(key), it);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A demo of which everything is hostile, in a directory to come back to.
fn hostile(dir: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let made = Options { dir: Some(dir.to_owned()), hostile: true, ..Options::default() };
        let demo = gonogo::demo::start(made).await.unwrap();
        // The forge is written down with the first change of it.
        let body = serde_json::json!({ "body": evil("EvComment") });
        let path = format!("/repos/{}/issues/300/comments", demo.repo.as_str());
        let bearer = format!("Bearer {FULL}");
        let said = crate::demo::asked(&demo, "POST", &path, body, &[("authorization", &bearer)]).await;
        assert_eq!(said.unwrap().status, 201);
        let (clone, line) = (&demo.clone, demo.line.clone().unwrap());
        let message = evil("EvCommit").replace("\r\n", " ");
        for branch in ["main", line.as_str()] {
            git(clone, &["checkout", "-q", "-B", "spoilt", &format!("origin/{branch}")]);
            let author = format!("user.name={}", evil("EvAuthor").replace("\r\n", " "));
            git(clone, &["-c", &author, "commit", "-q", "--allow-empty", "-m", &message]);
            git(clone, &["push", "-q", "origin", &format!("HEAD:refs/heads/{branch}")]);
        }
        git(clone, &["push", "-q", "origin", &format!("HEAD:refs/heads/{BRANCH}")]);
        git(clone, &["fetch", "-q", "origin"]);
        git(clone, &["checkout", "-q", "-B", BRANCH]);
    });
    let at = dir.join("forge.json");
    let mut forge: Value = serde_json::from_slice(&std::fs::read(&at).unwrap()).unwrap();
    spoil(&mut forge);
    std::fs::write(&at, forge.to_string()).unwrap();
}

/// What a full screen was sent that is none of gonogo's own sequences.
fn foreign(raw: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(raw).unwrap();
    let (from, to) = (text.find("\u{1b}[?1049h").unwrap(), text.rfind("\u{1b}[?1049l").unwrap());
    let mut left = &text[from..to];
    let mut found = vec![];
    while let Some(c) = left.chars().next() {
        let rest = &left[c.len_utf8()..];
        left = match c {
            '\u{1b}' if rest.starts_with('[') => {
                let end = rest[1..].find(|c: char| !matches!(c, '0'..='9' | ';' | '?')).unwrap() + 1;
                let known =
                    matches!(&rest[end..=end], "A" | "B" | "C" | "D" | "H" | "J" | "K" | "h" | "l" | "m");
                // The title that the terminal had is kept, and put back.
                let known = known || matches!(&rest[..=end], "[22;2t" | "[23;2t");
                let numbers = rest[1..end].split([';', '?']).filter(|it| !it.is_empty());
                if !known || numbers.into_iter().any(|it| it.parse::<u32>().map_or(true, |it| it > 2026)) {
                    found.push(rest[..=end].to_owned());
                }
                &rest[end + 1..]
            }
            '\u{1b}' if rest.starts_with("]0;gonogo") || rest.starts_with("]2;gonogo") => {
                let end = rest.find('\u{7}').unwrap();
                let odd = rest[..end].chars().find(|c| bad(*c));
                found.extend(odd.map(|c| format!("{c:?} in the title")));
                &rest[end + 1..]
            }
            c if bad(c) => {
                found.push(format!("{c:?} before {:?}", rest.chars().take(20).collect::<String>()));
                rest
            }
            _ => rest,
        };
    }
    found
}

/// ASCII's and C1's control characters, and what turns a line round or hides.
fn bad(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[test]
fn what_is_foreign_is_found() {
    let sent = |text: &str| foreign(format!("\u{1b}[?1049h{text}\u{1b}[?1049l").as_bytes());
    assert_eq!(sent("\u{1b}[1;38;5;12mplain\u{1b}[2;3H\u{1b}]2;gonogo v1\u{7}"), Vec::<String>::new());
    for text in [
        "\u{1b}[7777m",
        "\u{1b}]52;c;aGk=\u{7}",
        "\n",
        "\u{9b}1m",
        "\u{202e}",
        "\u{1b}P1\u{1b}\\",
        "\u{1b}[5n",
    ] {
        assert!(!sent(text).is_empty(), "{text:?}");
    }
    assert!(!sent("\u{1b}]2;gonogo \u{202e}\u{7}").is_empty());
}

#[test]
fn nothing_that_a_forge_or_a_repository_says_is_obeyed_by_the_terminal() {
    let dir = tempfile::tempdir().unwrap();
    hostile(dir.path());
    let mut term = Term::start(gonogo(&["demo", "--dir", dir.path().to_str().unwrap()], dir.path()));
    term.resize(240, 60);
    term.see("api ");
    let mut missing: Vec<&str> = vec!["EvTitle", "EvLogin", "EvLabel", "EvCheck", "EvCommit"];
    // The forge's rows are there.
    term.press("2");
    term.see("EvTitle");
    term.press("3");
    term.see("EvCheck");
    for tab in 1..=8 {
        term.press(&tab.to_string());
        term.see(&format!("[{tab} "));
        for keys in ["j", "j", ENTER, "j", "j", "j", "G", "gg"] {
            term.press(keys);
            term.settle();
            let screen = term.screen();
            missing.retain(|word| !screen.contains(word));
        }
    }
    // Dialogs say the same texts: a plan, what ran, the jobs.
    term.press("2");
    term.see("[2 ");
    for keys in ["/EvTitle", ENTER, "G", "D"] {
        term.press(keys);
        term.settle();
    }
    term.press("\u{1b}");
    term.settle();
    term.press("@");
    term.see("What ran");
    term.press("\u{1b}");
    term.until("the dialog is closed", |screen| !screen.contains("What ran"));
    assert!(term.leave().success());
    assert_eq!(foreign(&term.raw), Vec::<String>::new());
    assert_eq!(missing, Vec::<&str>::new(), "these were never on the screen");
}

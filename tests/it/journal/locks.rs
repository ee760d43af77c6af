//! One writer at a time, between processes and within one (R10), and kills at any moment (R1).

use super::sample::{draft, opening, stamp};
use gonogo::journal::dir::Dir;
use gonogo::journal::{JournalError, Line, Store};
use serde_json::json;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

const ROOT: &str = "GONOGO_TEST_JOURNAL";

fn open(root: &Path, lines: &mut Vec<String>) -> Result<Store, JournalError> {
    let dir = Dir::root(root)?.sub("w")?;
    Store::open(dir, &[], &mut |line, _| lines.push(line.text()))
}

/// Not a test of its own: the process that the others start, and kill.
#[test]
#[ignore = "started by the other tests as a process"]
fn child_that_writes_until_it_is_killed() {
    let Some(root) = std::env::var_os(ROOT) else { return };
    let mut out = std::io::stdout();
    let mut store = match open(Path::new(&root), &mut Vec::new()) {
        Ok(store) => store,
        Err(error) => {
            writeln!(out, "refused {error}").unwrap();
            return;
        }
    };
    if store.chain().seq == 0 {
        store.append(&stamp(0), &[opening()]).unwrap();
    }
    writeln!(out, "open").unwrap();
    for round in 0..100_000 {
        let drafts =
            [draft("note", &json!({ "what": round })), draft("note", &json!({ "what": "x".repeat(300) }))];
        for line in store.append(&stamp(round), &drafts).unwrap() {
            writeln!(out, "ack {}", line.text()).unwrap();
        }
    }
}

fn start(root: &Path) -> (Child, BufReader<ChildStdout>) {
    #[expect(clippy::disallowed_methods, reason = "a test starts itself as a second process")]
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "journal::locks::child_that_writes_until_it_is_killed", "--ignored", "--nocapture"])
        .env(ROOT, root)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    (child, out)
}

/// The next line that the child itself wrote, not the test runner around it.
fn said(out: &mut BufReader<ChildStdout>) -> String {
    loop {
        let mut line = String::new();
        assert!(out.read_line(&mut line).unwrap() > 0, "the child ended without a word");
        let from = line.find("ack {").or(line.find("open\n")).or(line.find("refused "));
        if let Some(from) = from {
            return line[from..].trim_end().to_owned();
        }
    }
}

#[test]
fn kills_lose_nothing_that_was_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let mut acked: Vec<String> = Vec::new();
    let kills = if std::env::var_os("GONOGO_TEST_FULL").is_some() { 500 } else { 12 };
    for kill in 0..kills {
        let (mut child, mut out) = start(dir.path());
        assert_eq!(said(&mut out), "open", "a stale lock?");
        for _ in 0..(kill * 7) % 23 {
            acked.push(said(&mut out).strip_prefix("ack ").unwrap().to_owned());
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // What the child said before it died, but for a line cut short, is acknowledged too.
        let rest: Vec<String> = out.lines().map_while(Result::ok).collect();
        let whole =
            rest.iter().filter_map(|line| line.strip_prefix("ack ")).filter(|text| text.ends_with("\"}"));
        acked.extend(whole.map(str::to_owned));
    }
    let mut lines = Vec::new();
    open(dir.path(), &mut lines).unwrap();
    assert!(acked.len() > 100, "{}", acked.len());
    let mut at = 0;
    for text in &acked {
        let found = lines[at..].iter().position(|line| line == text);
        at += found.unwrap_or_else(|| panic!("lost or changed: {text}")) + 1;
    }
}

#[test]
fn the_second_of_two_processes_is_told_who_holds_the_journal() {
    let dir = tempfile::tempdir().unwrap();
    let (mut child, mut out) = start(dir.path());
    assert_eq!(said(&mut out), "open");
    let (mut second, mut words) = start(dir.path());
    let refusal = said(&mut words);
    assert!(refusal.contains(&format!("pid {} on ", child.id())), "{refusal}");
    assert!(second.wait().unwrap().success());
    let here = open(dir.path(), &mut Vec::new());
    assert!(matches!(here, Err(JournalError::Held { .. })));
    child.kill().unwrap();
    child.wait().unwrap();
    open(dir.path(), &mut Vec::new()).unwrap();
}

#[test]
fn two_stores_in_one_process_are_two_writers_too() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = open(dir.path(), &mut Vec::new()).unwrap();
    first.append(&stamp(0), &[opening()]).unwrap();
    for _ in 0..50 {
        let Err(JournalError::Held { holder }) = open(dir.path(), &mut Vec::new()) else {
            panic!("two writers")
        };
        assert!(holder.starts_with(&format!("pid {} on ", std::process::id())), "{holder}");
    }
    drop(first);
    let mut lines: Vec<String> = Vec::new();
    let mut second = open(dir.path(), &mut lines).unwrap();
    assert_eq!(lines.len(), 1);
    let next: Vec<Line> = second.append(&stamp(1), &[draft("note", &json!({}))]).unwrap();
    assert_eq!(next[0].seq, 2);
}

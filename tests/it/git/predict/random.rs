//! On small random histories every prediction is what a real pick leaves.

use super::super::yard::{FIRST, Yard, oid};
use super::{agree, picks};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What a commit does to one of a few files.
#[derive(Debug, Clone)]
enum Edit {
    Line(usize, usize, u8),
    Insert(usize, usize, u8),
    Drop(usize, usize),
    Delete(usize),
    Move(usize, usize),
    Attributes(bool),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        6 => (0..4_usize, 0..12_usize, 0..4_u8).prop_map(|(file, line, to)| Edit::Line(file, line, to)),
        3 => (0..4_usize, 0..12_usize, 0..4_u8).prop_map(|(file, line, to)| Edit::Insert(file, line, to)),
        2 => (0..4_usize, 0..12_usize).prop_map(|(file, line)| Edit::Drop(file, line)),
        1 => (0..4_usize).prop_map(Edit::Delete),
        2 => (0..4_usize, 0..6_usize).prop_map(|(file, to)| Edit::Move(file, to)),
        1 => any::<bool>().prop_map(Edit::Attributes),
    ]
}

type Files = BTreeMap<String, Vec<String>>;

const NAMES: [&str; 6] = ["a", "b", "d/c", "d/e", "d/f", "g"];

impl Edit {
    fn apply(&self, files: &mut Files) {
        let name = |at: &usize| NAMES[*at].to_owned();
        match self {
            Self::Line(file, line, to) => {
                let lines = files.entry(name(file)).or_default();
                match lines.get_mut(*line) {
                    Some(line) => *line = format!("changed to {to}"),
                    None => lines.push(format!("new {to}")),
                }
            }
            Self::Insert(file, line, to) => {
                let lines = files.entry(name(file)).or_default();
                lines.insert((*line).min(lines.len()), format!("between {to}"));
            }
            Self::Drop(file, line) => {
                if let Some(lines) = files.get_mut(&name(file)).filter(|lines| *line < lines.len()) {
                    lines.remove(*line);
                }
            }
            Self::Delete(file) => drop(files.remove(&name(file))),
            Self::Move(from, to) => {
                if let Some(lines) = files.remove(&name(from)) {
                    files.insert(name(to), lines);
                }
            }
            Self::Attributes(union) => {
                let line = if *union { "* merge=union" } else { "# nothing" };
                files.insert(".gitattributes".into(), vec![line.into()]);
            }
        }
    }
}

/// A commit in the form of `git fast-import`, which holds all files.
fn commit(stream: &mut String, branch: &str, mark: usize, files: &Files) {
    let at = FIRST + i64::try_from(mark).unwrap() * 60;
    writeln!(stream, "commit refs/heads/{branch}\nmark :{mark}\ncommitter Cy <cy@example.org> {at} +0000")
        .unwrap();
    writeln!(stream, "data 1\n{}", mark % 10).unwrap();
    writeln!(stream, "deleteall").unwrap();
    for (name, lines) in files {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        writeln!(stream, "M 100644 inline {name}\ndata {}\n{text}", text.len()).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn every_verdict_is_that_of_a_real_pick(
        main in proptest::collection::vec(edit(), 3..9),
        release in proptest::collection::vec(edit(), 0..4),
        order in proptest::collection::vec(0..9_usize, 2..7),
    ) {
        let yard = Yard::new();
        let start: Files = NAMES[..4]
            .iter()
            .map(|name| ((*name).to_owned(), (0..10).map(|n| format!("{name} {n}")).collect()))
            .collect();
        let mut stream = String::new();
        commit(&mut stream, "main", 1, &start);
        let (mut files, mut mark) = (start.clone(), 1);
        for edit in &main {
            edit.apply(&mut files);
            mark += 1;
            commit(&mut stream, "main", mark, &files);
        }
        let mut files = start;
        let mut onto = String::from("reset refs/heads/release\nfrom :1\n\n");
        for edit in &release {
            edit.apply(&mut files);
            mark += 1;
            commit(&mut onto, "release", mark, &files);
        }
        let output = yard.raw(&yard.path(), &["fast-import", "--quiet"], format!("{stream}{onto}").as_bytes());
        prop_assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        yard.git(&["reset", "-q", "--hard"]);
        let commits = yard.git(&["rev-list", "--reverse", "main"]);
        let commits: Vec<_> = commits.lines().skip(1).map(oid).collect();
        let queue: Vec<_> = order.iter().map(|at| commits[at % commits.len()]).collect();
        agree(&yard, "release", &picks(&queue));
    }
}

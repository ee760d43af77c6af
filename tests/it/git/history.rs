//! The history of lines on disk: read by the next process, never trusted when damaged or when git tells other parents.

use super::yard::{Yard, ask, branch, git, run};
use gonogo::git::{Graph, Line, Repository};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

const TAGS: &[&str] = &["v1.0.0"];

fn story() -> Yard {
    let yard = Yard::new();
    yard.commit("a", "1\n", "Start of everything");
    yard.git(&["branch", "release-1"]);
    yard.commit("b", "1\n", "Second on the trunk");
    yard.git(&["checkout", "-q", "release-1"]);
    yard.commit("c", "1\n", "First on the line");
    yard.git(&["tag", "v1.0.0"]);
    yard.commit("c", "2\n", "Second on the line");
    yard.git(&["merge", "-q", "-m", "Merge the trunk", "main"]);
    yard.tick();
    yard.git(&["checkout", "-q", "main"]);
    yard.commit("b", "2\n", "Third on the trunk");
    yard
}

fn dir(yard: &Yard) -> PathBuf {
    yard.root().join("cache/history")
}

fn open(yard: &Yard) -> Graph {
    Graph::open(Some(&dir(yard)), &yard.at())
}

fn file(yard: &Yard) -> PathBuf {
    std::fs::read_dir(dir(yard)).unwrap().next().unwrap().unwrap().path()
}

/// The lines by a graph, which is kept.
fn read(yard: &Yard, graph: &mut Graph) -> Vec<Line> {
    let (at, refs) = (yard.at(), yard.refs());
    let lines = run(git().lines(&at, graph, &refs, &ask(&refs, TAGS))).unwrap();
    graph.save().unwrap();
    assert_eq!(lines, yard.lines(TAGS), "the same as from nothing");
    lines
}

fn counts(lines: &[Line]) -> (Option<u32>, Option<u32>) {
    let line = lines.iter().find(|line| line.branch == branch("release-1")).unwrap();
    (line.ahead, line.behind)
}

/// The lines by a graph, where git cannot be asked anything.
fn without_git(yard: &Yard, at: &Repository, graph: &mut Graph) -> Vec<Line> {
    let refs = yard.refs();
    let mut ask = ask(&refs, TAGS);
    ask.list_cap = 0;
    let git = git().with_env("GIT_DIR", "/nowhere");
    run(git.lines(at, graph, &refs, &ask)).unwrap()
}

#[test]
fn the_next_process_asks_git_nothing() {
    let yard = story();
    let first = read(&yard, &mut open(&yard));
    assert_eq!(counts(&first), (Some(3), Some(1)));
    let mode = |path: PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(file(&yard)), mode(dir(&yard))), (0o600, 0o700));
    assert_eq!(std::fs::read_dir(dir(&yard)).unwrap().count(), 1, "nothing is left beside it");
    let again = without_git(&yard, &yard.at(), &mut open(&yard));
    assert_eq!(counts(&again), (Some(3), Some(1)));
    assert_eq!(again[0].merge_base, first[0].merge_base);
    assert_eq!(again[1].last_tag, first[1].last_tag);
    assert_eq!(open(&yard).len(), 6);
}

#[test]
fn where_git_keeps_a_commit_graph_it_is_asked_for_what_is_not_in_it_alone() {
    for split in [false, true] {
        let yard = story();
        // A commit of more than two parents.
        for name in ["one", "two", "three"] {
            yard.git(&["checkout", "-q", "-b", name, "release-1"]);
            yard.commit(name, "1\n", name);
        }
        yard.git(&["checkout", "-q", "release-1"]);
        yard.git(&["merge", "-q", "-m", "All at once", "one", "two", "three"]);
        let expected = yard.lines(TAGS);
        let words = ["commit-graph", "write", "--reachable", "--split=no-merge"];
        yard.git(&words[..words.len() - usize::from(!split)]);
        let first = without_git(&yard, &yard.at(), &mut Graph::new());
        assert_eq!(counts(&first), counts(&expected));
        assert_eq!(counts(&first), (Some(7), Some(1)));
        assert_eq!(first[1].last_tag, expected[1].last_tag);
        assert_eq!(read(&yard, &mut open(&yard)), expected);
        assert!(!dir(&yard).exists(), "what git keeps is not kept twice");
        yard.git(&["checkout", "-q", "main"]);
        yard.commit("b", "3\n", "Fourth on the trunk");
        if split {
            yard.git(&words);
            let chain = yard.path().join(".git/objects/info/commit-graphs/commit-graph-chain");
            assert_eq!(std::fs::read_to_string(chain).unwrap().lines().count(), 2);
            assert_eq!(counts(&without_git(&yard, &yard.at(), &mut Graph::new())), (Some(7), Some(2)));
        }
        assert_eq!(counts(&read(&yard, &mut open(&yard))), (Some(7), Some(2)));
    }
}

#[test]
fn a_commit_graph_that_leads_nowhere_or_that_git_would_not_believe_is_not_taken() {
    let yard = story();
    let expected = yard.lines(TAGS);
    yard.git(&["commit-graph", "write", "--reachable"]);
    let path = yard.path().join(".git/objects/info/commit-graph");
    let whole = std::fs::read(&path).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let at = |name: &[u8]| {
        let entry = whole.windows(4).position(|it| it == name).unwrap();
        usize::try_from(u64::from_be_bytes(whole[entry + 4..entry + 12].try_into().unwrap())).unwrap()
    };
    let mut astray = whole.clone();
    let parent = at(b"CDAT") + 20;
    astray[parent..parent + 4].copy_from_slice(&[0, 1, 0, 0]);
    let refs = yard.refs();
    for bytes in [&whole[..whole.len() / 2], &whole[..6], b"CGPH nothing of the kind", &astray] {
        std::fs::write(&path, bytes).unwrap();
        let (at, mut graph) = (yard.at(), Graph::new());
        // git itself stumbles over such a file, so it is told not to look.
        let git = git().with_env("GIT_CONFIG_COUNT", "1").with_env("GIT_CONFIG_KEY_0", "core.commitGraph");
        let git = git.with_env("GIT_CONFIG_VALUE_0", "false");
        assert_eq!(run(git.lines(&at, &mut graph, &refs, &ask(&refs, TAGS))).unwrap(), expected);
    }
    std::fs::write(&path, &whole).unwrap();
    let graft = yard.git(&["rev-parse", "main~1"]);
    std::fs::write(yard.path().join(".git/info/grafts"), format!("{graft}\n")).unwrap();
    assert_ne!(counts(&yard.lines(TAGS)), counts(&expected), "other parents than the file has");
}

#[test]
fn what_is_new_is_read_on_top() {
    let yard = story();
    read(&yard, &mut open(&yard));
    yard.commit("d", "1\n", "Fourth on the trunk");
    assert_eq!(counts(&read(&yard, &mut open(&yard))), (Some(3), Some(2)));
    // A line that was forced back, its old tip collected.
    yard.git(&["branch", "-f", "release-1", "release-1~2"]);
    yard.git(&["reflog", "expire", "--expire=now", "--all"]);
    yard.git(&["gc", "-q", "--prune=now"]);
    yard.git(&["checkout", "-q", "-b", "release-2", "release-1"]);
    yard.commit("e", "1\n", "On another line");
    assert_eq!(counts(&read(&yard, &mut open(&yard))), (Some(1), Some(3)));
}

#[test]
fn a_damaged_file_is_thrown_away() {
    let yard = story();
    read(&yard, &mut open(&yard));
    let path = file(&yard);
    let whole = std::fs::read(&path).unwrap();
    let mut cases =
        vec![vec![], b"x".to_vec(), whole[..whole.len() - 1].to_vec(), [&whole[..], b"x"].concat()];
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        cases.push(bytes);
    }
    for bytes in cases {
        std::fs::write(&path, &bytes).unwrap();
        assert!(open(&yard).is_empty(), "{} bytes", bytes.len());
    }
    read(&yard, &mut open(&yard));
    assert_eq!(std::fs::read(&path).unwrap(), whole, "and written anew");
}

#[test]
fn other_parents_than_commits_name_are_neither_kept_nor_missed() {
    let yard = story();
    let mut graph = open(&yard);
    let plain = counts(&read(&yard, &mut graph));
    let whole = std::fs::read(file(&yard)).unwrap();
    let tip = yard.git(&["rev-parse", "main"]);
    let base = yard.git(&["rev-parse", "main~2"]);
    let grafts = yard.path().join(".git/info/grafts");
    let alter = |yard: &Yard, how: &str| match how {
        "grafts" => {
            std::fs::create_dir_all(grafts.parent().unwrap()).unwrap();
            std::fs::write(&grafts, format!("{tip} {base}\n")).unwrap();
        }
        how => {
            yard.git(&["replace", "--graft", &tip, &base]);
            if how == "packed" {
                yard.git(&["pack-refs", "--all"]);
            }
        }
    };
    for how in ["grafts", "loose", "packed"] {
        alter(&yard, how);
        assert_ne!(counts(&read(&yard, &mut graph)), plain, "{how}: seen by a graph that knows it otherwise");
        assert_ne!(counts(&read(&yard, &mut open(&yard))), plain, "{how}: and by one from the file");
        assert_eq!(std::fs::read(file(&yard)).unwrap(), whole, "{how}: and not kept");
        if how == "grafts" {
            std::fs::remove_file(&grafts).unwrap();
        } else {
            yard.git(&["replace", "-d", &tip]);
        }
        assert_eq!(counts(&read(&yard, &mut graph)), plain, "{how}: taken back");
        assert_eq!(counts(&read(&yard, &mut open(&yard))), plain);
    }
}

#[test]
fn nothing_is_kept_of_a_shallow_clone() {
    let yard = story();
    let url = format!("file://{}", yard.path().display());
    yard.git_in(yard.root(), &["clone", "-q", "--no-single-branch", "--depth=1", &url, "cut"]);
    let at = gonogo::git::find(&yard.root().join("cut")).unwrap();
    let refs = run(git().refs(&at)).unwrap();
    let mut graph = Graph::open(Some(&dir(&yard)), &at);
    run(git().lines(&at, &mut graph, &refs, &ask(&refs, &[]))).unwrap();
    graph.save().unwrap();
    assert!(!dir(&yard).exists());
}

#[test]
fn a_disk_that_cannot_be_written_costs_time_alone() {
    let yard = story();
    std::fs::write(yard.root().join("cache"), "a file where the directory should be").unwrap();
    let mut graph = open(&yard);
    let refs = yard.refs();
    run(git().lines(&yard.at(), &mut graph, &refs, &ask(&refs, TAGS))).unwrap();
    assert!(graph.save().is_err());
}

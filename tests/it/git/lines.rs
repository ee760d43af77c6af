//! Lines against the trunk: last tag, unreleased commits, drift with its evidence.

use super::yard::{Yard, ask, branch, git, oid, run};
use gonogo::git::there::cache::PatchCache;
use gonogo::git::{Equivalent, Evidence, Graph, Line, find};
use gonogo::spawn::Cancel;

fn line<'a>(lines: &'a [Line], name: &str) -> &'a Line {
    lines.iter().find(|line| line.branch == branch(name)).unwrap()
}

/// A trunk with fixes, and `release-1` with a backport of each kind, a fix of its own and two candidates.
fn story() -> Yard {
    let yard = Yard::new();
    yard.commit("base", "1\n", "Start of everything");
    yard.git(&["tag", "v0.9.0"]);
    yard.git(&["branch", "release-1"]);
    for (file, message) in [
        ("x", "Fix the first thing here"),
        ("n", "Fix the second thing here (#12)"),
        ("s", "Fix the third thing here"),
        ("p", "Fix the fourth thing here"),
    ] {
        yard.commit(file, &format!("{file}\n"), message);
    }
    let trunk = |back: u32| yard.git(&["rev-parse", &format!("main~{back}")]);
    yard.git(&["checkout", "-q", "release-1"]);
    yard.commit("rc", "1\n", "Bump version to 1.0.0");
    yard.git(&["tag", "-a", "-m", "rc1", "v1.0.0-rc.1"]);
    yard.git(&["tag", "-a", "-m", "final", "v1.0.0"]);
    yard.commit("x", "x\nadapted\n", &format!("Fix it\n\n(cherry picked from commit {})", trunk(3)));
    yard.commit("n", "n\nadapted\n", "Second (backport #12) (#40)");
    yard.commit("s", "s\nadapted\n", "[release-1] Fix the third thing here (#41)");
    yard.commit("p", "p\n", "Quite another subject");
    yard.commit("own", "1\n", "Hotfix of this line alone");
    yard.git(&["checkout", "-q", "main"]);
    yard
}

#[test]
fn a_line_tells_its_state() {
    let yard = story();
    let lines = yard.lines(&["v0.9.0", "v1.0.0-rc.1", "v1.0.0"]);
    let release = line(&lines, "release-1");
    let base = oid(&yard.git(&["rev-parse", "v0.9.0"]));
    assert_eq!((release.ahead, release.behind, release.merge_base), (Some(6), Some(4), Some(base)));
    let last = release.last_tag.as_ref().unwrap();
    assert_eq!((last.tag.as_str(), last.distance), ("v1.0.0", 5), "of two at one commit the higher version");
    assert_eq!(release.unreleased, Some(5));
    let subjects: Vec<_> = release.unreleased_commits.iter().map(|it| it.subject.raw()).collect();
    assert_eq!(subjects[0], "Hotfix of this line alone");
    assert_eq!(subjects.len(), 5);

    let main = line(&lines, "main");
    assert_eq!((main.ahead, main.behind, main.drift.total), (None, None, 0));
    assert_eq!(main.last_tag.as_ref().unwrap().tag.as_str(), "v0.9.0");
    assert_eq!(main.unreleased, Some(4));
}

#[test]
fn drift_says_how_each_counterpart_was_found() {
    let yard = story();
    let mut lines = yard.lines(&["v0.9.0", "v1.0.0"]);
    let at = |back: u32| oid(&yard.git(&["rev-parse", &format!("main~{back}")]));
    let found = |line: &Line| -> Vec<_> {
        let rows = line.drift.commits.iter();
        rows.map(|row| (row.commit.subject.raw().to_owned(), row.on_trunk.map(|it| (it.oid, it.evidence))))
            .collect()
    };
    let release = lines.iter_mut().find(|line| line.branch == branch("release-1")).unwrap();
    let expected = vec![
        ("Hotfix of this line alone".to_owned(), None),
        ("Quite another subject".to_owned(), None),
        ("[release-1] Fix the third thing here (#41)".to_owned(), Some((at(1), Evidence::Subject))),
        ("Second (backport #12) (#40)".to_owned(), Some((at(2), Evidence::Pull(12)))),
        ("Fix it".to_owned(), Some((at(3), Evidence::Trailer))),
        ("Bump version to 1.0.0".to_owned(), None),
    ];
    assert_eq!(found(release), expected);
    assert_eq!((release.drift.total, release.drift.unexplained_count()), (6, Some(3)));
    assert_eq!(release.drift.unexplained().count(), 3);
}

/// The drift of a line after it was compared by patch, and what `git cherry` does not find on the trunk.
fn compared(yard: &Yard, name: &str, dir: Option<&std::path::Path>) -> (Line, Vec<String>) {
    let (git, at, refs, mut graph) = (git(), yard.at(), yard.refs(), Graph::new());
    let mut lines = run(git.lines(&at, &mut graph, &refs, &ask(&refs, &[]))).unwrap();
    let mut cache = run(PatchCache::open(dir, &at));
    let trunk = refs.branches[&branch("main")].tip;
    run(git.compare_drift(&at, &graph, trunk, &mut lines, &mut cache, &Cancel::new())).unwrap();
    assert_eq!(cache.unread_for(&graph, trunk, &lines), 0, "what was read is kept");
    let cherry = yard.git(&["cherry", "main", name]);
    let missing = cherry.lines().filter_map(|row| row.strip_prefix("+ ")).map(str::to_owned);
    (line(&lines, name).clone(), missing.collect())
}

#[test]
fn what_the_trunk_changes_in_the_same_way_is_no_drift_as_git_cherry_tells() {
    let yard = story();
    let (release, missing) = compared(&yard, "release-1", None);
    let row = |subject: &str| {
        let rows = &release.drift.commits;
        rows.iter().find(|row| row.commit.subject.raw() == subject).unwrap().clone()
    };
    let fourth = oid(&yard.git(&["rev-parse", "main"]));
    let patch = |oid| Some(Equivalent { oid, evidence: Evidence::Patch });
    assert_eq!(row("Quite another subject").on_trunk, patch(fourth));
    let third = oid(&yard.git(&["rev-parse", "main~1"]));
    let own = row("[release-1] Fix the third thing here (#41)");
    assert!(
        missing.contains(&own.commit.oid.to_string()),
        "its patch differs, so its subject is all there is"
    );
    assert_eq!(own.on_trunk, Some(Equivalent { oid: third, evidence: Evidence::Subject }));
    // What git cherry misses beyond this is shown by a trailer or a number.
    for row in &release.drift.commits {
        let named = matches!(row.on_trunk.map(|it| it.evidence), Some(Evidence::Trailer | Evidence::Pull(_)));
        let open = row.on_trunk.is_none_or(|it| it.evidence == Evidence::Subject);
        assert_eq!(missing.contains(&row.commit.oid.to_string()), open || named, "{row:?}");
    }
}

#[test]
fn what_was_done_twice_on_a_line_and_once_before_it_was_cut_is_still_drift() {
    let yard = Yard::new();
    yard.commit("a", "1\n", "Start of everything");
    yard.commit("a", "2\n", "Switch it over");
    yard.commit("a", "1\n", "Switch it back");
    yard.git(&["checkout", "-q", "-b", "release-1"]);
    yard.commit("a", "2\n", "Switch it over again");
    yard.git(&["checkout", "-q", "main"]);
    yard.commit("b", "1\n", "Something else");
    let dir = tempfile::tempdir().unwrap();
    let (release, missing) = compared(&yard, "release-1", Some(dir.path()));
    assert_eq!(missing.len(), 1);
    assert_eq!(
        release.drift.commits[0].on_trunk, None,
        "both have the first one: it says nothing of the second"
    );
    // The trunk does it too, and the ids are on disk by now.
    yard.commit("a", "2\n", "Over, on the trunk");
    let (release, missing) = compared(&yard, "release-1", Some(dir.path()));
    assert!(missing.is_empty());
    assert_eq!(release.drift.unexplained_count(), Some(0));
}

#[test]
fn a_pick_of_a_pick_follows_the_chain_to_the_trunk() {
    let yard = Yard::new();
    yard.commit("a", "1", "Start of everything");
    yard.git(&["branch", "release-1"]);
    let fix = yard.commit("b", "1", "The fix itself");
    yard.git(&["checkout", "-q", "release-1"]);
    let gone = "e".repeat(40);
    let message = |first: &str, second: &str| {
        format!("Taken over\n\n(cherry picked from commit {first})\n(cherry picked from commit {second})")
    };
    yard.commit("b", "2", &message(&fix.to_string(), &gone));
    yard.commit("c", "2", &message(&gone, &gone));
    yard.commit("d", "2", &message(&gone, &fix.to_string()));
    let lines = yard.lines(&[]);
    let rows = &line(&lines, "release-1").drift.commits;
    assert_eq!(rows[2].on_trunk.unwrap().oid, fix, "the only one that the trunk has");
    assert_eq!(rows[0].on_trunk.unwrap().oid, fix, "wherever it stands");
    assert_eq!(rows[1].on_trunk, None, "a line that names nothing on the trunk proves nothing");
}

#[test]
fn lists_are_capped_and_counts_are_not() {
    let yard = story();
    let (git, at, refs) = (git(), yard.at(), yard.refs());
    let mut ask = ask(&refs, &["v1.0.0"]);
    ask.list_cap = 2;
    ask.branches.push(branch("not-there"));
    ask.branches.push(branch("release-1"));
    let lines = run(git.lines(&at, &mut Graph::new(), &refs, &ask)).unwrap();
    assert_eq!(lines.len(), 2, "each line once, and none that is not there");
    let release = line(&lines, "release-1");
    assert_eq!((release.unreleased, release.unreleased_commits.len()), (Some(5), 2));
    assert_eq!((release.drift.total, release.drift.commits.len()), (6, 2));
    assert_eq!(release.drift.unexplained_count(), None, "of a cut list nothing is told of all");
}

#[test]
fn the_graph_grows_and_survives_a_forced_line() {
    let yard = story();
    let git = git();
    let mut graph = Graph::new();
    let mut read = |yard: &Yard| {
        let (at, refs) = (yard.at(), yard.refs());
        let lines = run(git.lines(&at, &mut graph, &refs, &ask(&refs, &["v0.9.0", "v1.0.0"]))).unwrap();
        assert_eq!(lines, yard.lines(&["v0.9.0", "v1.0.0"]), "the same as from nothing");
        lines
    };
    read(&yard);
    yard.commit("later", "1", "On the trunk afterwards");
    assert_eq!(line(&read(&yard), "release-1").behind, Some(5));
    yard.git(&["branch", "-f", "release-1", "release-1~2"]);
    yard.git(&["reflog", "expire", "--expire=now", "--all"]);
    yard.git(&["gc", "-q", "--prune=now"]);
    assert_eq!(line(&read(&yard), "release-1").ahead, Some(4));
    yard.git(&["checkout", "-q", "-b", "release-2"]);
    yard.commit("second", "1", "On a line that is new");
    assert_eq!(line(&read(&yard), "release-2").ahead, Some(1));
}

#[test]
fn no_tag_no_trunk_and_unrelated_histories() {
    let yard = story();
    yard.git(&["checkout", "-q", "--orphan", "release-9"]);
    yard.commit("z", "1", "Another beginning");
    let lines = yard.lines(&[]);
    let alone = line(&lines, "release-9");
    assert_eq!((alone.ahead, alone.behind, alone.merge_base), (Some(1), Some(5), None));
    assert_eq!((alone.last_tag.as_ref(), alone.unreleased), (None, Some(1)));

    let (git, at, refs) = (git(), yard.at(), yard.refs());
    let mut ask = ask(&refs, &[]);
    ask.trunk = branch("nowhere");
    let lines = run(git.lines(&at, &mut Graph::new(), &refs, &ask)).unwrap();
    assert_eq!(line(&lines, "release-1").ahead, None);
    assert_eq!(line(&lines, "release-1").unreleased, Some(7));
}

#[test]
fn a_shallow_clone_tells_only_what_it_can() {
    let yard = story();
    let bare = yard.with_origin();
    let url = format!("file://{}", bare.display());
    let clone = |depth: &str, name: &str| {
        yard.git_in(yard.root(), &["clone", "-q", "--no-single-branch", depth, &url, name]);
        let at = find(&yard.root().join(name)).unwrap();
        let refs = run(git().refs(&at)).unwrap();
        let lines = run(git().lines(&at, &mut Graph::new(), &refs, &ask(&refs, &["v1.0.0"]))).unwrap();
        let release = line(&lines, "release-1").clone();
        (release.ahead, release.behind, release.unreleased)
    };
    assert_eq!(clone("--depth=2", "cut"), (None, None, None), "cut above the last tag and the fork");
    assert_eq!(clone("--depth=7", "deep"), (Some(6), Some(4), Some(5)), "whole where it counts");
}

#[test]
fn an_outline_has_every_count_and_no_message_was_read_for_it() {
    let yard = story();
    let at = find(&yard.path()).unwrap();
    let (refs, mut graph) = (run(git().refs(&at)).unwrap(), Graph::new());
    let ask = ask(&refs, &["v0.9.0", "v1.0.0"]);
    let outline = run(git().outline(&at, &mut graph, &refs, &ask)).unwrap();
    let (first, unread) = (outline.lines(), outline.unread(&graph));
    let whole = run(git().dress(&at, &mut graph, outline)).unwrap();
    assert_eq!(unread, 4 + 5 + 6 + 4, "the lists of both, and what the line may have of the trunk");
    assert_eq!(first.len(), whole.len());
    for (first, whole) in first.iter().zip(whole) {
        assert!(first.drift.commits.is_empty() && first.unreleased_commits.is_empty());
        assert_eq!(
            (first.drift.total, first.drift.unexplained_count().is_some()),
            (whole.drift.total, whole.drift.total == 0)
        );
        let told = gonogo::git::Line { drift: first.drift.clone(), unreleased_commits: vec![], ..whole };
        assert_eq!(*first, told);
    }
}

#[test]
fn deepening_a_shallow_clone_is_noticed() {
    let yard = story();
    let bare = yard.with_origin();
    let url = format!("file://{}", bare.display());
    yard.git_in(yard.root(), &["clone", "-q", "--no-single-branch", "--depth=2", &url, "cut"]);
    let path = yard.root().join("cut");
    let mut graph = Graph::new();
    let mut ahead = || {
        let at = find(&path).unwrap();
        let refs = run(git().refs(&at)).unwrap();
        let lines = run(git().lines(&at, &mut graph, &refs, &ask(&refs, &[]))).unwrap();
        line(&lines, "release-1").ahead
    };
    assert_eq!(ahead(), None);
    yard.git_in(&path, &["fetch", "-q", "--unshallow"]);
    assert_eq!(ahead(), Some(6));
}

#[test]
fn a_sha256_repository_is_read_like_any_other() {
    let yard = Yard::with(&["--initial-branch=main", "--object-format=sha256"]);
    yard.commit("a", "1", "Start of everything");
    yard.git(&["branch", "release-1"]);
    let fix = yard.commit("b", "1", "The fix itself");
    yard.git(&["checkout", "-q", "release-1"]);
    yard.commit("b", "2", &format!("Taken\n\n(cherry picked from commit {fix})"));
    let lines = yard.lines(&[]);
    let release = line(&lines, "release-1");
    assert_eq!((release.ahead, release.behind), (Some(1), Some(1)));
    assert_eq!(release.drift.commits[0].on_trunk.unwrap().oid, fix);
}

#[test]
fn a_partial_clone_is_read_without_asking_the_remote() {
    let yard = story();
    let bare = yard.with_origin();
    yard.git_in(&bare, &["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", bare.display());
    yard.git_in(yard.root(), &["clone", "-q", "--bare", "--filter=blob:none", &url, "partial"]);
    let at = find(&yard.root().join("partial")).unwrap();
    // Were anything fetched, it would be from here.
    std::fs::rename(&bare, yard.root().join("away.git")).unwrap();
    let refs = run(git().refs(&at)).unwrap();
    let lines = run(git().lines(&at, &mut Graph::new(), &refs, &ask(&refs, &["v1.0.0"]))).unwrap();
    assert_eq!((lines[1].ahead, lines[1].unreleased), (Some(6), Some(5)));
}

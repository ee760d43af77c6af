//! Where the repository is odd: bare, linked, shallow, partial, sha-256, with alternates, replaced, grafted, busy.

use super::super::yard::{Yard, git, oid, run};
use super::{agree, gits, listing, picks, predict_with};
use gonogo::git::{Predictor, Trust, find};
use gonogo::release::predict::{Verdict, Why};
use gonogo::spawn::Cancel;
use std::path::Path;

/// `f` changed twice on main; `release` is at the start.
fn told(yard: &Yard) -> Vec<gonogo::release::predict::Picked> {
    yard.commit("f", "1\n2\n3\n4\n5\n6\n7\n", "Start");
    yard.git(&["branch", "release"]);
    let one = yard.commit("f", "one\n2\n3\n4\n5\n6\n7\n", "One");
    let two = yard.commit("f", "one\n2\n3\n4\n5\n6\nseven\n", "Seven");
    picks(&[one, two])
}

fn predict_in(dir: &Path, tip: &str, queue: &[gonogo::release::predict::Picked]) -> Vec<Verdict> {
    let mut last = vec![];
    for git in gits() {
        let before = listing(dir);
        last = run(async {
            let at = find(dir).unwrap();
            let mut predictor = Predictor::open(&git, &at, Trust::Unasked).await.unwrap();
            let all = predictor.predict(oid(tip), queue, &Cancel::new(), &mut |_, _| ()).await.unwrap();
            all.into_iter().map(|it| it.verdict).collect::<Vec<_>>()
        });
        assert_eq!(listing(dir), before, "git {}", git.tier().text());
    }
    last
}

#[test]
fn a_bare_clone_a_linked_worktree_and_borrowed_objects() {
    let yard = Yard::new();
    let queue = told(&yard);
    let release = yard.git(&["rev-parse", "release"]);
    let usual = agree(&yard, "release", &queue).into_iter().map(|it| it.verdict).collect::<Vec<_>>();
    yard.git_in(yard.root(), &["clone", "-q", "--bare", "repo", "bare.git"]);
    yard.git_in(yard.root(), &["clone", "-q", "--shared", "repo", "shared: \"odd\""]);
    yard.git(&["worktree", "add", "-q", "--detach", "../linked", "release"]);
    for place in ["bare.git", "shared: \"odd\"", "linked", "repo/.git"] {
        assert_eq!(predict_in(&yard.root().join(place), &release, &queue), usual, "{place}");
    }
}

#[test]
fn at_the_end_of_a_shallow_clone_the_change_is_not_known() {
    let yard = Yard::new();
    let queue = told(&yard);
    let url = format!("file://{}", yard.path().display());
    yard.git_in(yard.root(), &["clone", "-q", "--depth=2", "--no-single-branch", &url, "shallow"]);
    let release = yard.git(&["rev-parse", "release"]);
    let shallow = yard.root().join("shallow");
    let all = predict_in(&shallow, &release, &queue);
    assert_eq!(all[0], Verdict::Unknown(Why::Shallow));
    assert_eq!(all[1].word(), "clean");
    yard.git_in(&shallow, &["fetch", "-q", "--unshallow"]);
    let words: Vec<_> = predict_in(&shallow, &release, &queue).iter().map(Verdict::word).collect();
    assert_eq!(words, ["clean", "clean"]);
}

#[test]
fn what_a_partial_clone_left_out_is_unknown_and_is_not_fetched() {
    let yard = Yard::new();
    yard.git(&["config", "uploadpack.allowFilter", "true"]);
    let queue = told(&yard);
    yard.git(&["checkout", "-q", "release"]);
    let ours = yard.commit("f", "1\n2\n3\nfour\n5\n6\n7\n", "Four");
    let far = yard.commit("g", "g\n", "Another file");
    yard.git(&["checkout", "-q", "main"]);
    let url = format!("file://{}", yard.path().display());
    yard.git_in(yard.root(), &["clone", "-q", "--no-checkout", "--filter=blob:none", &url, "partial"]);
    let mut queue = queue;
    // A pick of another file needs no content at all.
    queue.push(far.into());
    let base = yard.git(&["rev-parse", &format!("{ours}^")]);
    let all = predict_in(&yard.root().join("partial"), &ours.to_string(), &queue);
    assert!(matches!(&all[0], Verdict::Unknown(Why::MissingObject(_))), "{:?}", all[0]);
    assert!(matches!(&all[1], Verdict::Unknown(_)), "{:?}", all[1]);
    assert_eq!(all[2].word(), "clean");
    let all = predict_in(&yard.root().join("partial"), &base, &queue[..1]);
    assert_eq!(all[0].word(), "clean", "one side is unchanged, so no content is looked at");
}

#[test]
fn objects_named_by_sha_256() {
    let yard = Yard::with(&["--initial-branch=main", "--object-format=sha256"]);
    let mut queue = told(&yard);
    queue.push(oid(&yard.git(&["rev-list", "--max-parents=0", "main"])).into());
    let all = agree(&yard, "release", &queue);
    assert_eq!(all.iter().map(|it| it.verdict.word()).collect::<Vec<_>>(), ["clean", "clean", "conflict"]);
}

#[test]
fn a_reftable_repository_where_git_knows_it() {
    let git = gits().into_iter().find(|git| git.tier().version >= (2, 45, 0));
    let Some(git) = git else { return };
    let dir = tempfile::TempDir::new().unwrap();
    let at = |words: &[&str]| super::said(&git, dir.path(), words);
    at(&["init", "-q", "--ref-format=reftable", "--initial-branch=main"]);
    let commit = |text: &str| {
        std::fs::write(dir.path().join("f"), text).unwrap();
        at(&["add", "f"]);
        at(&["commit", "-q", "-m", text]);
        oid(&at(&["rev-parse", "HEAD"]))
    };
    let start = commit("1\n2\n3\n");
    let pick = commit("1\n2\nthree\n");
    let all = run(async {
        let at = find(dir.path()).unwrap();
        let mut predictor = Predictor::open(&git, &at, Trust::Unasked).await.unwrap();
        predictor.predict(start, &picks(&[pick]), &Cancel::new(), &mut |_, _| ()).await.unwrap()
    });
    assert_eq!(all[0].verdict.word(), "clean");
}

#[test]
fn replaced_and_grafted_commits_are_read_as_git_reads_them() {
    let yard = Yard::new();
    let queue = told(&yard);
    let two = queue[1].commit.to_string();
    // The second change as if it were made on the start: its patch then holds the first one too.
    let start = yard.git(&["rev-parse", "release"]);
    yard.git(&["replace", "--graft", &two, &start]);
    let all = agree(&yard, "release", &queue[1..]);
    assert_eq!(all[0].verdict.word(), "clean");
    let replaced = all[0].after();
    yard.git(&["replace", "-d", &two]);
    assert_ne!(agree(&yard, "release", &queue[1..])[0].after(), replaced);
    std::fs::write(yard.path().join(".git/info/grafts"), format!("{two} {start}\n")).unwrap();
    assert_eq!(agree(&yard, "release", &queue[1..])[0].after(), replaced);
}

#[test]
fn a_locked_index_and_a_dirty_checkout_are_in_nobodys_way() {
    let yard = Yard::new();
    let queue = told(&yard);
    std::fs::write(yard.path().join("f"), "dirty\n").unwrap();
    std::fs::write(yard.path().join(".git/index.lock"), "").unwrap();
    let before = listing(yard.root());
    for git in gits() {
        let all = predict_with(&git, &yard, Trust::Unasked, "release", &queue);
        assert!(all.iter().all(|it| it.verdict.word() == "clean"), "{all:?}");
        assert_eq!(listing(yard.root()), before);
    }
}

#[test]
fn a_quarantine_that_was_cleaned_up_is_made_again() {
    let yard = Yard::new();
    let queue = told(&yard);
    let (git, tip) = (git(), oid(&yard.git(&["rev-parse", "release"])));
    run(async {
        let mut predictor = Predictor::open(&git, &yard.at(), Trust::Unasked).await.unwrap();
        let first = predictor.predict(tip, &queue, &Cancel::new(), &mut |_, _| ()).await.unwrap();
        let lost = predictor.quarantine().objects();
        std::fs::remove_dir_all(lost.parent().unwrap()).unwrap();
        let again = predictor.predict(tip, &queue, &Cancel::new(), &mut |_, _| ()).await.unwrap();
        assert_eq!(first, again);
        let objects = predictor.quarantine().objects();
        assert!(objects.is_dir() && objects != lost);
        drop(predictor);
        assert!(!objects.exists(), "it goes with its predictor");
    });
}

#[test]
fn a_tip_that_is_not_here_is_an_error_that_names_it() {
    let yard = Yard::new();
    let queue = told(&yard);
    let nowhere = oid("00000000000000000000000000000000000000aa");
    let git = git();
    let why = run(async {
        let mut predictor = Predictor::open(&git, &yard.at(), Trust::Unasked).await.unwrap();
        predictor.predict(nowhere, &queue, &Cancel::new(), &mut |_, _| ()).await.unwrap_err()
    });
    assert!(why.to_string().contains("00aa is not in this clone: fetch it"), "{why}");
}

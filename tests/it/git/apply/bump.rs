//! A version written and committed: what is made, what stops it, and going on after being killed at any moment.

use super::super::yard::{Yard, git, oid, put_script, run};
use super::{Ground, op};
use gonogo::git::apply::{Bump, Bumped, Workplace, keep_ref};
use gonogo::git::push::Move;
use gonogo::git::{Git, GitError, Pushing, Trust};
use gonogo::release::ids::Oid;
use gonogo::spawn::Cancel;
use gonogo::version::{Edit, Place};

fn edit(file: &str, at: Place, text: &str) -> Edit {
    Edit { file: file.into(), at, all: false, text: text.into() }
}

/// A line with a version at three places, one of them deep down and executable.
fn ground() -> Ground {
    of(Yard::new())
}

fn of(yard: Yard) -> Ground {
    let mut ground = Ground::of(yard);
    let yard = &ground.yard;
    yard.git(&["checkout", "-q", "line"]);
    yard.commit("Cargo.toml", "[package]\r\nname = \"x\" # v\r\nversion = \"1.0.0\"", "toml");
    yard.commit("deep/er/package.json", "{\n\t\"version\":\"1.0.0\"\n}\n", "json");
    put_script(&yard.path().join("deep/run"), "V=1.0.0\nW=1.0.0");
    yard.git(&["add", "deep/run"]);
    yard.git(&["commit", "-q", "-m", "script"]);
    ground.tip = ground.yard.head();
    ground.yard.git(&["checkout", "-q", "main"]);
    ground
}

fn edits(to: &str) -> Vec<Edit> {
    vec![
        edit("Cargo.toml", Place::Toml("package.version".into()), to),
        edit("deep/er/package.json", Place::Json("version".into()), to),
        edit("deep/run", Place::Regex("V=(.*)".into()), to),
        edit("deep/run", Place::Regex("W=(.*)".into()), to),
    ]
}

fn order(ground: &Ground) -> Bump {
    Bump {
        op: op(),
        branch: super::super::yard::branch("line"),
        tip: ground.tip,
        edits: edits("1.1.0"),
        message: "Version 1.1.0\n\n# kept\n\nWhy.\n".into(),
        sign_off: false,
    }
}

fn bump_by(ground: &Ground, git: &Git, order: &Bump) -> Result<Bumped, GitError> {
    run(git.bump(&ground.yard.at(), &ground.root(), order, &Cancel::new()))
}

fn bump(ground: &Ground, order: &Bump) -> Bumped {
    bump_by(ground, &git(), order).unwrap()
}

#[track_caller]
fn done(bumped: Bumped) -> Oid {
    match bumped {
        Bumped::Done { commit } => commit,
        other => panic!("{other:?}"),
    }
}

/// Text of a file at a commit, byte by byte.
fn text(ground: &Ground, commit: Oid, file: &str) -> String {
    let shown = ground.yard.raw(&ground.yard.path(), &["cat-file", "blob", &format!("{commit}:{file}")], b"");
    String::from_utf8(shown.stdout).unwrap()
}

fn clean_up(ground: &Ground) {
    run(git().apply_off(&ground.yard.at(), &ground.root(), &op())).unwrap();
}

#[test]
fn a_version_is_committed_on_the_tip_and_nobodys_checkout_is_touched() {
    let ground = ground();
    let before = ground.users();
    let commit = done(bump(&ground, &Bump { sign_off: true, ..order(&ground) }));
    assert_eq!(text(&ground, commit, "Cargo.toml"), "[package]\r\nname = \"x\" # v\r\nversion = \"1.1.0\"");
    assert_eq!(text(&ground, commit, "deep/er/package.json"), "{\n\t\"version\":\"1.1.0\"\n}\n");
    assert_eq!(text(&ground, commit, "deep/run"), "#!/bin/sh\nV=1.1.0\nW=1.1.0\n");
    let yard = &ground.yard;
    let hex = commit.to_string();
    assert_eq!(yard.git(&["log", "-1", "--format=%P", &hex]), ground.tip.to_string());
    assert_eq!(
        yard.git(&["log", "-1", "--format=%an %B", &hex]).trim_end(),
        "Rae Version 1.1.0\n\n# kept\n\nWhy.\n\nSigned-off-by: Rae <rae@example.org>"
    );
    let changed = yard.git(&["diff", "--summary", "--name-only", &ground.tip.to_string(), &hex]);
    assert_eq!(changed, "Cargo.toml\ndeep/er/package.json\ndeep/run", "and no mode changed");
    assert_eq!(yard.git(&["rev-parse", &keep_ref(&op())]), hex);
    assert_eq!(ground.users(), before);
    assert_eq!(
        done(bump(&ground, &Bump { sign_off: true, ..order(&ground) })),
        commit,
        "asked for again it is found"
    );
    clean_up(&ground);
    assert!(!ground.place().exists() && yard.git(&["for-each-ref", "refs/gonogo"]).is_empty());
}

#[test]
fn what_is_planned_is_what_is_committed() {
    let ground = ground();
    let foreseen = run(git().foresee_bump(&ground.yard.at(), ground.tip, &edits("1.1.0"))).unwrap().unwrap();
    let lines = |at: usize| foreseen[at].changes.iter().map(|it| (it.line, &*it.after)).collect::<Vec<_>>();
    assert_eq!(
        foreseen.iter().map(|it| &*it.path).collect::<Vec<_>>(),
        ["Cargo.toml", "deep/er/package.json", "deep/run"]
    );
    assert_eq!(lines(0), [(3, "version = \"1.1.0\"")]);
    assert_eq!(lines(2), [(2, "V=1.1.0"), (3, "W=1.1.0")]);
    assert!(!ground.place().exists());
}

#[test]
fn a_version_that_is_there_already_makes_no_commit() {
    let ground = ground();
    assert_eq!(bump(&ground, &Bump { edits: edits("1.0.0"), ..order(&ground) }), Bumped::AlreadyThere);
    let commit = done(bump(&ground, &order(&ground)));
    clean_up(&ground);
    assert_eq!(bump(&ground, &Bump { tip: commit, ..order(&ground) }), Bumped::AlreadyThere);
}

#[test]
fn what_is_no_plain_file_is_refused_by_its_name() {
    let ground = ground();
    let yard = &ground.yard;
    yard.git(&["checkout", "-q", "line"]);
    std::os::unix::fs::symlink("Cargo.toml", yard.path().join("link.toml")).unwrap();
    std::os::unix::fs::symlink("deep", yard.path().join("way")).unwrap();
    std::fs::write(yard.path().join("latin.toml"), b"v = \"\xe9\"").unwrap();
    yard.git(&["add", "."]);
    yard.git(&["commit", "-q", "-m", "links"]);
    let tip = yard.head();
    yard.git(&["checkout", "-q", "main"]);
    for (file, words) in [
        ("link.toml", "symbolic link"),
        ("way", "symbolic link"),
        ("way/er/package.json", "no such file"),
        ("deep", "directory"),
        ("deep/", "expected the path"),
        ("../Cargo.toml", "expected the path"),
        ("/etc/passwd", "expected the path"),
        (".git/config", "expected the path"),
        ("none.toml", "no such file"),
        (":(top)Cargo.toml", "no such file"),
        ("*.toml", "no such file"),
        ("--help", "no such file"),
        ("latin.toml", "UTF-8"),
        ("Cargo.toml", "there is no package.nothing"),
    ] {
        let edits = vec![edit(file, Place::Toml("package.nothing".into()), "1.1.0")];
        let bumped = bump(&ground, &Bump { tip, edits, ..order(&ground) });
        let Bumped::Unfit { why } = &bumped else { panic!("{file}: {bumped:?}") };
        assert!(why.raw().contains(words) && why.raw().starts_with(file), "{file}: {why:?}");
    }
    assert_eq!(yard.git(&["for-each-ref", "refs/gonogo"]), "");
}

#[test]
fn line_ends_and_filters_of_the_user_change_nothing() {
    let ground = ground();
    let yard = &ground.yard;
    yard.git(&["config", "core.autocrlf", "true"]);
    std::fs::write(yard.path().join(".git/info/attributes"), "*.toml text eol=lf\n*.json text eol=crlf\n")
        .unwrap();
    let commit = done(bump(&ground, &order(&ground)));
    assert_eq!(text(&ground, commit, "Cargo.toml"), "[package]\r\nname = \"x\" # v\r\nversion = \"1.1.0\"");
    assert_eq!(text(&ground, commit, "deep/er/package.json"), "{\n\t\"version\":\"1.1.0\"\n}\n");
}

#[test]
fn hooks_see_the_files_and_stop_it_in_their_words() {
    let ground = ground();
    let hook = ground.yard.path().join(".git/hooks/pre-commit");
    put_script(
        &hook,
        "grep -q 1.1.0 Cargo.toml deep/er/package.json || exit 3\necho 'not on a friday' >&2\nexit 1",
    );
    let bumped = bump(&ground, &order(&ground));
    let Bumped::Failed { said } = &bumped else { panic!("{bumped:?}") };
    assert!(said.raw().contains("not on a friday"), "{said:?}");
    put_script(&hook, "echo more > added && git add --sparse added");
    let bumped = bump(&ground, &order(&ground));
    assert!(matches!(bumped, Bumped::Differs { .. }), "{bumped:?}");
    assert_eq!(ground.yard.git(&["for-each-ref", "refs/gonogo"]), "");
    std::fs::remove_file(&hook).unwrap();
    let veto = ground.yard.path().join(".git/hooks/commit-msg");
    put_script(&veto, "echo 'Ticket: 7' >> \"$1\"");
    let commit = done(bump(&ground, &order(&ground)));
    assert!(ground.yard.git(&["log", "-1", "--format=%B", &commit.to_string()]).contains("Ticket: 7"));
}

#[test]
fn a_key_that_does_not_sign_stops_it() {
    let ground = ground();
    ground.yard.git(&["config", "commit.gpgSign", "true"]);
    ground.yard.git(&[
        "config",
        "gpg.program",
        &ground.yard.script("gpg", "echo 'gpg: No secret key' >&2; exit 2"),
    ]);
    let bumped = bump(&ground, &order(&ground));
    assert!(
        matches!(&bumped, Bumped::NotSigned { said } if said.raw().contains("No secret key")),
        "{bumped:?}"
    );
    ground.yard.git(&["config", "commit.gpgSign", "false"]);
    done(bump(&ground, &order(&ground)));
}

#[test]
fn a_reftable_and_sha256_are_no_different() {
    for init in ["--ref-format=reftable", "--object-format=sha256"] {
        let ground = of(Yard::with(&["--initial-branch=main", init]));
        let commit = done(bump(&ground, &order(&ground)));
        assert_eq!(done(bump(&ground, &order(&ground))), commit, "{init}");
        assert!(text(&ground, commit, "Cargo.toml").contains("1.1.0"));
    }
}

#[test]
fn the_branch_moves_by_the_push_alone() {
    let ground = ground();
    ground.yard.with_origin();
    let commit = done(bump(&ground, &order(&ground)));
    let at = ground.yard.at();
    let (to, remote) = (Move { old: Some(ground.tip), new: commit }, at.remote().unwrap());
    let line = order(&ground).branch;
    assert_eq!(ground.yard.git(&["rev-parse", "line"]), ground.tip.to_string());
    let pushed = run(git().push_onto(&at, remote, &line, to, Trust::Given, &Cancel::new())).unwrap();
    assert_eq!(pushed, Pushing::Done);
    let gone = run(Workplace::sweep(&git(), &at, &ground.root(), &[op()])).unwrap();
    assert_eq!(gone, [ground.place()], "what a crash left is swept like that of picks");
    assert_eq!(ground.yard.git(&["for-each-ref", "refs/gonogo"]), "");
}

#[test]
fn killed_after_any_step_it_goes_on_and_commits_once() {
    let ground = ground();
    let order = order(&ground);
    let expected = ground.tree(done(bump(&ground, &order)));
    clean_up(&ground);
    let (mut step, before) = (0, ground.users());
    loop {
        let first = bump_by(&ground, &super::crash::mortal(&ground, step), &order);
        if matches!(first, Ok(Bumped::Done { .. })) {
            break;
        }
        let left = ground.place().join("git/logs/HEAD");
        let commit = done(bump(&ground, &order));
        assert_eq!(ground.tree(commit), expected, "after step {step}");
        assert_eq!(ground.subjects(commit), ["Version 1.1.0"], "after step {step}");
        let made = std::fs::read_to_string(&left).unwrap_or_default().matches("commit: ").count();
        assert!(made <= 1, "after step {step} it was committed {made} times");
        assert_eq!(ground.users(), before, "after step {step}");
        clean_up(&ground);
        step += 1;
    }
    assert!(step >= 10, "only {step} steps were killed");
}

#[test]
fn what_somebody_committed_there_is_not_taken() {
    let ground = ground();
    let commit = done(bump(&ground, &order(&ground)));
    let yard = &ground.yard;
    let other = oid(&yard.git(&["commit-tree", "-p", &commit.to_string(), "-m", "mine", "HEAD^{tree}"]));
    yard.git(&["update-ref", &keep_ref(&op()), &other.to_string()]);
    let bumped = bump(&ground, &order(&ground));
    assert!(matches!(bumped, Bumped::Strange { .. }), "{bumped:?}");
}

#[test]
fn lost_wholly_it_is_made_again_and_lost_halfway_it_is_found() {
    let ground = ground();
    let commit = done(bump(&ground, &order(&ground)));
    std::fs::remove_dir_all(ground.place()).unwrap();
    assert_eq!(done(bump(&ground, &order(&ground))), commit, "found by the ref that keeps it");
    ground.yard.git(&["update-ref", "-d", &keep_ref(&op())]);
    let again = done(bump(&ground, &order(&ground)));
    assert_eq!(ground.tree(again), ground.tree(commit));
}

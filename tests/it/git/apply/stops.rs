//! What stops a run: hooks, signatures, a full disk; each leaves it to be tried again.

use super::super::yard::{put_script, run};
use super::{Ground, done};
use gonogo::git::Git;
use gonogo::git::apply::Applied;
use gonogo::spawn::Program;

fn failed(applied: Applied) -> (usize, String) {
    match applied {
        Applied::Failed { at, said } => (at, said.raw().to_owned()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_hook_that_vetoes_stops_it_with_its_words() {
    let ground = Ground::new();
    let picks = ground.three();
    let hook = ground.yard.path().join(".git/hooks/prepare-commit-msg");
    put_script(&hook, "grep -q '^deep' \"$1\" || exit 0\necho 'not on a friday' >&2\nexit 1");
    let (at, said) = failed(ground.apply(&picks));
    assert_eq!(at, 1);
    assert!(said.contains("not on a friday"), "{said}");
    std::fs::remove_file(hook).unwrap();
    let tip = done(ground.apply(&picks));
    assert_eq!(ground.subjects(tip), ["nine (#7)", "deep", "new"]);
}

#[test]
fn a_hook_that_vetoes_refs_stops_it() {
    let ground = Ground::new();
    let picks = ground.three();
    let hook = ground.yard.path().join(".git/hooks/reference-transaction");
    put_script(&hook, "[ \"$1\" = prepared ] || exit 0\necho 'refs are frozen' >&2\nexit 1");
    let (at, said) = match ground.apply_by(&super::git(), &ground.order(&picks)) {
        Ok(applied) => failed(applied),
        Err(why) => (0, why.to_string()),
    };
    assert_eq!(at, 0);
    assert!(said.contains("refs are frozen") || said.contains("aborted by hook"), "{said}");
    std::fs::remove_file(hook).unwrap();
    assert_eq!(ground.subjects(done(ground.apply(&picks))).len(), 3);
}

#[test]
fn a_signature_that_fails_leaves_the_pick_to_be_tried_again() {
    let ground = Ground::new();
    let picks = ground.three();
    let broken = ground.yard.script("gpg", "echo 'gpg: no secret key' >&2; exit 2");
    ground.yard.git(&["config", "gpg.program", &broken]);
    ground.yard.git(&["config", "commit.gpgsign", "true"]);
    let (at, said) = failed(ground.apply(&picks));
    assert_eq!(at, 0);
    assert!(said.contains("gpg"), "{said}");
    let works = "cat >/dev/null; echo '[GNUPG:] SIG_CREATED D 1 8 00 1 ABC' >&2; echo SIGNED";
    ground.yard.script("gpg", works);
    let tip = done(ground.apply(&picks));
    let raw = ground.yard.git(&["cat-file", "commit", &tip.to_string()]);
    assert!(raw.contains("gpgsig SIGNED"), "{raw}");
    assert_eq!(ground.subjects(tip).len(), 3);
}

#[test]
fn a_full_disk_in_the_middle_loses_nothing() {
    let ground = Ground::new();
    let picks = ground.three();
    let real = super::git().program().path().display().to_string();
    // No file may grow beyond nothing where the second pick is among those that are made.
    let second = picks[1];
    let body = format!("case \" $* \" in *cherry-pick*{second}*) ulimit -f 0;; esac\nexec '{real}' \"$@\"");
    let script = ground.yard.script("full", &body);
    let full = run(Git::at(Program::find(&script).unwrap())).unwrap();
    let full = full.with_env("GIT_CONFIG_GLOBAL", "/dev/null").with_env("GIT_CONFIG_NOSYSTEM", "1");
    let first = ground.apply_by(&full, &ground.order(&picks));
    assert!(!matches!(first, Ok(Applied::Done { .. })), "{first:?}");
    let tip = done(ground.apply(&picks));
    assert_eq!(ground.subjects(tip), ["nine (#7)", "deep", "new"]);
}

#[test]
fn a_tip_that_is_not_here_is_said() {
    let mut ground = Ground::new();
    let picks = ground.three();
    ground.tip = super::oid("1234567890123456789012345678901234567890");
    let why = ground.apply_by(&super::git(), &ground.order(&picks)).unwrap_err().to_string();
    assert!(why.contains("fetch it"), "{why}");
    let ground = Ground::new();
    let missing = super::oid("1234567890123456789012345678901234567890");
    let (at, said) = failed(ground.apply(&[missing]));
    assert_eq!(at, 0);
    assert!(said.contains("1234567"), "{said}");
}

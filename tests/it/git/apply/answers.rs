//! A conflict and what a person answers: taken only when it is a resolution.

use super::super::yard::{git, run};
use super::{Ground, done, op};
use gonogo::git::apply::{Answer, Applied, How, for_person};
use gonogo::release::ids::Oid;
use gonogo::spawn::{Cancel, Program};

const FILE: &str = "deep/er/b";

struct Clash {
    ground: Ground,
    picks: Vec<Oid>,
}

/// Stopped at the second of three picks.
fn stopped() -> Clash {
    let mut ground = Ground::new();
    let clash = ground.clash();
    let first = ground.yard.commit("a", "one\n2\n3\n4\n5\n6\n7\n8\n9\n", "first");
    let last = ground.yard.commit("deep/last", "last\n", "last");
    let picks = vec![first, clash, last];
    let applied = ground.apply(&picks);
    let Applied::Conflict { at, files, worktree } = applied else { panic!("{applied:?}") };
    assert_eq!((at, files.len(), files[0].raw()), (1, 1, FILE));
    assert_eq!(worktree, ground.work());
    Clash { ground, picks }
}

impl Clash {
    fn answer(&self, answer: Answer) -> Applied {
        let (at, root) = (self.ground.yard.at(), self.ground.root());
        run(git().apply_on(&at, &root, &op(), answer, &Cancel::new())).unwrap()
    }

    fn not_yet(&self) -> String {
        match self.answer(Answer::Continue) {
            Applied::NotYet { at: 1, why } => why.raw().to_owned(),
            other => panic!("{other:?}"),
        }
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.ground.work().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn resolve(&self) {
        self.write(FILE, "1\n2\n3\n4\nboth\n6\n7\n8\n9\n");
    }
}

#[test]
fn markers_left_are_refused_and_a_resolution_goes_on() {
    let clash = stopped();
    let before = clash.ground.users();
    assert!(clash.not_yet().contains("markers"));
    // A crash or a reboot in between changes nothing.
    assert!(matches!(clash.ground.apply(&clash.picks), Applied::Conflict { at: 1, .. }));
    clash.resolve();
    let applied = clash.answer(Answer::Continue);
    let Applied::Done { tip, done } = applied else { panic!("{applied:?}") };
    assert_eq!(done[1].how, How::Resolved { beyond: vec![] });
    assert_eq!(clash.ground.subjects(tip), ["first", "of main", "last"]);
    let yard = &clash.ground.yard;
    assert!(yard.git(&["show", &format!("{tip}:{FILE}")]).contains("both"));
    let body = yard.git(&["log", "-1", "--format=%an%n%B", &format!("{tip}^")]);
    assert!(body.starts_with("Ada\n"), "{body}");
    assert!(body.contains(&format!("(cherry picked from commit {})", clash.picks[1])), "{body}");
    assert!(!body.contains("Conflicts"), "{body}");
    assert_eq!(clash.ground.users(), before);
}

#[test]
fn what_is_changed_beyond_the_pick_is_recorded() {
    let clash = stopped();
    clash.resolve();
    clash.write("a", "one\n2\n3\n4\n5\n6\n7\n8\nninth\n");
    let applied = clash.answer(Answer::Continue);
    let Applied::Done { done, .. } = applied else { panic!("{applied:?}") };
    assert_eq!(done[1].how, How::Resolved { beyond: vec!["a".into()] });
}

#[test]
fn what_is_no_resolution_is_refused() {
    let clash = stopped();
    clash.write(FILE, "1\n2\n3\n4\nline\n6\n7\n8\n9\n");
    assert!(clash.not_yet().contains("skip it"));
    let clash = stopped();
    clash.resolve();
    clash.write("deep/stray", "x");
    assert!(clash.not_yet().contains("deep/stray is new"));
    std::fs::remove_file(clash.ground.work().join("deep/stray")).unwrap();
    done(clash.answer(Answer::Continue));
    let clash = stopped();
    clash.write(FILE, "1\n2\n3\n4\nline\n6\n7\n8\n9\n");
    clash.write("a", "other\n");
    assert!(clash.not_yet().contains("none of the pick's"));
}

#[test]
fn a_pick_that_is_skipped_leaves_the_rest() {
    let clash = stopped();
    let tip = done(clash.answer(Answer::Skip));
    assert_eq!(clash.ground.subjects(tip), ["first", "last"]);
}

#[test]
fn one_that_the_person_committed_is_taken_when_it_names_the_pick() {
    let clash = stopped();
    clash.resolve();
    let yard = &clash.ground.yard;
    yard.git_in(&clash.ground.work(), &["add", "--sparse", FILE]);
    yard.git_in(&clash.ground.work(), &["commit", "-q", "-m", "mine"]);
    assert!(clash.not_yet().contains("cherry picked from"));
    let message = format!("mine\n\n(cherry picked from commit {})", clash.picks[1]);
    yard.git_in(&clash.ground.work(), &["commit", "-q", "--amend", "-m", &message]);
    let tip = done(clash.answer(Answer::Continue));
    assert_eq!(clash.ground.subjects(tip), ["first", "mine", "last"]);
}

#[test]
fn a_resolution_that_was_recorded_is_used() {
    let clash = stopped();
    let yard = &clash.ground.yard;
    yard.git(&["config", "rerere.enabled", "true"]);
    run(git().apply_off(&yard.at(), &clash.ground.root(), &op())).unwrap();
    assert!(matches!(clash.ground.apply(&clash.picks), Applied::Conflict { .. }));
    clash.resolve();
    done(clash.answer(Answer::Continue));
    run(git().apply_off(&yard.at(), &clash.ground.root(), &op())).unwrap();
    assert!(matches!(clash.ground.apply(&clash.picks), Applied::Conflict { .. }));
    let tip = done(clash.answer(Answer::Continue));
    assert!(yard.git(&["show", &format!("{tip}:{FILE}")]).contains("both"));
}

#[test]
fn a_tool_gets_all_files_and_the_configuration_stays() {
    let clash = stopped();
    let before = clash.ground.users();
    assert!(!clash.ground.work().join("deep/last").exists());
    let (at, root) = (clash.ground.yard.at(), clash.ground.root());
    run(git().spread(&at, &root, &op())).unwrap();
    let call = for_person(&Program::find("git").unwrap(), &clash.ground.work());
    let status = run(call.args(["status", "--porcelain"]).run(&Cancel::new())).unwrap();
    assert_eq!(String::from_utf8_lossy(&status.stdout), format!("UU {FILE}\n"));
    assert!(clash.ground.work().join("a").exists());
    assert_eq!(clash.ground.users(), before);
    clash.resolve();
    done(clash.answer(Answer::Continue));
}

#[test]
fn called_off_nothing_is_left_and_nothing_has_moved() {
    let clash = stopped();
    let yard = &clash.ground.yard;
    run(git().apply_off(&yard.at(), &clash.ground.root(), &op())).unwrap();
    assert!(!clash.ground.place().exists());
    assert_eq!(yard.git(&["for-each-ref", "refs/gonogo"]), "");
    let (at, root) = (yard.at(), clash.ground.root());
    let after = run(git().apply_on(&at, &root, &op(), Answer::Skip, &Cancel::new())).unwrap();
    assert!(matches!(after, Applied::Strange { .. }), "{after:?}");
}

#[test]
fn markers_are_committed_only_when_asked_for_and_are_named() {
    let clash = stopped();
    let Applied::Done { tip, done } = clash.answer(Answer::Markers) else { panic!() };
    assert_eq!(done[1].how, How::Marked { files: vec![FILE.into()] });
    assert_eq!(clash.ground.subjects(tip), ["first", "of main", "last"]);
    let text = clash.ground.yard.git(&["show", &format!("{tip}:{FILE}")]);
    assert!(text.contains("<<<<<<< ") && text.contains(">>>>>>> "), "{text}");
    // The same at once, where the order says so.
    let order = gonogo::git::apply::Order { markers: true, ..clash.ground.order(&clash.picks) };
    run(git().apply_off(&clash.ground.yard.at(), &clash.ground.root(), &op())).unwrap();
    let Applied::Done { tip: again, done } = clash.ground.apply_order(&order) else { panic!() };
    assert!(matches!(&done[1].how, How::Marked { files } if files.len() == 1));
    assert_eq!(clash.ground.tree(again), clash.ground.tree(tip));
}

#[test]
fn a_mergetool_resolves_it_and_leaves_nothing_behind() {
    let clash = stopped();
    let yard = &clash.ground.yard;
    let tool = yard.script("tool", "printf '1\n2\n3\n4\nmerged\n6\n7\n8\n9\n' > \"$4\"");
    let call = for_person(&Program::find("git").unwrap(), &clash.ground.work()).args([
        "-c".to_owned(),
        "merge.tool=mine".to_owned(),
        "-c".to_owned(),
        format!("mergetool.mine.cmd='{tool}' \"$LOCAL\" \"$BASE\" \"$REMOTE\" \"$MERGED\""),
        "-c".to_owned(),
        "mergetool.mine.trustExitCode=true".to_owned(),
        "mergetool".to_owned(),
        "--no-prompt".to_owned(),
    ]);
    let output = run(call.run(&Cancel::new())).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tip = done(clash.answer(Answer::Continue));
    assert!(yard.git(&["show", &format!("{tip}:{FILE}")]).contains("merged"));
    assert_eq!(clash.ground.subjects(tip).len(), 3);
}

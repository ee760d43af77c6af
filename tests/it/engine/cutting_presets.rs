//! Each of the five processes cuts a candidate and a final version in the demo, and shows what it is: read back from
//! the forge and from the bare repository behind it.

use super::backport::{counts, text};
use super::cutting::{git, releases_of};
use super::demo::{journal, printed};
use super::pty::{ENTER, Term, gonogo};
use crate::git::yard::put_script;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// How a process is played.
struct Play {
    dir: tempfile::TempDir,
    process: &'static str,
    release: &'static str,
    line: &'static str,
}

impl Play {
    fn of(process: &'static str, release: &'static str, line: &'static str) -> Self {
        Self { dir: tempfile::tempdir().unwrap(), process, release, line }
    }

    fn dir(&self) -> &Path {
        self.dir.path()
    }

    fn origin(&self) -> PathBuf {
        self.dir().join("origin.git")
    }

    /// Opens the release; `process` is a preset or a file.
    fn open(&self, process: &str, editor: Option<&Path>) -> Term {
        let words =
            ["demo", "--process", process, "--release", self.release, "--dir", self.dir().to_str().unwrap()];
        let mut command = gonogo(&words, self.dir());
        command.envs(editor.map(|editor| ("VISUAL", editor)));
        let mut term = Term::start(command);
        term.see(self.release);
        term.see("api ");
        term
    }

    /// Says go to a plan whose title begins so, by the name that it asks for.
    fn say_go(&self, term: &mut Term, title: &str, name: &str) {
        term.see(title);
        while !term.screen().contains(&format!("Type {name} to go on")) {
            term.press("\t");
            term.settle();
        }
        term.press(name);
        term.see("enter goes");
        term.press(ENTER);
    }

    /// Creates the release branch from the trunk, after an attempt to cut without it.
    fn branch(&self, term: &mut Term) {
        term.press("7");
        term.see("[7 RC");
        term.press("C");
        term.see("the release branch does not exist");
        term.press("4");
        term.see("[4 Branches");
        term.see(" 4 lines");
        term.press("G");
        term.press("B");
        term.see("Name of the branch");
        term.see(&format!("› {}", self.line));
        term.press(ENTER);
        self.say_go(term, &format!("Create {} at ", self.line), self.line);
        term.meanwhile("the branch", || ended(self.dir(), "ref.create", "ok") == 1);
        term.press("7");
        term.see(&format!("the head of {}", self.line));
        term.see("✓ Version");
    }

    /// Waives on record whatever stands in the way of both, once an attempt was refused.
    fn waive(&self, term: &mut Term) {
        loop {
            term.press("w");
            term.until("an answer", |it| {
                it.contains("Why waive ") || it.contains("nothing that can be waived")
            });
            let screen = term.screen();
            let Some(rest) = screen.split("Why waive ").nth(1) else { break };
            let gate = rest.split(&format!(" for {}", self.release)).next().unwrap().to_owned();
            let before = text(self.dir()).matches("\"gate.override\"").count();
            term.press("known, and seen to by hand");
            term.press(ENTER);
            let waived = || text(self.dir()).matches("\"gate.override\"").count() > before;
            // What it reads may have come in meanwhile.
            term.until(&gate, |it| waived() || it.contains("it is GO already"));
            if waived() {
                term.see(&format!("override {gate}"));
            } else {
                term.press("\u{1b}");
                term.settle();
                term.until("the prompt is closed", |it| !it.contains("Why waive "));
            }
        }
    }

    /// What is refused while a gate is in the way: no plan, nothing sent. Where nothing but the runs of a new branch is
    /// in the way they may have ended meanwhile, and then the plan opens, with every condition held.
    fn refused(&self, term: &mut Term, key: &str) {
        let sent = counts(self.dir(), "tag.create");
        let stands =
            |it: &str| it.starts_with(" ! v") && (it.contains(" is HOLD: ") || it.contains(" is NO-GO: "));
        let plan = |it: &str| it.contains("What must hold: ");
        // What it says of something that is still being read goes by, and it is asked again.
        for _ in 0..40 {
            term.press(key);
            term.settle();
            if plan(&term.screen()) || term.screen().lines().any(stands) {
                break;
            }
        }
        term.until("a refusal", |it| plan(it) || it.lines().any(stands));
        if plan(&term.screen()) {
            assert!(term.screen().contains("What must hold: all "), "{}", term.screen());
            assert!(term.screen().contains("✓ CI of the branch: "), "{}", term.screen());
            term.press("\u{1b}");
            term.until("the plan is closed", |it| !plan(it));
        }
        assert_eq!(counts(self.dir(), "tag.create"), sent);
    }

    /// The commit that a tag of the origin names, which must be annotated.
    fn commit(&self, tag: &str) -> String {
        assert_eq!(git(&self.origin(), &["cat-file", "-t", &format!("refs/tags/{tag}")]), "tag", "{tag}");
        git(&self.origin(), &["rev-parse", &format!("refs/tags/{tag}^{{commit}}")])
    }

    fn head(&self) -> String {
        git(&self.origin(), &["rev-parse", &format!("refs/heads/{}", self.line)])
    }

    /// Cuts a candidate of the branch's head, and reads it back.
    fn candidate(&self, term: &mut Term, tag: &str) {
        let head = self.head();
        term.press("C");
        self.say_go(term, &format!("Cut {tag} at "), tag);
        term.meanwhile("the prerelease", || ended(self.dir(), "release.publish", "ok") == 1);
        term.see("✓ Prerelease  published");
        assert_eq!(self.commit(tag), head, "the approved commit");
        self.is_released(tag, true);
    }

    /// Cuts the final version by a tag of ours, of the candidate's commit.
    fn last(&self, term: &mut Term, of: &str) {
        term.press("F");
        self.say_go(term, &format!("Cut {} at ", self.release), self.release);
        term.meanwhile("the push", || ended(self.dir(), "tag.push", "ok") == 2);
        term.see("✓ Push");
        assert_eq!(self.commit(self.release), self.commit(of), "what was tested is what is released");
        assert_eq!(ended(self.dir(), "release.publish", "ok"), 1, "nobody is told yet");
        term.see("drafted; P publishes it");
    }

    fn publish(&self, term: &mut Term) {
        term.press("P");
        self.say_go(term, &format!("Publish {}", self.release), self.release);
        term.meanwhile("the publication", || ended(self.dir(), "release.publish", "ok") == 2);
        self.is_released(self.release, false);
    }

    /// Exactly one release of the tag, published.
    fn is_released(&self, tag: &str, prerelease: bool) {
        let found = releases_of(self.dir(), tag);
        let [one] = &found[..] else { panic!("{tag}: {found:?}") };
        assert_eq!((&one["draft"], &one["prerelease"]), (&false.into(), &prerelease.into()), "{one}");
    }

    /// Leaves, and has the journal verified: every step is there once, with its end.
    fn leave(&self, mut term: Term, kinds: &[(&str, usize)]) {
        assert!(term.leave().success());
        for (kind, times) in kinds {
            assert_eq!(counts(self.dir(), kind), [*times; 2], "{kind}");
        }
        printed(&["journal", "verify", journal(self.dir()).to_str().unwrap()], self.dir());
    }
}

/// How many errands of a kind ended so.
fn ended(dir: &Path, kind: &str, status: &str) -> usize {
    let (kind, status) = (format!("\"kind\":\"{kind}.outcome\""), format!("\"status\":\"{status}\""));
    text(dir).lines().filter(|line| line.contains(&kind) && line.contains(&status)).count()
}

const BY_GONOGO: [(&str, usize); 4] =
    [("tag.create", 2), ("tag.push", 2), ("release.draft", 2), ("release.publish", 2)];

#[test]
fn llama_stack_cuts_a_minor_release_whose_candidates_are_written_as_python_does() {
    let play = Play::of("llama-stack", "v0.7.0", "release-0.7.x");
    let mut term = play.open(play.process, None);
    play.branch(&mut term);
    term.see("conditions hold");
    play.candidate(&mut term, "v0.7.0rc1");
    play.refused(&mut term, "F");
    play.waive(&mut term);
    play.last(&mut term, "v0.7.0rc1");
    play.publish(&mut term);
    play.leave(term, &BY_GONOGO);
}

#[test]
fn dragonfly_cuts_a_minor_release_of_a_milestone() {
    let play = Play::of("dragonfly", "v2.7.0", "release-2.7");
    let mut term = play.open(play.process, None);
    play.branch(&mut term);
    play.refused(&mut term, "C");
    play.waive(&mut term);
    play.candidate(&mut term, "v2.7.0-rc.0");
    play.waive(&mut term);
    play.last(&mut term, "v2.7.0-rc.0");
    play.publish(&mut term);
    play.leave(term, &BY_GONOGO);
}

#[test]
fn kubesphere_cuts_a_patch_release_with_candidates() {
    let play = Play::of("kubesphere", "v4.6.2", "release-4.6");
    let mut term = play.open(play.process, None);
    term.press("7");
    term.see("next candidate");
    term.see("✓ Version");
    play.refused(&mut term, "C");
    play.waive(&mut term);
    play.candidate(&mut term, "v4.6.2-rc.2");
    play.last(&mut term, "v4.6.2-rc.2");
    play.publish(&mut term);
    // The draft of somebody else is taken on with what it says.
    play.leave(term, &[("tag.create", 2), ("tag.push", 2), ("release.draft", 1), ("release.publish", 2)]);
}

#[test]
fn crossplane_has_its_final_version_tagged_by_a_pipeline_that_gets_version_and_commit() {
    let play = Play::of("crossplane", "v0.7.0", "release-0.7");
    let mut term = play.open(play.process, None);
    play.branch(&mut term);
    play.refused(&mut term, "C");
    play.waive(&mut term);
    play.candidate(&mut term, "v0.7.0-rc.0");
    play.waive(&mut term);
    let head = play.head();
    term.press("F");
    play.say_go(&mut term, "Cut v0.7.0 at ", "v0.7.0");
    term.meanwhile("the pipeline", || ended(play.dir(), "run.dispatch", "ok") == 1);
    let lines = text(play.dir());
    let sent = lines.lines().find(|line| line.contains("\"run.dispatch.intent\"")).unwrap();
    let sent: Value = serde_json::from_str(sent).unwrap();
    let inputs = &sent["body"]["inputs"];
    assert_eq!((&inputs["version"], &inputs["commit"]), (&"v0.7.0".into(), &head.clone().into()), "{sent}");
    // That very run is followed; the tag that it makes is found.
    term.see("✓ Build");
    term.see("✓ Tag         v0.7.0 at ");
    assert_eq!(play.commit("v0.7.0"), head);
    play.publish(&mut term);
    let made = [("tag.create", 1), ("tag.push", 1), ("run.dispatch", 1), ("release.draft", 2)];
    play.leave(term, &made);
}

#[test]
fn monthly_trunk_cuts_no_candidate_until_the_user_says_how_it_is_written() {
    let play = Play::of("monthly-trunk", "v1.6.0", "release/v1.6.0");
    let mut term = play.open(play.process, None);
    term.press("7");
    term.see("next final version");
    term.press("C");
    term.see("does not say how a candidate is written");
    assert!(term.leave().success());
    assert_eq!(counts(play.dir(), "tag.create"), [0, 0]);
    // The user's own configuration says it, over the preset.
    let own = "[process]\npreset = \"monthly-trunk\"\n[process.version]\ncandidate = \"-rc.{n}\"\n";
    let config = play.dir().join("config/gonogo/config.toml");
    std::fs::create_dir_all(config.parent().unwrap()).unwrap();
    std::fs::write(&config, own).unwrap();
    let (play, editor) = (Play::of("monthly-trunk", "v1.6.0", "release/v1.6.0"), play.dir().join("editor"));
    put_script(&editor, "sed -i 's/^TO''DO.*/Nothing to say./' \"$1\"");
    let mut term = play.open(config.to_str().unwrap(), Some(&editor));
    term.press("7");
    term.see("next candidate  v1.6.0-rc.2");
    term.see("Full test suite");
    play.refused(&mut term, "C");
    play.waive(&mut term);
    play.candidate(&mut term, "v1.6.0-rc.2");
    play.waive(&mut term);
    play.last(&mut term, "v1.6.0-rc.2");
    // Its notes have sections that the process asks for: without them nothing is published.
    term.press("P");
    term.see("its notes lack what the process asks for");
    term.press("e");
    term.see("drafted at ");
    term.press(ENTER);
    term.see("written; the drafts are behind it");
    term.press("q");
    term.see("▌ Tags of");
    play.publish(&mut term);
    let found = releases_of(play.dir(), "v1.6.0");
    assert!(found[0]["body"].as_str().unwrap().contains("## How to upgrade"), "{}", found[0]);
    play.leave(term, &[("tag.create", 2), ("tag.push", 2), ("release.publish", 2)]);
}

#[test]
fn a_final_version_is_written_into_files_and_its_notes_into_the_list_of_changes() {
    let play = Play::of("kubesphere", "v4.7.0", "release-4.7");
    let own = play.dir().join("own.toml");
    let text = "[process]\npreset = \"kubesphere\"\n[process.notes]\nchangelog = \"CHANGELOG.md\"\n\
                [[process.cut.edits]]\nfile = \"pyproject.toml\"\nat = { toml = \"project.version\" }\n";
    std::fs::write(&own, text).unwrap();
    let mut term = play.open(own.to_str().unwrap(), None);
    play.branch(&mut term);
    play.refused(&mut term, "C");
    play.waive(&mut term);
    term.press("e");
    term.see("drafted at ");
    term.press("q");
    term.see("▌ Tags of");
    term.press("C");
    play.say_go(&mut term, "Cut v4.7.0-rc.0 at ", "v4.7.0-rc.0");
    term.meanwhile("the prerelease", || ended(play.dir(), "release.publish", "ok") == 1);
    term.see("✓ Prerelease  published");
    let told = releases_of(play.dir(), "v4.7.0-rc.0");
    let tag = git(&play.origin(), &["cat-file", "tag", "v4.7.0-rc.0"]);
    let head = tag.lines().find(|line| line.starts_with("Journal-Head: ")).expect("where the journal stands");
    assert!(told[0]["body"].as_str().unwrap().contains(head), "{head}: {}", told[0]);
    assert!(!git(&play.origin(), &["show", "v4.7.0-rc.0:CHANGELOG.md"]).contains("4.7.0"));
    play.waive(&mut term);
    term.press("F");
    term.see("[1 Ready]");
    term.press("2");
    term.see("+ ## v4.7.0 - 20");
    play.say_go(&mut term, "Cut v4.7.0 at ", "v4.7.0");
    term.meanwhile("the push", || ended(play.dir(), "tag.push", "ok") == 2);
    assert!(term.leave().success());
    let changes = git(&play.origin(), &["show", "v4.7.0:CHANGELOG.md"]);
    let (before, after) = changes.split_once("## v4.7.0 - 20").expect("a section");
    assert!(before.contains("## Unreleased"), "{changes}");
    assert!(after.contains("- fix"), "{changes}");
    assert!(git(&play.origin(), &["show", "v4.7.0:pyproject.toml"]).contains("version = \"4.7.0\""));
    assert_eq!(play.head(), play.commit("v4.7.0"), "one commit on the line, tagged");
}

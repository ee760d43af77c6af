//! Predictions against real cherry-picks, on histories built here. The git in PATH runs them, and the one that
//! `GONOGO_TEST_GIT` names.
mod ahead;
mod basics;
mod facts;
mod kinds;
mod memory;
pub mod old;
mod places;
mod random;
mod settings;
mod sweep;

use super::yard::{Yard, oid, run};
use gonogo::git::{Git, Predictor, Trust};
use gonogo::release::ids::Oid;
use gonogo::release::predict::{Picked, Prediction, Verdict};
use gonogo::spawn::{Call, Cancel, Output, Program};
use std::path::Path;

/// Every git that is tested: that in PATH, and that of `GONOGO_TEST_GIT`.
pub fn gits() -> Vec<Git> {
    let named = std::env::var("GONOGO_TEST_GIT").ok();
    let programs = ["git".to_owned()].into_iter().chain(named);
    let git = |name: String| {
        let program = Program::find(&name).unwrap_or_else(|why| panic!("GONOGO_TEST_GIT: {why}"));
        let git = run(Git::at(program)).unwrap();
        git.with_env("GIT_CONFIG_GLOBAL", "/dev/null").with_env("GIT_CONFIG_NOSYSTEM", "1")
    };
    programs.map(git).collect()
}

/// What a real cherry-pick came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Real {
    /// The tree, and the files that it changed with the letter of the change.
    Clean(Oid, Vec<String>),
    /// The files that are unmerged.
    Conflict(Vec<String>),
    Empty,
    /// What git said.
    Refused(String),
}

/// Runs a git in a directory.
pub fn with(git: &Git, dir: &Path, words: &[&str]) -> Output {
    let mut call = Call::new(git.program()).dir(dir).args(["-c", "commit.gpgsign=false"]).args(words);
    for who in ["AUTHOR", "COMMITTER"] {
        call = call.env(format!("GIT_{who}_NAME"), "Cy").env(format!("GIT_{who}_EMAIL"), "cy@example.org");
    }
    let call = call.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("LC_ALL", "C");
    run(call.env("GIT_EDITOR", "true").run(&Cancel::new())).unwrap()
}

fn said(git: &Git, dir: &Path, words: &[&str]) -> String {
    let output = with(git, dir, words);
    assert!(output.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Picks a queue by hand in a new worktree, leaving out what conflicts, as the prediction does.
pub fn really(git: &Git, yard: &Yard, tip: &str, queue: &[Picked]) -> Vec<Real> {
    let dir = yard.root().join("scratch");
    let place = dir.to_str().unwrap();
    said(git, &yard.path(), &["worktree", "add", "-q", "--detach", place, tip]);
    let all = queue.iter().map(|pick| real(git, &dir, *pick)).collect();
    said(git, &yard.path(), &["worktree", "remove", "--force", place]);
    all
}

fn real(git: &Git, dir: &Path, pick: Picked) -> Real {
    let mainline = pick.mainline.map(|number| format!("-m{number}"));
    let commit = pick.commit.to_string();
    let mut words = vec!["cherry-pick"];
    words.extend(mainline.as_deref());
    words.push(&commit);
    let before = said(git, dir, &["rev-parse", "HEAD"]);
    let output = with(git, dir, &words);
    if output.status.success() {
        let files =
            said(git, dir, &["diff-tree", "-r", "-z", "--name-status", "--no-renames", "HEAD^", "HEAD"]);
        let fields: Vec<_> = files.split_terminator('\0').collect();
        let mut files: Vec<_> = fields.chunks(2).map(|it| format!("{} {}", it[0], it[1])).collect();
        files.sort();
        return Real::Clean(oid(&said(git, dir, &["rev-parse", "HEAD^{tree}"])), files);
    }
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let all = said(git, dir, &["ls-files", "-u", "-z"]);
    let mut unmerged: Vec<_> =
        all.split_terminator('\0').map(|it| it.split_once('\t').unwrap().1.to_owned()).collect();
    unmerged.sort();
    unmerged.dedup();
    let is_empty = stderr.contains("is now empty")
        || String::from_utf8_lossy(&output.stdout).contains("nothing to commit");
    said(git, dir, &["reset", "-q", "--hard", before.trim()]);
    said(git, dir, &["clean", "-q", "-ffdx"]);
    match (unmerged.is_empty(), is_empty, stderr.contains("could not apply")) {
        (false, ..) | (true, false, true) => Real::Conflict(unmerged),
        (true, true, _) => Real::Empty,
        _ => Real::Refused(stderr),
    }
}

/// A prediction in the terms of a real pick.
pub fn as_real(prediction: &Prediction) -> Real {
    match &prediction.verdict {
        Verdict::Clean(applied) | Verdict::CleanAfter(applied, _) => {
            let letter = |file: &gonogo::release::predict::FileChange| match file.how {
                gonogo::release::predict::FileHow::Added => "A",
                gonogo::release::predict::FileHow::Deleted => "D",
                gonogo::release::predict::FileHow::Modified => "M",
                gonogo::release::predict::FileHow::TypeChanged => "T",
            };
            let mut files: Vec<_> =
                applied.files.iter().map(|file| format!("{} {}", letter(file), file.path.raw())).collect();
            files.sort();
            Real::Clean(applied.tree, files)
        }
        Verdict::Conflict(conflict) => {
            let mut files: Vec<_> = conflict.files.iter().map(|file| file.path.raw().to_owned()).collect();
            files.sort();
            Real::Conflict(files)
        }
        Verdict::Empty(_) => Real::Empty,
        Verdict::Unknown(why) => Real::Refused(why.line()),
    }
}

/// Every file under a directory with its length, but for logs that only real picks write.
pub fn listing(dir: &Path) -> Vec<String> {
    let mut lines = vec![];
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let meta = path.symlink_metadata().unwrap();
            if meta.is_dir() {
                lines.push(format!("{}/", path.display()));
                folders.push(path);
            } else {
                let text = std::fs::read(&path).unwrap_or_default();
                let sum = text.iter().fold(7_u64, |sum, b| sum.wrapping_mul(31).wrapping_add(u64::from(*b)));
                lines.push(format!("{} {} {sum}", path.display(), meta.len()));
            }
        }
    }
    lines.sort();
    lines
}

pub fn picks(commits: &[Oid]) -> Vec<Picked> {
    commits.iter().map(|oid| Picked::from(*oid)).collect()
}

pub fn predict_with(git: &Git, yard: &Yard, trust: Trust, tip: &str, queue: &[Picked]) -> Vec<Prediction> {
    let tip = oid(&yard.git(&["rev-parse", tip]));
    run(async {
        let mut predictor = Predictor::open(git, &yard.at(), trust).await.unwrap();
        let mut heard = vec![None; queue.len()];
        let all = predictor
            .predict(tip, queue, &Cancel::new(), &mut |at, it: &Prediction| heard[at] = Some(it.clone()))
            .await
            .unwrap();
        let heard: Vec<_> = heard.into_iter().map(Option::unwrap).collect();
        assert_eq!(heard, all, "what is said last is what is given in the end");
        all
    })
}

/// Predicts with every git, compares with real picks, and with the repository as it was; gives the last prediction.
pub fn agree(yard: &Yard, tip: &str, queue: &[Picked]) -> Vec<Prediction> {
    let mut last = vec![];
    for git in gits() {
        let before = listing(yard.root());
        let all = predict_with(&git, yard, Trust::Unasked, tip, queue);
        assert_eq!(listing(yard.root()), before, "git {}: the repository is another", git.tier().text());
        let real = really(&git, yard, tip, queue);
        let ours: Vec<_> = all.iter().map(as_real).collect();
        for (at, (ours, real)) in ours.iter().zip(&real).enumerate() {
            match (ours, real) {
                // What git refuses is unknown; the words are compared where they matter.
                (Real::Refused(_), Real::Refused(_)) => {}
                _ => assert_eq!(ours, real, "git {}: pick {at}", git.tier().text()),
            }
        }
        last = all;
    }
    last
}

//! `gonogo predict`: what picking commits onto a branch would come to, for scripts.

use super::args::PredictArgs;
use super::check::counted;
use super::exit::{Exit, Said};
use crate::git::{Git, GitError, Predictor, Repository, Trust, find};
use crate::release::ids::{Branch, Oid};
use crate::release::predict::{Detail, Picked, Prediction, Verdict, Why};
use crate::release::text::{Untrusted, shown};
use crate::spawn::Cancel;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

/// Files of a conflict whose two sides are printed in JSON.
const DETAILED: usize = 20;

/// All that is printed.
struct Told {
    git: String,
    /// The ref or the words that named the tip, safe to show.
    name: String,
    tip: Oid,
    all: Vec<Prediction>,
    subjects: HashMap<Oid, Untrusted>,
    /// By the number of the pick, then by that of the file.
    details: HashMap<(usize, usize), Detail>,
}

/// Predicts and prints. Exit 3 when of a pick it cannot be told, which wins over 4, a conflict.
pub async fn predict(args: &PredictArgs) -> Said {
    match told(args).await {
        Ok(told) => {
            let out = if args.json { told.as_json() } else { told.as_text() };
            Said { exit: told.exit(), ..Said::ok(out) }
        }
        Err(said) => said,
    }
}

async fn told(args: &PredictArgs) -> Result<Told, Said> {
    let unread = |why: GitError| Said::err(Exit::Unread, why.to_string());
    let at = find(args.repo.as_deref().unwrap_or(Path::new("."))).map_err(unread)?;
    let git = Git::locate().await.map_err(unread)?;
    let (name, tip) = tip(&git, &at, &args.onto).await?;
    let mut queue = Vec::with_capacity(args.commits.len());
    for commit in &args.commits {
        queue.push(picked(&git, &at, commit, args.mainline).await?);
    }
    let trust = if args.trust_config { Trust::Given } else { Trust::Unasked };
    let mut predictor = Predictor::open(&git, &at, trust).await.map_err(unread)?;
    let cancel = Cancel::new();
    let all = predictor.predict(tip, &queue, &cancel, &mut |_, _| ()).await.map_err(unread)?;
    let mut details = HashMap::new();
    if args.json {
        for (number, prediction) in all.iter().enumerate() {
            let files = prediction.verdict.conflict().map(|conflict| &*conflict.files).unwrap_or_default();
            for (place, file) in files.iter().take(DETAILED).enumerate() {
                // What cannot be read is left out: the verdict stands without it.
                if let Ok(detail) = predictor.detail(file, &cancel).await {
                    details.insert((number, place), detail);
                }
            }
        }
    }
    let here = |it: &&Prediction| !matches!(it.verdict, Verdict::Unknown(Why::NotHere | Why::NotACommit));
    let commits: Vec<_> = all.iter().filter(here).map(|it| it.pick.commit).collect();
    let commits = git.commits(&at, &commits).await.map_err(unread)?;
    let subjects = commits.into_iter().map(|commit| (commit.oid, commit.subject)).collect();
    Ok(Told { git: git.tier().text(), name, tip, all, subjects, details })
}

/// The tip of a branch, as the remote has it where it does; or the commit that the words name.
async fn tip(git: &Git, at: &Repository, onto: &str) -> Result<(String, Oid), Said> {
    let unread = |why: GitError| Said::err(Exit::Unread, why.to_string());
    if let Ok(branch) = Branch::parse(onto) {
        let refs = git.refs(at).await.map_err(unread)?;
        if let Some(row) = refs.branches.get(&branch) {
            return Ok((row.reference.line(), row.tip));
        }
    }
    let words = shown(onto, 120);
    let found = git.commit_named(at, onto).await.map_err(unread)?;
    let why =
        || format!("--onto: {words} is no branch here and names no commit: fetch it, or see `git branch -a`");
    found.map(|tip| (words.clone(), tip)).ok_or_else(|| Said::err(Exit::Usage, why()))
}

/// A pick by its words; the mainline counts for merges alone.
async fn picked(git: &Git, at: &Repository, words: &str, mainline: Option<u8>) -> Result<Picked, Said> {
    let unread = |why: GitError| Said::err(Exit::Unread, why.to_string());
    let Some(commit) = git.commit_named(at, words).await.map_err(unread)? else {
        // A full id that is not here is a verdict of its own.
        let why = || format!("{} names no commit in this clone: fetch it", shown(words, 120));
        return Oid::parse(words).map(Picked::from).map_err(|_| Said::err(Exit::Unread, why()));
    };
    let is_merge = match mainline {
        Some(_) => git.commit_named(at, &format!("{commit}^2")).await.map_err(unread)?.is_some(),
        None => false,
    };
    Ok(Picked { commit, mainline: mainline.filter(|_| is_merge) })
}

impl Told {
    fn exit(&self) -> Exit {
        let any = |word: &str| self.all.iter().any(|it| it.verdict.word() == word);
        match (any("unknown"), any("conflict")) {
            (true, _) => Exit::Unread,
            (_, true) => Exit::Conflict,
            _ => Exit::Ok,
        }
    }

    fn as_text(&self) -> String {
        let mut out = format!("onto {} {}, by git {}\n", self.name, self.tip.short(), self.git);
        for (number, prediction) in self.all.iter().enumerate() {
            let commit = prediction.pick.commit;
            let subject = self.subjects.get(&commit).map(Untrusted::line).unwrap_or_default();
            let head =
                format!("{:>3} {:<11} {} {subject}", number + 1, prediction.verdict.word(), commit.short());
            let _ = writeln!(out, "{}", head.trim_end());
            for line in words(&prediction.verdict) {
                let _ = writeln!(out, "      {line}");
            }
        }
        let of = |word: &str| self.all.iter().filter(|it| it.verdict.word() == word).count();
        let kinds = ["clean", "clean-after", "conflict", "empty", "unknown"].map(|word| (word, of(word)));
        let kinds: Vec<_> = kinds
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(word, count)| format!("{count} {word}"))
            .collect();
        let _ = writeln!(out, "{}: {}", counted(self.all.len(), "pick"), kinds.join(", "));
        out
    }

    fn as_json(&self) -> String {
        let picks: Vec<_> = (0..self.all.len()).map(|number| self.pick_json(number)).collect();
        let value = json!({
            "onto": { "name": self.name, "commit": self.tip },
            "git": self.git,
            "picks": picks,
            "exit": self.exit().code(),
        });
        format!("{value:#}\n")
    }

    fn pick_json(&self, number: usize) -> Value {
        let prediction = &self.all[number];
        let mut value = json!({
            "commit": prediction.pick.commit,
            "mainline": prediction.pick.mainline,
            "subject": self.subjects.get(&prediction.pick.commit),
            "verdict": prediction.verdict.word(),
            "on_tree": prediction.onto,
        });
        if let Some(applied) = prediction.verdict.applied() {
            value["tree"] = json!(applied.tree);
            value["files"] = json!(applied.files);
        }
        match &prediction.verdict {
            Verdict::Clean(_) => {}
            Verdict::CleanAfter(_, needs) => value["needs"] = json!(needs),
            Verdict::Conflict(conflict) => {
                let files = conflict.files.iter().enumerate().map(|(place, file)| {
                    let mut value = json!(file);
                    value["detail"] = json!(self.details.get(&(number, place)));
                    value
                });
                value["conflicts"] = files.collect();
                value["said"] = json!(conflict.said);
                value["resolution_recorded"] = json!(conflict.is_recorded());
            }
            Verdict::Empty(why) => value["why"] = json!(why),
            Verdict::Unknown(why) => value["why"] = json!(why.line()),
        }
        value
    }
}

/// What more is to be said of a verdict, a line each, safe to show.
fn words(verdict: &Verdict) -> Vec<String> {
    match verdict {
        Verdict::Clean(_) => Vec::new(),
        Verdict::CleanAfter(_, needs) => {
            let picks: Vec<_> = needs.picks.iter().map(Oid::short).collect();
            let more = if needs.minimal { "" } else { ", perhaps fewer" };
            let alone: Vec<_> = needs.alone.iter().take(3).map(Untrusted::line).collect();
            vec![format!("after {}{more}; alone it conflicts in {}", picks.join(" "), alone.join(", "))]
        }
        Verdict::Conflict(conflict) => {
            let recorded = |yes| if yes { ", resolved before" } else { "" };
            let files = conflict.files.iter().map(|file| {
                format!("{} ({}{})", file.path.line(), file.kind.word(), recorded(file.recorded))
            });
            files.chain(conflict.said.iter().map(Untrusted::line)).collect()
        }
        Verdict::Empty(crate::release::predict::Emptiness::AlreadyThere) => vec!["already there".to_owned()],
        Verdict::Empty(crate::release::predict::Emptiness::NoChange) => {
            vec!["the commit changes nothing".to_owned()]
        }
        Verdict::Unknown(why) => vec![why.line()],
    }
}

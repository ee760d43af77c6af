//! What was found, as facts to commit: picks with verdict, tree and files.

use crate::Row;
use crate::chains::{Chain, Origin};
use gonogo::git::Git;
use gonogo::release::predict::{Prediction, Verdict};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Picks that are written one by one; the figures are of all.
const PICKS: usize = 240;

pub fn text(git: &Git, rows: &BTreeMap<Origin, Row>, chains: &[(Chain, Vec<Prediction>)]) -> String {
    let mut out = String::from(
        "# Picks that were predicted and done with `git cherry-pick`: verdict, tree and files were equal.\n\
         # A line a pick: the commit, `-m1` for a merge, the verdict; then the tree and the files that it changes,\n\
         # or the files that conflict. Many files are a count and the first. Made by the example `agreement`.\n",
    );
    let _ = writeln!(out, "git = \"{}\"", git.tier().text());
    for (origin, row) in rows {
        let _ = write!(
            out,
            "\n[figures.\"{}\"]\npicks = {}\nagreed = {}\n",
            origin.word(),
            row.picks,
            row.agreed
        );
        for (word, count) in &row.verdicts {
            let _ = writeln!(out, "{word} = {count}");
        }
    }
    // Chains evenly over all lines.
    let all: usize = chains.iter().map(|(_, all)| all.len()).sum();
    let step = all.div_ceil(PICKS).max(1);
    for (chain, all) in chains.iter().step_by(step) {
        let _ = write!(out, "\n[[chain]]\nline = {:?}\nonto = \"{}\"\npicks = [\n", chain.line, chain.onto);
        for prediction in all {
            let _ = writeln!(out, "  {:?},", fact(prediction));
        }
        out.push_str("]\n");
    }
    out
}

fn fact(prediction: &Prediction) -> String {
    let mainline = prediction.pick.mainline.map(|number| format!(" -m{number}")).unwrap_or_default();
    let head = format!("{}{mainline} {}", prediction.pick.commit, prediction.verdict.word());
    match &prediction.verdict {
        Verdict::Clean(applied) | Verdict::CleanAfter(applied, _) => {
            let files: Vec<_> = applied.files.iter().map(|file| file.path.line()).collect();
            format!("{head} {} {}", applied.tree, short(&files))
        }
        Verdict::Conflict(conflict) => {
            let files: Vec<_> = conflict.files.iter().map(|file| file.path.line()).collect();
            format!("{head} {}", short(&files))
        }
        Verdict::Empty(_) => head,
        Verdict::Unknown(why) => format!("{head} {}", why.line()),
    }
}

fn short(files: &[String]) -> String {
    if files.len() <= 2 { files.join(" ") } else { format!("{} files from {}", files.len(), files[0]) }
}

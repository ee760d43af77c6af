//! A first `gonogo.toml` from what a repository shows, each guess with its evidence.

mod branches;
mod tags;

use super::{PRESETS, Process};
use crate::order::Order as _;
use crate::version::{Style, TagKind, classify};
use std::fmt::Write as _;

/// What a repository shows, as far as it was read; what is unknown stays empty.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Evidence {
    /// `owner/name` on the forge.
    pub repository: Option<String>,
    /// The branch that features go to, and how that is known: `("main", "origin/HEAD points to it")`.
    pub trunk: Option<(String, String)>,
    /// Branch names, without `refs/heads/` or a remote's name.
    pub branches: Vec<String>,
    /// Tag names.
    pub tags: Vec<String>,
    /// File names of workflows: `release.yml`.
    pub workflows: Vec<String>,
    /// Label names.
    pub labels: Vec<String>,
    /// Names of checks that branch protection or rulesets require on trunk.
    pub required_checks: Vec<String>,
    /// Titles of milestones, the newest first.
    pub milestones: Vec<String>,
    /// Where a CODEOWNERS file is, when there is one.
    pub codeowners: Option<String>,
}

/// Writes a `gonogo.toml` for a repository.
///
/// Every value is a guess from the evidence, and its comment says from which. What the evidence does not show is
/// left out or written as a comment. A repository whose name is that of a preset gets the preset; for any other the
/// best fitting preset is named in a comment, because its checklists are another project's. The text parses, and
/// checks without an error.
#[must_use]
pub fn draft(evidence: &Evidence) -> String {
    let evidence = clean(evidence);
    let guess = tags::guess(&evidence.tags);
    let fits = fitting(&evidence);
    let mut out = String::from(
        "# How this project releases. Written by `gonogo init`: every value is a guess, its evidence in the comment\n\
         # above it. Change what is wrong, then run `gonogo check`.\n\n[process]\n",
    );
    let name = evidence.repository.as_deref().and_then(|repository| repository.rsplit('/').next());
    if let Some((preset, why)) = fits.iter().find(|(preset, _)| name == Some(*preset)) {
        line(&mut out, &format!("the repository is called {preset}, and {why}"));
        let _ = writeln!(out, "preset = {}", quoted(preset));
        own_keys(&mut out, &evidence, preset);
        return out;
    }
    match fits.as_slice() {
        [(preset, why), others @ ..] => {
            let others =
                others.iter().map(|(other, _)| format!("; {other:?} fits as well")).collect::<String>();
            line(&mut out, &format!("the preset that fits best is {preset:?}: {why}{others}"));
            line(
                &mut out,
                "to take over its stages and gates, write it here and keep only keys that differ:",
            );
            let _ = writeln!(out, "# preset = {}", quoted(preset));
        }
        [] => {
            let names = PRESETS.map(|(name, _, _)| name).join(", ");
            line(&mut out, &format!("no preset fits the branches and tags; there are: {names}"));
        }
    }
    let _ = writeln!(out, "name = {}", quoted(name.unwrap_or("release")));
    branches::write(&mut out, &evidence);
    tags::write(&mut out, &guess, &evidence.tags);
    streams(&mut out, &guess, &evidence);
    labels(&mut out, &evidence);
    gates(&mut out, &evidence);
    out
}

/// What in a preset differs from what the repository shows.
fn own_keys(out: &mut String, evidence: &Evidence, preset: &str) {
    let Some(Ok((process, _))) = Process::builtin(preset) else { return };
    if let Some((trunk, why)) = &evidence.trunk
        && *trunk != process.branches.trunk
    {
        let _ = writeln!(out, "\n[process.branches]");
        line(out, &format!("the preset says {:?}, but {why}", process.branches.trunk));
        let _ = writeln!(out, "trunk = {}", quoted(trunk));
    }
}

/// Texts from outside without control characters, which no file may hold; names that have any are left out.
fn clean(evidence: &Evidence) -> Evidence {
    let fine = |text: &String| !text.chars().any(super::tree::forbidden) && !text.contains(['\n', '\t']);
    let keep = |texts: &[String]| texts.iter().filter(|text| fine(text)).cloned().collect();
    Evidence {
        repository: evidence.repository.clone().filter(fine),
        trunk: evidence
            .trunk
            .clone()
            .filter(|(trunk, why)| fine(trunk) && fine(why) && !trunk.trim().is_empty()),
        branches: keep(&evidence.branches),
        tags: keep(&evidence.tags),
        workflows: keep(&evidence.workflows),
        labels: keep(&evidence.labels),
        required_checks: keep(&evidence.required_checks),
        milestones: keep(&evidence.milestones),
        codeowners: evidence.codeowners.clone().filter(fine),
    }
}

/// A comment line.
fn line(out: &mut String, text: &str) {
    let _ = writeln!(out, "# {text}");
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A list of texts as TOML writes it.
fn list<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    format!("[{}]", texts.map(quoted).collect::<Vec<_>>().join(", "))
}

/// Up to three examples.
fn examples<'t>(texts: impl DoubleEndedIterator<Item = &'t str>) -> String {
    texts.rev().take(3).collect::<Vec<_>>().join(", ")
}

/// The presets that fit best, more than one when they fit alike, with what fits. One fits when its trunk is this trunk, or most branches
/// that look like release branches match its patterns, and most candidates are in its form; two of the three.
fn fitting(evidence: &Evidence) -> Vec<(&'static str, String)> {
    let mut fits = Vec::new();
    for (name, _, _) in PRESETS {
        let Some(Ok((process, _))) = Process::builtin(name) else { continue };
        let mut why = Vec::new();
        let mut score = 0;
        let known =
            |name: &String| process.branches.trunk == *name || process.branches.also_trunk.contains(name);
        if let Some((trunk, _)) = evidence.trunk.as_ref().filter(|(trunk, _)| known(trunk)) {
            score += 1;
            why.push(format!("trunk is {trunk:?}"));
        }
        let lines = evidence.branches.iter().filter(|branch| process.line_of(branch).is_some()).count();
        let shaped = evidence.branches.iter().filter(|branch| branches::shape(branch).is_some()).count();
        if lines > 0 && lines * 3 >= shaped {
            score += 2 + usize::from(lines == shaped);
            why.push(format!("{lines} of {shaped} release branches match its patterns"));
        }
        let classes = evidence.tags.iter().map(|tag| classify(&process.version, tag));
        let candidates = classes.filter(|class| matches!(class.kind, TagKind::Candidate(_)));
        let (exact, other): (Vec<_>, Vec<_>) = candidates.partition(|class| class.note.is_none());
        if process.version.candidate.is_some() && exact.len() > other.len() {
            score += 2;
            why.push(format!("{} candidates are written its way", exact.len()));
        }
        if score >= 3 {
            fits.push((score, name, why.join(", ")));
        }
    }
    let best = fits.iter().map(|(score, _, _)| *score).max().unwrap_or(0);
    fits.into_iter().filter(|(score, _, _)| *score == best).map(|(_, name, why)| (name, why)).collect()
}

fn streams(out: &mut String, guess: &tags::Guess, evidence: &Evidence) {
    let candidates = guess.form.is_some();
    out.push('\n');
    line(out, "the kinds of release; say how often each is due with every = \"2 months\"");
    let milestone = !evidence.milestones.is_empty();
    for (id, from_line) in [("major", false), ("minor", false), ("patch", true)] {
        let _ = writeln!(out, "[[process.streams]]\nid = \"{id}\"\nbump = \"{id}\"");
        if from_line {
            let made = evidence.branches.iter().any(|branch| branches::shape(branch).is_some());
            let _ = writeln!(out, "from_line = {made}");
        } else {
            let _ = writeln!(out, "candidates = {candidates}\nmilestone = {milestone}");
        }
        out.push('\n');
    }
    if let Some(newest) = evidence.milestones.first() {
        line(out, &format!("milestones are called such as {newest:?}"));
        let v = if newest.starts_with('v') { "v" } else { "" };
        let patch = if newest.matches('.').count() > 1 { ".{patch}" } else { "" };
        let _ = writeln!(out, "[process.milestone]\ntitle = \"{v}{{major}}.{{minor}}{patch}\"\n");
    }
}

/// The labels that each rôle of a label is known by, in lower case.
const MEANINGS: [(&str, &[&str]); 5] = [
    (
        "blockers",
        &["blocker", "release-blocker", "release blocker", "priority/critical-urgent", "p0", "critical"],
    ),
    ("features", &["enhancement", "feature", "feature request", "kind/feature", "kind/enhancement"]),
    ("bugs", &["bug", "kind/bug", "type/bug"]),
    ("breaking", &["breaking", "breaking-change", "breaking change", "kind/api-change"]),
    ("security", &["security", "kind/security"]),
];

fn labels(out: &mut String, evidence: &Evidence) {
    let mut rows = Vec::new();
    for (key, known) in MEANINGS {
        let mut found =
            evidence.labels.iter().filter(|label| known.contains(&label.to_lowercase().as_str())).peekable();
        if found.peek().is_some() {
            rows.push(format!("{key} = {}", list(found.map(String::as_str))));
        }
    }
    if !rows.is_empty() {
        line(out, "labels of the repository that carry these names");
        let _ = writeln!(out, "[process.labels]\n{}\n", rows.join("\n"));
    }
    let asks: Vec<String> =
        evidence.labels.iter().filter_map(|label| branches::pick_label(label, evidence)).collect();
    if let Some(first) = asks.first() {
        line(out, &format!("{} labels name a release branch", asks.len()));
        let mut forms = asks.clone();
        forms.order();
        forms.dedup();
        let _ = writeln!(out, "[process.picks]\nlabels = {}\n", list(forms.iter().map(String::as_str)));
        debug_assert!(!first.is_empty());
    }
    if let Some(at) = &evidence.codeowners {
        line(out, &format!("{at} names the owners"));
        let _ = writeln!(
            out,
            "[[process.roles]]\nid = \"owner\"\ntitle = \"Release owner\"\nfrom = \"codeowners\"\n"
        );
    }
    let release: Vec<&str> =
        evidence.workflows.iter().map(String::as_str).filter(|file| file.contains("release")).collect();
    if !release.is_empty() {
        line(
            out,
            &format!("workflows that may publish: {}; a checklist item can start one:", release.join(", ")),
        );
        line(
            out,
            &format!(
                "act.workflow = {{ file = {}, inputs = {{ version = \"{{version}}\" }} }}",
                quoted(release[0])
            ),
        );
        out.push('\n');
    }
}

fn gates(out: &mut String, evidence: &Evidence) {
    if !evidence.required_checks.is_empty() {
        line(out, "trunk requires these checks");
        let _ = writeln!(
            out,
            "[process.ci]\nrequired = {}\n",
            list(evidence.required_checks.iter().map(String::as_str))
        );
    }
    line(out, "the go/no-go poll");
    let mut gate = |id: &str, title: &str, kind: &str| {
        let _ = writeln!(out, "[[process.gates]]\nid = \"{id}\"\ntitle = \"{title}\"\nkind = {kind}\n");
    };
    gate("ci-trunk", "CI of the trunk", "{ checks = { on = \"trunk\" } }");
    if evidence.branches.iter().any(|branch| branches::shape(branch).is_some()) {
        gate("ci-line", "CI of the branch", "{ checks = { on = \"line\" } }");
        gate("picks", "Picks", "\"picks\"");
    }
    if !evidence.milestones.is_empty() {
        gate("milestone", "Milestone", "\"milestone\"\nstreams = [\"major\", \"minor\"]");
    }
    let (_, blockers) = MEANINGS[0];
    if evidence.labels.iter().any(|label| blockers.contains(&label.to_lowercase().as_str())) {
        gate("blockers", "Blockers", "\"blockers\"");
    }
}

/// The name of the style in a file.
fn style_word(style: Style) -> &'static str {
    match style {
        Style::Semver => "semver",
        Style::Pep440 => "pep440",
    }
}

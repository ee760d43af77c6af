//! The tables of the draft: names, versions, streams, calendar, people.

use super::naming::{Grown, Naming};
use super::piece::Kind;
use super::write::{Out, Parts, numbers, quoted};
use crate::process::lines::pieces;
use crate::process::{LineKind, LinePattern, Span};
use crate::version::{Style, Version};

/// Whether two lengths are certainly different.
pub(super) fn apart(a: Span, b: Span) -> bool {
    let (low, high) = (|span: Span| span.min_days() * 9 / 10, |span: Span| span.max_days() * 11 / 10 + 1);
    low(a) > high(b) || low(b) > high(a)
}

/// What the phases add up to, when it is not the cycle.
pub(super) fn sum(phases: &[Span], cycle: Span) -> Option<String> {
    let (min, max) = phases.iter().fold((0u32, 0u32), |(min, max), phase| {
        (min.saturating_add(phase.min_days()), max.saturating_add(phase.max_days()))
    });
    let outside = max * 11 / 10 < cycle.min_days() || min * 9 / 10 > cycle.max_days();
    let weeks = |days: u32| {
        if days.is_multiple_of(7) { format!("{} weeks", days / 7) } else { format!("{days} days") }
    };
    let text = if min == max { weeks(max) } else { format!("{} to {}", weeks(min), weeks(max)) };
    (outside && max > 0 && phases.len() > 1).then_some(text)
}

/// Name and title, from the first heading.
pub(super) fn title(out: &mut Out<'_>, file: &str) {
    let heading = out
        .document
        .pieces
        .iter()
        .position(|piece| piece.kind == Kind::Heading && !piece.text.trim().is_empty());
    let front = |key: &str| {
        out.document
            .pieces
            .iter()
            .position(|piece| piece.kind == Kind::FrontMatter && piece.text.starts_with(key))
    };
    let by = front("title:").or_else(|| front("name:")).or(heading);
    let text =
        by.and_then(|at| out.document.pieces.get(at)).map(|piece| piece.text.clone()).unwrap_or_default();
    // Front matter is YAML, where quotation marks are no part of a text.
    let text =
        match text.strip_prefix("title:").or_else(|| text.strip_prefix("name:")).filter(|_| by != heading) {
            Some(title) => title.trim().trim_matches(['"', '\'']).to_owned(),
            None => text,
        };
    let stem = file.rsplit('/').next().unwrap_or(file).split('.').next().unwrap_or(file).to_owned();
    let name = [super::slug(&text, 4), super::slug(&stem, 4)].into_iter().find(|name| !name.is_empty());
    out.line("");
    if let Some(by) = by {
        out.cite(by);
    } else {
        out.note("the document has no heading: it is called like its file");
    }
    out.line(&format!("name = {}", quoted(name.as_deref().unwrap_or("release"))));
    if !text.is_empty() {
        out.line(&format!("title = {}", quoted(&text)));
    }
}

fn kind_of(pattern: &str) -> LineKind {
    if pattern.to_ascii_lowercase().starts_with("hotfix") {
        LineKind::Hotfix
    } else if pattern.contains("{minor}") {
        LineKind::Release
    } else {
        LineKind::LongLived
    }
}

fn trunk(parts: &Parts) -> &str {
    parts.naming.trunks.all().first().map_or("main", |form| form.form.as_str())
}

/// `[branches]` with the trunk.
pub(super) fn branches(out: &mut Out<'_>, parts: &Parts) {
    out.line("\n[branches]");
    match parts.naming.trunks.all() {
        [] => out.note("nothing says which branch is trunk; this is the usual name"),
        [first, others @ ..] => {
            out.cite(first.first.piece);
            out.also(first);
            for other in others {
                out.note(&format!("{:?} is named as well, at line {}", other.form, numbers(&other.also)));
            }
        }
    }
    out.line(&format!("trunk = {}", quoted(trunk(parts))));
}

/// Whether a pattern can stand beside the others that are kept.
fn fits(kept: &[LinePattern], fresh: &LinePattern, trunk: &str) -> bool {
    if pieces(&fresh.pattern).is_err() || fresh.numbers(trunk).is_some() {
        return false;
    }
    let samples = [(1, 2, 3), (10, 20, 30), (2, 0, 0)]
        .map(|(major, minor, patch)| fresh.branch(&Version::of(Style::Semver, major, minor, patch)));
    !kept
        .iter()
        .any(|known| known.kind == fresh.kind || samples.iter().any(|branch| known.numbers(branch).is_some()))
}

/// The patterns that are kept, with their forms.
pub(super) fn kept(parts: &Parts) -> Vec<LinePattern> {
    let mut kept: Vec<LinePattern> = Vec::new();
    for form in parts.naming.branches.all() {
        let fresh =
            LinePattern { pattern: form.form.clone(), kind: kind_of(&form.form), about: String::new() };
        if fits(&kept, &fresh, trunk(parts)) {
            kept.push(fresh);
        }
    }
    kept
}

/// `[[branches.lines]]`: the first pattern of each kind.
pub(super) fn more_branches(out: &mut Out<'_>, parts: &Parts) {
    let kept = kept(parts);
    for form in parts.naming.branches.all() {
        let Some(pattern) = kept.iter().find(|pattern| pattern.pattern == form.form) else {
            out.note(&format!(
                "another pattern, {:?}, as {:?} at line {}",
                form.form,
                form.first.word,
                numbers(&form.also)
            ));
            continue;
        };
        out.line("");
        out.cite(form.first.piece);
        out.also(form);
        out.line("[[branches.lines]]");
        out.line(&format!("pattern = {} # {}", quoted(&form.form), super::write::clean(&form.first.word)));
        out.line(&format!("kind = \"{}\"", pattern.kind.word()));
    }
    for (sight, why) in &parts.naming.vague {
        let line = out.at(sight.piece);
        out.note(&format!("{:?} at line {line} is a branch as well; {why}", sight.word));
    }
}

/// `[version]`.
pub(super) fn version(out: &mut Out<'_>, naming: &Naming, grown: &Grown) {
    out.line("\n[version]");
    match grown.style_by {
        Some(by) => out.cite(by),
        None => out.note("nothing says how versions are written; this is the usual standard"),
    }
    let style = if grown.style == Style::Pep440 { "pep440" } else { "semver" };
    out.line(&format!("style = \"{style}\""));
    for form in naming.versions.all() {
        out.note(&format!(
            "versions are written {:?}, as in {:?}: line {}",
            form.form,
            form.first.word,
            numbers(&form.also)
        ));
    }
    match &grown.prefix {
        Some(sight) => {
            out.cite(sight.piece);
            out.line(&format!("prefix = {}", quoted(&sight.word[..1])));
        }
        None => out.note("no tag is written with a letter in front: prefix = \"v\" would say so"),
    }
    match &grown.candidate {
        Some(form) => {
            out.cite(form.first.piece);
            out.also(form);
            out.line(&format!("candidate = {}", quoted(&form.form)));
            if let Some(zero) = &naming.zero {
                out.cite(zero.piece);
                out.line("first_candidate = 0");
            }
        }
        None => out.note("nothing says how a candidate is written: candidate = \"-rc.{n}\" would"),
    }
    for (form, why) in &grown.left {
        out.note(&format!(
            "candidates are written {:?} as well, at line {}: {why}",
            form.form,
            numbers(&form.also)
        ));
    }
}

/// `[support]`.
pub(super) fn support(out: &mut Out<'_>, parts: &Parts) {
    if let Some((latest, by)) = parts.plan.latest {
        out.line("");
        out.cite(by);
        out.line(&format!("[support]\nlatest = {latest}"));
    }
    for line in &parts.plan.supported {
        out.line("");
        out.cite(line.by);
        out.line(&format!("[[support.lines]]\nline = {}", quoted(&line.line)));
        if !line.status.is_empty() {
            out.line(&format!("status = {}", quoted(&line.status)));
        }
        if let Some(until) = &line.until {
            out.line(&format!("until = \"{until}\""));
        }
    }
}

/// `[[streams]]`.
pub(super) fn streams(out: &mut Out<'_>, parts: &Parts, grown: &Grown) {
    let lines = !kept(parts).is_empty();
    for stream in &parts.plan.streams {
        out.line("");
        out.cite(stream.by);
        out.line(&format!("[[streams]]\nid = \"{}\"\nbump = \"{}\"", stream.id, stream.id));
        for (key, value) in [("every", &stream.every), ("testing", &stream.testing)] {
            if let Some((span, by)) = value {
                // A time of testing is one of candidates.
                out.cite_unless(*by, stream.by);
                out.line(&format!("{key} = \"{span}\""));
            }
        }
        for (key, value) in [
            ("candidates", stream.candidates),
            ("milestone", stream.milestone),
            ("from_line", stream.from_line),
        ] {
            let Some(by) = value else { continue };
            out.cite_unless(by, stream.by);
            let usable = key != "from_line" || lines;
            out.line(&format!("{}{key} = true", if usable { "" } else { "# " }));
        }
        if let Some((belongs, by)) = &stream.belongs {
            out.cite_unless(*by, stream.by);
            let list: Vec<String> = belongs.iter().filter(|it| !it.is_empty()).map(|it| quoted(it)).collect();
            out.line(&format!("belongs = [{}]", list.join(", ")));
        }
    }
    if parts.plan.streams.is_empty() {
        out.line("");
        out.note("the document does not tell kinds of release apart; add [[streams]] with id and bump where it should");
    }
    if grown.candidate.is_some()
        && !parts.plan.streams.is_empty()
        && parts.plan.streams.iter().all(|it| it.candidates.is_none())
    {
        out.note("no sentence says which streams have candidates: candidates = true in each that does");
    }
}

impl Out<'_> {
    /// Cites a piece, but not twice below each other.
    pub fn cite_unless(&mut self, piece: usize, before: usize) {
        if piece != before {
            self.cite(piece);
        }
    }
}

/// `[calendar]` and its phases.
pub(super) fn calendar(out: &mut Out<'_>, parts: &Parts) {
    let plan = &parts.plan;
    if let Some((cycle, by)) = plan.cycle {
        out.line("\n[calendar]");
        out.cite(by);
        let mut before = by;
        for (other, by) in &plan.cycles {
            if apart(*other, cycle) {
                let line = out.at(*by);
                out.note(&format!("line {line} says {other}:"));
            }
            out.cite_unless(*by, before);
            before = *by;
        }
        if let Some(sum) = sum(&plan.phases.iter().filter_map(|phase| phase.lasts).collect::<Vec<_>>(), cycle)
        {
            out.note(&format!("contradiction: the phases below add up to {sum}"));
        }
        out.line(&format!("cycle = \"{cycle}\""));
    }
    for (phase, id) in plan.phases.iter().zip(plan.phase_ids()) {
        out.line("");
        out.cite(phase.by);
        for (span, by) in &phase.other {
            let span = span.map(|span| format!(", {span}")).unwrap_or_default();
            out.cite_as(*by, "", &format!("again{span}"));
        }
        out.line("[[calendar.phases]]");
        out.line(&format!("id = {}\ntitle = {}", quoted(&id), quoted(&phase.title)));
        match phase.lasts {
            Some(lasts) => out.line(&format!("lasts = \"{lasts}\"")),
            None => out.note("the line names a week in which it is, and no length"),
        }
        if phase.freeze {
            out.line("freeze = true");
        }
    }
    if !plan.loose.is_empty() {
        out.line("");
        out.note("lengths of time that belong to nothing here:");
        for (text, by) in &plan.loose {
            let line = out.at(*by);
            out.note(&format!("- line {line}: {text:?}"));
        }
    }
}

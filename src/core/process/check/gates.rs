//! Gates that could never be GO, or never be NO-GO.

use super::List;
use crate::process::{Gate, GateKind, LineKind, Process, Stream, applies};

/// Reports gates that nothing can settle.
pub(super) fn settled(list: &mut List<'_>) {
    let p = list.process;
    for (at, gate) in p.gates.iter().enumerate() {
        let Some((why, hint)) = stuck(p, gate) else { continue };
        let path = format!("gates[{at}].kind");
        list.warn(&path, format!("gate {} cannot be settled: {why}", gate.id), hint);
    }
    for (at, gate) in p.gates.iter().enumerate() {
        let GateKind::Stage { stage } = &gate.kind else { continue };
        let Some(stage) = p.stage(stage) else { continue };
        let both = gate.streams.iter().any(|id| applies(&stage.streams, id));
        if !gate.streams.is_empty() && !both {
            let message =
                format!("gate {} asks for stage {}, which its streams do not have", gate.id, stage.id);
            list.warn(&format!("gates[{at}].streams"), message, "give gate and stage a stream in common");
        }
    }
}

/// Why nothing can settle a gate, and what to do.
fn stuck(p: &Process, gate: &Gate) -> Option<(String, &'static str)> {
    let no = |fine: bool, why: &str, hint: &'static str| (!fine).then(|| (why.to_owned(), hint));
    match &gate.kind {
        GateKind::Milestone | GateKind::IssuesOnly => {
            lacking(p, gate, |stream| stream.milestone, "has no milestone", "set streams.milestone")
        }
        GateKind::TestingWindow => {
            lacking(p, gate, |stream| stream.testing.is_some(), "has no testing time", "set streams.testing")
        }
        GateKind::Candidates => {
            lacking(p, gate, |stream| stream.candidates, "makes no candidates", "set streams.candidates")
        }
        GateKind::Scope => {
            no(refuses(p, gate), "none of its streams refuses anything", "set streams.refused_labels")
        }
        GateKind::Blockers => no(!p.labels.blockers.is_empty(), "no label blocks", "set labels.blockers"),
        GateKind::Stage { stage } => {
            let full = p.stage(stage).is_none_or(|stage| stage.items.iter().any(|item| item.required));
            no(full, "its stage has no required item, so it is always GO", "make an item required")
        }
        GateKind::SignOffs { roles } => unsigned(p, roles),
        GateKind::Reports { .. } => no(!p.reports.is_empty(), "nobody reports", "add [[reports]]"),
        GateKind::Documents { paths, .. } => no(!paths.is_empty(), "it names no path", "set paths"),
        GateKind::Artifacts { .. } => {
            no(!p.artifacts.is_empty(), "there is no artifact", "add [[artifacts]]")
        }
        GateKind::Roles { .. } => no(!p.roles.is_empty(), "there is no role", "add [[roles]]"),
        GateKind::Branch => {
            no(!p.branches.lines.is_empty(), "there is no branch pattern", "add [[branches.lines]]")
        }
        GateKind::MergeBack => {
            let hotfix = p.branches.lines.iter().any(|line| line.kind == LineKind::Hotfix);
            no(hotfix || p.hotfix.merge_back, "nothing is merged back", "set hotfix.merge_back")
        }
        GateKind::Freeze => {
            let freezes = p.calendar.phases.iter().any(|phase| phase.freeze);
            no(freezes, "no phase freezes", "set calendar.phases.freeze")
        }
        GateKind::MergeQueue => no(p.ci.merge_queue, "the merge queue is not read", "set ci.merge_queue"),
        GateKind::Checks { .. }
        | GateKind::Picks
        | GateKind::Item { .. }
        | GateKind::Version
        | GateKind::Tracker { .. }
        | GateKind::Window { .. }
        | GateKind::Decision
        | GateKind::Attested { .. } => None,
    }
}

/// Streams that a gate is asked in and that lack what it asks for.
fn lacking(
    p: &Process,
    gate: &Gate,
    has: fn(&Stream) -> bool,
    what: &str,
    hint: &'static str,
) -> Option<(String, &'static str)> {
    let without = p.streams.iter().filter(|stream| applies(&gate.streams, &stream.id) && !has(stream));
    let without: Vec<&str> = without.map(|stream| stream.id.as_str()).collect();
    (!without.is_empty()).then(|| (format!("stream {} {what}", without.join(" and ")), hint))
}

/// Why a sign-off gate can never be GO.
fn unsigned(p: &Process, roles: &[String]) -> Option<(String, &'static str)> {
    let signs = |role: &String| p.signoffs.iter().any(|signoff| signoff.role == *role);
    if p.signoffs.is_empty() {
        return Some(("there is no sign-off".to_owned(), "add [[signoffs]]"));
    }
    let role = roles.iter().find(|role| !signs(role))?;
    Some((format!("role {role} signs nothing"), "add it to [[signoffs]]"))
}

/// Whether a stream that the gate is asked in refuses anything.
fn refuses(p: &Process, gate: &Gate) -> bool {
    let mut asked = p.streams.iter().filter(|stream| applies(&gate.streams, &stream.id));
    p.streams.is_empty() || asked.any(|stream| !stream.refused_labels.is_empty() || stream.reason_required)
}

//! Gates that could never be GO, or never be NO-GO.

use super::List;
use crate::process::{Gate, GateKind, LineKind, Process, Stream};

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
        let both = gate.streams.iter().any(|id| crate::process::applies(&stage.streams, id));
        if !gate.streams.is_empty() && !both {
            let message =
                format!("gate {} asks for stage {}, which its streams do not have", gate.id, stage.id);
            list.warn(&format!("gates[{at}].streams"), message, "give gate and stage a stream in common");
        }
    }
}

/// Why nothing can settle a gate, and what to do.
fn stuck(p: &Process, gate: &Gate) -> Option<(String, &'static str)> {
    let some = |test: fn(&Stream) -> bool| {
        let mut asked = p.streams.iter().filter(|stream| crate::process::applies(&gate.streams, &stream.id));
        p.streams.is_empty() || asked.any(test)
    };
    let no = |fine: bool, why: &str, hint: &'static str| (!fine).then(|| (why.to_owned(), hint));
    match &gate.kind {
        GateKind::Milestone | GateKind::IssuesOnly => no(
            some(|stream| stream.milestone),
            "none of its streams has a milestone",
            "set streams.milestone",
        ),
        GateKind::Blockers => no(!p.labels.blockers.is_empty(), "no label blocks", "set labels.blockers"),
        GateKind::Stage { stage } => {
            let empty = p.stage(stage).is_some_and(|stage| !stage.items.iter().any(|item| item.required));
            no(!empty, "its stage has no required item, so it is always GO", "make an item required")
        }
        GateKind::SignOffs { roles } => {
            let signs = |role: &String| p.signoffs.iter().any(|signoff| signoff.role == *role);
            match roles.iter().find(|role| !signs(role)) {
                Some(role) => Some((format!("role {role} signs nothing"), "add it to [[signoffs]]")),
                None => no(!p.signoffs.is_empty(), "there is no sign-off", "add [[signoffs]]"),
            }
        }
        GateKind::TestingWindow => no(
            some(|stream| stream.testing.is_some()),
            "none of its streams has a testing time",
            "set streams.testing",
        ),
        GateKind::Candidates => no(
            some(|stream| stream.candidates),
            "none of its streams makes candidates",
            "set streams.candidates",
        ),
        GateKind::Reports { .. } => no(!p.reports.is_empty(), "nobody reports", "add [[reports]]"),
        GateKind::Documents { paths, .. } => no(!paths.is_empty(), "it names no path", "set paths"),
        GateKind::Artifacts { .. } => {
            no(!p.artifacts.is_empty(), "there is no artifact", "add [[artifacts]]")
        }
        GateKind::Roles { .. } => no(!p.roles.is_empty(), "there is no role", "add [[roles]]"),
        GateKind::Scope => {
            let refuses = |stream: &Stream| !stream.refused_labels.is_empty() || stream.reason_required;
            no(some(refuses), "none of its streams refuses anything", "set streams.refused_labels")
        }
        GateKind::Branch => {
            no(!p.branches.lines.is_empty(), "there is no branch pattern", "add [[branches.lines]]")
        }
        GateKind::MergeBack => {
            let hotfix = p.branches.lines.iter().any(|line| line.kind == LineKind::Hotfix);
            no(hotfix || p.hotfix.merge_back, "nothing is merged back", "set hotfix.merge_back")
        }
        GateKind::Freeze => no(
            p.calendar.phases.iter().any(|phase| phase.freeze),
            "no phase freezes",
            "set calendar.phases.freeze",
        ),
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

//! Gates that could never be GO, or never be NO-GO.

use super::List;
use crate::process::{Gate, GateKind, LineKind, Process, Role, Stream, applies};

/// Reports gates that nothing can settle.
pub(super) fn settled(list: &mut List<'_>) {
    let p = list.process;
    for (at, gate) in p.gates.iter().enumerate() {
        let Some((why, hint)) = stuck(p, gate) else { continue };
        let path = format!("gates[{at}].kind");
        list.warn(&path, format!("gate {} cannot be settled: {why}", gate.id), hint);
    }
    for (at, gate) in p.gates.iter().enumerate() {
        for (what, id, streams) in asked(p, gate) {
            let both = streams.is_empty() || gate.streams.iter().any(|id| applies(streams, id));
            if !gate.streams.is_empty() && !both {
                let message = format!("gate {} asks for {what} {id}, which its streams do not have", gate.id);
                let hint = format!("give gate and {what} a stream in common");
                list.warn(&format!("gates[{at}].streams"), message, hint);
            }
        }
        let GateKind::Roles { roles } = &gate.kind else { continue };
        for role in roles.iter().filter_map(|id| p.role(id)) {
            let apart = !gate.phases.is_empty() && !role.phases.is_empty();
            if apart && !gate.phases.iter().any(|phase| role.phases.contains(phase)) {
                let message = format!(
                    "gate {} asks who is {} in {}, and that role acts only in {}",
                    gate.id,
                    role.id,
                    gate.phases.join(", "),
                    role.phases.join(", ")
                );
                list.warn(&format!("gates[{at}].phases"), message, "give gate and role a phase in common");
            }
        }
    }
    held(list);
}

/// What a gate asks for by name, with the streams that it belongs to.
fn asked<'p>(p: &'p Process, gate: &'p Gate) -> Vec<(&'static str, &'p str, &'p [String])> {
    match &gate.kind {
        GateKind::Stage { stage } => {
            p.stage(stage).map(|it| ("stage", it.id.as_str(), it.streams.as_slice())).into_iter().collect()
        }
        GateKind::Item { item } => {
            let found = p.items().find(|(_, it)| it.id == *item);
            let streams =
                found.map(|(stage, it)| if it.streams.is_empty() { &stage.streams } else { &it.streams });
            streams.map(|streams| ("item", item.as_str(), streams.as_slice())).into_iter().collect()
        }
        GateKind::Artifacts { ids } => {
            let named = p.artifacts.iter().filter(|it| ids.contains(&it.id));
            named.map(|it| ("artifact", it.id.as_str(), it.streams.as_slice())).collect()
        }
        GateKind::SignOffs { roles } => {
            let named = p.signoffs.iter().filter(|it| roles.contains(&it.role));
            named.map(|it| ("sign-off", it.id.as_str(), it.streams.as_slice())).collect()
        }
        _ => Vec::new(),
    }
}

/// Roles that nobody could ever hold: each asks for an earlier turn in a role that asks for one in it.
fn held(list: &mut List<'_>) {
    let p = list.process;
    let mut free: Vec<&str> = Vec::new();
    loop {
        let open = |role: &&Role| {
            let before = &role.must_have_been;
            !free.contains(&role.id.as_str())
                && (before.is_empty() || before.iter().any(|id| free.contains(&id.as_str())))
        };
        let more: Vec<&str> = p.roles.iter().filter(open).map(|role| role.id.as_str()).collect();
        if more.is_empty() {
            break;
        }
        free.extend(more);
    }
    for (at, role) in p.roles.iter().enumerate() {
        let known = role.must_have_been.iter().all(|id| p.role(id).is_some());
        if role.max == Some(0) {
            list.warn(
                &format!("roles[{at}].max"),
                format!("nobody may hold role {}", role.id),
                "allow one holder at least",
            );
        } else if known && !free.contains(&role.id.as_str()) {
            let before = role.must_have_been.join(" or ");
            let message = format!(
                "nobody could begin: role {} asks for an earlier turn as {before}, and that asks for one in return",
                role.id
            );
            list.warn(
                &format!("roles[{at}].must_have_been"),
                message,
                "let one of these roles be held without an earlier turn",
            );
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

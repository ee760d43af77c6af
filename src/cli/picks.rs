//! `gonogo picks`: the pick queue of each line for scripts, from git alone where there is no forge.

use super::args::PicksArgs;
use super::exit::{Exit, Said};
use super::open::{Asking, setting};
use super::setup::Setup;
use super::status::unread;
use crate::engine::headless;
use crate::order::Order as _;
use crate::release::Release;
use crate::release::ids::Branch;
use crate::release::log::plural;
use crate::release::looks::Topic;
use crate::release::picks::{
    Asked, CellState, Change, Foreseen, Grade, Landing, Needed, Pick, PickKey, Predicted, Remedy, Standing,
};
use crate::release::text::{Untrusted, shown};
use crate::release::votes::FrozenBy;
use crate::turn::State;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The looks that the queue takes.
const TOPICS: [Topic; 3] = [Topic::Git, Topic::Picks, Topic::Landings];

/// A pick on a line, as it is printed.
struct Row<'a> {
    key: &'a PickKey,
    /// Its place in the queue, from 1.
    place: Option<usize>,
    standing: Standing<'a>,
    change: Option<&'a Change>,
    /// What picking it would come to where it stands in the queue.
    predicted: Option<&'a Predicted>,
}

/// What is said beside the queues.
struct Beside<'a> {
    /// What the looks noted.
    notes: &'a [String],
    /// What could not be read, each with why.
    unread: &'a [(String, String)],
}

/// How long all looks together may take: what is there already may have to be searched for in a long history.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(120);

/// Prints the queues. Exit 0 when nothing is left to do, 1 when picks wait, 3 when something could not be read.
pub async fn picks(args: &PicksArgs) -> Said {
    let prepared = async {
        let setup = Setup::of(args.path.as_deref(), &args.target, vec![])?.sound()?;
        setting(&setup, &args.target, Asking::Nobody).await
    };
    let mut setting = match prepared.await {
        Ok(setting) => setting,
        Err(said) => return said,
    };
    let pace = headless::Pace { patience: PATIENCE, told: &mut |_, _, _| {} };
    match headless::look(&mut setting, |key| TOPICS.contains(&key.topic), pace).await {
        Ok(headless::Looked { mut state, noted: notes, .. }) => {
            let wanted = |line: &Branch| args.line.as_ref().is_none_or(|name| line.as_str() == name);
            let failed = headless::predict(&setting, &mut state, wanted).await;
            said(&state, args, &failed, &notes)
        }
        Err(why) => Said::err(Exit::Unread, shown(&why.to_string(), 2000)),
    }
}

fn said(state: &State, args: &PicksArgs, failed: &[(Branch, Untrusted)], notes: &[String]) -> Said {
    let release = &state.release;
    let mut lines: BTreeSet<Branch> = release.active_lines().into_iter().collect();
    lines.extend(release.picks.lines().into_iter().cloned());
    if let Some(name) = &args.line {
        lines.retain(|line| line.as_str() == name);
        if lines.is_empty() {
            let known = release.lines.0.keys().map(Branch::line).collect::<Vec<_>>().join(", ");
            let why = format!("--line: {} is no line of this release; there are: {known}", shown(name, 120));
            return Said::err(Exit::Usage, why);
        }
    }
    let mut unread: Vec<_> = unread(state, |key| TOPICS.contains(&key.topic));
    unread.extend(failed.iter().map(|(line, why)| (format!("prediction {}", line.line()), why.line())));
    let all: Vec<_> = lines.iter().map(|line| (line, rows(release, line))).collect();
    let waiting = all.iter().flat_map(|(_, rows)| rows).any(|row| !row.standing.state.is_settled());
    let exit = match (waiting, unread.is_empty()) {
        (true, _) => Exit::NotGo,
        (false, false) => Exit::Unread,
        (false, true) => Exit::Ok,
    };
    let beside = Beside { notes, unread: &unread };
    let out = if args.json {
        as_json(state, &all, &beside, exit)
    } else {
        as_text((release, state.screen.now), &all, &beside)
    };
    Said { exit, ..Said::ok(out) }
}

/// The picks of a line: the queue in its order, then the others by how far they have come.
fn rows<'a>(release: &'a Release, line: &Branch) -> Vec<Row<'a>> {
    let queue = release.picks.queue(line);
    let mut rows: Vec<Row<'_>> = release
        .picks
        .on(line)
        .into_iter()
        .filter_map(|key| {
            let standing = release.picks.cell(key, line)?;
            let place = queue.iter().position(|it| it == key).map(|at| at + 1);
            let known = release.picks.predictions.get(line).and_then(|known| known.rows.get(key));
            let predicted = known.map(|(row, _)| row).filter(|_| place.is_some());
            Some(Row { key, place, standing, change: release.picks.changes.get(key), predicted })
        })
        .collect();
    rows.order_by_key(|row| (row.place.unwrap_or(usize::MAX), row.standing.state, row.key.clone()));
    rows
}

fn as_text(
    (release, now): (&Release, DateTime<Utc>),
    all: &[(&Branch, Vec<Row<'_>>)],
    beside: &Beside<'_>,
) -> String {
    let mut out = String::new();
    for (line, rows) in all {
        let counts = release.picks.counts(line);
        let counts: Vec<_> =
            counts.iter().map(|(state, count)| format!("{count} {}", state.word())).collect();
        let counts = if counts.is_empty() { "nothing is wanted".to_owned() } else { counts.join(", ") };
        let _ = writeln!(out, "{}: {counts}", line.line());
        for row in rows {
            let place = row.place.map_or(String::new(), |place| place.to_string());
            let title = release.picks.title(row.key, line).map(Untrusted::line).unwrap_or_default();
            let state = row.standing.state.word();
            let _ = writeln!(
                out,
                "{}",
                format!("{place:>4} {:<9} {state:<10} {title}", row.key.short()).trim_end()
            );
            for more in words(release, row, line) {
                let _ = writeln!(out, "       {more}");
            }
        }
    }
    for stray in release.picks.strays.values().flatten() {
        let _ = writeln!(out, "{}", super::pick_words::stray(stray));
    }
    if let Some(frozen) = release.frozen(now) {
        let _ = writeln!(out, "note: {}", super::pick_words::frozen(&frozen));
    }
    for note in beside.notes {
        let _ = writeln!(out, "note: {note}");
    }
    for (what, why) in beside.unread {
        let _ = writeln!(out, "could not read {what}: {why}");
    }
    out
}

/// What more is to be said of a pick, a line each, safe to show.
fn words(release: &Release, row: &Row<'_>, line: &Branch) -> Vec<String> {
    let mut said: Vec<_> = row.predicted.into_iter().flat_map(predicted_words).collect();
    if let Some(landing) = row.standing.landing {
        said.push(landing_words(landing));
        if let Some(back) = landing.reverted {
            said.push(format!("reverted here by {}", back.short()));
        }
        if let Some(back) = landing.trunk_reverted {
            said.push(format!("reverted on the trunk by {}, and alive here", back.short()));
        }
    }
    if let Some((who, why)) = row.standing.attested {
        said.push(format!("{} vouches for it: {}", shown(who, 60), why.line()));
    }
    if let Some(record) = row.standing.record {
        let why = record.why.as_ref().map(|why| format!(": {}", why.line())).unwrap_or_default();
        said.push(format!(
            "{} by {} at {}{why}",
            record.decision.word(),
            shown(&record.by, 60),
            record.at.format("%F %R")
        ));
    }
    if let Some(change) = row.change.filter(|_| row.standing.state != CellState::Landed) {
        said.extend(change_words(change));
    }
    said.extend(super::pick_words::sources(release, row.key, line));
    said
}

/// What picking it would come to, and what it needs first.
fn predicted_words(row: &Predicted) -> Vec<String> {
    let mut said = vec![match &row.verdict {
        Foreseen::Clean => "predicted: clean".to_owned(),
        Foreseen::CleanAfter { picks } => {
            let names: Vec<_> = picks.iter().map(PickKey::short).collect();
            format!("predicted: clean only after {}", names.join(", "))
        }
        Foreseen::Conflict { files, more } => {
            let names: Vec<_> = files.iter().map(|file| file.path.line()).collect();
            let more = if *more > 0 { format!(" and {more} more") } else { String::new() };
            format!("predicted: CONFLICT in {}{more}", names.join(", "))
        }
        Foreseen::Empty { there: true } => "predicted: empty, what it changes is there already".to_owned(),
        Foreseen::Empty { there: false } => "predicted: empty, it changes nothing".to_owned(),
        Foreseen::Unknown { why } => format!("predicted: unknown, {}", why.line()),
    }];
    said.extend(row.remedy.as_ref().map(|remedy| match remedy {
        Remedy::First { picks, .. } => {
            let name = |need: &Needed| match need.pick.number() {
                Some(number) => format!("#{number} {}", need.commit.short()),
                None => format!("{} {}", need.commit.short(), need.subject.line()),
            };
            let names: Vec<_> = picks.iter().map(name).collect();
            format!("needs first (replayed: clean with it): {}", names.join("; "))
        }
        Remedy::Owned { commit, subject, path, .. } => format!(
            "no prerequisite that was tried helps: {} of the line alone changed the lines in {}: {}",
            commit.short(),
            path.line(),
            subject.line()
        ),
        Remedy::Nothing { given_up: true, .. } => {
            "whether others would help is not known: the search was given up".to_owned()
        }
        Remedy::Nothing { .. } => "no prerequisite was found".to_owned(),
    }));
    said
}

fn landing_words(landing: &Landing) -> String {
    let modified = if landing.modified == Some(true) { ", modified" } else { "" };
    let sure = match landing.grade {
        Grade::Part => ", and the rest is missing",
        Grade::Number | Grade::Subject => ", which is not sure",
        Grade::Ancestor | Grade::Trailer | Grade::PatchId | Grade::Pull => "",
    };
    format!("{} in {}{modified}{sure}", landing.grade.word(), landing.commit.short())
}

fn change_words(change: &Change) -> Vec<String> {
    let mut said = Vec::new();
    let oids: Vec<_> = change
        .commits
        .iter()
        .map(|it| it.mainline.map_or_else(|| it.oid.short(), |of| format!("-m {of} {}", it.oid.short())))
        .collect();
    if !oids.is_empty() {
        let files = change.files as usize;
        said.push(format!(
            "{} +{} -{} in {files} {}",
            oids.join(" "),
            change.added,
            change.removed,
            plural(files, "file")
        ));
    }
    said.extend(change.reverted.map(|back| format!("reverted on the trunk by {}", back.short())));
    said.extend(change.problem.as_ref().map(Untrusted::line));
    said
}

fn as_json(state: &State, all: &[(&Branch, Vec<Row<'_>>)], beside: &Beside<'_>, exit: Exit) -> String {
    let release = &state.release;
    let lines: Vec<_> = all
        .iter()
        .map(|(line, rows)| {
            let picks: Vec<_> = rows.iter().map(|row| pick_json(release, row, line)).collect();
            let tip = release.lines.0.get(*line).map(|line| line.tip);
            json!({ "line": line.as_str(), "tip": tip, "picks": picks })
        })
        .collect();
    let unread: Vec<_> =
        beside.unread.iter().map(|(what, why)| json!({ "what": what, "why": why })).collect();
    let value = json!({
        "release": release.name(),
        "lines": lines,
        "strays": release.picks.strays.values().flatten().collect::<Vec<_>>(),
        "notes": beside.notes,
        "freeze": release.frozen(state.screen.now).map(|it| match it {
            FrozenBy::Person(it) => json!({ "by": it.by, "at": it.at, "why": it.what.why }),
            FrozenBy::Phase(it) => json!({ "phase": it.id }),
        }),
        "unread": unread,
        "exit": exit.code(),
        "at": state.screen.now,
    });
    format!("{value:#}\n")
}

fn pick_json(release: &Release, row: &Row<'_>, line: &Branch) -> Value {
    let place = (row.key.clone(), line.clone());
    let pull = release.picks.pulls.get(&place);
    let mut asked: Vec<Value> = pull.iter().flat_map(|pull| &pull.asked).map(|it| json!(it)).collect();
    let told = |pull: &&Pick| {
        pull.asked.iter().any(|it| matches!(it, Asked::Label { label, .. } if *label == pull.label))
    };
    let label = pull.filter(|pull| !pull.label.is_empty() && !told(pull));
    asked.extend(label.map(|it| json!({ "by": "label", "label": it.label })));
    asked.extend(release.picks.wanted.get(&place).map(|wanted| json!(wanted.asked)));
    let landing = row.standing.landing.map(|it| {
        let mut value = json!(it);
        value["sure"] = json!(it.grade.is_sure());
        value
    });
    json!({
        "pick": row.key,
        "queued": row.place,
        "state": row.standing.state.word(),
        "title": release.picks.title(row.key, line),
        "author": release.picks.author(row.key, line),
        "asked": asked,
        "notes": pull.map(|it| &it.notes),
        "backport": pull.and_then(|it| it.backport.as_ref()),
        "facts": pull.and_then(|it| it.facts.as_ref()),
        "told": release.picks.told(row.key, line).map(|it| json!({
            "word": it.word, "conflict": it.conflict, "who": it.who, "when": it.when, "why": it.why,
        })),
        "landing": landing,
        "change": row.change,
        "predicted": row.predicted.map(|it| json!({
            "verdict": it.verdict, "tree": it.tree, "remedy": it.remedy,
        })),
        "attested": row.standing.attested.map(|(who, why)| json!({ "by": who, "why": why })),
        "decision": row.standing.record.map(|it| json!({
            "decision": it.decision, "by": it.by, "at": it.at, "why": it.why,
        })),
    })
}

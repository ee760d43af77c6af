//! Everything known of one pick: what would come of it, who decided what, what shows it, what makes it a risk.

use super::super::parts::{block, count, field, history, keys, paragraph, token_lines};
use super::people::people;
use super::{is_fresh, matrix, needs, outlook, plan, resolving, risk, sign};
use crate::release::ids::Branch;
use crate::release::picks::{
    Asked, Backport, BackportState, Clash, Foreseen, Grade, Outlook, Pick, PickKey, Standing,
};
use crate::release::text::{Untrusted, shown};
use crate::release::{Pane, Release};
use crate::screen::Screen;
use crate::screen::fresh::ago;
use crate::screen::keymap::Action;
use crate::screen::rows::picks as rows;
use crate::view::ink::{Ink, Sign};
use crate::view::layout::Body;
use crate::view::parts::cut;
use crate::view::theme::Tone;
use ratatui::text::{Line, Span};

/// What the keys do to a pick.
const KEYS: [Action; 12] = [
    Action::Accept,
    Action::Defer,
    Action::Reject,
    Action::NotNeeded,
    Action::Undecide,
    Action::Earlier,
    Action::Later,
    Action::NeedsFirst,
    Action::FixOrder,
    Action::Vouch,
    Action::NextBranch,
    Action::Browse,
];

/// Its commit and its size, for the right end of the title.
pub(super) fn size(release: &Release, ink: &Ink, key: &PickKey, on: &Branch) -> Vec<Span<'static>> {
    let commit = release.picks.commit(key, on).map(|oid| oid.short()).unwrap_or_default();
    let mut spans = vec![ink.dim(commit)];
    if let Some(it) = release.picks.changes.get(key).filter(|it| it.files > 0) {
        let files = count(it.files as usize, "file");
        spans.push(ink.dim(format!("  +{} {}{}  {files}", it.added, ink.pick("−", "-"), it.removed)));
    }
    spans
}

/// Everything known of a pick on a line.
pub(super) fn about(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    (key, on): (&PickKey, &Branch),
    (cells, body): (usize, &Body),
) -> Vec<Line<'static>> {
    let picks = &release.picks;
    let Some(cell) = picks.cell(key, on) else { return Vec::new() };
    let mut lines = vec![];
    if let Some(alarm) = picks.alarm(key, on) {
        lines.extend(token_lines(ink, Sign::Bad, &format!("REVERTED: {alarm}"), cells));
    }
    lines.extend(resolving::lines(release, screen, ink, (key, on), cells));
    lines.extend(verdict(release, screen, ink, (key, on, &cell), cells));
    let title = picks.title(key, on).map(Untrusted::line).unwrap_or_default();
    lines.extend(paragraph(&title, ink.theme.strong(), cells));
    lines.extend(paragraph(&people(release, screen, ink, key, on), ink.theme.dim(), cells));
    if screen.matrix {
        lines.extend(elsewhere(release, screen, ink, (key, on), cells));
    }
    let mut parts =
        [conflict(release, ink, (key, on), cells), needs::lines(release, screen, ink, (key, on), cells)];
    if body.stacked {
        // Where few rows are seen, what to do comes before what is the matter.
        parts.reverse();
    }
    lines.extend(parts.into_iter().flatten());
    lines.extend(decided(release, screen, ink, (key, on, &cell), cells));
    if body.third.is_none() && plan::is_marked(screen) {
        lines.extend(block(ink, &plan::name(screen)));
        lines.extend(plan::lines(release, screen, ink, (cells, 12)));
    }
    lines.extend(evidence(release, screen, ink, (key, on, &cell), cells));
    lines.extend(risk::risk(release, screen, ink, (key, on), cells));
    if !screen.matrix {
        lines.extend(elsewhere(release, screen, ink, (key, on), cells));
    }
    let past = history(ink, release, &key.to_string(), 3);
    if !past.is_empty() {
        lines.extend(block(ink, "History"));
        lines.extend(past);
    }
    lines.extend(keys(ink, screen, Pane::Picks, &KEYS, cells));
    if body.stacked {
        // A small terminal has no rows to spare for air.
        lines.retain(|line| line.width() > 0);
    }
    lines
}

/// What would come of it, or how far it has come.
fn verdict(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    (key, on, cell): (&PickKey, &Branch, &Standing),
    cells: usize,
) -> Vec<Line<'static>> {
    if !cell.state.is_queued() {
        return standing(release, ink, (key, on, cell), cells);
    }
    let first = release.picks.outlook(key, on);
    let (mark, _) = outlook(&first);
    let tip = release.lines.0.get(on).map(|line| line.tip.short()).unwrap_or_default();
    let said = match &first {
        Outlook::Reverted(by) => format!("taken back on the trunk by {}", by.short()),
        Outlook::Conflict(_) => format!("CONFLICT on {} at {tip}", on.line()),
        Outlook::Empty(row) if matches!(row.verdict, Foreseen::Empty { there: true }) => {
            format!("empty: what it changes is on {} already", on.line())
        }
        Outlook::Empty(_) => "empty: the commit changes nothing".to_owned(),
        Outlook::Likely(it) => format!("likely there: {} in {}", it.grade.word(), it.commit.short()),
        Outlook::CleanAfter(picks) => {
            let names: Vec<_> = picks.iter().map(PickKey::short).collect();
            format!("clean only after {}", names.join(", "))
        }
        Outlook::Clean => format!("clean on {} at {tip}", on.line()),
        Outlook::Unknown(why) => format!("unknown: {}", why.line()),
        Outlook::Untried => "not tried yet".to_owned(),
    };
    let fresh = is_fresh(release, screen, key, on);
    let known = release.picks.predictions.get(on).filter(|known| known.rows.contains_key(key));
    let at = screen.queues.predicted.or(known.and_then(|known| known.at));
    let mut lines = token_lines(ink, mark, &said, cells);
    let word = if cell.state.word() == "to decide" { "to decide" } else { "accepted" };
    let when = match (known, fresh) {
        (None, _) => word.to_owned(),
        (Some(_), true) => {
            format!("{word} · predicted {}", at.map(|at| ago(screen.now, at)).unwrap_or_default())
        }
        (Some(_), false) => format!("{word} · the branch or the queue has moved since: predicted again soon"),
    };
    lines.extend(paragraph(&when, ink.theme.dim(), cells));
    lines
}

/// How far one that is not queued has come, with the pull request that was just opened for it.
fn standing(
    release: &Release,
    ink: &Ink,
    (key, on, cell): (&PickKey, &Branch, &Standing),
    cells: usize,
) -> Vec<Line<'static>> {
    let said = format!("{} on {}", cell.state.word(), on.line());
    let mut lines = token_lines(ink, sign(cell.state), &said, cells);
    if let Some(it) = release.picks.opened(&(key.clone(), on.clone())) {
        let draft = if it.draft { ", a draft" } else { "" };
        let url = it.url.as_ref().map(|url| format!("  {}", url.line())).unwrap_or_default();
        lines.extend(paragraph(&format!("#{}{draft}{url}", it.number), ink.theme.text(), cells));
    }
    lines
}

/// The files that conflict, and the first places with both sides.
fn conflict(
    release: &Release,
    ink: &Ink,
    (key, on): (&PickKey, &Branch),
    cells: usize,
) -> Vec<Line<'static>> {
    let Outlook::Conflict(row) = release.picks.outlook(key, on) else { return Vec::new() };
    let Foreseen::Conflict { files, more } = &row.verdict else { return Vec::new() };
    let mut lines: Vec<Line<'static>> = block(ink, "Conflicts").into();
    for file in files {
        let places = match file.hunks {
            Some(hunks) => count(hunks as usize, "hunk"),
            None => file.kind.line(),
        };
        let known = if file.recorded { ", resolved before (rerere)" } else { "" };
        let said = format!("{places}{known}");
        let room = cells.saturating_sub(said.chars().count() + 4);
        lines.push(Line::from(vec![
            ink.sign(Sign::Bad),
            ink.text(format!(" {}", cut(&file.path.line(), room, ink))),
            ink.toned(Tone::Bad, format!("  {said}")),
        ]));
    }
    if *more > 0 {
        lines.push(Line::from(ink.dim(format!("  and {}", count(*more as usize, "more file")))));
    }
    for file in files.iter().filter(|file| !file.shown.is_empty()).take(2) {
        lines.extend(places(ink, file, on, key, cells));
    }
    lines
}

/// The places of a file that both sides changed.
fn places(ink: &Ink, file: &Clash, on: &Branch, key: &PickKey, cells: usize) -> Vec<Line<'static>> {
    let mut lines = vec![];
    let all = file.hunks.unwrap_or_default();
    for (at, hunk) in file.shown.iter().enumerate() {
        lines.push(Line::default());
        let said = format!("{}   hunk {}/{all}, line {}", file.path.line(), at + 1, hunk.at);
        lines.push(Line::from(ink.dim(cut(&said, cells, ink))));
        let mut side = |mark: &str, name: &str, texts: &[Untrusted], tone: Tone| {
            lines.push(Line::from(ink.dim(cut(&format!("{mark} {name}"), cells, ink))));
            for text in texts {
                let text = text.line();
                lines.push(Line::from(ink.toned(tone, cut(&format!("  {text}"), cells, ink))));
            }
        };
        side("<<<<<<<", &on.line(), &hunk.ours, Tone::Bad);
        side(">>>>>>>", &key.short(), &hunk.theirs, Tone::Ok);
    }
    lines
}

/// What was decided, and what of it is not published; who may decide.
fn decided(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    (key, on, cell): (&PickKey, &Branch, &Standing),
    cells: usize,
) -> Vec<Line<'static>> {
    let mut lines = vec![];
    let text = ink.theme.text();
    if let Some(record) = cell.record {
        let by = ink.private(&shown(&record.by, 40));
        let why = record.why.as_ref().map(|why| format!(": {}", why.line())).unwrap_or_default();
        let said = format!("{} by {by}, {}{why}", record.decision.word(), ago(screen.now, record.at));
        lines.extend(field(ink, "Decided", &said, text, cells));
        for answer in &record.answers {
            let said = format!("{} {}", answer.question.line(), answer.answer.line());
            lines.extend(field(ink, "Answer", &said, text, cells));
        }
    }
    for said in release.unpublished(key, on) {
        lines.extend(field(ink, "To publish", &said, ink.theme.accent(), cells));
    }
    let process = release.process.as_ref();
    let roles: Vec<_> = process
        .iter()
        .flat_map(|process| process.picks.approved_by.iter().map(move |id| (process, id)))
        .map(|(process, id)| shown(process.role(id).map_or(id, |role| &role.title), 40))
        .collect();
    if !roles.is_empty() && cell.state.is_queued() {
        let anybody = if release.roles.is_empty() { "; no role is held yet, so anybody may" } else { "" };
        let said = format!("{}{anybody}", roles.join(" or "));
        lines.extend(field(ink, "Decides", &said, text, cells));
    }
    if !lines.is_empty() {
        lines.insert(0, Line::default());
    }
    lines
}

/// Who wants it, and what shows whether it is there.
fn evidence(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    (key, on, cell): (&PickKey, &Branch, &Standing),
    cells: usize,
) -> Vec<Line<'static>> {
    let text = ink.theme.text();
    let pull = release.picks.pulls.get(&(key.clone(), on.clone()));
    let mut wanted: Vec<String> = vec![];
    let told = |pull: &&Pick| {
        pull.asked.iter().any(|it| matches!(it, Asked::Label { label, .. } if *label == pull.label))
    };
    if let Some(pull) = pull.filter(|pull| !pull.label.is_empty() && !told(pull)) {
        wanted.push(format!("label {}", pull.label.line()));
    }
    let clone = release.picks.wanted.get(&(key.clone(), on.clone())).map(|it| &it.asked);
    let asked = pull.into_iter().flat_map(|pull| &pull.asked).chain(clone);
    wanted.extend(asked.map(|asked| why_asked(asked, ink, screen)));
    if release.picks.added.contains_key(&(key.clone(), on.clone())) {
        wanted.push("added by hand".to_owned());
    }
    let said = match (cell.landing, cell.attested, pull.and_then(|pull| pull.evidence.as_ref())) {
        (_, Some((by, why)), _) => format!("{} vouches: {}", ink.private(&shown(by, 40)), why.line()),
        (Some(it), ..) => {
            let weak = match it.grade {
                Grade::Part => ": the rest is missing, so it is not called landed",
                Grade::Number | Grade::Subject => ": weak, so it is not called landed",
                Grade::Ancestor | Grade::Trailer | Grade::PatchId | Grade::Pull => "",
            };
            let changed = if it.modified == Some(true) { ", with changes" } else { "" };
            let when = it.at.map(|at| format!(", {}", ago(screen.now, at))).unwrap_or_default();
            format!("{} in {}{changed}{when}{weak}", it.grade.word(), it.commit.short())
        }
        (None, None, Some(evidence)) => evidence.line(),
        (None, None, None) => format!("no commit on {} names it", on.line()),
    };
    let mut lines = vec![Line::default()];
    if !wanted.is_empty() {
        lines.extend(field(ink, "Wanted by", &wanted.join(", "), text, cells));
    }
    for note in pull.iter().flat_map(|pull| &pull.notes) {
        lines.extend(field(ink, "Note", &note.line(), ink.theme.warn(), cells));
    }
    if let Some(it) = pull.and_then(|pull| pull.backport.as_ref()) {
        lines.extend(field(ink, "Backport", &backport(it, ink, screen), text, cells));
    }
    lines.extend(field(ink, "Evidence", &said, text, cells));
    lines
}

/// The pull request that brings it: how far it is, whose, and what holds it up.
fn backport(it: &Backport, ink: &Ink, screen: &Screen) -> String {
    let (state, at) = match it.state {
        BackportState::Open => ("open", it.at),
        BackportState::Merged => ("merged", it.ended),
        BackportState::Closed => ("closed unmerged", it.ended),
    };
    let by =
        it.author.as_ref().map(|login| format!(" by {}", ink.private(&login.line()))).unwrap_or_default();
    let when = at.map(|at| format!(", {}", ago(screen.now, at))).unwrap_or_default();
    let more: String = it.words().into_iter().map(|word| format!(", {word}")).collect();
    let url = it.url.as_ref().map(|url| format!(", {}", url.line())).unwrap_or_default();
    format!("#{} {state}{by}{when}, told by {}{more}{url}", it.number, it.known_by.line())
}

fn why_asked(asked: &Asked, ink: &Ink, screen: &Screen) -> String {
    let by = asked.login().map(|login| format!(" by {}", ink.private(&login.line()))).unwrap_or_default();
    let when = asked.at().map(|at| format!(", {}", ago(screen.now, at))).unwrap_or_default();
    let weak = if asked.is_weak() { ", who may not write here" } else { "" };
    let what = match asked {
        Asked::Paths { paths } => {
            let paths: Vec<_> = paths.iter().map(Untrusted::line).collect();
            format!("paths {}", paths.join(" "))
        }
        Asked::Backport { number, .. } => format!("pull request #{number}"),
        Asked::Reverts { commit } => format!("it reverts {}, which is alive here", commit.short()),
        Asked::Forward { from } => format!("it was made on {}", from.line()),
        Asked::Label { .. } | Asked::Milestone { .. } | Asked::Comment { .. } => asked.what(),
    };
    format!("{what}{by}{when}{weak}")
}

/// How far it has come on the other lines, with who, when and why.
fn elsewhere(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    (key, on): (&PickKey, &Branch),
    cells: usize,
) -> Vec<Line<'static>> {
    let mut lines = vec![];
    for line in rows::lines(release, screen).iter().filter(|line| *line != on || screen.matrix) {
        let Some(told) = release.picks.told(key, line) else { continue };
        let mut said = vec![];
        said.extend(told.who.map(|who| ink.private(&who)));
        said.extend(told.when.map(|at| ago(screen.now, at)));
        said.extend(told.why);
        let name = cut(&line.line(), 16, ink);
        let pad = " ".repeat(17usize.saturating_sub(name.chars().count()));
        lines.push(Line::from(vec![
            Span::styled(format!("{name}{pad}"), ink.theme.head()),
            matrix::cell(release, screen, ink, (key, line)),
        ]));
        if !said.is_empty() {
            let said = paragraph(&said.join(", "), ink.theme.dim(), cells.saturating_sub(2));
            lines.extend(said.into_iter().map(|line| {
                let mut spans = vec![Span::raw("  ")];
                spans.extend(line.spans.into_iter().map(|span| Span::styled(span.content, line.style)));
                Line::from(spans)
            }));
        }
    }
    if !lines.is_empty() {
        let [gap, head] = block(ink, if screen.matrix { "On each line" } else { "On other lines" });
        lines.splice(0..0, [gap, head]);
    }
    lines
}

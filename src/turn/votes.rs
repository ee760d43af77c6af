//! What people say of a release, asked for: signatures, the decision, reports, a freeze, a window, what is attested.

use super::prompts::{choose, prompt};
use super::{State, Work};
use crate::process::{GateKind, Process, SelfCheck, SignOff, TrackerKind};
use crate::release::Release;
use crate::release::ask::Ask;
use crate::release::ids::Oid;
use crate::release::roles::Holder;
use crate::release::text::{Untrusted, shown};
use crate::release::votes::{Say, Stand, Word};
use crate::screen::dialog::{Choice, Choosing, Purpose};
use crate::screen::keymap::Action;
use crate::screen::notice::Tone;
use crate::screen::rows::RowId;

/// What a prompt says of a text that nobody has to type.
const SILENT: &str = "a note or a link; nothing is asked for";

/// Something that can be said, with how it is offered.
struct Offer {
    label: String,
    note: String,
    say: Say,
}

/// Actions of this room; false when the action is another.
pub(super) fn run(state: &mut State, action: Action) -> bool {
    match action {
        Action::Settle => settle(state),
        Action::Decide => everything(state),
        Action::Meet => super::meeting::open(state),
        _ => return false,
    }
    true
}

/// Offers what settles the gate under the cursor, or the one that the item under it asks.
fn settle(state: &mut State) {
    let Some(process) = state.release.process.clone() else { return };
    let gate = match state.cursor().cloned() {
        Some(RowId::Gate(gate)) => process.gate(&gate).map(|gate| (gate.id.clone(), gate.kind.clone())),
        Some(RowId::Item(item)) => match process.item(&item).and_then(|item| item.check.clone()) {
            Some(SelfCheck::Gate { id }) => {
                process.gate(&id).map(|gate| (gate.id.clone(), gate.kind.clone()))
            }
            Some(SelfCheck::TrackerEmpty { id }) => Some((String::new(), GateKind::Tracker { tracker: id })),
            _ => None,
        },
        _ => None,
    };
    let Some((id, kind)) = gate else {
        let text = "nothing is said to this row: s settles a gate, or an item that asks one; gd lists what can be said";
        return state.notice(Tone::Plain, text);
    };
    let offers = offers(&state.release, &process, &id, &kind);
    if offers.is_empty() {
        let key = state.screen.options.keymap.text(Action::Enter, state.screen.tab);
        let text = format!("nobody settles this by a word: {key} goes to the pane that does");
        return state.notice(Tone::Plain, text);
    }
    show(state, "What is to be said?", offers);
}

/// Offers everything that can be said of the release now.
fn everything(state: &mut State) {
    let Some(process) = state.release.process.clone() else { return };
    let mut all: Vec<Offer> = vec![];
    for gate in &process.gates {
        all.extend(offers(&state.release, &process, &gate.id, &gate.kind));
    }
    let mut more = vec![];
    let has = |kind: fn(&GateKind) -> bool| process.gates.iter().any(|gate| kind(&gate.kind));
    if !has(|kind| *kind == GateKind::Decision) {
        more.extend(decisions(&state.release));
    }
    if !has(|kind| matches!(kind, GateKind::SignOffs { .. })) {
        more.extend(signatures(&state.release, &process, &[]));
    }
    if !has(|kind| matches!(kind, GateKind::Reports { .. })) {
        more.extend(reports(&state.release, &process, &[]));
    }
    if !has(|kind| *kind == GateKind::Freeze) {
        more.push(freeze(&state.release));
    }
    more.extend(giving_up(&state.release));
    all.extend(more);
    show(state, "What is to be said?", all);
}

fn show(state: &mut State, title: &str, offers: Vec<Offer>) {
    let (mut choices, mut says) = (vec![], vec![]);
    for Offer { label, note, say } in offers {
        choices.push(Choice { value: says.len().to_string(), label, note, ask: None });
        says.push(say);
    }
    choose(state, title.to_owned(), choices, Choosing::Say(says));
}

/// Asks for the words of what was chosen.
pub(super) fn chosen(state: &mut State, says: &[Say], value: &str) {
    let Some(say) = value.parse().ok().and_then(|at: usize| says.get(at)).cloned() else { return };
    let (title, about) = asked(&state.release, &say);
    prompt(state, &title, about, Purpose::Say(say));
}

/// Takes the answer of a prompt of this room; gives it back when it is about something else.
pub(super) fn answered(state: &mut State, purpose: Purpose, text: &str) -> Option<Purpose> {
    let Purpose::Say(say) = purpose else { return Some(purpose) };
    state.waiting.push_back(Work::Ask(Ask::Say(say.with(text))));
    None
}

/// What a prompt asks, and what it says of it.
fn asked(release: &Release, say: &Say) -> (String, String) {
    let up = release.up_for_decision();
    let up =
        up.map_or("what comes next".to_owned(), |(name, at)| format!("{} ({})", name.line(), at.short()));
    match say {
        Say::Sign { signoff, person, stand, .. } => {
            asked_to_sign(release, signoff, person.as_ref(), *stand, &up)
        }
        Say::Decide { word: Word::Withdrawn, .. } => {
            (format!("Take back the decision about {up}"), SILENT.to_owned())
        }
        Say::Decide { word, .. } => {
            let about = match word {
                Word::Go => "it may be cut and published; a word to it, or nothing",
                _ => "the reason is shown in the poll",
            };
            (format!("{} for {up}", word.word()), about.to_owned())
        }
        Say::Report { report, .. } => {
            let title = release.report_title(report);
            (format!("{title}: what does it say, or where is it read?"), "a link or a few words".to_owned())
        }
        Say::GiveUp { on, .. } => asked_to_give_up(release, *on),
        Say::Freeze { on: true, .. } => ("Features are frozen from now on".to_owned(), SILENT.to_owned()),
        Say::Freeze { .. } => {
            ("Why are features frozen no more?".to_owned(), "it is shown for ever".to_owned())
        }
        Say::Schedule { .. } => (
            "When is the window?".to_owned(),
            "2026-11-24 09:00-12:00 in UTC, behind it why when it is out of turn; nothing gives it up"
                .to_owned(),
        ),
        Say::Attest { gate, on, .. } => {
            let how = if *on { "What shows it?" } else { "Why is it attested no more?" };
            let process = release.process.as_ref();
            let text = process.and_then(|process| process.gate(gate)).map(|gate| match &gate.kind {
                GateKind::Attested { text } => shown(text, 160),
                _ => String::new(),
            });
            (how.to_owned(), text.unwrap_or_default())
        }
        Say::Count { tracker, .. } => (
            format!("How many are open in {}, and where did you look?", release.tracker_title(tracker)),
            "such as: 0 https://tracker.example/filter/7".to_owned(),
        ),
    }
}

/// What the prompt asks where a release is given up, or goes on after all.
fn asked_to_give_up(release: &Release, on: bool) -> (String, String) {
    let name = release.name();
    if !on {
        return (
            format!("Why does {name} go on after all?"),
            "it is shown for ever; z takes it back".to_owned(),
        );
    }
    let about = "nothing more is cut or published of it; what is pushed stays. It is shown for ever, in its set too; z \
                 takes it back";
    (format!("Why is {name} given up?"), about.to_owned())
}

/// What the prompt of a signature asks.
fn asked_to_sign(
    release: &Release,
    signoff: &str,
    person: Option<&Untrusted>,
    stand: Stand,
    up: &str,
) -> (String, String) {
    let title = release.signoff_title(signoff);
    let process = release.process.as_ref();
    let known = process.and_then(|process| process.signoffs.iter().find(|it| *it.id == *signoff));
    let says = known.map_or(String::new(), |it| shown(&it.says, 160));
    let says = if says.is_empty() { SILENT.to_owned() } else { says };
    let as_whom = person.map_or(String::new(), |it| format!(", {} said so: where?", it.line()));
    match stand {
        Stand::Signs => (format!("Sign {up} for {title}{as_whom}"), says),
        Stand::Objects => (format!("Why does {title} object to {up}?"), says),
        Stand::Withdrawn => (format!("Take back what {title} said of {up}{as_whom}"), says),
    }
}

/// What can be said to a gate.
fn offers(release: &Release, process: &Process, id: &str, kind: &GateKind) -> Vec<Offer> {
    match kind {
        GateKind::SignOffs { roles } => signatures(release, process, roles),
        GateKind::Decision => decisions(release),
        GateKind::Reports { reports: ids } => reports(release, process, ids),
        GateKind::Freeze => vec![freeze(release)],
        GateKind::Window { window } => {
            let note = release.votes.windows.get(window.as_str()).and_then(|it| it.what.span);
            let note = note.map_or("none is scheduled".to_owned(), crate::release::votes::window_words);
            let say = Say::Schedule { window: window.as_str().into(), when: Untrusted::default() };
            vec![Offer { label: format!("schedule window {}…", shown(window, 40)), note, say }]
        }
        GateKind::Attested { text } => {
            let on = !release.votes.attested.get(id).is_some_and(|it| it.what.on);
            let label = if on { "attest…" } else { "attest no more…" };
            let say = Say::Attest { gate: id.into(), on, note: Untrusted::default() };
            vec![Offer { label: label.to_owned(), note: shown(text, 100), say }]
        }
        GateKind::Tracker { tracker } => {
            let known = process.trackers.iter().find(|it| it.id == *tracker);
            if known.is_none_or(|it| it.kind != TrackerKind::Attested) {
                return vec![];
            }
            let label = format!("say what {} has open…", release.tracker_title(tracker));
            let say = Say::Count { tracker: tracker.as_str().into(), text: Untrusted::default() };
            vec![Offer { label, note: "you look, and leave a link".to_owned(), say }]
        }
        _ => vec![],
    }
}

fn decisions(release: &Release) -> Vec<Offer> {
    let up = release.up_for_decision().map(|(name, at)| (name.line(), at));
    let note = up
        .as_ref()
        .map_or("there is no candidate yet".to_owned(), |(name, at)| format!("{name} at {}", at.short()));
    let decide = |word: Word| Say::Decide { word, why: Untrusted::default() };
    let offer = |label: &str, word| Offer { label: label.to_owned(), note: note.clone(), say: decide(word) };
    let mut all = vec![
        offer("decide GO", Word::Go),
        offer("decide HOLD…", Word::Hold),
        offer("decide NO-GO…", Word::NoGo),
    ];
    let decided = release.votes.decision().filter(|it| up.as_ref().is_some_and(|(_, at)| *at == it.what.at));
    if decided.is_some() {
        all.push(offer("take the decision back", Word::Withdrawn));
    }
    all
}

fn signatures(release: &Release, process: &Process, roles: &[String]) -> Vec<Offer> {
    let at = release.up_for_decision().map(|(_, at)| at);
    let stream = release.stream().map(|stream| stream.id.as_str()).unwrap_or_default();
    let wanted = process.signoffs.iter().filter(|it| {
        (roles.is_empty() || roles.contains(&it.role)) && crate::process::applies(&it.streams, stream)
    });
    let mut all = vec![];
    for it in wanted {
        let holders = release.roles.of(&it.role);
        if holders.is_empty() {
            let label = format!("{}: nobody is named", release.signoff_title(&it.id));
            let say = sign(it, None, Stand::Signs);
            all.push(Offer { label, note: "gr names who signs".to_owned(), say });
        }
        for holder in holders {
            all.extend(by_holder(release, it, holder, at));
        }
    }
    all
}

fn sign(of: &SignOff, person: Option<&str>, stand: Stand) -> Say {
    let (signoff, person) = (of.id.as_str().into(), person.map(Untrusted::from));
    Say::Sign { signoff, person, stand, why: Untrusted::default() }
}

/// What the holder of a role can say of what is up.
fn by_holder(release: &Release, of: &SignOff, holder: &Holder, at: Option<Oid>) -> Vec<Offer> {
    let (title, login) = (release.signoff_title(&of.id), holder.login.as_str());
    let mine = release.person().is_some_and(|me| me.eq_ignore_ascii_case(login));
    let who = if mine { "you".to_owned() } else { shown(login, 40) };
    let stand = at.and_then(|at| release.votes.stands(&of.id, at).find(|it| it.what.person == holder.login));
    let verbs: &[(&str, Stand)] = match stand.map(|it| it.what.stand) {
        Some(Stand::Signs) => &[("take it back", Stand::Withdrawn), ("object…", Stand::Objects)],
        Some(Stand::Objects) => &[("sign", Stand::Signs), ("take it back", Stand::Withdrawn)],
        _ => &[("sign", Stand::Signs), ("object…", Stand::Objects)],
    };
    let offer = |(verb, stand): &(&str, Stand)| Offer {
        label: format!("{title}, {who}: {verb}"),
        note: shown(&of.says, 100),
        say: sign(of, (!mine).then_some(login), *stand),
    };
    verbs.iter().map(offer).collect()
}

fn reports(release: &Release, process: &Process, ids: &[String]) -> Vec<Offer> {
    let wanted = process.reports.iter().filter(|it| ids.is_empty() || ids.contains(&it.id));
    let one = |it: &crate::process::Report| {
        let last = release.votes.report(&it.id);
        let last = last.map_or("none yet".to_owned(), |last| format!("last {}", last.at.format("%-d %b")));
        Offer {
            label: format!("{} is in…", release.report_title(&it.id)),
            note: format!("{}, by {}; {last}", it.every, release.role_title(&it.role)),
            say: Say::Report { report: it.id.as_str().into(), text: Untrusted::default() },
        }
    };
    wanted.map(one).collect()
}

fn freeze(release: &Release) -> Offer {
    let on = !release.votes.is_frozen();
    let label = if on { "features are frozen from now on" } else { "features are frozen no more…" };
    let note =
        release.votes.freeze.as_ref().map_or(String::new(), |it| {
            format!("last word {}, {}", it.at.format("%-d %b"), shown(&it.by, 40))
        });
    Offer { label: label.to_owned(), note, say: Say::Freeze { on, why: Untrusted::default() } }
}

/// Giving the release up, or going on with it; none once its final version is out.
fn giving_up(release: &Release) -> Option<Offer> {
    let on = release.given_up().is_none();
    if on && release.final_tag().is_some() {
        return None;
    }
    let label = if on { "the release is given up…" } else { "the release goes on after all…" };
    let note = release.given_up_words().unwrap_or_else(|| "with a reason; z takes it back".to_owned());
    Some(Offer { label: label.to_owned(), note, say: Say::GiveUp { on, why: Untrusted::default() } })
}

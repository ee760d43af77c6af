//! Dialogs as data: what floats over the body and has the keys.

pub use super::typing::Input;

use super::Screen;
use super::keymap::Action;
use super::keys::Key;
use super::meeting::Paper;
use super::paging::Paging;
use crate::process::Audience;
use crate::release::Ask;
use crate::release::ask::Proposal;
use crate::release::ids::{Branch, IssueKey, Oid, ReleaseName, Tag};
use crate::release::meeting::Meet;
use crate::release::picks::{Answer, Decision, PickKey, Place};
use crate::release::plan::Plan;
use crate::release::planned::Planned;
use crate::release::text::Untrusted;
use crate::release::votes::Say;

/// Lines of what there is to know first that a choice shows at once.
pub const ABOUT_ROWS: usize = 12;

/// What a prompt's answer is for.
#[derive(Debug, Clone, PartialEq)]
pub enum Purpose {
    /// Why an item is skipped, not applicable, overridden: the state is in the ask.
    Reason(Ask),
    /// A note or link for an item.
    Attach(Box<str>),
    /// Why a branch does not need a commit of the hotfix.
    NotBack(Oid, Branch),
    /// What went wrong, this severely.
    WentWrong(Box<str>),
    /// Who holds a role.
    Holder(Box<str>),
    /// What is said of the release: its text is asked for.
    Say(Say),
    /// What a meeting has written down: its text is asked for.
    Meet(Meet),
    /// What was done about it, then which hotfix mends it.
    Recovered(Option<Untrusted>),
    /// What shows that an item is done, which is then ticked.
    Evidence(Box<str>),
    /// Why issues move to the milestone of this title.
    MoveWhy(Vec<IssueKey>, Untrusted),
    /// The day that the milestone of this title is due, where it is created.
    MilestoneDue(Untrusted),
    /// Why what is left open moves to the next milestone.
    Rollover,
    /// Labels for issues.
    Labels(Vec<IssueKey>),
    /// Assignees for issues.
    Assignees(Vec<IssueKey>),
    /// A comment on issues.
    Comment(Vec<IssueKey>),
    /// The name of a branch to create at the tip of this one.
    BranchName(Branch),
    /// A place of the journal to go to: a number, a time.
    Goto,
    /// An answer or a reason for a decision about picks.
    Triage(Triage),
    /// A pick to add to the queue of this line.
    AddPick(Branch),
    /// What shows that picks are on their lines.
    Vouch(Vec<Place>),
    /// A field of an announcement.
    Announce(Announcing),
    /// Where an announcement is read.
    Announced {
        /// Its id.
        id: Box<str>,
        /// What was copied for it.
        text: Option<Untrusted>,
    },
}

/// A decision about picks that is being asked for: first the answers to the questions, then the reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Triage {
    /// The picks, each on its line.
    pub picks: Vec<Place>,
    /// What is to be decided.
    pub to: Decision,
    /// The answers so far.
    pub answers: Vec<Answer>,
    /// The questions that are still to be asked, the one being asked first.
    pub questions: Vec<String>,
}

/// An announcement whose fields are being asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Announcing {
    /// Its id.
    pub id: Box<str>,
    /// The fields that are filled in.
    pub given: Vec<(Box<str>, Untrusted)>,
    /// The fields that are still to be asked for, the one being asked first.
    pub left: Vec<String>,
}

/// What a choice is for.
#[derive(Debug, Clone, PartialEq)]
pub enum Choosing {
    /// The milestone that issues move to.
    MoveTo(Vec<IssueKey>),
    /// The milestone that the release is driven by.
    Milestone,
    /// The theme.
    Theme,
    /// What becomes of an errand in doubt, or of a plan that stands still.
    Unfinished,
    /// Whether another process is followed from now on.
    Process,
    /// Whether a better order of a queue is taken.
    Order,
    /// What becomes of picks that have stopped on their way to a line.
    Resolve(Branch),
    /// What is done about commits of a hotfix that are missing on a branch.
    MergeBack,
    /// Which of these is said of the release.
    Say(Vec<Say>),
    /// Which meeting begins.
    Meeting,
    /// Which action item is done.
    Action,
    /// How severe it is that a release went wrong.
    Severity,
    /// Which role gets a holder, or loses one.
    Roles,
    /// Whether picks get a backport pull request each or one for all.
    Backport(Branch, Vec<PickKey>),
}

/// One entry of a choice.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What is chosen.
    pub value: String,
    /// What is shown, safe to show.
    pub label: String,
    /// More about it, safe to show.
    pub note: String,
    /// What it asks for, for choices that ask something.
    pub ask: Option<Ask>,
}

/// What floats over the body.
#[derive(Debug, Clone, PartialEq)]
pub enum Dialog {
    /// A plan, before it leaves.
    Plan {
        /// The plan.
        plan: Plan,
        /// Whether the cursor is on Go; it starts on Cancel.
        go: bool,
        /// The name typed so far, for a plan that asks for one.
        typed: Input,
        /// First step shown.
        top: usize,
        /// Why it was refused, after an attempt.
        refusal: Option<String>,
        /// Where a person is in it.
        paging: Paging,
    },
    /// A line to type.
    Prompt {
        /// What is asked, safe to show.
        title: String,
        /// What it is about, safe to show.
        about: String,
        /// What is typed.
        input: Input,
        /// What it is for.
        purpose: Purpose,
        /// Why the last answer was not taken.
        refusal: Option<String>,
    },
    /// One of several.
    Choose {
        /// What is asked, safe to show.
        title: String,
        /// What there is to know first, safe to show.
        about: Vec<String>,
        /// The choices.
        choices: Vec<Choice>,
        /// What is typed to narrow them.
        input: Input,
        /// Place of the cursor among those that fit.
        cursor: usize,
        /// The first line of what there is to know that is shown.
        top: usize,
        /// What it is for.
        purpose: Choosing,
    },
    /// The keys of this context, or all keys.
    Help {
        /// Whether all contexts are shown.
        all: bool,
        /// What is typed to narrow them.
        input: Input,
        /// Place of the cursor among those that fit.
        cursor: usize,
    },
    /// Every action, by name.
    Palette {
        /// What is typed to narrow them.
        input: Input,
        /// Place of the cursor among those that fit.
        cursor: usize,
    },
    /// The keys that may follow the ones pressed. It never takes the next key away.
    WhichKey {
        /// The keys pressed.
        prefix: Vec<Key>,
    },
    /// The tail of the journal: what ran.
    Ran {
        /// First row shown, from the end.
        top: usize,
    },
    /// Jobs under way, errors, plans that stand still, errands in doubt.
    Jobs {
        /// Place of the cursor.
        cursor: usize,
    },
    /// Release notes as they are on record.
    Notes {
        /// The version.
        tag: Tag,
        /// Who they are for.
        audience: Audience,
        /// Which text: what was written first, then the drafts.
        part: usize,
        /// First line shown.
        top: usize,
    },
    /// The releases of the set, the cursor on this one.
    Set(ReleaseName),
    /// The meeting that is held.
    Meet {
        /// First line of its item that is shown.
        top: usize,
    },
    /// The minutes of the last meeting.
    Minutes(Paper),
    /// A log, or another long text.
    Text {
        /// What it is, safe to show.
        title: String,
        /// Its lines, safe to show.
        lines: Vec<String>,
        /// First line shown.
        top: usize,
    },
    /// Quitting while a write is under way: press again.
    Quit,
}

/// An action with the keys that run it, for help, palette and footer.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// The action.
    pub action: Action,
    /// Its keys as people write them.
    pub keys: String,
    /// What it does, in a word or two.
    pub label: &'static str,
    /// What it does, in a sentence.
    pub help: &'static str,
    /// Why it cannot be run now.
    pub why_not: Option<String>,
}

impl Dialog {
    /// The line being typed in it, if any.
    pub fn input(&mut self) -> Option<&mut Input> {
        match self {
            Self::Plan { typed, plan, .. } => {
                matches!(plan.danger, crate::release::plan::Danger::Typed(_)).then_some(typed)
            }
            Self::Prompt { input, .. }
            | Self::Choose { input, .. }
            | Self::Help { input, .. }
            | Self::Palette { input, .. } => Some(input),
            Self::WhichKey { .. }
            | Self::Ran { .. }
            | Self::Jobs { .. }
            | Self::Notes { .. }
            | Self::Set(_)
            | Self::Meet { .. }
            | Self::Minutes(_)
            | Self::Text { .. }
            | Self::Quit => None,
        }
    }
}

/// What a proposal of a prompt becomes, so that `turn` need not know each.
#[must_use]
pub fn proposal(purpose: &Purpose, text: &str) -> Option<Proposal> {
    let words = || text.split(',').map(Untrusted::from).collect();
    match purpose.clone() {
        Purpose::MoveWhy(issues, to) => Some(Proposal::Move { issues, to, why: Untrusted::from(text) }),
        Purpose::MilestoneDue(title) => {
            Some(Proposal::Planned(Planned::Milestone { title, due: Untrusted::from(text) }))
        }
        Purpose::Rollover => Some(Proposal::Planned(Planned::Rollover { why: Untrusted::from(text) })),
        Purpose::Labels(issues) => Some(Proposal::Label { issues, labels: words() }),
        Purpose::Assignees(issues) => Some(Proposal::Assign { issues, logins: words() }),
        Purpose::Comment(issues) => Some(Proposal::Comment { issues, text: Untrusted::from(text) }),
        Purpose::BranchName(from) => {
            Some(Proposal::CreateBranch { name: Untrusted::from(text.trim()), from })
        }
        _ => None,
    }
}

/// The choices that fit what is typed, by their place.
#[must_use]
pub fn fitting(choices: &[Choice], typed: &str) -> Vec<usize> {
    let typed = typed.to_lowercase();
    let fits = |label: &str| label.to_lowercase().contains(&typed);
    choices.iter().enumerate().filter(|(_, it)| fits(&it.label) || fits(&it.note)).map(|(at, _)| at).collect()
}

/// The place that a line of the palette names: `goto 17`, in a replay. None when the line is another.
#[must_use]
pub fn going<'t>(screen: &Screen, typed: &'t str) -> Option<&'t str> {
    let (name, place) = typed.trim().split_once(char::is_whitespace)?;
    let named = screen.mode == super::Mode::Replay && name.eq_ignore_ascii_case(Action::Goto.def().name);
    (named && offered(screen, false, typed).is_empty()).then(|| place.trim_start())
}

/// The actions that the palette offers: those that fit what is typed, and the one that takes the rest of the line.
#[must_use]
pub fn palette(screen: &Screen, typed: &str) -> Vec<Offer> {
    if going(screen, typed).is_none() {
        return offered(screen, false, typed);
    }
    let mut offers = offered(screen, false, Action::Goto.def().name);
    offers.retain(|it| it.action == Action::Goto);
    offers
}

/// The actions that help and palette offer, narrowed by what is typed.
#[must_use]
pub fn offered(screen: &Screen, all: bool, typed: &str) -> Vec<Offer> {
    let replay = screen.mode == super::Mode::Replay;
    let keymap = &screen.options.keymap;
    let typed = typed.to_lowercase();
    let here: Vec<Action> = if all {
        super::keymap::ACTIONS.iter().map(|def| def.action).collect()
    } else {
        keymap.actions(screen.tab, replay).collect()
    };
    let offer = |action: Action| {
        let def = action.def();
        let why_not = screen.why_not(action).map(str::to_owned);
        Offer { action, keys: keymap.text(action, screen.tab), label: def.label, help: def.help, why_not }
    };
    here.into_iter()
        .map(offer)
        .filter(|it| {
            let text =
                format!("{} {} {} {}", it.keys, it.label, it.help, it.action.def().name).to_lowercase();
            typed.split_whitespace().all(|word| text.contains(word))
        })
        .collect()
}

//! What keys do: one table of actions, from which footer, help, palette, manual page and documentation are made.

use super::keys::{Key, parse};
use crate::release::Pane;
use std::collections::BTreeMap;

/// Where an action can be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In every tab.
    Everywhere,
    /// In these tabs.
    Tabs(&'static [Pane]),
    /// Only while a journal is replayed.
    Replay,
}

/// What an action touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Only what is looked at.
    Eye,
    /// A decision that is journaled and stays on this machine.
    Local,
    /// Leaves this machine: upper case, and always a plan first.
    Out,
}

/// An action with everything that is said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Def {
    /// The action.
    pub action: Action,
    /// Its name in `[keys]`.
    pub name: &'static str,
    /// Its keys, each a key or a sequence.
    pub keys: &'static [&'static str],
    /// What it does, in a word or two, for the footer.
    pub label: &'static str,
    /// What it does, in a sentence.
    pub help: &'static str,
    /// Where it can be run.
    pub place: Place,
    /// What it touches.
    pub reach: Reach,
}

macro_rules! actions {
    ($($action:ident $name:literal $keys:tt $label:literal $help:literal $place:expr, $reach:ident;)*) => {
        /// Everything that a key can do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $(#[doc = $help] $action,)* }

        /// Every action, in the order that help shows them.
        pub const ACTIONS: &[Def] = &[$(Def {
            action: Action::$action, name: $name, keys: &$keys, label: $label, help: $help, place: $place,
            reach: Reach::$reach,
        },)*];
    };
}

use Pane::{
    Branches as B, Candidate as R, Checklist as K, Ci as C, Journal as J, Milestone as M, Overview as O,
    Picks as P,
};
use Place::{Everywhere, Replay, Tabs};

actions! {
    Enter "enter" ["enter"] "open" "Go in: to the pane that settles it, to its detail; fold a group." Everywhere, Eye;
    Tick "tick" ["space"] "tick" "Tick or untick the item; fold a stage." Tabs(&[K]), Local;
    Skip "skip" ["d"] "skip…" "Leave the item out this time, with a reason." Tabs(&[K]), Local;
    NotApplicable "not-applicable" ["i"] "n/a…" "Say that the item has no meaning for this release, with a reason." Tabs(&[K]), Local;
    Attach "attach" ["a"] "note…" "Attach a note or a link to the item." Tabs(&[K]), Local;
    Waive "waive" ["w"] "waive…" "Override a gate, or an item's own check, with a reason that is shown for ever." Tabs(&[O, K, R]), Local;
    Move "move" ["P"] "Punt…" "Move issues to another milestone; the rationale becomes a comment." Tabs(&[M]), Out;
    Drop "drop" ["X"] "Drop…" "Take issues out of the milestone; the rationale becomes a comment." Tabs(&[M]), Out;
    Assign "assign" ["A"] "Assign…" "Assign people to issues; a dash before a login takes them off." Tabs(&[M]), Out;
    Label "label" ["L"] "Label…" "Label issues; a dash before a label takes it off." Tabs(&[M]), Out;
    Comment "comment" ["C"] "Comment…" "Comment on issues." Tabs(&[M]), Out;
    Close "close" ["D"] "Done…" "Close issues as done." Tabs(&[M]), Out;
    CloseNotPlanned "close-not-planned" ["W"] "Won't do…" "Close issues as not planned." Tabs(&[M]), Out;
    Reopen "reopen" ["U"] "Unclose…" "Reopen issues." Tabs(&[M]), Out;
    ChooseMilestone "choose-milestone" ["m"] "milestone…" "Choose the milestone that the release is driven by." Tabs(&[O, M]), Local;
    Accept "accept" ["a"] "accept" "Accept picks for the line; the process may ask questions first." Tabs(&[P]), Local;
    Defer "defer" ["d"] "defer…" "Leave picks to a later release, with a reason." Tabs(&[P]), Local;
    ApplyPicks "apply-picks" ["A"] "Apply…" "Apply the accepted picks to the line, or the marked ones, and push it." Tabs(&[P]), Out;
    Reject "reject" ["x"] "reject…" "Reject picks for the line, with a reason." Tabs(&[P]), Local;
    Publish "publish" ["P"] "Publish…" "Put the labels and comments of what was decided on the pull requests." Tabs(&[P]), Out;
    NotNeeded "not-needed" ["i"] "not needed…" "Say that the line does not need the picks, with a reason." Tabs(&[P]), Local;
    Undecide "undecide" ["u"] "undecide" "Take the decision about picks away: they are to be decided again." Tabs(&[P]), Local;
    ResolvePicks "resolve-picks" ["c"] "resolve…" "Go on with picks that have stopped: resolve, skip, call off." Tabs(&[P]), Local;
    BackportPicks "backport-picks" ["B"] "Backport…" "Open pull requests that bring the accepted picks, or the marked ones, to the line." Tabs(&[P]), Out;
    AddPick "add-pick" ["="] "add…" "Add a pull request or a commit to the queue of the line by hand." Tabs(&[P]), Local;
    TakeOff "take-off" ["-"] "take off" "Take off the queue what was added by hand." Tabs(&[P]), Local;
    Vouch "vouch" ["v"] "vouch…" "Vouch that picks are on the line, saying what shows it; again takes it back." Tabs(&[P]), Local;
    Earlier "earlier" ["<", "alt-up"] "earlier" "Apply the pick earlier: move it up in the queue." Tabs(&[P]), Local;
    Later "later" [">", "alt-down"] "later" "Apply the pick later: move it down in the queue." Tabs(&[P]), Local;
    NeedsFirst "needs-first" ["w"] "needs first" "Put what a conflicting pick needs right before it in the queue." Tabs(&[P]), Local;
    FixOrder "fix-order" ["s"] "fix order…" "Look for an order of the queue in which more of it applies; it is shown before it is taken." Tabs(&[P]), Local;
    Matrix "matrix" ["m"] "lines" "Show every pick on every line, or one line again." Tabs(&[P]), Eye;
    Predict "predict" ["p"] "predict" "Predict the queue again: what applies, what conflicts." Tabs(&[P]), Eye;
    Rerun "rerun" ["R"] "Re-run failed…" "Run the failed jobs of the check's workflow run again." Tabs(&[C]), Out;
    Log "log" ["v"] "log" "Show the end of the failed step's log." Tabs(&[C]), Eye;
    CutCandidate "cut-candidate" ["C"] "Candidate…" "Cut the next candidate: what must hold, every step, and the tag to type." Tabs(&[R]), Out;
    CutFinal "cut-final" ["F"] "Final…" "Cut the final version of the release." Tabs(&[R]), Out;
    PublishRelease "publish-release" ["P"] "Publish…" "Publish the release of the tag; who watches the repository may be told." Tabs(&[R]), Out;
    Notes "notes" ["e"] "notes…" "Show the release notes of the tag, or of what comes next: draft them, write them in your editor." Tabs(&[R]), Eye;
    DoStep "do-step" ["X"] "do it…" "Do what the item asks for: create, tag, start its workflow, publish." Tabs(&[K]), Out;
    Settle "settle" ["s"] "settle…" "Say what settles the gate: sign, decide, report, declare, schedule, attest." Tabs(&[O, K]), Local;
    PublishTicks "publish-ticks" ["P"] "Publish…" "Put the ticks that were made here on the tracking issue; what people wrote there stays." Tabs(&[K]), Out;
    Status "status" ["S"] "Status…" "Say on the tracking issue how the release stands: the poll as a comment, read before." Tabs(&[O, K]), Out;
    NextBranch "next-branch" ["b"] "branch" "Show the checks or picks of the next branch." Tabs(&[C, P]), Eye;
    CreateBranch "create-branch" ["B"] "Branch…" "Create the release branch at the tip of this one." Tabs(&[B]), Out;
    Compare "compare" ["c"] "compare" "List the commits since the last tag, and those that are not on the trunk." Tabs(&[B]), Eye;
    MergeBack "merge-back" ["m"] "merge back…" "Show where each commit of the hotfix stands on each branch: queue what is missing, or say that it is not needed." Tabs(&[B]), Local;
    Sort "sort" ["s"] "sort" "Change the order of the rows." Tabs(&[M, C, B, R]), Eye;
    SortPicks "sort-picks" ["#"] "by number" "Show the picks by number, or in the order of the queue again." Tabs(&[P]), Eye;
    Preset "preset" ["f"] "filter" "Change the filter: failing only, open only, drift only, a topic." Tabs(&[M, C, B, P, K, J]), Eye;
    NextOpen "next-open" ["n"] "next" "Go to the next match, or without a filter to the next row that needs a person." Everywhere, Eye;
    PreviousOpen "previous-open" ["N"] "previous" "Go to the previous match, or row that needs a person." Everywhere, Eye;
    Mark "mark" ["space"] "mark" "Mark the row, for acting on several at once; fold a group." Tabs(&[M, C, P]), Eye;
    MarkRange "mark-range" ["V"] "mark range" "Mark from here to where it is pressed again." Tabs(&[M, C, P]), Eye;
    Filter "filter" ["/"] "find" "Show only the rows that match what is typed." Everywhere, Eye;
    Browse "browse" ["o"] "browser" "Open it in the browser." Everywhere, Eye;
    Refresh "refresh" ["r"] "refresh" "Look at the world again now; when grounded, try the journal again." Everywhere, Eye;
    Back "back" ["esc"] "back" "Come out: close, cancel, clear the filter and the marks." Everywhere, Eye;
    Down "down" ["j", "down"] "down" "Move down." Everywhere, Eye;
    Up "up" ["k", "up"] "up" "Move up." Everywhere, Eye;
    HalfDown "half-page-down" ["ctrl-d", "pgdn"] "½ page" "Move down by half a page." Everywhere, Eye;
    HalfUp "half-page-up" ["ctrl-u", "pgup"] "½ page up" "Move up by half a page." Everywhere, Eye;
    Top "top" ["gg", "home"] "top" "Move to the first row." Everywhere, Eye;
    Bottom "bottom" ["G", "end"] "bottom" "Move to the last row." Everywhere, Eye;
    NextSection "next-section" ["]"] "section" "Move to the next section." Tabs(&[O, M, C, B, P, K, R]), Eye;
    PreviousSection "previous-section" ["["] "section up" "Move to the previous section." Tabs(&[O, M, C, B, P, K, R]), Eye;
    NextPart "next-pane" ["tab"] "pane" "Give the keys to the next pane of the tab." Everywhere, Eye;
    PreviousPart "previous-pane" ["shift-tab"] "pane" "Give the keys to the previous pane of the tab." Everywhere, Eye;
    NextTab "next-tab" ["l", "right"] "tab" "Show the next tab." Everywhere, Eye;
    PreviousTab "previous-tab" ["h", "left"] "tab" "Show the previous tab." Everywhere, Eye;
    Tab1 "overview" ["1"] "Overview" "Show the go/no-go poll." Everywhere, Eye;
    Tab2 "milestone" ["2"] "Milestone" "Show the issues of the milestone." Everywhere, Eye;
    Tab3 "ci" ["3"] "CI" "Show the checks by branch." Everywhere, Eye;
    Tab4 "branches" ["4"] "Branches" "Show the trunk and the release lines." Everywhere, Eye;
    Tab5 "picks" ["5"] "Picks" "Show the cherry-pick queue." Everywhere, Eye;
    Tab6 "checklist" ["6"] "Checklist" "Show the stages and their items." Everywhere, Eye;
    Tab7 "candidate" ["7"] "RC" "Show the candidates and releases." Everywhere, Eye;
    Tab8 "journal" ["8"] "Journal" "Show what happened." Everywhere, Eye;
    Zoom "zoom" ["+"] "zoom" "Let the pane fill the body." Everywhere, Eye;
    Unzoom "unzoom" ["_"] "unzoom" "Show all panes again." Everywhere, Eye;
    GoJournal "journal-of" ["gj"] "journal of this" "Go to the last entry about it in the journal." Tabs(&[O, M, C, B, P, K, R]), Eye;
    Present "present" ["gp"] "present" "Presentation mode: larger, plainer, private fields hidden." Everywhere, Eye;
    Theme "theme" ["gt"] "theme…" "Choose the theme." Everywhere, Eye;
    Decide "decide" ["gd"] "decide…" "Say what settles any gate: sign the candidate, decide go or no-go, report, declare the freeze, attest." Everywhere, Local;
    Meet "meeting" ["gm"] "meeting…" "Hold a meeting: one item of the agenda at a time, decisions, notes, action items, and minutes at its end." Everywhere, Local;
    Roles "roles" ["gr"] "roles…" "Say who holds which role of the release; what the process permits to a role is for its holders alone." Everywhere, Local;
    Set "set" ["gs"] "set" "Show the releases of the set, the lowest first; enter goes to one of them." Everywhere, Eye;
    Unfinished "unfinished" ["gu"] "unfinished…" "Go on with, call off or settle what a crash or a failure left." Everywhere, Local;
    Process "process" ["gc"] "process…" "Take the process as it is written now, or keep the recorded one." Everywhere, Local;
    Setback "rollback" ["gb"] "went wrong…" "Say that the release went wrong: how severe it is decides what follows; again says how it ended." Everywhere, Local;
    CopyLink "copy-link" ["yy"] "copy link" "Copy its address." Everywhere, Eye;
    CopyHash "copy-hash" ["yh"] "copy hash" "Copy its commit or entry hash." Everywhere, Eye;
    CopyNumber "copy-number" ["yn"] "copy number" "Copy its number or name." Everywhere, Eye;
    CopyMarkdown "copy-markdown" ["ym"] "copy Markdown" "Copy it as a Markdown link." Everywhere, Eye;
    Undo "undo" ["z"] "undo" "Take back the last decision; what left this machine is taken back by a plan." Everywhere, Local;
    Redo "redo" ["Z"] "redo" "Do again what was taken back." Everywhere, Local;
    Ran "ran" ["@"] "what ran" "Show the tail of the journal." Everywhere, Eye;
    Jobs "jobs" ["!"] "jobs" "Show jobs under way, errors and what is unfinished." Everywhere, Eye;
    Palette "palette" [":", "ctrl-p"] "cmd" "Find an action by name." Everywhere, Eye;
    Help "help" ["?"] "keys" "Show the keys of this tab; again, all keys." Everywhere, Eye;
    Cancel "cancel" ["ctrl-x"] "cancel job" "Stop the job under way; what was sent stays sent." Everywhere, Eye;
    Suspend "suspend" ["ctrl-z"] "suspend" "Suspend the cockpit, as a shell does." Everywhere, Eye;
    Quit "quit" ["q", "ctrl-c"] "quit" "Leave in good order; twice while a write is under way." Everywhere, Eye;
    Play "play" ["space"] "play" "Play or pause the replay." Replay, Eye;
    StepForward "step" ["."] "step" "Step to the next entry." Replay, Eye;
    StepBack "step-back" [","] "step back" "Step to the entry before." Replay, Eye;
    NextMark "next-mark" ["]"] "next mark" "Go to the next session, decision, candidate or failure." Replay, Eye;
    PreviousMark "previous-mark" ["["] "previous mark" "Go to the mark before." Replay, Eye;
    Faster "faster" [">"] "faster" "Play faster, up to 64 times." Replay, Eye;
    Slower "slower" ["<"] "slower" "Play slower, down to real time." Replay, Eye;
    Goto "goto" ["go"] "go to…" "Go to an entry by its number or its time." Replay, Eye;
}

impl Action {
    /// Everything that is said of it.
    #[must_use]
    pub fn def(self) -> &'static Def {
        // The table is in the order of the enum, so the place is the discriminant.
        &ACTIONS[self as usize]
    }
}

/// What a sequence of keys means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// It runs an action.
    Run(Action),
    /// More keys may follow.
    Prefix,
    /// Nothing.
    None,
}

/// Why an override is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyError {
    /// The action as written.
    pub action: String,
    /// The tab it was overridden for.
    pub tab: Option<Pane>,
    /// The action that it clashes with.
    pub other: Option<&'static str>,
    /// What is wrong.
    pub message: String,
    /// What to do instead.
    pub hint: String,
}

/// Keys and what they do.
#[derive(Debug, Clone, PartialEq)]
pub struct Keymap {
    bound: BTreeMap<Action, Vec<Vec<Key>>>,
    by_tab: BTreeMap<(Pane, Action), Vec<Vec<Key>>>,
}

impl Default for Keymap {
    fn default() -> Self {
        let read = |def: &Def| (def.action, def.keys.iter().filter_map(|keys| parse(keys).ok()).collect());
        Self { bound: ACTIONS.iter().map(read).collect(), by_tab: BTreeMap::new() }
    }
}

impl Keymap {
    /// The default keys with overrides: an action's name, the tab they hold in (none for all), and its keys.
    ///
    /// # Errors
    /// Every override that is wrong: a name that no action has, a text that is no key, two actions on one key.
    pub fn with(overrides: &[(String, Option<Pane>, Vec<String>)]) -> Result<Self, Vec<KeyError>> {
        let mut map = Self::default();
        let mut errors = vec![];
        for (name, tab, keys) in overrides {
            let wrong = |message: String, hint: String| KeyError {
                action: name.clone(),
                tab: *tab,
                other: None,
                message,
                hint,
            };
            let Some(def) = ACTIONS.iter().find(|def| def.name == name) else {
                errors.push(wrong(format!("no action is called {name:?}"), nearest(name)));
                continue;
            };
            let parsed: Result<Vec<_>, _> = keys.iter().map(|key| parse(key)).collect();
            match (parsed, tab) {
                (Err(message), _) => errors.push(wrong(message, "see gonogo keys".to_owned())),
                (Ok(keys), _) if def.reach == Reach::Out && keys.iter().any(|keys| !goes_out(keys)) => errors
                    .push(wrong(
                        format!("{name} leaves this machine, and its key must be an upper-case letter"),
                        "lower case stays here, UPPER CASE goes out".to_owned(),
                    )),
                (Ok(keys), Some(tab)) => {
                    map.by_tab.insert((*tab, def.action), keys);
                }
                (Ok(keys), None) => {
                    map.bound.insert(def.action, keys);
                }
            }
        }
        // The keys that are built in do not clash: a test says so.
        if !overrides.is_empty() {
            errors.extend(map.clashes(overrides));
        }
        if errors.is_empty() { Ok(map) } else { Err(errors) }
    }

    /// The keys of an action in a tab.
    #[must_use]
    pub fn keys(&self, action: Action, tab: Pane) -> &[Vec<Key>] {
        self.by_tab.get(&(tab, action)).or_else(|| self.bound.get(&action)).map_or(&[], Vec::as_slice)
    }

    /// The keys of an action as people write them: `gj`, `j or down`.
    #[must_use]
    pub fn text(&self, action: Action, tab: Pane) -> String {
        let one = |keys: &Vec<Key>| keys.iter().map(ToString::to_string).collect::<String>();
        self.keys(action, tab).iter().map(one).collect::<Vec<_>>().join(" or ")
    }

    /// The actions of a tab, in the order of the table. Replay's own come first while one runs.
    pub fn actions(&self, tab: Pane, replay: bool) -> impl Iterator<Item = Action> {
        let here = move |def: &&Def| match def.place {
            Place::Everywhere => true,
            Place::Tabs(tabs) => tabs.contains(&tab),
            Place::Replay => replay,
        };
        ACTIONS.iter().filter(here).map(|def| def.action)
    }

    /// What a sequence of keys means in a tab. In a replay its own keys win, and keys that write do not exist.
    #[must_use]
    pub fn meaning(&self, tab: Pane, replay: bool, keys: &[Key]) -> Meaning {
        let mut prefix = false;
        let mut found: Option<Action> = None;
        for action in self.actions(tab, replay) {
            let def = action.def();
            if replay && def.reach != Reach::Eye {
                continue;
            }
            for bound in self.keys(action, tab) {
                if bound == keys && (found.is_none() || def.place == Place::Replay) {
                    found = Some(action);
                } else if bound.len() > keys.len() && bound.starts_with(keys) {
                    prefix = true;
                }
            }
        }
        match found {
            Some(action) => Meaning::Run(action),
            None if prefix => Meaning::Prefix,
            None => Meaning::None,
        }
    }

    /// Pairs of actions that share a key, or of which one's key begins the other's. The one that was overridden is
    /// named first: it is the one that can be found in a configuration.
    fn clashes(&self, overrides: &[(String, Option<Pane>, Vec<String>)]) -> Vec<KeyError> {
        let overridden = |action: Action| overrides.iter().any(|(name, ..)| name == action.def().name);
        let mut errors: Vec<KeyError> = vec![];
        for tab in super::TABS {
            let mut seen: BTreeMap<Vec<Key>, Action> = BTreeMap::new();
            for action in self.actions(tab, false) {
                for keys in self.keys(action, tab) {
                    let other = seen.iter().find(|(known, it)| {
                        **it != action && (known.starts_with(keys) || keys.starts_with(known))
                    });
                    if let Some((_, other)) = other {
                        let first = overridden(action) || !overridden(*other);
                        let error = if first {
                            self.clash(action, *other, tab)
                        } else {
                            self.clash(*other, action, tab)
                        };
                        if !errors.iter().any(|known| known.message == error.message) {
                            errors.push(error);
                        }
                    }
                    seen.insert(keys.clone(), action);
                }
            }
        }
        errors
    }

    fn clash(&self, action: Action, other: Action, tab: Pane) -> KeyError {
        let text = |action: Action| format!("{} of {}", self.text(action, tab), action.def().name);
        KeyError {
            action: action.def().name.to_owned(),
            tab: Some(tab),
            other: Some(other.def().name),
            message: format!("{} clashes with {}", text(action), text(other)),
            hint: format!("give {} another key as well", other.def().name),
        }
    }
}

/// Whether a sequence ends in an upper-case letter without control or alt.
fn goes_out(keys: &[Key]) -> bool {
    keys.last().is_some_and(|key| {
        !key.ctrl && !key.alt && matches!(key.code, super::keys::Code::Char(c) if c.is_ascii_uppercase())
    })
}

/// The nearest name of an action, as a hint.
fn nearest(name: &str) -> String {
    let distance = |other: &str| {
        let common = name.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
        let shared = name.chars().filter(|c| other.contains(*c)).count();
        std::cmp::Reverse(common * 3 + shared * 2 + usize::from(other.contains(name)) * 10)
    };
    let best = ACTIONS.iter().min_by_key(|def| (distance(def.name), def.name.len().abs_diff(name.len())));
    best.map_or_else(String::new, |def| format!("did you mean {:?}?", def.name))
}

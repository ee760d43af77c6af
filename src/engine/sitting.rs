//! A sitting: one terminal, and at it one release, or those of a set one after the other.

use super::backporting::fork;
use super::cockpit::Cockpit;
use super::entering::Entering;
use super::face::Face;
use super::held::Held;
use super::keeping::first_frame;
use super::keyboard::Keyboard;
use super::looks::Looks;
use super::opening::Session;
use super::runner::Runner;
use super::system::Signals;
use super::terminal::guard_panics;
use super::{EngineError, Setting};
use crate::release::fact::Fact;
use crate::release::ids::ReleaseName;
use crate::release::session::Sealed;
use crate::release::text::shown;
use crate::screen::notice::Tone;
use crate::screen::set::Members;
use crate::screen::{Mode, Options, Screen};
use crate::turn::{Event, State};
use crate::view;
use crate::view::palette::Ground;
use std::time::Instant;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// The place at the terminal, which stays as it is while another release is gone to.
struct Seat {
    face: Face,
    /// None where lines are typed.
    keyboard: Option<Keyboard>,
    /// Lines that are typed.
    heard: Option<UnboundedReceiver<String>>,
    /// What the terminal said of its background.
    ground: Ground,
    /// The tab that was shown.
    tab: crate::process::Pane,
    /// What is known of the set.
    set: Members,
}

/// What a release is driven with.
struct Sitting {
    setting: Setting,
    options: Options,
    looks: Looks,
    /// None before the first release.
    seat: Option<Seat>,
}

/// Runs the cockpit until the manager leaves. The notices that nobody could read any more are returned.
///
/// # Errors
/// When the terminal, the state directory or the journal cannot be used.
pub async fn run(setting: Setting, options: Options, looks: Looks) -> Result<Vec<String>, EngineError> {
    guard_panics();
    let routes = setting.postings.iter().map(|(id, posting)| (id.clone(), posting.route)).collect();
    let barred = setting.barred.as_deref().map(Into::into);
    let written = setting.hash().into();
    let options = Options { fork: fork(&setting.repository), routes, barred, written, ..options };
    // Heard from before the terminal is taken on, so that every way out gives it back.
    let mut signals = Signals::new()?;
    let mut sitting = Sitting { setting, options, looks, seat: None };
    loop {
        let first = sitting.seat.is_none();
        let (inbox, mut arrivals) = unbounded_channel();
        let mut cockpit = tokio::select! {
            started = start(sitting, inbox) => started?,
            () = signals.ends.any() => return Ok(vec![]),
        };
        if first {
            cockpit.find_background()?
        } else {
            cockpit.draw()?
        }
        cockpit.turn(&mut signals, &mut arrivals).await?;
        let said = cockpit.seal(&mut arrivals);
        match cockpit.to.take() {
            Some(to) => sitting = cockpit.go_to(to, &said),
            // Dropped with the cockpit, the terminal is given back before anything is said on it.
            None => return Ok(cockpit.left_behind(said)),
        }
    }
}

/// Takes the terminal, opens the journal and shows what it says; then everything that may take a while.
async fn start(sitting: Sitting, inbox: UnboundedSender<Event>) -> Result<Cockpit, EngineError> {
    let Sitting { mut setting, options, looks, seat } = sitting;
    let mut session = Session::start();
    let size = crossterm::terminal::size().unwrap_or((80, 24));
    let mut state = State::new(Screen::new(session.stamp().now, size, options.clone()));
    let Seat { mut face, mut keyboard, heard, ground, tab, set } = match seat {
        Some(seat) => seat,
        None => Seat::take(&options, &looks)?,
    };
    state.screen.tab = tab;
    state.screen.set = set;
    state.screen.set.asked = setting.set.clone().unwrap_or_default();
    let theme = looks.theme(&options.theme, ground);
    let (known, opening) =
        first_frame(&setting, &options, &mut state, &mut face, keyboard.as_mut(), &theme).await?;
    let looking = setting.look_for_token().await;
    let journal = opening.dir.path().to_owned();
    let mut cockpit = Cockpit {
        runner: Runner::new(&setting, inbox.clone())?,
        scribe: None,
        state,
        setting,
        session,
        journal,
        kept: super::set::Shelf::default(),
        follower: None,
        held: Held::default(),
        keyboard,
        unbegun: vec![],
        heard,
        to: None,
        awaited: None,
        vacant: false,
        inbox,
        face,
        title: String::new(),
        looks,
        ground,
        theme: (options.theme.clone(), theme),
        drawn: Instant::now(),
        leaving: false,
        lends: vec![],
    };
    let entering = Entering { known, opening };
    match looking {
        Some(looking) => cockpit.wait_for_token(looking, entering),
        None => cockpit.enter(entering)?,
    }
    Ok(cockpit)
}

impl Seat {
    fn take(options: &Options, looks: &Looks) -> Result<Self, EngineError> {
        let keyboard = (!looks.accessible).then(Keyboard::open).transpose()?;
        let face = Face::new(looks.accessible, options.mouse, looks.depth)?;
        let tab = crate::process::Pane::Overview;
        Ok(Self { face, keyboard, heard: None, ground: Ground::Dark, tab, set: Members::default() })
    }
}

impl Cockpit {
    /// Leaves this release for another of the set, unless a token is still being looked for.
    pub(super) fn leave_for(&mut self, to: ReleaseName) {
        if self.awaited.is_some() {
            let text = "a token is being looked for; ctrl-x goes on without one".to_owned();
            return self.handle(Event::Notice(Tone::Plain, text));
        }
        (self.to, self.leaving) = (Some(to), true);
    }

    /// What the terminal's title says: the release and its verdict, and the tab where people present.
    pub(super) fn title(&self) -> String {
        let (release, screen) = (self.state.shown(), &self.state.screen);
        let tab = if screen.options.present {
            format!(" · {}", view::tabs::names(screen.tab)[0])
        } else {
            String::new()
        };
        shown(&format!("gonogo {} {}{tab}", release.name(), screen.verdict.word()), 120)
    }

    /// Seals the journal, and gives what came back after the last frame.
    fn seal(&mut self, arrivals: &mut UnboundedReceiver<Event>) -> Vec<String> {
        self.runner.stop_looking();
        let mut said = vec![];
        if let Some(scribe) = self.scribe.take() {
            let stamp = self.session.stamp();
            let why = if self.to.is_some() { "on to another release of the set" } else { "quit" };
            let note = Fact::from(Sealed { note: why.into() }).into();
            let inbox = self.inbox.clone();
            let envelope = self.session.envelope(&stamp);
            super::appending::append(&scribe, envelope, vec![note], &self.journal, move |result| {
                if let Err(why) = result {
                    let _ = inbox.send(Event::Unwritten(0, why.to_string()));
                }
            });
            let _ = scribe.stop();
        }
        while let Ok(event) = arrivals.try_recv() {
            // What an errand brought after the last frame is said on the terminal that is left.
            match event {
                Event::CameBack(op, outcome) => said.push(format!(
                    "{} ended as {:?} after the journal was sealed; the next start looks again",
                    op.as_str(),
                    outcome.status
                )),
                Event::Unwritten(_, why) => {
                    said.push(format!("the journal could not be sealed: {}", shown(&why, 300)))
                }
                _ => {}
            }
        }
        said
    }

    /// Gives the terminal back, and says what is left of the release.
    fn left_behind(self, mut said: Vec<String>) -> Vec<String> {
        if self.state.screen.mode == Mode::Grounded {
            said.push("the journal could not be written: what was asked after that was not done".to_owned());
        }
        for outcome in &self.state.screen.unrecorded.outcomes {
            said.push(format!("it happened and is not on record: {outcome} (the next start looks again)"));
        }
        for open in self.state.release.outbox.open.values() {
            said.push(format!("unfinished: {} (the next start looks what became of it)", open.errand.line()));
        }
        drop(self.face);
        said
    }

    /// Goes to another release of the set at the same terminal, which is told what was said of this one.
    fn go_to(mut self, to: ReleaseName, said: &[String]) -> Sitting {
        let set = self.handed_on();
        let names = crate::screen::set::names(&self.state.release, &self.state.screen).to_vec();
        let mut setting = self.setting.sibling(&to, Some(names));
        setting.note = (!said.is_empty()).then(|| said.join("; "));
        let options = self.state.screen.options.clone();
        let mut face = self.face;
        face.begin_anew();
        let tab = self.state.screen.tab;
        let (keyboard, heard, ground) = (self.keyboard, self.heard, self.ground);
        let seat = Seat { face, keyboard, heard, ground, tab, set };
        Sitting { setting, options, looks: self.looks, seat: Some(seat) }
    }
}

//! The loop: terminal, inbox, deadlines and signals in; turns; batches and frames out.

use super::appending::append;
use super::entering::{self, Entering, Looking};
use super::face::Face;
use super::held::Held;
use super::keyboard::Keyboard;
use super::lending::Lend;
pub use super::looks::Looks;
use super::opening::Session;
use super::runner::Runner;
pub use super::sitting::run;
use super::system::{Signals, hear, report, resized, sleep};
use super::{EngineError, Setting, spoken};
use crate::journal::{DirDisk, Follower, Scribe};
use crate::release::ask::Effect;
use crate::release::entry::{Entry, Note};
use crate::release::fact::{self, Fact};
use crate::release::ids::ReleaseName;
use crate::release::session::Identified;
use crate::screen::Mode;
use crate::turn::{self, Batch, Event, State, watch};
use crate::view;
use crate::view::palette::Ground;
use crate::view::theme::Theme;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

/// Shortest time between two frames that no key asked for.
const FRAME: Duration = Duration::from_millis(16);
/// How often a cockpit that follows looks at the holder's file.
const FOLLOW: Duration = Duration::from_secs(1);

/// The cockpit while it runs.
pub(super) struct Cockpit {
    pub(super) state: State,
    pub(super) setting: Setting,
    pub(super) session: Session,
    pub(super) runner: Runner,
    pub(super) scribe: Option<Scribe>,
    pub(super) journal: PathBuf,
    /// The others of the set as their journals were read last.
    pub(super) kept: super::set::Shelf,
    pub(super) follower: Option<(Follower, DirDisk)>,
    pub(super) held: Held,
    /// None where lines are typed.
    pub(super) keyboard: Option<Keyboard>,
    /// The first lines of the session, until they are on disk.
    pub(super) unbegun: Vec<Note>,
    /// Lines that are typed, where no full screen reads keys.
    pub(super) heard: Option<UnboundedReceiver<String>>,
    /// The release of the set that is gone to, once this one is left.
    pub(super) to: Option<ReleaseName>,
    /// Whether the holder of a journal that is followed has left.
    pub(super) vacant: bool,
    pub(super) inbox: UnboundedSender<Event>,
    pub(super) face: Face,
    pub(super) title: String,
    pub(super) looks: Looks,
    pub(super) ground: Ground,
    pub(super) theme: (String, Theme),
    pub(super) drawn: Instant,
    pub(super) leaving: bool,
    pub(super) lends: Vec<Lend>,
    /// The search for the token, and the release that goes to work when it has ended.
    pub(super) awaited: Option<(Looking, Entering)>,
}

impl Cockpit {
    /// The first lines of the session. What the journal says is on the screen already; whatever a key asks for in
    /// between is recorded after them.
    pub(super) fn begin(&mut self, mode: Mode, note: Option<String>) {
        let Some(scribe) = self.scribe.as_ref().filter(|_| !self.unbegun.is_empty()) else {
            return self.handle(Event::Opened(mode, note));
        };
        let stamp = self.session.stamp();
        let inbox = self.inbox.clone();
        append(scribe, self.session.envelope(&stamp), self.unbegun.clone(), &self.journal, move |result| {
            let events = match result {
                Ok(entries) => {
                    vec![Event::Read(entries), Event::Recorded(0, vec![]), Event::Opened(mode, note)]
                }
                Err(why) => vec![Event::Opened(mode, note), Event::Unwritten(0, why.to_string())],
            };
            for event in events {
                let _ = inbox.send(event);
            }
        });
    }

    /// The loop.
    pub(super) async fn turn(
        &mut self,
        signals: &mut Signals,
        arrivals: &mut UnboundedReceiver<Event>,
    ) -> Result<(), EngineError> {
        let mut keyboard = self.keyboard.take();
        let mut heard = self.heard.take().or_else(|| keyboard.is_none().then(spoken::listen));
        let mut follow = tokio::time::interval(FOLLOW);
        follow.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        while !self.leaving {
            let wait = self.wait();
            let mut pressed = false;
            tokio::select! {
                // The end first and the keyboard next, however much comes in from elsewhere.
                biased;
                () = signals.ends.any() => self.handle(Event::Terminate),
                line = hear(&mut heard) => self.hear(line),
                reported = report(&mut keyboard) => match reported {
                    Ok(report) => {
                        pressed = true;
                        self.reported(report);
                    }
                    // The terminal is gone: leave as for a hangup.
                    Err(_) => self.handle(Event::Terminate),
                },
                _ = signals.resized.recv() => {
                    pressed = true;
                    self.handle(resized(&self.state.screen));
                }
                _ = signals.stopped.recv() => self.lends.push(Lend::Shell),
                _ = signals.resumed.recv() => self.resume()?,
                found = entering::ended(&mut self.awaited) => self.token_found(found)?,
                Some(event) = arrivals.recv() => self.handle(event),
                _ = follow.tick(), if self.follower.is_some() => self.follow(),
                () = sleep(wait), if wait.is_some() => self.handle(Event::Deadline),
            }
            self.take_in(arrivals);
            if !self.lends.is_empty() {
                keyboard.iter_mut().for_each(Keyboard::let_go);
                self.lend().await;
                signals.ends.forget_interrupt();
            }
            if pressed || self.drawn.elapsed() >= FRAME {
                self.draw()?;
            }
        }
        (self.keyboard, self.heard) = (keyboard, heard);
        Ok(())
    }

    /// A line was typed, or there will be no more.
    fn hear(&mut self, line: Option<String>) {
        let Some(line) = line else { return self.handle(Event::Terminate) };
        spoken::events(&self.state, &line).into_iter().for_each(|event| self.handle(event));
        // Who leaves wants to hear no more rows.
        if let (Face::Lines(spoken), false) = (&mut self.face, self.leaving) {
            spoken.ask();
        }
        self.state.dirty = true;
    }

    /// How long nothing need be done: until the next deadline, or until a frame that was put off is due.
    fn wait(&self) -> Option<Duration> {
        if self.state.dirty {
            return Some(FRAME.saturating_sub(self.drawn.elapsed()));
        }
        let deadline = watch::next_deadline(&self.state)?;
        Some((deadline - chrono::Utc::now()).to_std().unwrap_or_default())
    }

    pub(super) fn handle(&mut self, event: Event) {
        let stamp = self.session.stamp();
        let mut leave = vec![];
        match &event {
            Event::Recorded(id, entries) => {
                self.learn(entries);
                leave = self.held.written(*id);
            }
            Event::Unwritten(id, _) => self.held.lost(*id),
            Event::Read(entries) if self.scribe.is_some() => {
                let begins = |entry: &Entry| matches!(entry.fact, Fact::Session(fact::Session::Started(_)));
                if entries.iter().any(begins) {
                    self.unbegun.clear();
                }
            }
            _ => {}
        }
        let batch = turn::update(&mut self.state, &stamp, event);
        self.act(leave);
        if let Some(batch) = batch {
            self.take(batch, &stamp);
        }
    }

    fn take(&mut self, batch: Batch, stamp: &crate::release::Stamp) {
        let Batch { id, notes, after, now } = batch;
        if !notes.is_empty() {
            self.held.hold(id, after);
            let inbox = self.inbox.clone();
            let Some(scribe) = &self.scribe else {
                // Without a scribe nothing is on disk, and so nothing of the batch leaves.
                let why = "the journal is not open".to_owned();
                let _ = inbox.send(Event::Unwritten(id, why));
                return;
            };
            append(scribe, self.session.envelope(stamp), notes, &self.journal, move |result| {
                let events = match result {
                    Ok(entries) => turn::in_turns(id, entries),
                    Err(why) => vec![Event::Unwritten(id, why.to_string())],
                };
                for event in events {
                    // The receiver lives as long as the loop.
                    let _ = inbox.send(event);
                }
            });
        }
        self.act(now);
    }

    fn act(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Look(keys) => self.runner.look(keys, self.state.shown()),
                Effect::Run { op, errand } => self.carry_out(op, errand),
                Effect::Probe { op, errand, since } => self.runner.probe(op, errand, since),
                Effect::Predict(generation, ask, shown) => self.runner.predict(generation, *ask, shown),
                Effect::Order(generation, ask) => self.runner.order(generation, *ask),
                Effect::Notes(generation, order) => self.runner.draft_notes(generation, *order),
                Effect::ForeseeBump(plan, bump) => self.runner.foresee_bump(plan, *bump),
                Effect::Browse(url) => self.browse(&url),
                Effect::Copy(text) => self.copy(&text),
                Effect::Edit(text) => self.lends.push(Lend::Edit(text)),
                Effect::Resolve(it, tool) => self.lends.push(Lend::Resolve(it, tool)),
                Effect::Cancel => {
                    self.awaited.iter().for_each(|(looking, _)| looking.stop());
                    self.runner.stop_looking();
                }
                Effect::Halt => self.runner.halt(),
                Effect::Fetch => self.runner.fetch_again(),
                Effect::Retry => self.reopen(),
                Effect::Suspend => self.lends.push(Lend::Shell),
                Effect::Survey => self.survey(),
                Effect::Switch(to) => self.leave_for(to),
                Effect::Quit => self.leaving = true,
                Effect::Identify => self.identify(),
                // Only a replay travels.
                Effect::Travel(_) => {}
            }
        }
    }

    pub(super) fn draw(&mut self) -> Result<(), EngineError> {
        if !self.state.dirty {
            return Ok(());
        }
        let wanted = &self.state.screen.options.theme;
        if *wanted != self.theme.0 {
            self.theme = (wanted.clone(), self.looks.theme(wanted, self.ground));
        }
        let height = view::layout::body_height(&self.state.screen);
        turn::fit(&mut self.state, height);
        self.face.show(&self.state, &self.theme.1)?;
        let title = self.title();
        if title != self.title {
            self.face.title(&title)?;
            self.title = title;
        }
        self.state.dirty = false;
        self.drawn = Instant::now();
        Ok(())
    }

    /// From the entry on that says whose token it is, entries carry that login.
    fn learn(&mut self, entries: &[Entry]) {
        for entry in entries {
            if let Fact::Session(fact::Session::Identified(Identified { login: Some(login), .. })) =
                &entry.fact
            {
                self.session.by = login.clone();
            }
        }
    }
}

//! Replay: the same screens over a cursor between the entries of a journal, and no doors. It cannot act.

use super::background::ask;
use super::cockpit::Looks;
use super::keyboard::Keyboard;
use super::system::{Signals, resized};
use super::terminal::{Screenful, guard_panics};
use super::{EngineError, entries, input};
use crate::journal::{Blobs, Source, Verdict, read_all};
use crate::release::Release;
use crate::release::ask::{Effect, To};
use crate::release::entry::{Entry, Stamp};
use crate::release::errand::Status;
use crate::release::fact::{self, Fact};
use crate::release::log::Log;
use crate::screen::timeline::{Mark, MarkKind, Timeline};
use crate::screen::{Mode, Options, Screen};
use crate::turn::{self, Event, State};
use crate::view;
use crate::view::palette::Ground;
use chrono::{DateTime, Utc};
use std::time::Duration;

/// Entries between two snapshots kept in memory, to begin with: a jump folds at most so many.
const EVERY: usize = 256;
/// Most snapshots kept. A longer journal has them further apart.
const MOST: usize = 128;
/// Parts of the strip that shows how much happened when.
const PARTS: usize = 240;
/// Idle time is compressed: playing never waits longer than this for an entry, before its speed.
const LONGEST: Duration = Duration::from_secs(2);

/// A journal, read, with snapshots to jump from.
pub struct Reel {
    entries: Vec<Entry>,
    /// Releases without their timelines, which are beginnings of `log`.
    snapshots: Vec<Release>,
    /// Entries between two snapshots.
    every: usize,
    /// The timeline of the whole journal.
    log: Log,
    marks: Vec<Mark>,
    density: Vec<u32>,
    chain: String,
    holds: bool,
}

impl Reel {
    /// Reads a journal whole; what is damaged ends it, and the chain says so.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(source: &dyn Source, blobs: Option<&Blobs>) -> std::io::Result<Self> {
        let mut reel = Self {
            entries: vec![],
            snapshots: vec![],
            every: EVERY,
            log: Log::default(),
            marks: vec![],
            density: vec![0; PARTS],
            chain: String::new(),
            holds: false,
        };
        let mut release = Release::default();
        let walked = read_all(source, &mut |line, _| {
            let entry = entries::entry(&line, blobs);
            if reel.entries.len().is_multiple_of(reel.every) {
                reel.keep(&mut release);
            }
            release.apply(&entry);
            reel.marks.extend(mark(&entry).map(|kind| Mark { seq: entry.seq, kind }));
            reel.entries.push(entry);
        })?;
        reel.log = release.log;
        reel.holds = matches!(walked.verdict, Verdict::Clean | Verdict::Torn { .. });
        reel.chain = match &walked.verdict {
            Verdict::Clean => "chain holds".to_owned(),
            other => other.to_string(),
        };
        reel.measure();
        Ok(reel)
    }

    /// Keeps a snapshot; when there are many, every second one goes.
    fn keep(&mut self, release: &mut Release) {
        let log = std::mem::take(&mut release.log);
        self.snapshots.push(release.clone());
        release.log = log;
        if self.snapshots.len() > MOST {
            let mut at = 0;
            self.snapshots.retain(|_| {
                at += 1;
                at % 2 == 1
            });
            self.every *= 2;
        }
    }

    fn measure(&mut self) {
        let Some((first, last)) = self.span() else { return };
        let whole = (last - first).num_milliseconds().max(1);
        for entry in &self.entries {
            let at = (entry.ts - first).num_milliseconds().clamp(0, whole);
            let part =
                usize::try_from(at * i64::try_from(PARTS - 1).unwrap_or(1) / whole).unwrap_or_default();
            self.density[part.min(PARTS - 1)] += 1;
        }
    }

    fn span(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let times = || self.entries.iter().map(|entry| entry.ts);
        times().min().zip(times().max())
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many entries lie before a place.
    #[must_use]
    pub fn place(&self, to: To) -> usize {
        match to {
            To::Entry(seq) => self.entries.partition_point(|entry| entry.seq <= seq),
            To::Time(time) => self.entries.iter().rposition(|entry| entry.ts <= time).map_or(0, |at| at + 1),
        }
    }

    /// The release as it was after so many entries.
    #[must_use]
    pub fn release(&self, after: usize) -> Release {
        let after = after.min(self.entries.len());
        let snapshot = (after / self.every).min(self.snapshots.len().saturating_sub(1));
        let mut release = self.snapshots.get(snapshot).cloned().unwrap_or_default();
        let known = snapshot * self.every;
        release.log.rows.extend_from_slice(&self.log.rows[..known]);
        for entry in &self.entries[known..after] {
            release.apply(entry);
        }
        release
    }

    /// Where a replay stands after so many entries.
    #[must_use]
    pub fn timeline(&self, after: usize) -> Timeline {
        let seq = |at: usize| self.entries.get(at).map_or(0, |entry| entry.seq);
        Timeline {
            at: after.checked_sub(1).map_or(0, seq),
            last: self.entries.last().map_or(0, |entry| entry.seq),
            ts: after.checked_sub(1).and_then(|at| self.entries.get(at)).map(|entry| entry.ts),
            span: self.span(),
            marks: self.marks.clone(),
            density: self.density.clone(),
            playing: false,
            speed: 1,
            chain: self.chain.clone(),
            holds: self.holds,
        }
    }

    /// How long playing waits between the entry at a place and the next, idle time compressed.
    fn gap(&self, after: usize, speed: u32) -> Duration {
        let time = |at: usize| self.entries.get(at).map(|entry| entry.ts);
        let between = after.checked_sub(1).and_then(time).zip(time(after));
        let real = between.and_then(|(from, to)| (to - from).to_std().ok()).unwrap_or_default();
        real.min(LONGEST) / speed.max(1)
    }
}

/// What makes an entry a place worth stopping at.
fn mark(entry: &Entry) -> Option<MarkKind> {
    match &entry.fact {
        Fact::Session(fact::Session::Started(_)) => Some(MarkKind::Session),
        Fact::Session(fact::Session::Refused(_)) => Some(MarkKind::Refusal),
        Fact::Checklist(fact::Checklist::Ticked(_)) | Fact::Gate(_) | Fact::Plan(fact::Plan::Accepted(_)) => {
            Some(MarkKind::Decision)
        }
        Fact::Outcome { outcome, .. } if outcome.status != Status::Ok => Some(MarkKind::Failure),
        Fact::Candidates(fact::Candidates::Tags(seen)) if seen.rows.len() == 1 => Some(MarkKind::Tag),
        _ => None,
    }
}

/// A replay while it runs.
struct Playback {
    reel: Reel,
    after: usize,
    state: State,
    /// What the terminal said of its background.
    ground: Ground,
    leaving: bool,
}

/// Shows a journal until the reviewer leaves.
///
/// # Errors
/// When the terminal cannot be used.
pub async fn run(reel: Reel, options: Options, looks: Looks) -> Result<(), EngineError> {
    guard_panics();
    let size = crossterm::terminal::size().unwrap_or((80, 24));
    let mouse = options.mouse;
    let mut screen = Screen::new(Utc::now(), size, options);
    screen.mode = Mode::Replay;
    let after = reel.len();
    let ground = Ground::Dark;
    let mut playback = Playback { reel, after, state: State::new(screen), ground, leaving: false };
    playback.travel(after);
    let mut signals = Signals::new()?;
    let mut screenful = Screenful::take(mouse, looks.depth)?;
    let mut keyboard = Keyboard::open()?;
    playback.draw(&mut screenful, &looks)?;
    if playback.state.screen.options.theme == "auto"
        && ask(&mut keyboard, looks.colorfgbg.as_deref()) == Some(true)
    {
        playback.ground = Ground::Light;
        playback.state.dirty = true;
    }
    while !playback.leaving {
        playback.draw(&mut screenful, &looks)?;
        let wait = playback.wait();
        tokio::select! {
            reported = keyboard.next() => match reported {
                Ok(report) => {
                    if let Some(event) = input::event(report, &playback.state.release, &playback.state.screen) {
                        playback.handle(event);
                    }
                }
                // The terminal is gone.
                Err(_) => break,
            },
            _ = signals.resized.recv() => playback.handle(resized(&playback.state.screen)),
            () = signals.ends.any() => break,
            () = tokio::time::sleep(wait.unwrap_or_default()), if wait.is_some() => playback.due(),
        }
    }
    Ok(())
}

impl Playback {
    /// The moment that is shown: a replay's clock stands at the entry, so that ages are as they were.
    fn stamp(&self) -> Stamp {
        let now = self.state.screen.timeline.as_ref().and_then(|it| it.ts).unwrap_or(self.state.screen.now);
        Stamp { now, mono: 0, fresh: 0 }
    }

    fn travel(&mut self, after: usize) {
        self.after = after;
        let (release, timeline) = (self.reel.release(after), self.reel.timeline(after));
        let now = timeline.ts.unwrap_or(self.state.screen.now);
        let stamp = Stamp { now, mono: 0, fresh: 0 };
        let event = Event::Travelled(Box::new(release), Box::new(timeline));
        let batch = turn::update(&mut self.state, &stamp, event);
        debug_assert!(batch.is_none(), "a journey asks for nothing");
    }

    fn handle(&mut self, event: Event) {
        let stamp = self.stamp();
        let batch = turn::update(&mut self.state, &stamp, event);
        for effect in batch.into_iter().flat_map(|batch| batch.now) {
            match effect {
                Effect::Travel(to) => self.travel(self.reel.place(to)),
                Effect::Quit => self.leaving = true,
                // There is no door in a replay: nothing else can be carried out.
                _ => {}
            }
        }
    }

    /// Until the next entry is played, or a notice goes.
    fn wait(&self) -> Option<Duration> {
        let timeline = self.state.screen.timeline.as_ref()?;
        if timeline.playing && self.after < self.reel.len() {
            return Some(self.reel.gap(self.after, timeline.speed).max(Duration::from_millis(5)));
        }
        (!self.state.screen.notices.is_empty()).then(|| Duration::from_secs(5))
    }

    fn due(&mut self) {
        let playing = self.state.screen.timeline.as_ref().is_some_and(|it| it.playing);
        if playing {
            self.travel(self.after + 1);
        } else {
            self.state.screen.notices.clear();
            self.state.dirty = true;
        }
    }

    fn draw(&mut self, screenful: &mut Screenful, looks: &Looks) -> Result<(), EngineError> {
        if !self.state.dirty {
            return Ok(());
        }
        let theme = looks.theme(&self.state.screen.options.theme, self.ground);
        let height = view::layout::body_height(&self.state.screen);
        turn::fit(&mut self.state, height);
        let State { release, screen, .. } = &self.state;
        screenful.draw(|frame| view::render(release, screen, &theme, frame))?;
        self.state.dirty = false;
        Ok(())
    }
}

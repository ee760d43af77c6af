//! What a key costs with 5,000 issues, 500 picks and 5,000 journal entries loaded, what a refresh and a part of a
//! prediction cost that a key may have to wait for, and what a resize costs: `cargo bench --bench keys`. The time is that of the thread on the
//! processor, so that a busy machine gives nearly the same figures.

mod story;

use chrono::{DateTime, TimeDelta, Utc};
use gonogo::release::ask::Effect;
use gonogo::release::branches::{Line, LineKind};
use gonogo::release::entry::{Entry, Note, Stamp};
use gonogo::release::fact::{Fact, Session};
use gonogo::release::ids::{Branch, Oid};

use gonogo::release::observe::Sighting;
use gonogo::release::picks::{Clash, Foreseen, Foresight, Pick, PickState, Predicted, QueueAsk};
use gonogo::release::text::Untrusted;
use gonogo::screen::fresh::Source;
use gonogo::screen::keys::{Code, Key};
use gonogo::screen::rows::remake;
use gonogo::screen::{Mode, Options, Screen};
use gonogo::turn::{self, Event, State};
use gonogo::view;
use gonogo::view::colour::Depth;
use gonogo::view::palette::Ground;
use gonogo::view::theme::Theme;
use ratatui::backend::{CrosstermBackend, TestBackend};
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use rustix::time::{ClockId, Timespec, clock_gettime};
use std::time::Duration;

const SIZE: (u16, u16) = (120, 36);

/// The cockpit without an engine: a clock, a ring, a screen in memory.
struct Bench {
    state: State,
    terminal: Terminal<TestBackend>,
    theme: Theme,
    now: DateTime<Utc>,
    seq: u64,
    turns: u128,
    /// What was asked of the predictor last.
    asked: Option<(u64, QueueAsk)>,
}

impl Bench {
    fn new(issues: u64) -> Result<Self, Box<dyn std::error::Error>> {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_030);
        let state = State::new(Screen::new(now, SIZE, Options::default()));
        let terminal = Terminal::new(TestBackend::new(SIZE.0, SIZE.1))?;
        let theme = Theme::built_in("dark", Depth::TrueColor, Ground::Dark);
        let mut bench = Self { state, terminal, theme, now, seq: 0, turns: 0, asked: None };
        let mut facts = story::opening()?;
        if let Fact::Session(Session::Opened(opened)) = &mut facts[0] {
            let preset = gonogo::process::PRESETS.iter().find(|(name, ..)| *name == "llama-stack");
            opened.profile = preset.map(|(_, _, text)| (*text).into());
        }
        for fact in facts {
            let entries = bench.entries(&[fact.into()]);
            bench.turn(Event::Read(entries));
        }
        bench.turn(Event::Opened(Mode::Live, None));
        let title = Untrusted::from("0.6.2");
        let chosen: Fact = gonogo::release::milestone::Chosen { title }.into();
        let entries = bench.entries(&[chosen.into()]);
        bench.turn(Event::Read(entries));
        let facts: Result<Vec<_>, _> = (0..issues).map(|at| story::fact(at).map(Note::from)).collect();
        let entries = bench.entries(&facts?);
        bench.turn(Event::Read(entries));
        bench.turn(Event::Saw(Box::new(seen(issues, 0)?), Source::Live));
        bench.turn(Event::Saw(
            Box::new(Sighting::Picks(story::repo()?, picks(issues / 10)?, vec![], None)),
            Source::Live,
        ));
        Ok(bench)
    }

    fn stamp(&mut self) -> Stamp {
        self.turns += 1;
        Stamp { now: self.now, mono: 0, fresh: self.turns << 32 }
    }

    fn entries(&mut self, notes: &[Note]) -> Vec<Entry> {
        let take = |note: &Note| {
            self.seq += 1;
            Entry {
                seq: self.seq,
                ts: self.now,
                mono: 0,
                ses: "01KAHQ8Z7V".into(),
                by: "ana-weber".into(),
                op: note.op.clone(),
                hash: [0; 8],
                fact: note.fact.clone(),
            }
        };
        notes.iter().map(take).collect()
    }

    /// A turn, and the turns that follow from what it had recorded.
    fn turn(&mut self, event: Event) {
        let stamp = self.stamp();
        let Some(batch) = turn::update(&mut self.state, &stamp, event) else { return };
        for effect in &batch.now {
            if let Effect::Predict(generation, ask, _) = effect {
                self.asked = Some((*generation, (**ask).clone()));
            }
        }
        if !batch.notes.is_empty() {
            let entries = self.entries(&batch.notes);
            self.turn(Event::Recorded(batch.id, entries));
        }
    }

    fn draw(&mut self) -> Result<(), Box<dyn std::error::Error>> {
        let height = view::layout::body_height(&self.state.screen);
        turn::fit(&mut self.state, height);
        let State { release, screen, .. } = &self.state;
        self.terminal.draw(|frame| view::render(release, screen, &self.theme, frame))?;
        Ok(())
    }

    fn key(&mut self, key: Key) -> Result<Duration, Box<dyn std::error::Error>> {
        self.drawn(Event::Key(key))
    }

    /// What a turn and its frame take.
    fn drawn(&mut self, event: Event) -> Result<Duration, Box<dyn std::error::Error>> {
        let start = Clock::start();
        self.turn(event);
        self.draw()?;
        Ok(start.elapsed())
    }

    /// What the keys of a word typed into the filter of a tab take, again and again.
    fn filter(&mut self, tab: char, times: u64, words: &[&str]) -> Result<(), Box<dyn std::error::Error>> {
        self.key(Key::char(tab))?;
        for word in words {
            let mut took = vec![];
            for _ in 0..times {
                self.key(Key::char('/'))?;
                for typed in word.chars() {
                    took.push(self.key(Key::char(typed))?);
                }
                self.key(Key::plain(Code::Esc))?;
            }
            report(&format!("a key of {word} in the filter of tab {tab}"), took);
        }
        Ok(())
    }
}

/// Pull requests proposed for the release's line, all undecided.
fn picks(count: u64) -> Result<Vec<Pick>, Box<dyn std::error::Error>> {
    let line = Branch::parse("release-0.6.x")?;
    let pick = |number| Pick {
        number,
        title: Untrusted::from(format!(
            "fix: session {number} keeps its last chunk when the proxy closes early"
        )),
        author: Some(Untrusted::from(["ana-weber", "bo-lindqvist", "faridh"][(number % 3) as usize])),
        line: line.clone(),
        label: Untrusted::from("backport-0.6"),
        state: PickState::Proposed,
        evidence: None,
        merged: None,
        at: Some(story::start() + TimeDelta::minutes(i64::try_from(number).unwrap_or_default())),
        asked: vec![],
        backport: None,
        facts: None,
        closed: false,
        notes: vec![],
    };
    Ok((1..=count).map(pick).collect())
}

/// A look at all issues, one of them changed.
fn seen(issues: u64, change: u64) -> Result<Sighting, Box<dyn std::error::Error>> {
    let changed = change * 13 % issues + 1;
    let rows = (1..=issues).map(|number| story::issue(number, if number == changed { change } else { 0 }));
    Ok(Sighting::Issues(story::repo()?, rows.collect()))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let measured = std::env::args().any(|word| word == "--bench");
    let (issues, keys) = if measured { (5_000, 2_000) } else { (50, 20) };
    let few = (keys / 40).max(1);
    let mut bench = Bench::new(issues)?;
    println!("{issues} issues, {} x {}:", SIZE.0, SIZE.1);
    // The journal shows everything, and not the deeds of people alone.
    bench.key(Key::char('8'))?;
    bench.key(Key::char('f'))?;
    for tab in ['1', '2', '3', '5', '6', '8'] {
        bench.key(Key::char(tab))?;
        let mut times = vec![];
        for at in 0..keys {
            times.push(bench.key(Key::char(if at % 200 < 100 { 'j' } else { 'k' }))?);
        }
        report(&format!("a key in tab {tab}"), times);
    }
    // A word of every title, one of none but scattered over all, one of few.
    bench.filter('2', few, &["chunk", "lstchk", "#4321"])?;
    bench.filter('5', few, &["chunk", "lstchk"])?;
    bench.filter('8', few, &["issue", "isue"])?;
    resize(&mut bench, few)?;
    bench.key(Key::char('2'))?;
    refresh(&mut bench, issues, keys / 10)?;
    predicting(&mut bench, issues / 10)
}

/// The whole queue of a line is predicted, pick by pick, while keys are pressed in its pane; a key waits for the turn of
/// the part that came before it.
fn predicting(bench: &mut Bench, picks: u64) -> Result<(), Box<dyn std::error::Error>> {
    let line = Line {
        branch: Branch::parse("release-0.6.x")?,
        kind: LineKind::Release,
        tip: Oid::parse(&"a1".repeat(20))?,
        subject: "fix: the last one".into(),
        at: bench.now,
        last_tag: None,
        ahead: None,
        behind: None,
        unreleased: None,
        commits: vec![],
        drift: vec![],
        drifting: None,
        alike: vec![],
    };
    bench.turn(Event::Saw(Box::new(Sighting::Git { lines: vec![line], tags: vec![] }), Source::Live));
    let landings = Sighting::Landings { wanted: vec![], changes: vec![], landings: vec![] };
    bench.turn(Event::Saw(Box::new(landings), Source::Live));
    bench.key(Key::char('5'))?;
    let (generation, ask) = bench.asked.clone().ok_or("nothing is predicted")?;
    assert_eq!(ask.queue.len() as u64, picks, "all picks are queued");
    let (mut parts, mut keys) = (vec![], vec![]);
    for (at, (pick, _)) in ask.queue.iter().enumerate() {
        let clash = Clash {
            path: "src/session.rs".into(),
            kind: "content".into(),
            hunks: Some(2),
            shown: vec![],
            recorded: false,
        };
        let conflict = Foreseen::Conflict { files: vec![clash], more: 0 };
        let verdict = if at % 5 == 4 { conflict } else { Foreseen::Clean };
        let part = Foresight {
            line: ask.line.clone(),
            tip: ask.tip,
            tier: "git".into(),
            rows: vec![Predicted { pick: pick.clone(), verdict, tree: None, remedy: None }],
            done: at + 1,
            whole: None,
        };
        let start = Clock::start();
        bench.turn(Event::Foresaw(generation, Box::new(part)));
        let waited = start.elapsed();
        parts.push(waited);
        keys.push(waited + bench.key(Key::char(if at % 200 < 100 { 'j' } else { 'k' }))?);
    }
    report("a part of a prediction", parts);
    report("a key while all picks are predicted", keys);
    Ok(())
}

/// The terminal is drawn at another size: the turn, the frame, and its bytes.
fn resize(bench: &mut Bench, times: u64) -> Result<(), Box<dyn std::error::Error>> {
    for tab in ['1', '2', '8'] {
        bench.key(Key::char(tab))?;
        for (columns, rows) in [(1, 1), (300, 100), (80, 24), SIZE] {
            let mut took = vec![];
            for _ in 0..times {
                let mut out = fixed(columns, rows)?;
                let start = Clock::start();
                bench.turn(Event::Resize(columns, rows));
                let height = view::layout::body_height(&bench.state.screen);
                turn::fit(&mut bench.state, height);
                let State { release, screen, .. } = &bench.state;
                out.draw(|frame| view::render(release, screen, &bench.theme, frame))?;
                took.push(start.elapsed());
            }
            report(&format!("tab {tab} at {columns} x {rows}"), took);
        }
    }
    Ok(())
}

/// A terminal in memory that takes the bytes a real one would get.
fn fixed(columns: u16, rows: u16) -> std::io::Result<Terminal<CrosstermBackend<Vec<u8>>>> {
    let area = Rect::new(0, 0, columns, rows);
    Terminal::with_options(
        CrosstermBackend::new(Vec::new()),
        TerminalOptions { viewport: Viewport::Fixed(area) },
    )
}

/// Time of this thread on the processor.
struct Clock(Timespec);

impl Clock {
    fn start() -> Self {
        Self(clock_gettime(ClockId::ThreadCPUTime))
    }

    fn elapsed(&self) -> Duration {
        Duration::try_from(clock_gettime(ClockId::ThreadCPUTime) - self.0).unwrap_or_default()
    }
}

/// Sightings arrive between keys; a key waits for the turn that is under way.
fn refresh(bench: &mut Bench, issues: u64, looks: u64) -> Result<(), Box<dyn std::error::Error>> {
    let (mut turns, mut keys, mut rows) = (vec![], vec![], vec![]);
    for change in 1..=looks {
        // The sighting is made before the clock starts: in the cockpit a task makes it.
        let event = Event::Saw(Box::new(seen(issues, change)?), Source::Live);
        let start = Clock::start();
        bench.turn(event);
        turns.push(start.elapsed());
        for _ in 0..9 {
            keys.push(bench.key(Key::char('j'))?);
        }
        let waited = turns.last().copied().unwrap_or_default();
        keys.push(waited + bench.key(Key::char('k'))?);
        let State { release, screen, .. } = &mut bench.state;
        let start = Clock::start();
        remake(screen, release);
        rows.push(start.elapsed());
    }
    report("a look at all issues, one changed", turns);
    report("a key while looks arrive", keys);
    report("rows of all tabs made anew", rows);
    Ok(())
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let ms = |part: usize| times[(times.len() - 1) * part / 100].as_secs_f64() * 1e3;
    println!("  {what:40} p50 {:7.3} ms  p99 {:7.3} ms", ms(50), ms(99));
}

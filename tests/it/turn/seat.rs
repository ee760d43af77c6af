//! Somebody at the keys: a state, a clock that stands still until told, and a scribe that writes when told.

use crate::release::ground::{Book, issue, labelled};
use chrono::{DateTime, TimeDelta, Utc};
use gonogo::release::ask::Effect;
use gonogo::release::picks::Board;
use gonogo::release::{Entry, Fact, Pane, Stamp};
use gonogo::screen::dialog::Dialog;
use gonogo::screen::keys::parse;
use gonogo::screen::rows::RowId;
use gonogo::screen::{Mode, Options, Screen};
use gonogo::turn::{Batch, Event, State, update};

#[derive(Clone)]
pub struct Seat {
    pub state: State,
    pub now: DateTime<Utc>,
    /// What is on disk.
    pub entries: Vec<Entry>,
    /// What left.
    pub out: Vec<Effect>,
    /// What the scribe holds.
    pub held: Option<Batch>,
    turns: u128,
}

impl Seat {
    /// At work on a release of which everything was read, with some issues.
    pub fn new() -> Self {
        Self::with(Options::default(), Mode::Live)
    }

    pub fn with(options: Options, mode: Mode) -> Self {
        let mut book = Book::read();
        book.issues(vec![labelled(20, &["blocker"]), issue(21), issue(22), issue(23), issue(24)]);
        Self::on(&book, options, mode)
    }

    pub fn on(book: &Book, options: Options, mode: Mode) -> Self {
        let screen = Screen::new(book.now, (120, 36), options);
        let mut seat = Self {
            state: State::new(screen),
            now: book.now,
            entries: book.entries.clone(),
            out: vec![],
            held: None,
            turns: 0,
        };
        seat.event(Event::Read(book.entries.clone()));
        seat.event(Event::Opened(mode, None));
        seat.out.clear();
        seat
    }

    pub fn event(&mut self, event: Event) {
        self.turns += 1;
        let stamp = Stamp { now: self.now, mono: 0, fresh: self.turns << 16 };
        let batch = update(&mut self.state, &stamp, event);
        // What is kept of all picks of a line is what would be made of them now.
        let picks = &self.state.shown().picks;
        for line in picks.lines() {
            assert_eq!(*picks.board(line), Board::of(picks, line), "the board of {}", line.as_str());
        }
        let Some(batch) = batch else { return };
        self.out.extend(batch.now.iter().cloned());
        if !batch.notes.is_empty() {
            assert!(self.held.is_none(), "a second batch is written while the first is on its way");
            self.held = Some(batch);
        }
    }

    /// Presses keys, written as in the configuration: `j`, `gj`, `ctrl-d`.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for key in parse(keys).unwrap() {
            self.event(Event::Key(key));
        }
        self
    }

    /// Types a text.
    pub fn typed(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.event(Event::Key(gonogo::screen::keys::Key::char(c)));
        }
        self
    }

    /// The scribe has written what it holds; what waits may follow.
    pub fn wrote(&mut self) -> &mut Self {
        let (id, entries) = self.on_disk();
        self.event(Event::Recorded(id, entries));
        self
    }

    /// The scribe has written what it holds, and the ring does not know it yet: the batch and its entries.
    pub fn on_disk(&mut self) -> (u64, Vec<Entry>) {
        let batch = self.held.take().expect("the scribe holds nothing");
        let entries: Vec<Entry> = batch
            .notes
            .iter()
            .zip(self.entries.len() as u64 + 1..)
            .map(|(note, seq)| Entry {
                seq,
                ts: self.now,
                mono: seq,
                ses: "s1".into(),
                by: "ann".into(),
                op: note.op.clone(),
                hash: [0; 8],
                fact: Fact::read(&note.fact.kind(), note.fact.body().get()).unwrap(),
            })
            .collect();
        self.entries.extend(entries.iter().cloned());
        self.out.extend(batch.after);
        (batch.id, entries)
    }

    /// The scribe could not write.
    pub fn failed(&mut self) -> &mut Self {
        let batch = self.held.take().expect("the scribe holds nothing");
        self.event(Event::Unwritten(batch.id, "the disk is full".into()));
        self
    }

    /// The scribe writes until it holds nothing.
    pub fn settle(&mut self) -> &mut Self {
        while self.held.is_some() {
            self.wrote();
        }
        self
    }

    pub fn wait(&mut self, seconds: i64) -> &mut Self {
        self.now += TimeDelta::seconds(seconds);
        self
    }

    /// The kinds that are on disk after the first so many.
    pub fn kinds(&self, after: usize) -> Vec<String> {
        self.entries[after..].iter().map(|it| it.fact.kind().into_owned()).collect()
    }

    /// The kinds that the scribe holds.
    pub fn held(&self) -> Vec<String> {
        self.held.iter().flat_map(|it| &it.notes).map(|it| it.fact.kind().into_owned()).collect()
    }

    pub fn cursor(&self) -> Option<&RowId> {
        self.state.screen.list().cursor.as_ref()
    }

    pub fn put(&mut self, id: &RowId) -> &mut Self {
        assert!(self.state.screen.list_mut().go_to(id), "no such row: {id:?}");
        self
    }

    pub fn tab(&self) -> Pane {
        self.state.screen.tab
    }

    pub fn dialog(&self) -> Option<&Dialog> {
        self.state.screen.dialogs.last()
    }

    pub fn notices(&self) -> String {
        let texts: Vec<_> = self.state.screen.notices.iter().map(|it| it.text.as_str()).collect();
        texts.join(" | ")
    }

    /// The refusal that the topmost dialog shows.
    pub fn refusal(&self) -> Option<&str> {
        match self.dialog() {
            Some(Dialog::Prompt { refusal, .. } | Dialog::Plan { refusal, .. }) => refusal.as_deref(),
            _ => None,
        }
    }

    /// Errands that left.
    pub fn ran(&self) -> usize {
        self.out.iter().filter(|it| matches!(it, Effect::Run { .. })).count()
    }
}

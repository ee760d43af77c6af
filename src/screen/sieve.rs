//! The filter of a list: the rows whose words fit what is typed, the best match first.

use super::Screen;
use super::rows::{self, Group, Row};
use crate::release::ids::Branch;
use crate::release::{Pane, Release};
use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use std::cmp::Reverse;

/// What a filter found, kept between keys: a query that only grew is looked for among what fitted before.
#[derive(Debug, Clone)]
pub struct Sieve {
    of: Of,
    groups: Vec<Group>,
    query: String,
    found: Vec<Found>,
    /// Whether the rows of the list are those that were found last.
    shown: bool,
}

/// What the rows were made of: with the same of all this they would be made the same again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Of {
    tab: Pane,
    pub(super) revision: u64,
    order: u8,
    preset: u8,
    branch: Option<Branch>,
    matrix: bool,
}

/// A row that fits: how well, in which group, at which place of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Found {
    score: u32,
    group: usize,
    at: usize,
}

impl Found {
    fn place(&self) -> (usize, usize) {
        (self.group, self.at)
    }
}

impl Of {
    /// What the rows of a tab would be made of now.
    pub fn now(screen: &Screen, release: &Release, tab: Pane) -> Self {
        let list = screen.list_of(tab);
        Self {
            tab,
            revision: release.revision,
            order: list.order,
            preset: list.preset,
            branch: screen.branch.clone(),
            matrix: screen.matrix && tab == Pane::Picks,
        }
    }
}

impl Sieve {
    /// A sieve through which nothing went yet.
    pub(super) fn new(of: Of, groups: Vec<Group>) -> Self {
        Self { of, groups, query: String::new(), found: Vec::new(), shown: false }
    }

    /// Whether its rows would be made the same again.
    pub(super) fn is_of(&self, of: &Of) -> bool {
        self.of == *of
    }

    /// How many rows there are without the filter.
    pub(super) fn all(&self) -> usize {
        self.groups.iter().map(Group::count).sum()
    }

    /// Says that the list shows something else than what was found last.
    pub(super) fn unshown(&mut self) {
        self.shown = false;
    }

    /// Finds what fits a query, the best match first. Says whether the rows are others than those that are shown, or
    /// stand in another order.
    pub(super) fn find(&mut self, query: &str) -> bool {
        let before: Vec<_> = self.found.iter().map(Found::place).collect();
        let groups = &self.groups;
        let mut query_of = Query::new(query);
        let mut score = |group: usize, at: usize| query_of.score(groups[group].words(at));
        if narrows(&self.query, query) {
            self.found.retain_mut(|it| {
                let fits = score(it.group, it.at);
                it.score = fits.unwrap_or(0);
                fits.is_some()
            });
        } else {
            self.found.clear();
            for (group, rows) in groups.iter().enumerate() {
                let fits = (0..rows.rows.len())
                    .filter_map(|at| score(group, at).map(|score| Found { score, group, at }));
                self.found.extend(fits);
            }
        }
        query.clone_into(&mut self.query);
        let apart = self.is_apart();
        self.found.sort_unstable_by_key(|it| {
            (if apart { it.group } else { 0 }, Reverse(it.score), it.group, it.at)
        });
        let same = self.shown && before.iter().copied().eq(self.found.iter().map(Found::place));
        self.shown = true;
        !same
    }

    /// The poll stays above what blocks, each for itself.
    fn is_apart(&self) -> bool {
        self.of.tab == Pane::Overview
    }

    /// The rows that fit. Headings are away and the best match of all is first, as people know it from fzf; what
    /// fits equally well stays in the order of the list.
    pub(super) fn rows(&self) -> Vec<Row> {
        let apart = self.is_apart();
        let mut out = Vec::with_capacity(self.found.len() + 1);
        let mut headed = None;
        for it in &self.found {
            let group = &self.groups[it.group];
            if apart && headed != Some(it.group) && !group.text.is_empty() {
                let count = self.found.iter().filter(|other| other.group == it.group).count();
                out.push(rows::heading(group, count, false));
            }
            headed = Some(it.group);
            out.push(group.rows[it.at].clone());
        }
        out
    }
}

/// A query, ready to be looked for.
struct Query {
    /// Its words as they are scored: as they stand in a text where they do.
    words: Vec<(Atom, Option<Atom>)>,
    matcher: Matcher,
    buffer: Vec<char>,
}

impl Query {
    fn new(query: &str) -> Self {
        let pattern = Pattern::parse(query, CaseMatching::Smart, Normalization::Smart);
        let words = pattern.atoms.into_iter().map(|word| {
            let mut whole = (word.kind == AtomKind::Fuzzy).then(|| word.clone());
            whole.iter_mut().for_each(|whole| whole.kind = AtomKind::Substring);
            (word, whole)
        });
        Self { words: words.collect(), matcher: Matcher::new(Config::DEFAULT), buffer: Vec::new() }
    }

    /// How well a text fits, none when it does not. A word that stands in the text as it was typed is scored as it
    /// stands there: that is what was meant, and a scattered match is much dearer to find.
    fn score(&mut self, text: &str) -> Option<u32> {
        let text = Utf32Str::new(text, &mut self.buffer);
        let mut sum = 0;
        for (word, whole) in &self.words {
            let found = whole.as_ref().and_then(|whole| whole.score(text, &mut self.matcher));
            sum += u32::from(found.or_else(|| word.score(text, &mut self.matcher))?);
        }
        Some(sum)
    }
}

/// Whether all that fits a query also fits the one before, so that nothing else need be looked at. That is so when
/// it only grew, but for signs that mean something else once more is typed: `!` (not), `$` (the end), `\`.
fn narrows(before: &str, query: &str) -> bool {
    !before.is_empty() && query.starts_with(before) && !before.contains('!') && !before.ends_with(['$', '\\'])
}

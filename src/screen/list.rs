//! A list: rows by id, a cursor that stays on its id, marks, a filter.

use super::rows::{Row, RowId};
use super::sieve::Of;
use std::collections::{BTreeSet, HashSet};

/// A list and where the manager is in it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct List {
    /// Rows that the filter lets through, in order; folded groups show their heading alone.
    pub rows: Vec<Row>,
    /// How many rows there are without the filter.
    pub all: usize,
    /// The row that the cursor is on.
    pub cursor: Option<RowId>,
    /// First row shown.
    pub top: usize,
    /// Marked rows.
    pub marks: BTreeSet<RowId>,
    /// Where a range of marks began.
    pub anchor: Option<RowId>,
    /// The filter as typed.
    pub filter: String,
    /// Whether the filter is being typed.
    pub typing: bool,
    /// Groups that are folded, or unfolded against their default.
    pub toggled: BTreeSet<String>,
    /// The order chosen with `s`, counted through.
    pub order: u8,
    /// The preset chosen with `f`, counted through.
    pub preset: u8,
    /// Rows that came in since the cursor last moved.
    pub fresh: BTreeSet<RowId>,
    /// What the rows were made of, none when they are to be made anew.
    pub(crate) made: Option<Of>,
    /// The list before the batch that is only taken in in part, none when the rows are those of a whole batch.
    before: Option<Before>,
    /// Where the cursor was found last: most rows are not looked at to find it there again.
    hint: usize,
}

/// A list as it was before a batch that is only taken in in part.
#[derive(Debug, Clone, PartialEq)]
struct Before {
    rows: Vec<Row>,
    cursor: Option<RowId>,
    /// Where the part left the cursor; a person may have moved it since.
    left: Option<RowId>,
}

impl List {
    /// Whether a filter is set.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        !self.filter.is_empty()
    }

    /// Place of the cursor among the rows.
    #[must_use]
    pub fn position(&self) -> Option<usize> {
        let cursor = self.cursor.as_ref()?;
        let here = |at: &usize| self.rows.get(*at).is_some_and(|row| row.id == *cursor);
        Some(self.hint).filter(here).or_else(|| self.rows.iter().position(|row| row.id == *cursor))
    }

    /// Takes in rows of a release that changed. The cursor stays on its id; when that is gone it goes to the row that
    /// took its place. What came in is news.
    pub fn set(&mut self, rows: Vec<Row>, all: usize) {
        self.take_back();
        let (old, new) = middles(&self.rows, &rows);
        // What the list began with is not news.
        if self.rows.iter().any(|row| row.id.is_news()) {
            let known: HashSet<&RowId> = old.iter().map(|row| &row.id).collect();
            let new = new.iter().filter(|row| row.id.is_news() && !known.contains(&row.id));
            self.fresh.extend(new.map(|row| row.id.clone()));
        }
        let before = self.position().unwrap_or(0);
        self.take(rows, all, before);
    }

    /// Takes in rows of a release that took in a part of a batch. Nothing is news before the whole of it is there, and
    /// what the cursor follows is the row that it was on before.
    pub(crate) fn set_part(&mut self, rows: Vec<Row>, all: usize) {
        self.take_back();
        let before = self.position().unwrap_or(0);
        let (old, cursor) = (std::mem::take(&mut self.rows), self.cursor.clone());
        self.take(rows, all, before);
        self.before = Some(Before { rows: old, cursor, left: self.cursor.clone() });
    }

    /// Whether a batch is only taken in in part.
    pub(crate) fn is_partial(&self) -> bool {
        self.before.is_some()
    }

    /// Makes the list what it was before a part of a batch; a cursor that was moved since stays where it is.
    fn take_back(&mut self) {
        if let Some(before) = self.before.take() {
            self.rows = before.rows;
            if self.cursor == before.left {
                self.cursor = before.cursor;
            }
        }
    }

    /// What a filter or a fold hid in mid-batch is no news when the rest of the batch comes in.
    fn uncover(&mut self, rows: &[Row]) {
        let begun = |before: &&mut Before| before.rows.iter().any(|row| row.id.is_news());
        if let Some(before) = self.before.as_mut().filter(begun) {
            let shown: HashSet<&RowId> = self.rows.iter().map(|row| &row.id).collect();
            before.rows.extend(rows.iter().filter(|row| !shown.contains(&row.id)).cloned());
        }
    }

    /// Takes in the same rows shown otherwise: filtered, folded, in another order. The cursor stays on its id; when
    /// that is hidden it goes to the first row, which is the best match of a filter.
    pub fn show(&mut self, rows: Vec<Row>, all: usize) {
        self.uncover(&rows);
        let before = if self.filter.is_empty() { self.position().unwrap_or(0) } else { 0 };
        self.take(rows, all, before);
    }

    fn take(&mut self, rows: Vec<Row>, all: usize, before: usize) {
        self.rows = rows;
        self.all = all;
        self.marks.retain(|id| id.is_item());
        if self.position().is_none() {
            let at = before.min(self.rows.len().saturating_sub(1));
            let next = self.rows.iter().skip(at).find(|row| row.id.is_item());
            let next = next.or_else(|| self.rows.iter().rev().find(|row| row.id.is_item()));
            self.cursor = next.or(self.rows.first()).map(|row| row.id.clone());
        }
        self.hint = self.position().unwrap_or(0);
    }

    /// Moves the cursor by so many rows, and stays inside.
    pub fn step(&mut self, by: isize) {
        let Some(last) = self.rows.len().checked_sub(1) else { return };
        let at = self.position().unwrap_or(0);
        self.go(at.saturating_add_signed(by).min(last));
    }

    /// Puts the cursor on the row at a place.
    pub fn go(&mut self, at: usize) {
        if let Some(row) = self.rows.get(at) {
            self.cursor = Some(row.id.clone());
            self.hint = at;
            self.fresh.remove(&row.id);
        }
    }

    /// Puts the cursor on a row by its id.
    pub fn go_to(&mut self, id: &RowId) -> bool {
        let at = self.rows.iter().position(|row| row.id == *id);
        if let Some(at) = at {
            self.go(at);
        }
        at.is_some()
    }

    /// Moves to the next heading (or the one before).
    pub fn section(&mut self, forward: bool) {
        let at = self.position().unwrap_or(0);
        let heading = |row: &Row| !row.id.is_item();
        let next = if forward {
            self.rows.iter().enumerate().skip(at + 1).find(|(_, row)| heading(row)).map(|(at, _)| at)
        } else {
            self.rows.iter().enumerate().take(at).rev().find(|(_, row)| heading(row)).map(|(at, _)| at)
        };
        if let Some(next) = next {
            self.go(next);
        }
    }

    /// Scrolls so that the cursor is among `height` rows, with one row of margin where there is room.
    pub fn scroll(&mut self, height: usize) {
        let Some(at) = self.position() else {
            self.top = 0;
            return;
        };
        let height = height.max(1);
        let margin = usize::from(height > 4);
        if at < self.top + margin {
            self.top = at.saturating_sub(margin);
        } else if at + margin >= self.top + height {
            self.top = at + margin + 1 - height;
        }
        self.top = self.top.min(self.rows.len().saturating_sub(height));
    }

    /// The marked rows in order, or the row under the cursor when none is marked. While every marked row is hidden,
    /// by a filter or because it is gone, nothing is chosen: never a row that nobody meant.
    #[must_use]
    pub fn chosen(&self) -> Vec<RowId> {
        if self.marks.is_empty() {
            return self.cursor.iter().filter(|id| id.is_item()).cloned().collect();
        }
        self.rows.iter().filter(|row| self.marks.contains(&row.id)).map(|row| row.id.clone()).collect()
    }

    /// Marks from where the range began to the cursor.
    pub fn mark_range(&mut self) {
        let anchor = self.anchor.take();
        let from = anchor.and_then(|id| self.rows.iter().position(|row| row.id == id));
        match (from, self.position()) {
            (Some(from), Some(to)) => {
                let range = from.min(to)..=from.max(to);
                let ids = self.rows[range].iter().filter(|row| row.id.is_item()).map(|row| row.id.clone());
                self.marks.extend(ids.collect::<Vec<_>>());
            }
            _ => self.anchor.clone_from(&self.cursor),
        }
    }
}

/// What differs between two lists of rows: without what they begin and end with alike.
fn middles<'a>(old: &'a [Row], new: &'a [Row]) -> (&'a [Row], &'a [Row]) {
    let same = |(a, b): &(&Row, &Row)| a.id == b.id;
    let start = old.iter().zip(new).take_while(same).count();
    let (old, new) = (&old[start..], &new[start..]);
    let end = old.iter().rev().zip(new.iter().rev()).take_while(same).count();
    (&old[..old.len() - end], &new[..new.len() - end])
}

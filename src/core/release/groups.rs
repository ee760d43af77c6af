//! Rows of an observation in groups that fit a line of the journal.

use serde::Serialize;

/// Largest body of an observation, in bytes: a line is at most 64 KiB, and a reader pages by lines.
pub(super) const BODY: usize = 30 * 1024;

/// Rows in groups whose JSON fits a body.
pub(super) fn groups<T: Serialize>(rows: Vec<T>) -> Vec<Vec<T>> {
    groups_by(rows, json_size)
}

/// Bytes of a row as JSON, with a comma.
pub(super) fn json_size<T: Serialize>(row: &T) -> usize {
    serde_json::to_string(row).map_or(0, |json| json.len() + 1)
}

/// The same with sizes from a function: they may be a little off: a line may be twice as long as a body is meant to be.
pub(super) fn groups_by<T>(rows: Vec<T>, size_of: impl Fn(&T) -> usize) -> Vec<Vec<T>> {
    let mut groups = vec![];
    let mut group = vec![];
    let mut size = 0;
    for row in rows {
        let len = size_of(&row);
        if size + len > BODY && !group.is_empty() {
            groups.push(std::mem::take(&mut group));
            size = 0;
        }
        size += len;
        group.push(row);
    }
    if !group.is_empty() {
        groups.push(group);
    }
    groups
}

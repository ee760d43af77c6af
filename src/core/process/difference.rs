//! What differs between two processes, in words.

use super::Process;

/// What a second process has that the first has not, lacks that it has, and has otherwise: a sentence each, by the
/// tables of the file. The words are the files' own and not safe to show.
#[must_use]
pub fn differences(before: &Process, after: &Process) -> Vec<String> {
    let mut found = vec![];
    if before.name != after.name {
        found.push(format!("the process is {}, and was {}", after.name, before.name));
    }
    rows(&mut found, "gate", &before.gates, &after.gates, |it| &it.id);
    let items = |process: &Process| process.items().map(|(_, item)| item.clone()).collect::<Vec<_>>();
    rows(&mut found, "item", &items(before), &items(after), |it| &it.id);
    let bare = |process: &Process| {
        let bare = |stage: &super::Stage| super::Stage { items: vec![], ..stage.clone() };
        process.stages.iter().map(bare).collect::<Vec<_>>()
    };
    rows(&mut found, "stage", &bare(before), &bare(after), |it| &it.id);
    rows(&mut found, "stream", &before.streams, &after.streams, |it| &it.id);
    rows(&mut found, "role", &before.roles, &after.roles, |it| &it.id);
    rows(&mut found, "group", &before.groups, &after.groups, |it| &it.id);
    let tables = [
        ("[branches]", before.branches == after.branches),
        ("[version]", before.version == after.version),
        ("[support]", before.support == after.support),
        ("[calendar]", before.calendar == after.calendar),
        ("[milestone]", before.milestone == after.milestone),
        ("[labels]", before.labels == after.labels),
        ("[features]", before.features == after.features),
        ("[[trackers]]", before.trackers == after.trackers),
        ("[picks]", before.picks == after.picks),
        ("[hotfix]", before.hotfix == after.hotfix),
        ("[ci]", before.ci == after.ci),
        ("[[signoffs]]", before.signoffs == after.signoffs),
        ("[[reports]]", before.reports == after.reports),
        ("[[artifacts]]", before.artifacts == after.artifacts),
        ("[[channels]]", before.channels == after.channels),
        ("[[announcements]]", before.announcements == after.announcements),
        ("[[parties]]", before.parties == after.parties),
        ("[notes]", before.notes == after.notes),
        ("[rollback]", before.rollback == after.rollback),
        ("[[meetings]]", before.meetings == after.meetings),
        ("[[metrics]]", before.metrics == after.metrics),
    ];
    found.extend(tables.iter().filter(|(_, same)| !same).map(|(name, _)| format!("{name} is changed")));
    found
}

/// Rows added, removed and changed, by their ids.
fn rows<T: PartialEq>(
    found: &mut Vec<String>,
    noun: &str,
    before: &[T],
    after: &[T],
    id: impl Fn(&T) -> &str,
) {
    for row in after {
        match before.iter().find(|it| id(it) == id(row)) {
            None => found.push(format!("{noun} {} is new", id(row))),
            Some(known) if known != row => found.push(format!("{noun} {} is changed", id(row))),
            Some(_) => {}
        }
    }
    let gone = before.iter().filter(|row| after.iter().all(|it| id(it) != id(row)));
    found.extend(gone.map(|row| format!("{noun} {} is gone", id(row))));
}

//! The changes of a file on one side of the history, followed across its renames.

use super::desk::{Asked, Desk, Former};
use super::sketch::name;
use super::touch::Side;
use super::trace::Step;
use crate::order::Order as _;
use crate::release::ids::Oid;
use std::sync::Arc;

/// Versions of a file that are followed.
pub(super) const VERSIONS: usize = 24;
/// Files of the same commit that are compared to find what a file was called before.
const RENAMED: usize = 8;

/// The changes of a file that lead to a text of it and are older than a commit, the newest first, also from before it
/// was renamed; and whether there are more.
pub(super) fn lineage(
    desk: &mut Desk,
    side: &Side,
    of: Oid,
    path: &str,
    blob: Option<Oid>,
) -> Asked<(Vec<Step>, bool)> {
    let own = side.place(of);
    let (mut path, mut steps): (Arc<str>, Vec<Step>) = (path.into(), vec![]);
    // What a pick did itself is in its way in no case, nor is what came later.
    let is_older = |step: &&Step| step.commit != of && side.place(step.commit) <= own;
    let newest = side.steps(&path).iter().find(is_older);
    if newest.is_none_or(|step| step.new.is_none())
        && let Some(other) = blob.and_then(|blob| side.holding(blob))
    {
        path = other;
    }
    let mut last = None;
    loop {
        let before = |step: &&Step| last.is_none_or(|last| side.place(step.commit) < side.place(last));
        let older: Vec<Step> =
            side.steps(&path).iter().filter(|it| is_older(it) && before(it)).copied().collect();
        let Some(made) = older.iter().position(|step| step.old.is_none()) else {
            steps.extend(older);
            break;
        };
        steps.extend(&older[..made]);
        let (made, is_last) = (older[made], steps.len() >= VERSIONS);
        match if is_last { None } else { renamed(desk, side, &path, made)? } {
            Some((from, old)) => {
                steps.push(Step { old: Some(old), ..made });
                (path, last) = (from, Some(made.commit));
            }
            None => {
                steps.push(made);
                break;
            }
        }
    }
    let more = steps.len() > VERSIONS;
    steps.truncate(VERSIONS);
    Ok((steps, more))
}

/// What a file that a commit made was before, under another name.
pub(super) fn renamed(desk: &mut Desk, side: &Side, path: &Arc<str>, made: Step) -> Asked<Option<Former>> {
    let key = (made.commit, path.clone());
    if let Some(known) = desk.renames.get(&key) {
        return Ok(known.clone());
    }
    let found = renamed_from(desk, side, path, made)?;
    desk.renames.insert(key, found.clone());
    Ok(found)
}

fn renamed_from(desk: &mut Desk, side: &Side, path: &str, made: Step) -> Asked<Option<Former>> {
    let Some(new) = made.new else { return Ok(None) };
    let with = side.changes(made.commit).unwrap_or_default();
    let mut gone: Vec<(Arc<str>, Oid)> = with
        .iter()
        .filter(|it| it.new.is_none() && it.plain)
        .filter_map(|it| Some((it.path.clone(), it.old?)))
        .collect();
    gone.order_by_key(|(other, old)| (*old != new, name(other) != name(path)));
    gone.truncate(RENAMED);
    if let Some((other, old)) = gone.first().filter(|(_, old)| *old == new) {
        return Ok(Some((other.clone(), *old)));
    }
    desk.ahead(gone.iter().map(|(_, old)| *old).chain([new]))?;
    for (other, old) in gone {
        if desk.is_akin(old, new)? {
            return Ok(Some((other, old)));
        }
    }
    Ok(None)
}

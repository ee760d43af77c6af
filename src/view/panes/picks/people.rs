//! Who made a pick, where, and since when.

use crate::release::Release;
use crate::release::ids::Branch;
use crate::release::picks::{Asked, PickKey};
use crate::screen::Screen;
use crate::view::ink::Ink;

/// Who wrote it, when it came to the trunk, who approved it.
pub(super) fn people(release: &Release, screen: &Screen, ink: &Ink, key: &PickKey, on: &Branch) -> String {
    let picks = &release.picks;
    let mut said = vec![];
    said.extend(picks.author(key, on).map(|it| format!("by {}", ink.private(&it.line()))));
    let merged = picks.commit(key, on).is_some();
    let wanted = picks.wanted.get(&(key.clone(), on.clone()));
    let made_on = wanted.and_then(|it| match &it.asked {
        Asked::Forward { from } if !picks.pulls.contains_key(&(key.clone(), on.clone())) => {
            Some((from, it.at))
        }
        _ => None,
    });
    if let Some((from, at)) = made_on {
        let age = crate::screen::fresh::age(screen.now, at);
        said.push(format!("made on {} {age} ago, not on the trunk", from.line()));
        return said.join(" · ");
    }
    said.push(match (merged, picks.merged_at(key, on)) {
        (true, Some(at)) => format!("on the trunk for {}", crate::screen::fresh::age(screen.now, at)),
        (true, None) => "on the trunk".to_owned(),
        (false, _) => "not merged on the trunk".to_owned(),
    });
    let facts = picks.pulls.get(&(key.clone(), on.clone())).and_then(|pull| pull.facts.as_ref());
    if let Some(facts) = facts {
        let people: Vec<_> = facts.approved_by.iter().map(|it| ink.private(&it.line())).collect();
        if !people.is_empty() {
            said.push(format!("approved by {}", people.join(", ")));
        }
    }
    said.join(" · ")
}

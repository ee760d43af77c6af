//! The releases of a set in words: for their overview, for those who listen, and for scripts.

use super::ink::Sign;
use crate::release::log::plural;
use crate::release::set::Standing;
use crate::release::text::Untrusted;
use crate::screen::fresh::ago;
use crate::screen::set::{Member, Row, Stand};
use chrono::{DateTime, Utc};

/// What stands in a row's column of the poll: a sign, its word, and why.
#[must_use]
pub fn poll(row: &Row) -> (Sign, &'static str, String) {
    match row.member.as_deref().map(|member| &member.stand) {
        None => (Sign::Waiting, "", "its journal is being read".to_owned()),
        Some(Stand::Unread(why)) => (Sign::Risk, "", format!("its journal cannot be read: {why}")),
        Some(Stand::Unopened(_)) => (Sign::Waiting, "", "not opened yet".to_owned()),
        Some(Stand::Known(it)) if it.given_up.is_some() => {
            let why = it.given_up.as_ref().map(Untrusted::line).unwrap_or_default();
            (Sign::Skipped, "given up", why)
        }
        Some(Stand::Known(it)) => (Sign::of_verdict(it.verdict), it.verdict.word(), first(it)),
    }
}

/// What blocks first, and how much more.
fn first(it: &Standing) -> String {
    match (&it.blocked, it.blockers) {
        (None, _) => String::new(),
        (Some(first), 0 | 1) => first.clone(),
        (Some(first), all) => format!("{first}, and {} more", all - 1),
    }
}

/// What is cut of it: the final version, else the last candidate.
#[must_use]
pub fn cut(it: &Standing) -> String {
    match (&it.out, &it.candidate) {
        (Some(_), _) => "final".to_owned(),
        (None, Some(tag)) => tag.line(),
        (None, None) => "no candidate".to_owned(),
    }
}

/// How many picks are left.
#[must_use]
pub fn picks(it: &Standing) -> String {
    match it.picks {
        None => "picks not read".to_owned(),
        Some(0) => "no picks left".to_owned(),
        Some(left) => format!("{left} {} left", plural(left, "pick")),
    }
}

/// How old is what is known of it.
#[must_use]
pub fn known(row: &Row, now: DateTime<Utc>) -> String {
    if row.here && row.seen.is_none() {
        return "reading".to_owned();
    }
    match (row.member.as_deref().map(|member| &member.stand), row.seen) {
        (Some(Stand::Unopened(since)), _) => {
            since.map_or_else(|| "never read".to_owned(), |since| format!("set {}", ago(now, since)))
        }
        (_, Some(at)) => ago(now, at),
        (None | Some(Stand::Unread(_) | Stand::Known(_)), None) => "not read".to_owned(),
    }
}

/// What is known beside the poll: the line, the picks, what stands in the way.
#[must_use]
pub fn beside(row: &Row) -> String {
    let stand = row.member.as_deref().map(|member| &member.stand);
    let Some(Stand::Known(it)) = stand else {
        let waits = matches!(stand, Some(Stand::Unopened(_)));
        let waits = waits.then(|| "what it waits for is read once it is open".to_owned());
        return waits.into_iter().chain(notes(row)).collect::<Vec<_>>().join("; ");
    };
    let mut parts = vec![it.line.as_ref().map_or("no line".to_owned(), |line| line.line()), picks(it)];
    if it.unfinished > 0 {
        parts.push(format!("{} unfinished", it.unfinished));
    }
    parts.extend(notes(row));
    parts.extend(way(it).filter(|_| it.given_up.is_none()));
    parts.join("; ")
}

/// What stands in the way of its final version.
fn way(it: &Standing) -> Option<String> {
    match (&it.out, &it.way) {
        (Some(_), _) => None,
        (None, None) => Some("nothing is in the way of its final version".to_owned()),
        (None, Some(way)) => Some(format!("in the way: {way}")),
    }
}

/// What a person must know of it: who has it open, and why the set is not on record in it.
fn notes(row: &Row) -> Vec<String> {
    let Some(member) = row.member.as_deref() else { return vec![] };
    let Member { held, lacks, .. } = member;
    let held = held.as_ref().map(|held| format!("open in another cockpit ({held})"));
    let lacks = lacks.as_ref().map(|why| format!("the set is not on record there: {why}"));
    held.into_iter().chain(lacks).collect()
}

/// A release in a line of plain text: `v1.18.4 NO-GO: CI is red; v1.18.4-rc.1; release-1.18; …; read 5m ago`.
#[must_use]
pub fn line(row: &Row, now: DateTime<Utc>) -> String {
    let here = if row.here { " (here)" } else { "" };
    let (_, word, why) = poll(row);
    let said = match (word, &*why) {
        ("", why) => why.to_owned(),
        (word, "") => word.to_owned(),
        (word, why) => format!("{word}: {why}"),
    };
    let mut parts = vec![format!("{}{here} {said}", row.name.line())];
    if let Some(Stand::Known(it)) = row.member.as_deref().map(|member| &member.stand) {
        parts.push(cut(it));
    }
    parts.push(beside(row));
    parts.push(known(row, now));
    parts.retain(|part| !part.is_empty());
    parts.join("; ")
}

//! Which lines are supported, and until when.

use super::{Plan, Supported};
use crate::process::import::piece::{Kind, Piece, has};
use crate::process::import::words::{Part, numbers};

/// `the last two minor releases are supported`.
pub(super) fn latest(plan: &mut Plan, lower: &str, at: usize) {
    let says = ["support", "supported", "supports", "maintain", "maintained", "maintains", "支持", "维护"];
    if plan.latest.is_some() || !has(lower, &says) {
        return;
    }
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let number = |word: &str| match word {
        "two" => Some(2),
        "three" => Some(3),
        "four" => Some(4),
        word => word.parse::<u32>().ok().filter(|n| (1..=12).contains(n)),
    };
    let found = words.iter().enumerate().find_map(|(place, word)| {
        let newest = matches!(*word, "last" | "latest" | "recent" | "newest");
        let count = words.get(place + 1).and_then(|word| number(word)).filter(|_| newest)?;
        let mut rest = words.iter().skip(place + 2).take(4);
        let of = ["minor", "releases", "release", "versions", "lines", "branches"];
        rest.any(|word| of.contains(word)).then_some(count)
    });
    plan.latest = found.map(|count| (count, at));
}

/// A row of a table of lines with their end of life.
pub(super) fn row(plan: &mut Plan, piece: &Piece, at: usize) -> bool {
    let column = |names: &[&str]| piece.columns.iter().position(|name| has(&name.to_lowercase(), names));
    let end = column(&[
        "eol",
        "end of life",
        "end-of-life",
        "supported until",
        "support ends",
        "end of support",
        "until",
        "终止",
    ]);
    let status = column(&["status", "state", "状态"]).filter(|at| *at > 0);
    if piece.kind != Kind::Row || (end.is_none() && status.is_none()) || plan.supported.len() >= 200 {
        return false;
    }
    let first = piece.cells.first().map(String::as_str).unwrap_or_default().trim();
    let first =
        first.trim_start_matches("release-").trim_start_matches("release/").trim_start_matches(['v', 'V']);
    let Some((parts, rest)) = numbers(first) else { return false };
    let digits: Vec<String> = parts
        .iter()
        .filter_map(|part| match part {
            Part::Number(number) => Some(number.to_string()),
            Part::Word(_) => None,
        })
        .collect();
    if !rest.is_empty() || digits.is_empty() || digits.len() > 2 || digits.len() + 1 < parts.len() {
        return false;
    }
    let line = digits.join(".");
    if plan.supported.iter().any(|known| known.line == line) {
        return false;
    }
    let cell =
        |column: Option<usize>| column.and_then(|at| piece.cells.get(at)).map(|cell| cell.trim().to_owned());
    let until = cell(end).and_then(|cell| day(&cell));
    let status = cell(status).unwrap_or_default();
    plan.supported.push(Supported { line, status, until, by: at });
    true
}

/// A day as it is written: `2026-12-31`, `December 31, 2026`, `31 Dec 2026`.
fn day(text: &str) -> Option<String> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let words: Vec<&str> = text.split([' ', ',', '.', '/']).filter(|word| !word.is_empty()).collect();
    if let Some(date) = words.iter().find_map(|word| word.parse::<chrono::NaiveDate>().ok()) {
        return Some(date.to_string());
    }
    let month = words.iter().find_map(|word| {
        let start = word.get(..3)?.to_ascii_lowercase();
        MONTHS.iter().position(|month| *month == start)
    })?;
    let numbers: Vec<u32> = words
        .iter()
        .filter_map(|word| word.trim_end_matches(|c: char| c.is_alphabetic()).parse().ok())
        .collect();
    let year = numbers.iter().find(|number| (1990..2200).contains(*number))?;
    let day = numbers.iter().find(|number| (1..=31).contains(*number))?;
    let date =
        chrono::NaiveDate::from_ymd_opt(i32::try_from(*year).ok()?, u32::try_from(month + 1).ok()?, *day)?;
    Some(date.to_string())
}

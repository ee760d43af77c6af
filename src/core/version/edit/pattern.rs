//! Values found by a regular expression.

use super::{Splice, quoted};
use regex_lite::Regex;

/// The expression, with exactly one capture group.
pub(super) fn compiled(pattern: &str) -> Result<Regex, String> {
    let regex = Regex::new(pattern).map_err(|why| {
        let why = why.to_string();
        format!("it is no regular expression: {}", why.lines().last().unwrap_or_default())
    })?;
    match regex.captures_len() - 1 {
        1 => Ok(regex),
        many => Err(format!("it has {many} capture groups: expected one, around the version")),
    }
}

/// What the group matches: once, or each time where all are meant.
pub(super) fn find(text: &str, pattern: &str, all: bool, to: &str) -> Result<Vec<Splice>, String> {
    let regex = compiled(pattern)?;
    let mut found = vec![];
    for captures in regex.captures_iter(text) {
        let Some(group) = captures.get(1) else {
            let matched = captures.get(0).map_or("", |it| it.as_str());
            return Err(format!("it matches {} without its capture group", quoted(matched)));
        };
        found.push(Splice { at: group.range(), with: to.to_owned() });
    }
    match found.len() {
        0 => Err("it matches nothing: expected one match".to_owned()),
        1 => Ok(found),
        _ if all => Ok(found),
        many => Err(format!("it matches {many} times: expected one, or say that all are meant")),
    }
}

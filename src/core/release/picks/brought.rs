//! What the text of a pull request or a commit says of where it comes from: the forms that bots, scripts and people use.

use crate::release::ids::{Branch, Oid};

/// Most pull requests that one backport may say to bring.
const MOST: usize = 10;

/// Pull requests that one on a line says to bring there, and what says so; by its branch, its title, its text, the
/// surest first. `own` is how the process calls such branches: `backport-{number}-to-{branch}`.
///
/// Known are Mergify (`mergify/bp/release-1/pr-12`, `(backport #12)`), backport-action (`backport-12-to-release-1`,
/// `Backport of #12`), Kubernetes' script (`automated-cherry-pick-of-#12-upstream-release-1`, `Automated cherry pick of
/// #12: …`) and what people write after their example.
#[must_use]
pub fn brings(
    head: &str,
    title: &str,
    body: &str,
    own: Option<&str>,
    line: &Branch,
) -> Option<(Vec<u64>, String)> {
    let by_branch = own.and_then(|form| by_form(form, head, line)).map(|number| vec![number]);
    let found = by_branch.unwrap_or_else(|| branch_numbers(head));
    if !found.is_empty() {
        return Some((found, format!("its branch {head}")));
    }
    let found = title_numbers(title);
    if !found.is_empty() {
        return Some((found, "its title".to_owned()));
    }
    let found = body_numbers(body);
    (!found.is_empty()).then(|| (found, "its text".to_owned()))
}

/// The number in a branch that is called as a process says.
fn by_form(form: &str, head: &str, line: &Branch) -> Option<u64> {
    let form = form.replace("{branch}", line.as_str());
    let (before, after) = form.split_once("{number}")?;
    // Two numbers in a row could not be told apart.
    if before.is_empty() || after.contains('{') || before.contains('{') {
        return None;
    }
    whole_number(head.strip_prefix(before)?.strip_suffix(after)?)
}

/// The pull requests that a bot's or script's branch brings back: `mergify/bp/release-1/pr-12`,
/// `backport-12-to-release-1`, `cherry-pick-12-to-release-1`, `automated-cherry-pick-of-#12-#13-upstream-release-1`.
#[must_use]
pub fn branch_numbers(branch: &str) -> Vec<u64> {
    if let Some(rest) = branch.strip_prefix("mergify/bp/") {
        return rest.rsplit_once("/pr-").and_then(|(_, number)| leading_number(number)).into_iter().collect();
    }
    if let Some(rest) = branch.strip_prefix("automated-cherry-pick-of-#") {
        let numbers = rest.split('-').map_while(|part| whole_number(part.trim_start_matches('#')));
        return numbers.take(MOST).collect();
    }
    let rest = branch.strip_prefix("backport-").or_else(|| branch.strip_prefix("cherry-pick-"));
    let number = rest.and_then(|rest| {
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        digits.starts_with("-to-").then(|| leading_number(rest)).flatten()
    });
    number.into_iter().collect()
}

/// The pull requests that a title says to bring: `Fix it (backport #12)`, `Automated cherry pick of #12: Fix it #13: …`.
fn title_numbers(title: &str) -> Vec<u64> {
    if let Some((_, number)) = sentence(title.trim()) {
        let mut found = vec![number];
        // Kubernetes' script names all that it picks: `#12: one #13: two`.
        found.extend(title.split_whitespace().filter_map(|word| {
            whole_number(word.strip_prefix('#')?.strip_suffix(':')?).filter(|it| *it != number)
        }));
        found.truncate(MOST);
        return found;
    }
    let mut found = Vec::new();
    let mut rest = title;
    while let Some((_, inside)) = rest.split_once('(') {
        rest = inside;
        let Some((words, _)) = inside.split_once(')') else { break };
        if let Some((word, digits)) = words.split_once('#')
            && is_backport_word(word)
        {
            found.extend(whole_number(digits.trim()));
        }
    }
    found.truncate(MOST);
    found
}

/// The pull requests that a text says to bring, each at the start of a line.
fn body_numbers(body: &str) -> Vec<u64> {
    let mut found: Vec<u64> = Vec::new();
    for line in body.lines().take(200).map(str::trim) {
        let bots =
            ["This is an automatic backport of pull request #", "This is an automated cherry-pick of #"];
        let number = bots.iter().find_map(|start| line.strip_prefix(start)).and_then(leading_number);
        let number = number.or_else(|| sentence(line).map(|(_, number)| number));
        found.extend(number.filter(|it| !found.contains(it)));
    }
    found.truncate(MOST);
    found
}

/// Whether a word in front of `#12` in brackets says that this is a backport of it.
#[must_use]
pub fn is_backport_word(word: &str) -> bool {
    let word = word.trim().trim_end_matches(':').to_ascii_lowercase();
    let words = ["backport", "backport of", "cherry-pick", "cherry pick", "cherrypick", "cherry-pick of"];
    let forward = ["forward-port", "forward port", "forwardport", "forward-port of", "forward port of"];
    words.contains(&word.as_str()) || forward.contains(&word.as_str())
}

/// `Backport of #12`, `Automated cherry pick of #12: …` at the start of a line: the words, and the number.
#[must_use]
pub fn sentence(line: &str) -> Option<(&'static str, u64)> {
    let starts = [
        "Automated cherry pick of #",
        "Automated cherry-pick of #",
        "Manual cherry pick of #",
        "Cherry pick of #",
        "Cherry-pick of #",
        "Backport of #",
        "Backports #",
        "Backport #",
        "Forward-port of #",
        "Forward port of #",
    ];
    starts.into_iter().find_map(|start| Some((start, leading_number(line.strip_prefix(start)?)?)))
}

/// The number that a text starts with; 0 is none.
#[must_use]
pub fn leading_number(text: &str) -> Option<u64> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok().filter(|number| *number > 0)
}

fn whole_number(text: &str) -> Option<u64> {
    if text.bytes().all(|b| b.is_ascii_digit()) { leading_number(text) } else { None }
}

/// The commits that the lines `(cherry picked from commit …)` of a message name, in their order, wherever they stand.
/// git writes the line with `cherry-pick -x`, right below the subject where there is no body; abbreviated ids are left
/// out, since they may come to mean something else.
#[must_use]
pub fn picked_from(message: &str) -> Vec<Oid> {
    let lines = message.lines().filter_map(|line| {
        let hex = line.trim().strip_prefix("(cherry picked from commit ")?.strip_suffix(')')?;
        Oid::parse(hex).ok()
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(head: &str, title: &str, body: &str) -> Option<Vec<u64>> {
        let line = Branch::parse("release-1.2").expect("a branch");
        brings(head, title, body, Some("pick/{number}/{branch}"), &line).map(|(numbers, _)| numbers)
    }

    #[test]
    fn every_form_is_known() {
        let all: [(&str, &str, &str, &[u64]); 14] = [
            ("mergify/bp/release-1.2/pr-12", "x", "", &[12]),
            ("backport-12-to-release-1.2", "[Backport release-1.2] Fix", "", &[12]),
            ("cherry-pick-12-to-release-1.2", "x", "", &[12]),
            ("automated-cherry-pick-of-#12-#13-upstream-release-1.2", "x", "", &[12, 13]),
            ("pick/12/release-1.2", "x", "", &[12]),
            ("topic", "Fix (backport #12)", "", &[12]),
            ("topic", "Fix (Backport of #12) (#14)", "", &[12]),
            ("topic", "Fix (forward-port #12) (#14)", "", &[12]),
            ("topic", "Forward port of #12: Fix", "", &[12]),
            ("topic", "Automated cherry pick of #12: Fix #13: More", "", &[12, 13]),
            (
                "topic",
                "[Backport release-1.2] Fix",
                "# Description\nBackport of #12 to `release-1.2`.",
                &[12],
            ),
            ("topic", "x", "This is an automatic backport of pull request #12 done by Mergify.", &[12]),
            ("topic", "[release-1.2] x", "This is an automated cherry-pick of #12\n\n/assign ann", &[12]),
            ("topic", "x", "Cherry pick of #12 on release-1.2.\n\n#12: Fix", &[12]),
        ];
        for (head, title, body, numbers) in all {
            assert_eq!(told(head, title, body).as_deref(), Some(numbers), "{head} {title} {body}");
        }
    }

    #[test]
    fn nothing_else_is_taken_for_one() {
        for (head, title, body) in [
            ("topic", "Fix (#12)", "Fixes #12"),
            ("backport-12", "Talk about backport #12", "see Backport of #12"),
            ("backport-0-to-release-1.2", "(backport #0)", ""),
            ("pick/x/release-1.2", "(backport #12x)", ""),
            ("mergify/bp/release-1.2/pr-", "(backport #99999999999999999999999)", ""),
            ("automated-cherry-pick-of-#", "", ""),
        ] {
            assert_eq!(told(head, title, body), None, "{head} {title} {body}");
        }
    }
}

//! A line of the notes: a pull request with all its commits, or a commit that came without one.

use super::take_back;
use super::title::{bare_title, is_bump};
use super::{Change, Gathered, Pull};
use crate::process::{NotesFrom, Process};
use crate::release::ids::Oid;
use crate::release::text::{Untrusted, markdown, shown};
use crate::version::Nature;
use std::collections::{BTreeMap, HashMap};

/// Longest title, in characters.
const TITLE: usize = 300;
/// Authors that an entry names at most.
const AUTHORS: usize = 5;

/// One thing that is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is called, without marks.
    pub title: Untrusted,
    /// The pull requests that made it, the original ones of a backport.
    pub pulls: Vec<u64>,
    /// The pull request that brought it to this branch, where that is another.
    pub backport: Option<u64>,
    /// Its commits, newest first.
    pub commits: Vec<Oid>,
    /// Its labels; none where the forge did not tell them.
    pub labels: Option<Vec<Untrusted>>,
    /// The login of its author, where the forge told it.
    pub login: Option<Untrusted>,
    /// The names that its commits carry.
    pub authors: Vec<Untrusted>,
    /// Whether its author had nothing in the project before.
    pub is_new: bool,
    /// What its title says of itself, else the heaviest that its commits say.
    pub nature: Nature,
    /// Whether it takes something back that was there before the range.
    pub is_revert: bool,
}

impl Entry {
    /// The line of Markdown.
    #[must_use]
    pub fn line(&self) -> String {
        format!("- {} ({}){}", markdown(self.title.raw(), TITLE), self.named(), self.by())
    }

    /// `#12`, `#12, backport #15`, or the short id of a commit.
    #[must_use]
    pub fn named(&self) -> String {
        let mut parts: Vec<_> = self.pulls.iter().map(|number| format!("#{number}")).collect();
        parts.extend(self.backport.map(|number| format!("backport #{number}")));
        if parts.is_empty() {
            parts.extend(self.commits.first().map(Oid::short));
        }
        parts.join(", ")
    }

    fn by(&self) -> String {
        let who = self.who();
        if who.is_empty() { who } else { format!(" by {who}") }
    }

    /// Who made it: a login that the forge told, which is told of it; else names, which call nobody.
    #[must_use]
    pub fn who(&self) -> String {
        match &self.login {
            Some(login) if is_login(login.raw()) => format!("@{}", login.raw()),
            Some(login) => markdown(login.raw(), 60),
            None => {
                let names = self.authors.iter().take(AUTHORS).map(|it| markdown(it.raw(), 60));
                let mut names: Vec<_> = names.collect();
                if self.authors.len() > AUTHORS {
                    names.push(format!("{} more", self.authors.len() - AUTHORS));
                }
                names.join(", ")
            }
        }
    }

    /// Whether a program made it.
    #[must_use]
    pub fn is_by_bot(&self) -> bool {
        let is_bot = |name: &Untrusted| name.raw().ends_with("[bot]");
        match &self.login {
            Some(login) => is_bot(login) || !is_login(login.raw()),
            None => self.authors.iter().all(is_bot),
        }
    }
}

/// Whether a text is a login of GitHub: letters, digits and single hyphens inside, at most 39.
fn is_login(text: &str) -> bool {
    let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    !text.is_empty() && text.len() <= 39 && text.chars().all(fine) && !text.starts_with('-')
}

/// What the entries of a range are, and what is said of those that are none.
pub(super) struct Entries {
    pub all: Vec<Entry>,
    pub warnings: Vec<String>,
}

/// Groups the changes of a range by the pull request that brought them.
pub(super) fn entries(process: &Process, gathered: &Gathered, pulls: &BTreeMap<u64, Pull>) -> Entries {
    let (standing, cancelled) = take_back::standing(gathered);
    let mut warnings: Vec<_> = cancelled
        .iter()
        .map(|it| format!("taken back inside the range, so both are left out: {}; by {}", it.change, it.by))
        .collect();
    let mut order: Vec<Vec<&Change>> = vec![];
    let mut places: HashMap<u64, usize> = HashMap::new();
    for change in standing {
        if is_bump(process, change.subject.raw()) {
            continue;
        }
        let grouped = change.pull.filter(|_| process.notes.from != NotesFrom::Commits);
        match grouped.and_then(|number| places.get(&number)) {
            Some(at) => order[*at].push(change),
            None => {
                places.extend(grouped.map(|number| (number, order.len())));
                order.push(vec![change]);
            }
        }
    }
    let all: Vec<_> = order.iter().map(|changes| entry(changes, gathered, pulls)).collect();
    let mut unsure: Vec<_> = vec![];
    for it in &all {
        if it.is_revert {
            unsure.push(shown(it.title.raw(), 100));
        }
    }
    if !unsure.is_empty() {
        warnings.push(format!("taken back of what was there before: {}", unsure.join("; ")));
    }
    Entries { all, warnings }
}

fn entry(changes: &[&Change], gathered: &Gathered, pulls: &BTreeMap<u64, Pull>) -> Entry {
    let own = changes.first().and_then(|it| it.pull);
    let mut of: Vec<u64> = vec![];
    for number in changes.iter().flat_map(|it| &it.of).filter(|it| Some(**it) != own) {
        if !of.contains(number) {
            of.push(*number);
        }
    }
    let told = own.and_then(|number| pulls.get(&number));
    // Of several originals none is called as all of them are.
    let original = of.first().filter(|_| of.len() == 1).and_then(|number| pulls.get(number));
    let merged = own.and_then(|number| gathered.titles.get(&number));
    let newest = changes.last().map(|it| &it.subject);
    let said = original.or(told).map(|it| &it.title).filter(|it| !it.is_empty()).or(merged).or(newest);
    let title = said.map_or("", |it| bare_title(it.raw(), !of.is_empty()));
    let heaviest = changes.iter().map(|it| it.nature).max().unwrap_or(Nature::Unsaid);
    // What the title says counts, but no break is hidden by it.
    let nature = match Nature::of(title) {
        Nature::Unsaid => heaviest,
        _ if heaviest == Nature::Breaking => heaviest,
        said => said,
    };
    let labels = told.or(original).map(|_| {
        let mut labels: Vec<_> =
            told.iter().chain(original.iter()).flat_map(|it| it.labels.iter().cloned()).collect();
        labels.sort();
        labels.dedup();
        labels
    });
    let mut authors: Vec<Untrusted> = vec![];
    for it in changes {
        if !authors.contains(&it.author) {
            authors.push(it.author.clone());
        }
    }
    let backport = own.filter(|_| !of.is_empty());
    Entry {
        title: Untrusted::from(title),
        pulls: if of.is_empty() { own.into_iter().collect() } else { of },
        backport,
        commits: changes.iter().map(|it| it.oid).collect(),
        labels,
        login: original.and_then(|it| it.login.clone()).or_else(|| told.and_then(|it| it.login.clone())),
        authors,
        is_new: changes.iter().all(|it| it.is_new == Some(true)),
        nature,
        is_revert: changes.iter().all(|it| it.is_revert()),
    }
}

//! What a range weighs: by what its commits say, and by what the labels of their pull requests mean in the process.

use super::{Change, Gathered, Pull, take_back};
use crate::order::Order as _;
use crate::process::{Labels, Stream};
use crate::release::reading::matches;
use crate::release::text::{Untrusted, shown};
use crate::version::{Nature, Weight};
use std::collections::{BTreeMap, HashMap};

/// What a range weighs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Weighed {
    /// How many changes of each nature; what was taken back inside the range weighs nothing.
    pub weight: Weight,
    /// The changes that ask for more than a fix, the heaviest first.
    pub heavy: Vec<Heavy>,
    /// Changes that a label made heavier than their commits say.
    pub by_label: usize,
}

/// A change that asks for more than a fix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heavy {
    /// What it is.
    pub nature: Nature,
    /// Short id and subject, as it came.
    pub change: Untrusted,
    /// The label that says so, where the commit does not.
    pub label: Option<Untrusted>,
}

/// What labels mean in a process: the heaviest of what `[labels]` names, with the label. None where it names none of
/// them.
#[must_use]
pub fn nature_of<'l>(labels: &Labels, names: &'l [Untrusted]) -> Option<(Nature, &'l Untrusted)> {
    let kinds = [
        (Nature::Breaking, &labels.breaking),
        (Nature::Feature, &labels.features),
        (Nature::Fix, &labels.bugs),
        (Nature::Fix, &labels.security),
    ];
    kinds.into_iter().find_map(|(nature, forms)| {
        let meant = |name: &&Untrusted| forms.iter().any(|form| matches(form, name.raw()));
        names.iter().find(meant).map(|name| (nature, name))
    })
}

/// Whether the labels of a pull request say anything of the next version in this process.
#[must_use]
pub fn labels_weigh(labels: &Labels, streams: &[Stream]) -> bool {
    let named = [&labels.breaking, &labels.features, &labels.bugs, &labels.security];
    named.iter().any(|forms| !forms.is_empty()) || streams.iter().any(|it| !it.refused_labels.is_empty())
}

/// Weighs a range. A label counts once for its pull request, and never makes a change lighter than its commits say: of
/// the two the heavier is believed.
#[must_use]
pub fn weigh(labels: &Labels, gathered: &Gathered, pulls: &BTreeMap<u64, Pull>) -> Weighed {
    let (standing, _) = take_back::standing(gathered);
    let mut heaviest: HashMap<u64, usize> = HashMap::new();
    for (at, change) in standing.iter().enumerate() {
        let Some(number) = change.pull else { continue };
        let known = heaviest.entry(number).or_insert(at);
        if standing[*known].nature < change.nature {
            *known = at;
        }
    }
    let mut made = Weighed::default();
    for (at, change) in standing.iter().enumerate() {
        let counts = change.pull.is_none_or(|number| heaviest.get(&number) == Some(&at));
        let said = numbers(change).filter(|_| counts).filter_map(|number| pulls.get(&number));
        let said = said.filter_map(|pull| nature_of(labels, &pull.labels)).max_by_key(|(nature, _)| *nature);
        let said = said.filter(|(nature, _)| *nature > change.nature);
        let nature = said.map_or(change.nature, |(nature, _)| nature);
        made.by_label += usize::from(said.is_some());
        made.weight.extend([nature]);
        if nature >= Nature::Feature {
            let text = Untrusted::from(format!("{} {}", change.oid.short(), change.subject.raw()));
            made.heavy.push(Heavy { nature, change: text, label: said.map(|(_, label)| label.clone()) });
        }
    }
    made.heavy.order_by_key(|it| std::cmp::Reverse(it.nature));
    made
}

/// What somebody should look at: pull requests whose labels the stream refuses, where that is not said already by what
/// the labels mean. None where there are none.
#[must_use]
pub fn refused(
    (labels, stream): (&Labels, &Stream),
    gathered: &Gathered,
    pulls: &BTreeMap<u64, Pull>,
) -> Option<String> {
    let (standing, _) = take_back::standing(gathered);
    let mut found: BTreeMap<u64, String> = BTreeMap::new();
    for number in standing.iter().flat_map(|change| numbers(change)) {
        let Some(pull) = pulls.get(&number) else { continue };
        if nature_of(labels, &pull.labels).is_some_and(|(nature, _)| nature >= Nature::Feature) {
            continue;
        }
        let is_refused = |name: &&Untrusted| stream.refused_labels.iter().any(|it| matches(it, name.raw()));
        if let Some(name) = pull.labels.iter().find(is_refused) {
            found.insert(number, format!("#{number} {}", shown(name.raw(), 60)));
        }
    }
    let title = if stream.title.is_empty() { &stream.id } else { &stream.title };
    let named: Vec<_> = found.values().take(5).map(String::as_str).collect();
    (!found.is_empty()).then(|| {
        let many = if found.len() > 5 { format!(" and {} more", found.len() - 5) } else { String::new() };
        format!("labelled as what {} refuses: {}{many}", shown(title, 60), named.join(", "))
    })
}

/// The pull request that brought a change, and those that it brings back.
fn numbers(change: &Change) -> impl Iterator<Item = u64> {
    change.pull.into_iter().chain(change.of.iter().copied())
}

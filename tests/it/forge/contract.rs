//! The GraphQL documents: they parse, and they stay within GitHub's limits of nodes and points.

use gonogo::forge::graphql::{
    CANDIDATES, CHECKS, DOCUMENTS, Many, OVERVIEW, ROLLUPS, candidates_for, checks_for, overview_for,
    rollups_for,
};
use graphql_parser::query::{Definition, OperationDefinition, Selection, SelectionSet, Value, parse_query};
use std::collections::BTreeMap;

type Sets<'a> = BTreeMap<String, SelectionSet<'a, String>>;

/// Nodes and requests of a selection, by the rules of "Rate limits and query limits for the GraphQL API": each
/// connection counts `first` nodes a parent, and one request a parent.
fn cost(
    set: &SelectionSet<'_, String>,
    parents: u64,
    sets: &Sets<'_>,
    sizes: &BTreeMap<&str, u64>,
) -> (u64, u64) {
    let mut sum = (0, 0);
    for item in &set.items {
        let (nodes, requests) = match item {
            Selection::Field(field) => {
                let size = field.arguments.iter().find(|(name, _)| name == "first" || name == "last").map(
                    |(_, value)| match value {
                        Value::Int(count) => {
                            u64::try_from(count.as_i64().expect("a number")).expect("positive")
                        }
                        Value::Variable(name) => sizes[name.as_str()],
                        other => panic!("{other:?}"),
                    },
                );
                // A list by ids is a hundred at most.
                let size = size.or((field.name == "nodes" && !field.arguments.is_empty()).then_some(100));
                let below = cost(&field.selection_set, parents * size.unwrap_or(1), sets, sizes);
                let own = if size.is_some() { (parents * size.unwrap_or(0), parents) } else { (0, 0) };
                (below.0 + own.0, below.1 + own.1)
            }
            Selection::FragmentSpread(spread) => cost(&sets[&spread.fragment_name], parents, sets, sizes),
            Selection::InlineFragment(part) => cost(&part.selection_set, parents, sets, sizes),
        };
        sum = (sum.0 + nodes, sum.1 + requests);
    }
    sum
}

fn budget(document: &str) -> (u64, u64) {
    let parsed = parse_query::<String>(document).expect("a document").into_static();
    let mut sets = Sets::new();
    let mut query = None;
    for definition in parsed.definitions {
        match definition {
            Definition::Fragment(it) => drop(sets.insert(it.name, it.selection_set)),
            Definition::Operation(OperationDefinition::Query(it)) => query = Some(it.selection_set),
            Definition::Operation(OperationDefinition::Mutation(it)) => query = Some(it.selection_set),
            Definition::Operation(other) => panic!("{other:?}"),
        }
    }
    cost(&query.expect("a query"), 1, &sets, &[("depth", 10), ("page", 50)].into())
}

#[test]
fn documents_stay_within_the_budget() {
    let budgets: BTreeMap<_, _> =
        DOCUMENTS.iter().map(|(name, document)| (*name, budget(document))).collect();
    // Nodes and requests; a hundred requests are a point, and a query costs one point at least.
    let expected = [
        ("checks", (2_040, 44)),
        ("more_checks", (50, 1)),
        ("rolls", (500, 401)),
        ("overview", (630, 106)),
        ("candidates", (251, 5)),
        ("rollups", (0, 0)),
        ("notes", (50, 1)),
        ("discussions", (100, 2)),
        ("discuss", (0, 0)),
        ("edits", (20, 1)),
    ];
    assert_eq!(budgets, expected.into());
    assert!(budgets.values().all(|(nodes, requests)| *nodes <= 500_000 && *requests < 500));
}

#[test]
fn the_overview_grows_with_branches_and_labels() {
    let one = Many { branches: 1, labels: 1, milestones: 1, lines: 1, releases: true };
    assert_eq!(overview_for(one).trim(), OVERVIEW.trim());
    for (branches, labels, milestones, lines) in [(4, 4, 4, 4), (25, 0, 0, 0), (0, 12, 1, 2)] {
        let many = Many { branches, labels, milestones, lines, releases: false };
        let lists = (branches + labels + milestones) as u64;
        let expected = (lists * 100 + lines as u64 * 130, lists + lines as u64 * 2);
        assert_eq!(budget(&overview_for(many)), expected);
    }
}

#[test]
fn fifty_pull_requests_are_told_at_once() {
    assert_eq!(candidates_for(1, 1).trim(), CANDIDATES.trim());
    assert_eq!(rollups_for(1).trim(), ROLLUPS.trim());
    // A hundred requests are a point.
    assert_eq!(budget(&candidates_for(50, 50)), (50 * 251, 250));
    let document = candidates_for(12, 0);
    assert!(
        document.contains("p11: ") && document.contains("$p11") && !document.contains("$c"),
        "{document}"
    );
    let document = overview_for(Many { lines: 11, ..Many::default() });
    assert!(document.contains("k10x: ") && document.matches("baseRefName: $k10,").count() == 2, "{document}");
}

#[test]
fn fewer_branches_ask_for_fewer() {
    assert_eq!(checks_for(4).trim(), CHECKS.trim());
    for count in 1..4 {
        let document = checks_for(count);
        assert_eq!(budget(&document), (510 * count as u64, 11 * count as u64));
        assert!(!document.contains(&format!("$b{count}")) && document.contains(&format!("$b{}", count - 1)));
    }
}

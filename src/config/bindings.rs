//! `[keys]`: which keys run which action, and where each override was written.

use super::origin::Origin;
use super::place::{Text, nearest};
use super::value::{Value, text};
use crate::process::{Finding, Pane};
use crate::screen::TABS;
use crate::screen::keymap::{KeyError, Keymap};
use std::collections::BTreeMap;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// The word of a tab in `[keys.NAME]`.
pub fn tab_word(tab: Pane) -> &'static str {
    match tab {
        Pane::Overview => "overview",
        Pane::Milestone => "milestone",
        Pane::Ci => "ci",
        Pane::Branches => "branches",
        Pane::Picks => "picks",
        Pane::Checklist => "checklist",
        Pane::Candidate => "candidate",
        Pane::Journal => "journal",
    }
}

/// An override: its keys and where it was written.
#[derive(Debug, Clone)]
pub(super) struct Override {
    pub keys: Vec<String>,
    pub origin: Origin,
}

/// All overrides, by action and tab; a later layer replaces an earlier.
#[derive(Debug, Clone, Default)]
pub(super) struct Bindings(pub BTreeMap<(String, Option<&'static str>), Override>);

impl Bindings {
    /// Reads a `[keys]` table.
    pub fn read(&mut self, table: &DeTable<'_>, file: Text<'_>, wrong: &mut Vec<Finding>) {
        for (name, value) in table {
            let Some(inner) = value.get_ref().as_table() else {
                self.bind(name.get_ref(), None, &name.span(), value, file, wrong);
                continue;
            };
            let words = TABS.map(tab_word);
            let Some(tab) = words.into_iter().find(|word| *word == name.get_ref().as_ref()) else {
                let near = nearest(name.get_ref(), words.into_iter());
                let near = near.map(|near| format!("did you mean {near:?}? ")).unwrap_or_default();
                let message = format!("no tab is called {:?} in keys", name.get_ref());
                wrong.push(file.error(&name.span(), message, format!("{near}Tabs: {}", words.join(", "))));
                continue;
            };
            for (name, value) in inner {
                self.bind(name.get_ref(), Some(tab), &name.span(), value, file, wrong);
            }
        }
    }

    fn bind(
        &mut self,
        action: &str,
        tab: Option<&'static str>,
        span: &Range<usize>,
        value: &Value<'_>,
        file: Text<'_>,
        wrong: &mut Vec<Finding>,
    ) {
        let keys: Result<Vec<String>, _> = match value.get_ref() {
            DeValue::Array(keys) => keys.iter().map(text).collect(),
            _ => text(value).map(|key| vec![key]),
        };
        let name = match tab {
            Some(tab) => format!("keys.{tab}.{action}"),
            None => format!("keys.{action}"),
        };
        match keys {
            Ok(keys) => {
                let (line, column) = file.place(span.start);
                let origin = Origin::File { file: file.file.to_owned(), line, column };
                self.0.insert((action.to_owned(), tab), Override { keys, origin });
            }
            Err(bad) => {
                let message = format!("{} cannot be {}", name.escape_debug(), bad.found);
                wrong.push(file.error(
                    &bad.span,
                    message,
                    "expected a key or a list of keys: \"r\", [\"r\", \"f5\"]",
                ));
            }
        }
    }

    /// The keymap with the overrides, or a finding for each that is wrong.
    pub fn keymap(&self) -> Result<Keymap, Vec<Finding>> {
        let tab = |word: &Option<&'static str>| {
            word.and_then(|word| TABS.into_iter().find(|tab| tab_word(*tab) == word))
        };
        let overrides: Vec<_> =
            self.0.iter().map(|((name, word), it)| (name.clone(), tab(word), it.keys.clone())).collect();
        Keymap::with(&overrides).map_err(|errors| errors.iter().map(|error| self.finding(error)).collect())
    }

    /// The override of an action that holds in a tab.
    fn holds(&self, action: &str, tab: Option<Pane>) -> Option<&Override> {
        let here = tab.and_then(|tab| self.0.get(&(action.to_owned(), Some(tab_word(tab)))));
        here.or_else(|| self.0.get(&(action.to_owned(), None)))
    }

    fn finding(&self, error: &KeyError) -> Finding {
        let own = self.holds(&error.action, error.tab);
        let others = error.other.and_then(|other| self.holds(other, error.tab));
        let origin = own.or(others).map_or(Origin::Default, |it| it.origin.clone());
        let both = match (own, others) {
            (Some(_), Some(other)) => {
                format!("; {} is overridden at {}", error.other.unwrap_or_default(), other.origin)
            }
            _ => String::new(),
        };
        origin.finding(format!("keys: {}", error.message), format!("{}{both}", error.hint))
    }
}

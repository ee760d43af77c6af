//! What contradicts itself in a process, and what can never happen.

mod artifacts;
mod dates;
mod gates;
mod names;
mod picks;
mod steps;
mod texts;
mod writing;

use super::{Finding, Process, Severity};
use crate::order::Order as _;

/// Finds the contradictions of a process, each at the line of its key, in the order of the file.
///
/// An error is what the cockpit could not work with: an id that nothing has, two of one id, a pattern that is none.
/// A warning is what the process says and cannot mean: phases that do not add up to the cycle, a gate that can
/// never be GO or never be NO-GO.
#[must_use]
pub fn check(process: &Process) -> Vec<Finding> {
    let mut list = List { process, findings: Vec::new() };
    names::duplicates(&mut list);
    names::references(&mut list);
    writing::branches(&mut list);
    writing::versions(&mut list);
    writing::streams(&mut list);
    writing::assets(&mut list);
    dates::phases(&mut list);
    dates::days(&mut list);
    dates::people(&mut list);
    gates::settled(&mut list);
    picks::decisions(&mut list);
    texts::order(&mut list);
    texts::placeholders(&mut list);
    texts::channels(&mut list);
    artifacts::seen(&mut list);
    steps::done(&mut list);
    let mut findings = list.findings;
    findings.order_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    findings
}

/// The findings so far.
struct List<'p> {
    process: &'p Process,
    findings: Vec<Finding>,
}

impl List<'_> {
    fn error(&mut self, path: &str, message: impl Into<String>, hint: impl Into<String>) {
        let finding = self.process.places.finding(Severity::Error, path, message.into(), hint.into());
        self.findings.push(finding);
    }

    fn warn(&mut self, path: &str, message: impl Into<String>, hint: impl Into<String>) {
        let finding = self.process.places.finding(Severity::Warning, path, message.into(), hint.into());
        self.findings.push(finding);
    }
}

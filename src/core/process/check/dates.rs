//! Phases against the cycle, days and hours that exist, people who can be found.

use super::List;
use crate::process::{LineKind, RoleSource, Span, Unit};

/// Shortest and longest length in days: a month has 28 to 31.
fn days_of(span: Span) -> (u32, u32) {
    match span.unit {
        Unit::Months => (span.min.saturating_mul(28), span.max.saturating_mul(31)),
        Unit::Hours | Unit::Days | Unit::Weeks => (span.min_days(), span.max_days()),
    }
}

fn weeks(days: u32) -> String {
    if days.is_multiple_of(7) { format!("{} weeks", days / 7) } else { format!("{days} days") }
}

fn range(min: u32, max: u32) -> String {
    if min == max { weeks(max) } else { format!("{} to {}", weeks(min), weeks(max)) }
}

/// Phases that do not add up to the cycle, two cuts, a freeze after the cut.
pub(super) fn phases(list: &mut List<'_>) {
    let calendar = &list.process.calendar;
    let spans: Vec<_> = calendar.phases.iter().filter_map(|phase| phase.lasts).collect();
    if let (Some(cycle), false) = (calendar.cycle, spans.is_empty()) {
        let lengths = || spans.iter().map(|span| days_of(*span));
        let min = lengths().map(|(min, _)| min).fold(0, u32::saturating_add);
        let max = lengths().map(|(_, max)| max).fold(0, u32::saturating_add);
        let (shortest, longest) = days_of(cycle);
        if max < shortest || min > longest {
            let message = format!("the phases add up to {} while the cycle is {cycle}", range(min, max));
            let hint = "lengthen a phase, add the missing one, or change calendar.cycle";
            list.warn("calendar.cycle", message, hint);
        }
    }
    let cuts = calendar.phases.iter().enumerate().filter(|(_, phase)| phase.cut);
    let cuts: Vec<usize> = cuts.map(|(at, _)| at).collect();
    if let Some(second) = cuts.get(1) {
        let path = format!("calendar.phases[{second}].cut");
        list.warn(&path, "two phases end with the cut", "a release is cut once");
    }
    let freeze = calendar.phases.iter().position(|phase| phase.freeze);
    if let (Some(freeze), Some(cut)) = (freeze, cuts.first())
        && freeze > *cut
    {
        let path = format!("calendar.phases[{freeze}].freeze");
        list.warn(
            &path,
            "features are frozen after the cut",
            "freeze before the phase that ends with the cut",
        );
    }
    let branches = calendar.phases.iter().position(|phase| phase.branch);
    let made = |kind| list.process.branches.lines.iter().any(|line| line.kind == kind);
    if let Some(at) = branches
        && !made(LineKind::Release)
        && !made(LineKind::LongLived)
    {
        let path = format!("calendar.phases[{at}].branch");
        list.error(
            &path,
            "a release branch is made, and there is no pattern for one",
            "add [[branches.lines]]",
        );
    }
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Days, hours and dates that there are not.
pub(super) fn days(list: &mut List<'_>) {
    let p = list.process;
    for (at, window) in p.calendar.windows.iter().enumerate() {
        let path = format!("calendar.windows[{at}]");
        for (place, day) in window.days.iter().enumerate() {
            if !DAYS.contains(&day.as_str()) {
                let path = format!("{path}.days[{place}]");
                list.error(&path, format!("{day:?} is no day"), format!("days are: {}", DAYS.join(", ")));
            }
        }
        let hours = [("from", &window.from), ("to", &window.to)].map(|(key, hour)| {
            let hour = hour.as_deref()?;
            if minutes(hour).is_none() {
                list.error(
                    &format!("{path}.{key}"),
                    format!("{hour:?} is no time of day"),
                    "write \"09:00\"",
                );
            }
            minutes(hour)
        });
        if let [Some(from), Some(to)] = hours
            && from >= to
        {
            list.error(&format!("{path}.to"), format!("window {} ends before it begins", window.id), "");
        }
    }
    for (at, line) in p.support.lines.iter().enumerate() {
        let path = format!("support.lines[{at}]");
        let numbers = line.line.split('.').all(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
        if !numbers {
            list.error(&format!("{path}.line"), format!("{:?} is no line", line.line), "write \"2.2\"");
        }
        if let Some(until) = &line.until
            && !is_date(until)
        {
            list.error(&format!("{path}.until"), format!("{until:?} is no date"), "write \"2026-12-31\"");
        }
    }
}

/// Minutes since midnight.
fn minutes(hour: &str) -> Option<u32> {
    let (hours, minutes) = hour.split_once(':')?;
    let two = |text: &str| (text.len() == 2).then(|| text.parse::<u32>().ok()).flatten();
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

fn is_date(text: &str) -> bool {
    text.parse::<chrono::NaiveDate>().is_ok()
}

/// Roles that nobody could fill, and items that are done when their role does not act.
pub(super) fn people(list: &mut List<'_>) {
    let p = list.process;
    for (at, role) in p.roles.iter().enumerate() {
        let path = |key: &str| format!("roles[{at}].{key}");
        let id = &role.id;
        if role.max.is_some_and(|max| role.min > max) {
            let message =
                format!("role {id} needs at least {} and takes at most {}", role.min, role.max.unwrap_or(0));
            list.error(&path("min"), message, "min may not be more than max");
        }
        if let Some(preferred) = role.preferred
            && (preferred < role.min || role.max.is_some_and(|max| preferred > max))
        {
            let message = format!("role {id} prefers {preferred}, which is outside of min and max");
            list.error(&path("preferred"), message, "preferred lies between min and max");
        }
        let fewer = match &role.from {
            RoleSource::People(people) => u32::try_from(people.len()).is_ok_and(|n| n < role.min),
            RoleSource::Team(team) if !team.contains('/') => {
                list.error(&path("from"), format!("{team:?} is no team"), "write org/team");
                false
            }
            RoleSource::Team(_) | RoleSource::Anyone | RoleSource::Codeowners => false,
        };
        if fewer {
            let message = format!("role {id} needs at least {} and names fewer people", role.min);
            list.error(&path("from"), message, "name more people, or lower min");
        }
        if role.same_rights_as.as_deref() == Some(id) || role.may_delegate_to.contains(id) {
            list.error(&path("id"), format!("role {id} refers to itself"), "name another role");
        }
    }
    for (at, stage) in p.stages.iter().enumerate() {
        let Some(phase) = &stage.phase else { continue };
        for (place, item) in stage.items.iter().enumerate() {
            let role = item.role.as_ref().and_then(|id| p.role(id));
            let Some(role) = role.filter(|role| !role.phases.is_empty() && !role.phases.contains(phase))
            else {
                continue;
            };
            let message = format!(
                "item {} is done in phase {phase} by role {}, which acts only in {}",
                item.id,
                role.id,
                role.phases.join(", ")
            );
            list.warn(&format!("stages[{at}].items[{place}].role"), message, "give it to another role");
        }
    }
}

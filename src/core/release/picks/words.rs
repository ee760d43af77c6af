//! Facts of picks in words.

use super::{Decided, Ordered, OrderedBy, PickKey, PredictionsSeen};
use crate::release::Release;
use crate::release::fact;
use crate::release::ids::Branch;
use crate::release::log::plural;
use crate::release::words::{Words, counted};

impl Release {
    pub(crate) fn pick_words(&self, fact: &fact::Picks) -> Words {
        match fact {
            fact::Picks::Seen(it) if it.rows.is_empty() && it.gone.is_empty() => {
                let many = it.strays.as_ref().map_or(0, Vec::len);
                let first = it.strays.as_ref().and_then(|all| all.first()).map(|it| it.said.line());
                counted("stray command", many, 0, first)
            }
            fact::Picks::Seen(it) => {
                counted("pick", it.rows.len(), it.gone.len(), it.rows.first().map(|row| row.title.line()))
            }
            fact::Picks::Wanted(it) => {
                let first = it.rows.first().map(|row| row.title.line());
                counted("commit wanted on a line", it.rows.len(), it.gone.len(), first)
            }
            fact::Picks::Changes(it) => {
                let first = it.rows.first().map(|row| row.pick.short());
                counted("change", it.rows.len(), it.gone.len(), first)
            }
            fact::Picks::Landings(it) => match &it.rows[..] {
                [row] => Words::about(
                    format!("{} found on {}", row.pick.short(), row.line.line()),
                    row.pick.to_string(),
                )
                .change("not found", format!("{} {}", row.grade.word(), row.commit.short())),
                rows => {
                    counted("landing", rows.len(), it.gone.len(), rows.first().map(|row| row.pick.short()))
                }
            },
            fact::Picks::Predictions(it) => predicted_words(it),
            fact::Picks::Decided(it) => self.decided_words(it),
            fact::Picks::Added(it) => {
                let verb = if it.on { "add" } else { "take off" };
                let what = format!("{verb} {} → {}: {}", it.pick.short(), it.line.line(), it.title.line());
                Words::about(what, it.pick.to_string())
            }
            fact::Picks::Ordered(it) => self.ordered_words(it),
            fact::Picks::Attested(it) => {
                let verb = if it.on { "vouch that" } else { "no longer vouch that" };
                let what = format!("{verb} {} is on {}", it.pick.short(), it.line.line());
                Words::about(what, it.pick.to_string()).why(Some(it.why.clone()))
            }
        }
    }

    fn ordered_words(&self, it: &Ordered) -> Words {
        let how = match it.by {
            OrderedBy::Hand => "by hand",
            OrderedBy::Fix => "so that most apply",
            OrderedBy::Needs => "what is needed first",
        };
        let many = it.order.len();
        let what = format!("order {many} {} of {} {how}", plural(many, "pick"), it.line.line());
        Words::about(what, it.line.line()).change(
            order(self.picks.order.get(&it.line).map(Vec::as_slice).unwrap_or_default()),
            order(&it.order),
        )
    }

    fn decided_words(&self, fact: &Decided) -> Words {
        let title = self.picks.title(&fact.pick, &fact.line).map(|title| format!(": {}", title.line()));
        let what = format!(
            "{} {} → {}{}",
            fact.to.word(),
            fact.pick.short(),
            fact.line.line(),
            title.unwrap_or_default()
        );
        Words::about(what, fact.pick.to_string())
            .change(fact.from.word(), fact.to.word())
            .why(fact.why.clone())
    }

    /// What a pick on a line is called: "#17 fix the cursor".
    #[must_use]
    pub fn pick_name(&self, key: &PickKey, line: &Branch) -> String {
        match self.picks.title(key, line) {
            Some(title) => format!("{} {}", key.short(), title.line()),
            None => key.short(),
        }
    }
}

fn predicted_words(fact: &PredictionsSeen) -> Words {
    let (many, line) = (fact.rows.len(), fact.line.line());
    let what = match (many, fact.gone.len()) {
        (0, 0) => format!("predicted the whole queue of {line}"),
        (0, gone) => format!("{gone} {} left the queue of {line}", plural(gone, "pick")),
        _ => format!("predicted {many} {} on {line}", plural(many, "pick")),
    };
    Words::about(what, line)
}

fn order(keys: &[PickKey]) -> String {
    let shown: Vec<_> = keys.iter().take(6).map(PickKey::short).collect();
    match keys.len() {
        0 => "oldest first".to_owned(),
        1..=6 => shown.join(", "),
        more => format!("{}, and {} more", shown.join(", "), more - 6),
    }
}

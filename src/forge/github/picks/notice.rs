//! What a look at picks could not tell.

use crate::order::Order as _;
use crate::release::log::plural;
use crate::release::text::Untrusted;

/// What a look at picks could not tell, counted.
#[derive(Debug, Default)]
pub(super) struct Notice {
    /// Pull requests of which more is read with the next looks.
    pub later: usize,
    /// Pull requests that are too many.
    pub left_out: usize,
    /// Labels that stand for several lines.
    pub doubts: Vec<String>,
    /// Since when comments were read, where older ones were not.
    pub comments: Option<chrono::DateTime<chrono::Utc>>,
}

impl Notice {
    /// What keeps the queue from being told as a whole: a pull request that nobody looked at may be one that waits.
    pub(super) fn lacks(&self) -> Option<Untrusted> {
        let mut said = Vec::new();
        let pulls = |many: usize| format!("{many} pull {}", plural(many, "request"));
        if self.later > 0 {
            said.push(format!("more about {} is read with the next looks", pulls(self.later)));
        }
        if self.left_out > 0 {
            said.push(format!("{} beyond the first 200 are not looked at", pulls(self.left_out)));
        }
        (!said.is_empty()).then(|| Untrusted::from(said.join("; ")))
    }

    /// In words; none when everything was told.
    pub(super) fn said(mut self) -> Option<String> {
        let mut said = std::mem::take(&mut self.doubts);
        said.order();
        said.dedup();
        said.extend(self.lacks().map(|lacks| lacks.line()));
        if let Some(at) = self.comments {
            said.push(format!("commands in comments from before {} are not read", at.format("%F")));
        }
        (!said.is_empty()).then(|| said.join("; "))
    }
}

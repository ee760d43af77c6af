//! Lines read once, for who takes the first answer for the last: fetched before they are read, and no more of them read
//! than gates ask.

use super::comparing::failed;
use super::git_side::GitSide;
use super::saying::tell;
use super::sightings;
use crate::git::{GitError, LinesAsk, Outline, Refs};
use crate::process::Process;
use crate::release::ids::{Branch, Oid};
use crate::release::looks::{LookKey, Topic};
use crate::release::observe::Sighting;
use crate::release::text::Untrusted;
use crate::spawn::Cancel;
use crate::turn::Event;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;

/// A fetch: how long it may take, and whether the repository is trusted.
pub(super) type Fetch = (Duration, bool);

impl GitSide {
    /// Lines and tags without the commits of their lists: what every gate reads of them, and no message, no patch. What
    /// was not fetched is told.
    pub async fn lines_once(
        &mut self,
        process: &Process,
        fetch: Option<Fetch>,
        inbox: &UnboundedSender<Event>,
        cancel: &Cancel,
    ) -> Sighting {
        if let Some((patience, trusted)) = fetch.filter(|_| self.fetch_is_due()) {
            let why = match tokio::time::timeout(patience, self.fetch(trusted, cancel)).await {
                Ok(why) => why,
                Err(_) => Some(format!("git fetch: not done within {} s", patience.as_secs())),
            };
            tell(inbox, why.iter().map(|why| unfetched(why)).collect());
        }
        self.read_once(process).await.unwrap_or_else(|why| failed(&why))
    }

    async fn read_once(&mut self, process: &Process) -> Result<Sighting, GitError> {
        let git = self.git().await?;
        let refs = git.refs(&self.repository).await?;
        let (ask, _) = match asked(process, &refs)? {
            Ok(asked) => asked,
            Err(no_trunk) => return Ok(no_trunk),
        };
        let repository = self.repository.clone();
        let outline = git.outline(&repository, self.graph().await, &refs, &ask).await?;
        Ok(bare(process, &ask.trunk, &refs, &outline))
    }
}

/// What lines are read, and where the trunk stands; what was seen instead where there is no trunk.
pub(super) fn asked(process: &Process, refs: &Refs) -> Result<Result<(LinesAsk, Oid), Sighting>, GitError> {
    let here = |name: &str| Branch::parse(name).is_ok_and(|branch| refs.branches.contains_key(&branch));
    let trunk = Branch::parse(process.branches.trunk_among(here))?;
    let branches = sightings::line_names(process, refs);
    let ask = LinesAsk { trunk, branches, tags: sightings::version_tags(process, refs), list_cap: 200 };
    let Some(tip) = refs.branches.get(&ask.trunk).map(|row| row.tip) else {
        let why = refs.no_trunk(&process.branches);
        return Ok(Err(Sighting::Failed(LookKey::new(Topic::Git, ""), Untrusted::from(why))));
    };
    Ok(Ok((ask, tip)))
}

/// Lines as far as they are known before a message was read.
pub(super) fn bare(process: &Process, trunk: &Branch, refs: &Refs, outline: &Outline) -> Sighting {
    let line = |line: &_| sightings::line(process, trunk, line, 0, false);
    let lines = outline.lines().iter().map(line).collect();
    Sighting::Git { lines, tags: sightings::tag_rows(refs) }
}

/// What it means that a fetch failed.
pub(super) fn unfetched(why: &str) -> String {
    format!("{why}; branches are as of the last fetch")
}

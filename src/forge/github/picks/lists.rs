//! The lists that name candidates: by label, by milestone, and pull requests that are for a line.

use super::super::{Github, PER_PAGE};
use crate::forge::error::ForgeError;
use crate::forge::wire::{issue, overview, pull};
use crate::release::ids::{Branch, Oid, Repo};
use crate::release::picks::{Backport, BackportState, Gather, brings, picked_from};
use crate::release::text::Untrusted;
use chrono::{DateTime, Utc};
use futures_util::future::{try_join, try_join_all};

/// Merged and closed pull requests of a line that are looked at, those that changed last.
const ENDED: &str = "30";

/// A pull request as a list tells it.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Listed {
    pub number: u64,
    pub title: Untrusted,
    pub author: Option<Untrusted>,
    pub open: bool,
    pub merged_at: Option<DateTime<Utc>>,
    pub merge: Option<Oid>,
    pub updated: Option<DateTime<Utc>>,
    /// Where it was to go; REST's lists do not say.
    pub base: Option<String>,
}

/// A pull request that is for a line.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Incoming {
    pub number: u64,
    pub backport: Backport,
    pub head: Option<Oid>,
    pub updated: Option<DateTime<Utc>>,
    /// The pull requests that it says to bring.
    pub of: Vec<u64>,
    /// The commits that its text says it was picked from.
    pub picked: Vec<Oid>,
}

/// All of them.
#[derive(Debug, Default)]
pub(in super::super) struct Lists {
    /// By label.
    pub labelled: Vec<(Untrusted, Vec<Listed>)>,
    /// By milestone: its title, and the line that it is of.
    pub milestones: Vec<(Untrusted, Branch, Vec<Listed>)>,
    /// By line.
    pub incoming: Vec<(Branch, Vec<Incoming>)>,
    /// Whether every list is as it was.
    pub unchanged: bool,
}

impl Lists {
    /// Every pull request with a label or in a milestone.
    pub(super) fn listed(&self) -> impl Iterator<Item = &Listed> {
        let labelled = self.labelled.iter().flat_map(|(_, rows)| rows);
        labelled.chain(self.milestones.iter().flat_map(|(.., rows)| rows))
    }

    /// Pull requests that are for a line.
    pub(super) fn coming(&self) -> impl Iterator<Item = (&Branch, &Incoming)> {
        self.incoming.iter().flat_map(|(line, rows)| rows.iter().map(move |row| (line, row)))
    }

    /// Pull requests that others bring to a line: open ones, and those that were merged.
    pub(super) fn brought(&self) -> impl Iterator<Item = (u64, &Branch)> {
        let some = self.coming().filter(|(_, it)| it.backport.state != BackportState::Closed);
        some.flat_map(|(line, it)| it.of.iter().map(move |number| (*number, line)))
    }
}

impl Listed {
    /// From GraphQL; none without a number.
    pub(in super::super) fn of_query(it: overview::Labelled) -> Option<Self> {
        let merge = it.merge_commit.and_then(|commit| commit.oid).and_then(|oid| Oid::parse(&oid).ok());
        Some(Self {
            number: it.number?,
            title: Untrusted::from(it.title.unwrap_or_default()),
            author: it.author.and_then(overview::Found::name).map(Untrusted::from),
            open: it.state.as_deref() == Some("OPEN"),
            merge: merge.filter(|_| it.merged_at.is_some()),
            merged_at: it.merged_at,
            updated: it.updated_at,
            base: it.base_ref_name,
        })
    }

    /// From a list of issues; none for what is no pull request.
    fn of_issue(it: issue::Issue) -> Option<Self> {
        Some(Self {
            number: it.number?,
            merged_at: it.pull_request?.merged_at,
            title: Untrusted::from(it.title.unwrap_or_default()),
            author: it.user.and_then(|user| user.login).map(Untrusted::from),
            open: it.state.as_deref() != Some("closed"),
            merge: None,
            updated: it.updated_at,
            base: None,
        })
    }
}

/// Whether who stands so to a repository may write to it. A bot stands as nobody: the process names its own.
pub(super) fn may_write(association: Option<&str>) -> bool {
    matches!(association, Some("OWNER" | "MEMBER" | "COLLABORATOR"))
}

impl Incoming {
    /// From GraphQL; none without a number.
    pub(in super::super) fn of_query(it: overview::Incoming, gather: &Gather, line: &Branch) -> Option<Self> {
        let author = it.author.and_then(overview::Found::name).map(Untrusted::from);
        let known = gather.bot.is_some() && author == gather.bot;
        let mut row = Self::new(it.number?, line);
        row.backport.state = match it.state.as_deref() {
            Some("OPEN") => BackportState::Open,
            Some("MERGED") => BackportState::Merged,
            _ => BackportState::Closed,
        };
        row.backport.draft = it.is_draft.unwrap_or_default();
        row.backport.conflict = match it.mergeable.as_deref() {
            Some("CONFLICTING") => Some(true),
            Some("MERGEABLE") => Some(false),
            _ => None,
        };
        // Who is not known to be of the house, and whose commits are elsewhere, is anybody.
        let strange = it.is_cross_repository != Some(false);
        row.backport.weak = strange && !known && !may_write(it.author_association.as_deref());
        row.backport.author = author;
        (row.backport.at, row.updated) = (it.created_at, it.updated_at);
        row.backport.ended = it.merged_at.or(it.closed_at);
        row.backport.url = it.url.map(Untrusted::from);
        row.head = it.head_ref_oid.and_then(|oid| Oid::parse(&oid).ok());
        let (head, title, body) = (it.head_ref_name.as_deref(), it.title.as_deref(), it.body.as_deref());
        row.recognise((head, title, body), gather, line);
        Some(row)
    }

    /// From a list of pull requests; none without a number.
    fn of_list(it: pull::Pull, repo: &Repo, gather: &Gather, line: &Branch) -> Option<Self> {
        let author = it.user.and_then(|user| user.login).map(Untrusted::from);
        let known = gather.bot.is_some() && author == gather.bot;
        let mut row = Self::new(it.number?, line);
        row.backport.state = match (it.state.as_deref(), it.merged_at) {
            (_, Some(_)) => BackportState::Merged,
            (Some("open"), None) => BackportState::Open,
            _ => BackportState::Closed,
        };
        row.backport.draft = it.draft.unwrap_or_default();
        let head = it.head.unwrap_or_default();
        let at_home = head.repo.and_then(|repo| repo.full_name);
        let strange = at_home.is_none_or(|name| !name.eq_ignore_ascii_case(repo.as_str()));
        row.backport.weak = strange && !known && !may_write(it.author_association.as_deref());
        row.backport.author = author;
        (row.backport.at, row.updated) = (it.created_at, it.updated_at);
        row.backport.ended = it.merged_at.or(it.closed_at);
        row.backport.url = it.html_url.map(Untrusted::from);
        row.head = head.sha.and_then(|oid| Oid::parse(&oid).ok());
        row.recognise((head.name.as_deref(), it.title.as_deref(), it.body.as_deref()), gather, line);
        Some(row)
    }

    fn new(number: u64, _line: &Branch) -> Self {
        let backport = Backport {
            number,
            state: BackportState::Closed,
            draft: false,
            author: None,
            known_by: Untrusted::default(),
            at: None,
            ended: None,
            url: None,
            conflict: None,
            checks: None,
            weak: false,
        };
        Self { number, backport, head: None, updated: None, of: Vec::new(), picked: Vec::new() }
    }

    fn recognise(
        &mut self,
        (head, title, body): (Option<&str>, Option<&str>, Option<&str>),
        gather: &Gather,
        line: &Branch,
    ) {
        let (head, title, body) =
            (head.unwrap_or_default(), title.unwrap_or_default(), body.unwrap_or_default());
        if let Some((numbers, how)) = brings(head, title, body, gather.form.as_deref(), line) {
            // What says that it brings itself brings nothing.
            self.of = numbers.into_iter().filter(|number| *number != self.number).collect();
            self.backport.known_by = Untrusted::from(how);
        }
        if self.of.is_empty() {
            self.picked = picked_from(body);
            self.picked.truncate(super::COMMITS);
        }
    }
}

impl Github {
    /// The milestones that are of a line, as they are now: number, title, line.
    pub(in super::super) async fn line_milestones(
        &self,
        repo: &Repo,
        gather: &Gather,
    ) -> Result<Vec<(u64, Untrusted, Branch)>, ForgeError> {
        if gather.milestones.is_empty() {
            return Ok(Vec::new());
        }
        let all = self.milestones(repo).await?.rows;
        let of = |(form, line): &(crate::release::picks::MilestoneOf, Branch)| {
            let some = all.iter().filter(|it| form.fits(&it.title, it.open)).take(3);
            some.map(|it| (it.number, it.title.clone(), line.clone())).collect::<Vec<_>>()
        };
        Ok(gather.milestones.iter().flat_map(of).collect())
    }

    /// The lists, one after the other.
    pub(super) async fn lists_by_rest(&self, repo: &Repo, gather: &Gather) -> Result<Lists, ForgeError> {
        let mut lists = Lists { unchanged: true, ..Lists::default() };
        let by_label = gather.distinct_labels().into_iter().map(|label| async move {
            // The list of issues is the one that GitHub filters by label, pull requests included.
            let rows = self.issues_by(repo, ("labels", label.raw())).await?;
            Ok::<_, ForgeError>((label.clone(), rows))
        });
        let milestones = self.line_milestones(repo, gather).await?;
        let by_milestone = milestones.into_iter().map(|(number, title, line)| async move {
            Ok::<_, ForgeError>((title, line, self.issues_in(repo, Some(number)).await?))
        });
        let by_line = gather.lines.iter().map(|line| self.incoming(repo, gather, line));
        let (labelled, rest) =
            try_join(try_join_all(by_label), try_join(try_join_all(by_milestone), try_join_all(by_line)))
                .await?;
        for (label, pages) in labelled {
            lists.unchanged &= pages.unchanged;
            lists.labelled.push((label, pages.rows.into_iter().filter_map(Listed::of_issue).collect()));
        }
        for (title, line, pages) in rest.0 {
            lists.unchanged &= pages.unchanged;
            let merged =
                pages.rows.into_iter().filter_map(Listed::of_issue).filter(|it| it.merged_at.is_some());
            lists.milestones.push((title, line, merged.collect()));
        }
        for (line, rows, unchanged) in rest.1 {
            lists.unchanged &= unchanged;
            lists.incoming.push((line, rows));
        }
        Ok(lists)
    }

    async fn issues_by(
        &self,
        repo: &Repo,
        by: (&str, &str),
    ) -> Result<super::super::Pages<issue::Issue>, ForgeError> {
        let query = [by, ("state", "all"), ("sort", "created"), ("direction", "asc"), PER_PAGE];
        self.list(self.url(repo, &["issues"], &query)?).await
    }

    /// Open pull requests of a line, all of them; and of the others those that changed last.
    async fn incoming(
        &self,
        repo: &Repo,
        gather: &Gather,
        line: &Branch,
    ) -> Result<(Branch, Vec<Incoming>, bool), ForgeError> {
        let base = ("base", line.as_str());
        let open = [base, ("state", "open"), ("sort", "created"), ("direction", "asc"), PER_PAGE];
        let open = self.list::<pull::Pull>(self.url(repo, &["pulls"], &open)?).await?;
        let ended =
            [base, ("state", "closed"), ("sort", "updated"), ("direction", "desc"), ("per_page", ENDED)];
        let ended = self.client.get(&self.url(repo, &["pulls"], &ended)?).await?;
        let unchanged = open.unchanged && ended.unchanged;
        let rows = open.rows.into_iter().chain(ended.json::<Vec<pull::Pull>>()?);
        let rows = rows.filter_map(|it| Incoming::of_list(it, repo, gather, line)).collect();
        Ok((line.clone(), rows, unchanged))
    }
}

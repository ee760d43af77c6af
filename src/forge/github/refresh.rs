//! A refresh: all that is due, in as few requests as can be.
//!
//! Three repositories with their milestones and the issues of the chosen one, and four branches, when all of it
//! changed: six REST requests with ETags, one GraphQL query for the checks, one for required checks, picks and
//! releases, one a hundred changed issues for their rolls, one for attempts when something is red. That is ten. The
//! milestones come first: when they moved nothing else is asked whether it did. When nothing changed and nothing runs
//! all of it is 304s and no query is sent.

use super::milestones::titled;
use super::{Github, Read};
use crate::forge::error::{ForgeError, Limit, Trail};
use crate::forge::{Look, RefreshPlan, Seen, Source};
use crate::release::looks::Topic;
use crate::release::observe::Sighting;
use chrono::Utc;
use futures_util::future::{join, join_all};

impl Github {
    /// One sighting for each look of a plan.
    pub(super) async fn see_plan(&self, plan: &RefreshPlan) -> Vec<Seen> {
        let looks = plan.looks();
        if let Some(error) = self.thrift() {
            return looks.iter().map(|look| Seen::failed(look.key(), &error)).collect();
        }
        let lines: Vec<_> = looks
            .into_iter()
            .filter(|look| !matches!(look, Look::Milestones(_) | Look::Issues { .. } | Look::Checks { .. }))
            .collect();
        if self.is_cold() {
            let (mut seen, rest) = join(self.see_scopes(plan), self.see_rest(plan, &lines, true)).await;
            seen.extend(rest);
            return seen;
        }
        let mut seen = self.see_scopes(plan).await;
        let is_new = |it: &Seen| it.source == Source::Live && !matches!(it.sighting, Sighting::Failed(..));
        let moved = seen.iter().any(is_new);
        seen.extend(self.see_rest(plan, &lines, moved).await);
        seen
    }

    /// Whether nothing was read yet: then nothing can be asked whether it changed, and all is read at once.
    fn is_cold(&self) -> bool {
        let memory = self.memory();
        memory.lines.is_empty() && memory.tips.is_empty()
    }

    /// What is neither milestones nor issues. `moved` when those changed.
    async fn see_rest(&self, plan: &RefreshPlan, lines: &[Look], moved: bool) -> Vec<Seen> {
        let due = plan.topics.contains(&Topic::Checks) && !plan.branches.is_empty();
        // What later tells that nothing changed is paid for bit by bit, the checks first.
        let learn = !(moved || due && self.learns_checks(&plan.main, &plan.branches));
        let checks =
            async { if due { self.see_checks(&plan.main, &plan.branches, moved).await } else { Vec::new() } };
        let (mut seen, checks) = join(self.see_lines(&plan.main, lines, moved, learn), checks).await;
        seen.extend(checks);
        seen
    }

    /// Milestones of the plan's repositories and the issues of the chosen one: the milestones are read once for both,
    /// and the rolls of all repositories are asked for together.
    async fn see_scopes(&self, plan: &RefreshPlan) -> Vec<Seen> {
        let listed = plan.topics.contains(&Topic::Milestones);
        let title = plan.milestone.as_ref().filter(|_| plan.topics.contains(&Topic::Issues));
        if !listed && title.is_none() {
            return Vec::new();
        }
        let milestones = join_all(plan.repos.iter().map(|repo| self.milestones(repo))).await;
        let mut seen = Vec::new();
        if let Some(title) = title {
            let numbers =
                milestones.iter().map(|pages| pages.as_ref().map(|pages| titled(&pages.rows, title)));
            let issues = join_all(plan.repos.iter().zip(numbers).map(|(repo, number)| async move {
                match number {
                    Ok(number) => self.issues_in(repo, number).await,
                    Err(error) => Err(error.clone()),
                }
            }))
            .await;
            self.learn_rolls(issues.iter().flatten().flat_map(|pages| &pages.rows)).await;
            for (repo, pages) in plan.repos.iter().zip(issues) {
                let look = Look::Issues { repo: repo.clone(), milestone: title.clone() };
                let read = pages.and_then(|pages| self.issues_read(repo, pages));
                seen.push(read.map_or_else(|error| Seen::failed(look.key(), &error), Read::seen));
            }
        }
        for (repo, pages) in plan.repos.iter().zip(milestones).filter(|_| listed) {
            let read =
                pages.map(|pages| Read::new(Sighting::Milestones(repo.clone(), pages.rows), pages.unchanged));
            let look = Look::Milestones(repo.clone());
            seen.push(read.map_or_else(|error| Seen::failed(look.key(), &error), Read::seen));
        }
        seen
    }

    /// Why polling pauses: less than a tenth of the hour's requests is left, and that is kept for people.
    fn thrift(&self) -> Option<ForgeError> {
        let now = Utc::now();
        let rates = self.client.rates();
        let low = rates.core().filter(|rate| rate.is_low(now))?;
        let what = format!("{} of {} requests left, kept for what you ask for", low.remaining, low.limit);
        let trail = Box::new(Trail { what, ..Trail::default() });
        Some(ForgeError::RateLimited { until: low.reset, limit: Limit::Primary, trail })
    }
}

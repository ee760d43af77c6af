//! Pull requests for release notes: title, labels and login, fifty by one query; by REST where GraphQL refuses.

use super::{Github, incomplete};
use crate::forge::error::{ForgeError, Trail};
use crate::forge::graphql;
use crate::forge::wire::overview::{Candidate, Found};
use crate::forge::wire::pull;
use crate::release::ids::Repo;
use crate::release::notes::Pull;
use crate::release::text::Untrusted;
use serde_json::{Value, json};
use std::collections::BTreeMap;

impl Github {
    /// What pull requests are called; one that is not there is left out.
    pub(super) async fn noted(
        &self,
        repo: &Repo,
        numbers: &[u64],
    ) -> Result<BTreeMap<u64, Pull>, ForgeError> {
        if !self.client.has_token() {
            let why = Untrusted::from("there is no token, and without one the forge tells too little");
            return Err(ForgeError::Closed { why });
        }
        let repo = self.name_now(repo).await?;
        match self.noted_by_query(&repo, numbers).await {
            Err(ForgeError::Graphql { .. }) => self.noted_by_rest(&repo, numbers).await,
            Err(error) if error.is_refusal() => self.noted_by_rest(&repo, numbers).await,
            read => read,
        }
    }

    async fn noted_by_query(&self, repo: &Repo, numbers: &[u64]) -> Result<BTreeMap<u64, Pull>, ForgeError> {
        let mut variables = json!({ "owner": repo.owner(), "name": repo.name() });
        for (at, number) in numbers.iter().enumerate() {
            variables[format!("p{at}")] = Value::from(*number);
        }
        let data = self.client.query_some(&graphql::notes_for(numbers.len()), variables).await?.data;
        let found = &data["repository"];
        if !found.is_object() {
            return Err(incomplete("no repository", Trail::default()));
        }
        let mut known = BTreeMap::new();
        for (at, number) in numbers.iter().enumerate() {
            let row = &found[format!("p{at}")];
            if !row.is_object() {
                continue;
            }
            let row: Option<Candidate> = serde_json::from_value(row.clone()).ok();
            if let Some(row) = row.filter(|row| row.number == Some(*number)) {
                let labels = row.labels.into_iter().flat_map(|it| it.rows()).filter_map(|label| label.name);
                let pull = Pull {
                    title: Untrusted::from(row.title.unwrap_or_default()),
                    labels: labels.map(Untrusted::from).collect(),
                    login: row.author.and_then(Found::name).map(Untrusted::from),
                };
                known.insert(*number, pull);
            }
        }
        Ok(known)
    }

    async fn noted_by_rest(&self, repo: &Repo, numbers: &[u64]) -> Result<BTreeMap<u64, Pull>, ForgeError> {
        let mut known = BTreeMap::new();
        for number in numbers {
            let url = self.url(repo, &["pulls", &number.to_string()], &[])?;
            let row: pull::Pull = match self.client.get(&url).await {
                Ok(reply) => reply.json()?,
                Err(ForgeError::NotFound { .. }) => continue,
                Err(error) => return Err(error),
            };
            let labels = row.label_names().into_iter().map(Untrusted::from).collect();
            let login = row.user.and_then(|user| user.login).map(Untrusted::from);
            let title = Untrusted::from(row.title.unwrap_or_default());
            known.insert(*number, Pull { title, labels, login });
        }
        Ok(known)
    }
}

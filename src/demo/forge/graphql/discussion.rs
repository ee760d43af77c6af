//! Discussions in the graph: categories, what was begun, and the mutation that begins one.

use super::super::access::Takes;
use super::super::call::{Call, Site};
use super::super::state::{Category, Discussion, Repository};
use super::super::users;
use super::query::repo;
use super::run::{Run, known};
use super::thing::{Fault, Found, plain};
use super::{SelectionSet, literal};
use crate::demo::clock::stamp;
use crate::order::Order as _;
use graphql_parser::query::Selection;
use serde_json::{Map, Value, json};

/// Most characters of a body, as GitHub says.
const LONGEST: usize = 65_536;

fn category_node(repo: &Repository, category: &Category) -> String {
    users::node("DIC", &format!("{}:{}", repo.id, category.id))
}

fn category(repo: &Repository, it: &Category) -> Value {
    json!({
        "__typename": "DiscussionCategory", "id": category_node(repo, it), "name": it.name, "slug": it.slug,
        "emoji": it.emoji, "isAnswerable": it.answerable, "description": null, "createdAt": stamp(it.created),
        "updatedAt": stamp(it.created),
    })
}

fn discussion(site: &Site, repo: &Repository, it: &Discussion) -> Value {
    let of = repo.categories.iter().find(|known| known.id == it.category);
    json!({
        "__typename": "Discussion", "id": users::node("D", &format!("{}:{}", repo.id, it.number)),
        "databaseId": it.number, "number": it.number, "title": it.title, "body": it.body, "bodyText": it.body,
        "url": format!("{}/discussions/{}", site.html(repo), it.number), "createdAt": stamp(it.created),
        "updatedAt": stamp(it.created), "closed": false, "locked": false,
        "category": of.map(|of| category(repo, of)),
    })
}

/// The lists of a repository.
pub(super) fn of_repository(run: &Run<'_>, at: usize, name: &str, args: &Value) -> Result<Found, Fault> {
    let repo = repo(run, at);
    if name == "discussionCategories" {
        let all = repo.categories.iter().map(|it| plain("DiscussionCategory", category(repo, it)));
        return Ok(Found::List("DiscussionCategory", all.collect(), json!({})));
    }
    let wanted = |it: &&Discussion| {
        let of = repo.categories.iter().find(|known| known.id == it.category);
        args["categoryId"].as_str().is_none_or(|id| of.is_some_and(|of| category_node(repo, of) == id))
    };
    let mut found: Vec<&Discussion> = repo.discussions.iter().filter(wanted).collect();
    found.order_by_key(|it| (it.created, it.number));
    if args["orderBy"]["direction"] == "DESC" {
        found.reverse();
    }
    let all = found.into_iter().map(|it| plain("Discussion", discussion(&run.call.site, repo, it)));
    Ok(Found::List("Discussion", all.collect(), json!({})))
}

/// Carries out the fields of a mutation, in order: what each came to, by its name.
pub(super) fn carry_out(call: &mut Call<'_>, set: &SelectionSet<'_, String>, variables: &Value) -> Value {
    let mut done = Map::new();
    for item in &set.items {
        let Selection::Field(field) = item else { continue };
        let input = field.arguments.iter().find(|(name, _)| name == "input");
        let input = input.map_or(Value::Null, |(_, value)| literal(value, variables));
        let came = match field.name.as_str() {
            "createDiscussion" => create(call, &input),
            other => Err(Fault::new("", format!("Field '{other}' doesn't exist on type 'Mutation'"))),
        };
        let came = match came {
            Ok(value) => json!({ "ok": value }),
            Err(fault) => json!({ "fault": { "kind": fault.kind, "message": fault.message } }),
        };
        done.insert(field.name.clone(), came);
    }
    Value::Object(done)
}

/// What a field of a mutation came to.
pub(super) fn done(done: &Value, name: &str) -> Result<Found, Fault> {
    let Some(came) = done.get(name) else { return known("Mutation", &Value::Null, name) };
    if let Some(value) = came.get("ok") {
        return Ok(Found::One(Some(plain("CreateDiscussionPayload", value.clone()))));
    }
    let message = came["fault"]["message"].as_str().unwrap_or_default();
    let kind = match came["fault"]["kind"].as_str() {
        Some("NOT_FOUND") => "NOT_FOUND",
        Some("FORBIDDEN") => "FORBIDDEN",
        Some("UNPROCESSABLE") => "UNPROCESSABLE",
        _ => "",
    };
    Err(Fault::new(kind, message))
}

fn create(call: &mut Call<'_>, input: &Value) -> Result<Value, Fault> {
    let text = |key: &str| input[key].as_str().unwrap_or_default().to_owned();
    let missing = |id: &str| {
        Fault::new("NOT_FOUND", format!("Could not resolve to a node with the global id of '{id}'"))
    };
    call.caller
        .check(Takes::Write("discussions"))
        .map_err(|refusal| Fault::new("FORBIDDEN", refusal.message))?;
    let id = text("repositoryId");
    let node = |repo: &Repository| users::node("R", &repo.id.to_string());
    let at = call.world.repositories.iter().position(|repo| node(repo) == id).ok_or_else(|| missing(&id))?;
    call.repo = at;
    let id = text("categoryId");
    if call.repo().categories.is_empty() {
        return Err(Fault::new("UNPROCESSABLE", "Discussions are not enabled for this repository"));
    }
    let of = call.repo().categories.iter().find(|it| category_node(call.repo(), it) == id);
    let category = of.map(|of| of.id).ok_or_else(|| missing(&id))?;
    let (title, body) = (text("title"), text("body"));
    if title.is_empty() || body.is_empty() {
        return Err(Fault::new("UNPROCESSABLE", "Title or body can't be blank"));
    }
    if body.chars().count() > LONGEST {
        let message = format!("Body is too long (maximum is {LONGEST} characters)");
        return Err(Fault::new("UNPROCESSABLE", message));
    }
    let (number, author, created) = (call.repo().next_number(), call.login(), call.site.now);
    let made = Discussion { number, category, title, body, author, created };
    let value = discussion(&call.site, call.repo(), &made);
    call.repo_mut().discussions.push(made);
    Ok(json!({ "clientMutationId": input["clientMutationId"], "discussion": value }))
}

//! Executes a selection: fields, aliases, fragments, directives, pages, errors with their paths.

use super::super::call::Call;
use super::thing::{Fault, Found, Page, Thing};
use super::{Fragments, checks, commit, issue, literal, query};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use graphql_parser::query::{Directive, Field, Selection, SelectionSet, TypeCondition};
use serde_json::{Map, Value, json};
use std::rc::Rc;

/// What has no value though the schema promises one: the null takes the object around it with it.
struct Bare;

/// Fields that can fail here and are never null in GitHub's schema.
const PROMISED: &[(&str, &[&str])] = &[
    ("Repository", &["issues", "pullRequests", "releases", "discussions", "discussionCategories"]),
    ("Milestone", &["issues", "pullRequests"]),
    ("Issue", &["assignees", "comments", "timelineItems"]),
    ("PullRequest", &["assignees", "comments", "timelineItems"]),
    ("Commit", &["history", "parents"]),
    ("StatusCheckRollup", &["contexts"]),
    ("Query", &["nodes", "viewer"]),
];

/// One execution.
pub(super) struct Run<'r> {
    pub call: &'r Call<'r>,
    fragments: Fragments<'r>,
    variables: Value,
    pub cost: u64,
    pub errors: Vec<Value>,
}

impl<'r> Run<'r> {
    pub(super) fn new(call: &'r Call<'_>, fragments: Fragments<'r>, variables: Value, cost: u64) -> Self {
        Self { call, fragments, variables, cost, errors: Vec::new() }
    }

    /// The fields of `thing` that `set` asks for.
    pub(super) fn select(
        &mut self,
        thing: &Thing,
        set: &SelectionSet<'r, String>,
        path: &mut Vec<Value>,
    ) -> Value {
        let mut out = Map::new();
        match self.collect(thing, set, path, &mut out) {
            Ok(()) => Value::Object(out),
            Err(Bare) => Value::Null,
        }
    }

    fn collect(
        &mut self,
        thing: &Thing,
        set: &SelectionSet<'r, String>,
        path: &mut Vec<Value>,
        out: &mut Map<String, Value>,
    ) -> Result<(), Bare> {
        let mut whole = Ok(());
        for item in &set.items {
            match item {
                Selection::Field(field) if self.wanted(&field.directives) => {
                    whole = self.put(thing, field, path, out).and(whole);
                }
                Selection::InlineFragment(one) if self.wanted(&one.directives) => {
                    let fits = match &one.type_condition {
                        None => true,
                        Some(TypeCondition::On(name)) => self.is(thing, name),
                    };
                    if fits {
                        whole = self.collect(thing, &one.selection_set, path, out).and(whole);
                    }
                }
                Selection::FragmentSpread(spread) if self.wanted(&spread.directives) => {
                    let Some(fragment) = self.fragments.get(&spread.fragment_name).copied() else {
                        let message = format!("Fragment {} was used, but not defined", spread.fragment_name);
                        self.errors.push(json!({ "message": message, "path": path.clone() }));
                        continue;
                    };
                    let TypeCondition::On(name) = &fragment.type_condition;
                    if path.len() < 40 && self.is(thing, name) {
                        whole = self.collect(thing, &fragment.selection_set, path, out).and(whole);
                    }
                }
                Selection::Field(_) | Selection::InlineFragment(_) | Selection::FragmentSpread(_) => {}
            }
        }
        whole
    }

    fn put(
        &mut self,
        thing: &Thing,
        field: &Field<'r, String>,
        path: &mut Vec<Value>,
        out: &mut Map<String, Value>,
    ) -> Result<(), Bare> {
        let key = field.alias.as_ref().unwrap_or(&field.name).clone();
        path.push(json!(key));
        let value = self.field(thing, field, path);
        path.pop();
        let promised = |(kind, names): &(&str, &[&str])| {
            names.contains(&field.name.as_str()) && self.name(thing) == *kind
        };
        let bare = value.is_null() && PROMISED.iter().any(promised);
        match (out.get_mut(&key), value) {
            (Some(Value::Object(known)), Value::Object(more)) => known.extend(more),
            (_, value) => drop(out.insert(key, value)),
        }
        // The other fields are still looked at, so that every error is told.
        if bare { Err(Bare) } else { Ok(()) }
    }

    fn wanted(&self, directives: &[Directive<'r, String>]) -> bool {
        directives.iter().all(|directive| {
            let said = directive.arguments.first().map(|(_, value)| literal(value, &self.variables));
            let said = said.and_then(|value| value.as_bool()).unwrap_or(true);
            match directive.name.as_str() {
                "include" => said,
                "skip" => !said,
                _ => true,
            }
        })
    }

    fn field(&mut self, thing: &Thing, field: &Field<'r, String>, path: &mut Vec<Value>) -> Value {
        if field.name == "__typename" {
            return json!(self.name(thing));
        }
        let args: Map<String, Value> = field
            .arguments
            .iter()
            .map(|(name, value)| (name.clone(), literal(value, &self.variables)))
            .collect();
        let args = Value::Object(args);
        let found = self.resolve(thing, &field.name, &args).and_then(|found| match found {
            Found::List(name, all, more) => page(name, all, more, &args).map(|page| Found::One(Some(page))),
            other => Ok(other),
        });
        match found {
            Ok(Found::Leaf(value)) => value,
            Ok(Found::One(None)) => Value::Null,
            Ok(Found::One(Some(next))) => self.select(&next, &field.selection_set, path),
            Ok(Found::Many(all)) => self.each(&all, field, path),
            Ok(Found::List(..)) => Value::Null,
            Err(fault) => {
                let place = json!([{ "line": field.position.line, "column": field.position.column }]);
                let mut error = json!({ "path": path.clone(), "locations": place, "message": fault.message });
                if !fault.kind.is_empty() {
                    error["type"] = json!(fault.kind);
                }
                self.errors.push(error);
                Value::Null
            }
        }
    }

    fn each(&mut self, all: &[Thing], field: &Field<'r, String>, path: &mut Vec<Value>) -> Value {
        let mut out = Vec::new();
        for (at, next) in all.iter().enumerate() {
            path.push(json!(at));
            out.push(self.select(next, &field.selection_set, path));
            path.pop();
        }
        Value::Array(out)
    }

    fn resolve(&self, thing: &Thing, name: &str, args: &Value) -> Result<Found, Fault> {
        match thing {
            Thing::Query => query::root(self, name, args),
            Thing::Done(done) => super::discussion::done(done, name),
            Thing::Repository(repo) => query::repository(self, *repo, name, args),
            Thing::Milestone(repo, number) => issue::milestone(self, *repo, *number, name, args),
            Thing::Issue(repo, number) => issue::issue(self, *repo, *number, name, args),
            Thing::Ref(repo, full, oid) => commit::reference(self, *repo, full, *oid, name, args),
            Thing::Commit(repo, oid) => commit::commit(self, *repo, *oid, name, args),
            Thing::Tag(repo, oid) => commit::tag(self, *repo, *oid, name),
            Thing::Rollup(repo, oid) => checks::rollup(self, *repo, *oid, name),
            Thing::Check(repo, kind, value) => checks::check(self, *repo, kind, value, name, args),
            Thing::Plain(kind, value) => known(kind, value, name),
            Thing::Page(page) => of_page(page, name),
        }
    }

    fn name(&self, thing: &Thing) -> String {
        match thing {
            Thing::Query => "Query".into(),
            Thing::Done(_) => "Mutation".into(),
            Thing::Repository(_) => "Repository".into(),
            Thing::Milestone(..) => "Milestone".into(),
            Thing::Issue(repo, number) => {
                let pull =
                    self.call.world.repositories[*repo].issues.get(number).is_some_and(|i| i.pull.is_some());
                if pull { "PullRequest".into() } else { "Issue".into() }
            }
            Thing::Ref(..) => "Ref".into(),
            Thing::Commit(..) => "Commit".into(),
            Thing::Tag(..) => "Tag".into(),
            Thing::Rollup(..) => "StatusCheckRollup".into(),
            Thing::Check(_, kind, _) | Thing::Plain(kind, _) => (*kind).into(),
            Thing::Page(page) => page.name.clone(),
        }
    }

    /// Whether a thing is of a type, by its own name or by an interface that it has.
    fn is(&self, thing: &Thing, wanted: &str) -> bool {
        let name = self.name(thing);
        name == wanted
            || match wanted {
                "Node" => !matches!(thing, Thing::Query | Thing::Done(_) | Thing::Page(_)),
                "Actor" => matches!(name.as_str(), "User" | "Bot" | "Organization"),
                "RepositoryOwner" => matches!(name.as_str(), "User" | "Organization"),
                "GitObject" => matches!(name.as_str(), "Commit" | "Tag" | "Tree" | "Blob"),
                "Labelable" | "Assignable" | "Closable" | "Comment" | "Lockable" => {
                    matches!(name.as_str(), "Issue" | "PullRequest")
                }
                "RequirableByPullRequest" | "StatusCheckRollupContext" => {
                    matches!(name.as_str(), "CheckRun" | "StatusContext")
                }
                _ => false,
            }
    }
}

/// A field of an object whose fields are there.
pub(super) fn known(kind: &str, value: &Value, name: &str) -> Result<Found, Fault> {
    match value.get(name) {
        None => Err(Fault::new("", format!("Field '{name}' doesn't exist on type '{kind}'"))),
        Some(Value::Object(_)) => {
            let inner = Rc::new(value[name].clone());
            let kind = match value[name]["__typename"].as_str() {
                Some("User") => "User",
                Some("Bot") => "Bot",
                Some("Organization") => "Organization",
                Some("App") => "App",
                Some("CheckSuite") => "CheckSuite",
                Some("WorkflowRun") => "WorkflowRun",
                Some("Workflow") => "Workflow",
                Some("GitActor") => "GitActor",
                Some("Discussion") => "Discussion",
                Some("DiscussionCategory") => "DiscussionCategory",
                Some("RequiredStatusChecksParameters") => "RequiredStatusChecksParameters",
                _ => "Object",
            };
            Ok(Found::One(Some(Thing::Plain(kind, inner))))
        }
        Some(Value::Array(rows)) if rows.iter().any(Value::is_object) => {
            let row = |row: &Value| Thing::Plain("Object", Rc::new(row.clone()));
            Ok(Found::Many(rows.iter().map(row).collect()))
        }
        Some(value) => Ok(Found::Leaf(value.clone())),
    }
}

fn cursor(at: usize) -> String {
    BASE64_STANDARD.encode(format!("cursor:{at}"))
}

fn read_cursor(text: &str) -> Result<usize, Fault> {
    let bytes = BASE64_STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let at = bytes.and_then(|text| text.strip_prefix("cursor:")?.parse().ok());
    at.ok_or_else(|| {
        Fault::new("INVALID_CURSOR_ARGUMENTS", format!("`{text}` does not appear to be a valid cursor."))
    })
}

fn page(name: &'static str, all: Vec<Thing>, more: Value, args: &Value) -> Result<Thing, Fault> {
    let total = all.len();
    let at = |key: &str| args[key].as_str().map(read_cursor).transpose();
    let mut start = at("after")?.map_or(0, |at| at + 1).min(total);
    let mut end = at("before")?.unwrap_or(total).clamp(start, total);
    let size = |key: &str| args[key].as_u64().and_then(|size| usize::try_from(size).ok());
    let (first, last) = (size("first"), size("last"));
    match first.or(last) {
        None => {
            let message = "You must provide a `first` or `last` value to properly paginate the connection.";
            return Err(Fault::new("MISSING_PAGINATION_BOUNDARIES", message));
        }
        Some(size) if size > 100 => {
            let message = format!("Requesting {size} records exceeds the `first` limit of 100 records.");
            return Err(Fault::new("EXCESSIVE_PAGINATION", message));
        }
        Some(_) => {}
    }
    if let Some(first) = first {
        end = end.min(start + first);
    }
    if let Some(last) = last {
        start = start.max(end.saturating_sub(last));
    }
    let nodes = all.into_iter().skip(start).take(end - start).collect();
    Ok(Thing::Page(Rc::new(Page { name: format!("{name}Connection"), total, start, nodes, more })))
}

fn of_page(page: &Page, name: &str) -> Result<Found, Fault> {
    let end = page.start + page.nodes.len();
    match name {
        "totalCount" => Ok(Found::Leaf(json!(page.total))),
        "nodes" => Ok(Found::Many(page.nodes.clone())),
        "edges" => {
            let name = page.name.clone();
            let edge = |(at, node): (usize, &Thing)| {
                let more = json!({ "cursor": cursor(page.start + at), "__edge": true });
                let (total, start, nodes) = (page.total, page.start + at, vec![node.clone()]);
                Thing::Page(Rc::new(Page {
                    name: name.replace("Connection", "Edge"),
                    total,
                    start,
                    nodes,
                    more,
                }))
            };
            Ok(Found::Many(page.nodes.iter().enumerate().map(edge).collect()))
        }
        "node" if page.more["__edge"] == true => Ok(Found::One(page.nodes.first().cloned())),
        "pageInfo" => Ok(Found::One(Some(super::thing::plain(
            "PageInfo",
            json!({
                "hasNextPage": end < page.total, "hasPreviousPage": page.start > 0,
                "startCursor": (!page.nodes.is_empty()).then(|| cursor(page.start)),
                "endCursor": (!page.nodes.is_empty()).then(|| cursor(end - 1)),
            }),
        )))),
        _ => known(&page.name, &page.more, name),
    }
}

//! One request to the forge, and what comes back.

use super::access::{Caller, Meter};
use super::objects::Objects;
use super::state::{Issue, Repository, World};
use serde_json::{Value, json};
use std::sync::Arc;

/// Where the forge is and what time it is: all that a rendering needs besides the thing itself.
#[derive(Debug, Clone)]
pub(super) struct Site {
    /// The root of all URLs, without a slash at the end.
    pub base: Arc<str>,
    /// Seconds since 1970.
    pub now: i64,
}

impl Site {
    pub(super) fn repo(&self, repo: &Repository) -> String {
        format!("{}/repos/{}/{}", self.base, repo.owner, repo.name)
    }

    pub(super) fn html(&self, repo: &Repository) -> String {
        format!("{}/{}/{}", self.base, repo.owner, repo.name)
    }
}

/// A request, taken apart.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    pub method: String,
    /// The path as it came, still encoded.
    pub path: String,
    pub query: Vec<(String, String)>,
    pub headers: Vec<(String, String)>,
    pub raw: Vec<u8>,
}

impl Asked {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .filter(|v| !v.is_empty())
    }
}

/// A request on its way through the forge.
pub(super) struct Call<'a> {
    pub world: &'a mut World,
    pub site: Site,
    pub caller: Caller,
    pub asked: &'a Asked,
    pub body: Value,
    /// What the `{…}` of the route's template stood for.
    pub at: Vec<String>,
    /// Which repository the path names.
    pub repo: usize,
    /// How the caller's limit stands.
    pub meter: Option<Meter>,
}

impl Call<'_> {
    pub(super) fn repo(&self) -> &Repository {
        &self.world.repositories[self.repo]
    }

    pub(super) fn repo_mut(&mut self) -> &mut Repository {
        &mut self.world.repositories[self.repo]
    }

    /// The `n`th variable of the path.
    pub(super) fn arg(&self, n: usize) -> &str {
        self.at.get(n).map_or("", String::as_str)
    }

    /// The `n`th variable of the path as a number; what is none is not found.
    pub(super) fn number(&self, n: usize) -> Result<u64, Refusal> {
        self.arg(n).parse().map_err(|_| Refusal::not_found())
    }

    pub(super) fn issue(&self, n: usize) -> Result<&Issue, Refusal> {
        let number = self.number(n)?;
        self.repo().issues.get(&number).ok_or_else(Refusal::not_found)
    }

    pub(super) fn objects(&self) -> Result<Objects, Refusal> {
        Objects::open(&self.repo().origin)
    }

    pub(super) fn login(&self) -> String {
        self.caller.login.clone()
    }

    /// A text of the body, when it is given and a text.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.body.get(key).and_then(Value::as_str).map(str::to_owned)
    }

    /// A text of the body that must be there.
    pub(super) fn needed(&self, key: &str, resource: &str) -> Result<String, Refusal> {
        self.text(key)
            .filter(|text| !text.is_empty())
            .ok_or_else(|| Refusal::field(resource, key, "missing_field"))
    }

    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        self.body.get(key).and_then(Value::as_bool)
    }

    /// A list of texts of the body.
    pub(super) fn texts(&self, key: &str) -> Option<Vec<String>> {
        texts(self.body.get(key)?)
    }

    /// One page of `all`, each rendered.
    pub(super) fn page<T>(&self, all: &[T], render: impl Fn(&T) -> Value) -> Reply {
        let (page, size, values) = self.slice(all, render);
        Reply { link: Some((page, size, all.len())), ..Reply::ok(Value::Array(values)) }
    }

    /// One page of `all` as `{total_count, key: […]}`.
    pub(super) fn wrapped<T>(&self, key: &str, all: &[T], render: impl Fn(&T) -> Value) -> Reply {
        let (page, size, values) = self.slice(all, render);
        let mut body = json!({ "total_count": all.len() });
        body[key] = Value::Array(values);
        Reply { link: Some((page, size, all.len())), ..Reply::ok(body) }
    }

    fn slice<T>(&self, all: &[T], render: impl Fn(&T) -> Value) -> (usize, usize, Vec<Value>) {
        let number = |key| self.asked.query(key).and_then(|text| text.parse::<usize>().ok());
        let size = number("per_page").unwrap_or(30).clamp(1, 100);
        let page = number("page").unwrap_or(1).max(1);
        (page, size, all.iter().skip((page - 1).saturating_mul(size)).take(size).map(render).collect())
    }
}

/// A JSON list of texts.
pub(super) fn texts(value: &Value) -> Option<Vec<String>> {
    let list = value.as_array()?;
    Some(
        list.iter()
            .filter_map(|item| item.as_str().or_else(|| item["name"].as_str()))
            .map(str::to_owned)
            .collect(),
    )
}

/// What a route answers.
#[derive(Debug, Clone, Default)]
pub(super) struct Reply {
    pub status: u16,
    pub body: Content,
    pub headers: Vec<(String, String)>,
    /// Page, page size and number of things, for the `Link` header.
    pub link: Option<(usize, usize, usize)>,
    /// What it costs of a limit, when that is not 1.
    pub cost: u64,
}

/// The body of a reply.
#[derive(Debug, Clone, Default)]
pub(super) enum Content {
    /// None.
    #[default]
    Empty,
    /// JSON.
    Json(Value),
    /// Plain text: logs, raw files.
    Text(String),
}

impl Reply {
    pub(super) fn ok(body: Value) -> Self {
        Self::with(200, body)
    }

    pub(super) fn created(body: Value) -> Self {
        Self::with(201, body)
    }

    pub(super) fn with(status: u16, body: Value) -> Self {
        Self { status, body: Content::Json(body), ..Self::default() }
    }

    pub(super) fn empty(status: u16) -> Self {
        Self { status, ..Self::default() }
    }
}

/// Why a request is not done.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub status: u16,
    pub message: String,
    pub errors: Option<Value>,
    pub headers: Vec<(String, String)>,
}

impl Refusal {
    pub(super) fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), errors: None, headers: Vec::new() }
    }

    pub(super) fn not_found() -> Self {
        Self::new(404, "Not Found")
    }

    /// 422 about one field of one resource.
    pub(super) fn field(resource: &str, field: &str, code: &str) -> Self {
        let errors = json!([{ "resource": resource, "field": field, "code": code }]);
        Self { errors: Some(errors), ..Self::new(422, "Validation Failed") }
    }

    /// 422 with a sentence of its own.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(422, message)
    }

    pub(super) fn reply(self) -> Reply {
        let documentation = "https://docs.github.com/rest";
        let mut body = json!({
            "message": self.message, "documentation_url": documentation, "status": self.status.to_string(),
        });
        if let Some(errors) = self.errors {
            body["errors"] = errors;
        }
        Reply { headers: self.headers, ..Reply::with(self.status, body) }
    }
}

impl From<git2::Error> for Refusal {
    fn from(error: git2::Error) -> Self {
        match error.code() {
            git2::ErrorCode::NotFound => Self::not_found(),
            _ => Self::new(500, format!("git: {}", error.message())),
        }
    }
}

pub(super) type Answer = Result<Reply, Refusal>;

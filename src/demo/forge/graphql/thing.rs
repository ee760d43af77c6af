//! What a GraphQL field can lead to.

use git2::Oid;
use serde_json::Value;
use std::rc::Rc;

/// An object of the schema.
#[derive(Debug, Clone)]
pub(super) enum Thing {
    Query,
    /// What a mutation has done, by the key of each of its fields.
    Done(Rc<Value>),
    Repository(usize),
    Milestone(usize, u64),
    /// An issue or a pull request.
    Issue(usize, u64),
    Ref(usize, String, Oid),
    Commit(usize, Oid),
    /// An annotated tag.
    Tag(usize, Oid),
    Rollup(usize, Oid),
    /// A check run or a status context: its fields, and the repository whose rules say whether it is required.
    Check(usize, &'static str, Rc<Value>),
    /// An object whose fields are all there already.
    Plain(&'static str, Rc<Value>),
    /// One page of a list.
    Page(Rc<Page>),
}

/// One page of a connection.
#[derive(Debug)]
pub(super) struct Page {
    pub name: String,
    pub total: usize,
    /// Where the page starts in the whole list.
    pub start: usize,
    pub nodes: Vec<Thing>,
    /// Fields of the connection besides those that all have.
    pub more: Value,
}

/// The value of a field.
pub(super) enum Found {
    Leaf(Value),
    One(Option<Thing>),
    Many(Vec<Thing>),
    /// A whole list, of which the arguments ask a page.
    List(&'static str, Vec<Thing>, Value),
}

/// Why a field has no value.
#[derive(Debug)]
pub(super) struct Fault {
    pub kind: &'static str,
    pub message: String,
}

impl Fault {
    pub(super) fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

impl From<super::Refusal> for Fault {
    fn from(refusal: super::Refusal) -> Self {
        Self::new("NOT_FOUND", refusal.message)
    }
}

impl From<git2::Error> for Fault {
    fn from(error: git2::Error) -> Self {
        Self::new("NOT_FOUND", error.message())
    }
}

pub(super) fn plain(name: &'static str, value: Value) -> Thing {
    Thing::Plain(name, Rc::new(value))
}

pub(super) fn leaf(value: impl Into<Value>) -> Result<Found, Fault> {
    Ok(Found::Leaf(value.into()))
}

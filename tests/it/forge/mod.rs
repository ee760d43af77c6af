//! Tests of the `forge` room, against a server that does as it is told.
mod api;
mod artifacts;
mod cache;
mod checks;
mod contract;
mod cutting;
mod embedded;
mod errands;
mod faults;
mod hostile;
mod log;
mod noted;
mod paging;
mod picks;
mod planned;
mod pulls;
mod recorded;
mod refresh;
mod required;
pub mod server;
mod sources;
mod tasks;
mod token;
mod told;
mod uploads;
mod wire;

use gonogo::forge::{Api, Github, Patience, Setup, Token};
use gonogo::release::ids::{Branch, Oid, OpId, Repo};
use gonogo::release::text::Untrusted;
use server::Server;
use std::time::Duration;

/// The token of every test; no reply, error or file may ever hold it.
pub const SECRET: &str = "ghp_SECRETSECRETSECRETSECRETSECRET0000";

pub fn repo() -> Repo {
    Repo::parse("octo/widget").expect("a repository")
}

pub fn branch(name: &str) -> Branch {
    Branch::parse(name).expect("a branch")
}

pub fn text(text: &str) -> Untrusted {
    Untrusted::from(text)
}

pub fn op() -> OpId {
    OpId::parse("01KAHQ9C7D0000000000000000").expect("an operation")
}

/// A commit id made of one digit.
pub fn oid(digit: char) -> Oid {
    Oid::parse(&digit.to_string().repeat(40)).expect("an id")
}

/// No waiting between tries or writes.
pub fn hasty() -> Patience {
    Patience { backoff: Duration::ZERO, between_writes: Duration::ZERO, ..Patience::default() }
}

pub fn setup(server: &Server) -> Setup {
    let api = Api::of_url(&server.url).expect("an address");
    let token = Token::new(SECRET, api.host(), gonogo::forge::token::Origin::Variable("GH_TOKEN"));
    Setup { patience: hasty(), ..Setup::new(api, Some(token.expect("a token"))) }
}

pub fn github(server: &Server) -> Github {
    Github::new(setup(server)).expect("a client")
}

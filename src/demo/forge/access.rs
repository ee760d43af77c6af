//! Who may do what on the forge, and how often.

use super::call::Refusal;
use std::collections::BTreeMap;

/// The token that may do everything.
pub const FULL: &str = "demo-full";
/// The token that may only read.
pub const READ_ONLY: &str = "demo-read-only";
/// A fine-grained token: everything except Checks, for which GitHub has no such permission.
pub const FINE_GRAINED: &str = "demo-fine-grained";

/// The kinds of tokens that the forge knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Power {
    Nobody,
    Full,
    ReadOnly,
    FineGrained,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Caller {
    pub login: String,
    pub power: Power,
}

/// What a route takes: a permission's name, and whether it writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// Nothing, not even a token.
    Nothing,
    /// Some valid token.
    Token,
    Read(&'static str),
    Write(&'static str),
}

impl Caller {
    /// Reads the `Authorization` header; without one the caller is nobody.
    pub(super) fn of(header: Option<&str>) -> Result<Self, Refusal> {
        let Some(header) = header else {
            return Ok(Self { login: String::new(), power: Power::Nobody });
        };
        let token =
            header.strip_prefix("Bearer ").or_else(|| header.strip_prefix("token ")).unwrap_or(header);
        let (login, power) = match token.trim() {
            FULL => ("ana-weber", Power::Full),
            READ_ONLY => ("danap", Power::ReadOnly),
            FINE_GRAINED => ("bo-lindqvist", Power::FineGrained),
            _ => return Err(Refusal::new(401, "Bad credentials")),
        };
        Ok(Self { login: login.to_owned(), power })
    }

    /// Whether the caller may read check runs and suites.
    pub(super) fn sees_checks(&self) -> bool {
        self.power != Power::FineGrained
    }

    /// Refuses what the caller may not do, as GitHub words it.
    pub(super) fn check(&self, takes: Takes) -> Result<(), Refusal> {
        let refuse = |what: &str| {
            let mut refusal = Refusal::new(403, "Resource not accessible by personal access token");
            refusal.headers.push(("x-accepted-github-permissions".into(), what.into()));
            Err(refusal)
        };
        match (takes, self.power) {
            (Takes::Nothing | Takes::Read(_), Power::Nobody) => Ok(()),
            (Takes::Token | Takes::Write(_), Power::Nobody) => {
                Err(Refusal::new(401, "Requires authentication"))
            }
            (Takes::Read("checks") | Takes::Write("checks"), Power::FineGrained) => refuse("checks=read"),
            (Takes::Write(name), Power::ReadOnly) => refuse(&format!("{name}=write")),
            (Takes::Nothing | Takes::Token | Takes::Read(_) | Takes::Write(_), _) => Ok(()),
        }
    }
}

/// One counter of requests an hour.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meter {
    pub limit: u64,
    pub used: u64,
    /// When it starts again.
    pub reset: i64,
}

/// All counters, by token and resource.
#[derive(Debug, Clone, Default)]
pub(super) struct Meters {
    meters: BTreeMap<(Power, &'static str), Meter>,
}

impl Meters {
    /// The counter, started again when its hour is over.
    pub(super) fn of(&mut self, power: Power, resource: &'static str, now: i64) -> &mut Meter {
        let limit = match (resource, power) {
            (_, Power::Nobody) => 60,
            ("search", _) => 30,
            _ => 5000,
        };
        let period = if resource == "search" { 60 } else { 3600 };
        let fresh = Meter { limit, used: 0, reset: now + period };
        let meter = self.meters.entry((power, resource)).or_insert(fresh);
        if meter.reset <= now {
            *meter = fresh;
        }
        meter
    }
}

impl Meter {
    pub(super) fn remaining(&self) -> u64 {
        self.limit.saturating_sub(self.used)
    }

    /// The `x-ratelimit-*` headers.
    pub(super) fn headers(&self, resource: &str) -> Vec<(String, String)> {
        vec![
            ("x-ratelimit-limit".into(), self.limit.to_string()),
            ("x-ratelimit-remaining".into(), self.remaining().to_string()),
            ("x-ratelimit-used".into(), self.used.to_string()),
            ("x-ratelimit-reset".into(), self.reset.to_string()),
            ("x-ratelimit-resource".into(), resource.into()),
        ]
    }
}

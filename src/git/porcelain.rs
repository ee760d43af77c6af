//! What `git push --porcelain` says became of each ref.

use crate::release::text::Untrusted;

/// What became of one ref, by the flag of its line (git-push(1), "OUTPUT").
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pushed {
    /// `*`: the ref is new on the remote.
    New,
    /// A blank: it was moved forward.
    Forward,
    /// `=`: the remote had it there already.
    UpToDate,
    /// `!` with `[rejected]`: our own git refused, since the remote is not where we expected it.
    Rejected(Untrusted),
    /// `!` with `[remote rejected]` or `[remote failure]`: the server refused.
    RemoteRejected(Untrusted),
    /// `+` or `-`: forced or deleted. We never ask for either.
    Unasked,
}

/// The line of a ref in what `git push --porcelain` wrote to its standard output.
#[must_use]
pub fn pushed(stdout: &str, full_name: &str) -> Option<Pushed> {
    stdout.lines().find_map(|line| {
        let (flag, rest) = line.split_once('\t')?;
        let (refs, summary) = rest.split_once('\t')?;
        if refs.rsplit(':').next() != Some(full_name) {
            return None;
        }
        let (kind, reason) = summary.split_once(" (").unwrap_or((summary, ""));
        let reason = Untrusted::from(reason.strip_suffix(')').unwrap_or(reason));
        match flag {
            "*" => Some(Pushed::New),
            " " => Some(Pushed::Forward),
            "=" => Some(Pushed::UpToDate),
            "+" | "-" => Some(Pushed::Unasked),
            "!" if kind.starts_with("[remote") => Some(Pushed::RemoteRejected(reason)),
            "!" => Some(Pushed::Rejected(reason)),
            _ => None,
        }
    })
}

/// What the server itself wrote: the lines that git marks with `remote:`, joined.
#[must_use]
pub fn server_words(stderr: &[u8]) -> Untrusted {
    let text = String::from_utf8_lossy(stderr);
    let lines = text.split(['\n', '\r']).filter_map(|line| line.trim_end().strip_prefix("remote:"));
    let words: Vec<_> = lines.map(str::trim).filter(|line| !line.is_empty()).collect();
    Untrusted::from(words.join("\n").chars().take(4000).collect::<String>())
}

/// Why a remote could not be talked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// It does not let us in: no or wrong credentials, no permission, an unknown host key.
    Denied,
    /// It was not reached, or there is no such repository.
    Unreachable,
    /// Something else.
    Unclear,
}

/// Sorts what git, ssh and curl write when a remote cannot be talked to (all in the C locale).
#[must_use]
pub fn trouble(stderr: &str) -> Trouble {
    const DENIED: &[&str] = &[
        "Permission denied",
        "Permission to ",
        "Authentication failed",
        "could not read Username",
        "could not read Password",
        "Invalid username or",
        "terminal prompts disabled",
        "Host key verification failed",
        "Repository not found",
        "returned error: 401",
        "returned error: 403",
        "Write access to repository not granted",
        "SAML SSO",
    ];
    const UNREACHABLE: &[&str] = &[
        "Could not resolve host",
        "Connection refused",
        "Connection timed out",
        "Connection reset",
        "Operation timed out",
        "Network is unreachable",
        "No route to host",
        "Failed to connect",
        "unable to connect",
        "unable to access",
        "does not appear to be a git repository",
        "does not exist",
        "Could not read from remote repository",
        "unexpected disconnect",
        "hung up unexpectedly",
    ];
    let any = |words: &[&str]| words.iter().any(|word| stderr.contains(word));
    match (any(DENIED), any(UNREACHABLE)) {
        (true, _) => Trouble::Denied,
        (false, true) => Trouble::Unreachable,
        (false, false) => Trouble::Unclear,
    }
}

//! What is copied and opened in a browser: built here from ids, never taken from a reply.

use crate::release::Release;
use crate::release::agenda::Subject;
use crate::release::ids::Repo;
use crate::release::picks::PickKey;
use crate::release::text::Untrusted;
use crate::screen::Screen;
use crate::screen::rows::{RowId, ci};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stands for itself in a path segment (RFC 3986, unreserved).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// Branch and tag names keep their slashes.
fn path(text: &str) -> String {
    text.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// The address of what a row is about.
pub(super) fn link(release: &Release, screen: &Screen, id: &RowId) -> Option<String> {
    let opened = release.opened.as_ref()?;
    let host = opened.host.as_ref()?;
    let own = opened.repo.as_ref()?;
    let base = |repo: &Repo| format!("https://{host}/{}", repo.as_str());
    Some(match id {
        RowId::Issue(key) | RowId::Blocker(Subject::Issue(key)) => {
            format!("{}/issues/{}", base(&key.repo), key.number)
        }
        RowId::Pick(PickKey::Pull(key), _) => format!("{}/pull/{}", base(&key.repo), key.number),
        RowId::Pick(PickKey::Commit(oid), _) => format!("{}/commit/{oid}", base(own)),
        RowId::Check(name) => return check_link(release, screen, name, &base(own)),
        RowId::Blocker(Subject::Check(branch, name)) => {
            let line = release.checks.lines.get(branch)?;
            let run = line.rows.get(name)?.run?;
            format!("{}/actions/runs/{}", base(own), run.run)
        }
        RowId::Line(branch) => format!("{}/tree/{}", base(own), path(branch.as_str())),
        RowId::Tag(tag) => format!("{}/releases/tag/{}", base(own), path(tag.as_str())),
        RowId::Draft(_) => format!("{}/releases", base(own)),
        RowId::Gate(_) => base(own),
        RowId::Heading(_) | RowId::Item(_) | RowId::Entry(_) | RowId::Blocker(_) => return None,
    })
}

fn check_link(release: &Release, screen: &Screen, name: &Untrusted, base: &str) -> Option<String> {
    let branch = ci::branch(release, screen)?;
    let line = release.checks.lines.get(&branch)?;
    let check = line.rows.get(name)?;
    let page = check.url.as_ref().filter(|url| may_open(url.raw(), &screen.options.browser_hosts));
    match check.run {
        None if page.is_some() => page.map(|url| url.raw().to_owned()),
        Some(run) => Some(match run.job {
            Some(job) => format!("{base}/actions/runs/{}/job/{job}", run.run),
            None => format!("{base}/actions/runs/{}", run.run),
        }),
        None => Some(format!("{base}/commit/{}/checks", line.sha?)),
    }
}

/// Whether an address from outside may be opened: https, a host that the user named, no login, nothing unseen.
fn may_open(url: &str, hosts: &[String]) -> bool {
    let Some(rest) = url.strip_prefix("https://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default().to_lowercase();
    url.len() <= 2048 && url.bytes().all(|b| b.is_ascii_graphic()) && hosts.contains(&host)
}

/// The number or name of what a row is about.
pub(super) fn number(id: &RowId) -> Option<String> {
    Some(match id {
        RowId::Issue(key) | RowId::Blocker(Subject::Issue(key)) => {
            format!("#{}", key.number)
        }
        RowId::Pick(key, _) => key.short(),
        RowId::Check(name) | RowId::Blocker(Subject::Check(_, name)) => name.line(),
        RowId::Line(branch) => branch.line(),
        RowId::Tag(tag) => tag.line(),
        RowId::Item(id) | RowId::Gate(id) => id.clone(),
        RowId::Blocker(Subject::Item(id) | Subject::Gate(id)) => id.to_string(),
        RowId::Draft(id) => id.to_string(),
        RowId::Entry(seq) => seq.to_string(),
        RowId::Heading(_) => return None,
    })
}

/// The commit or entry hash of what a row is about.
pub(super) fn hash(release: &Release, screen: &Screen, id: &RowId) -> Option<String> {
    match id {
        RowId::Line(branch) => release.lines.0.get(branch).map(|line| line.tip.to_string()),
        RowId::Tag(tag) => release.candidates.tags.get(tag).map(|row| row.oid.to_string()),
        RowId::Pick(key, line) => release.picks.commit(key, line).map(|oid| oid.to_string()),
        RowId::Check(_) => {
            let branch = ci::branch(release, screen)?;
            release.checks.lines.get(&branch)?.sha.map(|sha| sha.to_string())
        }
        RowId::Entry(seq) => {
            let row = release.log.rows.iter().find(|row| row.seq == *seq)?;
            Some(row.hash.iter().map(|byte| format!("{byte:02x}")).collect())
        }
        _ => None,
    }
}

/// The title of what a row is about, safe to show.
pub(super) fn title(release: &Release, id: &RowId) -> Option<String> {
    match id {
        RowId::Issue(key) | RowId::Blocker(Subject::Issue(key)) => {
            release.milestones.issues.get(key).map(|issue| issue.title.line())
        }
        RowId::Pick(key, line) => release.picks.title(key, line).map(Untrusted::line),
        other => number(other),
    }
}

/// What the journal calls the thing that a row is about.
pub(super) fn target(id: &RowId) -> Option<String> {
    match id {
        RowId::Issue(key) | RowId::Blocker(Subject::Issue(key)) => Some(key.to_string()),
        RowId::Pick(key, _) => Some(key.to_string()),
        RowId::Entry(_) | RowId::Heading(_) | RowId::Draft(_) => None,
        other => number(other),
    }
}

/// A Markdown link; what Markdown would read in the title is escaped.
pub(super) fn markdown(title: &str, link: &str) -> String {
    let escaped: String = title
        .chars()
        .flat_map(|c| "\\`*_{}[]()#<>|@!".contains(c).then_some('\\').into_iter().chain([c]))
        .collect();
    format!("[{escaped}]({link})")
}

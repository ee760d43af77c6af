//! `gonogo journal`: where it lies, whether it is whole, what it says.

use super::args::{ExportArgs, JournalArgs, JournalCommand, ShowArgs, Target, VerifyArgs, Which};
use super::exit::{Exit, Said};
use super::setup::{Setup, no_repository};
use super::witness;
use crate::engine::entries::{counted, entry};
use crate::journal::dir::Dir;
use crate::journal::export::json;
use crate::journal::files::Files;
use crate::journal::minutes::minutes;
use crate::journal::verify::{Report, verify};
use crate::journal::{Blobs, Census, JournalError, Place, Verdict, read_all};
use crate::release::Release;
use crate::release::errand::Status;
use crate::release::ids::ReleaseName;
use crate::release::log::Row;
use crate::release::text::{Untrusted, shown};
use chrono::SecondsFormat;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Runs one of its commands.
pub async fn journal(args: &JournalArgs) -> Said {
    let answer = match &args.command {
        JournalCommand::Path(which) => {
            locate(which).map(|path| Said::ok(format!("{}\n", shown(&path.display().to_string(), 4000))))
        }
        JournalCommand::Verify(args) => verified(args).await,
        JournalCommand::Show(args) => show(args),
        JournalCommand::Export(args) => export(args),
    };
    answer.unwrap_or_else(|said| said)
}

/// The journal that is meant: the file named, or that of this repository's release.
///
/// # Errors
/// When there is none, or it cannot be told which.
pub fn locate(which: &Which) -> Result<PathBuf, Said> {
    if let Some(file) = &which.file {
        return Ok(file.clone());
    }
    let setup = Setup::of(which.repo.as_deref(), &Target::default(), Vec::new())?;
    let unread = |text: String| Said::err(Exit::Unread, text);
    let repository = setup
        .repository
        .map_err(|why| Said::err(no_repository(&why), format!("{why}; or name a journal")))?;
    let release = match &which.release {
        Some(name) => {
            let named = ReleaseName::parse(name).map_err(|why| Said::err(Exit::Usage, why.to_string()))?;
            Some(named)
        }
        None => None,
    };
    match find(&repository.common_dir, release) {
        Ok(Found::Here(path)) => Ok(path),
        Ok(Found::Others(names)) if !names.is_empty() => {
            Err(unread(format!("no journal of that release; there are journals of: {}", names.join(", "))))
        }
        Ok(Found::Others(_)) => Err(unread(
            "this repository has no journal yet: gonogo makes one when a release is opened".to_owned(),
        )),
        Err(why) => Err(unread(why.to_string())),
    }
}

/// What the state directory has for a repository.
enum Found {
    /// The journal.
    Here(PathBuf),
    /// Not that one, but those of these releases.
    Others(Vec<String>),
}

fn find(git_dir: &Path, release: Option<ReleaseName>) -> Result<Found, JournalError> {
    let root = Place::default_root()?;
    // Looking must not make the directory.
    if root.symlink_metadata().is_err() {
        return Ok(Found::Others(Vec::new()));
    }
    let place = Place::at(&root)?;
    let Some(clone) = place.lookup_clone(git_dir)? else { return Ok(Found::Others(Vec::new())) };
    if let Some(release) = release.or(clone.release)
        && let Some(dir) = place.existing(&clone.repo, &release, &clone.writer)?
    {
        return Ok(Found::Here(dir.path().to_owned()));
    }
    let names = place.releases(&clone.repo, &clone.writer)?;
    Ok(Found::Others(names.iter().map(ReleaseName::line).collect()))
}

fn open(which: &Which) -> Result<(PathBuf, Files), Said> {
    let path = locate(which)?;
    let files = Files::at(&path).map_err(|why| unread(&path, &why))?;
    Ok((path, files))
}

fn unread(path: &Path, why: &std::io::Error) -> Said {
    let path = shown(&path.display().to_string(), 400);
    Said::err(Exit::Unread, format!("{path} cannot be read: {}", shown(&why.to_string(), 400)))
}

/// How a verdict ends a command, by the table of [`Report::exit_code`].
fn exit(code: u8) -> Exit {
    match code {
        0 => Exit::Ok,
        1 => Exit::NotGo,
        _ => Exit::Unread,
    }
}

async fn verified(args: &VerifyArgs) -> Result<Said, Said> {
    let (path, files) = open(&args.which)?;
    let heads = witness::of_tags(args.which.repo.as_deref(), &args.tag).await?;
    let (witnesses, others) = witness::told_apart(&files, heads).map_err(|why| unread(&path, &why))?;
    let mut report = verify(&files, &witnesses).map_err(|why| unread(&path, &why))?;
    report.census = census(&files).map_err(|why| unread(&path, &why))?;
    let out =
        if args.json { format!("{:#}\n", as_json(&report, &path, &others)) } else { report.to_string() };
    let silent: String = others.iter().map(|why| format!("{why}\n")).collect();
    let checked = if witnesses.is_empty() || !report.disagreements.is_empty() { "" } else { witness::LIMITS };
    // What a tag cannot be asked about is not told, which is no disagreement.
    let exit = match report.exit_code() {
        0 if !others.is_empty() => Exit::Unread,
        code => exit(code),
    };
    Ok(Said { exit, err: format!("{silent}{checked}"), ..Said::ok(out) })
}

/// The entries of kinds that this program does not know.
fn census(files: &Files) -> std::io::Result<Census> {
    let census = Mutex::default();
    read_all(files, &mut |line, _| drop(counted(&line, None, &census)))?;
    Ok(census.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn as_json(report: &Report, path: &Path, others: &[String]) -> serde_json::Value {
    let stretch = |it: &crate::journal::verify::Stretch| serde_json::json!({"from": it.from, "to": it.to, "witnesses": it.witnesses});
    serde_json::json!({
        "journal": path.display().to_string(),
        "verdict": report.verdict.word(),
        "text": report.verdict.to_string(),
        "entries": report.entries,
        "head": format!("sha256:{}", crate::journal::line::hex(&report.head)),
        "expunged": report.expunged,
        "unknown": report.census.unknown,
        "read_only": report.census.read_only,
        "stretches": report.stretches.iter().map(stretch).collect::<Vec<_>>(),
        "disagreements": report.disagreements,
        "untold": others,
    })
}

fn show(args: &ShowArgs) -> Result<Said, Said> {
    let (path, files) = open(&args.which)?;
    // The profile lies beside the journal; without it rows name ids instead of titles.
    let beside = if path.is_dir() { Some(path.as_path()) } else { path.parent() };
    let beside = beside.filter(|dir| dir.join("blobs").is_dir());
    let blobs = beside.and_then(|dir| Dir::root(dir).ok()).and_then(|dir| Blobs::of(&dir).ok());
    let mut release = Release::default();
    let walked = read_all(&files, &mut |line, _| release.apply(&entry(&line, blobs.as_ref())));
    let walked = walked.map_err(|why| unread(&path, &why))?;
    let by = |row: &&Row| args.by.as_deref().is_none_or(|by| row.by.eq_ignore_ascii_case(by));
    let kind = |row: &&Row| args.kind.as_deref().is_none_or(|kind| is_kind(&row.kind, kind));
    let rows: Vec<&Row> = release.log.rows.iter().filter(by).filter(kind).collect();
    let from = args.last.map_or(0, |last| rows.len().saturating_sub(last));
    let out = rows[from..].iter().map(|row| line(row)).collect::<String>();
    let (err, exit) = match walked.verdict {
        Verdict::Clean => (String::new(), Exit::Ok),
        verdict @ Verdict::Torn { .. } => (format!("{verdict}\n"), Exit::Ok),
        Verdict::TooNew { .. } => (format!("{}; the rest is not read\n", walked.verdict), Exit::Unread),
        Verdict::Edited { .. } | Verdict::Corrupt { .. } | Verdict::Forked { .. } => {
            (format!("{}; what follows is not shown\n", walked.verdict), Exit::NotGo)
        }
    };
    Ok(Said { out, err, exit })
}

/// Whether a kind is the one asked for, or below it: `ref` asks for `ref.create.intent`.
fn is_kind(kind: &str, asked: &str) -> bool {
    kind.strip_prefix(asked).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '@']))
}

/// An entry as a line: number, time in UTC, who, what, before and after, why.
fn line(row: &Row) -> String {
    let time = row.ts.to_rfc3339_opts(SecondsFormat::Secs, true);
    let mut out = format!("{:>6}  {time}  {:12}  {}", row.seq, shown(&row.by, 40), shown(&row.what, 400));
    if let (Some(before), Some(after)) = (&row.before, &row.after) {
        let _ = write!(out, "  [{} → {}]", shown(before, 80), shown(after, 80));
    }
    if let Some(status) = row.status {
        let _ = write!(out, "  {}", word(status));
    }
    if let Some(why) = row.why.as_ref().map(Untrusted::line).filter(|why| !why.is_empty()) {
        let _ = write!(out, "  ({why})");
    }
    out.push('\n');
    out
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Ok => "ok",
        Status::Failed => "failed",
        Status::Refused => "refused",
        Status::Conflict => "conflict",
        Status::Abandoned => "abandoned",
        Status::Unknown => "in doubt",
    }
}

fn export(args: &ExportArgs) -> Result<Said, Said> {
    let (path, files) = open(&args.which)?;
    if args.markdown {
        let out = minutes(&files).map_err(|why| unread(&path, &why))?;
        let report = verify(&files, &[]).map_err(|why| unread(&path, &why))?;
        return Ok(Said { exit: exit(report.exit_code()), ..Said::ok(out) });
    }
    let mut out = Vec::new();
    json(&files, &mut out).map_err(|why| unread(&path, &why))?;
    let report = verify(&files, &[]).map_err(|why| unread(&path, &why))?;
    Ok(Said { exit: exit(report.exit_code()), ..Said::ok(String::from_utf8_lossy(&out).into_owned()) })
}

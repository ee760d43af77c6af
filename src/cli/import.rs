//! `gonogo import`: a draft of a process file from a document that people wrote.

use super::args::ImportArgs;
use super::check::counted;
use super::exit::{Exit, Said};
use super::init::write;
use crate::config::{FILE_CAP, REPOSITORY_FILE};
use crate::process::{Imported, import as drafted};
use crate::release::text::shown;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;

/// The longest document that is read, in bytes.
const DOCUMENT_CAP: u64 = 8 << 20;

/// Reads a document and writes, or prints, the process that it describes.
#[must_use]
pub fn import(args: &ImportArgs) -> Said {
    let name = shown(&args.file.display().to_string(), 400);
    if let (Some(output), false) = (&args.output, args.force)
        && output.symlink_metadata().is_ok()
    {
        let output = shown(&output.display().to_string(), 400);
        return Said::err(
            Exit::Usage,
            format!("{output} is there already: name another file, or replace it with --force"),
        );
    }
    let text = match read(&args.file) {
        Ok(text) => text,
        Err(why) => return Said::err(Exit::Usage, format!("{name} cannot be read: {why}")),
    };
    let file = args.file.file_name().map_or_else(|| name.clone(), |file| shown(&file.to_string_lossy(), 200));
    let mut imported = drafted(&text, &file);
    if args.output.as_deref().and_then(Path::file_name).is_some_and(|name| name == REPOSITORY_FILE) {
        imported.draft = in_process(&imported.draft);
    }
    if imported.draft.len() as u64 > FILE_CAP {
        let (size, most) = (imported.draft.len().div_ceil(1024), FILE_CAP / 1024);
        let items = counted(imported.items.len(), "checklist item");
        return Said::err(
            Exit::Usage,
            format!(
                "the draft of {name} would hold {items} in {size} KiB, and a process file has at most {most} KiB: import it in parts"
            ),
        );
    }
    let mut report = summary(&imported, &name);
    if let Some(output) = &args.output {
        let dir = output.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let shown = shown(&output.display().to_string(), 400);
        if let Err(why) = write(dir, output, &imported.draft, args.force) {
            return Said::err(Exit::Usage, format!("{shown} cannot be written: {why}"));
        }
        let _ = writeln!(
            report,
            "wrote {shown}; next: read it, change what is wrong, run `gonogo check {shown}`"
        );
    }
    let out = match (args.json, &args.output) {
        (true, _) => format!("{:#}\n", json(&imported, &file)),
        (false, Some(_)) => String::new(),
        (false, None) => imported.draft,
    };
    Said { out, err: report, exit: Exit::Ok }
}

/// A process file as the `[process]` table of a gonogo.toml: its tables, and those in comments, go below that one.
fn in_process(draft: &str) -> String {
    let mut out = String::with_capacity(draft.len() + 4096);
    let mut begun = false;
    for line in draft.lines() {
        let (mark, rest) = line.strip_prefix("# ").map_or(("", line), |rest| ("# ", rest));
        let named = rest.trim_start_matches('[').trim_end_matches(']');
        let table = rest.starts_with('[')
            && rest.ends_with(']')
            && named.chars().all(|c| c.is_ascii_lowercase() || c == '.');
        if !begun && line.starts_with("name = ") {
            begun = true;
            out.push_str("[process]\n");
        }
        if table && !named.is_empty() {
            let open = &rest[..rest.len() - rest.trim_start_matches('[').len()];
            let _ = writeln!(out, "{mark}{open}process.{}", &rest[open.len()..]);
        } else {
            let _ = writeln!(out, "{line}");
        }
    }
    out
}

/// The text of a document.
fn read(path: &Path) -> Result<String, String> {
    let file = std::fs::File::open(path).map_err(|why| why.to_string())?;
    if !file.metadata().map_err(|why| why.to_string())?.is_file() {
        return Err("it is no regular file".to_owned());
    }
    let mut bytes = Vec::new();
    file.take(DOCUMENT_CAP + 1).read_to_end(&mut bytes).map_err(|why| why.to_string())?;
    if bytes.len() as u64 > DOCUMENT_CAP {
        return Err(format!("it is longer than {} MiB", DOCUMENT_CAP >> 20));
    }
    String::from_utf8(bytes).map_err(|why| {
        let good = why.utf8_error().valid_up_to();
        let bytes = why.into_bytes();
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return "it is UTF-16; convert it to UTF-8".to_owned();
        }
        let line = bytes.get(..good).unwrap_or_default().iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("line {line} is no UTF-8 text")
    })
}

/// What was found, for people.
fn summary(imported: &Imported, name: &str) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{name}: {}, {} with text", counted(imported.lines, "line"), imported.written);
    let mut line = |what: &str, text: String| {
        let _ = writeln!(out, "{what:15} {}", shown(&text, 400));
    };
    let plain = imported.items.iter().filter(|item| item.ticked.is_none()).count();
    let placed = imported.items.len() - plain;
    line("tasks", format!("{placed} of {} in {}", imported.tasks, counted(imported.stages.len(), "stage")));
    line("proposed", format!("{} from plain lists", counted(plain, "item")));
    for (kind, plural) in KINDS {
        let found: Vec<&str> =
            imported.patterns.iter().filter(|it| it.kind == kind).map(|it| it.text.as_str()).collect();
        if !found.is_empty() {
            let first = found.iter().take(6).copied().collect::<Vec<_>>().join(", ");
            let more = if found.len() > 6 { ", …" } else { "" };
            line(plural, format!("{}: {first}{more}", found.len()));
        }
    }
    for contradiction in &imported.contradictions {
        line("contradiction", contradiction.clone());
    }
    line("cited", counted(imported.cited, "line"));
    let left = imported.not_understood.len();
    line("not understood", format!("{}, listed at the end of the draft", counted(left, "part")));
    out
}

/// Kinds of patterns, and what several of them are called.
const KINDS: [(&str, &str); 15] = [
    ("trunk", "trunk"),
    ("branch", "branches"),
    ("version", "versions"),
    ("candidate", "candidates"),
    ("stream", "streams"),
    ("cycle", "cycle"),
    ("phase", "phases"),
    ("length", "other lengths"),
    ("role", "roles"),
    ("sign-off", "sign-offs"),
    ("meeting", "meetings"),
    ("channel", "channels"),
    ("artifact", "artifacts"),
    ("label", "labels"),
    ("rule", "rules"),
];

fn json(imported: &Imported, file: &str) -> serde_json::Value {
    let items = imported.items.iter().map(|item| {
        serde_json::json!({
            "id": item.id, "text": item.text, "stage": item.stage, "line": item.line,
            "task": item.ticked.is_some(), "ticked": item.ticked == Some(true), "role": item.role,
        })
    });
    let patterns = imported
        .patterns
        .iter()
        .map(|it| serde_json::json!({ "kind": it.kind, "text": it.text, "lines": it.lines }));
    let left = imported
        .not_understood
        .iter()
        .map(|it| serde_json::json!({ "from": it.from, "to": it.to, "kind": it.kind, "text": it.text }));
    serde_json::json!({
        "file": file,
        "lines": imported.lines,
        "written": imported.written,
        "cited": imported.cited,
        "tasks": imported.tasks,
        "stages": imported.stages,
        "items": items.collect::<Vec<_>>(),
        "patterns": patterns.collect::<Vec<_>>(),
        "contradictions": imported.contradictions,
        "not_understood": left.collect::<Vec<_>>(),
        "draft": imported.draft,
    })
}

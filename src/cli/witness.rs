//! Tags as witnesses of a journal: what `Journal-Head:` of an annotated tag says, and of whose journal.

use super::args::Target;
use super::exit::{Exit, Said};
use super::setup::{Setup, no_repository};
use crate::git::{Git, GitError};
use crate::journal::disk::Source;
use crate::journal::line::unhex;
use crate::journal::read_all;
use crate::journal::verify::Witness;
use crate::release::ids::Tag;
use crate::release::text::shown;
use std::io;
use std::path::Path;

/// What a tag of a clone can and cannot show.
pub(super) const LIMITS: &str = "note: a tag is read as this clone has it, and its signature is not verified here; it shows that \
                                 the entries up to the one it names were the same when it was made, and nothing of those after\n";

/// What a tag says of a journal.
pub(super) struct Head {
    tag: String,
    /// What it names; none where its text has no trailer that can be read.
    said: Option<(String, Witness)>,
}

/// Reads the tags of the repository. One that is not there is a wrong argument.
pub(super) async fn of_tags(repo: Option<&Path>, tags: &[String]) -> Result<Vec<Head>, Said> {
    if tags.is_empty() {
        return Ok(vec![]);
    }
    let usage = |why: String| Said::err(Exit::Usage, format!("--tag: {why}"));
    let unread = |why: GitError| Said::err(Exit::Unread, why.to_string());
    let setup = Setup::of(repo, &Target::default(), Vec::new())?;
    let repository = setup.repository.map_err(|why| Said::err(no_repository(&why), why.to_string()))?;
    let git = Git::locate().await.map_err(unread)?;
    let mut heads = vec![];
    for name in tags {
        let tag = Tag::parse(name).map_err(|bad| usage(bad.to_string()))?;
        let line = tag.line();
        match git.tag_text(&repository, &tag).await.map_err(unread)? {
            None => return Err(usage(format!("there is no tag {line} in this clone"))),
            Some(None) => {
                let why = format!("{line} is not annotated: it carries no text that could name a journal");
                return Err(usage(why));
            }
            Some(Some(text)) => heads.push(Head { said: said(&line, &text), tag: line }),
        }
    }
    Ok(heads)
}

/// The last trailer of a text: writer, number and hash of the entry.
fn said(tag: &str, text: &str) -> Option<(String, Witness)> {
    let lines = text.lines().take_while(|line| !line.starts_with("-----BEGIN "));
    let trailer = lines.filter_map(|line| line.strip_prefix("Journal-Head: ")).last()?;
    let mut words = trailer.split_ascii_whitespace();
    let (writer, seq, hash) = (words.next()?, words.next()?, words.next()?);
    let h = unhex(hash.strip_prefix("sha256:")?.as_bytes())?;
    let witness = Witness { name: format!("the tag {tag}"), seq: seq.parse().ok()?, h };
    words.next().is_none().then(|| (writer.to_owned(), witness))
}

/// The tags that name an entry of this journal; and of the others, in words, why they say nothing of it.
pub(super) fn told_apart(journal: &dyn Source, heads: Vec<Head>) -> io::Result<(Vec<Witness>, Vec<String>)> {
    if heads.is_empty() {
        return Ok((vec![], vec![]));
    }
    let mut own: Option<String> = None;
    read_all(journal, &mut |line, _| {
        if line.kind == "journal.open" && own.is_none() {
            let body: Option<serde_json::Value> = serde_json::from_str(line.body.get()).ok();
            own = body.and_then(|body| body["writer"].as_str().map(str::to_owned));
        }
    })?;
    let (mut witnesses, mut others) = (vec![], vec![]);
    for Head { tag, said } in heads {
        match said {
            None => others.push(format!("the tag {tag} names no journal: it has no Journal-Head")),
            Some((writer, _)) if own.as_ref().is_some_and(|own| *own != writer) => others.push(format!(
                "the tag {tag} names the journal of {}, and this is that of {}: it says nothing of this one",
                shown(&writer, 60),
                shown(own.as_deref().unwrap_or_default(), 60)
            )),
            Some((_, witness)) => witnesses.push(witness),
        }
    }
    Ok((witnesses, others))
}

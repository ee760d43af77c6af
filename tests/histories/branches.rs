//! Compares the branch read with plain git commands on a real clone: `cargo run --example branches -- CLONE [PREFIX]`.
//!
//! Prints a table of every line whose name starts with PREFIX (`release` unless given) and how long the reads took
//! beside one `git for-each-ref %(ahead-behind:…)`. Exits 1 when any figure differs from what git says, 2 when the
//! clone cannot be read.

use gonogo::git::{Evidence, Git, Graph, Line, LinesAsk, Refs, Repository, find, init_evidence::trunk};
use gonogo::release::ids::Tag;
use gonogo::spawn::{Call, Cancel};
use std::process::ExitCode;
use std::time::Instant;

const CAP: usize = 50;

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let Some(clone) = words.next() else {
        eprintln!("usage: branches CLONE [PREFIX]");
        return ExitCode::from(2);
    };
    let prefix = words.next().unwrap_or_else(|| "release".to_owned());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else { return ExitCode::from(2) };
    match runtime.block_on(compare(&clone, &prefix)) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(wrong) => {
            eprintln!("{wrong} figures differ from git's");
            ExitCode::from(1)
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::from(2)
        }
    }
}

async fn compare(clone: &str, prefix: &str) -> anyhow::Result<usize> {
    let start = Instant::now();
    let at = find(clone.as_ref())?;
    println!("find {:.1?}", start.elapsed());
    let git = Git::locate().await?;
    let start = Instant::now();
    let refs = git.refs(&at).await?;
    let refs_took = start.elapsed();
    let (trunk, why) = trunk(&at, &refs).ok_or_else(|| anyhow::anyhow!("no trunk"))?;
    println!("{} branches, {} tags, trunk {} ({why:?})", refs.branches.len(), refs.tags.len(), trunk.line());
    let branches: Vec<_> =
        refs.branches.keys().filter(|it| it.as_str().starts_with(prefix)).cloned().collect();
    let ask = LinesAsk { trunk, branches, tags: versions(&refs), list_cap: CAP };
    let tips: Vec<_> = ask.branches.iter().chain([&ask.trunk]).collect();
    let tips: Vec<_> = tips.into_iter().filter_map(|name| Some(refs.branches.get(name)?.tip)).collect();
    let start = Instant::now();
    Graph::new().extend(&git, &at, &tips).await?;
    let history = start.elapsed();
    let mut graph = Graph::new();
    let start = Instant::now();
    let lines = git.lines(&at, &mut graph, &refs, &ask).await?;
    let cold = start.elapsed();
    let start = Instant::now();
    let again = git.lines(&at, &mut graph, &refs, &ask).await?;
    let warm = start.elapsed();
    let peer = peer(&git, &at, &lines).await?;
    println!(
        "refs {refs_took:.1?}, {} lines cold {cold:.1?}, of it {history:.1?} for who is ahead and behind, warm {warm:.1?}, {} commits",
        lines.len(),
        graph.len()
    );
    println!("one for-each-ref with ahead-behind of the same lines: {peer:.1?}");
    let mut wrong = usize::from(again != lines) + count_refs(&git, &at, &refs).await?;
    for line in &lines {
        wrong += check(&git, &at, &ask, &lines[0], line).await?;
    }
    Ok(wrong)
}

/// Version tags in ascending order: `v1.2.3`, candidates before their release.
fn versions(refs: &Refs) -> Vec<Tag> {
    let mut tags: Vec<_> = refs
        .tags
        .keys()
        .filter_map(|tag| Some((semver::Version::parse(tag.as_str().strip_prefix('v')?).ok()?, tag.clone())))
        .collect();
    tags.sort();
    tags.into_iter().map(|(_, tag)| tag).collect()
}

async fn peer(git: &Git, at: &Repository, lines: &[Line]) -> anyhow::Result<std::time::Duration> {
    let format = format!("--format=%(refname) %(ahead-behind:{})", lines[0].tip);
    let names = lines.iter().map(|line| line.reference.as_str());
    let call = Call::new(git.program()).dir(at.dir()).args(["for-each-ref", &format]).args(names);
    let start = Instant::now();
    call.run(&Cancel::new()).await?;
    Ok(start.elapsed())
}

async fn plain(git: &Git, at: &Repository, words: &[&str]) -> anyhow::Result<String> {
    let output = Call::new(git.program()).dir(at.dir()).args(words).run(&Cancel::new()).await?;
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

async fn count_refs(git: &Git, at: &Repository, refs: &Refs) -> anyhow::Result<usize> {
    let tags = plain(git, at, &["tag"]).await?.lines().count();
    Ok(usize::from(tags != refs.tags.len() + refs.left_out.len()))
}

async fn check(
    git: &Git,
    at: &Repository,
    ask: &LinesAsk,
    trunk: &Line,
    line: &Line,
) -> anyhow::Result<usize> {
    let (tip, main) = (line.tip.to_string(), trunk.tip.to_string());
    let mut wrong = 0;
    let mut same = |what: &str, ours: String, gits: String| {
        if ours != gits {
            wrong += 1;
            println!("  {} {what}: ours {ours:?}, git {gits:?}", line.branch.line());
        }
    };
    let shown = |count: Option<u32>| count.map_or("?".to_owned(), |count| count.to_string());
    if line.branch != ask.trunk {
        let both = format!("{tip}...{main}");
        let counts = plain(git, at, &["rev-list", "--left-right", "--count", &both]).await?;
        same("ahead, behind", format!("{}\t{}", shown(line.ahead), shown(line.behind)), counts);
        let base = plain(git, at, &["merge-base", &tip, &main]).await?;
        same("merge base", line.merge_base.map_or(String::new(), |oid| oid.to_string()), base);
        let range = format!("{main}..{tip}");
        let total = plain(git, at, &["rev-list", "--count", "--no-merges", &range]).await?;
        same("drift", line.drift.total.to_string(), total);
        let newest = plain(git, at, &["rev-list", "--no-merges", &format!("-{CAP}"), &range]).await?;
        let ours: Vec<_> = line.drift.commits.iter().map(|it| it.commit.oid.to_string()).collect();
        same("drift list", ours.join("\n"), newest);
    }
    let format = format!("--format=%(refname:strip=2) %(ahead-behind:{tip})");
    let tags = plain(git, at, &["for-each-ref", &format, "refs/tags"]).await?;
    let contained = tags.lines().filter_map(|row| {
        let mut words = row.split(' ');
        let (name, ahead, behind) = (words.next()?, words.next()?, words.next()?);
        let rank = ask.tags.iter().position(|tag| tag.as_str() == name)?;
        (ahead == "0").then(|| Some((behind.parse::<u32>().ok()?, std::cmp::Reverse(rank), name)))?
    });
    let nearest = contained.min();
    let ours = line.last_tag.as_ref().map(|last| (last.distance, last.tag.as_str()));
    same("last tag", format!("{ours:?}"), format!("{:?}", nearest.map(|(behind, _, name)| (behind, name))));
    let range = line.last_tag.as_ref().map_or(tip.clone(), |last| format!("{}..{tip}", last.tag.full()));
    same("unreleased", shown(line.unreleased), plain(git, at, &["rev-list", "--count", &range]).await?);
    let newest = plain(git, at, &["rev-list", &format!("-{CAP}"), &range]).await?;
    let ours: Vec<_> = line.unreleased_commits.iter().map(|it| it.oid.to_string()).collect();
    same("unreleased list", ours.join("\n"), newest);
    table(line);
    Ok(wrong)
}

fn table(line: &Line) {
    let shown = |count: Option<u32>| count.map_or("?".to_owned(), |count| count.to_string());
    let mut found = [0; 4];
    for row in &line.drift.commits {
        let at = match row.on_trunk.map(|it| it.evidence) {
            Some(Evidence::Trailer) => 0,
            Some(Evidence::Pull(_)) => 1,
            Some(Evidence::Patch | Evidence::Subject) => 2,
            None => 3,
        };
        found[at] += 1;
    }
    println!(
        "{:<24} {:<22} unreleased {:>4}  ahead {:>4}  behind {:>5}  drift {:>4}: -x {} #N {} subject {} none {}",
        line.branch.line(),
        line.last_tag.as_ref().map_or("no tag".to_owned(), |it| it.tag.line()),
        shown(line.unreleased),
        shown(line.ahead),
        shown(line.behind),
        line.drift.total,
        found[0],
        found[1],
        found[2],
        found[3],
    );
}

//! The look at picks beside `git cherry`: `cargo run --release --example there -- CLONE [PREFIX]`.
//!
//! For every line whose name starts with PREFIX (`release` unless given): patches that equal one of the trunk, as the
//! look finds them and as `git cherry` does, which must agree; how long the look took with no patch id known (cold),
//! with what the files hold (file), and with everything kept (warm), each beside one `git cherry` a line; bytes a
//! commit; and ahead and behind of all lines beside one `git for-each-ref`. Exits 1 when an answer differs.

use gonogo::git::there::cache::{Patch, ROW};
use gonogo::git::{Git, Graph, Kept, LinesAsk, PicksAsk, Refs, Repository, find, init_evidence::trunk};
use gonogo::process::Process;
use gonogo::release::ids::{Branch, Oid};
use gonogo::spawn::{Call, Cancel};
use std::collections::{BTreeSet, HashSet};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Lines that ahead and behind are asked for.
const LINES: usize = 50;

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let Some(clone) = words.next() else {
        eprintln!("usage: there CLONE [PREFIX]");
        return ExitCode::from(2);
    };
    let prefix = words.next().unwrap_or_else(|| "release".to_owned());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else { return ExitCode::from(2) };
    match runtime.block_on(compare(&clone, &prefix)) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(wrong) => {
            eprintln!("{wrong} answers differ from git's");
            ExitCode::from(1)
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::from(2)
        }
    }
}

/// A process that proposes nothing by itself: what is measured is the comparison.
fn process() -> anyhow::Result<Process> {
    let text = gonogo::process::preset("llama-stack").ok_or_else(|| anyhow::anyhow!("no preset"))?;
    let parsed = Process::parse(text, "preset");
    let (mut process, _) = parsed.map_err(|wrong| anyhow::anyhow!("the preset: {wrong:?}"))?;
    process.picks = gonogo::process::Picks::default();
    Ok(process)
}

struct Bench {
    git: Git,
    at: Repository,
    refs: Refs,
    ask: PicksAsk,
    trunk: Oid,
}

async fn compare(clone: &str, prefix: &str) -> anyhow::Result<usize> {
    let at = find(clone.as_ref())?;
    let git = Git::locate().await?.with_patience(Duration::from_secs(600));
    let refs = git.refs(&at).await?;
    let (name, _) = trunk(&at, &refs).ok_or_else(|| anyhow::anyhow!("no trunk"))?;
    let lines: Vec<Branch> =
        refs.branches.keys().filter(|it| it.as_str().starts_with(prefix) && **it != name).cloned().collect();
    let ask = PicksAsk {
        process: Arc::new(process()?),
        repo: None,
        active: lines,
        own: None,
        picks: vec![],
        places: BTreeSet::new(),
        trunk: name,
    };
    let trunk = refs.branches[&ask.trunk].tip;
    let bench = Bench { git, at, refs, ask, trunk };
    println!(
        "git {}, trunk {}, {} lines",
        bench.git.tier().text(),
        bench.ask.trunk.line(),
        bench.ask.active.len()
    );
    let (kept, cold, file, warm) = bench.look().await?;
    let mut wrong = 0;
    let mut cherry = Duration::ZERO;
    let (mut equal, mut all) = (0, 0);
    for line in &bench.ask.active {
        let (took, told) = bench.cherry(line).await?;
        cherry += took;
        wrong += bench.agree(line, &told, &kept, &mut equal, &mut all).await?;
    }
    println!(
        "patches: {equal} of {all} commits of the lines equal one of the trunk; {wrong} answers differ from git cherry's"
    );
    let ratio = |took: Duration| cherry.as_secs_f64() / took.as_secs_f64();
    println!("git cherry, one a line: {cherry:.2?}");
    println!("cold {cold:.2?}: {:.2} of git cherry's time", 1.0 / ratio(cold));
    println!("from the files {file:.2?}: {:.1} times faster", ratio(file));
    println!("warm {warm:.2?}: {:.1} times faster", ratio(warm));
    let bytes = kept.patches().file().map(std::fs::metadata).transpose()?.map_or(0, |meta| meta.len());
    println!("{} commits, {bytes} bytes on disk, {ROW} a commit", kept.patches().len());
    bench.ahead().await?;
    Ok(wrong)
}

impl Bench {
    /// Three looks: with nothing known, with the file alone, with everything kept.
    async fn look(&self) -> anyhow::Result<(Kept, Duration, Duration, Duration)> {
        let dir = tempfile::tempdir()?;
        let mut tips = vec![self.trunk];
        tips.extend(self.ask.active.iter().map(|line| self.refs.branches[line].tip));
        let open = async || -> anyhow::Result<(Graph, Duration)> {
            let start = Instant::now();
            let mut graph = Graph::open(Some(&dir.path().join("history")), &self.at);
            graph.extend(&self.git, &self.at, &tips).await?;
            graph.save()?;
            Ok((graph, start.elapsed()))
        };
        let (_, history) = open().await?;
        let (graph, known) = open().await?;
        let graph = Arc::new(graph);
        let once = async |kept: &mut Kept| -> anyhow::Result<Duration> {
            let start = Instant::now();
            let cancel = Cancel::new();
            let found =
                self.git.picks(&self.at, Arc::clone(&graph), &self.refs, &self.ask, kept, &cancel).await?;
            found.notes.iter().for_each(|note| println!("note: {note}"));
            Ok(start.elapsed())
        };
        let mut kept = Kept::open(Some(dir.path()), &self.at).await;
        let cold = once(&mut kept).await? + history;
        let mut fresh = Kept::open(Some(dir.path()), &self.at).await;
        let file = once(&mut fresh).await? + known;
        let warm = once(&mut kept).await?;
        println!("history of {} commits read in {history:.2?}, from its file in {known:.2?}", graph.len());
        // The size on disk is asked for later.
        std::mem::forget(dir);
        Ok((kept, cold, file, warm))
    }

    async fn run(&self, words: &[&str]) -> anyhow::Result<(Duration, String)> {
        let call = Call::new(self.git.program()).dir(self.at.dir()).args(words).caps(256 << 20, 1 << 20);
        let start = Instant::now();
        let output = call.timeout(Duration::from_secs(1200)).run(&Cancel::new()).await?;
        let took = start.elapsed();
        anyhow::ensure!(
            output.status.success(),
            "git {words:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok((took, String::from_utf8(output.stdout)?))
    }

    /// The commits of a line that equal one of the trunk, and those that do not, as git says.
    async fn cherry(&self, line: &Branch) -> anyhow::Result<(Duration, Vec<(Oid, bool)>)> {
        let reference = self.refs.branches[line].reference.as_str().to_owned();
        let (took, answer) = self.run(&["cherry", &self.trunk.to_string(), &reference]).await?;
        let mut told = vec![];
        for row in answer.lines() {
            let (sign, hex) = row.split_at(2);
            told.push((Oid::parse(hex)?, sign == "- "));
        }
        Ok((took, told))
    }

    async fn agree(
        &self,
        line: &Branch,
        told: &[(Oid, bool)],
        kept: &Kept,
        equal: &mut usize,
        all: &mut usize,
    ) -> anyhow::Result<usize> {
        let reference = self.refs.branches[line].reference.as_str().to_owned();
        let range = format!("{reference}..{}", self.trunk);
        let (_, upstream) = self.run(&["rev-list", "--no-merges", &range]).await?;
        let mut ids: HashSet<[u8; 20]> = HashSet::new();
        for hex in upstream.lines() {
            if let Some(Patch::Id(id)) = kept.patches().patch(&Oid::parse(hex)?) {
                ids.insert(id);
            }
        }
        let mut wrong = 0;
        for (oid, same) in told {
            let patch = kept.patches().patch(oid);
            let ours = matches!(patch, Some(Patch::Id(id)) if ids.contains(&id));
            *all += 1;
            *equal += usize::from(ours);
            if ours != *same {
                // Commits that change nothing have no patch; git says that all of them are alike.
                let empty = patch == Some(Patch::Empty) || self.changes_nothing(oid).await?;
                println!(
                    "{} {oid}: git says {same}, we say {ours}{}",
                    line.line(),
                    if empty { " (empty)" } else { "" }
                );
                wrong += usize::from(!empty);
            }
        }
        Ok(wrong)
    }

    async fn changes_nothing(&self, oid: &Oid) -> anyhow::Result<bool> {
        let (_, names) = self
            .run(&["diff-tree", "-r", "--root", "--no-commit-id", "--name-only", &oid.to_string()])
            .await?;
        Ok(names.is_empty())
    }

    /// Ahead and behind of the newest lines, beside git's own.
    async fn ahead(&self) -> anyhow::Result<()> {
        let mut rows: Vec<_> = self.refs.branches.values().collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.committed));
        rows.truncate(LINES);
        let branches: Vec<Branch> = rows.iter().map(|row| row.name.clone()).collect();
        let count = branches.len();
        let ask = LinesAsk { trunk: self.ask.trunk.clone(), branches, tags: vec![], list_cap: 0 };
        let dir = tempfile::tempdir()?;
        let once = async |graph: &mut Graph, start: Instant| -> anyhow::Result<Duration> {
            self.git.lines(&self.at, graph, &self.refs, &ask).await?;
            graph.save()?;
            Ok(start.elapsed())
        };
        let open = || (Instant::now(), Graph::open(Some(dir.path()), &self.at));
        let (start, mut graph) = open();
        let first = once(&mut graph, start).await?;
        let (start, mut graph) = open();
        let file = once(&mut graph, start).await?;
        let again = once(&mut graph, Instant::now()).await?;
        let format = format!("--format=%(refname) %(ahead-behind:{})", self.trunk);
        let mut words = vec!["for-each-ref", &format];
        words.extend(rows.iter().map(|row| row.reference.as_str()));
        let (git, _) = self.run(&words).await?;
        println!(
            "ahead and behind of {count} lines: git for-each-ref {git:.2?}, ours first {first:.2?} ({:.2}), from the file {file:.2?} ({:.2}), again {again:.2?} ({:.2})",
            first.as_secs_f64() / git.as_secs_f64(),
            file.as_secs_f64() / git.as_secs_f64(),
            again.as_secs_f64() / git.as_secs_f64()
        );
        Ok(())
    }
}

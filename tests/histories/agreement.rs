//! Compares predictions with real cherry-picks on a real clone:
//! `cargo run --release --example agreement -- CLONE [--limit N] [--git PATH] [--facts FILE]`.
//!
//! Finds what was picked to the release lines of the clone (by `-x` lines, numbers of pull requests, subjects), adds
//! random commits of the trunk, predicts each chain, does the same with `git cherry-pick` in a worktree of a scratch
//! repository that only borrows the clone's objects, and compares verdict, tree and files. Run with the git in PATH
//! or PATH of `--git`, and again with the one that `GONOGO_TEST_GIT` names. `--facts` writes what was found.
//! Exits 1 when anything differs, 2 when the clone cannot be read.

#[path = "agreement/chains.rs"]
mod chains;
#[path = "agreement/facts.rs"]
mod facts;
#[path = "agreement/real.rs"]
mod real;

use anyhow::Context as _;
use chains::{Chain, Origin};
use gonogo::git::{Git, Predictor, Trust, find};
use gonogo::release::predict::{Picked, Prediction, Verdict};
use gonogo::spawn::{Cancel, Program};
use real::{Real, Scratch};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

struct Asked {
    clone: PathBuf,
    limit: usize,
    git: String,
    facts: Option<PathBuf>,
}

fn asked() -> Option<Asked> {
    let mut words = std::env::args().skip(1);
    let mut asked = Asked { clone: words.next()?.into(), limit: 600, git: "git".into(), facts: None };
    while let Some(word) = words.next() {
        match word.as_str() {
            "--limit" => asked.limit = words.next()?.parse().ok()?,
            "--git" => asked.git = words.next()?,
            "--facts" => asked.facts = Some(words.next()?.into()),
            _ => return None,
        }
    }
    Some(asked)
}

fn main() -> ExitCode {
    let Some(asked) = asked() else {
        eprintln!("usage: agreement CLONE [--limit N] [--git PATH] [--facts FILE]");
        return ExitCode::from(2);
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else { return ExitCode::from(2) };
    match runtime.block_on(compare(&asked)) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(wrong) => {
            eprintln!("{wrong} predictions differ from the real pick");
            ExitCode::from(1)
        }
        Err(why) => {
            eprintln!("{why:#}");
            ExitCode::from(2)
        }
    }
}

/// What came of the picks of one origin.
#[derive(Debug, Default, Clone)]
pub struct Row {
    /// How many.
    pub picks: usize,
    /// How many of each verdict.
    pub verdicts: BTreeMap<&'static str, usize>,
    /// How many are what the real pick came to.
    pub agreed: usize,
    /// How many are not.
    pub differ: usize,
}

/// How long predicting and picking took.
#[derive(Debug, Default)]
struct Took {
    picks: u32,
    predicting: Duration,
    relating: Duration,
    picking: Duration,
}

/// All of a run with one git.
#[derive(Debug, Default)]
struct Run {
    rows: BTreeMap<Origin, Row>,
    /// What was picked once, and what was not: far from a line, git searches long for renames.
    took: BTreeMap<bool, Took>,
    adding: Duration,
    lines: u32,
    facts: Vec<(Chain, Vec<Prediction>)>,
}

async fn compare(asked: &Asked) -> anyhow::Result<usize> {
    let at = find(&asked.clone)?;
    let git = real::plain(Git::at(Program::find(&asked.git)?).await?);
    let chains = chains::of(&git, &at, asked.limit).await.context("finding what was picked")?;
    let picks: usize = chains.iter().map(|chain| chain.picks.len()).sum();
    println!("{}: {} chains, {picks} picks", asked.clone.display(), chains.len());
    let mut run = run(&git, &at, &chains).await?;
    let mut wrong = run.print(&git);
    if let Some(file) = &asked.facts {
        std::fs::write(file, facts::text(&git, &run.rows, &run.facts))?;
        println!("facts written to {}", file.display());
    }
    let named = std::env::var("GONOGO_TEST_GIT").ok().and_then(|name| Program::find(&name).ok());
    let streaming = match named {
        Some(program) => Some(real::plain(Git::at(program).await?)),
        None => None,
    };
    match streaming.filter(|git| git.tier().stdin_merge_tree) {
        Some(streaming) => wrong += self::run(&streaming, &at, &chains).await?.print(&streaming),
        None if git.tier().stdin_merge_tree => {}
        None => println!(
            "\x1b[31mThe streaming tier was not run: set GONOGO_TEST_GIT to a git 2.49 or later.\x1b[0m"
        ),
    }
    Ok(wrong)
}

async fn run(git: &Git, at: &gonogo::git::Repository, chains: &[Chain]) -> anyhow::Result<Run> {
    let start = Instant::now();
    let Some(scratch) = Scratch::of_first(git, at, chains).await else {
        anyhow::bail!("no chain's start can be checked out")
    };
    let mut run = Run { adding: start.elapsed(), ..Run::default() };
    let here = find(&scratch.repository())?;
    let mut predictor: Option<(&str, Predictor)> = None;
    for chain in chains {
        // One for a line, as the cockpit keeps them.
        let mut own = match predictor.take() {
            Some((line, predictor)) if line == chain.line => predictor,
            _ => {
                run.lines += 1;
                Predictor::open(git, &here, Trust::Unasked).await?
            }
        };
        let queue: Vec<Picked> = chain.picks.iter().map(|(pick, _)| *pick).collect();
        // The chain alone is what the real picks do; then what each of them needs, which they do not tell.
        let start = Instant::now();
        let Some(tree) = own.tree_of(chain.onto, &Cancel::new()).await? else {
            anyhow::bail!("{}", chain.onto)
        };
        own.replay(tree, &queue, &Cancel::new()).await?;
        let took = run.took.entry(chain.is_real()).or_default();
        took.predicting += start.elapsed();
        let start = Instant::now();
        let all = own.predict(chain.onto, &queue, &Cancel::new(), &mut |_, _| ()).await?;
        let took = run.took.entry(chain.is_real()).or_default();
        took.relating += start.elapsed();
        took.picks += u32::try_from(queue.len())?;
        predictor = Some((&chain.line, own));
        let done = run.against(&scratch, chain, &all).await?;
        if done > 0 {
            run.facts.push((chain.clone(), all.into_iter().take(done).collect()));
        }
    }
    Ok(run)
}

impl Run {
    /// Picks a chain really, and compares up to the first difference, after which nothing can be compared.
    async fn against(
        &mut self,
        scratch: &Scratch,
        chain: &Chain,
        all: &[Prediction],
    ) -> anyhow::Result<usize> {
        if let Err(why) = scratch.check_out(chain.onto).await {
            // A mirror may lack large files, and then there is nothing to compare with.
            println!("  {} cannot be checked out and is passed over: {why:#}", chain.onto);
            return Ok(0);
        }
        for (number, ((pick, origin), prediction)) in chain.picks.iter().zip(all).enumerate() {
            let row = self.rows.entry(*origin).or_default();
            row.picks += 1;
            *row.verdicts.entry(prediction.verdict.word()).or_default() += 1;
            if let Verdict::Unknown(why) = &prediction.verdict {
                println!("  {} unknown: {}", pick.commit, why.line());
                continue;
            }
            let start = Instant::now();
            let output = scratch.pick(*pick).await?;
            self.took.entry(chain.is_real()).or_default().picking += start.elapsed();
            let real = scratch.outcome(&output).await?;
            let predicted = Real::of(prediction);
            if predicted == real {
                row.agreed += 1;
            } else {
                row.differ += 1;
                println!("  {} on {}: predicted {predicted:?}, really {real:?}", pick.commit, chain.onto);
                return Ok(number);
            }
        }
        Ok(all.len())
    }

    /// Prints the tables, and gives how many differ.
    fn print(&mut self, git: &Git) -> usize {
        let tier = git.tier();
        let how = match (tier.stdin_merge_tree, tier.version >= (2, 45, 0)) {
            (true, _) => "streaming: one process a queue",
            (_, true) => "a process a pick, told trees",
            _ => "a process a pick, told commits",
        };
        println!("\ngit {} ({how})", tier.text());
        println!(
            "{:<10}{:>7}{:>7}{:>7}{:>10}{:>7}{:>9}{:>8}{:>8}",
            "found by", "picks", "clean", "after", "conflict", "empty", "unknown", "agree", "differ"
        );
        let mut sum = Row::default();
        for (origin, row) in &self.rows {
            print_row(origin.word(), row);
            sum.picks += row.picks;
            sum.agreed += row.agreed;
            sum.differ += row.differ;
            for (word, count) in &row.verdicts {
                *sum.verdicts.entry(word).or_default() += count;
            }
        }
        print_row("all", &sum);
        println!("one worktree took {:.1?} to add, for {} lines", self.adding, self.lines);
        for (real, took) in &self.took {
            let ms = |all: Duration| all.as_secs_f64() * 1000.0 / f64::from(took.picks.max(1));
            println!(
                "{}: predicted in {:.2} ms a pick, what each needs in {:.2} more; cherry-pick {:.2} ms, {:.1} times",
                if *real { "what was picked" } else { "random" },
                ms(took.predicting),
                ms(took.relating),
                ms(took.picking),
                took.picking.as_secs_f64() / took.predicting.as_secs_f64(),
            );
        }
        sum.differ
    }
}

fn print_row(name: &str, row: &Row) {
    let of = |word| row.verdicts.get(word).copied().unwrap_or(0);
    println!(
        "{name:<10}{:>7}{:>7}{:>7}{:>10}{:>7}{:>9}{:>8}{:>8}",
        row.picks,
        of("clean"),
        of("clean-after"),
        of("conflict"),
        of("empty"),
        of("unknown"),
        row.agreed,
        row.differ
    );
}

//! What conflicting picks of a real history need first: `cargo run --release --example needs -- CLONE FACTS.toml`.
//!
//! Predicts the recorded chains of the facts, looks for a remedy of every conflict, does what was said with
//! `git cherry-pick` in a worktree of a scratch clone, and prints how many were found and how long each took. With
//! `--each`, prints what was said of each, for a comparison of two builds. Exits 1 when a claim does not hold, 2 when
//! something cannot be read.

use gonogo::git::predict::Stuck;
use gonogo::git::{Git, Predictor, Repository, Trust, find};
use gonogo::release::ids::Oid;
use gonogo::release::predict::{Candidate, Picked, Prediction, Remedy};
use gonogo::spawn::{Call, Cancel, Output};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

fn main() -> ExitCode {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let each = words.last().is_some_and(|word| word == "--each");
    words.truncate(words.len() - usize::from(each));
    let [clone, facts] = &words[..] else {
        eprintln!("usage: needs CLONE FACTS.toml [--each]");
        return ExitCode::from(2);
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else { return ExitCode::from(2) };
    match runtime.block_on(measure(clone, facts, each)) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(wrong) => {
            eprintln!("{wrong} claims do not hold");
            ExitCode::from(1)
        }
        Err(why) => {
            eprintln!("{why:#}");
            ExitCode::from(2)
        }
    }
}

struct Chain {
    onto: Oid,
    picks: Vec<Picked>,
}

fn chains(path: &str) -> anyhow::Result<Vec<Chain>> {
    let table: toml::Table = std::fs::read_to_string(path)?.parse()?;
    let mut chains = vec![];
    for chain in table["chain"].as_array().into_iter().flatten() {
        let text = |key: &str| chain.get(key).and_then(toml::Value::as_str).unwrap_or_default();
        let mut picks = vec![];
        for pick in chain["picks"].as_array().into_iter().flatten() {
            let mut words = pick.as_str().unwrap_or_default().split(' ');
            let commit = Oid::parse(words.next().unwrap_or_default())?;
            let mainline = words.next().and_then(|word| word.strip_prefix("-m")?.parse().ok());
            picks.push(Picked { commit, mainline });
        }
        chains.push(Chain { onto: Oid::parse(text("onto"))?, picks });
    }
    Ok(chains)
}

async fn measure(clone: &str, facts: &str, each: bool) -> anyhow::Result<usize> {
    let git = Git::locate().await?;
    let at = find(clone.as_ref())?;
    let cancel = Cancel::new();
    let (mut took, mut counts, mut wrong) = (Vec::<Duration>::new(), [0usize; 3], 0);
    let mut worked = vec![];
    let mut sizes = vec![];
    let scratch = Scratch::of(&git, clone).await?;
    for chain in chains(facts)? {
        let mut predictor = Predictor::open(&git, &at, Trust::Unasked).await?;
        if predictor.tree_of(chain.onto, &cancel).await?.is_none() {
            continue;
        }
        let all = predictor.predict(chain.onto, &chain.picks, &cancel, &mut |_, _| ()).await?;
        let mut found = vec![];
        let conflicts = all.iter().enumerate().filter(|(_, it)| it.verdict.conflict().is_some());
        let (numbers, stuck): (Vec<_>, Vec<_>) = conflicts
            .filter_map(|(at, it)| Some((at, Stuck { onto: it.onto?, picks: vec![it.pick] })))
            .unzip();
        let (mut start, mut before) = (Instant::now(), work());
        let mut heard = |number: usize, remedy: &Remedy| {
            took.push(start.elapsed());
            worked.push(work().saturating_sub(before));
            (start, before) = (Instant::now(), work());
            found.push((numbers[number], remedy.clone()));
        };
        predictor.remedies(chain.onto, &stuck, &|_| vec![], &cancel, &mut heard).await?;
        for (number, remedy) in found {
            let prediction = &all[number];
            if each {
                println!("{} on {}: {}", prediction.pick.commit, chain.onto, said(&remedy));
            }
            match remedy {
                Remedy::First(missing) => {
                    counts[0] += 1;
                    sizes.push(missing.picks.len());
                    let holds = scratch.holds(&git, chain.onto, &all[..number], &missing.picks, prediction);
                    if !holds.await? {
                        println!("{} does not apply after what it was said to need", prediction.pick.commit);
                        wrong += 1;
                    }
                }
                Remedy::Owned { .. } => counts[1] += 1,
                Remedy::Nothing { .. } => counts[2] += 1,
            }
        }
    }
    took.sort();
    worked.sort();
    sizes.sort_unstable();
    let part =
        |of: &[Duration], at: f64| of.get((of.len() as f64 * at) as usize).copied().unwrap_or_default();
    let at = |of: f64| part(&took, of);
    println!("git {}, {} conflicts", git.tier().text(), took.len());
    println!(
        "{} need others first (median {}), {} the line's own commits are in the way of, {} neither",
        counts[0],
        sizes.get(sizes.len() / 2).unwrap_or(&0),
        counts[1],
        counts[2]
    );
    println!("p50 {:.1?}, p90 {:.1?}, most {:.1?}", at(0.5), at(0.9), at(1.0 - f64::EPSILON));
    println!(
        "p50 {:.1?} of processor time without git's, p90 {:.1?}",
        part(&worked, 0.5),
        part(&worked, 0.9)
    );
    Ok(wrong)
}

/// A remedy in a line.
fn said(remedy: &Remedy) -> String {
    let all = |of: &[Candidate]| of.iter().map(|it| format!(" {}", it.pick.commit)).collect::<String>();
    match remedy {
        Remedy::First(missing) => format!("first{}, minimal {}", all(&missing.picks), missing.minimal),
        Remedy::Owned { by, path, tried } => {
            format!("owned by {} in {}, tried{}", by.pick.commit, path.line(), all(tried))
        }
        Remedy::Nothing { tried, whole } => format!("nothing, tried{}, whole {whole}", all(tried)),
    }
}

/// Processor time of this process, without those that it runs.
fn work() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or_default())
}

/// A clone that borrows the objects, with a worktree in which claims are tried.
struct Scratch {
    _dir: tempfile::TempDir,
    work: std::path::PathBuf,
    _at: Repository,
}

impl Scratch {
    async fn of(git: &Git, clone: &str) -> anyhow::Result<Self> {
        let dir = tempfile::tempdir()?;
        let work = dir.path().join("work");
        let clone = std::fs::canonicalize(clone)?;
        let words = ["clone", "-q", "--shared", "--no-checkout"];
        let mut words: Vec<String> = words.map(str::to_owned).into();
        words.extend([clone.display().to_string(), work.display().to_string()]);
        run(git, dir.path(), &words).await?;
        let at = find(&work)?;
        Ok(Self { _dir: dir, work, _at: at })
    }

    /// Whether a pick applies after the clean ones of its queue and what it is said to need.
    async fn holds(
        &self,
        git: &Git,
        onto: Oid,
        before: &[Prediction],
        needs: &[Candidate],
        pick: &Prediction,
    ) -> anyhow::Result<bool> {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        run(git, &self.work, &words(&format!("checkout -q -f --detach {onto}"))).await?;
        let applies = before.iter().filter(|it| it.verdict.applied().is_some()).map(|it| it.pick);
        for pick in applies.chain(needs.iter().map(|it| it.pick)).chain([pick.pick]) {
            let mainline = pick.mainline.map(|it| format!("-m{it} ")).unwrap_or_default();
            let picked =
                run(git, &self.work, &words(&format!("cherry-pick {mainline}{}", pick.commit))).await?;
            if !picked.status.success() {
                println!("{}", String::from_utf8_lossy(&picked.stderr));
                run(git, &self.work, &words("cherry-pick --abort")).await?;
                return Ok(false);
            }
        }
        Ok(true)
    }
}

async fn run(git: &Git, dir: &Path, words: &[String]) -> anyhow::Result<Output> {
    let mut call = Call::new(git.program()).dir(dir).args(["-c", "gc.auto=0"]).args(words);
    for who in ["AUTHOR", "COMMITTER"] {
        call = call.env(format!("GIT_{who}_NAME"), "Cy").env(format!("GIT_{who}_EMAIL"), "cy@example.org");
    }
    call = call.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    Ok(call.timeout(Duration::from_secs(600)).run(&Cancel::new()).await?)
}

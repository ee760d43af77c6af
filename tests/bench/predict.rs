//! How long predicting a queue takes beside `git cherry-pick` of it in a full worktree, in the same run:
//! `cargo bench --bench predict`. The git in PATH is measured, and the one that `GONOGO_TEST_GIT` names.

mod queue;

use gonogo::git::{Git, Predictor, Trust, find};
use gonogo::release::predict::Picked;
use gonogo::spawn::{Cancel, Program};
use queue::{Anything, Best, Size, history, must};
use std::time::Instant;

fn main() -> Anything<()> {
    // `cargo test` runs benchmarks too, only to see that they work.
    let measured = std::env::args().any(|word| word == "--bench");
    let size = if measured {
        Size { files: 5_000, picks: 100, rounds: 5 }
    } else {
        Size { files: 40, picks: 4, rounds: 1 }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let named = std::env::var("GONOGO_TEST_GIT").ok();
    let mut streaming = false;
    for name in ["git".to_owned()].into_iter().chain(named) {
        let git = runtime.block_on(Git::at(Program::find(&name)?))?;
        let git = git.with_env("GIT_CONFIG_GLOBAL", "/dev/null").with_env("GIT_CONFIG_NOSYSTEM", "1");
        streaming |= git.tier().stdin_merge_tree;
        runtime.block_on(measure(&git, &size))?;
    }
    if !streaming {
        println!(
            "\x1b[31mThe streaming tier was not run: set GONOGO_TEST_GIT to a git 2.49 or later.\x1b[0m"
        );
    }
    Ok(())
}

async fn measure(git: &Git, size: &Size) -> Anything<()> {
    let dir = tempfile::tempdir()?;
    let (tip, queue) = history(git, dir.path(), size).await?;
    let at = find(dir.path())?;
    let [mut add, mut each, mut whole, mut chain, mut first, mut all, mut append, mut related] =
        <[Best; 8]>::default();
    let (last, before) = queue.split_last().ok_or("no picks")?;
    let cancel = Cancel::new();
    for _round in 0..size.rounds {
        let start = Instant::now();
        must(git, dir.path(), &["worktree", "add", "-q", "--detach", "work", &tip.to_string()]).await?;
        add.take(start);
        let work = dir.path().join("work");
        let start = Instant::now();
        for pick in &queue {
            must(git, &work, &["cherry-pick", &pick.commit.to_string()]).await?;
        }
        each.take(start);
        let tree = must(git, &work, &["rev-parse", "HEAD^{tree}"]).await?;
        must(git, &work, &["checkout", "-q", "--detach", &tip.to_string()]).await?;
        let commits: Vec<_> = queue.iter().map(|pick| pick.commit.to_string()).collect();
        let words: Vec<_> = ["cherry-pick"].into_iter().chain(commits.iter().map(String::as_str)).collect();
        let start = Instant::now();
        must(git, &work, &words).await?;
        whole.take(start);
        must(git, dir.path(), &["worktree", "remove", "--force", "work"]).await?;

        let start = Instant::now();
        let mut predictor = Predictor::open(git, &at, Trust::Unasked).await?;
        let onto = predictor.tree_of(tip, &cancel).await?.ok_or("no tip")?;
        let told = predictor.replay(onto, &queue, &cancel).await?;
        chain.take(start);
        let after = told.last().and_then(|it| it.after()).ok_or("no tree")?;
        assert_eq!(after.to_string(), tree.trim(), "it is the tree of the real picks");

        let start = Instant::now();
        let mut predictor = Predictor::open(git, &at, Trust::Unasked).await?;
        let mut heard = false;
        predictor
            .predict(tip, before, &cancel, &mut |_, _| {
                if !std::mem::replace(&mut heard, true) {
                    first.take(start);
                }
            })
            .await?;
        all.take(start);
        let longer: Vec<Picked> = before.iter().chain([last]).copied().collect();
        let start = Instant::now();
        let mut heard = 0;
        predictor
            .predict(tip, &longer, &cancel, &mut |_, _| {
                heard += 1;
                if heard == longer.len() {
                    append.take(start);
                }
            })
            .await?;
        related.take(start);
    }
    let count = queue.len();
    println!("git {}, {} files, {count} picks, best of {}:", git.tier().text(), size.files, size.rounds);
    println!("  worktree add, in full      {:9.1} ms", add.ms());
    println!("  cherry-pick, one by one    {:9.1} ms  {:6.2} ms a pick", each.ms(), each.ms() / count as f64);
    println!(
        "  cherry-pick, all at once   {:9.1} ms  {:6.2} ms a pick",
        whole.ms(),
        whole.ms() / count as f64
    );
    println!(
        "  predicted                  {:9.1} ms  {:6.2} ms a pick",
        chain.ms(),
        chain.ms() / count as f64
    );
    println!("  and what each needs        {:9.1} ms", all.ms());
    println!("  first verdict              {:9.1} ms (at most 100)", first.ms());
    println!("  one more appended          {:9.1} ms (at most 10)", append.ms());
    println!("  and what it needs          {:9.1} ms", related.ms());
    let target = if git.tier().stdin_merge_tree { 20 } else { 8 };
    println!(
        "  times faster than one by one with the worktree {:.1}, without {:.1}; than all at once with {:.1} (at least {target})",
        (add.ms() + each.ms()) / chain.ms(),
        each.ms() / chain.ms(),
        (add.ms() + whole.ms()) / chain.ms(),
    );
    Ok(())
}

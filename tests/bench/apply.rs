//! How long applying picks takes beside plain `git cherry-pick` of the same commits in a full worktree of a clone, in
//! the same run: `cargo bench --bench apply`, on a history that it makes, or `cargo bench --bench apply -- CLONE` on
//! the newest commits of a clone, picked onto where its branch stood long before. The clone is only read.
//!
//! That the worktree is ready is measured by an order without picks: all that comes before the first pick.

mod queue;

use gonogo::git::apply::{Applied, Item, Order};
use gonogo::git::{Git, Predictor, Trust, find};
use gonogo::release::ids::{Branch, Oid, OpId};
use gonogo::release::predict::{Picked, Verdict};
use gonogo::spawn::{Cancel, Program};
use queue::{Anything, Best, Size, history, must};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The operations: of the order without picks, and of the one with all.
const OPS: [&str; 2] = ["01K00000000000000000000001", "01K00000000000000000000002"];

fn main() -> Anything<()> {
    // `cargo test` runs benchmarks too, only to see that they work.
    let measured = std::env::args().any(|word| word == "--bench");
    let given = std::env::args().skip(1).find(|word| !word.starts_with('-')).map(PathBuf::from);
    let size = if measured {
        Size { files: 5_000, picks: 50, rounds: 5 }
    } else {
        Size { files: 40, picks: 4, rounds: 1 }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let named = std::env::var("GONOGO_TEST_GIT").ok();
    for name in ["git".to_owned()].into_iter().chain(named) {
        let git = runtime.block_on(Git::at(Program::find(&name)?))?;
        let git = git.with_env("GIT_CONFIG_GLOBAL", "/dev/null").with_env("GIT_CONFIG_NOSYSTEM", "1");
        let git = git.with_env("GIT_COMMITTER_NAME", "Cy").with_env("GIT_COMMITTER_EMAIL", "cy@example.org");
        runtime.block_on(measure(&git, &size, given.as_deref()))?;
    }
    Ok(())
}

async fn measure(git: &Git, size: &Size, given: Option<&Path>) -> Anything<()> {
    let dir = tempfile::tempdir()?;
    let (from, tip, queue) = match given {
        Some(clone) => {
            let (tip, queue) = newest(git, clone, size.picks).await?;
            (clone.canonicalize()?, tip, queue)
        }
        None => {
            let made = dir.path().join("made");
            std::fs::create_dir(&made)?;
            let (tip, queue) = history(git, &made, size).await?;
            (made, tip, queue)
        }
    };
    let files = must(git, &from, &["ls-tree", "-r", "--name-only", &tip.to_string()]).await?.lines().count();
    let [mut add, mut each, mut whole, mut ready, mut all] = <[Best; 5]>::default();
    for _round in 0..size.rounds {
        // Each on a clone of its own: nobody finds the objects that another has written.
        let plain = cloned(git, dir.path(), &from, "plain").await?;
        let start = Instant::now();
        must(git, &plain, &["checkout", "-q", "--detach", &tip.to_string()]).await?;
        add.take(start);
        let start = Instant::now();
        for pick in &queue {
            must(git, &plain, &["cherry-pick", "-x", &pick.commit.to_string()]).await?;
        }
        each.take(start);
        let tree = must(git, &plain, &["rev-parse", "HEAD^{tree}"]).await?;
        let plain = cloned(git, dir.path(), &from, "plain").await?;
        must(git, &plain, &["checkout", "-q", "--detach", &tip.to_string()]).await?;
        let commits: Vec<_> = queue.iter().map(|pick| pick.commit.to_string()).collect();
        let words = ["cherry-pick", "-x"].into_iter().chain(commits.iter().map(String::as_str));
        let words: Vec<_> = words.collect();
        let start = Instant::now();
        must(git, &plain, &words).await?;
        whole.take(start);

        let ours = cloned(git, dir.path(), &from, "ours").await?;
        let root = dir.path().join("applying");
        ready.take(apply(git, &ours, &root, &order(OPS[0], tip, &[])?).await?.0);
        let (start, done) = apply(git, &ours, &root, &order(OPS[1], tip, &queue)?).await?;
        all.take(start);
        let made = must(git, &ours, &["rev-parse", &format!("{done}^{{tree}}")]).await?;
        assert_eq!(made, tree, "it is the tree of the plain picks");
        std::fs::remove_dir_all(&root)?;
    }
    let per = |best: &Best| best.ms() / queue.len() as f64;
    let own = (all.ms() - ready.ms()) / queue.len() as f64;
    println!("git {}, {files} files, {} picks, best of {}:", git.tier().text(), queue.len(), size.rounds);
    println!("  checkout, in full          {:9.1} ms", add.ms());
    println!("  cherry-pick, one by one    {:9.1} ms  {:6.2} ms a pick", each.ms(), per(&each));
    println!("  cherry-pick, all at once   {:9.1} ms  {:6.2} ms a pick", whole.ms(), per(&whole));
    println!("  temporary worktree ready   {:9.1} ms (at most 100)", ready.ms());
    println!("  applied, with the worktree {:9.1} ms  {own:6.2} ms a pick after it", all.ms());
    println!(
        "  of one by one {:.2}, of all at once {:.2} a pick; with worktree and checkout {:.2} and {:.2} (at most 1.1)",
        own / per(&each),
        own / per(&whole),
        all.ms() / (add.ms() + each.ms()),
        all.ms() / (add.ms() + whole.ms()),
    );
    Ok(())
}

/// A clone without checked-out files, in place of the one before.
async fn cloned(git: &Git, dir: &Path, from: &Path, name: &str) -> Anything<PathBuf> {
    let to = dir.join(name);
    if to.exists() {
        std::fs::remove_dir_all(&to)?;
    }
    let from = from.to_str().ok_or("a path that is no text")?;
    must(git, dir, &["clone", "-q", "--local", "--no-checkout", from, name]).await?;
    for (key, value) in [("user.name", "Cy"), ("user.email", "cy@example.org")] {
        must(git, &to, &["config", key, value]).await?;
    }
    Ok(to)
}

fn order(op: &str, tip: Oid, queue: &[Picked]) -> Anything<Order> {
    let item = |it: &Picked| Item { commit: it.commit, mainline: it.mainline, tree: None };
    Ok(Order {
        op: OpId::parse(op)?,
        line: Branch::parse("release")?,
        tip,
        items: queue.iter().map(item).collect(),
        sign_off: false,
        markers: false,
    })
}

/// Applies an order: when it was begun, and what it came to.
async fn apply(git: &Git, clone: &Path, root: &Path, order: &Order) -> Anything<(Instant, Oid)> {
    let at = find(clone)?;
    let start = Instant::now();
    match git.apply(&at, root, order, &Cancel::new()).await? {
        Applied::Done { tip, .. } => Ok((start, tip)),
        other => Err(format!("{other:?}").into()),
    }
}

/// The newest commits of a clone that apply one after the other where its branch stood four times as many before.
async fn newest(git: &Git, clone: &Path, many: usize) -> Anything<(Oid, Vec<Picked>)> {
    let at = find(clone)?;
    let oid = |text: String| Ok::<_, Box<dyn std::error::Error>>(Oid::parse(text.trim())?);
    let tip = oid(must(git, clone, &["rev-parse", &format!("HEAD~{}", many * 4)]).await?)?;
    let range = format!("{tip}..HEAD");
    let list = must(git, clone, &["rev-list", "--reverse", "--no-merges", &range]).await?;
    let commits: Vec<_> =
        list.lines().map(|hex| Ok(Picked::from(Oid::parse(hex)?))).collect::<Anything<_>>()?;
    let mut queue: Vec<Picked> = commits.into_iter().rev().take(many * 2).collect();
    queue.reverse();
    let cancel = Cancel::new();
    let mut predictor = Predictor::open(git, &at, Trust::Unasked).await?;
    let onto = predictor.tree_of(tip, &cancel).await?.ok_or("no tip")?;
    let told = predictor.replay(onto, &queue, &cancel).await?;
    let mut applies = told.iter().map(|it| matches!(it.verdict, Verdict::Clean(_) | Verdict::CleanAfter(..)));
    queue.retain(|_| applies.next().unwrap_or(false));
    queue.truncate(many);
    Ok((tip, queue))
}

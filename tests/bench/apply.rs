//! How long applying picks takes beside plain `git cherry-pick` of the same commits in a full worktree of a clone, in
//! the same run: `cargo bench --bench apply`, on a history that it makes, or `cargo bench --bench apply -- CLONE` on
//! the newest commits of a clone, picked onto where its branch stood long before. The clone is only read.
//!
//! That the worktree is ready is measured by an order without picks: all that comes before the first pick.

mod queue;

use gonogo::git::apply::{Applied, Item, Order};
use gonogo::git::{Git, Predictor, Repository, Trust, find};
use gonogo::release::ids::{Branch, Oid, OpId};
use gonogo::release::predict::{Picked, Verdict};
use gonogo::spawn::{Cancel, Program};
use queue::{Anything, Best, Size, history, must};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

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

/// What is measured, by the clock and by the processor time of all that it runs.
#[derive(Default)]
struct Cost {
    clock: Best,
    work: Best,
}

/// When a measurement began.
struct Began {
    at: Instant,
    work: Option<Duration>,
}

impl Began {
    fn now() -> Self {
        Self { work: worked(), at: Instant::now() }
    }
}

impl Cost {
    fn take(&mut self, began: &Began) {
        self.clock.take(began.at);
        if let (Some(before), Some(now)) = (began.work, worked()) {
            self.work.put(now.saturating_sub(before));
        }
    }
}

/// Processor time of this process and of those that it ran, where the system tells it in hundredths of a second:
/// proc(5), `/proc/pid/stat`.
fn worked() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, rest) = text.rsplit_once(") ")?;
    let ticks: Option<u64> = rest.split(' ').skip(11).take(4).map(|field| field.parse::<u64>().ok()).sum();
    Some(Duration::from_millis(ticks? * 10))
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
    let [mut add, mut each, mut whole, mut ready] = <[Cost; 4]>::default();
    let mut ours = <[Cost; 2]>::default();
    for _round in 0..size.rounds {
        // Each on a clone of its own: nobody finds the objects that another has written.
        let plain = cloned(git, dir.path(), &from, "plain").await?;
        let began = Began::now();
        must(git, &plain, &["checkout", "-q", "--detach", &tip.to_string()]).await?;
        add.take(&began);
        let began = Began::now();
        for pick in &queue {
            must(git, &plain, &["cherry-pick", "-x", &pick.commit.to_string()]).await?;
        }
        each.take(&began);
        let tree = must(git, &plain, &["rev-parse", "HEAD^{tree}"]).await?;
        let plain = cloned(git, dir.path(), &from, "plain").await?;
        must(git, &plain, &["checkout", "-q", "--detach", &tip.to_string()]).await?;
        let commits: Vec<_> = queue.iter().map(|pick| pick.commit.to_string()).collect();
        let words = ["cherry-pick", "-x"].into_iter().chain(commits.iter().map(String::as_str));
        let words: Vec<_> = words.collect();
        let began = Began::now();
        must(git, &plain, &words).await?;
        whole.take(&began);

        for (known, cost) in [true, false].into_iter().zip(&mut ours) {
            let clone = cloned(git, dir.path(), &from, "ours").await?;
            let (at, root) = (find(&clone)?, dir.path().join("applying"));
            let mut predictor = Predictor::open(git, &at, Trust::Given).await?;
            let began = Began::now();
            apply(git, &at, &root, &order(OPS[0], tip, &[])?, &mut predictor).await?;
            ready.take(&began);
            if known {
                // As in the cockpit, where what is applied was predicted before.
                predictor.predict(tip, &queue, &Cancel::new(), &mut |_, _| ()).await?;
            }
            let began = Began::now();
            let done = apply(git, &at, &root, &order(OPS[1], tip, &queue)?, &mut predictor).await?;
            cost.take(&began);
            let made = must(git, &clone, &["rev-parse", &format!("{done}^{{tree}}")]).await?;
            assert_eq!(made, tree, "it is the tree of the plain picks");
            std::fs::remove_dir_all(&root)?;
        }
    }
    println!("git {}, {files} files, {} picks, best of {}:", git.tier().text(), queue.len(), size.rounds);
    for (what, of) in [("by the clock", clock as fn(&Cost) -> f64), ("processor time", work)] {
        table(what, &[&add, &each, &whole, &ready, &ours[0], &ours[1]].map(of), queue.len() as f64);
    }
    Ok(())
}

fn clock(cost: &Cost) -> f64 {
    cost.clock.ms()
}

fn work(cost: &Cost) -> f64 {
    cost.work.ms()
}

fn table(what: &str, [add, each, whole, ready, ours, anew]: &[f64; 6], picks: f64) {
    let per = |all: f64| all / picks;
    println!(" {what}");
    println!("  checkout, in full            {add:9.1} ms");
    println!("  cherry-pick, one by one      {each:9.1} ms  {:6.2} ms a pick", per(*each));
    println!("  cherry-pick, all at once     {whole:9.1} ms  {:6.2} ms a pick", per(*whole));
    println!("  temporary worktree ready     {ready:9.1} ms (at most 100)");
    for (how, all) in [("as it was predicted", ours), ("and predicted anew ", anew)] {
        let own = per(all - ready);
        println!("  applied, {how} {all:9.1} ms  {own:6.2} ms a pick after the worktree");
        println!(
            "    of one by one {:.2}, of all at once {:.2} a pick; with worktree and checkout {:.2} and {:.2} (at most 1.1)",
            own / per(*each),
            own / per(*whole),
            all / (add + each),
            all / (add + whole),
        );
    }
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

/// Applies an order, and gives what it came to.
async fn apply(
    git: &Git,
    at: &Repository,
    root: &Path,
    order: &Order,
    predictor: &mut Predictor,
) -> Anything<Oid> {
    match git.apply_by(at, root, order, predictor, &Cancel::new()).await? {
        Applied::Done { tip, .. } => Ok(tip),
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

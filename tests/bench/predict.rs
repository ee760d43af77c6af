//! How long predicting a queue takes beside `git cherry-pick` of it in a full worktree, in the same run:
//! `cargo bench --bench predict`. The git in PATH is measured, and the one that `GONOGO_TEST_GIT` names.

use gonogo::git::{Git, Predictor, Trust, find};
use gonogo::release::ids::Oid;
use gonogo::release::predict::Picked;
use gonogo::spawn::{Call, Cancel, Output, Program};
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

type Anything<T> = Result<T, Box<dyn Error>>;

/// Files of the tree, picks of the queue, rounds of which the best counts.
struct Size {
    files: usize,
    picks: usize,
    rounds: usize,
}

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

/// The best of all rounds.
#[derive(Default)]
struct Best(Option<Duration>);

impl Best {
    fn take(&mut self, start: Instant) {
        let took = start.elapsed();
        self.0 = Some(self.0.map_or(took, |best| best.min(took)));
    }

    fn ms(&self) -> f64 {
        self.0.unwrap_or_default().as_secs_f64() * 1000.0
    }
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

async fn run(git: &Git, dir: &Path, words: &[&str], stdin: &str) -> Anything<Output> {
    let mut call =
        Call::new(git.program()).dir(dir).args(["-c", "gc.auto=0", "-c", "maintenance.auto=false"]);
    for who in ["AUTHOR", "COMMITTER"] {
        call = call.env(format!("GIT_{who}_NAME"), "Cy").env(format!("GIT_{who}_EMAIL"), "cy@example.org");
    }
    let call = call.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").args(words);
    Ok(call.stdin(stdin).run(&Cancel::new()).await?)
}

async fn must(git: &Git, dir: &Path, words: &[&str]) -> Anything<String> {
    let output = run(git, dir, words, "").await?;
    if !output.status.success() {
        return Err(format!("git {words:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A tree of files in directories as projects have them, a line that went its own way, and changes of two files
/// each on the trunk, every tenth on top of the one before.
async fn history(git: &Git, dir: &Path, size: &Size) -> Anything<(Oid, Vec<Picked>)> {
    must(git, dir, &["init", "-q", "--initial-branch=main"]).await?;
    let path = |n: usize| format!("src/part{}/area{}/file{n}.rs", n % 20, n % 150);
    let text = |n: usize, change: &[(usize, usize)]| {
        let line = |at: usize| match change.iter().rev().find(|(line, _)| *line == at) {
            Some((_, by)) => format!("    changed({by});\n"),
            None => format!("    call_{n}_{at}();\n"),
        };
        (0..60).map(line).collect::<String>()
    };
    let mut stream = String::new();
    let mut commit = |branch: &str, mark: usize, from: Option<usize>, files: &[(String, String)]| {
        let _ = write!(
            stream,
            "commit refs/heads/{branch}\nmark :{mark}\ncommitter Cy <cy@example.org> {} +0000\n",
            1_704_067_200 + mark
        );
        let _ = write!(stream, "data 6\nChange\n");
        if let Some(from) = from {
            let _ = writeln!(stream, "from :{from}");
        }
        for (name, text) in files {
            let _ = write!(stream, "M 100644 inline {name}\ndata {}\n{text}\n", text.len());
        }
    };
    let start: Vec<_> = (0..size.files).map(|n| (path(n), text(n, &[]))).collect();
    commit("main", 1, None, &start);
    let mut mark = 1;
    let mut own = Some(1);
    for n in 0..size.picks / 2 {
        mark += 1;
        let file = (n * 31 + 7) % size.files;
        commit("release", mark, own.take(), &[(path(file), text(file, &[(50, n)]))]);
    }
    let (mut from, mut made) = (Some(1), Vec::new());
    for n in 0..size.picks {
        mark += 1;
        let one = (n - usize::from(n % 10 == 9)) * 37 % size.files;
        let two = (n * 53 + 11) % size.files;
        let lines: &[_] = if n % 10 == 9 { &[(5, n - 1), (6, n)] } else { &[(5, n)] };
        commit(
            "main",
            mark,
            from.take(),
            &[(path(one), text(one, lines)), (path(two), text(two, &[(30, n)]))],
        );
        made.push(mark);
    }
    let output = run(git, dir, &["fast-import", "--quiet"], &stream).await?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tip = Oid::parse(must(git, dir, &["rev-parse", "release"]).await?.trim())?;
    let list = must(git, dir, &["rev-list", "--reverse", &format!("-{}", made.len()), "main"]).await?;
    let queue = list.lines().map(|hex| Ok(Picked::from(Oid::parse(hex)?))).collect::<Anything<Vec<_>>>()?;
    Ok((tip, queue))
}

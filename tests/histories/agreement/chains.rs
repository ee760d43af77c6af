//! What was picked to the lines of a clone, in the order it landed, and random commits of the trunk.

use gonogo::git::{Evidence, Git, Graph, Line, LinesAsk, Repository, init_evidence::trunk};
use gonogo::release::ids::Oid;
use gonogo::release::predict::Picked;
use gonogo::spawn::{Call, Cancel};
use std::collections::HashMap;

/// How many picks are predicted on top of each other.
const LENGTH: usize = 20;

/// How a pick was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    Trailer,
    Number,
    Subject,
    Random,
    Merge,
}

impl Origin {
    pub fn word(self) -> &'static str {
        match self {
            Self::Trailer => "-x",
            Self::Number => "number",
            Self::Subject => "subject",
            Self::Random => "random",
            Self::Merge => "merge",
        }
    }
}

/// Picks onto a commit of a line, in order.
#[derive(Debug, Clone)]
pub struct Chain {
    pub line: String,
    pub onto: Oid,
    pub picks: Vec<(Picked, Origin)>,
}

impl Chain {
    /// Whether its commits were once picked to the line.
    pub fn is_real(&self) -> bool {
        self.picks.iter().all(|(_, origin)| !matches!(origin, Origin::Random | Origin::Merge))
    }
}

pub async fn of(git: &Git, at: &Repository, limit: usize) -> anyhow::Result<Vec<Chain>> {
    let refs = git.refs(at).await?;
    let (trunk, _) = trunk(at, &refs).ok_or_else(|| anyhow::anyhow!("no trunk"))?;
    let branches =
        refs.branches.keys().filter(|name| name.as_str().starts_with("release")).cloned().collect();
    let ask = LinesAsk { trunk: trunk.clone(), branches, tags: Vec::new(), list_cap: 400 };
    let lines = git.lines(at, &mut Graph::new(), &refs, &ask).await?;
    let (mut real, mut random) = (Vec::new(), Vec::new());
    for line in lines.iter().filter(|line| line.branch != trunk) {
        real.push(picked(git, at, line).await?);
        random.extend(sampled(git, at, line, lines[0].tip).await?);
    }
    let mut chains = turn_by_turn(real, limit);
    chains.extend(turn_by_turn(random.into_iter().map(|chain| vec![chain]).collect(), limit / 2));
    chains.sort_by(|a, b| a.line.cmp(&b.line));
    anyhow::ensure!(!chains.is_empty(), "nothing was picked to a branch whose name starts with release");
    Ok(chains)
}

/// A chain of each line in turn, up to so many picks.
fn turn_by_turn(lines: Vec<Vec<Chain>>, limit: usize) -> Vec<Chain> {
    let most = lines.iter().map(Vec::len).max().unwrap_or(0);
    let (mut taken, mut count) = (Vec::new(), 0);
    for turn in 0..most {
        for chain in lines.iter().filter_map(|chains| chains.get(turn)) {
            if count < limit {
                count += chain.picks.len();
                taken.push(chain.clone());
            }
        }
    }
    taken
}

/// What was picked to a line, oldest first, in pieces.
async fn picked(git: &Git, at: &Repository, line: &Line) -> anyhow::Result<Vec<Chain>> {
    let found: Vec<_> =
        line.drift.commits.iter().rev().filter_map(|it| Some((&it.commit, it.on_trunk?))).collect();
    let origins: Vec<Oid> = found.iter().map(|(_, origin)| origin.oid).collect();
    let merges: HashMap<Oid, bool> =
        git.commits(at, &origins).await?.iter().map(|commit| (commit.oid, commit.is_merge())).collect();
    let mut chains = Vec::new();
    for piece in found.chunks(LENGTH) {
        let Some(onto) = piece[0].0.parents.first() else { continue };
        let picks = piece.iter().map(|(_, origin)| {
            let how = match origin.evidence {
                Evidence::Trailer => Origin::Trailer,
                Evidence::Pull(_) => Origin::Number,
                Evidence::Patch | Evidence::Subject => Origin::Subject,
            };
            let merge = merges.get(&origin.oid).copied().unwrap_or(false);
            (Picked { commit: origin.oid, mainline: merge.then_some(1) }, how)
        });
        chains.push(Chain { line: line.branch.as_str().into(), onto: *onto, picks: picks.collect() });
    }
    Ok(chains)
}

/// Random commits of the trunk since the line was cut, and some merges, in the order of the trunk, onto its tip.
async fn sampled(git: &Git, at: &Repository, line: &Line, trunk: Oid) -> anyhow::Result<Option<Chain>> {
    let Some(base) = line.merge_base else { return Ok(None) };
    let mut picks = Vec::new();
    for (origin, kind, count) in [(Origin::Random, "--no-merges", LENGTH), (Origin::Merge, "--merges", 4)] {
        let range = format!("{base}..{trunk}");
        let call = Call::new(git.program()).dir(at.dir());
        let output = call.args(["rev-list", "--reverse", kind, &range]).run(&Cancel::new()).await?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let all: Vec<Oid> = text.lines().filter_map(|hex| Oid::parse(hex).ok()).collect();
        // A step of the golden ratio visits a list evenly, and the same way on every machine.
        let mut places: Vec<_> =
            (1..=count.min(all.len())).map(|turn| (turn * 618_034) % 1_000_000).collect();
        places.sort_unstable();
        places.dedup();
        for place in places {
            let mainline = (origin == Origin::Merge).then_some(1);
            picks.push((Picked { commit: all[place * all.len() / 1_000_000], mainline }, origin));
        }
    }
    let chain = |picks| Chain { line: line.branch.as_str().to_owned(), onto: line.tip, picks };
    Ok((!picks.is_empty()).then_some(picks).map(chain))
}

//! On generated histories, every figure equals what plain git commands say.

use super::yard::{FIRST, Yard, ask, branch, git, run};
use gonogo::git::{Graph, Line};
use std::fmt::Write as _;

/// A small generator of numbers, the same on every machine (xorshift64, Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }
}

const BRANCHES: [&str; 5] = ["main", "release-1", "release-2", "release-3", "topic"];

/// A history of merges, criss-crosses, several beginnings and equal dates, as `git fast-import` reads it.
fn history(seed: u64, commits: usize) -> (String, Vec<String>) {
    let mut dice = Dice(seed);
    let (mut stream, mut tags) = (String::new(), Vec::new());
    let mut tips: [Option<usize>; BRANCHES.len()] = [None; BRANCHES.len()];
    for mark in 1..=commits {
        let on = if mark == 1 { 0 } else { dice.roll(BRANCHES.len()) };
        let from = tips[on].or_else(|| (dice.roll(8) > 0).then(|| tips[dice.roll(BRANCHES.len())]).flatten());
        let at = FIRST + i64::try_from(mark / (1 + dice.roll(3)).min(2)).unwrap() * 60;
        let at = if seed.is_multiple_of(2) { FIRST + i64::try_from(mark / 2).unwrap() } else { at };
        let subject = format!("Change number {mark} (#{mark})");
        writeln!(stream, "commit refs/heads/{}\nmark :{mark}", BRANCHES[on]).unwrap();
        writeln!(stream, "committer Cy <cy@example.org> {at} +0000\ndata {}\n{subject}", subject.len())
            .unwrap();
        if let Some(from) = from {
            writeln!(stream, "from :{from}").unwrap();
            let other = tips[dice.roll(BRANCHES.len())].filter(|other| *other != from && dice.roll(3) == 0);
            other.iter().for_each(|other| writeln!(stream, "merge :{other}").unwrap());
        }
        writeln!(stream, "M 100644 inline f{}\ndata 1\n{}", dice.roll(9), dice.roll(10)).unwrap();
        tips[on] = Some(mark);
        if dice.roll(7) == 0 {
            let name = format!("v1.0.{mark}");
            writeln!(stream, "reset refs/tags/{name}\nfrom :{mark}\n").unwrap();
            tags.push(name);
        }
    }
    (stream, tags)
}

fn check(yard: &Yard, line: &Line, tags: &[&str]) {
    let git = |words: &[&str]| yard.git(words);
    let (tip, main) = (line.tip.to_string(), git(&["rev-parse", "main"]));
    let name = line.branch.as_str();
    if name != "main" {
        let both = git(&["rev-list", "--left-right", "--count", &format!("{tip}...{main}")]);
        assert_eq!(format!("{}\t{}", line.ahead.unwrap(), line.behind.unwrap()), both, "{name}");
        let bases =
            String::from_utf8(yard.raw(&yard.path(), &["merge-base", "--all", &tip, &main], b"").stdout)
                .unwrap();
        match line.merge_base {
            Some(base) => assert!(bases.contains(&base.to_string()), "{name}: {base} is none of {bases}"),
            None => assert_eq!(bases, "", "{name}"),
        }
        let range = format!("{main}..{tip}");
        assert_eq!(
            line.drift.total.to_string(),
            git(&["rev-list", "--count", "--no-merges", &range]),
            "{name}"
        );
        let list: Vec<_> = line.drift.commits.iter().map(|it| it.commit.oid.to_string()).collect();
        let mut gits: Vec<_> = git(&["rev-list", "--no-merges", &range]).lines().map(str::to_owned).collect();
        assert_eq!(list.len(), gits.len().min(50), "{name}");
        gits.retain(|oid| list.contains(oid));
        assert_eq!(gits.len(), list.len(), "{name}: each is one that git lists");
    }
    let format = format!("--format=%(refname:strip=2) %(ahead-behind:{tip})");
    let rows = git(&["for-each-ref", &format, "refs/tags"]);
    let nearest = rows.lines().filter_map(|row| {
        let words: Vec<_> = row.split(' ').collect();
        let rank = tags.iter().position(|tag| *tag == words[0]).unwrap();
        (words[1] == "0").then(|| (words[2].parse::<u32>().unwrap(), std::cmp::Reverse(rank), words[0]))
    });
    let nearest = nearest.min().map(|(distance, _, tag)| (distance, tag.to_owned()));
    let ours = line.last_tag.as_ref().map(|last| (last.distance, last.tag.as_str().to_owned()));
    assert_eq!(ours, nearest, "{name}");
    let range = line.last_tag.as_ref().map_or(tip.clone(), |last| format!("{}..{tip}", last.tag.full()));
    assert_eq!(line.unreleased.unwrap().to_string(), git(&["rev-list", "--count", &range]), "{name}");
    assert_eq!(line.unreleased.unwrap().min(50) as usize, line.unreleased_commits.len(), "{name}");
}

#[test]
fn generated_histories_read_as_git_reads_them() {
    for seed in 1..=6 {
        let yard = Yard::new();
        let (stream, tags) = history(seed * 7919, 120);
        let output = yard.raw(&yard.path(), &["fast-import", "--quiet"], stream.as_bytes());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let tags: Vec<_> = tags.iter().map(String::as_str).collect();
        let lines = yard.lines(&tags);
        assert_eq!(lines.len(), BRANCHES.len(), "seed {seed}");
        lines.iter().for_each(|line| check(&yard, line, &tags));
    }
}

#[test]
fn lists_stand_in_the_order_of_git_log() {
    let yard = Yard::new();
    let (stream, tags) = history(4, 120);
    assert!(yard.raw(&yard.path(), &["fast-import", "--quiet"], stream.as_bytes()).status.success());
    let tags: Vec<_> = tags.iter().map(String::as_str).collect();
    for line in yard.lines(&tags) {
        let range = line
            .last_tag
            .as_ref()
            .map_or(line.tip.to_string(), |it| format!("{}..{}", it.tag.full(), line.tip));
        let ours: Vec<_> = line.unreleased_commits.iter().map(|it| it.oid.to_string()).collect();
        assert_eq!(ours.join("\n"), yard.git(&["rev-list", "-50", &range]), "{}", line.branch.as_str());
    }
}

#[test]
fn reading_step_by_step_gives_what_reading_at_once_gives() {
    let yard = Yard::new();
    let (git, mut graph) = (git(), Graph::new());
    let (stream, tags) = history(31, 90);
    let tags: Vec<_> = tags.iter().map(String::as_str).collect();
    let records: Vec<_> = stream.split_inclusive("\ncommit ").collect();
    assert!(records.len() > 50);
    assert!(yard.raw(&yard.path(), &["fast-import", "--quiet"], stream.as_bytes()).status.success());
    let tip = yard.git(&["rev-parse", "main"]);
    for back in [40, 20, 7, 3, 0] {
        let older = yard.raw(&yard.path(), &["rev-parse", "--verify", "-q", &format!("{tip}~{back}")], b"");
        let Ok(older) = String::from_utf8(older.stdout) else { continue };
        if older.is_empty() {
            continue;
        }
        yard.git(&["update-ref", "refs/heads/main", older.trim()]);
        let (at, refs) = (yard.at(), yard.refs());
        let grown = run(git.lines(&at, &mut graph, &refs, &ask(&refs, &tags))).unwrap();
        assert_eq!(grown, yard.lines(&tags), "{back} back");
        assert!(grown.iter().any(|line| line.branch == branch("main")));
    }
}

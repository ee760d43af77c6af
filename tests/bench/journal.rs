//! How long a journal takes to be read, verified and folded, beside `sha256sum` of the same file in the same run:
//! `cargo bench --bench journal`.

mod story;
mod written;

use gonogo::engine::entries;
use gonogo::engine::playback::Reel;
use gonogo::journal::dir::Dir;
use gonogo::journal::{DirDisk, Redactor, Source, Store, read_all};
use gonogo::release::Release;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

const RUNS: usize = 7;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `cargo test` runs benchmarks too, only to see that they work.
    let measured = std::env::args().any(|word| word == "--bench");
    let counts: &[u64] = if measured { &[5_000, 100_000] } else { &[200] };
    for count in counts {
        let kept = tempfile::tempdir()?;
        let disk = Box::new(DirDisk::new(Dir::root(kept.path())?));
        let mut store = Store::on(disk, None, Redactor::new([7; 32], &[]), &mut |_, _| {})?;
        written::append(&mut store, *count)?;
        measure(kept.path(), *count)?;
    }
    append(if measured { 500 } else { 5 })
}

/// What a line costs beside the bare write and sync of as many bytes, one after the other on the same disk.
fn append(count: u64) -> Result<(), Box<dyn std::error::Error>> {
    let kept = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let disk = Box::new(DirDisk::new(Dir::root(&kept.path().join("journal"))?));
    let mut store = Store::on(disk, None, Redactor::new([7; 32], &[]), &mut |_, _| {})?;
    written::append(&mut store, 1)?;
    let mut bare = std::fs::File::create(kept.path().join("bare"))?;
    let (mut lines, mut bytes) = (vec![], vec![]);
    for _ in 0..count {
        let start = Instant::now();
        written::append(&mut store, 1)?;
        lines.push(start.elapsed());
        let start = Instant::now();
        bare.write_all(&[b'x'; 560])?;
        bare.sync_data()?;
        bytes.push(start.elapsed());
    }
    lines.sort();
    bytes.sort();
    let (line, bare) = (ms(lines[lines.len() / 2]), ms(bytes[bytes.len() / 2]));
    println!("append, p50 of {count}: {line:.3} ms, bare write and sync {bare:.3} ms");
    println!("  {:27.2} x the bare one (at most 1.5)", line / bare);
    Ok(())
}

fn measure(path: &Path, count: u64) -> Result<(), Box<dyn std::error::Error>> {
    let disk = DirDisk::new(Dir::root(path)?);
    let bytes: u64 = disk.segments()?.iter().map(|segment| segment.len).sum();
    println!("{count} entries, {:.1} MB, best of {RUNS}:", bytes as f64 / 1e6);
    let sum = best(|| {
        let files = std::fs::read_dir(path)?.flatten().map(|file| file.path());
        let files: Vec<_> = files.filter(|file| file.extension().is_some_and(|it| it == "jsonl")).collect();
        #[expect(clippy::disallowed_methods, reason = "a benchmark starts the program it is compared with")]
        let ran = std::process::Command::new("sha256sum").args(files).output()?;
        assert!(ran.status.success(), "sha256sum");
        Ok(())
    })?;
    let verify = best(|| {
        read_all(&disk, &mut |_, _| {})?;
        Ok(())
    })?;
    let fold = best(|| {
        let mut release = Release::default();
        read_all(&disk, &mut |line, _| release.apply(&entries::entry(&line, None)))?;
        assert!(release.revision > count, "everything was folded");
        Ok(())
    })?;
    let ratio = |time: Duration| time.as_secs_f64() / sum.as_secs_f64();
    println!("  sha256sum         {:9.2} ms", ms(sum));
    println!("  read and verify   {:9.2} ms  {:5.2} x sha256sum", ms(verify), ratio(verify));
    println!("  and fold          {:9.2} ms  {:5.2} x sha256sum (at most 8)", ms(fold), ratio(fold));
    seek(&disk, count)
}

/// Random jumps of a replay.
fn seek(disk: &DirDisk, count: u64) -> Result<(), Box<dyn std::error::Error>> {
    let start = Instant::now();
    let reel = Reel::read(disk, None)?;
    println!("  replay, opened    {:9.2} ms", ms(start.elapsed()));
    let mut at = 1_u64;
    let mut times: Vec<Duration> = vec![];
    for _ in 0..2_000.min(count) {
        at = at.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let to = usize::try_from(at >> 33)? % reel.len();
        let start = Instant::now();
        let release = reel.release(to);
        times.push(start.elapsed());
        drop(release);
    }
    times.sort();
    let p95 = times[times.len() * 95 / 100];
    println!(
        "  replay, a jump    {:9.2} ms p50, {:.2} ms p95 (at most 5)",
        ms(times[times.len() / 2]),
        ms(p95)
    );
    Ok(())
}

fn best(
    mut run: impl FnMut() -> Result<(), Box<dyn std::error::Error>>,
) -> Result<Duration, Box<dyn std::error::Error>> {
    let mut least = Duration::MAX;
    for _ in 0..RUNS {
        let start = Instant::now();
        run()?;
        least = least.min(start.elapsed());
    }
    Ok(least)
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

#!/usr/bin/env python3
"""Measures the shipped binary in a pseudo-terminal and prints a table: `python3 tests/bench/cockpit.py`.

Linux with /proc, Python 3.9 or newer; nothing to install. Build first:
`cargo build --release && cargo build --release --example fill`. What is measured, and against which budget, stands
in the rows. A frame is complete when the synchronized update that draws it ends (mode 2026), so no emulator stands
between the program and the clock. `--peer gitui --peer-shows Cargo.toml --repo CLONE` times another program on the
same clone, turn by turn: its first paint, and the first paint that shows a text (a changed file's name).
"""
import argparse, fcntl, os, re, select, shlex, shutil, signal, statistics, struct, subprocess, sys
import tempfile, termios, time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
END = b"\x1b[?2026l"
MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
CSI = re.compile(rb"\x1b(\[[0-9;?<>=]*[A-Za-z]|\][^\x07]*\x07|[()][A-Z0-9])")


class Term:
    """A program in a pseudo-terminal of its own."""

    def __init__(self, argv, cwd, env, size=(120, 36)):
        self.raw, self.closed = b"", False
        self.fd, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        ready, told = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
            for fd in (0, 1, 2):
                os.dup2(slave, fd)
            os.chdir(cwd)
            os.write(told, b".")
            os.execvpe(argv[0], argv, env)
        os.close(slave)
        os.read(ready, 1)
        self.start = time.perf_counter()
        os.close(ready)
        os.close(told)

    def read(self, wait):
        """Reads once; the time of it, or none when nothing came."""
        if self.closed or not select.select([self.fd], [], [], max(0, wait))[0]:
            return None
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            data = b""
        now = time.perf_counter()
        self.closed = not data
        self.raw += data
        if data.endswith(b"\x1b[c"):
            os.write(self.fd, b"\x1b[?62;22c")
        return now if data else None

    def until(self, wanted, patience=30):
        """Reads until the bytes are as wanted; when that was, since the start, in ms."""
        end = time.perf_counter() + patience
        while time.perf_counter() < end and not self.closed:
            now = self.read(end - time.perf_counter())
            if now and wanted(self.raw):
                return (now - self.start) * 1e3
        raise SystemExit("never drawn:\n" + CSI.sub(b" ", self.raw[-4000:]).decode(errors="replace"))

    def quiet(self, seconds):
        """Reads until nothing came for a while."""
        while self.read(seconds):
            pass

    def drain(self, seconds):
        """Reads for a while."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            if self.read(left) is None and self.closed:
                return

    def press(self, keys):
        """The time from a key to its frame, in ms, and the frame's bytes; none when it draws nothing."""
        before = len(self.raw)
        start = time.perf_counter()
        os.write(self.fd, keys.encode())
        end = start + 0.5
        while END not in self.raw[before:] and time.perf_counter() < end:
            now = self.read(end - time.perf_counter())
        done = END in self.raw[before:]
        return ((now - start) * 1e3, len(self.raw) - before) if done else None

    def end(self, how="q"):
        if how == "q":
            os.write(self.fd, b"q")
        else:
            os.kill(self.pid, how)
        end = time.perf_counter() + 20
        again = time.perf_counter() + 1
        while not self.closed and time.perf_counter() < end:
            self.read(0.2)
            if how == "q" and not self.closed and time.perf_counter() > again:
                os.write(self.fd, b"q")
                again += 1
        if not self.closed:
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return self.left_on()

    def left_on(self):
        modes = {}
        for match in MODE.finditer(self.raw):
            for mode in match.group(1).split(b";"):
                modes[int(mode)] = match.group(2) == b"h"
        return [mode for mode, on in sorted(modes.items()) if on != (mode == 25)]

    def counts(self):
        """Voluntary context switches and CPU milliseconds over all threads, PSS in MB."""
        switches, cpu = 0, 0.0
        for thread in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{thread}/status") as file:
                switches += int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", file.read(), re.M).group(1))
            with open(f"/proc/{self.pid}/task/{thread}/schedstat") as file:
                cpu += int(file.read().split()[0]) / 1e6
        with open(f"/proc/{self.pid}/smaps_rollup") as file:
            pss = int(re.search(r"^Pss:\s+(\d+)", file.read(), re.M).group(1)) / 1024
        return switches, cpu, pss


def part(values, percent):
    values = sorted(values)
    return values[min(len(values) - 1, round((len(values) - 1) * percent / 100))]


def row(what, value, budget):
    print(f"  {what:44} {value:32} {budget}", flush=True)


def text_of(raw):
    return CSI.sub(b"", raw)


def poll_shown(raw):
    """A whole frame that shows the poll."""
    return END in raw and b"Go / no-go" in text_of(raw[: raw.rfind(END)])


def listening(pid):
    """The port of loopback on which a process listens."""
    links = [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]
    with open(f"/proc/{pid}/net/tcp") as table:
        rows = [line.split() for line in table][1:]
    return next(int(row[1].split(":")[1], 16) for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in links)


class Bench:
    def __init__(self, args):
        self.args = args
        self.home = tempfile.mkdtemp(prefix="gonogo-bench-")
        keep = {name: os.environ[name] for name in ("PATH",)}
        self.env = {**keep, "HOME": self.home, "TERM": "xterm-256color", "COLORTERM": "truecolor",
                    "COLORFGBG": "15;0", "LANG": "C.UTF-8", "GONOGO_STATE_DIR": f"{self.home}/state",
                    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
        self.repo = f"{self.home}/widget"
        git = lambda *words: subprocess.run(["git", "-C", self.repo, *words], check=True, env={
            **self.env, "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a",
            "GIT_COMMITTER_EMAIL": "a@b"}, stdout=subprocess.DEVNULL)
        if args.repo:
            self.repo = os.path.abspath(args.repo)
            return
        os.mkdir(self.repo)
        git("init", "-q", "-b", "main")
        git("commit", "-q", "--allow-empty", "-m", "one")
        git("tag", "v0.6.0")
        git("branch", "release-0.6.x")

    def open(self, more=(), before=(), **kind):
        argv = [*before, self.args.binary, "open", self.repo, "--release", "v0.6.2", "--process", "llama-stack", *more]
        return Term(argv, self.home, {**self.env, **kind.pop("env", {})}, **kind)

    def first_frame(self):
        term = self.open()
        term.until(poll_shown)
        term.quiet(1)
        term.end()
        found = subprocess.run(["find", f"{self.home}/state", "-name", "seg-000001.jsonl"],
                               stdout=subprocess.PIPE, text=True, check=True).stdout.split()
        fill = os.path.join(os.path.dirname(self.args.binary), "examples", "fill")
        subprocess.run([fill, os.path.dirname(found[0]), "5000"], check=True)
        times, drawn, useful = [], [], []
        for _ in range(self.args.runs):
            term = self.open()
            times.append(term.until(poll_shown))
            term.quiet(0.15)
            term.end()
            if self.args.peer:
                first, shown = self.peer()
                drawn.append(first)
                useful.append(shown)
        value = f"p50 {part(times, 50):.1f}  p90 {part(times, 90):.1f}  min {min(times):.1f} ms"
        row("first frame with the poll, 5,000 entries", value, "p50 15, p90 30 ms")
        true = []
        for _ in range(self.args.runs):
            start = time.perf_counter()
            subprocess.run([self.args.binary, "--version"], stdout=subprocess.DEVNULL, check=True)
            true.append((time.perf_counter() - start) * 1e3)
        row("gonogo --version (fork, exec, load)", f"p50 {part(true, 50):.1f} ms", "")
        if self.args.peer:
            row(f"peer: {self.args.peer}, first 500 bytes", f"p50 {part(drawn, 50):.1f} ms", "")
        if self.args.peer_shows:
            value = f"p50 {part(useful, 50):.1f}  p90 {part(useful, 90):.1f} ms"
            row(f"peer: what shows {self.args.peer_shows!r}", value, "more than gonogo takes")
            ratio = part(useful, 50) / part(times, 50)
            row("peer's useful frame / gonogo's", f"{ratio:.2f}", "more than 1")

    def peer(self):
        """Another program in turn with ours: when it drew first, and when what was asked for was to be seen."""
        term = Term(shlex.split(self.args.peer), self.repo, self.env)
        first = term.until(lambda raw: len(raw) > 500)
        wanted = self.args.peer_shows.encode()
        shown = term.until(lambda raw: wanted in text_of(raw)) if wanted else first
        os.kill(term.pid, signal.SIGKILL)
        os.waitpid(term.pid, 0)
        return first, shown

    def keys(self):
        term = self.open()
        term.until(poll_shown)
        term.quiet(0.5)
        self.time_keys(term, "1", "in the overview")
        self.time_keys(term, "8", "in a journal of 5,000 entries")
        row("modes left on after q", str(term.end() or "none"), "none")

    def time_keys(self, term, tab, where):
        term.press(tab)
        term.quiet(0.3)
        calm, sizes = [], []
        for at in range(300):
            pressed = term.press("j" if at % 100 < 50 else "k")
            if pressed:
                calm.append(pressed[0])
                sizes.append(pressed[1])
        value = f"p50 {part(calm, 50):.2f}  p99 {part(calm, 99):.2f} ms  n={len(calm)}"
        row(f"key to frame {where}", value, "p50 1, p99 5 ms")
        row(f"bytes a key {where}", f"p50 {part(sizes, 50)}  max {max(sizes)}", "1.5 KB, 8 KB scrolled")
        before = term.counts()
        start = time.perf_counter()
        for at in range(180):
            os.write(term.fd, b"j" if at % 100 < 50 else b"k")
            next_at = start + (at + 1) / 60
            while (left := next_at - time.perf_counter()) > 0:
                term.read(left)
        last = time.perf_counter()
        lag = 0.0
        while (now := term.read(0.1)) is not None:
            lag = (now - last) * 1e3
        cpu = (term.counts()[1] - before[1]) / ((last - start) * 1e3) * 100
        row(f"held key, 60 Hz, {where}", f"lag {lag:.1f} ms  cpu {cpu:.1f} %", "lag 5 ms, 5 %")

    def idle(self):
        for seconds, what, budget in (("0", "polling paused", "0 in 60 s"), ("60", "polling", "deadlines only")):
            term = self.open(env={"GONOGO_POLL": seconds})
            term.until(poll_shown)
            # What was looked at and said at the start comes to rest first.
            term.drain(8)
            before, size = term.counts(), len(term.raw)
            term.drain(self.args.idle)
            after = term.counts()
            value = f"{after[0] - before[0]} wake-ups, {len(term.raw) - size} bytes, {after[1] - before[1]:.1f} ms"
            row(f"idle {self.args.idle} s, {what}", value, budget)
            term.end()

    def memory(self):
        # A copy, so that the forge's process shares no page with the cockpit that is measured.
        forge = shutil.copy(self.args.binary, f"{self.home}/forge")
        for volume, budget in (("500", "15 MB"), ("5000", "40 MB")):
            where = f"{self.home}/demo-{volume}"
            demo = Term([forge, "demo", "--dir", where, "--volume", volume], self.home,
                        {**self.env, "GONOGO_POLL": "0"})
            demo.until(poll_shown, 120)
            demo.drain(5)
            argv = ["open", f"{where}/widget", "--release", "v0.6.2", "--process", "llama-stack",
                    "--api-url", f"http://127.0.0.1:{listening(demo.pid)}", "--repository", "octo/widget",
                    "--token-command", "echo demo-full"]
            for what in ("first", "second"):
                term = Term([self.args.binary, *argv], self.home, self.env)
                term.until(poll_shown)
                end = time.perf_counter() + 20
                while time.perf_counter() < end:
                    term.drain(0.5)
                    demo.read(0)
                row(f"PSS, {volume} issues, {what} start", f"{term.counts()[2]:.1f} MB", budget)
                if volume == "5000" and what == "second":
                    self.time_keys(term, "2", "of 5,000 issues")
                term.end()
            demo.end()

    def slow_disk(self):
        """Every sync of the journal takes half a second more: no frame waits for it (R16). Needs strace."""
        if not shutil.which("strace"):
            return row("frame while a sync takes 500 ms", "strace is not installed", "50 ms")
        slow = ["strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync",
                "-e", "inject=fdatasync,fsync:delay_exit=500000"]
        term = self.open(before=slow, env={"GONOGO_POLL": "0"})
        term.until(poll_shown, 60)
        term.drain(10)
        term.press("6")
        # The first items check themselves; the third is ticked.
        term.press("j")
        term.press("j")
        term.quiet(0.5)
        times = []
        for _ in range(50):
            os.write(term.fd, b" ")
            for key in "jk":
                pressed = term.press(key)
                times += [pressed[0]] if pressed else []
            term.drain(0.1)
        value = f"p50 {part(times, 50):.2f}  max {max(times):.1f} ms  n={len(times)}"
        row("key to frame while a sync takes 500 ms", value, "50 ms")
        term.end()

    def leaving(self):
        for how in (signal.SIGTERM, signal.SIGHUP):
            term = self.open()
            term.until(poll_shown)
            row(f"modes left on after {how.name}", str(term.end(how) or "none"), "none")
        term = self.open()
        term.until(poll_shown)
        times = []
        for size in ((1, 1), (300, 100), (80, 24), (120, 36)):
            before = len(term.raw)
            start = time.perf_counter()
            fcntl.ioctl(term.fd, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
            now = start
            while END not in term.raw[before:] and time.perf_counter() < start + 2:
                now = term.read(0.5) or now
            times.append((now - start) * 1e3)
            term.quiet(0.1)
        row("resize to frame", f"max {max(times):.1f} ms", "5 ms")
        term.end()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", default=f"{ROOT}/target/release/gonogo")
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--idle", type=int, default=60)
    parser.add_argument("--peer", default="")
    parser.add_argument("--peer-shows", default="", help="a text that the peer's useful frame shows")
    parser.add_argument("--repo", help="a clone for both; a small repository is made without it")
    parser.add_argument("--only", default="first_frame,keys,idle,memory,leaving,slow_disk")
    args = parser.parse_args()
    args.binary = os.path.abspath(args.binary)
    bench = Bench(args)
    load = os.getloadavg()[0]
    print(f"{os.path.getsize(args.binary) / 1e6:.1f} MB binary; load {load:.1f} on {os.cpu_count()} cores")
    try:
        for name in args.only.split(","):
            getattr(bench, name)()
    finally:
        shutil.rmtree(bench.home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

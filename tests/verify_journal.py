#!/usr/bin/env python3
"""Verify a gonogo journal (format gonogo-journal/1) without gonogo: verify_journal.py FILE|DIR

Prints "WORD ENTRIES HEAD". Exit: 0 the chain holds, 1 edited, corrupt or forked, 2 usage, 3 unreadable.
"""
import datetime, hashlib, json, os, re, sys

CAP, ZERO = 65536, "0" * 64
SEAL = re.compile(rb',"h":"([0-9a-f]{64})"\}\Z')
STONE = re.compile(rb'\{"v":1,"seq":(0|[1-9][0-9]*),"kind":"expunged","prev":"([0-9a-f]{64})","h":"([0-9a-f]{64})"\}\Z')
KEYS = set("v seq lam ts mono ses by kind n body prev h".split())
SHAPES = {"ts": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", "ses": r"[A-Za-z0-9]{10,26}", "n": r"[0-9a-f]{16}",
          "by": r"[A-Za-z0-9_.-]{1,100}(\[bot\])?", "op": r"[A-Za-z0-9]{10,26}", "prev": r"[0-9a-f]{64}",
          "kind": r"(?=.{1,64}\Z)[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)*(@[0-9]+)?"}

def pairs(items):
    if len(dict(items)) != len(items):
        raise ValueError("a key stands twice")
    return dict(items)

def depth(value):
    deepest, level = 0, [value]
    while level := [c for c in level if isinstance(c, (dict, list))]:
        deepest, level = deepest + 1, [x for c in level for x in (c.values() if isinstance(c, dict) else c)]
    return deepest

def parse(raw):
    """("line", object), or why not: "short" (not whole), "hash", "json", "new"."""
    seal = SEAL.search(raw)
    if len(raw) > CAP or not seal:
        newer = len(raw) <= CAP and re.match(rb'\{"v":(\d{1,20}),', raw)
        return ("new" if newer and 1 < int(newer[1]) < 2**64 else "short"), None
    if stone := STONE.match(raw):
        return "line", {"seq": int(stone[1]), "prev": stone[2].decode(), "h": stone[3].decode(), "stone": True}
    if hashlib.sha256(raw[: seal.start()]).hexdigest().encode() != seal[1]:
        return "hash", None
    try:
        line = json.loads(raw.decode("utf-8"), object_pairs_hook=pairs, parse_constant=int)
        if isinstance(line.get("v"), int) and 1 < line["v"] < 2**64:
            return "new", None
        ints = all(type(line[k]) is int and 0 <= line[k] < 2**64 for k in ("v", "seq", "lam", "mono"))
        shapes = all(re.fullmatch(s, line[k]) for k, s in SHAPES.items() if k in line)
        datetime.datetime.fromisoformat(line["ts"][:-1])
        if set(line) - {"op"} == KEYS and ints and shapes and line["v"] == 1 and depth(line["body"]) < 128:
            return "line" if isinstance(line["body"], dict) else "json", line
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError):
        pass
    return "json", None

def verify(segments):
    """The verdict in one word, the number of good lines, and the last hash."""
    seq, lam, head, stones = 0, 0, ZERO, {}
    while len(segments) > 1 and not segments[-1]:
        segments.pop()
    for number, data in enumerate(segments, 1):
        lines, ended, last = data.split(b"\n"), data[-1:] in (b"", b"\n"), number == len(segments)
        lines = lines[:-1] if ended else lines
        for at, raw in enumerate(lines):
            what, line = parse(raw)
            if what == "new":
                return "too-new", seq, head
            if what == "json" or what != "line" and not last:
                return "corrupt", seq, head
            if what != "line":
                rest = [parse(r)[0] if b"\0" not in r or parse(r)[0] != "hash" else "short" for r in lines[at:]]
                if set(rest) - {"short", "hash"}:
                    return "corrupt", seq, head
                return "edited" if "hash" in rest or stones else "torn", seq, head
            if not (ended or at + 1 < len(lines) or last):
                return "corrupt", seq, head
            stone, body, kind = "stone" in line, line.get("body", {}), line.get("kind")
            opened = stone or line["lam"] > lam and (at > 0 or kind == "journal.open")
            if line["seq"] != seq + 1 or line["prev"] != head or not opened:
                return "forked", seq, head
            if kind == "journal.open" and body.get("format") != "gonogo-journal/1":
                return ("too-new" if isinstance(body.get("format"), str) else "forked"), seq, head
            if kind == "expunged" or stone and at == 0:
                return "edited", seq, head
            if stone:
                stones[str(line["seq"])] = line["h"]
            elif kind == "journal.expunge" and stones.get(str(body.get("seq"))) == body.get("h"):
                stones.pop(str(body.get("seq")), None)
            lam = line.get("lam", lam)
            seq, head = line["seq"], line["h"]
    return "edited" if stones else "clean" if not segments or ended else "torn", seq, head

def main(path):
    folder = os.path.isdir(path)
    names = sorted(n for n in os.listdir(path) if re.fullmatch(r"seg-\d{6}\.jsonl", n)) if folder else [path]
    word, entries, head = verify([open(os.path.join(path, n) if folder else n, "rb").read() for n in names])
    print(word, entries, head)
    return {"edited": 1, "corrupt": 1, "forked": 1, "too-new": 3}.get(word, 0 if entries else 3)

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(print(__doc__, file=sys.stderr) or 2)
    try:
        sys.exit(main(sys.argv[1]))
    except OSError as error:
        sys.exit(print(error, file=sys.stderr) or 3)

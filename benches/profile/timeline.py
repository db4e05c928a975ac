"""Prints, stretch by stretch, how busy the main thread and the others were and what they did.

`timeline.py SCRIPT MILLISECONDS`, of `perf script --fields comm,tid,time,event,ip,sym,dso`. A core that is busy all the time is 100 %.
"""

import collections
import re
import sys

RATE = 1997
OWN = re.compile(r"(?<![\w:])(registry|cycle|worklist|policy|lake|store|linkage|performance|kernel)::")
# What everything lies in says nothing.
AROUND = ("cycle::night", "cycle::inbox", "store::session::Session", "registry::ingest::Ingester", "registry::ingest::take::take")


def samples(path):
    head, frames = None, []
    for line in open(path, encoding="utf-8", errors="replace"):
        if not line.strip():
            if head:
                yield head, frames
            head, frames = None, []
        elif line.startswith(("\t", " ")) and head:
            frames.append(line.strip().partition(" ")[2].rpartition(" (")[0])
        else:
            words = line.split()
            at = next(at for at, word in enumerate(words) if re.fullmatch(r"\d+\.\d+:", word))
            head = words[at - 1], float(words[at].rstrip(":"))
    if head:
        yield head, frames


def label(frames):
    """The outermost function of ours that is not around everything, else the innermost of all."""
    plain = [re.sub(r"<[^<>]*>|::h[0-9a-f]{16}$", "", frame) for frame in frames if OWN.search(frame)]
    named = [name for name in reversed(plain) if not name.startswith(AROUND) and "closure" not in name]
    return re.sub(r"(::)+", "::", named[0])[:44] if named else (frames[0][:30] if frames else "?")


def main(path, milliseconds):
    start, main_thread = None, None
    stretches = collections.defaultdict(lambda: (collections.Counter(), collections.Counter()))
    for (thread, time), frames in samples(path):
        if start is None:
            start, main_thread = time, thread
        stretch = int((time - start) * 1000 // milliseconds)
        stretches[stretch][thread != main_thread][label(frames)] += 1
    full = RATE * milliseconds / 1000
    print("   ms  main others   what the main thread did | what the others did")
    for stretch, both in sorted(stretches.items()):
        busy = [round(100 * sum(counted.values()) / full) for counted in both]
        said = [", ".join(f"{name} {count}" for name, count in counted.most_common(3)) for counted in both]
        print(f"{stretch * milliseconds:5d} {busy[0]:4d}% {busy[1]:5d}%   {said[0]} | {said[1]}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

"""`python -m tests.mutation [word]`: break what must not break; every mutant has to die.

Each mutant runs in a copy of the tree against the tests that should notice. What survives
is listed, and the exit code is 1: either a test is missing, or the line is not needed.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from tests.mutation.operators import Mutant, mutants
from tests.mutation.targets import TARGETS, Target

COPIES = 2
PATIENCE = 300
LEFT_BEHIND = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", "var", "__pycache__", ".*"
)


def main() -> None:
    """Run every mutant of the chosen targets and name the survivors."""
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    work = [(t, m) for t in TARGETS if word in t.path for m in all_of(t)]
    with tempfile.TemporaryDirectory(prefix="opsroom-mutants-") as folder:
        trees: SimpleQueue[Path] = SimpleQueue()
        for number in range(COPIES):
            trees.put(_copy(Path(folder) / str(number)))

        def run(item: tuple[Target, Mutant]) -> bool:
            tree = trees.get()
            try:
                return _dies(tree, *item)
            finally:
                trees.put(tree)

        with ThreadPoolExecutor(COPIES) as pool:
            died = list(pool.map(run, work))
    survivors = [item for item, is_dead in zip(work, died, strict=True) if not is_dead]
    for target, mutant in survivors:
        print(f"SURVIVED {target.path}:{mutant.line} {mutant.before!r} -> {mutant.after!r}")  # noqa: T201
    print(f"{len(work) - len(survivors)} of {len(work)} mutants died")  # noqa: T201
    sys.exit(bool(survivors))


def all_of(target: Target) -> Iterator[Mutant]:
    """Give every mutant of a target."""
    source = Path(target.path).read_text()
    if target.functions is not None:
        yield from (m for m in mutants(source, target.functions) if not target.spares(m))
    for before, after in target.replacements:
        if source.count(before) != 1:
            raise LookupError(f"{target.path} holds {before!r} {source.count(before)} times")
        start = source.encode().index(before.encode())
        line = source[: source.index(before)].count("\n") + 1
        yield Mutant(line, before, after, start, start + len(before.encode()))


def _copy(tree: Path) -> Path:
    shutil.copytree(".", tree, ignore=LEFT_BEHIND)
    for name in (".venv", "node_modules"):
        if Path(name).exists():
            (tree / name).symlink_to(Path(name).resolve())
    return tree


def _dies(tree: Path, target: Target, mutant: Mutant) -> bool:
    """Tell whether the tests notice; a mutant that hangs has been noticed too."""
    file = tree / target.path
    source = file.read_bytes()
    file.write_bytes(source[: mutant.start] + mutant.after.encode() + source[mutant.end :])
    options = ["-x", "-q", "-n", "0", "--no-cov", "-p", "no:randomly", "-p", "no:cacheprovider"]
    command = [sys.executable, "-B", "-m", "pytest", *options, *target.tests]
    try:
        done = subprocess.run(
            command, cwd=tree, capture_output=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return True
    finally:
        file.write_bytes(source)
    return done.returncode == 1  # 1: a test failed; anything else is no answer


if __name__ == "__main__":
    main()

"""`python -m local.biome check`: lint and format our JS and CSS, by whichever npm there is."""

import subprocess
import sys

from local.vendor import npm


def main() -> None:
    """Hand the arguments on; a warning counts like an error, as it does everywhere here."""
    name, *options = sys.argv[1:]
    # `--no`: never bring one in by itself; the lock file says which.
    biome = [*npm(), "exec", "--no", "--", "biome"]
    command = [*biome, name, "--error-on-warnings", *options]
    sys.exit(subprocess.run(command, check=False).returncode)


if __name__ == "__main__":
    main()

"""Runs the stand-in by hand: python -m tests.standins.amazon --port 8904."""

import argparse

from tests.standins.amazon.server import Amazon

COUNTS = {"skus": 40, "days": 45, "seed": 1, "rows": 0}


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.standins.amazon")
    parser.add_argument("--port", type=int, default=8904)
    parser.add_argument("--record", action="store_true", help="keep the newest exchanges")
    for name, count in COUNTS.items():
        parser.add_argument(f"--{name}", type=int, default=count)
    return parser.parse_args()


def greeting(amazon: Amazon) -> str:
    """Tell where it is and what to enter in the application."""
    state = amazon.state
    return (
        f"Amazon stand-in: {amazon.url}\n"
        f"  merchant token     {amazon.number}\n"
        f"  marketplace        DE\n"
        f"  client identifier  {state.client}\n"
        f"  client secret      {state.secret}\n"
        f"  refresh token      {state.refresh}\n"
        f"Enter them in the application, on the tab “Europe”; any day to come is the secret's\n"
        f"last. Then sell, lose and reimburse on {amazon.url}/ and let it go\n"
        f"wrong on {amazon.url}/faults (Ctrl-C stops it).\n"
    )


def main() -> None:
    """Serve until interrupted."""
    given = vars(arguments())
    port = given.pop("port")
    amazon = Amazon(**given)
    amazon.serve(port, greeting)


if __name__ == "__main__":
    main()

"""Runs the stand-in by hand: python -m tests.standins.stripe --port 8903."""

import argparse

from tests.standins.stripe.server import Stripe

COUNTS = {"charges": 200, "days": 30, "seed": 1}


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.standins.stripe")
    parser.add_argument("--port", type=int, default=8903)
    parser.add_argument("--record", action="store_true", help="keep the newest exchanges")
    parser.add_argument("--webhook-url", help="where to tell of changes")
    for name, count in COUNTS.items():
        parser.add_argument(f"--{name}", type=int, default=count)
    return parser.parse_args()


def greeting(stripe: Stripe) -> str:
    """Tell where it is and what to enter in the application."""
    return (
        f"Stripe stand-in: {stripe.url}\n"
        f"  number of the account  {stripe.number}\n"
        f"  key of a test          {stripe.state.key}\n"
        f"  signing secret         {stripe.state.secret}\n"
        f"Enter them in the application, on the tab “Key of a test”. Then sell, refund and\n"
        f"pay out on {stripe.url}/ and let it go wrong\n"
        f"on {stripe.url}/faults (Ctrl-C stops it).\n"
    )


def main() -> None:
    """Serve until interrupted."""
    given = vars(arguments())
    port = given.pop("port")
    stripe = Stripe(**given)
    stripe.serve(port, greeting)


if __name__ == "__main__":
    main()

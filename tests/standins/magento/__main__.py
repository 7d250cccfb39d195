"""Runs the stand-in by hand: python -m tests.standins.magento --port 8902."""

import argparse

from tests.standins.magento.server import Magento

COUNTS = {"products": 200, "orders": 120, "seed": 1}


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.standins.magento")
    parser.add_argument("--port", type=int, default=8902)
    parser.add_argument("--record", action="store_true", help="keep the newest exchanges")
    for name, count in COUNTS.items():
        parser.add_argument(f"--{name}", type=int, default=count)
    return parser.parse_args()


def greeting(magento: Magento) -> str:
    """Tell where it is and what to enter in the application."""
    access = magento.access
    return (
        f"Magento stand-in: {magento.url}\n"
        f"  REST API             {magento.url}/rest/V1\n"
        f"  consumer key         {access.consumer_key}\n"
        f"  consumer secret      {access.consumer_secret}\n"
        f"  access token         {access.access_token}\n"
        f"  access token secret  {access.access_token_secret}\n"
        f"  user name            {access.user}\n"
        f"  password             {access.password}\n"
        f"Enter the address and one of the three ways to sign in in the application: the four\n"
        f"credentials, the access token alone, or user name and password. Then place and pay\n"
        f"orders, look at shipments and plan faults on {magento.url}/ (Ctrl-C stops it).\n"
    )


def main() -> None:
    """Serve until interrupted."""
    given = vars(arguments())
    port = given.pop("port")
    magento = Magento(**given)
    magento.serve(port, greeting)


if __name__ == "__main__":
    main()

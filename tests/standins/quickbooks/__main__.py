"""Runs the stand-in by hand: python -m tests.standins.quickbooks --port 8901."""

import argparse

from tests.standins.quickbooks.server import QuickBooks

COUNTS = {
    "items": 200,
    "customers": 60,
    "vendors": 20,
    "invoices": 150,
    "bills": 30,
    "purchase-orders": 20,
    "others": 20,
    "seed": 1,
}


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.standins.quickbooks")
    parser.add_argument("--port", type=int, default=8901)
    parser.add_argument("--webhook-url")
    parser.add_argument("--record", action="store_true", help="keep the newest exchanges")
    for name, count in COUNTS.items():
        parser.add_argument(f"--{name}", type=int, default=count)
    return parser.parse_args()


def greeting(qb: QuickBooks) -> str:
    """Tell where it is and what to enter in the application."""
    return (
        f"QuickBooks stand-in: {qb.url}\n"
        f"  discovery       {qb.url}/.well-known/openid_configuration\n"
        f"  API             {qb.url}/v3/company/{qb.realm}\n"
        f"  client id       {qb.client_id}\n"
        f"  client secret   {qb.client_secret}\n"
        f"  verifier token  {qb.verifier_token}\n"
        f"  webhooks to     {qb.webhook_url or 'nowhere'}\n"
        f"Enter the id, the secret and the verifier token in the application, choose this\n"
        f"stand-in as its environment, press Connect there and again here. Then change\n"
        f"objects, plan faults and send webhooks on {qb.url}/ (Ctrl-C stops it).\n"
    )


def main() -> None:
    """Serve until interrupted."""
    given = vars(arguments())
    port = given.pop("port")
    qb = QuickBooks(**given)
    qb.serve(port, greeting)


if __name__ == "__main__":
    main()

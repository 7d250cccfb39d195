"""Run by hand, with what production has; and large, as the benchmark wants it."""

import re
import subprocess
import sys
import time
from pathlib import Path

import requests

from tests.standins.magento import Magento
from tests.standins.magento.client import Client, criteria

ROOT = Path(__file__).resolve().parents[2]
DEVELOPMENT = ["factory", "hypothesis", "jsonschema_rs", "playwright", "pytest", "yaml"]
START = (
    "import runpy, sys; sys.modules.update(dict.fromkeys({}));"
    "runpy.run_module('tests.standins.magento', run_name='__main__')"
)
NAMES = ("consumer key", "consumer secret", "access token", "access token secret", "user name",
         "password")  # fmt: skip


def test_it_runs_by_hand_without_development_packages_and_says_how_to_use_it() -> None:
    command = [sys.executable, "-c", START.format(DEVELOPMENT), "--port", "0", "--orders", "30"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            said = "".join(process.stdout.readline() for _ in range(11))
            (url,) = re.findall(r"stand-in: (http://127\.0\.0\.1:\d+)", said)
            overview = requests.get(url, timeout=5).text
        finally:
            process.terminate()
    for name in NAMES:
        (value,) = re.findall(rf"(?m)^  {name}  +(.+)$", said)
        assert value in overview


def test_ten_thousand_invoices_are_there_soon_and_their_pages_fast() -> None:
    begun = time.process_time()
    magento = Magento(orders=15_000, record=False)
    assert time.process_time() - begun < 5
    assert len(magento.shop.invoices.rows) > 10_000

    with magento.running(), requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {magento.access.access_token}"
        client = Client(magento, session)
        seen: set[int] = set()
        begun = time.process_time()
        for page in range(1, 101):
            since = [("updated_at", "gteq", "2001-01-01 00:00:00")]
            more = {"sort": "entity_id ASC", "page_size": "100", "current_page": str(page)}
            answer = client.get("invoices", criteria(since, **more))
            assert answer.status_code == 200
            seen |= set(map(int, re.findall(r'"entity_id":(\d+),"increment_id"', answer.text)))
        assert time.process_time() - begun < 100 * 0.030
    assert len(seen) == 10_000

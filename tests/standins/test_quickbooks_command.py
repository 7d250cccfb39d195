"""Run by hand, with what production has; and large, as the benchmark wants it."""

import re
import subprocess
import sys
import time
from pathlib import Path

import requests

from tests.standins.quickbooks import QuickBooks

ROOT = Path(__file__).resolve().parents[2]
DEVELOPMENT = ["factory", "hypothesis", "jsonschema_rs", "playwright", "pytest"]
START = (
    "import runpy, sys; sys.modules.update(dict.fromkeys({}));"
    "runpy.run_module('tests.standins.quickbooks', run_name='__main__')"
)


def test_it_runs_by_hand_without_development_packages_and_says_how_to_use_it() -> None:
    command = [sys.executable, "-c", START.format(DEVELOPMENT), "--port", "0", "--items", "30"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            said = "".join(process.stdout.readline() for _ in range(10))
            (url,) = re.findall(r"stand-in: (http://127\.0\.0\.1:\d+)", said)
            overview = requests.get(url, timeout=5).text
        finally:
            process.terminate()
    for name in ("client id", "client secret", "verifier token"):
        (value,) = re.findall(rf"(?m)^  {name} +(.+)$", said)
        assert value in overview
    assert "press Connect" in said


def test_a_hundred_thousand_items_are_there_soon_and_their_pages_fast() -> None:
    begun = time.process_time()
    qb = QuickBooks(items=100_000, record=False)
    assert time.process_time() - begun < 15

    with qb.running(), requests.Session() as client:
        client.headers["Authorization"] = f"Bearer {qb.grant()[0]}"
        asked = "WHERE Active IN (true, false) AND MetaData.LastUpdatedTime > '2001-01-01'"
        begun = time.process_time()
        for page in range(40):
            start = f"STARTPOSITION {page * 1000 + 1} MAXRESULTS 1000"
            params = {"query": f"SELECT * FROM Item {asked} ORDERBY Id {start}"}  # noqa: S608
            url = f"{qb.url}/v3/company/{qb.realm}/query"
            answer = client.get(url, params=params, timeout=5)
            assert answer.headers["intuit_tid"]
        assert time.process_time() - begun < 40 * 0.050

import prof
import time, io, csv, resource
from app.imports import services
from app.imports.exports import exported_csv, exported_excel
from app.imports.definition import importers
import pytest


def big(n, price=1.5):
    b = io.StringIO()
    w = csv.writer(b)
    w.writerow(
        ["SKU", "Name", "Description", "Price", "Cost", "Barcodes", "Category", "Reorder point"]
    )
    for i in range(n):
        w.writerow(
            [
                f"BIG-{i:07}",
                f"Product number {i} of many",
                f"A longer description of product {i}, which is fine",
                price,
                1.25,
                f"CODE{i:09}",
                f"Group {i % 50}",
                i % 40,
            ]
        )
    return b.getvalue().encode()


@pytest.mark.committed
def test_smoke(session):
    for what, c in (("new", big(100000)), ("price", big(100000, 1.75))):
        run = services.upload("products", file_name="items.csv", content=c)
        services.choose(run, run.mapping)
        for dry in (True, False):
            t = time.time()
            r = services.run_import(run.id, dry_run=dry)
            print(
                what,
                dry,
                {k: v for k, v in r.items() if k != "errors"},
                time.time() - t,
                resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            )
    t = time.time()
    n = sum(len(x) for x in exported_csv(importers()["products"], {}))
    print("csv", n, time.time() - t)
    t = time.time()
    f = exported_excel(importers()["products"], {})
    print("xlsx", time.time() - t, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    c = f.read()
    t = time.time()
    run = services.upload("products", file_name="items.xlsx", content=c)
    services.choose(run, run.mapping)
    print("upload", time.time() - t)
    t = time.time()
    r = services.run_import(run.id, dry_run=False)
    print(
        {k: v for k, v in r.items() if k != "errors"},
        time.time() - t,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    )

"""A file of any size needs the memory of one batch."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.shops import make_shop

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
LIMIT_MB = 300
PRODUCTS = 1_600
PROGRAM = """
import json, re, sys
from pathlib import Path
import migrations.metadata
from souk.kernel.tenancy import tenant_scope
from souk.catalog.importing.upload import store_upload
from souk.catalog.importing.mappings import mapping_for
from souk.catalog.importing.jobs import begin, create_import
from souk.catalog.importing.run import run_import
from souk.kernel.db import transaction
from tests.factories.imports import counts, read, storage
scope = tenant_scope(int(sys.argv[1]))
with open(sys.argv[2], "rb") as stream:
    upload = store_upload(storage(), scope.tenant_id, stream, "large.csv")
with transaction(scope) as session:
    job_id = create_import(session, upload, mapping_for(session, upload), "test")
    begin(session, job_id, sys.argv[3])
run_import(scope, storage(), job_id)
job = read(scope, job_id)
# Not getrusage: its maximum begins with that of the process that started this one.
megabytes = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
print(json.dumps([job.status, counts(job), job.error, upload.file.size, megabytes]))
"""


def run(scope_id: int, file: Path, step: str) -> list[object]:
    program = [sys.executable, "-c", PROGRAM, str(scope_id), str(file), step]
    done = subprocess.run(program, check=True, capture_output=True, text=True)
    found: list[object] = json.loads(done.stdout)
    return found


def test_two_hundred_megabytes_are_checked_in_less_than_three_hundred(platform: None, tmp_path: Path) -> None:
    file = tmp_path / "large.csv"
    with file.open("w") as target:
        target.write("Handle,Title,Body (HTML),Variant Price,Variant SKU\n")
        for number in range(PRODUCTS):
            target.write(f"p-{number},Product {number},<p>{'word ' * 26_000}</p>,9.50,S-{number}\n")

    status, counted, error, size, megabytes = run(make_shop().tenant_id, file, "check")

    assert (status, counted, error) == ("checked", [PRODUCTS, 0, 0, 0], "")
    assert isinstance(size, int)
    assert isinstance(megabytes, int)
    assert size > 200_000_000
    assert megabytes < LIMIT_MB


@pytest.mark.parametrize(
    ("line", "times", "status"),
    [
        ("x", 40_000_000, "failed"),
        ('"x",Title,1\n', 400_000, "applied"),
        ("p," * 500_000 + "\n", 40, "applied"),
        ('"x"x\n', 50_000, "failed"),
    ],
    ids=["a line without end", "a product without end", "a million columns", "rows without sense"],
)
def test_a_hostile_file_needs_no_more(platform: None, tmp_path: Path, line: str, times: int, status: str) -> None:
    file = tmp_path / "hostile.csv"
    rows = "".join(f"p-{number},Product,1\n" for number in range(30))
    file.write_text(f"Handle,Title,Variant Price\n{rows}{line * times}")

    ended, counted, _error, _size, megabytes = run(make_shop().tenant_id, file, "apply")

    assert ended == status
    assert isinstance(counted, list)
    assert counted[0] >= 29
    assert isinstance(megabytes, int)
    assert megabytes < LIMIT_MB

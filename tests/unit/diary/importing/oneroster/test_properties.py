"""Whatever the files hold, the reader answers or says clearly that it cannot."""

import csv
import io
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.diary.importing.oneroster.prepare import prepare
from services.diary.importing.oneroster.problems import UnreadableSet
from tests.unit.diary.importing.oneroster.sets import SMALL, TODAY, write, zipped

WORDS = "s1 u1 u2 h1 g1 e1 t1 y1 student teacher homeroom tobedeleted x Ёж 2026-09-01 31/12/2026 1/1/0000"
CELLS = st.sampled_from([*WORDS.split(), "", '"', "a,b", "\x00", "{value}", "\r", "\n"])
FILES = st.sampled_from([*SMALL, "roles.csv", "manifest.csv"])
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def answered(path: Path) -> None:
    """Prepared with a report that can be shown, or refused with the one clear error."""
    try:
        report = prepare(path, TODAY).report
    except UnreadableSet as error:
        assert error.reason("ru")
        return
    for lang in ("ru", "en"):
        assert report.to_json(lang)


@QUIET
@given(content=st.binary(max_size=400), file=FILES)
def test_random_bytes_in_a_file_are_answered(tmp_path: Path, content: bytes, file: str) -> None:
    answered(write(tmp_path / "set", {**SMALL, file: content}))


@QUIET
@given(content=st.binary(max_size=400))
def test_random_bytes_as_a_zip_are_answered(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "set.zip"
    path.write_bytes(content)
    answered(path)


@QUIET
@given(at=st.integers(min_value=0), byte=st.integers(0, 255))
def test_a_zip_with_one_wrong_byte_is_answered(tmp_path: Path, at: int, byte: int) -> None:
    path = zipped(tmp_path / "set.zip", SMALL)
    content = bytearray(path.read_bytes())
    content[at % len(content)] = byte
    path.write_bytes(content)
    answered(path)


@QUIET
@given(file=st.sampled_from(sorted(SMALL)), rows=st.lists(st.lists(CELLS, max_size=12), max_size=12))
def test_random_rows_are_each_taken_or_refused(tmp_path: Path, file: str, rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    files = {**SMALL, file: SMALL[file] + text.getvalue()}
    report = prepare(write(tmp_path / "set", files), TODAY).report
    known = {"orgs.csv": "orgs", "academicSessions.csv": "sessions", "courses.csv": "courses",
        "classes.csv": "classes", "users.csv": "users", "enrollments.csv": "enrolments"}  # fmt: skip
    count = report.counts[known[file]]
    filled = sum(any(cell.replace("\0", "").strip() for cell in row) for row in rows)
    assert count.taken + count.unchanged + count.refused == filled + SMALL[file].count("\n") - 1


@QUIET
@given(seed=st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_makes_no_difference(tmp_path: Path, seed: random.Random) -> None:
    shuffled = {name: _shuffled(text, seed) for name, text in SMALL.items()}
    expected = prepare(write(tmp_path / "as_is", SMALL), TODAY)
    found = prepare(write(tmp_path / "shuffled", shuffled), TODAY)
    assert found.plan == expected.plan
    assert found.report.counts == expected.report.counts


@pytest.mark.parametrize("size", [131_073, 400_000])
def test_a_value_longer_than_a_page_of_text_is_answered(tmp_path: Path, size: int) -> None:
    answered(write(tmp_path / "set", {**SMALL, "orgs.csv": "sourcedId,name\ns1," + "x" * size + "\n"}))


def _shuffled(text: str, seed: random.Random) -> str:
    header, *rows = list(csv.reader(io.StringIO(text)))
    order = list(range(len(header)))
    seed.shuffle(order)
    seed.shuffle(rows)
    out = io.StringIO()
    csv.writer(out).writerows([[row[at] for at in order] for row in (header, *rows)])
    return out.getvalue()

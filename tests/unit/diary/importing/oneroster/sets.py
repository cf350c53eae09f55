"""Small OneRoster sets for tests, and the real ones where they are at hand."""

import os
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from services.diary.importing.oneroster.prepare import Prepared, prepare

TODAY = date(2026, 11, 24)
ROOT = Path(__file__).resolve().parents[5]

SMALL = {
    "orgs.csv": "sourcedId,status,name,type,parentSourcedId\ns1,,School 1,school,\n",
    "academicSessions.csv": "sourcedId,status,title,type,startDate,endDate,parentSourcedId\n"
    "y1,,2026,schoolYear,2026-09-01,2027-05-31,\nt1,,Quarter 1,term,2026-09-01,2026-10-25,y1\n",
    "courses.csv": "sourcedId,status,title,grades,orgSourcedId,subjects\nk1,,Algebra 7,07,s1,Algebra\n",
    "classes.csv": "sourcedId,status,title,grades,courseSourcedId,classType,schoolSourcedId,"
    "termSourcedIds\nh1,,7B,07,,homeroom,s1,t1\ng1,,Algebra 7B,07,k1,scheduled,s1,t1\n",
    "users.csv": "sourcedId,status,orgSourcedIds,role,givenName,familyName,middleName,agentSourcedIds,grades\n"
    "u1,,s1,teacher,Ann,Stone,,,\nu2,,s1,student,Bob,Field,,u4,07\nu3,,s1,student,Eve,Wood,,,07\n"
    "u4,,s1,parent,Joan,Field,,,\n",
    "enrollments.csv": "sourcedId,status,classSourcedId,userSourcedId,role,primary,beginDate,endDate\n"
    "e1,,h1,u1,teacher,true,,\ne2,,h1,u2,student,,2026-09-01,\ne3,,h1,u3,student,,2026-09-01,\n"
    "e4,,g1,u1,teacher,true,,\ne5,,g1,u2,student,,2026-09-01,\ne6,,g1,u3,student,,2026-09-01,\n",
}


def changed(**files: str) -> dict[str, str]:
    """The small set with some files replaced; `users=...` replaces users.csv."""
    return {**SMALL, **{f"{name}.csv": text for name, text in files.items()}}


def with_rows(file: str, *rows: str) -> dict[str, str]:
    """The small set with rows added to a file."""
    return {**SMALL, file: SMALL[file] + "".join(row + "\n" for row in rows)}


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A folder with these files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def zipped(path: Path, files: Mapping[str, str | bytes], under: str = "") -> Path:
    """A zip with these files, all in the folder `under`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(under + name, content)
    return path


def take(tmp_path: Path, files: Mapping[str, str | bytes]) -> Prepared:
    """The small set, or whatever was made of it, prepared for import."""
    return prepare(write(tmp_path / "set", files), TODAY)


def codes(prepared: Prepared) -> list[tuple[str, int, str, str]]:
    """Refused rows as (file, line, column, code)."""
    return [(r.file, r.line, r.column, r.code) for r in prepared.report.refusals]


def real(name: str) -> Path:
    """A folder of the shared test data; the test is skipped where it is not mounted."""
    base = Path(os.environ.get("SD_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not (base / name).is_dir():
        pytest.skip(f"test data {name} is not there: set SD_SHARED_DATA to the folder that holds it")
    return base / name


def stated(folder: Path) -> dict[str, int]:
    """The row counts that the SOURCE.md of a set states: `users 79 (72 students, ...)` and the like."""
    text = (folder / "SOURCE.md").read_text().partition("## Rows")[2].partition("##")[0]
    pairs = re.findall(r"\b([a-zA-Z]+) ([\d,]+)", text)
    counts: dict[str, int] = {}
    for word, number in pairs:
        counts.setdefault(word, int(number.replace(",", "")))
    for number, word in re.findall(r"(\d+) (students|teachers|administrators?)\b", text):
        counts[word.rstrip("s")] = int(number)
    return counts

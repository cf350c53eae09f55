"""Files as offices save them: encodings, line ends, quotes, headers, folders and zips."""

import zipfile
from datetime import date
from pathlib import Path

import pytest

from services.diary.importing.oneroster import archive
from services.diary.importing.oneroster.prepare import prepare
from services.diary.importing.oneroster.problems import UnreadableSet
from services.diary.importing.oneroster.reading import read_set
from services.diary.importing.oneroster.values import parse_date, parse_list
from tests.unit.diary.importing.oneroster.sets import SMALL, TODAY, changed, take, write, zipped

RUSSIAN = "sourcedId,name,type\ns1,Школа № 1,school\n"


@pytest.mark.parametrize(
    "content",
    [
        RUSSIAN.encode(),
        RUSSIAN.encode("utf-8-sig"),
        RUSSIAN.replace("\n", "\r\n").encode(),
        RUSSIAN.rstrip("\n").encode(),
        RUSSIAN.replace(",", ";").encode(),
        RUSSIAN.encode("cp1251"),
        '"sourcedId","name","type"\n"s1","Школа № 1","school"\n'.encode(),
        "type,vendor,NAME, sourcedId\nschool,x,Школа № 1,s1,\n".encode(),
    ],
)
def test_a_school_is_read_whatever_saved_the_file(tmp_path: Path, content: bytes) -> None:
    assert take(tmp_path, {**SMALL, "orgs.csv": content}).plan.schools[0].name == "Школа № 1"


def test_windows_1251_is_taken_with_a_warning(tmp_path: Path) -> None:
    report = take(tmp_path, {**SMALL, "orgs.csv": RUSSIAN.encode("cp1251")}).report
    assert [(c.file, c.code) for c in report.cautions] == [("orgs.csv", "encoding_guessed")]


def test_a_value_over_two_lines_does_not_shift_the_line_numbers(tmp_path: Path) -> None:
    rows = read_set(write(tmp_path, {"orgs.csv": 'sourcedId,name\ns1,"School\n1"\n\ns2,School 2\n'})).of("orgs.csv")
    assert [(row.line, row["name"]) for row in rows] == [(2, "School\n1"), (5, "School 2")]


@pytest.mark.parametrize("header", ["grade", "grdes", "Grades", "gradse"])
def test_an_obvious_slip_in_a_header_is_understood(tmp_path: Path, header: str) -> None:
    prepared = take(tmp_path, changed(users=SMALL["users.csv"].replace("grades", header)))
    assert {pupil.grade for pupil in prepared.plan.pupils} == {"7"}


def test_a_row_longer_than_its_header_is_taken(tmp_path: Path) -> None:
    prepared = take(tmp_path, changed(orgs="sourcedId,name\ns1,School 1,more,and more\n"))
    assert [c.code for c in prepared.report.cautions] == ["row_longer"]


def test_a_promised_file_that_is_missing_is_named(tmp_path: Path) -> None:
    manifest = "propertyName,value\nfile.courses,bulk\nfile.users,delta\n"
    files = {name: text for name, text in changed(manifest=manifest).items() if name != "courses.csv"}
    cautions = [(c.code, c.value) for c in take(tmp_path, files).report.cautions if c.file == "manifest.csv"]
    assert cautions == [("file_missing", "courses.csv"), ("delta_file", "users.csv")]


@pytest.mark.parametrize("under", ["", "export/", "a/b/c/", "export\\"])
def test_a_zip_is_read_wherever_its_files_lie(tmp_path: Path, under: str) -> None:
    expected = take(tmp_path, SMALL).plan
    assert prepare(zipped(tmp_path / "set.zip", SMALL, under), TODAY).plan == expected


def test_what_is_neither_folder_nor_zip_is_said_clearly(tmp_path: Path) -> None:
    for name, content in {"notes.txt": b"hello", "broken.zip": b"PK\x03\x04 not really"}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UnreadableSet, match=name):
            read_set(tmp_path / name)
    with pytest.raises(UnreadableSet, match="absent"):
        read_set(tmp_path / "absent")


def test_a_folder_without_any_of_the_files_is_not_a_set(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSet) as refused:
        read_set(write(tmp_path / "empty", {"readme.txt": "", "manifest.csv": "propertyName,value\n"}))
    assert refused.value.code == "not_oneroster"
    assert "не является папкой" in refused.value.reason("ru")


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    bomb = zipped(tmp_path / "bomb.zip", {"users.csv": b"\0" * 20_000_000})
    with pytest.raises(UnreadableSet) as refused:
        read_set(bomb)
    assert refused.value.code == "too_large"


def test_no_more_is_unpacked_than_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_BYTES", 100)
    with pytest.raises(UnreadableSet) as refused:
        read_set(zipped(tmp_path / "set.zip", SMALL))
    assert refused.value.code == "too_large"


def test_a_damaged_member_is_an_unreadable_set(tmp_path: Path) -> None:
    path = tmp_path / "set.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as stored:
        stored.writestr("users.csv", SMALL["users.csv"])
    path.write_bytes(path.read_bytes().replace(b"Ann,Stone", b"Ann,Stane"))
    with pytest.raises(UnreadableSet) as refused:
        read_set(path)
    assert refused.value.code == "damaged"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023-05-01", date(2023, 5, 1)),
        ("2023-05-01T18:25:43.511Z", date(2023, 5, 1)),
        ("2017-05-06 08:01:05", date(2017, 5, 6)),
        (" 1/05/2023 ", date(2023, 5, 1)),
        ("15/06/2023", date(2023, 6, 15)),
        ("06/15/2023", date(2023, 6, 15)),
        ("01.09.2026", date(2026, 9, 1)),
        ("", None),
    ],
)
def test_dates_are_read_in_the_forms_found_in_real_sets(text: str, day: date | None) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize("text", ["yesterday", "2023-13-01", "31/02/2023", "20230501", "2023-5", "٢٠٢٣-٠٥-٠١"])
def test_what_is_not_a_date_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_date(text)


def test_lists_may_have_spaces_after_their_commas() -> None:
    assert parse_list("a, b,,a ,c") == ("a", "b", "c")

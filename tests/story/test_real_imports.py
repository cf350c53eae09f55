"""Schools that other people wrote down, imported into the running system by the operator's command."""

from __future__ import annotations

import pytest

from deploy.diaryctl.importing import SOME_REFUSED
from tests.kit.system import System
from tests.unit.diary.importing.oneroster.sets import real, stated

SETS = {
    "oneroster-1.1-generated-school": "",
    "oneroster-1.1-generated-district": "oneroster.zip",
    "oneroster-1.1-lepo-en": "oneroster.zip",
    "oneroster-1.1-1.2-moodle": "v1p1-full",
}
FILES = {"orgs": "orgs", "users": "users", "classes": "classes", "enrolments": "enrollments"}


@pytest.mark.parametrize("name", SETS)
def test_every_row_its_description_counts_goes_in_and_a_second_time_nothing_changes(name: str, system: System) -> None:
    path, expected = str(real(name) / SETS[name]), stated(real(name))
    first = system.diaryctl_json("import", "oneroster", path, codes=(0, SOME_REFUSED))
    assert {kind: first[kind]["taken"] for kind in FILES} == {kind: expected[file] for kind, file in FILES.items()}
    second = system.diaryctl_json("import", "oneroster", path, codes=(SOME_REFUSED if first["refused_rows"] else 0,))
    assert [second[kind]["taken"] for kind in FILES] == [0] * len(FILES)
    assert [second[kind]["unchanged"] for kind in FILES] == [first[kind]["taken"] for kind in FILES]

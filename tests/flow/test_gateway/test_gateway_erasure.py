"""What pages show of somebody who was erased, and what a web process forgets."""

from __future__ import annotations

from tests.flow.test_gateway.portal import Portal
from tests.unit.gateway.history import ALGEBRA, ILYA, MASHA, MONDAY, PARENT, TEACHER, History, small_school

BOTH = ["personal", "record"]


def erased(*persons: str) -> History:
    """The small school, in which these persons were erased; Masha had a mark with words."""
    history = small_school().grade(MONDAY, MASHA, "3", comment="ленится")
    for person in persons:
        history.add(f"erasure-{person}", "PersonErased", person=person, classes=BOTH, kept=[])
    lessons = [f"{ALGEBRA}.{MONDAY}.2"]
    return history.add("diary-masha", "DiaryErased", pupil=MASHA, classes=BOTH, lessons=lessons)


def test_an_erased_pupil_is_said_to_be_erased_in_the_reader_s_language(portal: Portal) -> None:
    teacher = portal.browser(TEACHER, "staff")
    path = f"/staff/journal/{ALGEBRA}"
    assert "Маша" in teacher.get(path).get_data(as_text=True)
    portal.know(erased(MASHA))
    page = teacher.get(path).get_data(as_text=True)
    assert "Маша" not in page and "ленится" not in page
    assert "данные удалены" in page and "Илья" in page
    assert "data erased" in teacher.get(f"{path}?lang=en").get_data(as_text=True)


def test_an_erased_teacher_has_no_name_on_a_family_s_pages(portal: Portal) -> None:
    family = portal.browser(PARENT)
    assert "Sedov" in family.get(f"/diary/{MASHA}?date={MONDAY}").get_data(as_text=True)
    portal.know(erased(TEACHER))
    page = family.get(f"/diary/{MASHA}?date={MONDAY}").get_data(as_text=True)
    assert "Sedov" not in page and "данные удалены" in page


def test_a_web_process_forgets_what_it_remembered_of_pages(portal: Portal) -> None:
    views = portal.app.extensions["gateway"].views
    portal.browser(PARENT).get(f"/diary/{MASHA}?date={MONDAY}")
    assert views.pages._kept
    before = views.changes.erasures
    portal.know(erased(ILYA))
    portal.browser(PARENT).get("/")
    assert views.changes.erasures == before + 1
    assert views.pages.get("anything") is None and not views.pages._kept

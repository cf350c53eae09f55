"""The words of a mail: short, in the reader's language, and without what a lock screen must not show."""

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.channels.channel import Letter
from services.notify.channels.email.words import LANGUAGES, TEMPLATES, Words, Writer
from services.notify.mailing.rules import messages
from tests.unit.notify.events import MOTHER, grade

PORTAL = "https://diary.example"
NAMES = ["entry-new", "entry-changed", "code", "registration-repeated", "diary-connected"]
LETTER = Letter("id1", "entry-new", "ru", "olga@example.org", "Ольга", "Мария", "Алгебра", until="14:30")
WRITER = Writer(PORTAL, "ru")


def write(**changes: str | None) -> Words:
    return WRITER.write(replace(LETTER, **changes))


def mail_about(value: str, comment: str | None, **more: object) -> Words:
    """The mail that an entry with these secrets causes."""
    (item,) = messages(grade(value=value, comment=comment, **more), lambda _: [MOTHER])
    return write(template=item.template, subject=item.facts["subject"])


@given(
    value=st.sampled_from(["1", "2", "3", "4", "5", "н", "зачёт"]),
    comment=st.none() | st.text(max_size=200),
    reason=st.text(max_size=200),
    weight=st.integers(1, 10),
    type=st.sampled_from(["GradePosted", "GradeCorrected", "GradeWithdrawn"]),
)
def test_the_mail_is_the_same_whatever_the_mark_and_the_comment(
    value: str, comment: str | None, reason: str, weight: int, type: str
) -> None:
    told = mail_about(value, comment, type=type, was=value, reason=reason, weight=weight)
    assert told == mail_about("5", None, type=type, was="2", reason="typo", weight=1)


@given(comment=st.text(st.characters(categories=["L"]), min_size=12, max_size=60))
def test_no_comment_is_in_the_mail(comment: str) -> None:
    told = mail_about("5", comment)
    assert all(comment not in part for part in (told.subject, told.text, told.html))


@pytest.mark.parametrize("locale", ["ru", "en"])
@pytest.mark.parametrize("template", ["entry-new", "entry-changed"])
def test_an_entry_names_child_subject_and_portal_but_no_figure(template: str, locale: str) -> None:
    told = write(template=template, locale=locale)
    assert "Мария" in told.subject and "Алгебра" in told.subject
    assert all(word in told.text for word in ("Мария", "Алгебра", PORTAL))
    assert not any(character.isdigit() for character in told.subject + told.text)


def test_every_message_exists_in_every_language() -> None:
    languages = [folder for folder in TEMPLATES.iterdir() if folder.is_dir()]
    assert {folder.name for folder in languages} == set(LANGUAGES)
    for folder in languages:
        assert {path.stem for path in folder.glob("*.j2")} == {"base", *NAMES}


@pytest.mark.parametrize("template", NAMES)
@pytest.mark.parametrize("locale", ["ru", "en"])
def test_a_mail_loads_nothing_from_elsewhere_and_fits_a_small_screen(template: str, locale: str) -> None:
    html = write(template=template, locale=locale, code="123456" if template == "code" else None).html
    page = _Page(html)
    assert page.tags.isdisjoint({"img", "link", "script", "iframe", "style"})
    assert set(page.links) == {PORTAL} and "url(" not in html
    assert "max-width:480px" in html and "width=device-width" in html and len(html) < 3_000


def test_a_code_stands_in_the_text_and_not_in_the_subject() -> None:
    told = write(template="code", code="123456")
    assert "123456" in told.text and "123456" in told.html and "123456" not in told.subject
    assert "14:30" in told.text


def test_names_cannot_bring_markup_or_headers() -> None:
    told = write(child="<b>M</b>\r\nBcc: x@example.org")
    assert "<b>M" not in told.html
    assert "\n" not in told.subject and "\r" not in told.subject


def test_erased_names_leave_a_readable_mail() -> None:
    told = write(child=None, first_name=None, subject=None)
    assert told.subject == "Дневник: новая запись"
    assert told.text.startswith("Здравствуйте!") and "None" not in told.text + told.html


@pytest.mark.parametrize(
    ("locale", "language"), [("en", "en"), ("en-GB", "en"), ("ru-RU", "ru"), ("de", "ru"), ("", "ru"), ("..", "ru")]
)
def test_an_unknown_language_is_written_in_the_language_of_the_city(locale: str, language: str) -> None:
    assert WRITER.language(replace(LETTER, locale=locale)) == language


def test_templates_mention_no_mark_and_no_comment_variable() -> None:
    sources = "".join(path.read_text() for path in Path(TEMPLATES).rglob("*.*") if path.is_file())
    assert not any(f"{{{{ {name}" in sources for name in ("value", "mark", "comment", "reason", "was"))


class _Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str | None] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]

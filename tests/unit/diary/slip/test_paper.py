"""Slips on paper."""

import re
import zlib
from datetime import date

import pytest

from services.diary.slip.paper import Paper, print_slips

DAY = date(2026, 11, 24)
MASHA = Paper("Kovaleva Maria", "7A", "KT7M-QX4P", "9DKT-7MQX-4P", 2)
LONG = Paper("Абдурахманбекова-Вознесенская Александрина Константиновна", "7 «А»", "KT7M-QX4P", "9DKT-7MQX-4P", 1)


def pages(pdf):
    return len(re.findall(rb"/Type /Page\b", pdf))


def shown(pdf):
    """The operators of all pages; texts are glyph numbers of the embedded fonts."""
    return b"".join(_inflated(data) for data in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S))


def _inflated(data):
    try:
        return zlib.decompress(data)
    except zlib.error:
        return b""


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_four_pupils_fit_on_a_page(lang):
    assert [pages(print_slips([MASHA] * count, "https://diary.example", DAY, lang)) for count in (1, 4, 5)] == [1, 1, 2]


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_the_longest_name_is_printed(lang):
    assert print_slips([LONG], "https://diary.example", DAY, lang).startswith(b"%PDF")


def test_what_is_printed_depends_on_the_secret_only_where_the_secret_stands():
    other = Paper("Kovaleva Maria", "7A", "KT7M-QX4P", "9DKT-7MQX-4Q", 2)
    one, two = (shown(print_slips([paper], "https://diary.example", DAY, "en")) for paper in (MASHA, other))
    assert one != two


def test_the_files_of_two_schools_differ_by_the_address_in_the_code():
    one, two = (shown(print_slips([MASHA], portal, DAY, "en")) for portal in ("https://a.example", "https://b.example"))
    assert one != two

"""The certificate on A4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import font_roboto
from fpdf import FPDF

from deploy.diaryctl.person.certificate_words import FIELDS, ROLES, WORDS

FONT: Final = "Roboto"
MARGIN: Final = 18.0
LABEL: Final = 52.0
LINE: Final = 5.0
PLAIN: Final = 9.5
SMALL: Final = 8.0
GREY: Final = 110


def print_certificate(facts: Mapping[str, Any], lang: str, key: str) -> bytes:
    """The PDF in one language."""
    sheet = _Sheet(lang)
    sheet.head()
    sheet.body(facts, key)
    return bytes(sheet.pdf.output())


class _Pages(FPDF):
    """Pages with their number below."""

    words: Mapping[str, str]

    def footer(self) -> None:
        """See FPDF."""
        self.set_y(-14)
        self.set_font(FONT, size=SMALL)
        self.set_text_color(GREY)
        self.cell(0, LINE, self.words["page"].format(page=self.page_no(), pages="{nb}"), align="R")


class _Sheet:
    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._words = WORDS[lang]
        self.pdf = _Pages(format="A4")
        self.pdf.words = self._words
        self.pdf.set_margin(MARGIN)
        self.pdf.set_auto_page_break(True, MARGIN)
        self.pdf.set_lang(lang)
        self.pdf.set_title(self._words["title"])
        fonts = Path(font_roboto.__file__).parent / "files"
        self.pdf.add_font(FONT, "", fonts / "Roboto-Regular.ttf")
        self.pdf.add_font(FONT, "B", fonts / "Roboto-Bold.ttf")
        self.pdf.add_page()

    def head(self) -> None:
        """Title and legal basis."""
        self._text(self._words["title"], 15, bold=True, height=7)
        self._text(self._words["basis"], SMALL, grey=True)
        self.pdf.ln(3)

    def body(self, facts: Mapping[str, Any], key: str) -> None:
        """Everything else, in the order of the act."""
        words = self._words
        for name in ("installation", "at", "operator", "reason"):
            self._pair(words[name], str(facts[name]))
        self._pair(words["systems"], ", ".join(facts["systems"]))
        self._pair(words["method"], words["method_text"])
        for person in facts["persons"]:
            self._person(person)
        self._section(words["kept"])
        for rule in facts["kept"]:
            self._bullet(f"{rule['what'][self._lang]} — {rule['why'][self._lang]}")
        self._section(words["search"])
        self._search(facts)
        self._section(words["signature"])
        self._text(words["signature_text"].format(key=key), PLAIN)

    def _person(self, person: Mapping[str, Any]) -> None:
        words = self._words
        self._section(f"{words['person']} {person['person']}")
        roles = [ROLES.get(role, role) if self._lang == "ru" else role for role in person["roles"]]
        self._pair(words["roles"], ", ".join(roles) or "—")
        for of, at in person["keys_destroyed"].items():
            self._pair(words["keys"], f"{words.get(of, of)} — {at}")
        self._pair(words["fields"], self._fields(person["fields"]))
        counts = person["sealed_values"]
        self._pair(words["values"], f"{counts['closed']} / {counts['open']}")
        self._pair(words["events"], str(person["events_about"]))
        for place in person["readable"]:
            self._pair(words["readable"], place)
        self._text(words["extract"], PLAIN, bold=True)
        for entry in person["extract"]:
            where = entry["log"]
            at = f" · {where['partition']}@{where['offset']}" if where else ""
            self._text(f"{entry['at'][:19]}Z  {entry['type']}  {entry['event']}{at}", SMALL, height=4)
            self._text(f"SHA-256 {entry['commit']}", SMALL, grey=True, height=4)

    def _search(self, facts: Mapping[str, Any]) -> None:
        words, search = self._words, facts["search"]
        megabytes = f"{search['bytes'] / 1e6:.1f}"
        self._text(words["search_text"].format(**{**search, "megabytes": megabytes}), PLAIN)
        if not all(person["searched"] for person in facts["persons"]):
            self._text(words["not_searched"], PLAIN, bold=True)
        removed = facts["removed"]
        generations = len(removed["former_generations"])
        self._text(words["removed"].format(generations=generations, mails=removed["stored_mails"]), PLAIN)
        self._text(words["residues"].format(days=facts["residues"]["key_backup_days"]), PLAIN)

    def _fields(self, fields: Sequence[Mapping[str, Any]]) -> str:
        said = (FIELDS.get(one["field"], one["field"]) if self._lang == "ru" else one["field"] for one in fields)
        counted = ", ".join(f"{name} ({one['values']})" for name, one in zip(said, fields, strict=True))
        return counted or self._words["nothing"]

    def _section(self, title: str) -> None:
        self.pdf.ln(2)
        self._text(title, 11, bold=True, height=6)

    def _pair(self, label: str, value: str) -> None:
        top = self.pdf.get_y()
        self._font(SMALL, grey=True)
        self.pdf.multi_cell(LABEL - 2, LINE - 0.7, label, align="L", new_x="LMARGIN", new_y="NEXT")
        below = self.pdf.get_y() if self.pdf.get_y() > top else top
        self.pdf.set_xy(MARGIN + LABEL, top if below > top else self.pdf.get_y())
        self._font(PLAIN)
        self.pdf.multi_cell(0, LINE, value, align="L", new_x="LMARGIN", new_y="NEXT")
        self.pdf.set_y(max(below, self.pdf.get_y()))

    def _bullet(self, text: str) -> None:
        self._text(f"•  {text}", PLAIN)

    def _text(self, text: str, size: float, *, bold: bool = False, grey: bool = False, height: float = LINE) -> None:
        self._font(size, bold=bold, grey=grey)
        self.pdf.multi_cell(0, height, text, align="L", new_x="LMARGIN", new_y="NEXT")

    def _font(self, size: float, *, bold: bool = False, grey: bool = False) -> None:
        self.pdf.set_font(FONT, "B" if bold else "", size)
        self.pdf.set_text_color(GREY if grey else 0)

"""Slips on A4: for each pupil one to take home and one for the teacher, with lines to cut along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import font_roboto
import segno
from fpdf import FPDF
from fpdf.enums import MethodReturnValue

from services.diary.slip.words import WORDS, Words

FONT: Final = "Roboto"
PAGE: Final = (210.0, 297.0)
MARGIN: Final = 10.0
ROWS: Final = 4
ROW: Final = (PAGE[1] - 2 * MARGIN) / ROWS
SPLIT: Final = 134.0  # where the teacher's slip begins
PADDING: Final = 5.0
FOOT: Final = ROW - 2 * PADDING - 3  # issue and date
QR_SIZE: Final = 28.0
PLAIN: Final = 9.0
SMALL: Final = 7.5
SMALLEST: Final = 4.0
BIG: Final = 15.0
NAME_SIZES: Final = ((13, 1), (11, 1), (10, 2), (9, 2), (8, 2), (7, 3))  # points, and lines at most
GREY: Final = 110
BLACK: Final = 0


@dataclass(frozen=True, slots=True)
class Paper:
    """What one pupil's two slips say; login and password in groups."""

    name: str
    form: str
    login: str
    password: str
    issue: int


def print_slips(papers: Sequence[Paper], portal: str, day: date, lang: str) -> bytes:
    """The PDF. The code on it is the portal's address and nothing else."""
    sheet = _Sheet(portal, day, WORDS[lang], lang)
    for number, paper in enumerate(papers):
        sheet.add(number, paper)
    return bytes(sheet.pdf.output())


class _Sheet:
    def __init__(self, portal: str, day: date, words: Words, lang: str) -> None:
        self._portal = portal
        self._day = day
        self._words = words
        self._code = segno.make(portal, error="m", micro=False)  # micro codes are unknown to most phones
        self.pdf = FPDF(format="A4")
        self.pdf.set_auto_page_break(False)
        self.pdf.set_margin(0)
        self.pdf.c_margin = 0
        self.pdf.set_lang(lang)
        self.pdf.set_title(words.pupil_slip)
        fonts = Path(font_roboto.__file__).parent / "files"
        self.pdf.add_font(FONT, "", fonts / "Roboto-Regular.ttf")
        self.pdf.add_font(FONT, "B", fonts / "Roboto-Bold.ttf")

    def add(self, number: int, paper: Paper) -> None:
        """The next pupil's row."""
        row = number % ROWS
        if row == 0:
            self.pdf.add_page()
        top = MARGIN + row * ROW
        self._cut_lines(top, last=row == ROWS - 1)
        self._pupils(paper, top + PADDING)
        self._teachers(paper, top + PADDING)

    def _cut_lines(self, top: float, last: bool) -> None:
        self.pdf.set_draw_color(GREY)
        self.pdf.set_line_width(0.2)
        self.pdf.set_dash_pattern(dash=1.5, gap=1.5)
        self.pdf.line(MARGIN, top, PAGE[0] - MARGIN, top)
        self.pdf.line(MARGIN, top + ROW, PAGE[0] - MARGIN, top + ROW)
        self.pdf.line(SPLIT, top, SPLIT, top + ROW)
        self.pdf.set_dash_pattern()

    def _pupils(self, paper: Paper, top: float) -> None:
        left, width = MARGIN + 2, SPLIT - MARGIN - 2 - PADDING
        self._qr(left + width - QR_SIZE, top)
        column = width - QR_SIZE - PADDING
        self._head(left, top, column, self._words.pupil_slip, paper)
        self._secret(left, top + 19, column / 2, self._words.login, paper.login)
        self._secret(left + column / 2, top + 19, column / 2, self._words.password, paper.password)
        self._steps(left, top + 36, width)
        self._foot(left, top, width, paper)

    def _teachers(self, paper: Paper, top: float) -> None:
        left, width = SPLIT + PADDING, PAGE[0] - MARGIN - SPLIT - PADDING - 2
        self._head(left, top, width, self._words.teacher_slip, paper)
        self._secret(left, top + 19, width, self._words.login, paper.login)
        self._paragraph(left, top + 36, width, self._words.keep, SMALL)
        self._foot(left, top, width, paper)

    def _head(self, left: float, top: float, width: float, title: str, paper: Paper) -> None:
        self._line(left, top, width, title, SMALL, grey=True)
        below = self._name(left, top + 4.5, width, paper.name)
        self._line(left, below + 0.5, width, self._words.form.format(form=paper.form), PLAIN)

    def _name(self, left: float, top: float, width: float, name: str) -> float:
        """In the largest size that fits: one line, or two when the name is long."""
        for size, lines in NAME_SIZES:
            self._font(size, bold=True, grey=False)
            height = size * 0.4
            if self._lines(width, height, name) <= lines:
                break
        self.pdf.set_xy(left, top)
        self.pdf.multi_cell(width, height, name, align="L", padding=0)
        return float(self.pdf.get_y())

    def _lines(self, width: float, height: float, text: str) -> int:
        lines = self.pdf.multi_cell(width, height, text, dry_run=True, output=MethodReturnValue.LINES)
        return len(lines) if isinstance(lines, list) else 1

    def _secret(self, left: float, top: float, width: float, label: str, value: str) -> None:
        self._line(left, top, width, label, SMALL, grey=True)
        self._line(left, top + 4, width - 1, value, BIG, bold=True)

    def _foot(self, left: float, top: float, width: float, paper: Paper) -> None:
        self._line(left, top + FOOT, width, self._words.dated(paper.issue, self._day), SMALL, grey=True)

    def _steps(self, left: float, top: float, width: float) -> None:
        for number, step in enumerate(self._words.steps, start=1):
            self._line(left, top, 5, f"{number}.", PLAIN, bold=True)
            top = self._paragraph(left + 5, top, width - 5, step, PLAIN) + 0.5

    def _qr(self, left: float, top: float) -> None:
        rows = [list(row) for row in self._code.matrix]
        side = QR_SIZE / len(rows)
        self.pdf.set_fill_color(BLACK)
        for y, row in enumerate(rows):
            for x, dark in enumerate(row):
                if dark:
                    # a hair larger than the module, so that no white lines show between them
                    self.pdf.rect(left + x * side, top + y * side, side + 0.02, side + 0.02, style="F")
        self._address(left - 2 * PADDING, top + QR_SIZE + 0.7, QR_SIZE + 2 * PADDING)

    def _address(self, left: float, top: float, width: float) -> None:
        self._font(SMALL, bold=False, grey=True)
        self._fit(self._portal, width, SMALL, bold=False)
        self.pdf.set_xy(left, top)
        self.pdf.cell(width, 4, self._portal, align="R")

    def _line(
        self, left: float, top: float, width: float, text: str, size: float, *, bold: bool = False, grey: bool = False
    ) -> None:
        self._font(size, bold, grey)
        self._fit(text, width, size, bold)
        self.pdf.set_xy(left, top)
        self.pdf.cell(width, size * 0.45, text)

    def _paragraph(self, left: float, top: float, width: float, text: str, size: float) -> float:
        self._font(size, bold=False, grey=False)
        self.pdf.set_xy(left, top)
        self.pdf.multi_cell(width, size * 0.45, text, align="L")
        return float(self.pdf.get_y())

    def _font(self, size: float, bold: bool, grey: bool) -> None:
        self.pdf.set_font(FONT, "B" if bold else "", size)
        self.pdf.set_text_color(GREY if grey else BLACK)

    def _fit(self, text: str, width: float, size: float, bold: bool) -> None:
        """What is too long gets a smaller font, never a cut."""
        while size > SMALLEST and self.pdf.get_string_width(text) > width:
            size -= 0.5
            self.pdf.set_font(FONT, "B" if bold else "", size)

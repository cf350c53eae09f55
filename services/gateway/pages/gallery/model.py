"""Every piece in every state, for developers and for browser tests."""

from dataclasses import dataclass, field

from services.gateway.pages.shared import Absence, Child, Form, Mark
from services.gateway.pages.week.model import Lesson
from services.gateway.past.model import AsOf


@dataclass(frozen=True)
class GalleryPage:
    """The samples the gallery template lays out."""

    marks: tuple[Mark, ...]
    absences: tuple[Absence, ...]
    lessons: tuple[Lesson, ...]
    children: tuple[Child, ...]
    asof: AsOf
    form: Form = field(default_factory=Form)

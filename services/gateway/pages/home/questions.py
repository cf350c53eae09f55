"""What families ask about the diary, and the answers."""

from __future__ import annotations

from flask_babel import gettext as _

from services.gateway.pages.home.model import Question


def questions() -> tuple[Question, ...]:
    """In the reader's language."""
    return (
        Question(
            _("What do I need to see the diary?"),
            _("An account of this portal, and the slip with the diary login and password from the class teacher."),
        ),
        Question(
            _("I lost the slip."),
            _("Ask the class teacher for a new one. Diaries that are linked already stay linked."),
        ),
        Question(
            _("I have several children."),
            _("Link every diary once with its own slip. All of them stand under “My diaries”."),
        ),
        Question(
            _("Why is there no mark for a test yet?"),
            _("A mark is shown the moment the teacher enters it. Until then the diary says that marks are awaited."),
        ),
        Question(
            _("What did the diary show last month?"),
            _(
                "“As it was…” shows the week, the marks and their averages as they were at the end of any day, "
                "and says what is different today."
            ),
        ),
        Question(
            _("Does the child see when I look?"),
            _("No. Nobody is told when or how often you look."),
        ),
    )

"""What a refusal is told as, in the reader's language: code -> sentence. The services' own sentences are English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

Texts = Mapping[str, Any]

GENERAL: Texts = {
    "bad-request": _("The request was not understood."),
    "bad-json": _("The body is not a JSON object in UTF-8."),
    "bad-key": _("An Idempotency-Key has at most 100 ASCII characters."),
    "bad-csrf": _("The page is out of date. Load it again and repeat."),
    "not-signed-in": _("Sign in first."),
    "forbidden": _("This is not allowed for this account."),
    "not-found": _("There is nothing at this address."),
    "method-not-allowed": _("This address does not accept this method."),
    "too-large": _("The request is larger than 1 MB."),
    "unsupported-media-type": _("Send JSON with Content-Type: application/json."),
    "invalid": _("This is not as expected."),
    "required": _("Please fill this in."),
    "changed": _("It was changed meanwhile. Load it again."),
    "key-reused": _("This Idempotency-Key was used for another request."),
    "person-erased": _("The data of this person have been erased."),
    "reason-needed": _("Write why you need to see it: somebody may ask later."),
    "one-of-both": _("Ask for a stream or for a person."),
    "busy": _("Many people change this at once. Nothing was saved, try again."),
    "unavailable": _("This part of the system is away for a moment. Nothing was saved, try again."),
    "unanswered": _("No answer came in time. What you sent may have been saved: look before you send it again."),
    "internal": _("Something went wrong on our side. Nothing was saved."),
    "too-many-requests": _("Too many tries. Wait a little before the next one."),
    "password-change-needed": _("Replace the one-time password first."),
}
ACCOUNT: Texts = {
    "account-exists": _("This account exists already."),
    "account-unknown": _("There is no such account."),
    "login-taken": _("This login is taken, choose another."),
    "email-taken": _("Another account with this address was confirmed first. Use that one."),
    "email-shape": _("This is not an e-mail address."),
    "login-shape": _(
        "Use 3 to 64 letters of one alphabet, digits, dots, hyphens or underscores, or your e-mail address."
    ),
    "login-other-address": _("As a login, only your own e-mail address may be used."),
    "password-too-short": _("At least %(least)s characters."),
    "password-too-long": _("At most %(most)s characters."),
    "password-common": _("This password is among the most used ones, so it is tried first. Choose another."),
    "password-personal": _("The password is little more than what others know of you. Choose another."),
    "password-same": _("Choose a password other than the present one."),
    "wrong-old-password": _("This is not your present password."),
    "wrong-portal-password": _("Wrong login or portal password. Mind the layout and Caps Lock."),
    "wrong-staff-password": _("Wrong login or staff password. The school’s administrator can give a new one."),
    "email-not-confirmed": _("Confirm your e-mail address first: enter the code from the letter."),
    "email-confirmed-already": _("This e-mail address is confirmed already. Sign in."),
    "code-unknown": _("There is no such code. Have a new one sent."),
    "code-void": _("This code was replaced by a newer one. Use the newest letter."),
    "code-expired": _("This code is too old. Have a new one sent."),
    "code-wrong": _("This is not the code from the letter."),
    "too-many-registrations": _("Too many registrations. Try again in %(seconds)s s."),
    "too-many-letters": _("Too many letters to this address. Try again in %(seconds)s s."),
    "too-many-codes": _("A code was sent just now. Another can be sent in %(seconds)s s."),
    "too-many-attempts": _("Too many attempts. Try again in %(seconds)s s."),
}
DIARY: Texts = {
    "seal-overtaken": _("Another seal was taken meanwhile. Take this one again."),
    "slip-login-form": _(
        "A diary login has eight letters and digits, as on the slip from school. It is not the portal login."
    ),
    "slip-looks-like-portal-password": _(
        "This does not look like a diary password. Type the one from the slip, not your portal password."
    ),
    "slip-wrong": _(
        "The diary login and the password do not match. Take them from the newest slip of the school. "
        "Attempts left: %(left)s."
    ),
    "links-full": _("This diary is already linked with %(most)s accounts. Remove one of them first."),
    "link-unknown": _("There is no such link."),
    "diary-unknown": _("There is no such diary."),
    "class-unknown": _("There is no such class."),
    "pupil-not-in-class": _("This pupil is not in the class."),
    "nobody-chosen": _("Choose at least one pupil to print slips for."),
    "slips-printed": _(
        "These slips were made already, and their passwords are not kept. Print new ones if the paper is lost."
    ),
    "school-unknown": _("There is no such school."),
    "person-unknown": _("There is no such person."),
    "pupil-unknown": _("There is no such pupil."),
    "ends-before-it-begins": _("It ends before it begins."),
    "marks-unknown": _("Choose marks from 2 to 5 or from 1 to 5."),
    "too-many-tries": _("Too many attempts. Try again a little later."),
}
JOURNAL: Texts = {
    "group-unknown": _("There is no such group."),
    "not-your-lesson": _("You do not teach this group on %(date)s."),
    "date-too-far": _("This date is too far away."),
    "lesson-in-future": _(
        "Marks and attendance can be entered from the day of the lesson on. Topic and homework can be set now."
    ),
    "due-too-early": _("Homework is due after the lesson."),
    "cell-changed": _("This cell was changed meanwhile. Look at it and enter again if needed."),
    "pupil-not-in-group": _("This pupil was not in the group on %(date)s."),
    "pupil-absent": _("This pupil was away. Clear the absence, or enter the mark and the absence together."),
    "pupil-has-mark": _("This pupil has a mark here. Withdraw it, or enter the mark and the absence together."),
    "mark-unknown": _("There is no such mark in this school."),
    "comment-without-mark": _("A comment needs a mark to stand beside."),
    "reason-needed": _("Say why this mark is changed: it is older than ten minutes or another teacher’s."),
    "pupil-erased": _("The data of this pupil are erased, comments cannot be kept."),
}
PAST: Texts = {
    "asof-unreadable": _("Write the day as 2026-12-20, or the moment as 2026-12-20T14:00."),
    "asof-future": _("This day is still to come: a page can be shown as it was, not as it will be."),
    "asof-before-school": _("The school was not in the diary yet on that day: it has been since %(day)s."),
    "asof-before-diary": _("There was nothing here yet on that day: it begins on %(day)s."),
    "asof-unknown": _("Nothing is known of that day."),
}
TEXTS: Texts = {**GENERAL, **ACCOUNT, **DIARY, **JOURNAL, **PAST}


REQUIRED = _("Please fill this in.")
UNKNOWN = _("There is no such field.")
AT_MOST = _("At most %(most)s characters.")
AT_LEAST = _("At least %(least)s characters.")


def of_validation(detail: str) -> str:
    """What marshmallow says in English about a field, in the reader's language."""
    number = re.search(r"\d+", detail)
    if detail.startswith("Missing data") or detail == "Field may not be null.":
        return str(REQUIRED)
    if detail.startswith("Unknown field"):
        return str(UNKNOWN)
    if number and detail.startswith("Shorter than minimum length 1."):
        return str(REQUIRED)
    if number and detail.startswith(("Longer than", "Length must be between")):
        return str(AT_MOST) % {"most": re.findall(r"\d+", detail)[-1]}
    if number and detail.startswith("Shorter than"):
        return str(AT_LEAST) % {"least": number[0]}
    return str(GENERAL["invalid"])


def sentence(code: str, params: Mapping[str, Any], fallback: str) -> str:
    """The sentence of a code; the service's own one when there is no text or a parameter is missing."""
    text = TEXTS.get(code)
    if text is None:
        return fallback
    try:
        return str(text) % dict(params)
    except (KeyError, ValueError, TypeError):
        return fallback

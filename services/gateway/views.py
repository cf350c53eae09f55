"""Every view of the gateway, in one list: the projector, rebuilds and the documentation read it."""

from __future__ import annotations

from services.eventsourcing.view import View
from services.gateway.access.view import ACCESS
from services.gateway.pages.journal.view import JOURNAL
from services.gateway.pages.school.view import SCHOOL
from services.gateway.pages.week.view import WEEK
from services.gateway.past.view import PAST

VIEWS: tuple[View, ...] = (ACCESS, WEEK, JOURNAL, SCHOOL, PAST)

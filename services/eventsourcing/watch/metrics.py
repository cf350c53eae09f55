"""Every metric that processes count themselves, under one prefix, in base units, without ids in labels.

Each has a label: a metric without one would be written at the import, before the directory of its files is there.
What only a look at the databases and the log can tell, such as a lag, is measured when it is asked for: standing.py.
"""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

REQUEST_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
VIEW_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3600)
HOUR = 3600
DAY = 24 * HOUR
POSTING_SECONDS = (HOUR, 3 * HOUR, 8 * HOUR, DAY, 2 * DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY)

REQUESTS = Counter(
    "diary_http_requests", "Requests answered, by route as it is declared", ["service", "method", "route", "status"]
)
REQUEST_DURATION = Histogram(
    "diary_http_request_duration_seconds", "Time to answer", ["service", "route"], buckets=REQUEST_SECONDS
)
COMMANDS = Counter(
    "diary_commands", "Commands by what became of them: done, unchanged, repeated, refused, stale, busy, failed",
    ["service", "type", "outcome"],
)  # fmt: skip
COMMAND_DURATION = Histogram(
    "diary_command_duration_seconds", "Time to load, decide and append", ["service", "type"], buckets=REQUEST_SECONDS
)
CONFLICTS = Counter(
    "diary_command_conflicts", "Appends that another writer was faster than; the command decides again", ["service"]
)
POSTING_DELAY = Histogram(
    "diary_grade_posting_delay_seconds", "From the end of the lesson's day to its mark in the journal", ["service"],
    buckets=POSTING_SECONDS,
)  # fmt: skip
AUTH_FAILURES = Counter("diary_auth_failures", "Sign-ins refused", ["reason"])
KEYS_DESTROYED = Counter("diary_keys_destroyed", "Keys of persons that erasures destroyed", ["service"])
PUBLISHED = Counter("diary_relay_published_commits", "Commits proven to be on the log", ["service"])
PRODUCER_RESETS = Counter(
    "diary_relay_producer_resets", "Producers thrown away because a record was not proven", ["topic"]
)
APPLIED = Counter("diary_projection_events", "Events that views have applied", ["projection"])
DELAY = Histogram(
    "diary_projection_delay_seconds", "From the commit of an event to the commit of the views that show it",
    ["projection"], buckets=VIEW_SECONDS,
)  # fmt: skip
GAPS = Counter("diary_projection_gaps", "Events that came before their predecessor: the stream waits", ["projection"])
READER_RESETS = Counter(
    "diary_projection_reader_resets", "Consumers made anew because they had more and gave nothing", ["projection"]
)
BUILD = Gauge(
    "diary_build_info", "Always 1; the version is in the label", ["service", "version"], multiprocess_mode="max"
)

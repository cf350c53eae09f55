"""diaryctl consumers: who reads the events outside the system, and how far behind they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import click

from deploy.diaryctl.installation import open_installation
from deploy.diaryctl.output import print_json, print_table
from services.eventsourcing.consumers import Consumer, read_consumers


@click.command()
@click.option("--partitions", is_flag=True, help="a line for each partition")
@click.option("--json", "as_json", is_flag=True, help="for scripts; always with partitions")
def consumers(partitions: bool, as_json: bool) -> None:
    """Consumer groups of analysts with the records that wait for them, by topic.

    Our own projectors and policies are no groups: `diaryctl status` shows them.
    """
    place = open_installation()
    found = read_consumers(place.log, place.topics())
    if as_json:
        print_json([{**asdict(one), "by_topic": one.by_topic, "well": one.well} for one in found])
    elif partitions:
        columns = ("group", "topic", "partition", "next", "end", "behind")
        print_table("Consumers, by partition", columns, [row for one in found for row in _parts(one)])
    else:
        columns = ("group", "state", "members", "topic", "behind", "")
        print_table("Consumers", columns, [row for one in found for row in _topics(one)])


def _topics(one: Consumer) -> Iterator[tuple[object, ...]]:
    members = "unknown" if one.members is None else one.members
    for topic, lag in one.by_topic.items():
        yield one.group, one.state, members, topic, lag, "" if one.well else _why(one)


def _why(one: Consumer) -> str:
    return "nobody reads" if one.members == 0 else "stands behind the end of a topic that was made anew"


def _parts(one: Consumer) -> Iterator[tuple[object, ...]]:
    for part in one.partitions:
        next, lag = ("none saved" if value is None else value for value in (part.next, part.lag))
        yield one.group, part.topic, part.partition, next, part.end, lag

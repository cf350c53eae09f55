"""The order in which an instance comes up; each step waits for the fact that the next one needs."""

from collections.abc import Callable
from functools import partial
from typing import Any

from pymongo import MongoClient

from deploy.local import facts, mongo_users, plan
from deploy.local.children import Child, Children
from deploy.local.instance import Instance
from deploy.local.jobs import run
from deploy.local.screen import Detail, Screen
from deploy.local.waiting import answers, wait_for

SERVER_SECONDS = 180
SERVICE_SECONDS = 180


def start_all(instance: Instance, children: Children, screen: Screen) -> None:
    """Returns when every process answers; CannotStart says who did not and why."""
    _servers(instance, children, screen)
    with screen.step("Database users, topics, collections"):
        mongo_users.provision(instance.mongo.url(), instance.secrets.passwords())
        run(plan.init(instance))
        mongo_users.refresh_web_roles(instance.mongo.url())
    _services(instance, children, screen)


def _servers(instance: Instance, children: Children, screen: Screen) -> None:
    with screen.step("MongoDB and Apache Kafka") as detail:
        mongod = children.start(instance.mongo.program())
        instance.kafka.prepare(partial(_tell_downloads, detail))
        kafka = children.start(instance.kafka.program())
        outbox = children.start(plan.outbox(instance))
        _await(mongod, instance.mongo.ready, SERVER_SECONDS)
        _await(kafka, instance.kafka.ready, SERVER_SECONDS)
        _await(outbox, lambda: answers(f"{instance.outbox}/livez"), SERVER_SECONDS)


def _tell_downloads(detail: Detail, done: int, total: int) -> None:
    if done % 10 == 0 or done == total:
        detail(f"downloaded {done} of {total} files of Apache Kafka")


def _services(instance: Instance, children: Children, screen: Screen) -> None:
    with screen.step("Services") as detail, MongoClient[dict[str, Any]](instance.mongo.url()) as client:
        started = [children.start(program) for program in plan.programs(instance)]
        for child in started:
            _await(child, partial(facts.service_ready, client, child), SERVICE_SECONDS)
            detail(f"{child.program.name} is ready")


def _await(child: Child, fact: Callable[[], bool], seconds: float) -> None:
    name = child.program.name
    wait_for(fact, seconds, lambda: f"{name} did not start:\n{child.last_words()}", child.alive)

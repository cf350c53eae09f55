"""Which processes an instance consists of, beside Kafka and mongod."""

import sys

from deploy.local.environment import service_environment
from deploy.local.home import REPOSITORY
from deploy.local.instance import Instance
from deploy.local.mongo_users import SERVICES
from deploy.local.process import Program

PROCESSES = ("worker", "web")


def programs(instance: Instance) -> list[Program]:
    """Web and worker of every service."""
    return [_program(instance, service, process) for service in SERVICES for process in PROCESSES]


def init(instance: Instance) -> Program:
    """The job that makes collections, indexes and topics before the services start."""
    return Program(
        name="init",
        command=[sys.executable, "-m", "deploy.local.init"],
        log=instance.home.log / "init.log",
        directory=REPOSITORY,
    )


def outbox(instance: Instance) -> Program:
    """The mail catcher."""
    ports = instance.ports
    arguments = [str(instance.home.outbox), str(ports.smtp), str(ports.outbox)]
    return Program(
        name="outbox",
        command=[sys.executable, "-m", "deploy.local.outbox", *arguments],
        log=instance.home.log / "outbox.log",
        directory=REPOSITORY,
    )


def _program(instance: Instance, service: str, process: str) -> Program:
    return Program(
        name=f"{service}-{process}",
        command=[sys.executable, "-m", f"services.{service}", process],
        log=instance.home.log / f"{service}-{process}.log",
        environment=service_environment(instance, service, process),
        directory=REPOSITORY,
    )

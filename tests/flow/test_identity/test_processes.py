"""The service as it is run: a web process and a worker process."""

from typing import Any

import msgspec
import requests

from deploy.local.servers import free_ports
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.settings import Settings
from services.eventsourcing.tokens import ServiceTokens
from tests.flow.test_identity.conftest import GATEWAY, form
from tests.kit.waiting import eventually
from tests.kit.world import World


def test_what_the_web_process_accepts_the_worker_publishes_sealed(world: World) -> None:
    world.init("identity")
    web = world.settings("identity", bind=f"127.0.0.1:{free_ports(1)[0]}")
    world.process("-m", "services.identity", "web", settings=web)
    world.process("-m", "services.identity", "worker", settings=world.settings("identity", "worker"))
    eventually(lambda: requests.get(f"http://{web.bind}/readyz", timeout=1).ok)
    token = ServiceTokens(web.service_secret).issue("identity", GATEWAY)
    answer = requests.post(
        f"http://{web.bind}/accounts", json=form(), headers={"Authorization": f"Bearer {token}"}, timeout=30
    )
    account = answer.json()["account"]
    published = eventually(lambda: len(found := published_events(web)) > 1 and found)
    assert [(event["type"], event["subject"]) for event in published] == [
        ("AccountRegistered", f"account-{account}"),
        ("CodeIssued", f"account-{account}"),
    ]
    assert set(published[0]["data"]["email"]) == {"$sealed"}


def published_events(settings: Settings) -> list[dict[str, Any]]:
    log = KafkaLog(settings.kafka)
    reader = log.reader()
    try:
        reader.seek(dict.fromkeys(log.places([settings.topic]), 0))
        return [msgspec.json.decode(record.value) for record in reader.poll(10, 1.0)]
    finally:
        reader.close()

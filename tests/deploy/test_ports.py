"""Which ports an instance takes, and what it says when it cannot have them."""

import socket
from dataclasses import fields

import pytest

from deploy.local.errors import CannotStart
from deploy.local.ports import HOST, Ports
from deploy.local.servers import free_ports


def test_the_base_moves_all_ports() -> None:
    ports = Ports.read({"SCHOOLDIARY_PORT_BASE": "8100"})
    assert (ports.gateway, ports.identity, ports.outbox, ports.smtp, ports.kafka) == (8100, 8101, 8110, 8125, 8192)


def test_one_port_can_be_moved_alone() -> None:
    ports = Ports.read({"SCHOOLDIARY_GATEWAY_PORT": "80"})
    assert (ports.gateway, ports.identity) == (80, 7101)


@pytest.mark.parametrize("text", ["abc", "-1", "0", "70000"])
def test_a_setting_that_is_no_port_is_named(text: str) -> None:
    with pytest.raises(CannotStart, match="SCHOOLDIARY_SMTP_PORT"):
        Ports.read({"SCHOOLDIARY_SMTP_PORT": text})


def test_a_taken_port_is_named_with_its_holder_and_the_variable_to_change() -> None:
    ports = Ports(*free_ports(len(fields(Ports))))
    with socket.create_server((HOST, ports.outbox)), pytest.raises(CannotStart) as refusal:
        ports.require_free()
    text = str(refusal.value)
    assert f"Port {ports.outbox} (outbox) is taken by python" in text
    assert "SCHOOLDIARY_OUTBOX_PORT=" in text
    assert "gateway" not in text.splitlines()[0]


def test_free_ports_are_accepted() -> None:
    Ports(*free_ports(len(fields(Ports)))).require_free()

"""Which clients are counted together."""

import pytest

from services.identity.throttle.limits import network


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        (" 192.0.2.1 ", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", None),
        ("nobody", None),
    ],
)
def test_neighbours_are_counted_together(address: str, counted_as: str | None) -> None:
    assert network(address) == counted_as

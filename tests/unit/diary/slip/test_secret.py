"""Hashes of slip passwords."""

from services.diary.slip.secret import SlipSecrets, equal

SECRETS = SlipSecrets(b"m" * 32)


def test_the_same_pair_has_the_same_hash_and_others_have_others():
    right = SECRETS.hash("KT7MQX4P", "9DKT7MQX4P")
    assert equal(right, SECRETS.hash("KT7MQX4P", "9DKT7MQX4P"))
    assert right not in (SECRETS.hash("KT7MQX4P", "9DKT7MQX4Q"), SECRETS.hash("KT7MQX4Q", "9DKT7MQX4P"))


def test_without_the_master_key_keys_and_hashes_are_other_ones():
    other = SlipSecrets(b"n" * 32)
    assert other.key("KT7MQX4P") != SECRETS.key("KT7MQX4P")
    assert other.hash("KT7MQX4P", "9DKT7MQX4P") != SECRETS.hash("KT7MQX4P", "9DKT7MQX4P")

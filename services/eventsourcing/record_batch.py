"""The records inside a batch of the log, as Kafka's message format 2 lays them out (KIP-98).

A reader of millions of records wants offset and value only; the client's own records carry ten more fields and take
four times as long.
"""

from __future__ import annotations

from collections.abc import Iterator


class Malformed(ValueError):
    """The bytes are not the records that the batch announces."""


def values(records: bytes, base_offset: int, count: int) -> Iterator[tuple[int, bytes]]:
    """(offset, value) of each of `count` records in the decompressed bytes of a batch. Raises Malformed.

    Record => Length Attributes TimestampDelta OffsetDelta KeyLength Key ValueLength Value Headers. Numbers are varints
    in zigzag form; all of them are positive here but the length of what is null.
    """
    at = 0
    try:
        for _ in range(count):
            length, at = _varint(records, at)
            end = at + (length >> 1)
            at += 1  # attributes
            while records[at] > 127:  # the time is of no interest
                at += 1
            at += 1
            # Most numbers have one byte or two, and calling a function for each doubles the time.
            delta = records[at]
            if delta < 128:
                at += 1
            else:
                delta, at = _varint(records, at)
            key = records[at]
            if key < 128:
                at += 1
            else:
                key, at = _varint(records, at)
            at += 0 if key & 1 else key >> 1
            size = records[at]
            if size < 128:
                at += 1
            elif records[at + 1] < 128:
                size, at = size & 127 | records[at + 1] << 7, at + 2
            else:
                size, at = _varint(records, at)
            yield base_offset + (delta >> 1), b"" if size & 1 else records[at : at + (size >> 1)]
            at = end
    except IndexError:
        raise Malformed(f"a batch of {count} records ends too early") from None
    if at != len(records):
        raise Malformed(f"{len(records) - at} bytes follow the last of {count} records")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """The unsigned number at a place, and the place behind it."""
    byte = data[at]
    if byte < 128:
        return byte, at + 1
    second = data[at + 1]
    if second < 128:
        return byte & 127 | second << 7, at + 2
    number, shift, at = byte & 127 | (second & 127) << 7, 14, at + 2
    while (byte := data[at]) > 127:
        number |= (byte & 127) << shift
        shift += 7
        at += 1
    return number | byte << shift, at + 1

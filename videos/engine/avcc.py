"""The decoder configuration of H.264 in an mp4 (`avcC`): the parameter sets that its pictures refer to by number."""

from __future__ import annotations

from typing import NamedTuple

# x264 gives one number to a sequence set and its picture set; more than 31 is not legal.
_MOST = 31
# What the two counts of sets can say at most, after one of each was added.
_MOST_SEQUENCES, _MOST_PICTURES = 31, 255


class Sets(NamedTuple):
    """Profile, compatibility and level; the sequence sets, the picture sets, and what high profiles say after them."""

    head: bytes
    sequences: list[bytes]
    pictures: list[bytes]
    rest: bytes


def readable(data: bytes) -> bool:
    """Whether this is a configuration whose pictures may be joined with others: four length bytes, a free number."""
    try:
        sets = _parsed(data)
        room = 0 < len(sets.sequences) < _MOST_SEQUENCES and len(sets.pictures) < _MOST_PICTURES
        return data[4] & 3 == 3 and room and free_number(data) <= _MOST
    except (IndexError, ValueError):
        return False


def free_number(data: bytes) -> int:
    """The lowest number above all that these sets bear."""
    sets = _parsed(data)
    sequence = max(_number(each[4:]) for each in sets.sequences)
    return 1 + max([sequence, *(_number(each[1:]) for each in sets.pictures)])


def merged(first: bytes, second: bytes) -> bytes:
    """One configuration with the sets of both, for the higher of the two profiles and levels."""
    one, two = _parsed(first), _parsed(second)
    profile, level = max(one.head[0], two.head[0]), max(one.head[2], two.head[2])
    # What a profile promises to be is only promised by both.
    head = bytes((1, profile, one.head[1] & two.head[1], level, 0xFF))
    sequences, pictures = one.sequences + two.sequences, one.pictures + two.pictures
    return head + _written(sequences, 0xE0) + _written(pictures, 0) + (one.rest or two.rest)


def _parsed(data: bytes) -> Sets:
    if len(data) < 7 or data[0] != 1:
        raise ValueError("no decoder configuration")
    sequences, position = _read(data, 6, data[5] & 0x1F)
    pictures, position = _read(data, position + 1, data[position])
    return Sets(data[1:4], _once(sequences), _once(pictures), data[position:])


def _once(sets: list[bytes]) -> list[bytes]:
    """Some encoders say the same thirty times over."""
    return list(dict.fromkeys(sets))


def _read(data: bytes, position: int, count: int) -> tuple[list[bytes], int]:
    found = []
    for _ in range(count):
        length = int.from_bytes(data[position : position + 2], "big")
        found.append(data[position + 2 : position + 2 + length])
        if len(found[-1]) != length or not length:
            raise ValueError("a set is cut off")
        position += 2 + length
    return found, position


def _written(sets: list[bytes], mark: int) -> bytes:
    return bytes((mark | len(sets),)) + b"".join(len(each).to_bytes(2, "big") + each for each in sets)


def _number(data: bytes) -> int:
    """The number that opens a set: as many zero bits as it has further bits, a one, and those."""
    bits = "".join(f"{byte:08b}" for byte in data[:8])
    zeros = bits.index("1")
    return int(bits[zeros : 2 * zeros + 1], 2) - 1

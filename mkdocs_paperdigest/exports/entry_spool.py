"""Entries of feeds, kept on the disk until all feeds are written: those of a large site take more memory than all else."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile

from .feeds import FeedItem


class EntrySpool:
    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(4_000_000)  # noqa: SIM115 - `close` closes it; so many bytes are kept without a file
        self._end = 0
        self._places: dict[str, tuple[int, int, int]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def __getitem__(self, name: str) -> FeedItem:
        start, middle, end = self._places[name]
        self._file.seek(start)
        both = self._file.read(end - start)
        return FeedItem(both[: middle - start], both[middle - start :])

    def __setitem__(self, name: str, entry: FeedItem) -> None:
        start, middle = self._end, self._end + len(entry.atom)
        self._file.seek(start)
        self._file.write(entry.atom + entry.json)
        self._end = middle + len(entry.json)
        self._places[name] = (start, middle, self._end)

    def close(self) -> None:
        self._file.close()

from __future__ import annotations


def find(name: str, limit: int | None = None) -> list[str]:
    return [name] * (limit or 1)

"""Module docs with the words Reader and helper."""
from __future__ import annotations

import os.path
from collections import OrderedDict as Ordered, deque

LIMIT = 10
first, second = 1, 2
names: list[str] = ['読む', '😀']


# Reads things.
# In two lines.
@decorate(name='Reader')
class Reader(Base):
    """A reader."""

    size = LIMIT

    def __init__(self, path: str) -> None:
        self.path = os.path.join(path)

    @property
    def 名前(self):
        return deque([self.path, '😀'])

    async def read(self, *args,
                   limit: int = 3) -> Ordered:
        # Not a use: helper
        def inner(x): return helper(x)
        return inner(f'{LIMIT} helper')


def helper(value):
    return value


type Alias = list[Reader]

if __name__ == '__main__':
    for reader in (
        Reader('a'),
        Reader('b'),
    ):
        print(reader.read(), helper(reader))

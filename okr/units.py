"""The units of the company by their names, and what is above each."""

from __future__ import annotations

from collections.abc import Iterable

from okr.people import Person, unit_of


class Units:
    """Built of the departments (paths from the top) and stores that people belong to."""

    def __init__(self, places: Iterable[tuple[str, str]]) -> None:
        """`places`: each person's department and store, the latter empty outside the stores."""
        self._paths: dict[str, set[str]] = {}
        stores: dict[str, str] = {}
        for department, store in sorted(set(places)):
            parts = department.split("/") if department else []
            for depth in range(1, len(parts) + 1):
                path = "/".join(parts[:depth])
                self._paths.setdefault(parts[depth - 1], set()).add(path)
            if store and department:
                stores[store] = min(stores.get(store, department), department, key=len)
        for store, path in stores.items():
            self._paths.setdefault(store, {path})

    @property
    def paths(self) -> list[str]:
        """Every unit's path."""
        return sorted({path for paths in self._paths.values() for path in paths})

    def find(self, name: str) -> list[str]:
        """The paths of the units that are called so; a whole path is one."""
        said = name.strip()
        if "/" in said:
            return [path for path in self._paths.get(unit_of(said), ()) if path == said]
        return sorted(self._paths.get(said, ()))

    @property
    def names(self) -> list[str]:
        """What the units are called."""
        return sorted(self._paths)

    def key(self, path: str) -> str:
        """What a unit's figures are kept under: its name, so that they stay when it moves; two of a name: its path."""
        name = unit_of(path)
        return path if len(self._paths.get(name, ())) > 1 else name

    def upwards(self, path: str) -> tuple[str, ...]:
        """The keys of a unit and of all above it."""
        return tuple(self.key(one) for one in paths_above(path))

    def home(self, person: Person) -> str:
        """The path of the unit whose figures are the person's unit's: the store of those who work in one."""
        return self.home_of(person.department, person.store)

    def home_of(self, department: str, store: str) -> str:
        """The same for who works there."""
        if store and len(found := self.find(store)) == 1:
            return found[0]
        return department

    def below(self, path: str) -> list[str]:
        """The keys of the units below one, on all levels."""
        inside = f"{path}/"
        return sorted(
            {self.key(one) for paths in self._paths.values() for one in paths if one.startswith(inside)}
        )


def paths_above(path: str) -> tuple[str, ...]:
    """A unit's path and those of all above it, the lowest first."""
    parts = path.split("/")
    return tuple("/".join(parts[:depth]) for depth in range(len(parts), 0, -1))

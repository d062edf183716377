"""What columns say, read back as plain values whatever the codes and the width of the columns."""

from typing import Any

from groups.columns.layout import TAGS
from groups.columns.population import Population, Table

Row = tuple[Any, ...]


def residents(population: Population) -> dict[int, Row]:
    """Give the row of every open resident by slot."""
    table = population.residents
    rows = _rows(table)
    words = {tag: _tags(table, tag) for tag in TAGS}
    return {
        slot: (*rows[slot], *(words[tag][slot] for tag in TAGS))
        for slot in range(table.size)
        if population.open[slot]
    }


def things(population: Population) -> dict[str, list[Row]]:
    """Give the rows of each relation, sorted."""
    return {name: sorted(_rows(table), key=repr) for name, table in population.things.items()}


def _rows(table: Table) -> list[Row]:
    columns: list[list[Any]] = []
    for name in sorted(table.columns.keys() - set(TAGS)):
        values = table.columns[name].tolist()
        if name in table.words:
            values = [table.words[name].texts[code] for code in values]
        columns.append(values)
    return list(zip(*columns, strict=True))


def _tags(table: Table, tag: str) -> list[frozenset[str]]:
    bits, texts = table.columns[tag], table.words[tag].texts
    return [
        frozenset(
            text
            for code, text in enumerate(texts)
            if code // 8 < len(bits) and bits[code // 8, slot] >> code % 8 & 1
        )
        for slot in range(table.size)
    ]

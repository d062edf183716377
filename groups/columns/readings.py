"""What is read of each table: fields with their binary types, and the SELECT that gives them.

Nothing is null on the way: what is unknown comes as the sentinel of its column, texts come as
hashes. Only open rows are read; a closed address is no address. `{addresses}` stands for the open
addresses, other braces for numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass

ADDRESSES = """
(SELECT id, hashtextextended(parish, {seed}) AS parish, hashtextextended(town, {seed}) AS town,
  hashtextextended(street, {seed}) AS street, hashtextextended(postcode, {seed}) AS postcode,
  substring(house FROM '^[0-9]{{1,4}}')::smallint AS house_number,
  round(easting * 100)::int AS easting, round(northing * 100)::int AS northing
 FROM address WHERE municipality_id = {municipality} AND closed_at IS NULL {apart})
"""
"""The open addresses; what is read of one is made out once for all who live there if `{apart}`."""
PLACE: Mapping[str, tuple[str, str]] = {
    "parish": ("i8", "coalesce(a.parish, 0)"),
    "town": ("i8", "coalesce(a.town, 0)"),
    "street": ("i8", "coalesce(a.street, 0)"),
    "postcode": ("i8", "coalesce(a.postcode, 0)"),
    "house_number": ("i2", "coalesce(a.house_number, {no_number}::smallint)"),
    "easting": ("i4", "coalesce(a.easting, {no_point})"),
    "northing": ("i4", "coalesce(a.northing, {no_point})"),
}
SLOT: Mapping[str, tuple[str, str]] = {"slot": ("i4", "f.slot")}


WHOLE = """
JOIN (SELECT * FROM {table} WHERE municipality_id = {municipality} AND closed_on IS NULL) {alias}
  ON {alias}.{owner} = f.resident_id
"""
EACH = """
CROSS JOIN LATERAL (SELECT * FROM {table} WHERE municipality_id = {municipality}
  AND {owner} = f.resident_id AND closed_on IS NULL OFFSET 0) {alias}
"""
"""Looked up for each resident, and by no other way: with a plain join PostgreSQL, which believes
that row-level security passes next to nothing, compared every row with every resident."""


@dataclass(frozen=True, slots=True)
class Owned:
    """A table whose open rows belong to residents: its name, alias, and the column of the owner."""

    table: str
    alias: str
    owner: str = "resident_id"

    def joined(self, how: str) -> str:
        """Write the join to the residents `f`, as `WHOLE` or `EACH`."""
        named = {"{table}": self.table, "{alias}": self.alias, "{owner}": self.owner}
        for place, name in named.items():
            how = how.replace(place, name)
        return how


@dataclass(frozen=True, slots=True)
class Reading:
    """Rows of one table: each field with its type and expression, and where they come from.

    `source` follows the residents and what they own.
    """

    fields: Mapping[str, tuple[str, str]]
    source: str = ""
    owned: Owned | None = None


READINGS: Mapping[str, Reading] = {
    "residents": Reading(
        {
            **SLOT,
            "birth_date": ("i4", "coalesce(f.birth_on - date '1970-01-01', {no_day})"),
            "declared_since": ("i4", "coalesce(f.declared_since - date '1970-01-01', {no_day})"),
            "household": ("i4", "coalesce(h.number, -1)"),
            "reach": ("i2", "f.reach"),
            "profile": (
                "i8",
                "hash_record_extended(ROW(f.sex, f.language, f.citizenship, f.residence), {seed})",
            ),
            **PLACE,
        },
        """
        LEFT JOIN household h ON h.municipality_id = {municipality} AND h.id = f.household_id
        LEFT JOIN {addresses} a ON a.id = f.address_id
        """,
    ),
    "interests": Reading(
        {**SLOT, "word": ("i8", "hashtextextended(unnest(f.interests), {seed})")},
        "WHERE f.interests <> '{{}}'",
    ),
    "social_statuses": Reading(
        {**SLOT, "word": ("i8", "hashtextextended(unnest(f.social_statuses), {seed})")},
        "WHERE f.social_statuses <> '{{}}'",
    ),
    "children": Reading(
        {**SLOT, "target": ("i4", "c.slot")},
        """
        JOIN resident_fact c ON c.municipality_id = {municipality} AND c.resident_id = g.child_id
        """,
        owned=Owned("guardianship", "g", "guardian_id"),
    ),
    "institutions": Reading(
        {**SLOT, "institution": ("i8", "hash_record_extended(ROW(i.kind, i.name), {seed})")},
        """
        JOIN institution i ON i.municipality_id = {municipality}
          AND i.id = b.institution_id AND i.closed_on IS NULL
        """,
        owned=Owned("attendance", "b"),
    ),
    "properties": Reading(
        {**SLOT, "property": ("i8", "hashtextextended(p.kind, {seed})"), **PLACE},
        """
        LEFT JOIN {addresses} a ON a.id = p.address_id
        """,
        owned=Owned("property", "p"),
    ),
    "vehicles": Reading(
        {**SLOT, "vehicle": ("i8", "hash_record_extended(ROW(v.kind, v.fuel), {seed})")},
        owned=Owned("vehicle", "v"),
    ),
    "pets": Reading(
        {**SLOT, "pet": ("i8", "hashtextextended(p.species, {seed})")},
        owned=Owned("pet", "p"),
    ),
    "former_addresses": Reading(
        {
            **SLOT,
            "since": ("i4", "w.since - date '1970-01-01'"),
            "until": ("i4", "w.until - date '1970-01-01'"),
            **PLACE,
        },
        """
        LEFT JOIN {addresses} a ON a.id = w.address_id
        """,
        owned=Owned("former_address", "w"),
    ),
}
"""Where each table of a population is read; `slot` is the resident that a row belongs to.

`target` is the slot of the child, open or not.
"""

TEXTS: Mapping[str, str] = {
    "profile": """
        SELECT hash_record_extended(ROW(sex, language, citizenship, residence), {seed}),
          sex, language, citizenship, residence
        FROM resident_fact WHERE municipality_id = {municipality} AND closed_on IS NULL {among}
        GROUP BY sex, language, citizenship, residence
        """,
    "parish": """
        SELECT hashtextextended(parish, {seed}), parish FROM address
        WHERE municipality_id = {municipality} AND closed_at IS NULL GROUP BY parish
        """,
    "town": """
        SELECT hashtextextended(town, {seed}), town FROM address
        WHERE municipality_id = {municipality} AND closed_at IS NULL AND town IS NOT NULL
        GROUP BY town
        """,
    "street": """
        SELECT hashtextextended(street, {seed}), street FROM address
        WHERE municipality_id = {municipality} AND closed_at IS NULL AND street IS NOT NULL
        GROUP BY street
        """,
    "postcode": """
        SELECT hashtextextended(postcode, {seed}), postcode FROM address
        WHERE municipality_id = {municipality} AND closed_at IS NULL AND postcode IS NOT NULL
        GROUP BY postcode
        """,
    "interests": """
        SELECT hashtextextended(word, {seed}), word FROM
          (SELECT DISTINCT interests FROM resident_fact WHERE municipality_id = {municipality}
           AND closed_on IS NULL AND interests <> '{{}}' {among}) AS lists,
          unnest(interests) AS word
        GROUP BY word
        """,
    "social_statuses": """
        SELECT hashtextextended(word, {seed}), word FROM
          (SELECT DISTINCT social_statuses FROM resident_fact WHERE municipality_id = {municipality}
           AND closed_on IS NULL AND social_statuses <> '{{}}' {among}) AS lists,
          unnest(social_statuses) AS word
        GROUP BY word
        """,
    "institution": """
        SELECT hash_record_extended(ROW(kind, name), {seed}), kind, name
        FROM institution WHERE municipality_id = {municipality} AND closed_on IS NULL
        GROUP BY kind, name
        """,
    "property": """
        SELECT hashtextextended(kind, {seed}), kind FROM property
        WHERE municipality_id = {municipality} AND closed_on IS NULL GROUP BY kind
        """,
    "vehicle": """
        SELECT hash_record_extended(ROW(kind, fuel), {seed}), kind, fuel
        FROM vehicle WHERE municipality_id = {municipality} AND closed_on IS NULL
        GROUP BY kind, fuel
        """,
    "pet": """
        SELECT hashtextextended(species, {seed}), species FROM pet
        WHERE municipality_id = {municipality} AND closed_on IS NULL GROUP BY species
        """,
}
"""The texts behind the hashes: each hash once, then the texts that it is of.

`{among}` narrows to the residents whose facts are read anew. Hash 0 is that of no text; `words` knows.
"""

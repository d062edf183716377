"""What is read of each table: fields with their binary types, and the rows that give them.

Nothing is null on the way: what is unknown comes as the sentinel of its column, texts come as
hashes. Only open rows are read; a closed address is no address. Braces stand for numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass

ADDRESSES = """
SELECT id, hashtextextended(parish, {seed}) AS parish, hashtextextended(town, {seed}) AS town,
  hashtextextended(street, {seed}) AS street, hashtextextended(postcode, {seed}) AS postcode,
  substring(house FROM '^[0-9]{{1,4}}')::smallint AS house_number,
  round(easting * 100)::int AS easting, round(northing * 100)::int AS northing
FROM address WHERE municipality_id = {municipality} AND closed_at IS NULL
"""
HOUSEHOLDS = "SELECT id, number FROM household WHERE municipality_id = {municipality}"
RESIDENTS = "SELECT resident_id, slot FROM resident_fact WHERE municipality_id = {municipality}"
INSTITUTIONS = """
SELECT id, kind, name FROM institution
WHERE municipality_id = {municipality} AND closed_on IS NULL
"""
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


@dataclass(frozen=True, slots=True)
class Owned:
    """A table whose open rows belong to residents: its name, alias, and the column of the owner."""

    table: str
    alias: str
    owner: str = "resident_id"

    @property
    def rows(self) -> str:
        """Select its open rows."""
        return (
            f"SELECT * FROM {self.table} "  # noqa: S608 - our own names
            "WHERE municipality_id = {municipality} AND closed_on IS NULL"
        )


@dataclass(frozen=True, slots=True)
class Found:
    """Rows found by their `key`, which a `column` of the resident or of what is owned names.

    `always`: without one there is no row at all.
    """

    rows: str
    alias: str
    column: str
    key: str = "id"
    always: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """Rows of one table: each field with its type and expression, and where they come from.

    Of every resident `f` one row, or one for each row that they own; with it what is found by it.
    """

    fields: Mapping[str, tuple[str, str]]
    owned: Owned | None = None
    found: tuple[Found, ...] = ()
    condition: str = ""


AT_ADDRESS = Found(ADDRESSES, "a", "address_id")
OWN: Mapping[str, Reading] = {
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
        found=(Found(HOUSEHOLDS, "h", "household_id"), AT_ADDRESS),
    ),
    "interests": Reading(
        {**SLOT, "word": ("i8", "hashtextextended(unnest(f.interests), {seed})")},
        condition="f.interests <> '{{}}'",
    ),
    "social_statuses": Reading(
        {**SLOT, "word": ("i8", "hashtextextended(unnest(f.social_statuses), {seed})")},
        condition="f.social_statuses <> '{{}}'",
    ),
}
"""Where the tables are read that tell of residents themselves."""
OF_RELATIONS: Mapping[str, Reading] = {
    "children": Reading(
        {**SLOT, "target": ("i4", "c.slot")},
        Owned("guardianship", "g", "guardian_id"),
        (Found(RESIDENTS, "c", "child_id", "resident_id", always=True),),
    ),
    "institutions": Reading(
        {**SLOT, "institution": ("i8", "hash_record_extended(ROW(i.kind, i.name), {seed})")},
        Owned("attendance", "b"),
        (Found(INSTITUTIONS, "i", "institution_id", always=True),),
    ),
    "properties": Reading(
        {**SLOT, "property": ("i8", "hashtextextended(p.kind, {seed})"), **PLACE},
        Owned("property", "p"),
        (AT_ADDRESS,),
    ),
    "vehicles": Reading(
        {**SLOT, "vehicle": ("i8", "hash_record_extended(ROW(v.kind, v.fuel), {seed})")},
        Owned("vehicle", "v"),
    ),
    "pets": Reading(
        {**SLOT, "pet": ("i8", "hashtextextended(p.species, {seed})")},
        Owned("pet", "p"),
    ),
    "former_addresses": Reading(
        {
            **SLOT,
            "since": ("i4", "w.since - date '1970-01-01'"),
            "until": ("i4", "w.until - date '1970-01-01'"),
            **PLACE,
        },
        Owned("former_address", "w"),
        (AT_ADDRESS,),
    ),
}
"""Where each relation is read; `slot` is the resident that a row belongs to.

`target` is the slot of the child, open or not.
"""
READINGS = {**OWN, **OF_RELATIONS}

TEXTS: Mapping[str, str] = {
    "profile": """
        SELECT hash_record_extended(ROW(sex, language, citizenship, residence), {seed}),
          sex, language, citizenship, residence
        FROM resident_fact WHERE municipality_id = {municipality} AND slot = ANY ({slots})
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
           AND slot = ANY ({slots})) AS lists,
          unnest(interests) AS word
        GROUP BY word
        """,
    "social_statuses": """
        SELECT hashtextextended(word, {seed}), word FROM
          (SELECT DISTINCT social_statuses FROM resident_fact WHERE municipality_id = {municipality}
           AND slot = ANY ({slots})) AS lists,
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

Of what stands with the residents themselves those of `{slots}`, among whom each hash has somebody.
Hash 0 is that of no text; `words` knows.
"""

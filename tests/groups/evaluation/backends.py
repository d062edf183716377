"""The evaluators that are compared with the plain reading: each is given a database and asked.

Another evaluator joins every differential test by an entry in `BACKENDS`.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping

from backend.kernel.db import Database
from backend.kernel.tenancy import MunicipalityId
from groups.evaluation.ports import Evaluator
from groups.evaluation.sql import SqlEvaluator
from tests.groups.columns.loaded import loaded

Load = Callable[[Database, Collection[MunicipalityId]], Awaitable[Evaluator]]
"""Makes an evaluator that follows the facts these municipalities have in the database now."""


async def sql(_database: Database, _municipalities: Collection[MunicipalityId]) -> Evaluator:
    """Give the evaluator that asks PostgreSQL; it has nothing to load."""
    return SqlEvaluator()


BACKENDS: Mapping[str, Load] = {"sql": sql, "columns": loaded}
"""Every evaluator by name."""

"""The API description (OpenAPI 3.1) of every audience, made of the routes that are served."""

import msgspec
from litestar import Litestar, Router
from litestar.openapi import OpenAPIConfig

from backend.app.context import AppContext
from backend.app.dependencies import dependencies
from backend.app.openapi_operations import (
    OTHER_PROBLEM,
    completed,
    described_handlers,
    served_by_operation,
)
from backend.app.openapi_schemas import Json, tidied, with_formats
from backend.app.openapi_texts import AUDIENCES, VERSION
from backend.app.routes import SURFACES, Surface
from backend.kernel.clock import system_clock
from backend.kernel.db import open_database
from backend.kernel.problems import Problem
from backend.kernel.rate_limits import RateLimiter
from backend.kernel.settings import load_settings
from groups.configured import evaluator_of

NO_DATABASE = "postgresql://nobody@localhost/nothing"
"""Never connected to: the description needs the handlers' dependencies, not their services."""


PROBLEMS = ("Problem", "ProblemFault")
"""Schemas that every description has."""


def specification(surface: Surface) -> Json:
    """Describe one audience's API; equal routes give an equal description."""
    app, audience = _described_app(surface), AUDIENCES[surface]
    document = tidied(app.openapi_schema.to_schema())
    schemas: Json = document["components"].setdefault("schemas", {})
    schemas.update(_as_declared(app, schemas))
    document["components"]["responses"] = {"OtherProblem": OTHER_PROBLEM}
    document["components"]["securitySchemes"] = {audience.scheme: dict(audience.proof)}
    served = served_by_operation(app)
    document["paths"] = {
        path: {
            method: completed(operation, path, served[operation["operationId"]], audience, schemas)
            for method, operation in operations.items()
        }
        for path, operations in document["paths"].items()
    }
    return document


def rendered(document: object) -> bytes:
    """Write a document in the one form that it is kept in: sorted, indented, with a last newline."""
    plain = msgspec.json.encode(document, order="sorted")
    return msgspec.json.format(plain, indent=2) + b"\n"


def _described_app(surface: Surface) -> Litestar:
    settings, audience = load_settings({}), AUDIENCES[surface]
    context = AppContext(settings, open_database(NO_DATABASE), settings.vault(), system_clock)
    handlers = SURFACES[surface]
    return Litestar(
        [Router(f"/{surface}/v1", route_handlers=handlers)] if handlers else [],
        dependencies=dependencies(context, RateLimiter(context.database), evaluator_of(settings)),
        openapi_config=OpenAPIConfig(
            title=audience.title,
            version=VERSION,
            description=audience.description,
            use_handler_docstrings=True,
        ),
        logging_config=None,
    )


def _as_declared(app: Litestar, known: Json) -> Json:
    """Describe the types of bodies by msgspec itself: with their docstrings and their strictness.

    `known` are the schemas that the operations refer to, as the framework describes them.
    """
    annotations = (
        field.annotation
        for handler in described_handlers(app)
        for field in (
            handler.parsed_data_field,
            handler.parsed_return_field,
            *handler.parsed_return_field.inner_types,
        )
        if field is not None
    )
    _, components = msgspec.json.schema_components(
        {Problem, *filter(_is_struct, annotations)}, ref_template="#/components/schemas/{name}"
    )
    described: Json = tidied({"schemas": components})["schemas"]
    return {
        name: with_formats(schema, known.get(name, {}))
        for name, schema in described.items()
        if name in {*known, *PROBLEMS}
    }


def _is_struct(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, msgspec.Struct)

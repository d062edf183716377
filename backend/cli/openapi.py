"""`novads openapi`."""

from pathlib import Path

import click

from backend.app.openapi_files import stale_contract, write_contract


@click.command("openapi", epilog="Example: novads openapi --check")
@click.option("--check", is_flag=True, help="Write nothing; fail when a file is not current.")
@click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    show_default=True,
    help="Directory that holds openapi/ and mobile-contract/.",
)
def command(*, check: bool, project: Path) -> None:
    """Write the generated files of openapi/ and mobile-contract/ from what the program does."""
    stale = stale_contract(project) if check else write_contract(project)
    if check and stale:
        files = ", ".join(stale)
        raise click.ClickException(f"not current: {files}; run `novads openapi` and commit")
    for path in stale:
        click.echo(f"wrote {path}")
    if not stale:
        click.echo("The contract's files are current.")

"""Pages that open anywhere: one file, no network, every name in it escaped.

Templates, styles and scripts lie beside this file.
"""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

HERE = Path(__file__).parent


def page(template: str, **values: Any) -> str:
    """A template filled in; a value that it misses raises UndefinedError."""
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(**values)


def styled(template: str, script: str, **values: Any) -> str:
    """The same with the common style and one script, and a policy that lets the browser run that script and load nothing."""
    code = (HERE / script).read_text(encoding="utf-8").strip()
    allowed = b64encode(sha256(code.encode()).digest()).decode()
    return page(
        template,
        style=Markup((HERE / "page.css").read_text(encoding="utf-8")),  # noqa: S704 - our own file
        script=Markup(code),  # noqa: S704 - our own file
        policy=f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'",
        **values,
    )

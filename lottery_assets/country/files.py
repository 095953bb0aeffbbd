"""The files of a folder of configurations: which countries there are, and every fault of all of them at once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from lottery_assets.complaints import BadInput, Complaint
from lottery_assets.country.config import CountryConfig
from lottery_assets.country.configuration import Configuration
from lottery_assets.country.values import RESERVED
from lottery_assets.country.yaml_mapping import Problem, UnreadableError, mapping


@dataclass(frozen=True)
class Countries:
    """All configurations that are sound, and what is wrong with the others."""

    configs: dict[str, CountryConfig]
    complaints: tuple[Complaint, ...]


def country_files(directory: str | Path) -> dict[str, Path]:
    """Country -> its file, sorted. Raises BadInput when there is no folder or no country in it.

    A `.yml` is listed, so that loading it says to rename it; beside a `.yaml` of the same stem, by its full name.
    """
    folder = Path(directory)
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.exists() else "does not exist"
        raise BadInput.of(f"{folder}: {what}; give the folder that holds <country>.yaml files", file=str(folder))
    found = [path for path in sorted(folder.iterdir()) if _is_country(path)]
    files = {path.stem: path for path in found if path.suffix == ".yaml"}
    for path in found:
        if path.suffix != ".yaml":
            files[path.name if path.stem in files else path.stem] = path
    if not files:
        raise BadInput.of(f"{folder}: holds no country; add a <country>.yaml", file=str(folder))
    return dict(sorted(files.items()))


def load_country(path: str | Path) -> CountryConfig:
    """One country's configuration. Raises BadInput with every fault of the file, each with key, value and remedy."""
    path = Path(path)
    _refuse_name(path)
    settings, problems = contents(path)
    named = settings.get("country_name")
    if isinstance(named, str) and named != path.stem:
        problems.append(("country_name", f"country_name is {named!r}; it equals the file's name, write {path.stem}"))
    return checked(CountryConfig, path, settings, problems)


def contents(path: Path) -> tuple[dict[str, Any], list[Problem]]:
    """The file's keys and values, and what is wrong with its lines. Raises BadInput where it is no mapping at all."""
    try:
        return mapping(_text(path))
    except UnreadableError as fault:
        raise bad(path, [(None, str(fault))]) from None


Model = TypeVar("Model", bound=Configuration)


def checked(model: type[Model], path: Path, settings: dict[str, Any], problems: list[Problem]) -> Model:
    """The configuration. Raises BadInput with the problems of its lines and every fault of its values."""
    try:
        config = model.model_validate(settings)
    except ValidationError as error:
        known = {key for key, _ in problems}
        found = [(str(line["loc"][0]) if line["loc"] else None, line["msg"]) for line in error.errors()]
        problems = problems + [(key, message) for key, message in found if key not in known]
    if problems:
        raise bad(path, problems)
    return config


def load_countries(directory: str | Path) -> Countries:
    """Every country of the folder; a faulty file stops its own country only. Raises as `country_files` does."""
    configs: dict[str, CountryConfig] = {}
    complaints: list[Complaint] = []
    for country, path in country_files(directory).items():
        try:
            configs[country] = load_country(path)
        except BadInput as fault:
            complaints += fault.complaints
    return Countries(configs, tuple(complaints))


def _is_country(path: Path) -> bool:
    is_yaml = path.suffix.lower() in (".yaml", ".yml") and not path.name.startswith(".")
    return is_yaml and not path.is_dir() and path.stem != RESERVED


def _refuse_name(path: Path) -> None:
    if path.suffix != ".yaml":
        right = path.with_suffix(".yaml").name
        remedy = (
            f"{right} is there as well, delete one of the two"
            if path.with_name(right).exists()
            else f"rename it {right}"
        )
        raise bad(path, [(None, f"a configuration is named <country>.yaml; {remedy}")])
    if path.stem == RESERVED:
        raise bad(path, [(None, f"{RESERVED}.yaml is a reserved name and no country; rename it")])


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise bad(path, [(None, "there is no such file; configs/README.md says how to add a country")]) from None
    except OSError as error:
        raise bad(path, [(None, f"cannot be read ({error.strerror}); check the file and its permissions")]) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise bad(path, [(None, f"line {line} is not UTF-8; save the file as UTF-8")]) from None


def bad(path: Path, problems: list[Problem]) -> BadInput:
    """The problems of one file as complaints."""
    return BadInput(
        Complaint(file=str(path), country=path.stem, key=key, message=f"{path}: {message}") for key, message in problems
    )

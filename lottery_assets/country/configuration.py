"""What every configuration is: frozen keys with unit and meaning, and all faults named at once.

The keys themselves stand in `config` (a country) and `treasury` (a pool of countries).
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import InitErrorDetails

from lottery_assets.country.rules import Fault
from lottery_assets.country.values import fault


def key(description: str, unit: str, example: Any, **more: Any) -> Any:
    """A key of a configuration, with its meaning, its unit and a sound value."""
    return Field(description=description, examples=[example], json_schema_extra={"unit": unit}, **more)


class Configuration(BaseModel):
    """One file of `configs/`.

    Frozen; unknown keys are refused. A ValidationError names every fault at once, each with key, value and remedy.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    one_of_two: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Pairs of keys of which exactly one is given."""

    @classmethod
    def faults(cls, values: Mapping[str, Any], broken: frozenset[str] = frozenset()) -> Iterable[Fault]:
        """What several keys must hold together; `broken` keys were given, but hold nothing sound."""
        return ()

    @classmethod
    def unit(cls, key: str) -> str:
        """Unit of a key."""
        extra = cls.model_fields[key].json_schema_extra
        return str(extra["unit"]) if isinstance(extra, dict) else ""

    @classmethod
    def meaning(cls, key: str) -> str:
        """What a key means, with its unit."""
        return f"{cls.model_fields[key].description}; {cls.unit(key)}"

    @classmethod
    def example(cls, key: str) -> str:
        """A value that the key may hold, as it is written in YAML."""
        value = (cls.model_fields[key].examples or [""])[0]
        return str(value).lower() if isinstance(value, bool) else str(value)

    def with_cash(self, cash: float) -> Self:
        """The same with the treasury's cash known [millions], in place of the secret's name. Raises ValidationError."""
        known = self.model_dump(exclude={"available_cash_secret_name"}) | {"available_cash": cash}
        return type(self).model_validate(known)

    @model_validator(mode="wrap")
    @classmethod
    def _every_fault_at_once(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            config = handler(data)
        except ValidationError as error:
            found = [cls._plain(line["loc"], line["type"], line["msg"]) for line in error.errors()]
            if not isinstance(data, Mapping):
                raise
            broken = frozenset(key for key, _ in found)
            sound = {key: value for key, value in data.items() if key in cls.model_fields and key not in broken}
            found += cls.faults(sound, broken & data.keys())
        else:
            found = list(cls.faults(config.__dict__))
            data = config.__dict__
            if not found:
                return config
        lines = [InitErrorDetails(type=fault(text), loc=(key,), input=data.get(key)) for key, text in found]
        raise ValidationError.from_exception_data(cls.__name__, lines)

    @classmethod
    def _plain(cls, loc: tuple[int | str, ...], kind: str, message: str) -> Fault:
        """Pydantic's own errors in the words of a configuration; ours pass."""
        key = str(loc[0]) if loc else ""
        if kind == "missing":
            return key, f"{key} is missing; add it, for example `{key}: {cls.example(key)}` ({cls.meaning(key)})"
        if kind == "extra_forbidden":
            near = get_close_matches(key, cls.model_fields, n=1)
            remedy = f"did you mean {near[0]}?" if near else f"take it out; the keys are {', '.join(cls.model_fields)}"
            return key, f"{key} is no key of a configuration; {remedy}"
        return key, message

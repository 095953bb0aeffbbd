"""Text that was meant to be a number: what its writer should write instead. For messages only, never for computing."""

import re
import reprlib

_REPR = reprlib.Repr()
_REPR.maxstring = _REPR.maxother = 60
_REPR.maxlist = _REPR.maxdict = 3
_REPR.maxlevel = 2
_THOUSANDS = re.compile(r"[-+]?\d{1,3}([,.\s_'])\d{3}(\1\d{3})*")
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")
_THOUSANDS_AND_POINT = re.compile(r"[-+]?\d{1,3}(,\d{3})+\.\d+")
_POINTS_AND_COMMA = re.compile(r"[-+]?\d{1,3}([.\s'])\d{3}(\1\d{3})*,\d+")


def shown(value: object) -> str:
    """The value as a message shows it: short, numbers plain, text in quotes."""
    item = getattr(value, "item", None)
    plain = item() if callable(item) and getattr(value, "ndim", 1) == 0 else value
    if isinstance(plain, float):
        return f"{plain:.12g}"
    return _REPR.repr(plain)


def mended(text: str) -> str | None:
    """The number that the text most likely stands for, as it should be written: '1,234' -> '1234'. None: no idea."""
    bare = text.strip().replace("\u00a0", " ").replace("\u202f", " ")
    if bare.endswith("%"):
        share = mended(bare[:-1])
        return None if share is None else f"{float(share) / 100:.12g}"
    if _is_number(bare):
        return bare
    if _THOUSANDS_AND_POINT.fullmatch(bare):
        return bare.replace(",", "")
    if _POINTS_AND_COMMA.fullmatch(bare):
        return re.sub(r"[.\s']", "", bare).replace(",", ".")
    if _THOUSANDS.fullmatch(bare):
        return re.sub(r"[,.\s_']", "", bare)
    if _DECIMAL_COMMA.fullmatch(bare):
        return bare.replace(",", ".")
    return None


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?", text) is not None

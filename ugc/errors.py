"""The errors a user may meet; each message says what happened and what mends it.

UgcError
├── InputError          a file, table or option that cannot be read as asked (exit code 2)
│   ├── MappingError    no column of the file holds what is needed
│   └── TaxonomyError   a taxonomy file that contradicts itself
├── LakeError           the lake is missing, damaged, or newer than this program
│   ├── LakeBusy        others write to it all the time
│   └── LakeReadOnly    there is no right to write to it
├── ModelError          a model bundle is missing, damaged, or lacks what is asked of it
├── SourceError         a review site could not be read
│   ├── SourceBlocked   the site asks for a login, a captcha or to stay away
│   └── SourceChanged   a page no longer has the shape its parser knows
├── MissingExtra        an optional package is not installed
└── SettingsError       ugc.toml or a UGC_* variable holds something unusable
"""

from __future__ import annotations

__all__ = [
    "InputError",
    "LakeBusy",
    "LakeError",
    "LakeReadOnly",
    "MappingError",
    "MissingExtra",
    "ModelError",
    "SettingsError",
    "SourceBlocked",
    "SourceChanged",
    "SourceError",
    "TaxonomyError",
    "UgcError",
]


class UgcError(Exception):
    """Root of all errors that are meant for the user.

    `what` says what happened, `mend` what to do about it; `str()` gives both.
    """

    exit_code = 1

    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(what, mend)
        self.what = what
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.what} {self.mend}".strip()


class InputError(UgcError):
    """What the user gave cannot be read as asked; nothing was written."""

    exit_code = 2


class MappingError(InputError):
    """No column of a file could be found for a field that is needed."""


class TaxonomyError(InputError):
    """A taxonomy file contradicts itself or lacks a label."""


class LakeError(UgcError):
    """The lake is missing, damaged, newer than this program, or cannot be written now."""


class LakeBusy(LakeError):
    """Others write to the lake all the time; what was to be written was not."""


class LakeReadOnly(LakeError):
    """There is no right to write to the lake; what was to be written was not."""


class ModelError(UgcError):
    """A model bundle is missing, damaged, or lacks what is asked of it."""


class SourceError(UgcError):
    """A review site could not be read."""


class SourceBlocked(SourceError):
    """A site asks for a login, a captcha, a signature, or to stay away; it is left alone."""


class SourceChanged(SourceError):
    """A page no longer has the shape that its parser knows."""


class MissingExtra(UgcError):
    """An optional package is needed for this and is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"This needs the package {package}, which is not installed.",
            f"Install it with: pip install 'ugc[{extra}]' -c constraints.txt",
        )


class SettingsError(UgcError):
    """`ugc.toml` or a `UGC_*` variable holds something unusable."""

    exit_code = 2

"""Settings: from `ugc.toml` in the current folder and from `UGC_*` variables, which win.

Secrets (keys of sources, the salt of pseudonyms) come from the environment only.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from ugc.errors import SettingsError

__all__ = [
    "FILE",
    "IN_USE",
    "AlertSettings",
    "CollectSettings",
    "HubSettings",
    "Origin",
    "PrioritySettings",
    "Settings",
    "SourceSettings",
    "load",
    "models_home",
    "origin",
    "pseudonym_salt",
    "salt_file",
    "variable",
]

FILE = Path("ugc.toml")
"""The file of the settings, in the current folder."""

Origin = Literal["variable", "file", "default"]
"""Where a setting comes from: the environment, `ugc.toml`, or nobody said anything."""

IN_USE = "in-use"
"""File in the folder of the user's models that names the one chosen by `ugc models use`."""


class SourceSettings(BaseModel):
    """What may be set for one review source: `[sources.NAME]` or `UGC_SOURCES__NAME__…`."""

    base_url: str | None = Field(None, description="read from here instead: a mirror or a test server")
    pause: float | None = Field(None, ge=0, description="seconds between two requests to its host")
    key: SecretStr | None = Field(None, description="your key of the site; from the variable only")
    robots: bool = Field(
        True, description="false only where the terms of your key free you of robots.txt, as for an API"
    )


class CollectSettings(BaseModel):
    """One entry of `[[collect]]`: what `ugc collect --all` reads; an address, or source and target."""

    url: str | None = Field(None, description="address of a page; its source is recognised")
    source: str | None = Field(None, description="name of the source, as ugc sources lists it")
    target: str | None = Field(None, description="what to read there")
    company: str | None = Field(None, description="name of the company, where the site has none")
    since: date | None = Field(None, description="the day down to which is read")
    limit: int | None = Field(None, ge=1, description="reviews of a run at most")

    @model_validator(mode="after")
    def _named(self) -> CollectSettings:
        """An entry names an address, or a source with its target, and not both."""
        if (self.url is None) == (self.source is None or self.target is None):
            raise ValueError("an entry needs either url, or source and target")
        return self


class AlertSettings(BaseModel):
    """Where `ugc alerts` sends its messages: `[alerts]` or `UGC_ALERTS__SEND`."""

    send: list[SecretStr] = Field(
        default_factory=list, description="Apprise addresses; those with passwords belong in the variable"
    )


class HubSettings(BaseModel):
    """Models of the hub that `ugc tag` uses beside ours: `[hub]` or `UGC_HUB__…`."""

    sentiment: str | None = Field(None, description="folder or hub name of the model that reads sentiment")
    emotion: str | None = Field(None, description="folder or hub name of the model that reads emotions")
    labels: str | None = Field(None, description="what their labels mean, as --labels says it")


class PrioritySettings(BaseModel):
    """What a contact costs, in your own money: `[priority]` or `UGC_PRIORITY__…`."""

    first_contact: float = Field(
        130.0, ge=0, allow_inf_nan=False, description="price of answering somebody for the first time"
    )
    repeat_contact: float = Field(
        330.0, ge=0, allow_inf_nan=False, description="price of answering somebody who comes again"
    )


def models_home() -> Path:
    """Where the user's own models lie when no setting says so: the user's own data folder."""
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "ugc" / "models"


class Settings(BaseSettings):
    """All settings with their defaults."""

    model_config = SettingsConfigDict(
        env_prefix="UGC_", env_nested_delimiter="__", toml_file=FILE, extra="ignore"
    )

    lake: str = Field("lake", description="folder or object-store address of the lake")
    language: Literal["ru", "en", "pl"] = Field("ru", description="language of the interface")
    model: Path | None = Field(
        None, description="model bundle; when unset the one chosen by ugc models use, or the shipped one"
    )
    profile: str = Field("default", description="default or fast: which network of the bundle reads")
    models_folder: Path = Field(
        default_factory=models_home, description="folder of the user's own model bundles"
    )
    threads: int | None = Field(None, ge=1, description="threads of the model; all cores when unset")
    contact: str | None = Field(None, description="mail or page that collectors name to the sites they read")
    salt: SecretStr | None = Field(None, description="salt of pseudonyms; made once when unset")
    sources: dict[str, SourceSettings] = Field(default_factory=dict)
    collect: list[CollectSettings] = Field(
        default_factory=list, description="what ugc collect --all reads; [[collect]] entries"
    )
    archive: Path = Field(Path("archive"), description="folder of the pages that --replay keeps")
    alerts: AlertSettings = Field(default_factory=AlertSettings)
    hub: HubSettings = Field(default_factory=HubSettings)
    priority: PrioritySettings = Field(default_factory=PrioritySettings)
    weights: Path | None = Field(
        None, description="CSV of level, value and weight, by which ugc scores rolls a level up"
    )
    volumes: Path | None = Field(
        None, description="CSV of period, company, place or product, and transactions, for contact rates"
    )
    places: Path | None = Field(
        None, description="CSV of place or city, latitude and longitude, for the map of the page Segments"
    )

    @model_validator(mode="after")
    def _take_model_in_use(self) -> Settings:
        """Where nothing names a model, takes the one that was chosen among the user's own."""
        self.models_folder = self.models_folder.expanduser()
        file = self.models_folder / IN_USE
        if self.model is None and file.is_file():
            chosen = Path(file.read_text(encoding="utf-8", errors="replace").strip()).name
            self.model = self.models_folder / chosen if chosen else None
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then variables, then `ugc.toml`."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load(file: Path | None = None) -> Settings:
    """The settings in force here; `SettingsError` names the entry that is unusable.

    A `file` stands in for `ugc.toml`: what the settings would be with it.
    """
    try:
        _refuse_secrets(file or FILE)
        return Settings() if file is None else _with(file)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"The setting {name} is unusable: {first['msg']}.",
            f"Mend it in ugc.toml or in the variable {variable(name)}.",
        ) from error
    except ValueError as error:
        raise SettingsError(f"ugc.toml cannot be read: {error}.", "Mend that line of the file.") from error


def _with(file: Path) -> Settings:
    """The settings as another file would make them."""

    class Candidate(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    return Candidate()


def variable(name: str) -> str:
    """The variable of a setting: `priority.first_contact` is `UGC_PRIORITY__FIRST_CONTACT`."""
    return f"UGC_{name.upper().replace('.', '__')}"


def origin(name: str) -> Origin:
    """Where the setting of a name such as `lake` or `priority.first_contact` comes from.

    Raises what reading `ugc.toml` raises; call it after `load` has gone well.
    """
    if _holds(EnvSettingsSource(Settings)(), name):
        return "variable"
    return "file" if _holds(TomlConfigSettingsSource(Settings)(), name) else "default"


def _holds(told: Any, name: str) -> bool:
    """Whether nested tables have an entry of this name."""
    for part in name.split("."):
        if not isinstance(told, dict) or part not in told:
            return False
        told = told[part]
    return True


def _refuse_secrets(file: Path) -> None:
    """`SettingsError` for a key in `ugc.toml`, which people share and commit."""
    if not file.is_file():
        return
    told = tomllib.loads(file.read_text(encoding="utf-8")).get("sources", {})
    for name, entry in told.items() if isinstance(told, dict) else ():
        if isinstance(entry, dict) and "key" in entry:
            raise SettingsError(
                f"ugc.toml holds the key of {name}.",
                f"Take it out and set the variable UGC_SOURCES__{name.upper()}__KEY instead.",
            )


def salt_file() -> Path:
    """Where the salt lies when no variable gives it: the user's own configuration folder."""
    home = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(home) / "ugc" / "salt"


def pseudonym_salt(settings: Settings) -> str:
    """The salt of pseudonyms: `UGC_SALT`, else one made once per user and kept outside the lake.

    Kept apart so that whoever copies a lake cannot test names against its pseudonyms.
    """
    if settings.salt is not None:
        return settings.salt.get_secret_value()
    path = salt_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii").strip()

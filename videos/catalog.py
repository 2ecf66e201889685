"""The models that can be asked for, by name: those of the backends, and the aliases that the settings map to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from videos import contract


@dataclass(frozen=True)
class Model:
    """`name` is what the client says, `backend_model` what the backend of alias `backend` is told."""

    name: str
    backend: str
    backend_model: str
    sizes: tuple[str, ...]
    seconds: tuple[int, ...]

    @property
    def is_alias(self) -> bool:
        return self.name != self.backend_model


def models() -> dict[str, Model]:
    """Real models first, then aliases; an alias never hides a real model."""
    real = {name: _real(name, entry) for name, entry in settings.VIDEO_MODELS.items()}
    aliases = settings.VIDEO_MODEL_ALIASES
    if aliases is None:
        aliases = dict.fromkeys(contract.HOSTED_MODELS, next(iter(real)))
    return real | {name: _alias(name, real[target]) for name, target in aliases.items() if name not in real}


def _real(name: str, entry: dict[str, Any]) -> Model:
    return Model(
        name=name,
        backend=entry["backend"],
        backend_model=name,
        sizes=tuple(entry.get("sizes", contract.HOSTED_MODELS.get(name, contract.SIZES))),
        seconds=tuple(entry.get("seconds", contract.SECONDS)),
    )


def _alias(name: str, target: Model) -> Model:
    """An alias has the sizes that its name promises, as far as the model behind it has them."""
    promised = contract.HOSTED_MODELS.get(name, target.sizes)
    sizes = tuple(size for size in target.sizes if size in promised)
    return Model(name, target.backend, target.backend_model, sizes, target.seconds)


def find(name: str) -> Model | None:
    return models().get(name)


def own_models() -> list[Model]:
    """What a person chooses from: aliases are for programs."""
    return [model for model in models().values() if not model.is_alias]


def default_for_programs() -> Model:
    """The contract's default model where it is known, else the first."""
    known = models()
    return known.get(contract.DEFAULT_MODEL) or next(iter(known.values()))


def can(backend: str, feature: str) -> bool:
    """What the settings say of a backend; doors may ask this, but never the backend itself."""
    entry = settings.VIDEO_BACKENDS.get(backend)
    return entry is not None and feature in entry["OPTIONS"]["features"]

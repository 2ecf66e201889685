"""Characters: made from a clip, and looked at. The API has no list of them, and no way to delete one."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from videos import actions, resources
from videos.api import errors
from videos.api.receipts import make_from_form
from videos.forms import CharacterForm, shapes
from videos.models import ApiKey, Character


def create(request: HttpRequest, key: ApiKey) -> JsonResponse:
    action = actions.create_character
    return make_from_form(request, key, shapes.CHARACTER, CharacterForm, action, resources.character)


def retrieve(request: HttpRequest, key: ApiKey, character_id: str) -> JsonResponse:
    character = Character.objects.in_workspace(key.workspace).named(character_id).first()
    if character is None:
        raise errors.missing("Character", character_id, code="character_not_found")
    return JsonResponse(resources.character(character))

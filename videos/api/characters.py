"""Characters: made from a clip, and looked at. The API has no list of them, and no way to delete one."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from videos import actions, resources
from videos.api import errors
from videos.api.bodies import read_body
from videos.api.receipts import Note, make_once
from videos.forms import CharacterForm, shapes
from videos.models import ApiKey, Character


def create(request: HttpRequest, key: ApiKey) -> JsonResponse:
    body = read_body(request, shapes.CHARACTER)

    def make(note: Note[Character]) -> Character:
        asked = errors.judged(CharacterForm(body.data, body.files, workspace=key.workspace), body)
        return actions.create_character(workspace=key.workspace, by=key.user, note=note, **asked)

    return make_once(request, key, body, make, resources.character)


def retrieve(request: HttpRequest, key: ApiKey, character_id: str) -> JsonResponse:
    character = Character.objects.in_workspace(key.workspace).named(character_id).first()
    if character is None:
        raise errors.missing("Character", character_id, code="character_not_found")
    return JsonResponse(resources.character(character))

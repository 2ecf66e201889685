"""The conformance suite: rooms (servers under test), shared videos, and the scorecard over all checks.

A check wears `@pytest.mark.c(13, 14)`, the numbers of the contract's checklist, and `@pytest.mark.engine` if the
embedded engine makes the same promise on its own door.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Generator, Iterator
from typing import Any

import httpx
import openai
import pytest
from _pytest.terminal import TerminalReporter

from tests.contract import media, scorecard
from tests.contract.envelope import accepted
from tests.contract.quick import Hall, open_hall
from tests.contract.scorecard import Scorecard
from tests.contract.sources import character
from tests.contract.target import ROOT, Target, foreign, wait_final
from tests.contract.workshop import Crowd, Workshop, failed_crowd, open_workshop, order_crowd
from tests.live.server import free_port, wait_until

ENGINE_KEY = "sk-contract-engine"
CARD = pytest.StashKey[Scorecard]()
Maker = Callable[..., dict[str, Any]]


# --- the scorecard -------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "c(numbers): which lines of the contract's checklist this test checks")
    config.addinivalue_line("markers", "engine: the embedded engine keeps this promise as well")
    if foreign() and not os.environ.get("API_KEY"):
        raise pytest.UsageError("BASE_URL names a server to ask: its API_KEY is needed as well")
    server = os.environ["BASE_URL"] if foreign() else "Studio"
    config.stash[CARD] = Scorecard(server)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "target" not in metafunc.fixturenames:
        return
    rooms = ["foreign"] if foreign() else ["studio"]
    if not foreign() and metafunc.definition.get_closest_marker("engine"):
        rooms.append("engine")
    metafunc.parametrize("target", rooms, indirect=True, scope="session")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    numbers = [number for mark in item.iter_markers("c") for number in mark.args]
    if numbers and (report.when == "call" or not report.passed):
        item.config.stash[CARD].record(_room(item), numbers, _outcome(report), _sentence(item), _reason(call))
    return report


def _room(item: pytest.Item) -> str:
    callspec = getattr(item, "callspec", None)
    return str(callspec.params.get("target", "studio")) if callspec else "studio"


def _outcome(report: pytest.TestReport) -> str:
    if report.passed:
        return scorecard.PASSED
    return scorecard.NOT_APPLICABLE if report.skipped else scorecard.FAILED


def _reason(call: pytest.CallInfo[None]) -> str:
    if not call.excinfo:
        return ""
    error, name = call.excinfo.value, call.excinfo.typename
    spoken = isinstance(error, AssertionError | pytest.skip.Exception) and str(error)
    return spoken or f"{name}: {error}"


def _sentence(item: pytest.Item) -> str:
    return item.name.removeprefix("test_").replace("_", " ")


def pytest_report_teststatus(report: pytest.TestReport | pytest.CollectReport) -> tuple[str, str, str] | None:
    """Of another server a skipped check is a result, which must not fail the run as a hole in ours would."""
    if foreign() and report.skipped:
        return "not applicable", "n", "NOT APPLICABLE"
    return None


def _holes(reporter: TerminalReporter | None) -> list[str]:
    """Checks of our own Studio that were skipped where all must run."""
    wanted = not foreign() and (os.environ.get("CI") or os.environ.get("SCORECARD"))
    return [report.nodeid for report in reporter.stats.get("skipped", [])] if wanted and reporter else []


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus == 0 and _holes(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: TerminalReporter, exitstatus: int, config: pytest.Config) -> None:
    card = config.stash[CARD]
    if not card.findings:
        return
    wanted = os.environ.get("SCORECARD")
    terminalreporter.section("conformance")
    for line in card.lines(everything=bool(wanted) or foreign()):
        terminalreporter.write_line(line)
    for nodeid in _holes(terminalreporter):
        terminalreporter.write_line(f"skipped, which is a failure here: {nodeid}")
    # A part of the suite is no result to keep, nor is a run that somebody has ended.
    whole = exitstatus in (0, 1) and card.is_whole and not terminalreporter.stats.get("deselected")
    if wanted and whole and not foreign():
        (ROOT / wanted).write_text(card.markdown())
        terminalreporter.write_line(f"written to {wanted}")
    elif wanted and not foreign():
        terminalreporter.write_line(f"{wanted} is left as it was: the run was not whole")


@pytest.fixture(scope="session")
def card(pytestconfig: pytest.Config) -> Scorecard:
    """To name a client that took part, or a result outside the checklist."""
    return pytestconfig.stash[CARD]


# --- servers -------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def target(request: pytest.FixtureRequest) -> Iterator[Target]:
    if request.param == "foreign":
        found = Target.from_environment()
        yield found
        found.tidy()
    elif request.param == "engine":
        yield Target("engine", request.getfixturevalue("engine_url"), ENGINE_KEY)
    else:
        yield Target.of(request.getfixturevalue("studio"))


@pytest.fixture(scope="session")
def engine_url() -> Iterator[str]:
    port = str(free_port())
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "videos.engine", "--port", port, "--data", folder, "--die-with-parent"]
        process = subprocess.Popen(command, env={**os.environ, "STUDIO_ENGINE_KEY": ENGINE_KEY})
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until(lambda: answers(f"{url}/healthz"), seconds=20, what="the engine listens")
            yield f"{url}/v1"
        finally:
            stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="session")
def server(target: Target) -> Iterator[httpx.Client]:
    with target.client() as client:
        yield client


@pytest.fixture(scope="session")
def stranger(target: Target) -> Iterator[httpx.Client]:
    """A client of another project."""
    with target.client(target.other_key()) as client:
        yield client


@pytest.fixture
def sdk(target: Target, card: Scorecard) -> Iterator[openai.OpenAI]:
    """The newest official SDK, which marks the Videos API as deprecated: that is why Studio exists."""
    card.client(f"openai-python {openai.__version__}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        with openai.OpenAI(base_url=target.url, api_key=target.key, max_retries=0) as client:
            yield client


@pytest.fixture(scope="session")
def _workshop() -> Iterator[Workshop]:
    with open_workshop() as made:
        yield made


@pytest.fixture
def workshop(request: pytest.FixtureRequest, target: Target) -> Workshop:
    """A second Studio with a backend that plays a part; never of a foreign server."""
    target.own("needs a backend that plays a part")
    found: Workshop = request.getfixturevalue("_workshop")
    return found


@pytest.fixture
def bench(workshop: Workshop) -> Iterator[httpx.Client]:
    """A client of the workshop."""
    with workshop.target.client() as client:
        yield client


@pytest.fixture(scope="session")
def hall(target: Target) -> Iterator[Hall]:
    """A Studio whose backend is done at once, and a post office; a foreign server as it is."""
    with open_hall(target) as opened:
        yield opened
        opened.tidy()


@pytest.fixture(scope="session")
def crowd(request: pytest.FixtureRequest, target: Target) -> Iterator[Crowd]:
    """250 videos in a project of their own: of ours they have failed already, elsewhere they are deleted in the end."""
    target.crowd()
    if target.studio:
        yield failed_crowd(request.getfixturevalue("_workshop"))
        return
    with target.client() as client:
        found = Crowd(target, order_crowd(client, target))
        yield found
        for video_id in found.ids:
            client.delete(f"/videos/{video_id}")


# --- videos --------------------------------------------------------------------------------------


@pytest.fixture
def make(target: Target, server: httpx.Client) -> Iterator[Maker]:
    """Makes videos that are deleted after the test; any keyword of httpx's `post`, or the fields of a JSON body."""
    made: list[str] = []

    def order(**fields: Any) -> dict[str, Any]:
        wire = fields.keys() & {"json", "data", "files", "content", "headers"}
        given = fields if wire else {"json": target.order(**fields)}
        video = accepted(server.post("/videos", **given))
        made.append(video["id"])
        return video

    yield order
    for video_id in made:
        server.delete(f"/videos/{video_id}")


REFERENCES = {
    "PNG": ("red", "white", "navy"),
    "JPEG": ("yellow", "teal", "black"),
    "WEBP": ("white", "green", "orange"),
}


@pytest.fixture(scope="session")
def led(target: Target, server: httpx.Client) -> dict[str, tuple[bytes, dict[str, Any]]]:
    """By image format: the reference, and the completed video that was made with it."""
    images = {kind: media.scene(colours, kind=kind) for kind, colours in REFERENCES.items()}
    if target.room == "engine":  # one is enough there: what it understands of images is tested beside it
        images = {"PNG": images["PNG"]}
    ids = {}
    for kind, image in images.items():
        files = {"input_reference": (f"scene.{kind.lower()}", image, f"image/{kind.lower()}")}
        ids[kind] = accepted(server.post("/videos", data=target.order(), files=files))["id"]
    videos = wait_final(server, *ids.values())
    assert [video["error"] for video in videos] == [None] * len(videos)
    return {kind: (images[kind], video) for kind, video in zip(images, videos, strict=True)}


@pytest.fixture(scope="session")
def finished(led: dict[str, tuple[bytes, dict[str, Any]]]) -> str:
    """The id of a completed video of the smallest kind."""
    video_id: str = led["PNG"][1]["id"]
    return video_id


@pytest.fixture(scope="session")
def film(server: httpx.Client, finished: str) -> bytes:
    """The mp4 of the completed video."""
    return server.get(f"/videos/{finished}/content").content


@pytest.fixture(scope="session")
def characters(server: httpx.Client) -> list[str]:
    """The ids of three characters."""
    return [character(server, name)["id"] for name in ("Mimi", "Bo", "Kay")]

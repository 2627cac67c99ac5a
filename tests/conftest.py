"""What every test may ask for: real servers, and a browser where there is one."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.chromium import ARGUMENTS, find_chromium
from tests.servers import ServersFolder, TestPostgres, TestValkey


@pytest.fixture(scope="session")
def servers_folder() -> Iterator[ServersFolder]:
    folder = ServersFolder()
    yield folder
    folder.remove()


@pytest.fixture(scope="session")
def postgres(servers_folder: ServersFolder) -> Iterator[TestPostgres]:
    """One PostgreSQL for the session. A test that kills a server makes its own, see own_servers."""
    server = TestPostgres(servers_folder)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def valkey(servers_folder: ServersFolder) -> Iterator[TestValkey]:
    """One Valkey for the session."""
    server = TestValkey(servers_folder)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_url(postgres: TestPostgres) -> str:
    """A database that is empty at the start of the session."""
    return postgres.create_database()


@pytest.fixture(scope="session")
def redis_url(valkey: TestValkey) -> str:
    return valkey.url


@pytest.fixture
def own_servers_folder() -> Iterator[ServersFolder]:
    """For a test that kills its servers: TestPostgres(folder), TestValkey(folder), nobody else's."""
    folder = ServersFolder()
    yield folder
    folder.remove()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """A Chromium that starts; the test is skipped, with the reason, where there is none."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on this machine, and none could be installed (python -m tests.chromium)")
    return path


@pytest.fixture(scope="module")
def more_arguments() -> tuple[str, ...]:
    """What a module's browsers are started with besides; it may say so by a fixture of this name."""
    return ()


@pytest.fixture(scope="module")
def launch_chromium(chromium_path: str, more_arguments: tuple[str, ...]) -> Iterator[Callable[[], Browser]]:
    """Start a browser that a story may crash. All others share `browser`."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium
        yield lambda: chromium.launch(executable_path=chromium_path, args=[*ARGUMENTS, *more_arguments])


@pytest.fixture(scope="module")
def shared_browser(launch_chromium: Callable[[], Browser]) -> Iterator[Browser]:
    browser = launch_chromium()
    yield browser
    browser.close()


@pytest.fixture
def browser(shared_browser: Browser) -> Iterator[Browser]:
    """The module's browser, with no window open when the story begins."""
    yield shared_browser
    for window in shared_browser.contexts:
        window.close()

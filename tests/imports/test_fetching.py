"""Pages from the web: what is public and small comes, and nobody is led into the house."""

import socket
import threading
import time
from typing import NoReturn

import pytest

from articles.imports.errors import NotFetched
from articles.imports.fetching import Fetcher
from tests.imports.sites import Site
from tests.intake.stories import PAGE

#: Every way to write this machine, the neighbours and what clouds tell their own machines.
PRIVATE = [
    "http://127.0.0.1:{port}/page", "http://localhost:{port}/page", "http://127.1:{port}/page",
    "http://2130706433:{port}/page", "http://0177.0.0.1:{port}/page", "http://0x7f.1:{port}/page",
    "http://0:{port}/page", "http://[::1]:{port}/page", "http://[::ffff:127.0.0.1]:{port}/page",
    "http://[::ffff:7f00:1]:{port}/page", "http://[::]:{port}/page",
    "http://10.0.0.7/", "http://192.168.1.1/", "http://172.16.0.1/", "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/", "http://[fe80::1]/", "http://[fd00:ec2::254]/",
    "http://[64:ff9b::7f00:1]/", "http://224.0.0.1/", "http://255.255.255.255/",
    "https://127.0.0.1:{port}/page",
]  # fmt: skip
NO_PAGES = [
    "file:///etc/passwd", "ftp://x.example/", "gopher://127.0.0.1:1/", "javascript:alert(1)", "x",
    "http://", "http://①②⑦.0.0.1/", "//x.example/", "http://user:word@x.example/", "http://[::1", "http://x.example:99999/",
]  # fmt: skip


def refusal(address: str, fetcher: Fetcher | None = None) -> tuple[str, str]:
    """The code and the words with which ``address`` is not fetched."""
    with pytest.raises(NotFetched) as refused:
        (fetcher or Fetcher()).fetch(address)
    return refused.value.code, refused.value.message


@pytest.mark.parametrize("address", PRIVATE)
def test_no_address_that_is_not_public_is_fetched(site: str, address: str) -> None:
    code, words = refusal(address.format(port=site.rpartition(":")[2]))

    assert (code, words) == ("address_not_allowed", "Not fetched: address not allowed.")
    assert Site.asked == []


@pytest.mark.parametrize("address", NO_PAGES)
def test_what_is_no_address_of_a_page_is_not_fetched(address: str) -> None:
    code, _ = refusal(address)

    assert code in ("address_not_allowed", "not_reachable")


@pytest.mark.parametrize(
    "target", ["http://10.0.0.7/", "http://localhost:1/", "file:///etc/passwd"]
)
def test_nobody_is_led_into_the_house_by_a_redirect(site: str, target: str) -> None:
    code, words = refusal(f"{site}/to:{target}", Fetcher(trusted=[site]))

    assert code == "address_not_allowed"
    assert words in (
        "Not fetched: redirects to a private address.", "Not fetched: no address of a web page.",
    )  # fmt: skip


def test_a_proxy_of_the_environment_is_not_asked(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", site)
    monkeypatch.setenv("http_proxy", site)

    assert refusal("http://10.0.0.7/")[0] == "address_not_allowed"
    assert Site.asked == []


def test_a_page_comes_as_it_is_over_a_few_redirects(site: str) -> None:
    page = Fetcher(trusted=[site]).fetch(f"{site}/hops4")

    assert page.data == PAGE.encode()
    assert (page.charset, page.address) == ("utf-8", f"{site}/page")


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("hops6", "not_reachable", "redirects too often"),
        ("404", "not_reachable", "not reachable (404)"),
        ("402", "turned_away", "turned away (402): it wants a sign-in or payment, or no robots"),
        ("picture", "not_html", "not HTML but image/png"),
        ("large", "too_large", "larger than 5 MB"),
        ("dripping", "too_slow", "took over 0.5 s"),
    ],
)
def test_what_does_not_come_is_told_in_words(site: str, path: str, code: str, words: str) -> None:
    fetcher = Fetcher(trusted=[site], seconds=0.5 if path == "dripping" else 10)

    assert refusal(f"{site}/{path}", fetcher) == (code, f"Not fetched: {words}.")


def test_a_name_that_is_looked_up_for_ever_is_too_slow_as_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answered = threading.Event()

    def hangs(*_: object, **__: object) -> NoReturn:
        answered.wait()
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    began = time.monotonic()

    told = refusal("http://news.example/", Fetcher(seconds=0.3))

    assert told == ("too_slow", "Not fetched: took over 0.3 s.")
    assert time.monotonic() - began < 5
    answered.set()


def test_nobody_there_is_told(site: str) -> None:
    assert refusal("http://127.0.0.1:9/", Fetcher(trusted=["http://127.0.0.1:9"])) == (
        "not_reachable",
        "Not fetched: not reachable.",
    )

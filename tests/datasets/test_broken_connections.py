"""An export that breaks on its way: whoever reads it must see that it is not whole."""

import http.client
import socket
from contextlib import closing
from random import Random
from urllib.parse import urlsplit

import pytest

from articles.desk.models import Scope
from articles.desk.token_services import create_token
from tests.desk.people import make_project, manager_of
from tests.factories import make_article
from tests.review.listening import newsdesk
from tests.sessions import in_another_session

pytestmark = pytest.mark.django_db(transaction=True)

#: The end of the session that reads what is exported.
KILL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%%COPY (%%'
"""


def test_an_export_that_breaks_on_its_way_does_not_end_well() -> None:
    project = make_project()
    for number in range(16):
        words = Random(number).randbytes(600_000).hex(" ", 4)  # which no archive makes small
        make_article(project, f"Day {number}\n\n{words}")
    _, secret = create_token(actor=manager_of(project), name="all", scopes=[Scope.EXPORT], days=1)

    with newsdesk() as (_, address):
        at = urlsplit(address).netloc
        for form in ("jsonl", "csv", "labelstudio", "brat"):
            with closing(http.client.HTTPConnection(at, timeout=60)) as server:
                server.connect()
                # What is on its way must be less than the file, however slow this reader is.
                server.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
                path = f"/api/v1/projects/{project.slug}/export?format={form}"
                server.request("GET", path, headers={"Authorization": f"Bearer {secret}"})
                response = server.getresponse()
                begun = response.read(1000)
                in_another_session(KILL)

                with pytest.raises(http.client.IncompleteRead):
                    response.read()
                response.close()
                assert (response.status, len(begun)) == (200, 1000)

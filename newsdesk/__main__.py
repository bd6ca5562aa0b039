"""``python -m newsdesk`` serves Newsdesk on this machine, with a worker beside it.

In production ``python -m newsdesk web`` serves alone, and ``python -m newsdesk worker`` runs the
background jobs.
"""

import sys

from newsdesk import serve
from newsdesk.starting import bring_up_to_date, said_in_words, set_up
from newsdesk.worker_beside import stop_with_parent

USAGE = "newsdesk: Say python -m newsdesk, or add what this process is to do: web, or worker."


def work(*, is_beside: bool) -> None:
    """Run jobs; ``is_beside`` a web process, which has seen to the database, and tells us to stop.

    Nothing is lost if we are told so before we listen for it, and end at once.
    """
    if is_beside:
        stop_with_parent()
    with said_in_words():
        set_up()
        if not is_beside:
            bring_up_to_date()
        from newsdesk import worker  # now that its models may be loaded

        worker.main()


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            serve.main(with_worker=True)
        case ["web"]:
            serve.main(with_worker=False)
        case ["worker"]:
            work(is_beside=False)
        case ["worker", "--beside"]:
            work(is_beside=True)
        case _:
            sys.exit(USAGE)

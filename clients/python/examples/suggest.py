"""Propose every quoted passage of the articles that wait as a quote."""

import os
import re

from newsdesk_client import Newsdesk

newsdesk = Newsdesk(os.environ["NEWSDESK_URL"], os.environ["NEWSDESK_TOKEN"])
project = newsdesk.project(os.environ["NEWSDESK_PROJECT"])
for article in project.articles(status="ready"):
    found = re.finditer("“[^”]+”", project.text(article["id"]))
    spans = [
        {"label": "quote", "start": one.start(), "end": one.end(), "quote": one[0], "score": 0.5}
        for one in found
    ]
    if spans:
        print(article["title"], project.suggest(article["id"], spans, origin="quotation-marks"))

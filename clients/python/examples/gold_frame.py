"""Gold as a pandas frame: how often is which label given?"""

import os

from newsdesk_client import Newsdesk

newsdesk = Newsdesk(os.environ["NEWSDESK_URL"], os.environ["NEWSDESK_TOKEN"])
gold = newsdesk.project(os.environ["NEWSDESK_PROJECT"]).frame(layers="gold")

print(gold.groupby("label")["quote"].agg(["count", "first"]))

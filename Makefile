.PHONY: run test format lock

run: ## start Newsdesk on http://127.0.0.1:8000
	@sh scripts/install.sh run
	@exec .venv/bin/python -m newsdesk

test: ## everything a change must pass
	@sh scripts/install.sh test
	@sh scripts/install.sh clients
	@sh scripts/test.sh

format: ## mend what ruff can mend
	@sh scripts/install.sh test
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

lock: ## renew requirements/*.txt; needs uv
	uv pip compile $(LOCK) requirements/run.in --output-file requirements/run.txt
	uv pip compile $(LOCK) requirements/test.in --output-file requirements/test.txt \
		--constraint requirements/run.txt
	uv pip compile $(LOCK) requirements/clients.in --output-file requirements/clients.txt

LOCK = --quiet --upgrade --universal --python-version 3.12 --generate-hashes --only-binary :all: \
	--no-header --no-emit-index-url --no-emit-find-links

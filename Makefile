# Everything here needs only git, make, Node 20 or newer and npm. Node 24, which runs
# the TypeScript as it stands, comes from npm into node_modules/.bin and is found first.

.DEFAULT_GOAL := help
.PHONY: help setup dev demo test check generate bench soak clean

SYSTEM_PATH := $(PATH)
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

STAMP := node_modules/.setup
MANIFESTS := package.json .npmrc $(wildcard */package.json)
DIR ?= node_modules
BENCH := test/bench/main.ts
SOAK := test/soak.ts

help: ## Show this help
	@echo "Muster: a distributed task runtime."
	@echo
	@echo "  make setup             install everything into node_modules"
	@echo "  make dev               run a coordinator, its database and an agent"
	@echo "  make demo [DIR=path]   count a folder tree's lines, words and bytes on three agents"
	@echo "  make test              check, then run every test"
	@echo "  make check             lint, types, contract, generated code"
	@echo "  make generate          generate proto/gen from the .proto files"
	@$(if $(wildcard $(BENCH)),echo "  make bench             measure")
	@$(if $(wildcard $(SOAK)),echo "  make soak              break a whole cluster for MINUTES=30 or by one SEED=n")
	@$(if $(wildcard $(SOAK)),echo "  make soak STORY=help   list the long stories")
	@echo "  make clean             remove what was installed, built or stored here"

setup: $(STAMP)

$(STAMP): $(MANIFESTS)
	@echo "Installing packages ..."
	@PATH="$(SYSTEM_PATH)" npm install --no-fund --no-audit --loglevel=error
	@node -e 'const [a,b]=process.versions.node.split(".").map(Number); if (a<22||(a===22&&b<18)) { console.error("Node 22.18 or newer is needed, found "+process.versions.node+". The npm package \"node\" should have installed one: were install scripts turned off (ignore-scripts)?"); process.exit(1) }'
	@touch $@

dev: $(STAMP)
	@npm run -s muster -- dev

demo: $(STAMP)
	@npm run -s demo -- "$(DIR)"

test: $(STAMP)
	@npm run -s check
	@npm run -s test

check: $(STAMP)
	@npm run -s check

generate: $(STAMP)
	@npm run -s generate

bench: $(STAMP)
	@test -f $(BENCH) || { echo "There is no benchmark yet: $(BENCH) does not exist." >&2; exit 1; }
	@node $(BENCH)

soak: $(STAMP)
	@test -f $(SOAK) || { echo "There is no soak test yet: $(SOAK) does not exist." >&2; exit 1; }
	@node $(SOAK) $(STORY) $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SEED),--seed $(SEED))

clean:
	@rm -rf node_modules */node_modules */dist .muster *.tgz

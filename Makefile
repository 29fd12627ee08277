# One place for everything a person or CI runs. `make help` lists it.
GO            ?= go
BIN           := bin/analyze
GOLANGCI      := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOVULNCHECK   := golang.org/x/vuln/cmd/govulncheck@v1.9.0
PURE          := ./internal/signin ./internal/flock ./internal/fetch ./internal/ingest/... ./internal/geo ./internal/dataset ./internal/directory \
                 ./internal/risk ./internal/rarity ./internal/rba ./internal/exceptions ./internal/workaround ./internal/scoreboard ./internal/policy ./internal/policytext ./internal/policycmp ./internal/policydiff ./internal/lint ./internal/replay ./internal/report ./internal/synth ./queries
FUZZTIME      ?= 30s
PARALLEL      ?= 2
BENCHROWS     ?= 500000
LARGEROWS     ?= 10000000
MEMORYROWS    ?= 1000000,10000000,50000000

.PHONY: help build demo test check vet lint unit pure peers vuln bench bench-large bench-memory fuzz fuzz-formats update clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 13

build: ## build bin/analyze
	$(GO) build -o $(BIN) ./cmd/analyze

demo: build ## run the sample tenant through the whole pipeline and write an HTML report
	$(BIN) demo

test: check ## everything CI runs

check: build vet lint pure unit peers vuln ## build, vet, lint, pure build, tests with the race detector, peers, known vulnerabilities

vet:
	$(GO) vet ./...

lint: ## golangci-lint, pinned, built from source by the go command
	$(GO) run $(GOLANGCI) run

pure: ## the packages a replay worker needs build without cgo
	CGO_ENABLED=0 $(GO) build $(PURE)

unit: ## all tests
	$(GO) test -race -shuffle=on -timeout 30m ./...
	$(GO) test ./internal/scoreboard # too slow for the race detector, which skips the counting

peers: ## the engine decides like OPA, cel-go and cedar-go (a module of its own, so that the tool does not carry them)
	cd bench/peers && $(GO) vet ./... && $(GO) test ./...

vuln: ## known vulnerabilities; says so and goes on where the database cannot be reached
	@GOBIN=$(CURDIR)/bin $(GO) install $(GOVULNCHECK)
	@bin/govulncheck ./...; code=$$?; \
	if [ $$code -eq 3 ]; then exit 3; fi; \
	if [ $$code -ne 0 ]; then echo "govulncheck: the vulnerability database could not be asked; not checked"; fi

bench: ## the figures of docs/performance.md
	FRISK_BENCH_ROWS=$(BENCHROWS) $(GO) test -run '^$$' -bench Pipeline -benchtime 1x -timeout 60m ./internal/analysis
	$(GO) test -run '^$$' -bench . -benchtime 2s ./internal/ingest/... ./internal/dataset ./internal/policy ./internal/replay ./internal/risk ./internal/rarity ./internal/rba ./internal/geo
	cd bench/peers && $(GO) test -run '^$$' -bench . ./...

bench-large: ## peak memory at 10 million sign-ins (minutes; needs 2 GB of temporary space)
	FRISK_BENCH_LARGE=$(LARGEROWS) $(GO) test -run '^$$' -bench Large -benchtime 1x -timeout 120m ./internal/analysis

bench-memory: ## peak memory of an ingest of 1, 10 and 50 million sign-ins (half an hour; needs 5 GB of temporary space)
	FRISK_BENCH_MEMORY=$(MEMORYROWS) $(GO) test -run '^$$' -bench Memory -benchtime 1x -timeout 120m ./internal/analysis

fuzz: ## every fuzz target for FUZZTIME each
	@for p in $$($(GO) list ./...); do \
		for f in $$($(GO) test -list '^Fuzz' $$p | grep '^Fuzz'); do \
			echo "$$p $$f"; $(GO) test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x $$p || exit 1; \
		done; \
	done

fuzz-formats: ## fuzz the decoder of every log format for FUZZTIME each, PARALLEL of them at a time
	$(GO) test -c -fuzz FuzzDecoders -o bin/ingest.test ./internal/ingest
	cd internal/ingest && ls testdata | grep -v -e mapping -e fuzz | xargs -P $(PARALLEL) -I{} sh -c \
		'FRISK_FUZZ_FORMAT={} ../../bin/ingest.test -test.run "^$$" -test.fuzz "^FuzzDecoders$$" -test.fuzztime $(FUZZTIME) -test.fuzzminimizetime 10x -test.parallel 1 -test.fuzzcachedir $$(mktemp -d) | tail -1 | sed "s/^/{}: /"'

update: ## rewrite golden files and sample-logs; review the diff
	FRISK_UPDATE=1 $(GO) test ./internal/... ./queries ./cmd/...

clean:
	rm -rf bin frisk-data frisk-demo

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"frisk/internal/analysis"

	"github.com/spf13/cobra"
)

// app carries the streams and the common flags to every command.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer

	data, config string
	json, quiet  bool
	decisions    bool // of replay
	skipDamaged  bool
	override     analysis.Override
	threads      int
	memoryMB     int
}

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "analyze",
		Short: "What a sign-in policy costs and buys, from the sign-in history you have",
		Long: `analyze reads sign-in logs, replays them against Conditional Access policies and
reports friction versus risk per group and workspace.

Start with "analyze demo", which needs nothing, or with "analyze init" and
"analyze run" on your own exports.`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          usage(cobra.NoArgs),
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.PersistentPreRun = func(*cobra.Command, []string) { a.limitMemory() }
	f := root.PersistentFlags()
	f.StringVar(&a.data, "data", envOr("FRISK_DATA", ""), "dataset folder (default: data in frisk.yaml, else ./frisk-data; environment FRISK_DATA)")
	f.StringVar(&a.config, "config", "", "configuration file (default: ./frisk.yaml where it exists)")
	f.BoolVar(&a.json, "json", false, "print the result as JSON")
	f.BoolVar(&a.quiet, "quiet", false, "no progress and no warnings on standard error")
	f.BoolVar(&a.skipDamaged, "skip-damaged", false, "read a damaged dataset without its damaged parts, which are named (\"analyze repair\" mends them)")
	f.IntVar(&a.threads, "threads", 0, "how many cores to use (default: all)")
	f.IntVar(&a.memoryMB, "memory", 0, "memory to stay below, in MB, for the program and for SQL each (default: 1024)")
	root.AddCommand(commands(a)...)
	root.InitDefaultHelpCmd()
	return root
}

// limitMemory makes the garbage collector work harder near the limit, at three
// quarters of it, because what DuckDB and the Go runtime hold outside the heap
// does not count there. A GOMEMLIMIT in the environment wins.
func (a *app) limitMemory() {
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	opt := analysis.Options{MemoryMB: a.memoryMB}
	debug.SetMemoryLimit(int64(opt.MemoryLimitMB()) << 20 / 4 * 3)
}

func envOr(name, def string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return def
}

// load reads the configuration: the one the user named, else the one in the
// working directory where there is one.
func (a *app) load() (*analysis.Config, error) {
	file, optional := a.config, false
	if file == "" {
		file, optional = analysis.ConfigName, true
	}
	cfg, err := analysis.LoadConfig(file, optional)
	if err != nil {
		return nil, err
	}
	if err := cfg.Apply(&a.override); err != nil {
		return nil, usageError{err}
	}
	return cfg, nil
}

// candidateFlags lets a command compare sets that frisk.yaml does not name.
func (a *app) candidateFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&a.override.Candidates, "candidate", nil, "policy set to compare instead of those in frisk.yaml: NAME=PATH, or NAME=+PATH for policies on top of the current ones (repeatable)")
	f.StringArrayVar(&a.override.Assume, "assume", nil, "risk level to take where nothing tells: userRisk, insiderRisk, servicePrincipalRisk or signInRisk=none, low, ... (repeatable)")
	a.templateFlags(cmd, "report-only policies of candidates count as enabled")
}

// templateFlags are the flags that make a template of policies mean something here.
func (a *app) templateFlags(cmd *cobra.Command, asEnabled string) {
	f := cmd.Flags()
	f.BoolVar(&a.override.AsEnabled, "as-enabled", false, asEnabled)
	f.StringArrayVar(&a.override.Placeholders, "placeholder", nil, "what a template's stand-in means: '<NAME>=GROUP', All, or nothing for nobody (repeatable)")
}

// options are the pipeline's settings that come from flags rather than from
// the configuration.
func (a *app) options() analysis.Options {
	return analysis.Options{
		Data: a.data, Threads: a.threads, MemoryMB: a.memoryMB, Progress: a.progress(), Warn: a.warn,
		Tool: version(), Decisions: a.decisions, SkipDamaged: a.skipDamaged,
		At: time.Now().UTC().Format(time.RFC3339), Wait: wait,
	}
}

// warn prints one warning to standard error.
func (a *app) warn(text string) {
	if !a.quiet {
		fmt.Fprintln(a.stderr, "analyze: warning: "+clean(text))
	}
}

// fail prints an error the way every command does: prefix, cause, hint.
func (a *app) fail(err error) {
	fmt.Fprintln(a.stderr, "analyze: "+clean(err.Error()))
	if h := hint(err); h != "" {
		fmt.Fprintln(a.stderr, "hint: "+h)
	}
}

// clean keeps control bytes of log text and file names off the terminal.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || (r >= ' ' && r != 0x7f && (r < 0x80 || r > 0x9f) && (r < 0x202a || r > 0x202e) && (r < 0x2066 || r > 0x2069)) {
			return r
		}
		return '\uFFFD'
	}, s)
}

// printJSON writes v as indented JSON with a schema name in front.
func (a *app) printJSON(v any) error {
	enc := json.NewEncoder(a.stdout)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

var errGate = errors.New("gate tripped")

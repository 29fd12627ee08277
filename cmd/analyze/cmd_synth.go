package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"frisk/internal/analysis"
	"frisk/internal/synth"

	"github.com/spf13/cobra"
)

func newSynth(a *app) *cobra.Command {
	var cfg synth.Config
	var dir, file, start string
	var rows int64
	var perturb []string
	var hostile hostileFlags
	cmd := &cobra.Command{
		Use:   "synth",
		Short: "Write a made-up tenant of any size, with ground truth",
		Long: `synth writes the sample tenant with a size, span and seed of your choice: sign-in logs in
several shapes, policies and candidates, directory, activity, requests, and truth.json
with the planted attacks. The same flags give the same bytes. With --rows it writes only
sign-ins, as diagnostic-settings JSON lines, for load tests.

--perturb makes files beside the log wrong on purpose, so that "analyze verify" has
something to find: group members or address ranges of another day, a missing policy, an
export without permission. The log keeps its sign-ins; truth.json says what was done and how many
sign-ins each thing touches.

--world hostile writes a proving ground for impossible travel instead: sign-ins only, with VPNs,
proxies, carriers, flights, wrong geolocation and planted attacks, and truth.json.`,
		Example: `  analyze synth --dir tenant --people 500 --days 60 --seed 7
  analyze synth --dir wrong --perturb membership,location,policy
  analyze synth --rows 1000000 --output signins.jsonl
  analyze synth --world hostile --seed 3 --knowledge radius+lists+devices --dir hostile`,
		Args: usage(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			if start != "" {
				t, err := time.Parse(time.DateOnly, start)
				if err != nil {
					return usageError{fmt.Errorf("--start: want a date like 2026-05-04: %w", err)}
				}
				cfg.Start = t
			}
			if hostile.world != "tenant" {
				return a.synthHostile(&hostile, &cfg, dir)
			}
			p, err := synth.ParsePerturb(perturb)
			if err != nil {
				return usageError{fmt.Errorf("--perturb: %w", err)}
			}
			cfg.Perturb = p
			if rows > 0 {
				return a.synthRows(cfg, rows, file)
			}
			sum, err := synth.WriteTenant(dir, cfg)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(struct {
					Schema        string `json:"schema"`
					synth.Summary `json:"summary"`
				}{"frisk.synth/v1", sum})
			}
			fmt.Fprintf(a.stdout, "wrote %s: %d people, %d sign-ins from %s to %s\n", clean(sum.Dir), sum.People, sum.Rows, sum.From, sum.To)
			fmt.Fprintf(a.stdout, "try: analyze run --config %s\n", clean(sum.Config))
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&dir, "dir", "tenant", "folder to write")
	f.Uint64Var(&cfg.Seed, "seed", 0, "which of the possible tenants")
	f.IntVar(&cfg.People, "people", 0, fmt.Sprintf("number of people (default %d)", synth.DefaultPeople))
	f.IntVar(&cfg.Days, "days", 0, fmt.Sprintf("length of the history (default %d)", synth.DefaultDays))
	f.StringVar(&start, "start", "", "first day (default "+synth.DefaultStart.Format(time.DateOnly)+")")
	f.BoolVar(&cfg.Dated, "dated", true, "policies and memberships change inside the history")
	f.StringSliceVar(&perturb, "perturb", nil, "what to get wrong beside the log: all, or some of "+strings.Join(synth.PerturbNames(), ", "))
	f.Int64Var(&rows, "rows", 0, "write this many sign-ins and nothing else")
	hostile.register(f)
	f.StringVarP(&file, "output", "o", "", "with --rows: the file to write (default standard output)")
	return cmd
}

func (a *app) synthRows(cfg synth.Config, rows int64, file string) error {
	write := func(w io.Writer) error {
		_, err := synth.WriteJSONL(w, cfg, rows)
		return err
	}
	if file == "" {
		return write(a.stdout)
	}
	return analysis.WriteFile(file, write)
}

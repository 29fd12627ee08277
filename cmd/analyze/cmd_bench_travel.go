package main

import (
	"fmt"
	"strings"

	"frisk/internal/scoreboard"
	"frisk/internal/synth"

	"github.com/spf13/cobra"
)

func newBenchTravel(a *app) *cobra.Command {
	cfg := synth.HostileConfig{People: synth.DefaultHostilePeople, Days: synth.DefaultHostileDays}
	seeds, cases := 8, 0
	var first uint64
	var known []string
	cmd := &cobra.Command{
		Use:   "travel",
		Short: "Impossible travel on hostile made-up worlds, beside other products' rules",
		Long: `travel makes worlds full of VPNs, proxies, carriers, flights and wrong geolocation, with
attacks planted, and counts what impossible travel and the published rules of other
products raise on the same sign-ins. An alert is false when it names no sign-in of an
attack; an attack is found when an alert names one of its sign-ins.`,
		Example: `  analyze bench travel
  analyze bench travel --seeds 3 --knowledge radius,country
  analyze bench travel --seeds 1 --knowledge country --cases 5`,
		Args: usage(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			views, err := scoreboard.ParseViews(known)
			if err != nil {
				return usageError{fmt.Errorf("--knowledge: %w", err)}
			}
			if seeds < 1 || cfg.People < 10 || cfg.Days < 7 {
				return usageError{fmt.Errorf("want at least 1 seed, 10 people and 7 days")}
			}
			list := make([]uint64, seeds)
			for i := range list {
				list[i] = first + uint64(i) //nolint:gosec // small
			}
			if cases > 0 {
				return a.travelCases(cfg, list, views, cases)
			}
			r := scoreboard.Make(cfg, list, views)
			if a.json {
				return a.printJSON(r)
			}
			fmt.Fprint(a.stdout, r.Text())
			return nil
		},
	}
	f := cmd.Flags()
	f.IntVar(&seeds, "seeds", seeds, "how many worlds")
	f.Uint64Var(&first, "first-seed", first, "seed of the first one")
	f.IntVar(&cfg.People, "people", cfg.People, "people in each world")
	f.IntVar(&cfg.Days, "days", cfg.Days, "length of each history")
	f.StringSliceVar(&known, "knowledge", nil, "what the log knows of places: "+strings.Join(synth.KnowledgeNames(), ", ")+", each with +lists or +devices (default: the nine variants of the documentation)")
	f.IntVar(&cases, "cases", 0, "instead of the table: print so many false alerts and missed attacks of each world, with their sign-ins")
	return cmd
}

// travelCases prints what went wrong, world by world.
func (a *app) travelCases(cfg synth.HostileConfig, seeds []uint64, views []synth.HostileView, most int) error {
	var all []scoreboard.Case
	for _, seed := range seeds {
		for _, v := range views {
			cfg.Seed = seed
			cases := scoreboard.Cases(cfg, v, most)
			all = append(all, cases...)
			if a.json {
				continue
			}
			for i := range cases {
				c := &cases[i]
				fmt.Fprintf(a.stdout, "seed %d, %s: %s %s\nperson %s (%s)\n%s\n", c.Seed, v, c.Wrong, c.Kind, c.Person, strings.Join(c.Traits, ", "), c.Evidence)
				fmt.Fprintf(a.stdout, "%s\n\n", strings.Join(c.Rows, "\n"))
			}
		}
	}
	if a.json {
		return a.printJSON(struct {
			Schema string            `json:"schema"`
			Cases  []scoreboard.Case `json:"cases"`
		}{"frisk.bench.cases/v1", all})
	}
	return nil
}

package main

import (
	"fmt"
	"strings"

	"frisk/internal/scoreboard"
	"frisk/internal/synth"

	"github.com/spf13/pflag"
)

// hostileFlags are the flags of "synth" about the proving ground.
type hostileFlags struct {
	world, known string
	attacks      int
	order        uint64
	plain        bool
}

func (h *hostileFlags) register(f *pflag.FlagSet) {
	f.StringVar(&h.world, "world", "tenant", "what to write: tenant, or hostile (a proving ground for impossible travel)")
	f.StringVar(&h.known, "knowledge", synth.KnowRadius.String(), "with --world hostile: what the log knows of places: "+strings.Join(synth.KnowledgeNames(), ", ")+", with +lists, +devices or +none (default: both)")
	f.IntVar(&h.attacks, "attacks", 0, fmt.Sprintf("with --world hostile: number of attacks, negative for none (default %d or a quarter of the people)", synth.DefaultAttacks))
	f.Uint64Var(&h.order, "order", 0, "with --world hostile: which of the orders of lines")
	f.BoolVar(&h.plain, "plain", false, "with --world hostile: a world in which every place is told truly")
}

// synthHostile writes a proving ground.
func (a *app) synthHostile(h *hostileFlags, cfg *synth.Config, dir string) error {
	if h.world != "hostile" {
		return usageError{fmt.Errorf("--world: unknown world %q, want one of [\"hostile\" \"tenant\"]", h.world)}
	}
	views, err := scoreboard.ParseViews([]string{h.known})
	if err != nil {
		return usageError{fmt.Errorf("--knowledge: %w", err)}
	}
	w := synth.NewHostile(synth.HostileConfig{Seed: cfg.Seed, People: cfg.People, Days: cfg.Days, Start: cfg.Start, Attacks: h.attacks, Plain: h.plain})
	sum, err := synth.WriteHostile(dir, w, synth.HostileFiles{View: views[0], Order: h.order})
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(struct {
			Schema               string `json:"schema"`
			synth.HostileSummary `json:"summary"`
		}{"frisk.synth/v1", sum})
	}
	fmt.Fprintf(a.stdout, "wrote %s: %d people, %d sign-ins from %s to %s, %d attacks in %s\n", clean(sum.Dir), sum.People, sum.Rows, sum.From, sum.To, sum.Attacks, clean(sum.Truth))
	fmt.Fprintf(a.stdout, "try: analyze ingest --config %[1]s, then analyze risk --config %[1]s\n", clean(sum.Config))
	return nil
}

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"frisk/internal/rba"

	"github.com/spf13/cobra"
)

func newBenchRBA(a *app) *cobra.Command {
	var opt rba.Options
	madeUp := 0
	cmd := &cobra.Command{
		Use:   "rba [FILE]",
		Short: "The published re-authentication table of the RBA login data set, beside frisk's score",
		Long: `rba reads the CSV of the login data set for risk-based authentication (Wiefling et al., ACM
TOPS 2022, doi 10.1145/3546069; das-group/rba-dataset, which you download yourself), computes
the authors' risk score and frisk's own for every login from what came before it, tries the
four kinds of attackers, and prints how often an honest user is asked again at the thresholds
of the published table, beside its values. Memory grows with users, their logins, addresses
and clients: 0.9 GB were measured for an invented file of 3 million rows (1.2 million logins of
280,000 users), so have several for the 31 million of the published one.
With --made-up it runs on invented data of the same form, to see that it works.`,
		Example: "  analyze bench rba rba-dataset.csv\n  analyze bench rba --made-up 400",
		Args:    usage(cobra.MaximumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			if (madeUp > 0) == (len(args) == 1) {
				return usageError{errors.New("want a FILE or --made-up USERS")}
			}
			if opt.Every < 1 {
				return usageError{errors.New("--attack-every: want 1 or more")}
			}
			r, err := a.benchRBA(args, madeUp, opt)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(r)
			}
			fmt.Fprint(a.stdout, r.Text())
			return nil
		},
	}
	f := cmd.Flags()
	f.IntVar(&madeUp, "made-up", 0, "run on invented data of so many users instead of a file")
	f.Uint64Var(&opt.Seed, "seed", 1, "of the attacks drawn, and of the invented data")
	f.IntVar(&opt.Every, "attack-every", 10, "attack one in so many scored logins")
	f.BoolVar(&opt.Exactly, "exactly", false, "medians over users with exactly n scored logins, not n or more")
	return cmd
}

func (a *app) benchRBA(args []string, madeUp int, opt rba.Options) (*rba.Result, error) {
	if madeUp > 0 {
		var b bytes.Buffer
		if err := rba.Synthesise(&b, opt.Seed, madeUp); err != nil {
			return nil, err
		}
		r, err := rba.Run(&b, opt)
		if err == nil {
			r.MadeUp = true
		}
		return r, err
	}
	f, err := os.Open(args[0])
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // read only
	r, err := rba.Run(f, opt)
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", args[0], err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return r, nil // a pipe: the notebook's scores are left out
	}
	scores, agree, err := rba.Notebook(f)
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", args[0], err)
	}
	r.NotebookComputed, r.NotebookAgree = len(scores), agree
	return r, nil
}

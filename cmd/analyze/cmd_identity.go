package main

import (
	"fmt"
	"io"

	"frisk/internal/analysis"

	"github.com/spf13/cobra"
)

func newIdentity(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "identity",
		Short: "Which accounts are one person's, by identity.csv",
		Long: `identity lists the people with several accounts, as the identity file of
frisk.yaml (identity: identity.csv) says: docs/identity.md describes it.

Nobody is joined whom the file does not name. "analyze identity suggest" writes
such a file from the names in the log, to review.`,
		Args: usage(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			cfg, err := a.load()
			if err != nil {
				return err
			}
			res, err := analysis.Identity(cfg, a.options())
			if err != nil {
				return err
			}
			return a.printIdentity(res)
		},
	}
	cmd.AddCommand(&cobra.Command{
		Use:   "apply",
		Short: "Put the rows of joined accounts together, after identity.csv has changed (ingest does the same)",
		Args:  usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := a.load()
			if err != nil {
				return err
			}
			res, err := analysis.ApplyIdentity(cmd.Context(), cfg, a.options())
			if err != nil {
				return err
			}
			return a.printIdentity(res)
		},
	})
	cmd.AddCommand(newIdentitySuggest(a))
	return cmd
}

func newIdentitySuggest(a *app) *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "suggest",
		Short: "Write an identity.csv to review: accounts with one mail address or name",
		Args:  usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := a.load()
			if err != nil {
				return err
			}
			if file == "" {
				_, err := analysis.SuggestIdentity(cmd.Context(), cfg, a.options(), a.stdout)
				return err
			}
			n := 0
			err = analysis.WriteFile(file, func(w io.Writer) error {
				n, err = analysis.SuggestIdentity(cmd.Context(), cfg, a.options(), w)
				return err
			})
			if err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "%s with several accounts suggested in %s: review it, then set identity in frisk.yaml\n", number(int64(n), "person", "people"), clean(file))
			return nil
		},
	}
	cmd.Flags().StringVarP(&file, "output", "o", "", "file to write (default: standard output)")
	return cmd
}

func (a *app) printIdentity(r *analysis.IdentityResult) error {
	if a.json {
		return a.printJSON(r)
	}
	if r.File != "" {
		fmt.Fprintf(a.stdout, "%s: %s, %d seen, %s with several accounts\n",
			clean(r.File), number(int64(r.Accounts), "account", "accounts"), r.Seen, number(int64(len(r.People)), "person", "people"))
	} else {
		fmt.Fprintln(a.stdout, "no identity file: every account is a person")
	}
	if r.Moved > 0 {
		fmt.Fprintf(a.stdout, "%s moved to their person\n", number(r.Moved, "sign-in", "sign-ins"))
	}
	for _, p := range r.People {
		fmt.Fprintf(a.stdout, "%s\n", clean(p.Person))
		for _, x := range p.Accounts {
			fmt.Fprintf(a.stdout, "  %s\n", clean(identityAccount(&x)))
		}
	}
	if len(r.Unseen) > 0 {
		fmt.Fprintln(a.stdout, "never seen:")
		for _, x := range r.Unseen {
			fmt.Fprintf(a.stdout, "  line %d: %s: %s\n", x.Line, clean(x.Person), clean(identityAccount(&x)))
		}
	}
	for _, text := range r.Issues {
		a.warn(clean(text))
	}
	if r.Problem != "" {
		a.warn(clean(r.Problem))
	}
	return nil
}

func identityAccount(x *analysis.IdentityAccountRow) string {
	if x.Tenant == "" {
		return x.Provider + " " + x.Account
	}
	return x.Provider + "/" + x.Tenant + " " + x.Account
}

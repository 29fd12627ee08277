package main

import (
	"fmt"

	"frisk/internal/analysis"

	"github.com/spf13/cobra"
)

func newExport(a *app) *cobra.Command {
	var x analysis.ExportOptions
	var span spanFlags
	cmd := &cobra.Command{
		Use:   "export FILE|FOLDER/|URL",
		Short: "Write the sign-ins as Parquet",
		Long: `export writes the sign-ins of the dataset as Parquet, with the columns of the SQL view
"signins": one file, or several where the target is a folder (one that exists, or a name
that ends with "/"). az://, s3:// and gs:// URLs work too (docs/sources.md). The same
dataset gives the same bytes, and "analyze ingest" reads them back.`,
		Example: `  analyze export signins.parquet
  analyze export --since 2026-05-01 --until 2026-06-01 may/
  analyze export s3://my-bucket/frisk/`,
		Args: usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := a.load()
			if err != nil {
				return err
			}
			x.To = args[0]
			if x.Span, err = span.span(); err != nil {
				return err
			}
			res, err := analysis.Export(cmd.Context(), cfg, a.options(), x)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(res)
			}
			for _, f := range res.Files {
				fmt.Fprintf(a.stdout, "wrote %s: %d sign-ins\n", printable(f.File), f.Rows)
			}
			if !x.Span.Open() {
				fmt.Fprintf(a.stdout, "%d sign-ins are outside the time asked for\n", res.Outside)
			}
			return nil
		},
	}
	span.add(cmd)
	cmd.Flags().Int64Var(&x.FileRows, "file-rows", 0, fmt.Sprintf("most sign-ins in one file of a folder (default %d)", analysis.DefaultFileRows))
	return cmd
}

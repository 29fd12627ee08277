package ingest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"frisk/internal/signin"
)

// The admin console's "Download CSV" of the System Log flattens the event: names
// of the API in snake case, levels joined with dots, targets numbered
// ("client.user_agent.raw_user_agent", "target0.display_name"), the time as
// "timestamp". The columns are those that public table definitions for such
// files list; Okta's own help page does not.

// oktaHeading turns a heading into the path of oktaFields.
func oktaHeading(h string) string {
	if h == "timestamp" {
		return "published"
	}
	var b strings.Builder
	up := false
	for i := range len(h) {
		switch c := h[i]; {
		case c == '.':
			b.WriteByte('_')
		case c == '_':
			up = true
			continue
		case up && c >= 'a' && c <= 'z':
			b.WriteByte(c - 'a' + 'A')
		default:
			b.WriteByte(c)
		}
		up = false
	}
	return b.String()
}

// oktaTargetColumn is what a column tells of a numbered target.
func oktaTargetColumn(h string) (n int, part string, ok bool) {
	rest, ok := strings.CutPrefix(h, "target")
	if !ok {
		return 0, "", false
	}
	number, part, ok := strings.Cut(rest, ".")
	n, err := strconv.Atoi(number)
	return n, part, ok && err == nil && n >= 0 && n < 100
}

// oktaColumnUse is what to do with one column.
type oktaColumnUse struct {
	f      field
	target int // 1-based number of the target the column is of, 0 = none
	part   string
}

func oktaCSVColumns(header []string) (uses []oktaColumnUse, err error) {
	for _, h := range header {
		use := oktaColumnUse{f: oktaFields.find(oktaHeading(h))}
		if n, part, ok := oktaTargetColumn(h); ok {
			use = oktaColumnUse{target: n + 1, part: part}
		}
		uses = append(uses, use)
	}
	return uses, missing(header, func(n string) bool { return slices.Contains(header, n) },
		[]string{"timestamp", "published"}, []string{"event_type"}, []string{"actor.id", "actor.alternate_id"}, []string{"outcome.result"})
}

var _ = register(Format{
	Name:     "okta-csv",
	Doc:      "Okta System Log as the admin console's CSV download",
	Provider: "okta",
	detect: func(s *sample) error {
		if err := s.wantTable(); err != nil {
			return err
		}
		_, err := oktaCSVColumns(s.header)
		return err
	},
	cut: cutTable,
	open: func(f *file) (func(*scratch) decoder, error) {
		uses, err := oktaCSVColumns(f.header)
		if err != nil {
			return nil, err
		}
		return func(sc *scratch) decoder {
			r := &oktaRow{sc: sc, f: f}
			return func(rec []byte, ev *signin.Event, t *tally) (string, error) {
				r.begin(ev, t)
				if err := readRow(sc, rec, f); err != nil {
					return "", err
				}
				if err := r.cells(uses, sc.fields); err != nil {
					return "", err
				}
				return r.finish()
			}
		}, nil
	},
})

var errOktaCell = errors.New("a column of the target without a number")

// cells takes the facts of one row.
func (r *oktaRow) cells(uses []oktaColumnUse, cells []string) error {
	for i, use := range uses {
		v := strings.TrimSpace(cells[i])
		switch {
		case v == "":
		case use.target > 0:
			for len(r.targets) < use.target {
				r.targets = append(r.targets, oktaTarget{})
			}
			t := &r.targets[use.target-1]
			switch use.part {
			case "type":
				t.typ = v
			case "id":
				t.id = v
			case "alternate_id":
				t.name = v
			case "display_name":
				t.display = v
			}
		case use.f == oTarget:
			return fmt.Errorf("column %d: %w", i+1, errOktaCell)
		case use.f != oNone:
			r.v[use.f] = v
		}
	}
	return nil
}

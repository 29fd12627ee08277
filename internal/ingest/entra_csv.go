package ingest

import (
	"fmt"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// columnName takes away what a Sentinel portal export adds to a heading: the
// time zone, and the half a column was split into. CreatedDateTime [UTC],
// DeviceDetail_dynamic and DeviceDetail_string are such headings.
func columnName(heading string) (name string, utc bool) {
	name, utc = strings.CutSuffix(heading, "[UTC]")
	name = strings.TrimSpace(name)
	for _, half := range []string{"_dynamic", "_string"} {
		name = strings.TrimSuffix(name, half)
	}
	return name, utc
}

// column is what to do with one column of a table, by position.
type column struct {
	f    field
	name string
}

// tableRows makes decoders for rows whose cells the columns name.
func tableRows(f *file, columns []column, row entraRow) func(*scratch) decoder {
	return func(sc *scratch) decoder {
		r := row
		r.sc, r.f, r.hint = sc, f, entraStream(f.name)
		return func(rec []byte, ev *signin.Event, t *tally) (string, error) {
			r.begin(ev, t)
			if err := readRow(sc, rec, f); err != nil {
				return "", err
			}
			for i, c := range columns {
				v := sc.fields[i]
				if c.f == fNone || v == "" && !r.emptySays(c.f) {
					continue
				}
				var err error
				if c.f.structured() {
					err = r.cell(c.f, v)
				} else {
					r.text(c.f, strings.TrimSpace(v))
				}
				if err != nil {
					return "", fmt.Errorf("column %q: %w", c.name, err)
				}
			}
			return r.finish()
		}
	}
}

// emptySays reports columns whose empty cell is a statement: the portal leaves
// the device id and the place empty where JSON has an empty text.
func (r *entraRow) emptySays(f field) bool { return r.portal && (f == fDeviceID || f == fPlace) }

// readRow splits a row into the worker's fields, as many as there are headings.
func readRow(sc *scratch, rec []byte, f *file) error {
	if err := checkText(rec); err != nil {
		return err
	}
	var err error
	if sc.fields, err = splitRowInto(&sc.room, rec, f.delim, sc.fields); err != nil {
		return err
	}
	extra := len(f.header)
	for extra < len(sc.fields) && sc.fields[extra] == "" {
		extra++
	}
	if len(sc.fields) < len(f.header) || extra < len(sc.fields) {
		return fmt.Errorf("row has %d fields, the header has %d", len(sc.fields), len(f.header))
	}
	for i, v := range sc.fields {
		// Excel users put an apostrophe before ids that begin with a sign.
		if len(v) > 1 && v[0] == '\'' && strings.IndexByte("-+=@", v[1]) >= 0 {
			sc.fields[i] = v[1:]
		}
	}
	return nil
}

// missing lists, as an error, the groups of columns of which the header has none.
func missing(header []string, have func(string) bool, groups ...[]string) error {
	var lacks []string
	for _, g := range groups {
		if !slices.ContainsFunc(g, have) {
			quoted := make([]string, len(g))
			for i, n := range g {
				quoted[i] = fmt.Sprintf("%q", n)
			}
			lacks = append(lacks, strings.Join(quoted, " or "))
		}
	}
	if len(lacks) == 0 {
		return nil
	}
	return fmt.Errorf("missing the column %s; found %s", strings.Join(lacks, ", and the column "), list(header))
}

func logAnalyticsColumns(header []string) (columns []column, utc bool, err error) {
	names := map[string]bool{}
	for _, h := range header {
		name, isUTC := columnName(h)
		c := column{columnFields.find(name), h}
		if c.f == fCreated || c.f == fGenerated && !names["CreatedDateTime"] {
			utc = isUTC
		}
		names[name] = true
		columns = append(columns, c)
	}
	return columns, utc, missing(header, func(n string) bool { return names[n] },
		[]string{"CreatedDateTime"}, []string{"UserId", "UserPrincipalName", "ServicePrincipalId"}, []string{"ResultType", "Status"})
}

var _ = register(Format{
	Name:     "entra-loganalytics-csv",
	Doc:      "Log Analytics or Sentinel sign-in tables as CSV, also the Sentinel portal's export",
	Provider: "entra",
	detect: func(s *sample) error {
		if err := s.wantTable(); err != nil {
			return err
		}
		names := map[string]bool{}
		for _, h := range s.header {
			name, _ := columnName(h)
			names[name] = true
		}
		if !slices.ContainsFunc(columnMarks, func(n string) bool { return names[n] }) {
			return fmt.Errorf("no column of a Log Analytics table (%s); found %s", strings.Join(columnMarks, ", "), list(s.header))
		}
		_, _, err := logAnalyticsColumns(s.header)
		return err
	},
	cut:   cutTable,
	reuse: true,
	open: func(f *file) (func(*scratch) decoder, error) {
		columns, utc, err := logAnalyticsColumns(f.header)
		if err != nil {
			return nil, err
		}
		return tableRows(f, columns, entraRow{utc: utc}), nil
	},
})

func portalColumns(header []string) (columns []column, utc bool, err error) {
	has := map[field]bool{}
	for _, h := range header {
		c := column{portalField(h), h}
		has[c.f] = true
		if c.f == fCreated {
			utc = strings.Contains(strings.ToUpper(h), "UTC")
		}
		columns = append(columns, c)
	}
	one := func(f ...field) func(string) bool {
		return func(string) bool { return slices.ContainsFunc(f, func(f field) bool { return has[f] }) }
	}
	for _, need := range []struct {
		name string
		have func(string) bool
	}{
		{"Date (UTC)", one(fCreated)},
		{"User ID, Username or Service principal ID", one(fUserID, fUserName, fSPID)},
		{"IP address", one(fIP)},
		{"Status or Sign-in error code", one(fPortalStatus, fErrorCode)},
	} {
		if err := missing(header, need.have, []string{need.name}); err != nil {
			return columns, utc, err
		}
	}
	return columns, utc, nil
}

var _ = register(Format{
	Name:     "entra-portal-csv",
	Doc:      "the Entra admin center's CSV download: interactive, non-interactive, application and managed identity sign-ins",
	Provider: "entra",
	detect: func(s *sample) error {
		if err := s.wantTable(); err != nil {
			return err
		}
		if slices.Contains(s.header, "AADTenantId") || slices.Contains(s.header, "ResultType") {
			return fmt.Errorf("columns of a Log Analytics table")
		}
		_, _, err := portalColumns(s.header)
		return err
	},
	cut:   cutTable,
	reuse: true,
	open: func(f *file) (func(*scratch) decoder, error) {
		columns, utc, err := portalColumns(f.header)
		if err != nil {
			return nil, err
		}
		return tableRows(f, columns, entraRow{utc: utc, portal: true}), nil
	},
})

package synth

import (
	"bufio"
	"fmt"
	"io"
	"math"
)

// WriteJSONL writes the first rows records of the tenant of cfg to w as
// diagnostic-settings JSON lines, all streams mixed as an Event Hub capture has
// them, in time order. When cfg leaves People or Days open they are chosen so
// that the history is long enough: at most ninety days, and as many people as
// that takes. It returns the number of rows written, which is rows unless cfg
// holds fewer.
func WriteJSONL(w io.Writer, cfg Config, rows int64) (int64, error) {
	t := Generate(ForRows(cfg, rows))
	e := newEncoder(t, false)
	out := bufio.NewWriterSize(w, 1<<18)
	var n int64
	var buf []byte
	for r := range t.Records() {
		if n == rows {
			break
		}
		buf = e.diagnostic(buf[:0], r)
		if _, err := out.Write(buf); err != nil {
			return n, fmt.Errorf("write sign-ins: %w", err)
		}
		n++
	}
	if err := out.Flush(); err != nil {
		return n, fmt.Errorf("write sign-ins: %w", err)
	}
	return n, nil
}

// rowsPerPersonDay is a cautious average over all days of the week, measured on
// the default tenant.
const rowsPerPersonDay = 4.5

// ForRows fills the open fields of a configuration so that the history holds at
// least the given number of rows.
func ForRows(cfg Config, rows int64) Config {
	if cfg.Days == 0 {
		cfg.Days = DefaultDays
		if float64(rows) > rowsPerPersonDay*DefaultPeople*DefaultDays {
			cfg.Days = 90
		}
	}
	if cfg.People == 0 {
		cfg.People = max(DefaultPeople, int(math.Ceil(float64(rows)/(rowsPerPersonDay*float64(cfg.Days)))))
	}
	return cfg
}

package rba

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"
)

// Read streams the rows of a CSV. A Login is valid until the next one. The first
// error ends it.
func Read(r io.Reader) iter.Seq2[*Login, error] {
	return func(yield func(*Login, error) bool) {
		c := csv.NewReader(r)
		c.ReuseRecord = true
		c.LazyQuotes = true
		header, err := c.Read()
		if err != nil {
			yield(nil, fmt.Errorf("read header: %w", err))
			return
		}
		at, err := columnsOf(header)
		if err != nil {
			yield(nil, err)
			return
		}
		var l Login
		var date string
		for {
			rec, err := c.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(nil, fmt.Errorf("read row: %w", err))
				return
			}
			f := func(i int) string { return rec[at[i]] }
			stamp := f(0)
			if len(stamp) < len(time.DateOnly) {
				line, _ := c.FieldPos(0)
				yield(nil, fmt.Errorf("line %d: time %q", line, stamp))
				return
			}
			if d := stamp[:len(time.DateOnly)]; d != date {
				t, err := time.Parse(time.DateOnly, d)
				if err != nil {
					line, _ := c.FieldPos(0)
					yield(nil, fmt.Errorf("line %d: time %q: %w", line, stamp, err))
					return
				}
				date, l.Day = strings.Clone(d), int32(t.Unix()/86400) //nolint:gosec // days
			}
			l.Stamp, l.User, l.IP, l.Country, l.ASN = stamp, f(1), f(2), f(3), f(6)
			l.City = f(3) + "/" + f(4) + "/" + f(5)
			l.Agent, l.Browser, l.OS, l.Device = f(7), f(8), f(9), f(10)
			l.Success, l.AttackIP, l.Takeover = yes(f(11)), yes(f(12)), yes(f(13))
			l.complete = said(l.User) && said(l.IP) && said(l.Country) && said(l.ASN) &&
				said(l.Agent) && said(l.Browser) && said(l.OS) && said(l.Device)
			if !yield(&l, nil) {
				return
			}
		}
	}
}

func yes(s string) bool { return strings.EqualFold(s, "true") }

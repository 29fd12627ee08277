package analysis

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"frisk/internal/risk"
	"frisk/internal/signin"
)

// LabelError is a line of labels.csv that cannot be used.
type LabelError struct {
	File string
	Line int // from 1, the header included
	Err  error
}

func (e *LabelError) Error() string {
	return fmt.Sprintf("read labels %s:%d: %v", e.File, e.Line, e.Err)
}

// Unwrap gives the cause.
func (e *LabelError) Unwrap() error { return e.Err }

// loadLabels reads the answers of analysts; nil without the key labels.
func (c *Config) loadLabels() (*risk.Labels, error) {
	if c.Labels == "" {
		return nil, nil
	}
	name := c.path(c.Labels)
	f, err := os.Open(name)
	if err != nil {
		return nil, &ConfigError{c.file(), fmt.Errorf("labels: %w", err)}
	}
	list, err := readLabels(name, f)
	if err := closeAll(err, f); err != nil {
		return nil, err
	}
	return risk.NewLabels(list), nil
}

// readLabels reads labels.csv: a header with label and either event or user and
// time, source where wanted, in any order. Other columns are left alone. A line
// that is wrong is an error with its number: half an answer would be worse.
func readLabels(file string, r io.Reader) ([]risk.Label, error) {
	c := csv.NewReader(r)
	c.FieldsPerRecord = -1
	c.TrimLeadingSpace = true
	header, err := c.Read()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("no header: want the columns label, and event or user and time")
		}
		return nil, &LabelError{file, 1, err}
	}
	col := map[string]int{}
	for i, h := range header {
		col[strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")))] = i
	}
	has := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(n string) bool { _, ok := col[n]; return !ok })
	}
	if !has("label") || !has("event") && !has("user", "time") {
		return nil, &LabelError{file, 1, fmt.Errorf("columns are %q, want label, and event or user and time", header)}
	}
	var out []risk.Label
	for {
		rec, err := c.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			line := 0
			if pe, ok := errors.AsType[*csv.ParseError](err); ok {
				line, err = pe.Line, pe.Err
			}
			return nil, &LabelError{file, line, err}
		}
		line, _ := c.FieldPos(0)
		get := func(name string) string {
			if i, ok := col[name]; ok && i < len(rec) {
				return strings.TrimSpace(rec[i])
			}
			return ""
		}
		l, err := labelOf(get)
		if err != nil {
			return nil, &LabelError{file, line, err}
		}
		l.File, l.Line = file, line
		out = append(out, l)
	}
}

func labelOf(get func(string) string) (risk.Label, error) {
	l := risk.Label{Event: get("event"), User: get("user"), Source: get("source")}
	var ok bool
	if l.Verdict, ok = risk.ParseVerdict(get("label")); !ok {
		return l, fmt.Errorf("label %q, want confirmed_compromised or confirmed_safe", get("label"))
	}
	if l.Event != "" {
		return l, nil
	}
	if l.User == "" {
		return l, errors.New("no event and no user: want one of them")
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateTime} { // without a zone: UTC
		if t, err := time.Parse(layout, get("time")); err == nil {
			l.Time = signin.FromTime(t.UTC())
			return l, nil
		}
	}
	return l, fmt.Errorf("time %q of user %q, want one like 2026-07-01T09:30:00Z", get("time"), l.User)
}

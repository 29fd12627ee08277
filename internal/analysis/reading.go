package analysis

import (
	"cmp"
	"fmt"
	"time"

	"frisk/internal/ingest"
	"frisk/internal/signin"
)

// reading gives the settings of ingest.Read, the flags before the configuration.
func (in *IngestOptions) reading(cfg *Config, opt *Options) (ingest.Options, error) {
	out := ingest.Options{
		Workers: opt.Threads, Format: in.Format, Tenant: cfg.Tenant,
		MaxUnpacked: in.MaxUnpacked, MaxRatio: in.MaxRatio,
	}
	if name := cmp.Or(in.TimeZone, cfg.TimeZone); name != "" {
		zone, err := time.LoadLocation(name)
		if err != nil {
			return out, fmt.Errorf("time zone %q: want a name such as Europe/Berlin", name)
		}
		out.Zone = zone
	}
	var err error
	if out.AsOf, err = asOf(in.AsOf); err != nil {
		return out, err
	}
	files, err := glob(cfg.paths(cfg.Mappings))
	if err != nil {
		return out, err
	}
	seen := map[string]bool{}
	for _, f := range append(files, in.Mappings...) {
		m, err := ingest.LoadMapping(f)
		if err != nil {
			return out, err
		}
		if seen[m.Name()] {
			return out, &ingest.MappingError{File: f, Err: fmt.Errorf("there is another mapping named %q", m.Name())}
		}
		seen[m.Name()] = true
		out.Mappings = append(out.Mappings, m)
	}
	return out, nil
}

// asOf reads the moment that logs do not go past: the end of a day, or a time.
func asOf(text string) (signin.Time, error) {
	if text == "" {
		return 0, nil
	}
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return signin.FromTime(t.AddDate(0, 0, 1)) - 1, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return 0, fmt.Errorf("as-of %q: want a date such as 2026-03-31 or an RFC 3339 time", text)
	}
	return signin.FromTime(t), nil
}

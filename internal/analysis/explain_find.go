package analysis

import (
	"context"
	"fmt"
	"strings"

	"frisk/internal/dataset"
	"frisk/queries"
)

// minPrefix is how many characters of an id stand for all of it: the first block
// of a GUID.
const minPrefix = 8

// find looks a sign-in up by its id, or by the beginning of an id when only one
// sign-in has that.
func find(ctx context.Context, cfg *Config, rd *dataset.Reader, id string, opt *Options) ([]dataset.Found, error) {
	found, err := rd.Find(ctx, id)
	if err != nil || len(found) > 0 {
		return found, err
	}
	if len(id) < minPrefix {
		return nil, fmt.Errorf("%w (the beginning of an id has to have %d characters)", ErrNotFound, minPrefix)
	}
	ids, err := idsWith(ctx, cfg, id, opt)
	switch {
	case err != nil:
		return nil, err
	case len(ids) == 0:
		return nil, ErrNotFound
	case len(ids) > 1:
		return nil, fmt.Errorf("%w: several begin like that, %s and %s for example", ErrNotFound, ids[0], ids[1])
	}
	return rd.Find(ctx, ids[0])
}

// idsWith lists up to two ids that begin with a text. It reads one column of the
// dataset, where the ids index knows whole ids only.
func idsWith(ctx context.Context, cfg *Config, prefix string, opt *Options) ([]string, error) {
	quoted := "'" + strings.ReplaceAll(strings.ToLower(prefix), "'", "''") + "'"
	q := queries.Query{Name: "ids", SQL: "SELECT DISTINCT event_id FROM signins WHERE starts_with(lower(event_id), " + quoted + ") ORDER BY event_id LIMIT 2"}
	res, err := queryRaw(ctx, cfg, opt, q, nil)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, row := range res.Rows {
		if s, ok := row[0].(string); ok {
			out = append(out, s)
		}
	}
	return out, nil
}

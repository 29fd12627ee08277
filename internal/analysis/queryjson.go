package analysis

import (
	"context"

	"frisk/internal/duck"
	"frisk/queries"
)

// QueryResult is the answer of a query with its types kept: numbers, booleans,
// lists and null are what they are.
type QueryResult struct {
	Schema  string        `json:"schema"`
	Query   string        `json:"query"`
	Columns []duck.Column `json:"columns"`
	Rows    [][]any       `json:"rows"`
}

// QueryJSON runs a query for machines; see Query.
func QueryJSON(ctx context.Context, cfg *Config, opt Options, q queries.Query, params map[string]string) (*QueryResult, error) {
	res, err := queryRaw(ctx, cfg, &opt, q, params)
	if err != nil {
		return nil, err
	}
	if res.Rows == nil {
		res.Rows = [][]any{}
	}
	return &QueryResult{"frisk.query/v1", q.Name, res.Columns, res.Rows}, nil
}

package analysis

import (
	"cmp"

	"frisk/internal/dataset"
	"frisk/internal/signin"
)

// MissingStream is a stream that a tenant should have beside those it has.
type MissingStream struct {
	Provider string `json:"provider"`
	Tenant   string `json:"tenant"`
	Stream   string `json:"stream"`
	Why      string `json:"why"`
}

// expectedStreams says which stream comes with which. Entra writes user
// sign-ins to two logs that are exported apart (Graph signInEventTypes); no
// tenant with people has only one of them.
var expectedStreams = []struct{ provider, has, wants, why string }{
	{
		"entra", "interactive", "non-interactive",
		"user sign-ins by refresh token are a log of their own: export NonInteractiveUserSignInLogs too, or session lengths and frequencies cannot be judged",
	},
	{
		"entra", "non-interactive", "interactive",
		"sign-ins with a password or a prompt are a log of their own: export SignInLogs too, or prompts and failures cannot be judged",
	},
}

func missingStreams(have []StreamStatus) []MissingStream {
	type key struct{ provider, tenant, stream string }
	known := map[key]bool{}
	for i := range have {
		known[key{have[i].Provider, have[i].Tenant, have[i].Stream}] = true
	}
	var out []MissingStream
	for i := range have {
		s := &have[i]
		for _, e := range expectedStreams {
			if s.Provider == e.provider && s.Stream == e.has && !known[key{s.Provider, s.Tenant, e.wants}] {
				out = append(out, MissingStream{s.Provider, s.Tenant, e.wants, e.why})
			}
		}
	}
	return out
}

// late fills in what the ingests counted of each stream.
func (res *StatusResult) late(spans []dataset.StreamSpan) {
	for i := range res.Streams {
		s := &res.Streams[i]
		for j := range spans {
			sp := &spans[j]
			if sp.Provider == s.Provider && sp.Tenant == s.Tenant && cmp.Or(sp.Stream, "unknown") == s.Stream {
				s.Late, s.LateDay, s.Older = sp.Late, sp.LateDay, sp.Older
				s.MaxLateHours = float64(sp.MaxLate/(signin.Hour/10)) / 10
			}
		}
	}
}

// gaps looks for missing hours, from rows of hoursQuery. Every stream of a
// tenant is expected for as long as the tenant has any.
func (res *StatusResult) gaps(rows [][]any) {
	type tenant struct{ provider, tenant string }
	type span struct{ first, last int64 }
	spans := map[tenant]span{}
	counts := make([][]hourCount, len(res.Streams))
	at := 0
	for _, r := range rows {
		provider, name, stream, hour := r[0].(string), r[1].(string), r[2].(string), r[3].(int64)
		for at < len(res.Streams) && (res.Streams[at].Provider != provider || res.Streams[at].Tenant != name || res.Streams[at].Stream != stream) {
			at++ // both are in the same order
		}
		if at == len(res.Streams) {
			return // rows were added meanwhile: no statement
		}
		counts[at] = append(counts[at], hourCount{hour, r[4].(int64)})
		t := tenant{provider, name}
		s, known := spans[t]
		if !known || hour < s.first {
			s.first = hour
		}
		if !known || hour > s.last {
			s.last = hour
		}
		spans[t] = s
	}
	for i := range res.Streams {
		s := spans[tenant{res.Streams[i].Provider, res.Streams[i].Tenant}]
		res.Streams[i].Gaps = findGaps(counts[i], s.first, s.last)
	}
}

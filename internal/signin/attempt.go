package signin

// EpisodeSpan is how long rows of one correlation or original request count as
// one attempt, from its first row on (design, definition of Episode).
const EpisodeSpan = 10 * Minute

// AttemptRule says how the rows of one login of a provider are known to belong
// together. The zero rule is that of a provider we know nothing special about:
// rows of one Correlation or OriginalRequest are one attempt, and of the rows
// that refuse a factor in it as many are tries as the most frequent kind has,
// since two kinds describe one try twice; a kind is a Code with its list of steps
// (docs/metrics.md, "Episodes").
type AttemptRule struct {
	// EachRow: every refused row is a try of its own, and every accepted row an
	// accepted request, whatever they share.
	EachRow bool
	// SessionGap joins a row to the attempt of the same Session whose last row is
	// at most so long ago; 0 = a session says nothing.
	SessionGap Time
	// Loose lets a row without any identifier answer a challenge without one, of
	// the same account and address, within EpisodeSpan.
	Loose bool
}

// AttemptRuleOf is the rule of a provider (signin.Event.Provider).
//
// Entra ID writes one row per request, and a correlation id spans several
// (learn.microsoft.com/graph/api/resources/signin). Okta's transaction is one
// request or several; the requests of one login share the external session id
// (developer.okta.com/docs/reference/api/system-log). Two minutes is our guess at
// how long somebody takes to answer a prompt.
func AttemptRuleOf(provider string) AttemptRule {
	switch provider {
	case "", "entra":
		return AttemptRule{EachRow: true}
	case "okta":
		return AttemptRule{SessionGap: 2 * Minute, Loose: true}
	}
	return AttemptRule{Loose: true}
}

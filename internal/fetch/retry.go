package fetch

import (
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Waits between tries. Graph asks for exponential backoff where it sends no
// Retry-After (learn.microsoft.com/graph/throttling).
const (
	firstWait = 2 * time.Second
	longWait  = 5 * time.Minute
	// maxTries bounds requests whose waits are short: a server that says "retry
	// after 0 seconds" for ever.
	maxTries = 20
	// maxBadPages bounds tries of a page that arrives whole and is no JSON: it may
	// be the page itself.
	maxBadPages = 4
)

// backoff is how long to wait after the n-th failed try, from 1: doubling from
// firstWait to longWait, with the upper half left to chance so that programs
// that failed together do not come back together.
func backoff(n int, r *rand.Rand) time.Duration {
	d := longWait
	if n < 16 {
		d = min(firstWait<<(n-1), longWait)
	}
	return d/2 + time.Duration(r.Int64N(int64(d/2)+1))
}

// retryAfter reads the header in its forms: seconds, also with a fraction as
// Graph writes them, and an HTTP date (RFC 9110, 10.2.3). ok is false without
// one that can be read.
func retryAfter(h http.Header, now time.Time) (d time.Duration, ok bool) {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if v == "" {
		return 0, false
	}
	if s, err := strconv.ParseFloat(v, 64); err == nil {
		if math.IsNaN(s) || s < 0 || s > 1e6 {
			return 0, false
		}
		return time.Duration(s * float64(time.Second)), true
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return 0, false
	}
	return max(at.Sub(now), 0), true
}

// retriable are the answers after which the same request may succeed.
func retriable(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
		509: // bandwidth limit exceeded, listed in graph/errors
		return true
	}
	return false
}

package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"time"
)

// maxBody bounds one page. A thousand sign-ins are a few megabytes.
const maxBody = 512 << 20

// renewBefore is how long before its end a token is no longer used.
const renewBefore = 5 * time.Minute

// client makes single requests and sees them through. For one goroutine.
type client struct {
	http     *http.Client
	source   TokenSource
	clock    Clock
	rand     *rand.Rand
	base     *url.URL
	patience time.Duration
	timeout  time.Duration
	agent    string
	paced    bool
	say      func(string)

	token   string
	expires time.Time // zero: not known
	next    [numLimits]time.Time

	requests, retries int64
	pages             int64 // answers with data
	waited            time.Duration
}

func newClient(o *Options) *client {
	transport := o.Transport
	if transport == nil {
		transport = http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // documented type
	}
	return &client{
		http: &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // a token goes where it was sent and nowhere else
		}},
		source: o.Token, clock: o.Clock, rand: rand.New(rand.NewPCG(o.Seed, 0)), base: o.Base, //nolint:gosec // jitter, no secret
		patience: o.Patience, timeout: o.Timeout, agent: o.UserAgent,
		paced: !isLoopback(o.Base), // a local server has no such limits
		say:   o.Say,
	}
}

// answer is a response read to its end.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// page gets one page. It waits and tries again as long as that may help. Errors:
// *GraphError, *givenUpError, ErrSignIn, the context's.
func (c *client) page(ctx context.Context, u *url.URL, lim limit, single bool) (*page, error) {
	var (
		waited   time.Duration
		renewed  bool
		badPages int
		last     error
	)
	for try := 1; ; try++ {
		if err := c.keepPace(ctx, lim); err != nil {
			return nil, err
		}
		if err := c.sign(ctx, false, ""); err != nil {
			return nil, err
		}
		a, err := c.once(ctx, u)
		wait := time.Duration(-1)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			last = plain(err)
		case a.status == http.StatusOK:
			p, err := parsePage(a.body, single)
			if err == nil {
				c.pages++
				return p, nil
			}
			last = fmt.Errorf("%w: %w", errBadPage, err)
			if badPages++; badPages >= maxBadPages {
				return nil, &givenUpError{u.Path, try, last}
			}
		case a.status == http.StatusUnauthorized && !renewed:
			renewed = true
			if err := c.sign(ctx, true, challenge(a.header)); err != nil {
				return nil, err
			}
			c.retries++
			continue
		case a.status == http.StatusUnauthorized:
			return nil, fmt.Errorf("%w: a new token is refused too: %w", ErrSignIn, graphError(u, a))
		case retriable(a.status):
			last = graphError(u, a)
			if d, ok := retryAfter(a.header, c.clock.Now()); ok {
				// A second at least, and a little chance on top, so that the whole second has passed.
				wait = max(d, time.Second) + time.Duration(c.rand.Int64N(int64(time.Second)))
			}
		default:
			return nil, graphError(u, a)
		}
		if wait < 0 {
			wait = backoff(try, c.rand)
		}
		if waited += wait; waited > c.patience || try >= maxTries {
			return nil, &givenUpError{u.Path, try, last}
		}
		if wait >= 10*time.Second {
			c.say(fmt.Sprintf("%v; trying again in %s", last, wait.Round(time.Second)))
		}
		c.retries++
		c.waited += wait
		if err := c.clock.Sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// once makes one request and reads the answer to its end; an answer that breaks
// off is an error.
func (c *client) once(ctx context.Context, u *url.URL) (*answer, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Accept", "application/json")
	// Without it report-only results and newer enum members arrive as unknownFutureValue:
	// graph/best-practices-concept#handling-future-members-in-evolvable-enumerations.
	req.Header.Set("Prefer", "include-unknown-enum-members")
	if c.agent != "" {
		req.Header.Set("User-Agent", c.agent)
	}
	c.requests++
	res, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxBody+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the answer: %w", err)
	case len(body) > maxBody:
		return nil, fmt.Errorf("the answer is longer than %d MB", maxBody>>20)
	}
	return &answer{res.StatusCode, res.Header, body}, nil
}

// keepPace waits until the next request of its class is due.
func (c *client) keepPace(ctx context.Context, lim limit) error {
	if !c.paced || pace[lim] == 0 {
		return nil
	}
	now := c.clock.Now()
	if d := c.next[lim].Sub(now); d > 0 {
		if err := c.clock.Sleep(ctx, d); err != nil {
			return err
		}
		now = now.Add(d)
	}
	c.next[lim] = now.Add(pace[lim])
	return nil
}

// sign makes sure that there is a token.
func (c *client) sign(ctx context.Context, fresh bool, claims string) error {
	if !fresh && c.token != "" && (c.expires.IsZero() || c.clock.Now().Before(c.expires.Add(-renewBefore))) {
		return nil
	}
	token, expires, err := c.source.Token(ctx, fresh, claims)
	switch {
	case err != nil && ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return fmt.Errorf("%w: %w", ErrSignIn, err)
	}
	c.token, c.expires = token, expires
	return nil
}

// claims is the challenge of continuous access evaluation in a refusal:
// entra/identity-platform/claims-challenge.
var claims = regexp.MustCompile(`claims="([^"]+)"`)

func challenge(h http.Header) string {
	for _, v := range h.Values("WWW-Authenticate") {
		if m := claims.FindStringSubmatch(v); m != nil {
			return decodeClaims(m[1])
		}
	}
	return ""
}

func graphError(u *url.URL, a *answer) *GraphError {
	e := &GraphError{Path: u.Path, Status: a.status}
	e.Code, e.Message = errorBody(a.body)
	return e
}

// plain drops the address from the errors of net/http: queries hold skip tokens
// and are long.
func plain(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

package fetch

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"frisk/internal/fetch/graphtest"
)

// hits lets a fault strike the requests of which it is told.
func hits(f graphtest.Fault, at ...int) func(int, *http.Request) graphtest.Fault {
	return func(n int, _ *http.Request) graphtest.Fault {
		if slices.Contains(at, n) {
			return f
		}
		return graphtest.Fault{}
	}
}

func always(f graphtest.Fault) func(int, *http.Request) graphtest.Fault {
	return func(int, *http.Request) graphtest.Fault { return f }
}

// After each of these everything is there, once, as if nothing had happened.
func TestFaultsThatPass(t *testing.T) {
	throttle := graphtest.Fault{Status: 429, Code: "TooManyRequests", Message: "Please retry again later."}
	after := func(v string) graphtest.Fault { f := throttle; f.RetryAfter = v; return f }
	for name, c := range map[string]struct {
		fault    func(int, *http.Request) graphtest.Fault
		min, max time.Duration // of waiting
		retries  int64
	}{
		"none":                     {nil, 0, 0, 0},
		"throttled, seconds":       {hits(after("30"), 3, 4), 60 * time.Second, 62 * time.Second, 2},
		"throttled, fraction":      {hits(after("2.128"), 3), 2128 * time.Millisecond, 3200 * time.Millisecond, 1},
		"throttled, date":          {hits(after(now.Add(90*time.Second).Format(http.TimeFormat)), 3), 90 * time.Second, 91 * time.Second, 1},
		"throttled, past date":     {hits(after(now.Add(-time.Hour).Format(http.TimeFormat)), 3), time.Second, 2 * time.Second, 1},
		"throttled, zero":          {hits(after("0"), 1, 2, 3), 3 * time.Second, 6 * time.Second, 3},
		"throttled, no header":     {hits(throttle, 3, 4, 5), 7 * time.Second, 14 * time.Second, 3},
		"throttled, odd header":    {hits(after("soon"), 3), time.Second, 2 * time.Second, 1},
		"server error":             {hits(graphtest.Fault{Status: 500, Code: "InternalServerError"}, 1, 4), time.Second, 4 * time.Second, 2},
		"unavailable":              {hits(graphtest.Fault{Status: 503, RetryAfter: "10"}, 2), 10 * time.Second, 11 * time.Second, 1},
		"gateway, no JSON":         {hits(graphtest.Fault{Status: 502}, 2), time.Second, 2 * time.Second, 1},
		"connection reset":         {hits(graphtest.Fault{Reset: true}, 2, 5), time.Second, 4 * time.Second, 2},
		"truncated page":           {hits(graphtest.Fault{Truncate: true}, 2, 3), 3 * time.Second, 6 * time.Second, 2},
		"token expired":            {hits(graphtest.Fault{Status: 401, Code: "InvalidAuthenticationToken"}, 3), 0, 0, 1},
		"token expired, challenge": {hits(graphtest.Fault{Status: 401, Challenge: `Bearer realm="", error="insufficient_claims", claims="eyJhIjoxfQ=="`}, 3), 0, 0, 1},
		"never answers":            {hits(graphtest.Fault{Hang: true}, 3), time.Second, 2 * time.Second, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := graphtest.Sample(now, 12)
			s.Break(c.fault)
			s.Pages(2)
			s.Zip(strings.HasPrefix(name, "t"))
			o := testOptions(t, s, "signins-interactive")
			o.Slice, o.Timeout = 24*time.Hour, 2*time.Second
			o.Since = now.Add(-48 * time.Hour)
			tok := &tokens{first: "secret-token", fresh: "secret-token"}
			o.Token = tok
			res := mustRun(t, o)
			wantOnce(t, tree(t, o.Out, false), 12)
			if slept := o.Clock.(*fakeClock).total(); slept < c.min || slept > c.max {
				t.Errorf("waited %s, want %s to %s", slept, c.min, c.max)
			}
			if res.Retries != c.retries {
				t.Errorf("%d retries, want %d", res.Retries, c.retries)
			}
			if strings.HasPrefix(name, "token") && tok.renewed != 1 {
				t.Errorf("token renewed %d times", tok.renewed)
			}
			if strings.HasSuffix(name, "challenge") && tok.claims != `{"a":1}` {
				t.Errorf("claims %q", tok.claims)
			}
		})
	}
}

// After these the part, or the run, is given up with words that help.
func TestFaultsThatStay(t *testing.T) {
	denied := graphtest.Fault{Status: 403, Code: "Authorization_RequestDenied", Message: "Insufficient privileges to complete the operation."}
	for name, c := range map[string]struct {
		fault  func(int, *http.Request) graphtest.Fault
		status Status
		want   []string // in the part's or the run's words
		ends   error    // the run ends with it; nil means ErrIncomplete
	}{
		"no permission": {always(denied), Refused, []string{"Insufficient privileges", "AuditLog.Read.All", "admin consent"}, nil},
		"no licence": {always(graphtest.Fault{
			Status: 403, Code: "Authentication_RequestFromNonPremiumTenantOrB2CTenant", Message: "Neither tenant is B2C or tenant doesn't have premium license",
		}), Refused, []string{"lacks a licence", "Entra ID P1"}, nil},
		"bad request":        {always(graphtest.Fault{Status: 400, Code: "BadRequest", Message: "Invalid filter clause"}), Failed, []string{"400 Bad Request: BadRequest: Invalid filter clause"}, nil},
		"redirect":           {always(graphtest.Fault{Location: "http://192.0.2.1/"}), Failed, []string{"302"}, nil},
		"circle":             {hits(graphtest.Fault{Link: "again"}, 2), Failed, []string{"was followed before"}, nil},
		"elsewhere":          {hits(graphtest.Fault{Link: "https://graph.example.com/beta/auditLogs/signIns?$skiptoken=x"}, 1), Failed, []string{"another host"}, nil},
		"other version":      {hits(graphtest.Fault{Link: "/v1.0/users"}, 1), Failed, []string{"another host"}, nil},
		"always truncated":   {always(graphtest.Fault{Truncate: true}), Failed, []string{"gave up after 4 tries", "cut off"}, nil},
		"always unavailable": {always(graphtest.Fault{Status: 503}), Failed, []string{"503 Service Unavailable", "gave up"}, nil},
		"always throttled":   {always(graphtest.Fault{Status: 429, RetryAfter: "600"}), Failed, []string{"gave up after 3 tries", "429"}, errAny},
		"always reset":       {always(graphtest.Fault{Reset: true}), Failed, []string{"gave up"}, errAny},
		"token never good":   {always(graphtest.Fault{Status: 401, Code: "InvalidAuthenticationToken", Message: "IDX"}), Failed, []string{"a new token is refused too"}, ErrSignIn},
	} {
		t.Run(name, func(t *testing.T) {
			s := graphtest.Sample(now, 12)
			s.Pages(2)
			o := testOptions(t, s, "signins-interactive", "users")
			o.Slice = 24 * time.Hour
			o.Parts[0], o.Parts[1] = o.Parts[1], o.Parts[0] // the sign-ins first
			s.Break(func(n int, r *http.Request) graphtest.Fault {
				if r.URL.Path == graphtest.SignIns {
					return c.fault(n, r)
				}
				return graphtest.Fault{}
			})
			res, err := Run(t.Context(), o)
			p := res.Parts[0]
			if p.Status != c.status {
				t.Errorf("status %q, want %q: %+v", p.Status, c.status, p)
			}
			for _, want := range c.want {
				if !strings.Contains(p.Why+" "+p.Hint, want) {
					t.Errorf("%q lacks %q", p.Why+" "+p.Hint, want)
				}
			}
			if strings.Contains(p.Why, "secret-token") {
				t.Errorf("the token is in %q", p.Why)
			}
			switch {
			case c.ends == nil:
				if !errors.Is(err, ErrIncomplete) || len(res.Parts) != 2 || res.Parts[1].Status != Fetched {
					t.Errorf("err %v, parts %+v: want the rest to be fetched", err, res.Parts)
				}
			case errors.Is(c.ends, errAny):
				if err == nil || errors.Is(err, ErrIncomplete) {
					t.Errorf("err %v: want the run to end", err)
				}
			case !errors.Is(err, c.ends):
				t.Errorf("err %v, want %v", err, c.ends)
			}
			// The next run, without the fault, finishes what this one left.
			s.Break(nil)
			mustRun(t, o)
			wantOnce(t, tree(t, o.Out, false), 12)
		})
	}
}

var errAny = errors.New("any")

// A skip token that Graph forgot restarts the slice, without double rows.
func TestExpiredSkipToken(t *testing.T) {
	s := graphtest.Sample(now, 12)
	s.Pages(2)
	o := testOptions(t, s, "signins-interactive")
	o.Slice = 24 * time.Hour
	o.Since = now.Add(-48 * time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	s.Break(func(n int, _ *http.Request) graphtest.Fault {
		if n == 5 {
			cancel()
		}
		return graphtest.Fault{}
	})
	if _, err := Run(ctx, o); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	s.Break(nil)
	s.Forget()
	mustRun(t, o)
	wantOnce(t, tree(t, o.Out, false), 12)
}

// One group with hidden membership does not cost the others.
func TestOneGroupRefused(t *testing.T) {
	s := graphtest.Sample(now, 0)
	s.Refused["/v1.0/groups/"+graphtest.Excluded+"/transitiveMembers"] = graphtest.Fault{Status: 403, Code: "Authorization_RequestDenied", Message: "Insufficient privileges"}
	o := testOptions(t, s, "policies", "groups")
	res, err := Run(t.Context(), o)
	p := res.Parts[1]
	if !errors.Is(err, ErrIncomplete) || p.Status != Partial || p.Rows != 2+5 || len(p.Missing) == 0 {
		t.Errorf("err %v, %+v", err, p)
	}
}

// Requests keep Graph's pace where Graph is not on loopback.
func TestPace(t *testing.T) {
	clock := &fakeClock{at: now}
	c := &client{clock: clock, paced: true}
	for range 5 {
		if err := c.keepPace(t.Context(), limitReports); err != nil {
			t.Fatal(err)
		}
		if err := c.keepPace(t.Context(), limitDirectory); err != nil {
			t.Fatal(err)
		}
	}
	if clock.total() != 8*time.Second {
		t.Errorf("five requests in %s, want 8s", clock.total())
	}
}

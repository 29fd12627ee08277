package main

import (
	"net/http"
	"os"
	"testing"
	"time"

	"frisk/internal/fetch/graphtest"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestFetchScripts runs testdata/fetch/*.txtar against a local Graph each:
// GRAPH answers, REFUSING refuses risk, LAME throttles and breaks now and then.
func TestFetchScripts(t *testing.T) {
	at := time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/fetch",
		UpdateScripts:       os.Getenv("FRISK_UPDATE") != "",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			for _, name := range []string{"GRAPH", "REFUSING", "LAME"} {
				s := graphtest.Sample(at, 8)
				switch name {
				case "REFUSING":
					s.Refused["/v1.0/identityProtection/riskyUsers"] = graphtest.Fault{Status: 403, Code: "Forbidden", Message: "Your tenant is not licensed for this feature."}
					s.Refused["/v1.0/devices"] = graphtest.Fault{Status: 403, Code: "Authorization_RequestDenied", Message: "Insufficient privileges to complete the operation."}
				case "LAME":
					s.Break(func(n int, _ *http.Request) graphtest.Fault {
						return [...]graphtest.Fault{{}, {}, {Status: 429, RetryAfter: "0"}, {Reset: true}}[n%4*min(1, max(0, 9-n))]
					})
				}
				s.Pages(3) // last: its lock makes the fields above the server's
				env.Defer(s.Close)
				env.Setenv(name, s.URL)
			}
			env.Setenv("FRISK_GRAPH_TOKEN", "secret-token")
			return nil
		},
	})
}

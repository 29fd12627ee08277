package ingest

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// TestSamplesIDP reads the sample logs of the identity providers that are not
// Microsoft's: each is told without help, nothing of it goes to quarantine, and
// it says what its story says.
func TestSamplesIDP(t *testing.T) {
	type counts struct {
		Format                               string
		Success, Failure, Challenge, Unknown int
		Others                               int64
		MFADone, MFAByClaim, MFANotDone      int
	}
	for file, want := range map[string]counts{
		"auth0/stuffing.jsonl":   {Format: "auth0", Success: 3, Failure: 13, Challenge: 1, Others: 3, MFADone: 1, MFANotDone: 2},
		"duo/push-fatigue.json":  {Format: "duo", Success: 4, Failure: 8, Others: 1, MFADone: 2, MFAByClaim: 1, MFANotDone: 9},
		"onelogin/lockout.json":  {Format: "onelogin", Success: 3, Failure: 7, Others: 2, MFADone: 2, MFANotDone: 1},
		"ping/check-failed.json": {Format: "pingone", Success: 3, Failure: 6, Others: 2, MFADone: 1, MFANotDone: 1},
		"ping/audit.log":         {Format: "pingfederate", Success: 5, Failure: 1, Challenge: 1, Others: 5},
		"keycloak/guessing.log":  {Format: "keycloak", Success: 2, Failure: 10, Others: 2, MFADone: 1, MFANotDone: 1},
		"jumpcloud/one-day.json": {Format: "jumpcloud", Success: 5, Failure: 3, Others: 2, MFADone: 1, MFAByClaim: 1, MFANotDone: 4},
		"teleport/cluster.jsonl": {Format: "teleport", Success: 2, Failure: 7, Others: 3, MFADone: 1},
	} {
		data, err := os.ReadFile(filepath.Join("..", "..", "sample-logs", file))
		if err != nil {
			t.Fatal(err)
		}
		var got counts
		var a Account
		for b, err := range Read(context.Background(), []Source{ReaderSource(filepath.Base(file), bytes.NewReader(data))}, Options{Workers: 1}) {
			if err != nil {
				t.Fatal(err)
			}
			a.Add(b)
			for _, bad := range b.Bad {
				t.Error(bad)
			}
			for i := range b.Events {
				switch b.Events[i].Outcome {
				case signin.Success:
					got.Success++
				case signin.Failure:
					got.Failure++
				case signin.Challenge:
					got.Challenge++
				default:
					got.Unknown++
				}
				switch b.Events[i].MFA.State {
				case signin.MFADone:
					got.MFADone++
				case signin.MFAByClaim:
					got.MFAByClaim++
				case signin.MFANotDone:
					got.MFANotDone++
				}
			}
		}
		got.Format = a.Format
		for _, o := range a.NotSignIn {
			got.Others += o.Count
		}
		if diff := cmp.Diff(want, got); diff != "" || a.Err != nil {
			t.Errorf("%s: %v (-want +got):\n%s\n%+v", file, a.Err, diff, a.NotSignIn)
		}
	}
}

package ingest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNearFormats(t *testing.T) {
	names := []string{"auth0", "duo", "entra-graph", "entra-portal-csv", "okta-csv", "okta-sentinel", "okta-system-log"}
	tests := []struct {
		word string
		want []string
	}{
		{"okta", []string{"okta-csv", "okta-sentinel", "okta-system-log"}},
		{"Okta-System-Logs", []string{"okta-system-log"}},
		{"okta-systemlog", []string{"okta-system-log", "okta-sentinel", "okta-csv"}},
		{"graph", []string{"entra-graph"}},
		{"entra-grpah", []string{"entra-graph", "entra-portal-csv"}},
		{"nope", nil},
		{"", nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, append([]string(nil), nearFormats(tt.word, names)...)); diff != "" {
			t.Errorf("%q: (-want +got)\n%s", tt.word, diff)
		}
	}
}

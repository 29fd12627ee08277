package analysis

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"frisk/internal/directory"
	"frisk/internal/exceptions"
	"frisk/internal/synth"
)

// A long history, requests of two systems, and a mapping file, from files to
// findings: every request is accounted for, exclusions that nobody needs are
// told, and emergency access is left alone.
func TestRequestsFromFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("makes and assesses a tenant of 65 days")
	}
	dir := t.TempDir()
	if _, err := synth.WriteTenant(dir, synth.Config{Seed: 3, People: 45, Days: 65}); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("desk.csv", "Ticket;When;Who;Why\nD1;2026-05-10 08:00;somebody@example.org;printer cannot send\nD2;never;x@example.org;y\n")
	write("desk.yaml", "format: requests\nname: desk\nmatch: {has: [Ticket, When]}\nfields: {id: Ticket, created: When, beneficiary: Who, justification: Why}\ntexts: [{contains: printer, policy: CA001}]\n")
	cfg, err := LoadConfig(filepath.Join(dir, "frisk.yaml"), false)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Data = filepath.Join(dir, "data")
	cfg.Requests = append(cfg.Requests, "desk.csv", "desk.yaml")
	if _, err := Ingest(t.Context(), cfg, Options{}, nil, IngestOptions{}); err != nil {
		t.Fatal(err)
	}
	r, err := Assess(t.Context(), cfg, Options{})
	if err != nil {
		t.Fatal(err)
	}
	a := r.requestAccount()
	left := 0
	for _, l := range a.Left {
		left += l.N
	}
	if a.Read == 0 || a.Used+left != a.Read || a.UnknownPeople != 1 {
		t.Errorf("%+v", a)
	}
	var desk *requestFile
	for i := range a.Files {
		if strings.HasSuffix(a.Files[i].Name, "desk.csv") {
			desk = &a.Files[i]
		}
	}
	if desk == nil || desk.Rows != 2 || desk.Used != 1 || len(desk.Left) != 1 {
		t.Errorf("%+v", desk)
	}
	if got := r.requests.Requests("somebody@example.org"); len(got) != 1 || !got[0].Known {
		t.Errorf("the text was not put to a policy: %+v", got)
	}
	dead := 0
	for _, f := range r.exceptions {
		if f.Detector != exceptions.Dead {
			continue
		}
		dead++
		if strings.Contains(strings.ToLower(f.Group), "break") && f.Suppressed == "" {
			t.Errorf("emergency access is told: %s", f.Summary)
		}
	}
	if dead == 0 || len(r.excluded) == 0 {
		t.Errorf("%d dead exclusions of %d excluded people", dead, len(r.excluded))
	}
}

func TestMeaning(t *testing.T) {
	dir := directory.New()
	dir.AddGroup(directory.Group{ID: "g1", DisplayName: "GRP Exclude"})
	dir.AddGroup(directory.Group{ID: "g2", DisplayName: "Shared"})
	dir.Seal()
	m := newMeaning([]exceptions.Policy{
		{Key: "p1", Name: "CA203 Frequency", Groups: []string{"g1", "g2"}},
		{Key: "p2", Name: "CA201: Device", Groups: []string{"g2"}},
	}, nil, dir)
	for _, tt := range []struct {
		q    directory.Request
		want string
	}{
		{directory.Request{Group: "G1"}, "p1"},
		{directory.Request{Group: "grp  exclude", Policy: "CA201"}, "p1"}, // the group says it
		{directory.Request{Group: "g2", Policy: "CA201"}, "p2"},
		{directory.Request{Group: "Shared"}, "p1"},
		{directory.Request{Policy: "p2"}, "p2"},
		{directory.Request{Policy: "ca203 frequency"}, "p1"},
		{directory.Request{Policy: "CA201 - device for all"}, "p2"},
		{directory.Request{Policy: "the VPN thing", Mapped: "CA201"}, "p2"},
		{directory.Request{Policy: "the VPN thing"}, ""},
	} {
		if got := m.of(&tt.q); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.q, got, tt.want)
		}
	}
}

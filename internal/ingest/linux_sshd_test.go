package ingest

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"
)

// TestSSHDNames: whatever a name holds, address, port and name come out as sshd
// wrote them. The lines are made as OpenSSH makes them (auth.c), the names of
// pieces that such lines consist of.
func TestSSHDNames(t *testing.T) {
	pieces := []string{
		"root", " ", "  ", "from", " from ", " from 192.0.2.1", " port 22", " port 22 ssh2", " ssh2", ": RSA SHA256:abc", "invalid user ",
		"user ", " for ", "[preauth]", " not allowed because ", "x", "'", "é", " from 192.0.2.1 port 22 ssh2", " from UNKNOWN", ":", ": Too many authentication failures",
	}
	lines := []struct {
		format string
		code   string
	}{
		{"Failed password for invalid user %s from 203.0.113.9 port 4711 ssh2", "failed_password"},
		{"Failed keyboard-interactive/pam for invalid user %s from 203.0.113.9 port 4711 ssh2", "failed_keyboard-interactive/pam"},
		{"Failed publickey for invalid user %s from 203.0.113.9 port 4711 ssh2: ED25519 SHA256:q7y", "failed_publickey"},
		{"Failed publickey for invalid user %s from 203.0.113.9 port 4711 ssh2: RSA-CERT SHA256:q7y ID a b (serial 3) CA RSA SHA256:zz", "failed_publickey"},
		{"Invalid user %s from 203.0.113.9 port 4711", "invalid_user"},
		{"error: maximum authentication attempts exceeded for invalid user %s from 203.0.113.9 port 4711 ssh2 [preauth]", "max_attempts"},
		{"Disconnecting invalid user %s 203.0.113.9 port 4711: Too many authentication failures [preauth]", "closed_before_authentication"},
		{"Connection closed by invalid user %s 203.0.113.9 port 4711 [preauth]", "closed_before_authentication"},
	}
	rnd := rand.New(rand.NewSource(1)) //nolint:gosec // a test's own
	for range 20_000 {
		var b strings.Builder
		for range rnd.Intn(6) {
			b.WriteString(pieces[rnd.Intn(len(pieces))])
		}
		name := b.String()
		l := lines[rnd.Intn(len(lines))]
		f := sshdFact(fmt.Sprintf(l.format, name))
		if f.code != l.code || f.user != name || f.addr != "203.0.113.9" || f.port != "4711" || !f.unknown {
			t.Fatalf("%q: %+v", fmt.Sprintf(l.format, name), f)
		}
	}
}

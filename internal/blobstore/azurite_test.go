package blobstore

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gocloud.dev/blob"
)

// azurite starts the storage emulator on loopback and gives the environment of
// its account. FRISK_AZURITE names its program azurite-blob (npm package
// azurite); without it the one on the PATH is taken.
func azurite(t *testing.T) {
	t.Helper()
	prog := os.Getenv("FRISK_AZURITE")
	if prog == "" {
		var err error
		if prog, err = exec.LookPath("azurite-blob"); err != nil {
			t.Skip("no azurite-blob on the PATH and FRISK_AZURITE is not set: npm install azurite@3.37.0")
		}
	}
	port := freePort(t)
	cmd := exec.CommandContext(t.Context(), prog, "--blobHost", "127.0.0.1", "--blobPort", port, //nolint:gosec // the test's own
		"--location", t.TempDir(), "--disableTelemetry", "--skipApiVersionCheck")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "successfully listens on") || strings.Contains(lines.Text(), "successfully listening") {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			// The account and key every Azurite has, published by Microsoft.
			t.Setenv("AZURE_STORAGE_ACCOUNT", "devstoreaccount1")
			t.Setenv("AZURE_STORAGE_KEY", "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==")
			t.Setenv("AZURE_STORAGE_DOMAIN", "127.0.0.1:"+port)
			t.Setenv("AZURE_STORAGE_PROTOCOL", "http")
			t.Setenv("AZURE_STORAGE_IS_LOCAL_EMULATOR", "true")
			return
		}
	}
	t.Fatalf("azurite ended before it listened: %s", stderr.String())
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

// TestAzurite reads, lists and writes through the real driver and the real
// protocol.
func TestAzurite(t *testing.T) {
	azurite(t)
	ctx := t.Context()
	b, err := blob.OpenBucket(ctx, "azblob://logs")
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	createContainer(t, b)
	s := New(Options{})
	defer s.Close()
	day := "insights-logs-signinlogs/tenantId=t/y=2026/m=05/d=04/h=08/m=00/PT1H.json"
	big := bytes.Repeat([]byte("0123456789abcdef\n"), 700_000) // 12 MB: several blocks
	for key, text := range map[string][]byte{day: big, "insights-logs-signinlogs/.tmp/x": []byte("x"), "other/README.md": []byte("x")} {
		if err := s.Write(ctx, "az://logs/"+key, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
			t.Fatal(err)
		}
	}
	for _, url := range []string{"az://logs/insights-logs-signinlogs/", "az://logs/insights-logs-signinlogs", "az://logs/" + day, "az://logs"} {
		got, err := s.Expand(ctx, url)
		if err != nil {
			t.Fatalf("%s: %v", url, err)
		}
		if diff := cmp.Diff([]string{"az://logs/" + day}, names(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", url, diff)
		}
		if got[0].Size != int64(len(big)) || got[0].ModTime.IsZero() {
			t.Errorf("%s: size %d, time %v", url, got[0].Size, got[0].ModTime)
		}
	}
	objects, err := s.Expand(ctx, "az://logs/"+day)
	if err != nil {
		t.Fatal(err)
	}
	for _, offset := range []int64{0, 5, int64(len(big)) - 3} {
		r, err := objects[0].OpenAt(ctx, offset)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got, big[offset:]) {
			t.Errorf("from %d: %d bytes, %v", offset, len(got), err)
		}
		_ = r.Close()
	}
	if _, err := s.Expand(ctx, "az://nocontainer/x"); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("a container that is not there: %v", err)
	} else {
		t.Log(err)
	}
}

package analysis

import (
	"os"
	"runtime"
	"runtime/pprof"
	"testing"
)

// profileChild writes a CPU and a heap profile of a child where
// FRISK_BENCH_PROFILE names their common prefix; -cpuprofile would be the
// parent's, which does nothing.
func profileChild(t *testing.T) (stop func()) {
	t.Helper()
	prefix := os.Getenv("FRISK_BENCH_PROFILE")
	if prefix == "" {
		return func() {}
	}
	f, err := os.Create(prefix + ".cpu")
	if err != nil {
		t.Fatal(err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		t.Fatal(err)
	}
	return func() {
		pprof.StopCPUProfile()
		h, err := os.Create(prefix + ".heap")
		if err != nil {
			t.Fatal(err)
		}
		runtime.GC()
		defer runtime.KeepAlive(kept)
		if err := closeAll(pprof.WriteHeapProfile(h), f, h); err != nil {
			t.Fatal(err)
		}
	}
}

// kept holds a job's result until the heap profile is written.
var kept any

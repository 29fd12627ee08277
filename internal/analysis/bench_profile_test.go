package analysis

import (
	"os"
	"runtime"
	"runtime/pprof"
	"sync"
	"testing"
	"time"
)

// profileChild writes profiles of a child where FRISK_BENCH_PROFILE names their
// common prefix: .cpu, and .heap as it was when the live heap was largest.
// -cpuprofile would be the parent's, which does nothing.
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
	var wg sync.WaitGroup
	quit := make(chan struct{})
	wg.Go(func() { watchHeap(t, prefix+".heap", quit) })
	return func() {
		pprof.StopCPUProfile()
		close(quit)
		wg.Wait()
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// watchHeap rewrites a heap profile whenever the live heap has grown. The goal
// of the next collection follows what the last one found alive.
func watchHeap(t *testing.T, file string, quit <-chan struct{}) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	var most uint64
	for {
		select {
		case <-quit:
			return
		case <-tick.C:
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		if m.NextGC < most+most/20 {
			continue
		}
		most = m.NextGC
		f, err := os.Create(file)
		if err != nil {
			t.Error(err)
			return
		}
		if err := closeAll(pprof.WriteHeapProfile(f), f); err != nil {
			t.Error(err)
			return
		}
	}
}

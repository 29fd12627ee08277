package analysis

import (
	"os"
	"runtime/debug"
)

// ingestGC is how much the heap may grow between two collections of an ingest,
// in percent of what is live. Go's 100 would double the memory for nothing: what
// an ingest holds is columns without pointers, which cost a collection next to
// no time, and input buffers are used again instead of left to the collector.
const ingestGC = 20

// tightHeap sets ingestGC for the process until restore is called, unless the
// environment variable GOGC says what it shall be. A memory limit
// (GOMEMLIMIT, --memory) stays in force.
func tightHeap() (restore func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	old := debug.SetGCPercent(ingestGC)
	return func() { debug.SetGCPercent(old) }
}

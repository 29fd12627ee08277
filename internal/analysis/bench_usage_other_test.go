//go:build !unix

package analysis

import "os"

// Without getrusage the benchmarks give wall time only.
func peakMB(*os.ProcessState) float64 { return 0 }

func cpuSeconds() float64 { return 0 }

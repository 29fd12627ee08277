package analysis

import (
	"slices"

	"frisk/internal/ingest"
)

// FileWarning is what the reader of a result should know about some of its files.
type FileWarning struct {
	Files []string // in reading order
	Text  string   // counts are the sum over the files
}

// Warnings are those of the sources, equal ones of several files as one, in the
// order of their first file.
func (r *IngestResult) Warnings() []FileWarning {
	var sums []ingest.Warning
	var files [][]string
	for i := range r.Sources {
		for _, w := range r.Sources[i].warnings {
			j := slices.IndexFunc(sums, func(o ingest.Warning) bool { return o.Same(w) })
			if j < 0 {
				sums, files = append(sums, w), append(files, []string{r.Sources[i].File})
				continue
			}
			sums[j].Count += w.Count
			files[j] = append(files[j], r.Sources[i].File)
		}
	}
	var out []FileWarning
	for i, w := range sums {
		out = append(out, FileWarning{files[i], w.String()})
	}
	return out
}

// Refused counts the sources that could not be read, or not to their end.
func (r *IngestResult) Refused() int {
	n := 0
	for i := range r.Sources {
		if r.Sources[i].Problem != "" {
			n++
		}
	}
	return n
}

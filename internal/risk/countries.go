package risk

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed countries.csv
var countriesCSV string

// countryArea is a country's central point and size.
type countryArea struct {
	lat, lon, km2 float64
	reach         float64 // km from the point to the farthest inhabited part; 0 = within the circle of its area
}

// countryAreas is the table by ISO code. It is never written after start.
var countryAreas = parseCountries(countriesCSV)

// parseCountries reads countries.csv; a bad line is a bug in this program.
func parseCountries(text string) map[string]countryArea {
	out := map[string]countryArea{}
	for n, line := range strings.Split(text, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, ",")
		var v [4]float64
		for i, s := range f[1:] {
			x, err := strconv.ParseFloat(s, 64)
			if err != nil || i >= len(v) {
				panic(fmt.Sprintf("risk: countries.csv line %d: %q", n+1, line))
			}
			v[i] = x
		}
		if _, twice := out[f[0]]; twice || len(f) < 4 || len(f[0]) != 2 || v[2] <= 0 {
			panic(fmt.Sprintf("risk: countries.csv line %d: %q", n+1, line))
		}
		out[f[0]] = countryArea{lat: v[0], lon: v[1], km2: v[2], reach: v[3]}
	}
	return out
}
